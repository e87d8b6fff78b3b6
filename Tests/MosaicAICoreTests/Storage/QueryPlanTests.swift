import SQLite
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// Every query finds its rows through an index, so that what it costs does not depend on how much there is.
@Suite struct QueryPlanTests {
  private let household: Household
  private let ada: ConversationService
  private let conversation: ConversationID

  init() throws {
    household = try Household()
    ada = try household.service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
    try ada.send("One.", .reply("First."))
    try ada.send("Two.", .stream([.text("Sec")], then: .lost))
    conversation = try ada.send(nil, .reply("Second.")).conversationID
    try ada.send("Three.", .failing(.refused))
  }

  /// A connection that notes how SQLite would run each query.
  private final class Explaining: SQLConnection {
    let db: Database
    let connection: MosaicAICore.SQLiteConnection
    private(set) var plans: [(sql: String, steps: [String])] = []

    init(_ db: Database) {
      self.db = db
      connection = MosaicAICore.SQLiteConnection(db: db)
    }

    var dialect: SQLDialect { connection.dialect }

    func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (inout SQLRow) throws -> Void) throws {
      try explain(sql, arguments)
      try connection.forEachRow(sql, arguments, body)
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
      try explain(sql, arguments)
      return try connection.execute(sql, arguments)
    }

    func forEachRow(_ sql: String, each sets: [[SQLValue]], _ body: (Int, inout SQLRow) throws -> Void) throws {
      if let first = sets.first { try explain(sql, first) }
      try connection.forEachRow(sql, each: sets, body)
    }

    func changeMark() throws -> [Int] { try connection.changeMark() }

    private func explain(_ sql: String, _ arguments: [SQLValue]) throws {
      var steps: [String] = []
      try connection.forEachRow("EXPLAIN QUERY PLAN \(sql)", arguments) { row in
        for _ in 0..<3 { _ = row.optionalInteger() }
        steps.append(try row.text())
      }
      plans.append((sql, steps))
    }
  }

  /// The plans of all queries that `body` makes, in a transaction that is undone.
  private func plans(_ body: (StoreTransaction, User) throws -> Void) throws -> [(sql: String, steps: [String])] {
    try household.store.queue.writeWithoutTransaction { db in
      let explaining = Explaining(db)
      try db.inTransaction(.immediate) {
        let transaction = StoreTransaction(explaining, nil)
        guard let user = try transaction.user(handle: "ada") else { throw Complaint("no user") }
        try body(transaction, user)
        return .rollback
      }
      return explaining.plans
    }
  }

  /// Fails for every query that reads a whole table or sorts.
  private func expectIndexes(_ plans: [(sql: String, steps: [String])], _ index: String? = nil) {
    #expect(!plans.isEmpty)
    for plan in plans {
      #expect(
        !plan.steps.contains { $0.hasPrefix("SCAN") && !$0.contains("CONSTANT ROW") && !$0.contains("(subquery") },
        "\(plan.sql): \(plan.steps)")
      #expect(!plan.steps.contains { $0.contains("TEMP B-TREE FOR ORDER") }, "\(plan.sql): \(plan.steps)")
    }
    if let index { #expect(plans.last?.steps.contains { $0.contains(index) } == true, "\(plans.last?.steps ?? [])") }
  }

  @Test("A page, wherever it is, is found in the index alone", arguments: [false, true], [0, 1, 4])
  func page(all: Bool, offset: Int) throws {
    let found = try plans { transaction, _ in
      try transaction.forEachMessage(
        inConversation: conversation, all: all, offset: offset, count: 2, total: all ? 6 : 5
      ) { _ in }
    }
    expectIndexes(found, "ai_messages_in_order (conversation_id=? AND (seq,attempt)>(?,?))")
    #expect(found.contains { $0.steps.contains { $0.contains("COVERING INDEX ai_messages_in_order") } })
  }

  @Test("What the model sees is found from the end")
  func context() throws {
    expectIndexes(
      try plans { transaction, _ in
        let question = StoredQuestion(id: newID(), conversationID: conversation, seq: 7)
        _ = try transaction.exchanges(before: question, limit: 10)
        _ = try transaction.exchangeCount(before: question, from: 1)
        _ = try transaction.lastExchange(inConversation: conversation)
      }, "ai_messages_in_order")
  }

  @Test("Unfinished messages have an index of their own")
  func unfinished() throws {
    expectIndexes(
      try plans { transaction, _ in
        try transaction.settleAbandonedQuestions()
        _ = try transaction.abandonedQuestions()
        _ = try transaction.isAnotherUnderWay(
          than: StoredQuestion(id: newID(), conversationID: conversation, seq: 7))
      }, "ai_messages_unfinished")
  }

  @Test("Messages without a reply have an index of their own")
  func unanswered() throws {
    expectIndexes(
      try plans { transaction, _ in
        _ = try transaction.unansweredCount(
          before: StoredQuestion(id: newID(), conversationID: conversation, seq: 7))
      }, "ai_messages_unanswered")
  }

  @Test("The latest conversation is found without looking at the others")
  func latest() throws {
    let legacy = try #require(try ada.legacies().first).id
    for filter in [
      ConversationFilter(limit: 1), ConversationFilter(legacyID: legacy, limit: 1),
      ConversationFilter(legacyID: legacy, personaID: "biographer", limit: 1),
    ] {
      expectIndexes(try plans { transaction, user in _ = try transaction.conversations(of: user, filter) })
    }
  }

  @Test("A message is found by its key, and a conversation by its name, without looking at the others")
  func keys() throws {
    expectIndexes(
      try plans { transaction, user in _ = try transaction.exchange(ofKey: IdempotencyKey(rawValue: "k"), of: user) },
      "ai_messages_by_key")
    let named = try plans { transaction, user in _ = try transaction.conversations(of: user, named: "letters") }
    let steps = try #require(named.dropLast().last).steps
    #expect(steps.contains { $0.contains("ai_conversations_by_name (user_id=? AND name=?)") }, "\(steps)")
    // Those that are written in another way are looked for among the names alone.
    let others = try #require(named.last).steps
    #expect(others.contains { $0.contains("COVERING INDEX ai_conversations_by_name (user_id=?") }, "\(others)")
    expectIndexes(try plans { transaction, _ in _ = try transaction.reply(to: newID()) })
  }

  @Test("Beginning, saving, settling and deleting go through indexes")
  func writing() throws {
    expectIndexes(
      try plans { transaction, user in
        let question = try transaction.insertQuestion(
          id: newID(), conversationID: conversation, content: "Four.", at: .now())
        let reply: MessageID = newID()
        try transaction.insertReply(id: reply, to: question, content: Array("F".utf8), modelID: "m", at: .now())
        try transaction.appendToReply(id: reply, Array("ourth.".utf8))
        try transaction.endReply(id: reply, ReplyEnding(status: .complete))
        try transaction.settleQuestion(id: question.id, errorCode: nil)
        for message in try transaction.messages(of: user, idPrefix: reply.rawValue, limit: 1) {
          try transaction.deleteMessages(ids: transaction.messagesDeleted(with: message).map(\.id))
        }
        _ = try transaction.firstQuestion(inConversation: conversation)
        _ = try transaction.lastMessage(inConversation: conversation)
        try transaction.deleteConversation(id: conversation)
      })
  }

  @Test("Comparing an import with what is there goes through indexes")
  func importing() throws {
    expectIndexes(
      try plans { transaction, _ in
        _ = try transaction.placedMessages(inConversation: conversation, after: .start, limit: 2)
        _ = try transaction.conversation(ofMessage: newID())
        _ = try transaction.isUnderWay(conversation: conversation)
        _ = try transaction.settledMessageCount(inConversation: conversation)
      })
  }

  @Test("Recalling reads no table of messages, conversations or occurrences from end to end")
  func recall() throws {
    for number in 0..<140 { try ada.send("Kestrel \(number).", .reply("Yes, \(number)."), to: .to(.new)) }
    try ada.indexMessages()
    let legacyID = try #require(try ada.legacies().first).id
    let plans = try plans { transaction, user in
      let count = try transaction.messageCount(of: user, about: legacyID)
      let found = try transaction.messagesToRecall(
        RecallQuery("Which kestrel was number 7?"), of: user, about: legacyID, counted: count, postings: 20_000,
        limit: 20
      )
      #expect(found.count == 20)
      for message in found {
        #expect(
          try transaction.earlierMessages(around: message.number, reach: 4).contains { $0.number == message.number })
      }
    }
    let scans = plans.flatMap(\.steps).filter {
      $0.hasPrefix("SCAN") && !$0.contains("search_blocks") && $0 != "SCAN counted"
    }
    #expect(plans.contains { $0.sql.contains("search_postings") } && scans == [])
  }
}
