import Foundation
import TestSupport
import Testing

/// Deleting really deletes, and never by accident.
@Suite(.crowd, .inGoodTime) struct DeleteTests {
  @Test(
    "On a terminal it asks, and deletes only if the answer is yes",
    arguments: [
      ("y\n", true), ("yes\n", true), ("YES\n", true), ("n\n", false), ("\n", false), ("maybe\n", false), (nil, false),
    ] as [(String?, Bool)])
  func asking(answer: String?, isDeleted: Bool) async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "Hello.")
    let delete = try home.mosaic("delete", "last").onTerminal().start()
    try await delete.shows("Rose").shows("2 messages").shows("[y/N]")
    if let answer { delete.type(answer) } else { delete.endInput() }
    let ended = try await delete.end()
    #expect(ended.status == 0)
    let remark = try #require(ended.screen.split(separator: "\n").last)
    #expect(remark.contains("1 conversation") == isDeleted, "it says what was deleted on a line of its own")
    #expect(try await home.conversationCount() == (isDeleted ? 0 : 1))
  }

  @Test("Off a terminal it needs --yes")
  func needsYes() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    let ended = try await home.mosaic("delete", "last").reading("y\n").run()
    #expect(ended.status == 64)
    #expect(ended.hint.contains("--yes"))
    #expect(try await home.conversationCount() == 1)
    let deleted = try await home.succeed("delete", "last", "--yes")
    #expect(deleted.output == "")
    #expect(deleted.errorLines.count == 1 && deleted.errors.contains("1 conversation"))
    #expect(try await home.conversationCount() == 0)
  }

  @Test("Several conversations are deleted all or none, and leave no byte in any file")
  func several() async throws {
    let home = try await Home.remembering()
    var ids: [String] = []
    for word in ["marmalade", "quince", "damson"] {
      ids.append(
        try await home.json(
          "send", "--new", "--model", home.model("echo"), "\(word) \(String(repeating: word, count: 900))")[
            "conversation_id"
          ].string ?? "")
    }
    let partly = try await home.mosaic("delete", ids[0], "ffffffff", "--yes").run()
    #expect(partly.status == 66)
    #expect(try await home.conversationCount() == 3)
    let records = try await home.mosaic("delete", ids[0], String(ids[1].prefix(8)), ids[0], "--yes", "-o", "json").run()
    #expect(records.status == 0)
    #expect(try records.json().elements.map { $0["id"].string } == [ids[0], ids[1]])
    var bytes = try home.databaseBytes()
    #expect(!bytes.contains(text: "marmalade") && !bytes.contains(text: "quince") && bytes.contains(text: "damson"))
    try await home.succeed("delete", "last", "--yes")
    bytes = try home.databaseBytes()
    #expect(!bytes.contains(text: "damson"))
    #expect(try await home.mosaic("delete", "last", "--yes").run().status == 66)
    #expect(try await home.mosaic("delete", "--yes").run().status == 64, "which one?")
    #expect(try await home.json("legacies").elements.count == 1)
  }

  @Test("A conversation that another process is reading is deleted too")
  func whileReading() async throws {
    let home = try await Home.remembering()
    let id = try await home.json("send", "--new", "Marmalade.")["conversation_id"].string ?? ""
    let other = try home.mosaic("send", "--new", "--model", home.model("hang-1"), "Other.").start()
    try await other.shows("Part 1.")
    try await home.succeed("delete", id, "--yes")
    #expect(try !home.databaseBytes().contains(text: "Marmalade"))
    other.signal(SIGTERM)
    _ = try await other.end()
    #expect(try await home.conversationCount() == 1)
  }

  @Test(
    "Nothing deleted stays in any file, neither in free pages nor in a log still in use"
  )
  func everyFile() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Marmalade")
    let word = { (number: Int) in "quince\(number) " }
    for number in 0..<6 {
      // Titles, names, long texts on pages of their own, and replies that grew piece by piece.
      let arguments = [
        "send", "--new", "--legacy", "Marmalade", "--title", "About \(word(number))", "--model", home.model("echo"),
      ]
      #expect(try await home.mosaic(arguments + [String(repeating: word(number), count: 1000)]).run().status == 0)
    }
    // Keeps the log from being taken away, as the last one to leave would.
    let other = try home.mosaic("send", "--new", "--legacy", "Rose", "--model", home.model("hang-1"), "Other.").start()
    try await other.shows("Part 1.")
    try await home.succeed("delete", "last", "--yes")
    #expect(FileManager.default.fileExists(atPath: "\(home.database)-wal"))
    let ids = try await home.json("conversations", "--legacy", "Marmalade").elements.compactMap { $0["id"].string }
    try await home.succeed("delete", ids[0], ids[1], "--yes")
    for number in [4, 5] { #expect(try !home.databaseBytes().contains(text: word(number)), "conversation \(number)") }
    #expect(try home.databaseBytes().contains(text: word(0)))
    try await home.succeed("legacies", "remove", "Marmalade", "--yes")
    for text in ["quince", "Marmalade"] { #expect(try !home.databaseBytes().contains(text: text), "\(text)") }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: home.dataFolder).count == 4,
      "the database, its log, index and locks")
    other.signal(SIGTERM)
    _ = try await other.end()
    try await home.succeed("backup", "copy")
    #expect(
      try !Data(contentsOf: URL(fileURLWithPath: "\(home.path)/copy")).contains(text: "quince"),
      "free pages are copied too")
  }
}
