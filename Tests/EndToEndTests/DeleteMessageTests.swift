import Foundation
import TestSupport
import Testing

/// `delete --message` deletes single messages for good.
@Suite(.crowd, .inGoodTime) struct DeleteMessageTests {
  private static func talked() async throws -> Home {
    let home = try await Home.remembering()
    for text in ["quince", "damson"] { try await home.succeed("send", "--model", home.model("echo"), "\(text) one") }
    return home
  }

  @Test("A message goes with its reply; a reply alone, and can be asked for again")
  func deleting() async throws {
    let home = try await Self.talked()
    let messages = try await home.messages()
    let deleted = try await home.mosaic("delete", "--message", messages[0].id, "--yes", "-o", "json").run()
    #expect(deleted.status == 0)
    #expect(try deleted.json().elements.map { $0["id"].string } == [messages[0].id])
    #expect(try deleted.json().elements.allSatisfy { $0["deleted"].isTrue })
    #expect(try await home.messages().contents == ["damson one", "damson one"])
    let bytes = try home.databaseBytes()
    #expect(!bytes.contains(text: "quince"))
    try await home.succeed("delete", "--yes", "--message", String(messages[3].id.prefix(8)))
    #expect(try await home.messages().statuses == ["failed"])
    try await home.succeed("send", "--retry", "--model", home.model("echo"))
    #expect(try await home.messages().statuses == ["complete", "complete"])
    #expect(try await home.json("conversations").elements[0]["message_count"].integer == 2)
  }

  @Test("Several are deleted all or none, asked about on a terminal and with --yes elsewhere")
  func asking() async throws {
    let home = try await Self.talked()
    let messages = try await home.messages()
    #expect(try await home.mosaic("delete", "--message", messages[0].id).run().status == 64)
    #expect(try await home.mosaic("delete", "--message", messages[0].id, "ffffffff", "--yes").run().status == 66)
    #expect(try await home.mosaic("delete", "last", "--message", messages[0].id).run().status == 64)
    #expect(try await home.mosaic("delete", "--yes").run().status == 64)
    #expect(try await home.messages().count == 4)
    let delete = try home.mosaic("delete", "--message", messages[0].id).onTerminal().start()
    try await delete.shows("[y/N]")
    delete.type("n\n")
    #expect(try await delete.end().status == 0)
    #expect(try await home.messages().count == 4)
    try await home.succeed("delete", "--message", messages[0].id, messages[3].id, "--yes")
    #expect(try await home.messages().contents == ["damson one"])
  }
}
