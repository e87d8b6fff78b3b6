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
    "adding a name that is there gives that legacy, whatever its case and its Unicode form",
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

  @Test("--new adds a second one of the same name, and the name is ambiguous then")
  func second() throws {
    let ids = [try add("Grace").id, try add("grace", new: true).id]
    #expect(Set(ids).count == 2)
    let failure = try failure { try ada.legacy("GRACE") }
    #expect(failure.code == .ambiguous)
    for id in ids { #expect(failure.hint?.contains(id.prefix(8)) == true) }
    #expect(try ada.legacy(ids[1]).id == ids[1])
  }

  @Test(
    "a name that breaks the rules adds nothing",
    arguments: ["", " ", "a\nb", "a\u{202e}b", String(repeating: "x", count: 201)])
  func badName(name: String) throws {
    #expect(try code { try add(name) } == .invalidInput)
    #expect(try ada.legacies().isEmpty)
  }

  @Test("a legacy one is only proposed for is not taken for one's own of that name")
  func pendingIsNotOwn() throws {
    let bobs = try household.service("bob").addLegacy(name: "Grace", evenIfKnown: false).legacy
    _ = try household.service("bob").share(bobs.id, with: "ada", role: .pending)
    let own = try ada.addLegacy(name: "Grace", evenIfKnown: false)
    #expect(own.isNew)
    #expect(own.legacy.id != bobs.id)
  }

  @Test("many who add the same name at once add one legacy")
  func concurrentAdd() async throws {
    let household = household
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try household.service("ada", store: household.anotherStore()).addLegacy(name: "Grace", evenIfKnown: false)
            .legacy.id
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
  }

  // MARK: Names

  /// A service whose ids are given, one after another.
  private func service(_ handle: String = "ada", ids: [String]) throws -> ConversationService {
    let list = IDs(ids)
    return try ConversationService(store: household.store, handle: handle, makeID: list.next)
  }

  @Test("a legacy is named by name, id, or four or more characters of the id; a name goes before an id")
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
      ("abcd2", "Hedy"), ("ffff", "abcd1"), ("abcd1", "abcd1"), ("abc", nil), ("fff", nil), ("Grac", nil), ("", nil),
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
    #expect(
      ambiguous
        == Failure(
          .ambiguous, "\"abcd\" fits 2 legacies", hint: "give more of the id: abcd1111 (Grace), abcd2222 (Hedy)"))
  }

  @Test("a typo is told with the nearest names, and creates nothing")
  func typo() throws {
    _ = try add("Grace Hopper")
    let failure = try failure { try ada.legacy("Grace Hoper") }
    #expect(failure == Failure(.notFound, "there is no legacy \"Grace Hoper\"", hint: "did you mean \"Grace Hopper\"?"))
    #expect(try ada.legacies().count == 1)
  }

  @Test("a conversation is named by id, four or more characters of it, or last; somebody else's is not there")
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
    try ada.send("2", .reply("x"), request: .to(.new))
    #expect(try ada.list().map(\.id) == [ids[5], ids[2]])
    let cases: [(String?, String?)] = [
      (nil, "2"), ("last", "2"), ("abcd1", "1"), ("ABCD1111", "1"), (ids[2], "1"), (ids[5].uppercased(), "2"),
      ("abc", nil), ("abce", nil),
      ("1", nil),
      ("abcd1111%", nil), ("LAST", nil), ("", nil), ("____", nil),
    ]
    for (reference, first) in cases {
      if let first {
        #expect(try ada.messages(reference).first?.content == first, "\(reference ?? "nil")")
      } else {
        #expect(try code { try ada.messages(reference) } == .notFound, "\(reference ?? "nil")")
      }
    }
    #expect(
      try failure { try ada.messages("abcd") }
        == Failure(.ambiguous, "\"abcd\" fits 2 conversations", hint: "give more of the id: abcd2222 (2), abcd1111 (1)")
    )
    _ = try ada.share("Grace", with: "bob", role: .owner)
    #expect(try code { try household.service("bob").messages(ids[2]) } == .notFound)
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
    Operation("remove", [nil, .forbidden, .forbidden, .forbidden]) { try $0.removeLegacy(id: $1) },
    Operation("send", [nil, nil, .forbidden, .forbidden]) { try $0.send("Hi", .reply("x"), request: .to(legacy: $1)) },
    Operation("preview", [nil, nil, .forbidden, .forbidden]) { _ = try $0.context("Hi", .to(legacy: $1)) },
  ]

  @Test("what one may do depends on one's role alone", arguments: operations, Place.allCases)
  func roles(operation: Operation, place: Place) throws {
    let legacy = try add("Grace")
    // A second owner, so that leaving is a matter of the role only.
    for (handle, role) in [
      ("carol", Role.owner), ("bob", place == .owner ? .owner : place == .member ? .member : .pending),
    ]
    where handle != "bob" || place != .stranger {
      _ = try ada.share(legacy.id, with: handle, role: role)
    }
    let bob = try household.service("bob")
    let index = try #require(Place.allCases.firstIndex(of: place))
    #expect(try code { try operation.run(bob, legacy.id) } == operation.codes[index])
    if place == .stranger || (place == .pending && operation.name != "leave" && !operation.name.hasPrefix("unshare")) {
      for reference in ["Grace", String(legacy.id.prefix(8))] {
        #expect(
          try code { try operation.run(bob, reference) } == .notFound,
          "a stranger learns nothing from a name or a prefix")
      }
    }
  }

  @Test("who was unshared reads, lists and deletes their conversations, and continues none")
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
    #expect(try code { try bob.send("More", request: .conversation(sent.conversationID)) } == .forbidden)
    #expect(try code { try bob.send("More", request: .to(legacy: legacy.id)) } == .forbidden)
    #expect(try code { try bob.send(nil) } == .forbidden)
    #expect(try bob.messages().count == 2)
    try bob.deleteConversations(ids: bob.findConversations(["last"]).map(\.id))
    #expect(try bob.list().isEmpty)
  }

  @Test("members are listed by role, then by handle, each role as it was given last")
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

  @Test("a legacy keeps an owner")
  func lastOwner() throws {
    _ = try add("Grace")
    #expect(try code { try ada.unshare("Grace", from: "ada") } == .usage)
    #expect(try code { try ada.share("Grace", with: "ada", role: .member) } == .usage)
    #expect(try ada.members(of: "Grace").map(\.role) == [.owner], "what was refused has changed nothing")
    _ = try ada.share("Grace", with: "bob", role: .owner)
    #expect(try ada.unshare("Grace", from: "ada").handle == "ada")
    #expect(try code { try household.service("bob").unshare("Grace", from: "bob") } == .usage)
  }

  @Test("somebody without a role cannot lose one, and the nearest handles are told")
  func unshareNobody() throws {
    _ = try add("Grace")
    _ = try ada.share("Grace", with: "robert", role: .member)
    let failure = try failure { try ada.unshare("Grace", from: "robret") }
    #expect(failure.code == .notFound)
    #expect(failure.hint == "did you mean \"robert\"?")
  }

  @Test("a handle is the same person only byte for byte: nobody becomes another by Unicode's leave")
  func equivalentHandles() throws {
    let composed = try household.service("jos\u{e9}")
    let legacy = try composed.addLegacy(name: "Grace", evenIfKnown: false).legacy
    let decomposed = try household.service("jose\u{301}")
    #expect(try code { try decomposed.legacy(legacy.id) } == .forbidden)
    _ = try composed.share(legacy.id, with: "jose\u{301}", role: .member)
    _ = try composed.share(legacy.id, with: "zoe", role: .owner)
    #expect(try decomposed.unshare(legacy.id, from: "jose\u{301}").role == .member)
    #expect(try composed.members(of: legacy.id).map(\.handle).contains("jos\u{e9}"))
  }

  @Test("renaming keeps the id, and the new name is the one found")
  func rename() throws {
    let legacy = try add("Grace")
    let renamed = try ada.renameLegacy("grace", to: "  Grace Hopper ")
    #expect(renamed.id == legacy.id)
    #expect(renamed.name == "Grace Hopper")
    #expect(try code { try ada.legacy("Grace") } == .notFound)
    #expect(try code { try ada.renameLegacy("Grace Hopper", to: "a\nb") } == .invalidInput)
  }

  @Test("before a legacy goes one is told how much of everybody's goes with it, and then it is gone")
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
    #expect(try code { try ada.legacy(legacy.id) } == .notFound)
  }

  @Test(
    "a handle that breaks the rules is nobody",
    arguments: ["", " ", "a\nb", "a\0b", String(repeating: "x", count: 201)])
  func badHandles(handle: String) throws {
    #expect(try code { try household.service(handle) } == .invalidInput)
    _ = try ada.addLegacy(name: "Grace", evenIfKnown: false)
    #expect(try code { try ada.share("Grace", with: handle, role: .member) } == .invalidInput)
  }
}
