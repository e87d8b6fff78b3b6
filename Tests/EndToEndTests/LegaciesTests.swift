import Foundation
import TestSupport
import Testing

/// Whose lives are remembered, and who may talk about them.
@Suite(.crowd, .inGoodTime) struct LegaciesTests {
  @Test("Adding prints the ID, adding again gives the same one, and --new a second")
  func adding() async throws {
    let home = try Home()
    let id = try await home.succeed("legacies", "add", "Rosé Miller").value
    #expect(id.wholeMatch(of: LegaciesTests.uuid) != nil)
    #expect(try await home.succeed("legacies", "add", "rosÉ miller").value == id)
    #expect(try await home.succeed("legacies", "add", "  Rosé Miller ").value == id)
    #expect(
      try await home.succeed("legacies", "add", "Rose\u{301} Miller").value == id, "the same text in other scalars")
    let again = try await home.json("legacies", "add", "Rosé Miller")
    #expect(again.names == LegaciesTests.members + ["created"])
    #expect(again["created"] == .bool(false) && again["id"].string == id && again["name"].string == "Rosé Miller")
    let second = try await home.json("legacies", "add", "Rosé Miller", "--new")
    #expect(second["created"].isTrue && second["id"].string != id)
    #expect(try await home.json("legacies").elements.count == 2)
    let ambiguous = try await home.mosaic("send", "--legacy", "Rosé Miller", "Hello.").run()
    #expect(ambiguous.status == 66)
    #expect(ambiguous.hint.contains(id.prefix(8)))
  }

  @Test(
    "A name has 1 to 200 characters on one line, without control characters",
    arguments: [
      "", "  ", "a\nb", "a\u{2028}b", "a\u{7}b", "a\u{1b}[31mb", "a\u{202e}b", String(repeating: "x", count: 201),
    ])
  func badNames(name: String) async throws {
    let home = try Home()
    let ended = try await home.mosaic("legacies", "add", "--", name).run()
    #expect(ended.status == 65)
    #expect(ended.output == "")
    #expect(!ended.errors.contains("\u{1b}") && !ended.errors.contains("\u{202e}"))
    #expect(try await home.json("legacies") == .array([]))
  }

  @Test("A name in any script, with quotes and braces, goes into the prompt literally")
  func oddNames() async throws {
    let home = try Home()
    for name in [
      String(repeating: "é", count: 200), "O'Neill \"Bob\" {legacy_name} $HOME `id` \\n", "محمد بن سلمان", "山田 花子",
      "👩🏽‍🌾 Ana",
    ] {
      let id = try await home.succeed("legacies", "add", name).value
      let shown = try await home.json("personas", "show", "biographer", "--legacy", id)
      #expect(shown["system_prompt"].string?.contains(name) == true)
      #expect(try await home.json("legacies").elements.contains { $0["name"].string == name })
    }
  }

  @Test("The list has the documented members in order, and is empty if there is nothing")
  func list() async throws {
    let home = try Home()
    for arguments in [["legacies"], ["legacies", "list"]] {
      #expect(try await home.mosaic(arguments).run().output == "")
      #expect(try await home.mosaic(arguments + ["-o", "json"]).run().value == "[]")
      #expect(try await home.mosaic(arguments + ["-o", "ndjson"]).run().output == "")
    }
    #expect(!home.hasDatabase, "looking creates nothing")
    for name in ["rose", "Ben", "Älva"] { try await home.succeed("legacies", "add", name) }
    try await home.succeed("send", "Hello.", "--legacy", "Ben")
    let legacies = try await home.json("legacies").elements
    #expect(legacies.allSatisfy { $0.names == LegaciesTests.members })
    #expect(Set(legacies.map { $0["name"].string }) == ["Ben", "rose", "Älva"])
    #expect(legacies.first { $0["name"].string == "Ben" }?["conversation_count"].integer == 1)
    #expect(legacies.allSatisfy { $0["role"].string == "owner" })
    #expect(legacies.allSatisfy { $0["created_at"].string?.wholeMatch(of: LegaciesTests.time) != nil })
    let lines = try await home.mosaic("legacies", "-o", "ndjson").run().jsonLines()
    #expect(lines == legacies)
    let rows = try await home.mosaic("legacies").run().lines.map { $0.components(separatedBy: "\t") }
    #expect(rows.allSatisfy { $0.count == 5 })
    #expect(rows.map { $0[0] } == legacies.compactMap { $0["id"].string })
    #expect(rows.map { $0[1] } == legacies.compactMap { $0["name"].string })
  }

  @Test("rename and remove take a name, an ID or the start of one")
  func renameAndRemove() async throws {
    let home = try await Home.remembering("Rose")
    let id = try await home.json("legacies")[0]["id"].string ?? ""
    #expect(try await home.succeed("legacies", "rename", "ROSE", "Rose Miller").value == id)
    let renamed = try await home.json("legacies", "rename", String(id.prefix(4)), "Rosa")
    #expect(renamed.names == LegaciesTests.members && renamed["name"].string == "Rosa")
    #expect(try await home.mosaic("legacies", "rename", String(id.prefix(3)), "No").run().status == 66)
    #expect(try await home.mosaic("legacies", "rename", "Rosa", "a\nb").run().status == 65)
    #expect(try await home.mosaic("legacies", "remove", "Rosa").run().status == 64, "nobody is there to confirm it")
    try await home.succeed("legacies", "remove", "Rosa", "--yes")
    #expect(try await home.json("legacies") == .array([]))
    #expect(try await home.mosaic("legacies", "remove", "Rosa", "--yes").run().status == 66)
  }

  @Test("Removing asks first, says what goes, and takes everybody's conversations out of the files")
  func removing() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "share", "Rose", "bob")
    try await home.succeed("send", "My marmalade.", "--model", home.model("echo"))
    try await home.succeed("send", "Bob's quince.", "--model", home.model("echo"), "--user", "bob")
    let no = try home.mosaic("legacies", "remove", "Rose").onTerminal().start()
    try await no.shows("2 conversations and 4 messages").shows("Type the name")
    no.type("\n")
    #expect(try await no.end().status == 0)
    #expect(try await home.conversationCount() == 1)
    let yes = try home.mosaic("legacies", "remove", "Rose").onTerminal().start()
    try await yes.shows("Type the name")
    yes.type("Rose\n")
    #expect(try await yes.end().status == 0)
    let bytes = try home.databaseBytes()
    for word in ["marmalade", "quince"] { #expect(!bytes.contains(text: word)) }
    #expect(try await home.json("conversations", "--user", "bob") == .array([]))
  }

  // MARK: Members

  @Test("An owner shares, a member chats, a pending user may not, and a new owner may do everything")
  func sharing() async throws {
    let home = try await Home.remembering("Rose")
    let id = try await home.json("legacies")[0]["id"].string ?? ""
    let bob = try await home.json("legacies", "share", "Rose", "bob")
    #expect(bob.names == ["user_id", "handle", "role", "created_at"])
    #expect(bob["handle"].string == "bob" && bob["role"].string == "member")
    #expect(try await home.json("legacies", "share", "Rose", "carol", "--role", "pending")["role"].string == "pending")
    #expect(try await home.json("legacies", "share", "Rose", "dora", "--role", "owner")["role"].string == "owner")
    let members = try await home.json("legacies", "members", "Rose").elements
    #expect(members.count == 4 && members.allSatisfy { $0.names == ["user_id", "handle", "role", "created_at"] })
    #expect(members.last?["handle"].string == "carol", "owners, members, pending")
    #expect(try await home.json("legacies", "--user", "bob")[0]["role"].string == "member")

    #expect(try await home.mosaic("send", "Hello.", "--user", "bob").run().status == 0)
    for arguments in [
      ["rename", "Rose", "Ruth"], ["share", "Rose", "eve"], ["remove", "Rose", "--yes"], ["unshare", "Rose", "carol"],
    ] {
      let ended = try await home.mosaic(["legacies"] + arguments + ["--user", "bob"]).run()
      #expect(ended.status == 77)
      #expect(ended.standardError.isErrorAndHint)
    }
    let pending = try await home.mosaic("send", "Hello.", "-o", "ndjson", "--user", "carol").run()
    #expect(pending.status == 77)
    #expect(try pending.jsonLines().last?["code"].string == "forbidden")
    #expect(try pending.jsonLines().count == 1)
    #expect(try await home.json("conversations", "--user", "carol") == .array([]))
    #expect(try await home.mosaic("send", "Hello.", "--legacy", id, "--user", "carol").run().status == 77)
    #expect(try await home.mosaic("legacies", "members", id, "--user", "carol").run().status == 77)
    #expect(try await home.json("legacies", "rename", "Rose", "Ruth", "--user", "dora")["name"].string == "Ruth")
    #expect(try await home.mosaic("legacies", "share", "Ruth", "eve", "--role", "boss").run().status == 64)
  }

  @Test("A legacy always keeps an owner")
  func lastOwner() async throws {
    let home = try await Home.remembering("Rose", .accessKey)
    let me = try await home.json("legacies", "members", "Rose")[0]["handle"].string ?? ""
    #expect(try await home.mosaic("legacies", "unshare", "Rose", me).run().status == 64)
    #expect(try await home.mosaic("legacies", "share", "Rose", me, "--role", "member").run().status == 64)
    #expect(try await home.json("legacies")[0]["role"].string == "owner")
  }

  @Test("A user who lost access reads and deletes their own conversations, but cannot continue them")
  func unsharing() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "share", "Rose", "bob")
    let conversation = try await home.json("send", "My words.", "--user", "bob")["conversation_id"].string ?? ""
    try await home.succeed("legacies", "unshare", "Rose", "bob")
    #expect(try await home.mosaic("legacies", "unshare", "Rose", "bob").run().status == 66)
    #expect(try await home.json("legacies", "--user", "bob") == .array([]))
    #expect(try await home.messages(conversation, "--user", "bob")[0].content == "My words.")
    #expect(try await home.json("conversations", "--user", "bob").elements.count == 1)
    for arguments in [["More.", "--conversation", conversation], ["More.", "--conversation", "last"], ["--retry"]] {
      let ended = try await home.mosaic(["send", "-o", "ndjson", "--user", "bob"] + arguments).run()
      #expect(ended.status == 77, "\(arguments)")
      #expect(try ended.jsonLines().last?["code"].string == "forbidden")
    }
    #expect(try await home.messages(conversation, "--user", "bob").count == 2)
    let id = try await home.json("legacies")[0]["id"].string ?? ""
    for reference in ["rose", id, String(id.prefix(8))] {
      for arguments in [["export"], ["history"], ["conversations"], ["export", "last"]] {
        let ended = try await home.mosaic(arguments + ["--legacy", reference, "--user", "bob"]).run()
        #expect(ended.status == 0 && ended.output.contains("My words."), "\(arguments) \(reference): \(ended.errors)")
      }
      let status: Int32 = reference == id ? 77 : 66
      #expect(try await home.mosaic("send", "More.", "--legacy", reference, "--user", "bob").run().status == status)
      #expect(try await home.mosaic("export", "--legacy", reference, "--user", "eve").run().status == status)
    }
    try await home.succeed("delete", conversation, "--yes", "--user", "bob")
    #expect(try await home.json("conversations", "--user", "bob") == .array([]))
  }

  @Test(
    "A proposed legacy is forbidden by its whole ID, not found otherwise, and never in the way")
  func proposed() async throws {
    let home = try await Home.remembering("Rose")
    let id = try await home.json("legacies")[0]["id"].string ?? ""
    try await home.succeed("legacies", "share", "Rose", "carol", "--role", "pending")
    for (reference, status) in [("Rose", 66), (String(id.prefix(8)), 66), (id, 77)] {
      for arguments in [
        ["personas", "show", "friend", "--legacy", reference], ["conversations", "--legacy", reference],
        ["history", "--legacy", reference], ["export", "--legacy", reference],
        ["send", "Hello.", "--legacy", reference],
        ["legacies", "members", reference], ["legacies", "rename", reference, "Ruth"],
      ] {
        let ended = try await home.mosaic(arguments + ["--user", "carol"]).run()
        #expect(ended.status == Int32(status), "\(arguments): \(ended.errors)")
      }
    }
    try await home.succeed("legacies", "add", "Rose", "--user", "carol")
    try await home.succeed("send", "None chosen.", "--user", "carol")
    try await home.succeed("send", "By its name.", "--legacy", "rose", "--user", "carol")
    #expect(try await home.messages("--user", "carol").count == 4)
    // A proposal is still shown, and can be declined.
    #expect(try await home.json("legacies", "--user", "carol").elements.count == 2)
    try await home.succeed("legacies", "unshare", id, "carol", "--user", "carol")
    #expect(try await home.json("legacies", "--user", "carol").elements.count == 1)
  }

  @Test("Another user's conversation does not exist, and their legacy is forbidden by its whole ID")
  func others() async throws {
    let home = try await Home.remembering("Rose")
    let legacy = try await home.json("legacies")[0]["id"].string ?? ""
    let conversation = try await home.json("send", "Private.")["conversation_id"].string ?? ""
    for reference in [conversation, String(conversation.prefix(8))] {
      for command in [
        ["history", reference], ["delete", reference, "--yes"], ["send", "Hi.", "--conversation", reference],
        ["send", "--retry", "--conversation", reference],
      ] {
        let ended = try await home.mosaic(command + ["--user", "eve"]).run()
        #expect(ended.status == 66, "\(command)")
        #expect(!ended.errors.contains("Private") && !ended.errors.contains("Rose"))
      }
    }
    #expect(try await home.mosaic("history", "--user", "eve").run().status == 66)
    #expect(try await home.json("conversations", "--user", "eve") == .array([]))
    #expect(try await home.json("legacies", "--user", "eve") == .array([]))
    for (reference, status) in [("Rose", Int32(66)), (String(legacy.prefix(8)), 66), (legacy, 77)] {
      for command in [
        ["send", "Hi.", "--legacy", reference], ["legacies", "members", reference],
        ["legacies", "rename", reference, "Mine"],
        ["legacies", "remove", reference, "--yes"], ["personas", "show", "friend", "--legacy", reference],
        ["conversations", "--legacy", reference],
      ] {
        let ended = try await home.mosaic(command + ["--user", "eve"]).run()
        #expect(ended.status == status, "\(command)")
        #expect(!ended.errors.contains("Rose\"") || reference == "Rose")
      }
    }
    #expect(try await home.messages().contents[0] == "Private.")
    #expect(try await home.json("legacies")[0]["name"].string == "Rose")
    // Two people may each remember a Rose of their own.
    try await home.succeed("legacies", "add", "Rose", "--user", "eve")
    #expect(try await home.json("legacies", "--user", "eve")[0]["id"].string != legacy)
  }

  @Test("A typo is answered with the closest names, and creates nothing")
  func typos() async throws {
    let home = try await Home.remembering("Grandma Rose")
    for (command, suggestion) in [
      (["conversations", "--legacy", "Granma Rose"], "Grandma Rose"),
      (["send", "Hi.", "--legacy", "granny rose"], "Grandma Rose"),
      (["legacies", "members", "Grandma Rsoe"], "Grandma Rose"), (["personas", "show", "biografer"], "biographer"),
      (["send", "Hi.", "--persona", "frend"], "friend"),
    ] {
      let ended = try await home.mosaic(command).run()
      #expect(ended.status == 66)
      #expect(ended.hint.contains("\"\(suggestion)\""), "\(command): \(ended.errors)")
    }
    #expect(try await home.json("legacies").elements.count == 1)
    #expect(try await home.conversationCount() == 0)
  }

  @Test("A persona that does not exist is a typo in a conversation that is named, too")
  func personaTypo() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    for command in [["send", "Hi."], ["send", "--retry"]] {
      let ended = try await home.mosaic(command + ["--conversation", "last", "--persona", "frend"]).run()
      #expect(ended.status == 66)
      #expect(ended.hint.contains("\"friend\""), "\(command): \(ended.errors)")
    }
  }

  @Test("Commands in hints mean the same user and database, whatever the command", arguments: ["history", "export"])
  func repeatedOptions(command: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic(command, "none", "--user", "zoe", "--database", home.database).run()
    #expect(ended.status == 66)
    #expect(ended.hint.contains(" --database=\(home.database) --user=zoe`"), "\(ended.hint)")
  }

  @Test("The start of an ID that fits several legacies is ambiguous")
  func ambiguousPrefix() async throws {
    let home = try Home()
    // IDs are random: two are made to start alike, keeping their order in the file.
    var ids: [String] = []
    for number in 0..<2 { ids.append(try await home.succeed("legacies", "add", "Person \(number)").value) }
    ids.sort()
    let twin = "\(ids[0].prefix(8))-ffff-4fff-bfff-ffffffffffff"
    try home.patchDatabase(ids[1], twin)
    let ended = try await home.mosaic("legacies", "members", String(ids[0].prefix(6))).run()
    #expect(ended.status == 66)
    #expect(ended.error.contains(ids[0].prefix(6)) && ended.error.contains("2"))
    let event = try await home.mosaic("send", "Hi.", "-o", "ndjson", "--legacy", String(ids[0].prefix(6))).run()
      .jsonLines().last
    #expect(event?["code"].string == "ambiguous")
    try await home.succeed("legacies", "members", String(twin.prefix(13)))
  }

  static let members = ["id", "name", "role", "conversation_count", "created_at"]
  static var uuid: Regex<Substring> { /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/ }
  static var time: Regex<Substring> { /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/ }
}

extension Home {
  /// Replaces a text in the file of the database, wherever it stands, by one of the same length.
  func patchDatabase(_ old: String, _ new: String) throws {
    guard old.utf8.count == new.utf8.count else { throw Complaint("\(old) and \(new) are not of one length") }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: database))
    while let range = bytes.range(of: Data(old.utf8)) { bytes.replaceSubrange(range, with: Data(new.utf8)) }
    try bytes.write(to: URL(fileURLWithPath: database))
  }
}
