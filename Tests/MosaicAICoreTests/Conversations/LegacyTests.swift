import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct LegacyTests {
  private let household: Household
  private let ada: ConversationService

  init() throws {
    household = try Household()
    ada = try household.service("ada")
  }

  private func add(_ name: String, new: Bool = false) throws -> Legacy {
    try ada.addLegacy(name: name, evenIfKnown: new).legacy
  }

  // MARK: Adding

  @Test(
    "Adding a known name gives the same legacy, whatever its case and Unicode form",
    arguments: [
      ("Grace Hopper", "Grace Hopper"), ("Grace Hopper", "GRACE hopper"), ("Grace Hopper", "  grace hopper "),
      ("Zo\u{e9}", "ZOE\u{301}"),
      ("Zoe\u{301}", "zo\u{e9}"),
      ("ΣΊΣΥΦΟΣ", "Σίσυφος"), ("Weiß", "WEISS"),
    ])
  func idempotent(name: String, again: String) throws {
    let first = try ada.addLegacy(name: name, evenIfKnown: false)
    #expect(first.isNew)
    #expect(first.legacy.role == .owner)
    let second = try ada.addLegacy(name: again, evenIfKnown: false)
    #expect(!second.isNew)
    #expect(second.legacy == first.legacy)
    #expect(try ada.legacies() == [first.legacy])
  }

  @Test("A legacy in which one is only pending leaves the other one the only one")
  func pendingBesideOwn() throws {
    let own = try add("Rose")
    let bob = try household.service("bob")
    _ = try bob.addLegacy(name: "Karl", evenIfKnown: false)
    _ = try bob.share("Karl", with: "ada", role: .pending)
    #expect(try ada.send("Hello.", .reply("Hi.")).exchange.start.legacyID == own.id)
  }

  @Test("Messages about a legacy that one may not talk about any more are not asked again")
  func unansweredWhilePending() throws {
    let bob = try household.service("bob")
    _ = try bob.addLegacy(name: "Karl", evenIfKnown: false)
    _ = try bob.share("Karl", with: "ada", role: .member)
    try ada.send("Hello.", .stream([], then: .lost))
    #expect(try ada.unansweredMessages().count == 1)
    _ = try bob.share("Karl", with: "ada", role: .pending)
    #expect(try ada.unansweredMessages() == [])
  }

  @Test("--new adds another legacy with the same name, which is then ambiguous")
  func second() throws {
    let ids = [try add("Grace").id, try add("grace", new: true).id]
    #expect(Set(ids).count == 2)
    let failure = try failure { try ada.legacy("GRACE") }
    #expect(failure.code == .ambiguous)
    for id in ids { #expect(failure.adviceText.contains(id.short)) }
    #expect(try ada.legacy(ids[1].rawValue).id == ids[1])
  }

  @Test(
    "An invalid name adds nothing",
    arguments: ["", " ", "a\nb", "a\u{202e}b", String(repeating: "x", count: 201)])
  func badName(name: String) throws {
    #expect(try code { try add(name) } == .invalidInput)
    #expect(try ada.legacies().isEmpty)
  }

  @Test("A legacy that is only proposed to somebody is not theirs")
  func pendingIsNotOwn() throws {
    let bobs = try household.service("bob").addLegacy(name: "Grace", evenIfKnown: false).legacy
    _ = try household.service("bob").share(bobs.id.rawValue, with: "ada", role: .pending)
    let own = try ada.addLegacy(name: "Grace", evenIfKnown: false)
    #expect(own.isNew)
    #expect(own.legacy.id != bobs.id)
  }

  @Test("Many processes that add the same name create one legacy")
  func concurrentAdd() async throws {
    let household = household
    let ids = try await withThrowingTaskGroup(of: LegacyID.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try household.service("ada", store: household.anotherStore()).addLegacy(name: "Grace", evenIfKnown: false)
            .legacy.id
        }
      }
      return try await group.reduce(into: Set<LegacyID>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
  }

  // MARK: Names

  /// A service whose ids are given, one after another.
  private func service(_ handle: String = "ada", ids: [String]) throws -> ConversationService {
    try ConversationService(store: household.store, handle: handle, ids: .of(ids))
  }

  @Test("A legacy goes by name, ID, or at least four characters of the ID, and the name comes first")
  func resolution() throws {
    let ids = [
      "00000000-0000-4000-8000-000000000001", "abcd1111-0000-4000-8000-000000000002",
      "abcd2222-0000-4000-8000-000000000003",
      "ffff3333-0000-4000-8000-000000000004",
    ]
    let ada = try service(ids: ids)
    _ = try ada.addLegacy(name: "Grace", evenIfKnown: false)
    _ = try ada.addLegacy(name: "Hedy", evenIfKnown: false)
    _ = try ada.addLegacy(name: "abcd1", evenIfKnown: false)
    let cases: [(String, String?)] = [
      ("grace", "Grace"), ("GRACE", "Grace"), (ids[1], "Grace"), (ids[1].uppercased(), "Grace"), ("abcd1111", "Grace"),
      ("ABCD11", "Grace"),
      ("abcd2", "Hedy"), ("ffff", "abcd1"), ("abcd1", "abcd1"), ("fff", nil), ("", nil),
      ("0000", nil),
      ("abcd1111-0000-4000-8000-0000000000020", nil),
    ]
    for (reference, name) in cases {
      if let name {
        #expect(try ada.legacy(reference).name == name, "\(reference)")
      } else {
        #expect(try code { try ada.legacy(reference) } == .notFound, "\(reference)")
      }
    }
    let ambiguous = try failure { try ada.legacy("abcd") }
    #expect(ambiguous.code == .ambiguous)
    #expect(ambiguous.message.contains("\"abcd\"") && ambiguous.message.contains("2"))
    for fact in ["abcd1111", "Grace", "abcd2222", "Hedy"] { #expect(ambiguous.adviceText.contains(fact)) }
  }

  @Test("A typo is answered with the closest names, and creates nothing")
  func typo() throws {
    _ = try add("Grace Hopper")
    let failure = try failure { try ada.legacy("Grace Hoper") }
    #expect(failure.code == .notFound && failure.message.contains("\"Grace Hoper\""))
    #expect(failure.adviceText.contains("\"Grace Hopper\""))
    #expect(try ada.legacies().count == 1)
  }

  @Test("A conversation goes by ID, at least four characters of it, or last, and only for its user")
  func conversations() throws {
    let ids = [
      "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002",
      "abcd1111-0000-4000-8000-000000000003",
      "00000000-0000-4000-8000-000000000004", "00000000-0000-4000-8000-000000000005",
      "abcd2222-0000-4000-8000-000000000006",
      "00000000-0000-4000-8000-000000000007", "00000000-0000-4000-8000-000000000008",
      "00000000-0000-4000-8000-000000000009",
    ]
    let ada = try service(ids: ids)
    _ = try ada.addLegacy(name: "Grace", evenIfKnown: false)
    try ada.send("1", .reply("x"))
    try ada.send("2", .reply("x"), to: .to(.new))
    #expect(try ada.list().map(\.id.rawValue) == [ids[5], ids[2]])
    func messages(_ reference: String?) throws -> [Message] { try ada.history(of: reference).messages }
    let cases: [(String?, String?)] = [
      (nil, "2"), ("last", "2"), ("abcd1", "1"), ("ABCD1111", "1"), (ids[2], "1"), (ids[5].uppercased(), "2"),
      ("abc", nil), ("abce", nil),
      ("xyz", nil),
      ("abcd1111%", nil), ("LAST", nil), ("", nil), ("____", nil),
    ]
    for (reference, first) in cases {
      if let first {
        #expect(try messages(reference).first?.content == first, "\(reference ?? "nil")")
      } else {
        #expect(try code { try messages(reference) } == .notFound, "\(reference ?? "nil")")
      }
    }
    let ambiguous = try failure { try messages("abcd") }
    #expect(ambiguous.code == .ambiguous)
    #expect(ambiguous.message.contains("\"abcd\"") && ambiguous.message.contains("2"))
    for fact in ["abcd2222", "abcd1111"] { #expect(ambiguous.adviceText.contains(fact)) }
    _ = try ada.share("Grace", with: "bob", role: .owner)
    #expect(try code { try household.service("bob").history(of: ids[2]) } == .notFound)
  }

  // MARK: Sharing

  /// Who somebody is to a legacy.
  enum Place: String, CaseIterable, Sendable { case owner, member, pending, stranger }

  /// Something to do with a legacy, and what comes of it for an owner, a member, somebody pending and a stranger who
  /// has its id.
  struct Operation: Sendable, CustomTestStringConvertible {
    let name: String
    let codes: [FailureCode?]
    let run: @Sendable (ConversationService, String) throws -> Void
    var testDescription: String { name }

    init(
      _ name: String, _ codes: [FailureCode?], _ run: @escaping @Sendable (ConversationService, String) throws -> Void
    ) {
      (self.name, self.codes, self.run) = (name, codes, run)
    }
  }

  static let operations = [
    Operation("show", [nil, nil, .forbidden, .forbidden]) { _ = try $0.legacy($1) },
    Operation("list its conversations", [nil, nil, .forbidden, .forbidden]) {
      _ = try $0.conversations(legacy: $1, personaID: nil, limit: nil, offset: nil)
    },
    Operation("list its members", [nil, nil, .forbidden, .forbidden]) { _ = try $0.members(of: $1) },
    Operation("rename", [nil, .forbidden, .forbidden, .forbidden]) { _ = try $0.renameLegacy($1, to: "New") },
    Operation("share", [nil, .forbidden, .forbidden, .forbidden]) { _ = try $0.share($1, with: "eve", role: .member) },
    Operation("give oneself a role", [nil, .forbidden, .forbidden, .forbidden]) {
      _ = try $0.share($1, with: $0.handle, role: .owner)
    },
    Operation("unshare with another", [nil, .forbidden, .forbidden, .forbidden]) {
      _ = try $0.unshare($1, from: "carol")
    },
    Operation("leave", [nil, nil, nil, .forbidden]) { _ = try $0.unshare($1, from: $0.handle) },
    Operation("ask what would go", [nil, .forbidden, .forbidden, .forbidden]) { _ = try $0.legacyToRemove($1) },
    Operation("remove", [nil, .forbidden, .forbidden, .forbidden]) { try $0.removeLegacy(id: LegacyID(rawValue: $1)) },
    Operation("send", [nil, nil, .forbidden, .forbidden]) { try $0.send("Hi", .reply("x"), to: .to(legacy: $1)) },
    Operation("preview", [nil, nil, .forbidden, .forbidden]) { _ = try $0.context("Hi", .to(legacy: $1)) },
  ]

  @Test("What a user may do depends only on the role", arguments: operations, Place.allCases)
  func roles(operation: Operation, place: Place) throws {
    let legacy = try add("Grace")
    // A second owner, so that leaving is a matter of the role only.
    for (handle, role) in [
      ("carol", Role.owner), ("bob", place == .owner ? .owner : place == .member ? .member : .pending),
    ]
    where handle != "bob" || place != .stranger {
      _ = try ada.share(legacy.id.rawValue, with: handle, role: role)
    }
    let bob = try household.service("bob")
    let index = try #require(Place.allCases.firstIndex(of: place))
    #expect(try code { try operation.run(bob, legacy.id.rawValue) } == operation.codes[index])
    if place == .stranger || (place == .pending && operation.name != "leave" && !operation.name.hasPrefix("unshare")) {
      for reference in ["Grace", legacy.id.short] {
        #expect(
          try code { try operation.run(bob, reference) } == .notFound,
          "a stranger learns nothing from a name or a prefix")
      }
    }
  }

  @Test("A user who lost access reads, lists and deletes their conversations, and continues none")
  func unshared() throws {
    let legacy = try add("Grace")
    _ = try ada.share("Grace", with: "bob", role: .member)
    let bob = try household.service("bob")
    let sent = try bob.send("Hi", .stream([.start, .text("half")], then: .lost))
    _ = try ada.unshare("Grace", from: "bob")
    #expect(try bob.legacies().isEmpty)
    #expect(try bob.list().map(\.id) == [sent.conversationID])
    #expect(try bob.messages(sent.conversationID).map(\.content) == ["Hi", "half"])
    #expect(try bob.messages("last").count == 2)
    #expect(try code { try bob.send("More", to: .conversation(sent.conversationID)) } == .forbidden)
    #expect(try code { try bob.send("More", to: .to(legacy: legacy.id.rawValue)) } == .forbidden)
    #expect(try code { try bob.send(nil) } == .forbidden)
    #expect(try bob.messages().count == 2)
    try bob.deleteConversations(ids: bob.findConversations(["last"]).map(\.id))
    #expect(try bob.list().isEmpty)
  }

  @Test("Members are listed by role, then by handle, each with the latest role")
  func members() throws {
    _ = try add("Grace")
    for (handle, role) in [
      ("zoe", Role.owner), ("bob", .pending), ("eve", .member), (" dan ", .member), ("bob", .member),
    ] {
      let member = try ada.share("Grace", with: handle, role: role)
      #expect(member.role == role)
    }
    let members = try ada.members(of: "Grace")
    #expect(
      members.map { "\($0.role) \($0.handle)" } == ["owner ada", "owner zoe", "member bob", "member dan", "member eve"])
  }

  @Test("A legacy always keeps an owner")
  func lastOwner() throws {
    _ = try add("Grace")
    #expect(try code { try ada.unshare("Grace", from: "ada") } == .usage)
    #expect(try code { try ada.share("Grace", with: "ada", role: .member) } == .usage)
    #expect(try ada.members(of: "Grace").map(\.role) == [.owner], "what was refused has changed nothing")
    _ = try ada.share("Grace", with: "bob", role: .owner)
    #expect(try ada.unshare("Grace", from: "ada").handle == "ada")
    #expect(try code { try household.service("bob").unshare("Grace", from: "bob") } == .usage)
  }

  @Test("Removing a user without a role is an error with the closest handles")
  func unshareNobody() throws {
    _ = try add("Grace")
    _ = try ada.share("Grace", with: "robert", role: .member)
    let failure = try failure { try ada.unshare("Grace", from: "robret") }
    #expect(failure.code == .notFound)
    #expect(failure.adviceText.contains("\"robert\""))
  }

  @Test("A handle is the same however its accents are written, and kept as most systems write it")
  func equivalentHandles() throws {
    let composed = try household.service("jos\u{e9}")
    let decomposed = try household.service("jose\u{301}")
    let legacy = try decomposed.addLegacy(name: "Grace", evenIfKnown: false).legacy
    #expect(try composed.legacy(legacy.id.rawValue).role == .owner)
    #expect(try composed.members(of: "Grace").map { Array($0.handle.utf8) } == [Array("jos\u{e9}".utf8)])
    #expect(try composed.nearestHandles(to: "jose\u{301}") == nil)
    _ = try composed.share("Grace", with: "Zo\u{eb}", role: .member)
    #expect(try composed.share("Grace", with: "Zoe\u{308}", role: .owner).role == .owner)
    #expect(try composed.members(of: "Grace").count == 2)
    #expect(try decomposed.unshare("Grace", from: "Zoe\u{308}").handle == "Zo\u{eb}")
    // Other text stays another user's.
    #expect(try code { try household.service("jose").legacy(legacy.id.rawValue) } == .forbidden)
    #expect(try code { try household.service("JOS\u{e9}").legacy(legacy.id.rawValue) } == .forbidden)
  }

  @Test("Whoever has written a handle in two ways before keeps both users, each by its bytes")
  func bothForms() throws {
    let (composed, decomposed) = (User(id: newID(), handle: "jos\u{e9}"), User(id: newID(), handle: "jose\u{301}"))
    try household.store.write {
      try $0.insertUser(decomposed, at: .now())
      try $0.insertUser(composed, at: .now())
    }
    for user in [composed, decomposed] {
      let found = try household.store.read { try $0.user(handle: user.handle) }
      #expect(found?.id == user.id)
    }
  }

  @Test("Renaming keeps the ID, and the new name is found")
  func rename() throws {
    let legacy = try add("Grace")
    let renamed = try ada.renameLegacy("grace", to: "  Grace Hopper ")
    #expect(renamed.id == legacy.id)
    #expect(renamed.name == "Grace Hopper")
    #expect(try ada.legacy("grace hopper").id == legacy.id)
    #expect(try ada.legacies().map(\.name) == ["Grace Hopper"])
    #expect(try code { try ada.renameLegacy("Grace Hopper", to: "a\nb") } == .invalidInput)
  }

  @Test("Removing a legacy first says how much goes with it, and then everything is gone")
  func remove() throws {
    let legacy = try add("Grace")
    _ = try ada.share("Grace", with: "bob", role: .member)
    try ada.send("1", .reply("x"))
    try household.service("bob").send("2", .failing(.refused))
    let doomed = try ada.legacyToRemove("Grace")
    #expect(doomed.conversations == 2)
    #expect(doomed.messages == 3)
    try ada.removeLegacy(id: legacy.id)
    #expect(try ada.legacies().isEmpty)
    #expect(try ada.list().isEmpty)
    #expect(try household.service("bob").list().isEmpty)
    #expect(try code { try ada.legacy(legacy.id.rawValue) } == .notFound)
  }

  @Test(
    "An invalid handle is refused",
    arguments: ["", " ", "a\nb", "a\0b", String(repeating: "x", count: 201)])
  func badHandles(handle: String) throws {
    #expect(try code { try household.service(handle) } == .invalidInput)
    _ = try ada.addLegacy(name: "Grace", evenIfKnown: false)
    #expect(try code { try ada.share("Grace", with: handle, role: .member) } == .invalidInput)
  }
}
