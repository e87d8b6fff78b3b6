import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// What every database engine promises. What only SQLite's files do is in `SQLiteStoreTests`.
@Suite struct StoreTests {
  private struct Stop: Error {}

  /// A database with one row of each kind.
  private func filled(_ engine: StoreEngine) throws -> any Store {
    let store = try engine.make().store
    try FilledDatabase.fill(store)
    return store
  }

  // MARK: Transactions

  @Test("A transaction that throws changes nothing, and neither does a rehearsal", arguments: StoreEngine.all)
  func rollback(engine: StoreEngine) throws {
    let store = try engine.make().store
    #expect(throws: Stop.self) {
      try store.write {
        try $0.insertUser(.named("ada"), at: .now())
        throw Stop()
      }
    }
    #expect(throws: Stop.self) {
      try store.rehearse {
        try $0.insertUser(.named("ada"), at: .now())
        throw Stop()
      }
    }
    let seen = try store.rehearse {
      try $0.insertUser(.named("ada"), at: .now())
      return try $0.user(handle: "ada")
    }
    #expect(seen?.handle == "ada")
    #expect(try store.read { try $0.user(handle: "ada") } == nil)
    try store.write { try $0.insertUser(.named("ada"), at: .now()) }
    #expect(try store.read { try $0.user(handle: "ada") } != nil)
  }

  @Test("A read transaction cannot write", arguments: StoreEngine.all)
  func readingCannotWrite(engine: StoreEngine) throws {
    let store = try engine.make().store
    #expect(try code { try store.read { try $0.insertUser(.named("ada"), at: .now()) } } != nil)
    #expect(try store.read { try $0.user(handle: "ada") } == nil)
  }

  @Test("What one connection has written, another one sees", arguments: StoreEngine.shared)
  func shared(engine: StoreEngine) throws {
    let database = try engine.make()
    let other = try database.another()
    let ada = User.named("ada")
    try database.store.write { try $0.insertUser(ada, at: .now()) }
    #expect(try other.read { try $0.user(handle: "ada") } == ada)
  }

  @Test("Many writers and readers take turns, and none sees a locked database", arguments: StoreEngine.shared)
  func concurrentWriting(engine: StoreEngine) throws {
    let database = try engine.make()
    try DispatchQueue.concurrently(8) {
      let store = try database.another()
      for _ in 0..<20 {
        try store.write { transaction in
          // Reads first, so that a lock taken too late would show.
          let count = try transaction.connection.integer("SELECT count(*) FROM users") ?? 0
          try transaction.insertUser(.named("\(UUID()) after \(count)"), at: .now())
        }
        _ = try store.read { try $0.user(handle: "nobody") }
      }
    }
    let handles = try database.store.read {
      try $0.connection.rows("SELECT handle FROM users") { try $0.text() }
    }
    #expect(Set(handles.compactMap { $0.split(separator: " ").last }).count == 160)
  }

  @Test("The mark changes with every write of any connection, and in a file only then", arguments: StoreEngine.shared)
  func changeMark(engine: StoreEngine) throws {
    let database = try engine.make()
    let other = try database.another()
    func mark() throws -> [Int] { try database.store.read { try $0.connection.changeMark() } }
    // On a server, other databases change it as well.
    let isAlone = !engine.isServer
    let first = try mark()
    _ = try other.read { try $0.user(handle: "ada") }
    #expect(try mark() == first || !isAlone)
    try other.write { try $0.insertUser(.named("ada"), at: .now()) }
    let second = try mark()
    #expect(second != first)
    try database.store.write { try $0.insertUser(.named("bob"), at: .now()) }
    let third = try mark()
    #expect(third != second && third != first)
    let inWriting = try database.store.write { try $0.connection.changeMark() }
    #expect(inWriting == third || !isAlone, "as an import compares it")
  }

  @Test(
    "What is only found is looked for again if the connection is lost, and what is passed on is not",
    arguments: StoreEngine.shared.filter(\.isServer))
  func lostWhileReading(engine: StoreEngine) throws {
    let store = try engine.make().store
    try store.write { try $0.insertUser(.named("ada"), at: .now()) }
    var looks = 0
    func handle(_ transaction: StoreTransaction) throws -> String? {
      looks += 1
      let cut = looks == 1 ? "SELECT pg_terminate_backend(pg_backend_pid())::integer" : "SELECT 1"
      _ = try transaction.connection.integer(cut)
      return try transaction.user(handle: "ada")?.handle
    }
    #expect(try store.find(handle) == "ada" && looks == 2)
    looks = 0
    #expect(try code { try store.read(handle) } == .databaseUnavailable)
    #expect(try store.read(handle) == "ada" && looks == 2)
  }

  @Test("Erasing what was deleted takes nothing else away", arguments: StoreEngine.all)
  func erasing(engine: StoreEngine) throws {
    let store = try filled(engine)
    _ = try store.write { try $0.connection.execute("DELETE FROM ai_messages WHERE role = 'assistant'", []) }
    try store.eraseDeleted()
    #expect(try store.read { try $0.connection.integer("SELECT count(*) FROM ai_messages") } == 1)
  }

  // MARK: Values

  @Test("Every kind of value comes back as it went in, and a null as nothing", arguments: StoreEngine.all)
  func values(engine: StoreEngine) throws {
    let store = try filled(engine)
    let row = try store.read { transaction in
      try transaction.connection.row(
        """
        SELECT c.title, c.last_message_at, c.message_count, c.id, c.created_at, m.role
        FROM ai_conversations c JOIN ai_messages m ON m.conversation_id = c.id WHERE m.seq = ?1 AND c.id = ?2
        """, [2, SQLValue(FilledDatabase.conversation)]
      ) { row in
        #expect(row.optionalText() == nil)
        #expect(try row.optionalTime() == nil)
        #expect(try row.integer() == 0)
        #expect(try row.id() == FilledDatabase.conversation)
        #expect(try row.time().rfc3339 == FilledDatabase.time)
        return try row.word() as Message.Author
      }
    }
    #expect(row == .assistant)
    #expect(try store.read { try $0.connection.integer("SELECT max(token_count) FROM ai_messages") } == nil)
    #expect(try store.read { try $0.connection.integer("SELECT seq FROM ai_messages WHERE seq > 9") } == nil)
    #expect(try store.read { try $0.connection.exists("SELECT 1 FROM ai_messages WHERE seq = ?1", [2]) })
    #expect(try !store.read { try $0.connection.exists("SELECT 1 FROM ai_messages WHERE seq = ?1", [3]) })
  }

  @Test("A value that cannot be there is an internal error, not a crash", arguments: StoreEngine.all)
  func impossibleValues(engine: StoreEngine) throws {
    let store = try filled(engine)
    for sql in ["SELECT NULL", "SELECT 'x'", "SELECT 7"] {
      let failure = try failure {
        try store.read { transaction in
          try transaction.connection.rows(sql) { row in
            if sql == "SELECT 7" { _ = try row.text() } else { _ = try row.time() }
          }
        }
      }
      #expect(failure.code == .internal, "\(sql)")
    }
    #expect(try code { try store.read { try $0.connection.rows("SELECT 'x'") { try $0.word() as Role } } } == .internal)
  }

  @Test("A statement says how many rows it changed", arguments: StoreEngine.all)
  func changedRows(engine: StoreEngine) throws {
    let store = try filled(engine)
    let counts = try store.write {
      [
        try $0.connection.execute("UPDATE ai_messages SET token_count = ?1", [7]),
        try $0.connection.execute("UPDATE ai_messages SET token_count = 8 WHERE seq = 9", []),
        try $0.connection.execute("DELETE FROM ai_messages WHERE seq = ?1", [2]),
      ]
    }
    #expect(counts == [2, 0, 1])
  }

  @Test("A message gets no number that the index knows another by, though that was deleted", arguments: StoreEngine.all)
  func numbers(engine: StoreEngine) throws {
    let store: any Store = try filled(engine)
    func ask(_ transaction: StoreTransaction) throws -> MessageID {
      let id: MessageID = newID()
      _ = try transaction.insertQuestion(
        id: id, conversationID: FilledDatabase.conversation, content: "How are you?", at: .now())
      try transaction.settleQuestion(id: id, errorCode: nil)
      return id
    }
    let isIndexed = try store.write { transaction in
      let ids = try (0..<StoreTransaction.smallBlock).map { _ in try ask(transaction) }
      let isIndexed = try transaction.indexNextBlock()
      try transaction.deleteMessages(ids: ids)
      return isIndexed
    }
    #expect(isIndexed)
    let (last, lastIndexed) = try store.write { transaction in
      _ = try ask(transaction)
      return (try transaction.lastMessage()?.number ?? 0, try transaction.lastIndexedNumber())
    }
    #expect(last > lastIndexed)
  }

  @Test("Handles are compared byte by byte, and legacies are sorted by letters", arguments: StoreEngine.all)
  func texts(engine: StoreEngine) throws {
    let store = try engine.make().store
    let (composed, decomposed) = (User.named("jos\u{e9}"), User.named("jose\u{301}"))
    try store.write { transaction in
      try transaction.insertUser(composed, at: .now())
      try transaction.insertUser(decomposed, at: .now())
      for name in ["beth", "Ada", "Carl", "ben"] {
        let time = Timestamp.now()
        try transaction.insertLegacy(
          Archive.Legacy(id: newID(), name: name, createdAt: time, updatedAt: time), owner: composed, at: time)
      }
    }
    #expect(try store.read { try $0.user(handle: "jos\u{e9}")?.id } == composed.id)
    #expect(try store.read { try $0.user(handle: "jose\u{301}")?.id } == decomposed.id)
    #expect(try store.read { try $0.user(handle: "JOS\u{e9}") } == nil)
    #expect(try store.read { try $0.legacies(of: composed).map(\.name) } == ["Ada", "ben", "beth", "Carl"])
  }

  @Test(
    "Bytes come back exactly, with NUL, C1 and every boundary scalar",
    arguments: StoreEngine.all,
    [
      "a\0b\0", "\0", "\u{1}\u{1b}[31m\u{7f}\u{80}\u{9b}\u{9f}", "\u{feff}x\u{202e}y",
      "e\u{301} é \u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}", "'); DROP TABLE users; --",
      "ends with white space \n\n", "\r\n\r", String(repeating: "🌻", count: 10_000),
    ])
  func exactBytes(engine: StoreEngine, text: String) throws {
    let store = try filled(engine)
    guard store.hasNUL || !text.contains("\0") else { return }
    let place = FilledDatabase.conversation
    // A server knows what is claimed by its id alone, in all of its schemas.
    let question = StoredQuestion(id: newID(), conversationID: place, seq: 3)
    let replyID: MessageID = newID()
    // In some engines, text has to be whole scalars at any time.
    let half = store.hasNUL ? text.utf8.count / 2 : String(text.unicodeScalars.prefix(2)).utf8.count
    try store.write {
      #expect(try $0.insertQuestion(id: question.id, conversationID: place, content: text, at: .now()) == question)
      // In two pieces that may part a scalar, as they come from the network.
      try $0.insertReply(id: replyID, to: question, content: Array(text.utf8.prefix(half)), modelID: "m", at: .now())
      try $0.appendToReply(id: replyID, Array(text.utf8.dropFirst(half)))
    }
    let messages = try store.read { try $0.messages(inConversation: place, all: true, limit: nil, offset: 2) }
    #expect(messages.count == 2)
    for message in messages { #expect(message.content.utf8.elementsEqual(text.utf8)) }
    let placed = try store.read { try $0.placedMessages(inConversation: place) }
    #expect(placed.map(\.seq) == [1, 2, 3, 4] && placed.map(\.attempt) == [1, 1, 1, 1])
    #expect(placed.last?.message == messages.last)
  }

  // MARK: Schema

  private static let free = FilledDatabase.free

  private static let insertUser = "INSERT INTO users VALUES"
  private static let insertMember = "INSERT INTO legacy_members VALUES"
  private static let insertConversation =
    """
    INSERT INTO ai_conversations (id, user_id, legacy_id, persona_id, title, message_count, activity, created_at, \
    updated_at) VALUES
    """
  private static let insertMessage =
    """
    INSERT INTO ai_messages (id, conversation_id, seq, attempt, role, content, status, reply_to, token_count, \
    created_at) VALUES
    """

  @Test(
    "The schema refuses rows that make no sense",
    arguments: StoreEngine.all,
    [
      "\(insertUser) ('short', 'bob', '\(FilledDatabase.time)')",
      "\(insertUser) ('\(free)', '', '\(FilledDatabase.time)')",
      "\(insertUser) ('\(free)', 'ada', '\(FilledDatabase.time)')",
      "\(insertUser) ('\(free)', NULL, '\(FilledDatabase.time)')",
      "\(insertUser) ('\(FilledDatabase.user)', 'bob', '\(FilledDatabase.time)')",
      "INSERT INTO legacies VALUES ('\(free)', '', '\(FilledDatabase.time)', '\(FilledDatabase.time)')",
      "\(insertMember) ('\(FilledDatabase.legacy)', '\(free)', 'member', '\(FilledDatabase.time)')",
      "\(insertMember) ('\(free)', '\(FilledDatabase.user)', 'member', '\(FilledDatabase.time)')",
      "\(insertMember) ('\(FilledDatabase.legacy)', '\(FilledDatabase.user)', 'member', '\(FilledDatabase.time)')",
      "UPDATE legacy_members SET role = 'admin'",
      "UPDATE legacy_members SET role = NULL",
      """
      \(insertConversation) ('\(free)', '\(free)', '\(FilledDatabase.legacy)', 'friend', NULL, 0, 2, \
      '\(FilledDatabase.time)', '\(FilledDatabase.time)')
      """,
      """
      \(insertConversation) ('\(free)', '\(FilledDatabase.user)', '\(free)', 'friend', NULL, 0, 2, \
      '\(FilledDatabase.time)', '\(FilledDatabase.time)')
      """,
      """
      \(insertConversation) ('\(free)', '\(FilledDatabase.user)', '\(FilledDatabase.legacy)', 'friend', NULL, 0, 1, \
      '\(FilledDatabase.time)', '\(FilledDatabase.time)')
      """,
      "UPDATE ai_conversations SET persona_id = ''",
      "UPDATE ai_conversations SET persona_id = '\(String(repeating: "x", count: 51))'",
      "UPDATE ai_conversations SET title = ''",
      "UPDATE ai_conversations SET title = '\(String(repeating: "x", count: 1601))'",
      "UPDATE ai_conversations SET message_count = -1", "UPDATE ai_conversations SET message_count = 'many'",
      "UPDATE ai_conversations SET activity = NULL",
      "UPDATE ai_messages SET role = 'system'", "UPDATE ai_messages SET content = NULL",
      "UPDATE ai_messages SET token_count = -1",
      "UPDATE ai_messages SET input_tokens = -1", "UPDATE ai_messages SET token_count = 'x'",
      "UPDATE ai_messages SET seq = 0 WHERE seq = 1",
      "UPDATE ai_messages SET seq = 2, attempt = 2 WHERE role = 'user'",
      "UPDATE ai_messages SET seq = 3 WHERE role = 'assistant'",
      "UPDATE ai_messages SET attempt = 2 WHERE role = 'user'",
      "UPDATE ai_messages SET attempt = 0 WHERE role = 'assistant'",
      "UPDATE ai_messages SET reply_to = '\(FilledDatabase.question)' WHERE role = 'user'",
      "UPDATE ai_messages SET reply_to = NULL WHERE role = 'assistant'",
      "UPDATE ai_messages SET reply_to = '\(free)' WHERE role = 'assistant'",
      "UPDATE ai_messages SET conversation_id = '\(free)'",
      "UPDATE ai_messages SET status = 'streaming' WHERE role = 'user'",
      "UPDATE ai_messages SET status = 'interrupted' WHERE role = 'user'",
      "UPDATE ai_messages SET status = 'pending' WHERE role = 'assistant'",
      "UPDATE ai_messages SET status = 'failed' WHERE role = 'assistant'",
      "UPDATE ai_messages SET status = 'done'",
      """
      \(insertMessage) ('\(free)', '\(FilledDatabase.conversation)', 1, 1, 'user', 'x', 'pending', NULL, NULL, \
      '\(FilledDatabase.time)')
      """,
      """
      \(insertMessage) ('\(free)', '\(FilledDatabase.conversation)', 2, 2, 'assistant', 'x', 'complete', \
      '\(FilledDatabase.question)', NULL, '\(FilledDatabase.time)')
      """,
    ])
  func schemaRefuses(engine: StoreEngine, sql: String) throws {
    let store = try filled(engine)
    let failure = try failure { try store.write { try $0.connection.execute($0.numbering(sql), []) } }
    #expect(failure.code == .internal)
    #expect(!failure.message.contains("xxx"), "no text of a row may stand in an error")
  }

  @Test(
    "The schema accepts rows that make sense",
    arguments: StoreEngine.all,
    [
      ["\(insertUser) ('\(free)', 'Ada', '\(FilledDatabase.time)')"],
      [
        """
        \(insertConversation) ('\(free)', '\(FilledDatabase.user)', '\(FilledDatabase.legacy)', 'friend', 'T', 0, 2, \
        '\(FilledDatabase.time)', '\(FilledDatabase.time)')
        """
      ],
      [
        "UPDATE ai_messages SET status = 'superseded' WHERE role = 'assistant'",
        """
        \(insertMessage) ('\(free)', '\(FilledDatabase.conversation)', 2, 2, 'assistant', '', 'streaming', \
        '\(FilledDatabase.question)', 0, '\(FilledDatabase.time)')
        """,
      ],
      [
        """
        \(insertMessage) ('\(free)', '\(FilledDatabase.conversation)', 3, 1, 'user', 'x', 'failed', NULL, NULL, \
        '\(FilledDatabase.time)')
        """
      ],
    ])
  func schemaAccepts(engine: StoreEngine, statements: [String]) throws {
    let store = try filled(engine)
    let counts = try store.write { transaction in
      try statements.map { try transaction.connection.execute(transaction.numbering($0), []) }
    }
    #expect(counts == statements.map { _ in 1 })
  }

  @Test(
    "Deleting a row deletes what belongs to it",
    arguments: StoreEngine.all,
    [
      ("users", ["legacies"]), ("legacies", ["users"]), ("ai_conversations", ["users", "legacies", "legacy_members"]),
      ("ai_messages", ["users", "legacies", "legacy_members", "ai_conversations"]),
      ("legacy_members", ["users", "legacies", "ai_conversations", "ai_messages"]),
    ])
  func cascade(engine: StoreEngine, deletion: (table: String, left: [String])) throws {
    let store = try filled(engine)
    // Of the messages, only the question.
    let which = deletion.table == "ai_messages" ? "WHERE id = '\(FilledDatabase.question)'" : ""
    try store.write { _ = try $0.connection.execute("DELETE FROM \(deletion.table) \(which)", []) }
    for name in FilledDatabase.tables {
      let count = try store.read { try $0.connection.integer("SELECT count(*) FROM \(name)") ?? -1 }
      #expect(count == (!deletion.left.contains(name) ? 0 : name == "ai_messages" ? 2 : 1), "\(name)")
    }
  }
}

/// Who is answering a message, and what becomes of one that nobody answers any more.
@Suite struct ClaimTests {
  private struct Stop: Error {}

  /// Asks a question at the end of the conversation.
  @discardableResult
  private func ask(_ transaction: StoreTransaction, _ id: MessageID = newID()) throws -> StoredQuestion {
    try transaction.insertQuestion(
      id: id, conversationID: FilledDatabase.conversation, content: "How are you?", at: .now())
  }

  /// What is in the conversation after what was there at the beginning.
  private func statuses(_ transaction: StoreTransaction) throws -> [Message.Status] {
    try transaction.messages(inConversation: FilledDatabase.conversation, all: true, limit: nil, offset: 2)
      .map(\.status)
  }

  private func filled(_ engine: StoreEngine) throws -> FreshStore {
    let database = try engine.make()
    try FilledDatabase.fill(database.store)
    return database
  }

  @Test("A message that one process answers cannot be claimed by another", arguments: StoreEngine.shared)
  func exclusive(engine: StoreEngine) throws {
    let database = try filled(engine)
    let other = try database.another()
    let question = try database.store.write { try ask($0) }
    #expect(try code { try other.write { try $0.claim(question.id) } } == .busy)
    #expect(try code { try other.write { try $0.reopenQuestion(question) } } == .busy)
    database.store.release(question.id)
    #expect(try code { try other.write { try $0.reopenQuestion(question) } } == nil)
    #expect(try code { try database.store.write { try $0.claim(question.id) } } == .busy)
  }

  @Test(
    "A transaction that comes to nothing gives back what it claimed", arguments: StoreEngine.shared,
    ["throws", "rehearsal", "rehearsal that throws", "refused by the database"])
  func givenBack(engine: StoreEngine, how: String) throws {
    let database = try filled(engine)
    let (store, other) = (database.store, try database.another())
    let earlier = try store.write { try ask($0) }
    let id: MessageID = newID()
    switch how {
    case "throws":
      #expect(throws: Stop.self) {
        try store.write {
          try ask($0, id)
          throw Stop()
        }
      }
    case "rehearsal": try store.rehearse { _ = try ask($0, id) }
    case "rehearsal that throws":
      #expect(throws: Stop.self) {
        try store.rehearse {
          try ask($0, id)
          throw Stop()
        }
      }
    default:
      let failure = try failure {
        try store.write {
          try ask($0, id)
          try $0.connection.execute("UPDATE ai_messages SET status = 'lost'", [])
        }
      }
      #expect(failure.code == .internal)
    }
    #expect(try code { try other.write { try $0.claim(id) } } == nil)
    #expect(try code { try other.write { try $0.claim(earlier.id) } } == .busy, "claimed by an earlier transaction")
    #expect(try store.read(statuses) == [.pending])
  }

  @Test(
    "What a dead process was answering is settled by whoever looks first", arguments: StoreEngine.shared,
    ["read", "write", "rehearse"])
  func settled(engine: StoreEngine, by operation: String) throws {
    let database = try filled(engine)
    try ending(engine) {
      let dying = try database.another()
      let questions = try dying.write { [try ask($0), try ask($0)] }
      try dying.write {
        try $0.insertReply(id: newID(), to: questions[1], content: Array("Fi".utf8), modelID: "m", at: .now())
      }
      #expect(try database.store.read(statuses) == [.pending, .pending, .streaming], "it is alive")
      return questions.map(\.id)
    }
    let expected: [Message.Status] = [.failed, .complete, .interrupted]
    switch operation {
    case "read": #expect(try database.store.read(statuses) == expected)
    case "write": #expect(try database.store.write(statuses) == expected)
    default: #expect(try database.store.rehearse(statuses) == expected)
    }
    // To stay, except after a rehearsal, after which the next one does it.
    #expect(try database.another().read(statuses) == expected)
    let codes = try database.store.read {
      try $0.messages(inConversation: FilledDatabase.conversation, all: true, limit: nil, offset: 2).map(\.errorCode)
    }
    #expect(codes == ["interrupted", nil, "interrupted"])
  }

  @Test("As long as a process lives, nobody settles what it answers, not even itself", arguments: StoreEngine.all)
  func alive(engine: StoreEngine) throws {
    let database = try filled(engine)
    let question = try database.store.write { try ask($0) }
    for _ in 0..<2 {
      #expect(try database.store.read(statuses) == [.pending])
      #expect(try database.store.write(statuses) == [.pending])
      #expect(try database.store.rehearse(statuses) == [.pending])
    }
    guard StoreEngine.shared.contains(where: { $0.name == engine.name }) else { return }
    let other = try database.another()
    #expect(try other.read(statuses) == [.pending])
    #expect(try other.write(statuses) == [.pending])
    try ending(engine) { [try database.another().write { try ask($0) }.id] }
    #expect(try other.read(statuses) == [.pending, .failed])
    database.store.release(question.id)
    #expect(try other.read(statuses) == [.failed, .failed], "given up without having been settled")
  }

  @Test(
    "Who has lost a message to another process before the first word writes nothing more of it",
    .enabled(if: PostgresServer.shared != nil, "PostgreSQL is not installed"))
  func lostClaim() throws {
    let server = try #require(PostgresServer.shared)
    let database: FreshStore = try filled(#require(StoreEngine.shared.first { $0.isServer }))
    let other = try database.another()
    let question = try database.store.write { try ask($0) }
    #expect(try server.sql("SELECT pg_terminate_backend(pid) \(claims(on: [question.id]))") == "t")
    try waitUntilFree([question.id], server)
    try other.write { try $0.reopenQuestion(question) }
    let codes = try [database.store, other].map { store in
      try code { try store.write { try $0.checkUnderWay(question: question.id, reply: nil) } }
    }
    #expect(codes == [.busy, nil])
  }

  /// Ends the lifetime of what `body` makes, as the end of a process would, and waits until a server has noticed.
  ///
  /// - Parameter body: gives the messages that it has claimed
  private func ending(_ engine: StoreEngine, _ body: () throws -> [MessageID]) throws {
    let messages = try body()
    guard engine.isServer, let server = PostgresServer.shared else { return }
    try waitUntilFree(messages, server)
  }

  /// Waits until a server has noticed that those who had claimed these messages are gone.
  private func waitUntilFree(_ messages: [MessageID], _ server: PostgresServer) throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try server.sql("SELECT count(*) \(claims(on: messages))") != "0" {
      try #require(ContinuousClock.now < deadline, "the server never noticed")
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// A part of a query about who has claimed these messages.
  private func claims(on messages: [MessageID]) -> String {
    let numbers = messages.map { "\($0.claimNumber)" }.joined(separator: ", ")
    return "FROM pg_locks WHERE (classid::bigint << 32 | objid::bigint) IN (\(numbers))"
  }
}
