import Foundation
import GRDB

/// A question in the database, and where its replies go.
struct StoredQuestion {
  let id: String
  let conversationID: String
  let seq: Int
}

/// The last exchange of a conversation.
struct LastExchange {
  let question: StoredQuestion
  let content: String
  let questionStatus: Message.Status
  /// Of the reply that is not superseded, if there is one.
  let replyStatus: Message.Status?
}

/// What is known of a reply when it has ended.
struct ReplyEnding {
  var status: Message.Status
  var stopReason: String?
  var outputTokens: Int?
  var inputTokens: Int?
  var errorCode: String?
}

extension StoreTransaction {
  /// Messages in order. Superseded replies come only with `all`, each before the one that replaced it.
  func messages(inConversation id: String, all: Bool, limit: Int?, offset: Int) throws -> [Message] {
    try Row.fetchAll(
      db,
      sql: """
        \(StoreTransaction.selectMessages) FROM ai_messages WHERE conversation_id = ? \(all ? "" : "AND status <> 'superseded'")
        ORDER BY seq, attempt LIMIT ? OFFSET ?
        """, arguments: [id, limit ?? -1, offset]
    ).map(StoreTransaction.message)
  }

  /// How many messages `messages` would give without a limit.
  func messageCount(inConversation id: String, all: Bool) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT count(*) FROM ai_messages WHERE conversation_id = ? \(all ? "" : "AND status <> 'superseded'")",
      arguments: [id]
    ) ?? 0
  }

  /// Adds a question at the end of a conversation, `pending`, and holds it for this process.
  func insertQuestion(id: String, conversationID: String, content: String, at time: String) throws -> StoredQuestion {
    let last =
      try Int.fetchOne(
        db, sql: "SELECT max(seq) FROM ai_messages WHERE conversation_id = ?", arguments: [conversationID]) ?? 0
    let seq = last + 1 + last % 2
    try db.execute(
      sql: """
        INSERT INTO ai_messages (id, conversation_id, seq, role, content, status, created_at)
        VALUES (?, ?, ?, 'user', \(StoreTransaction.text), 'pending', ?)
        """, arguments: [id, conversationID, seq, Data(content.utf8), time])
    try touchConversation(id: conversationID, addingMessages: 1, at: time)
    try liveness?.hold(id)
    return StoredQuestion(id: id, conversationID: conversationID, seq: seq)
  }

  /// The last question of a conversation and what became of it.
  func lastExchange(inConversation id: String) throws -> LastExchange? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT q.id, q.seq, \(StoreTransaction.bytes("q.content")) AS content, q.status, r.status AS reply_status
        FROM ai_messages q LEFT JOIN ai_messages r ON r.reply_to = q.id AND r.role = 'assistant' AND r.status <> 'superseded'
        WHERE q.conversation_id = ? AND q.role = 'user' ORDER BY q.seq DESC LIMIT 1
        """, arguments: [id]
    ).map { row in
      LastExchange(
        question: StoredQuestion(id: row["id"], conversationID: id, seq: row["seq"]),
        content: StoreTransaction.string(row["content"]),
        questionStatus: try StoreTransaction.status(row["status"]),
        replyStatus: try (row["reply_status"] as String?).map(StoreTransaction.status))
    }
  }

  /// Makes a question `pending` again and holds it for this process.
  func reopenQuestion(_ question: StoredQuestion) throws {
    try setStatus(.pending, errorCode: nil, ofQuestion: question.id)
    try liveness?.hold(question.id)
  }

  /// Exchanges before a question that have a reply fit to be shown to the model, the latest `limit`, oldest first.
  func exchanges(before question: StoredQuestion, limit: Int) throws -> [(question: String, reply: String)] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT \(StoreTransaction.bytes("q.content")) AS question, \(StoreTransaction.bytes("r.content")) AS reply
        FROM ai_messages r JOIN ai_messages q ON q.id = r.reply_to
        WHERE r.conversation_id = ? AND r.seq < ? AND r.role = 'assistant' AND r.status IN ('complete', 'interrupted')
        ORDER BY r.seq DESC LIMIT ?
        """, arguments: [question.conversationID, question.seq, limit]
    ).reversed().map { (StoreTransaction.string($0["question"]), StoreTransaction.string($0["reply"])) }
  }

  /// Adds the beginning of a reply, `streaming`; one that the question had before becomes `superseded`.
  func insertReply(id: String, to question: StoredQuestion, content: [UInt8], modelID: String, at time: String) throws {
    try db.execute(
      sql: "UPDATE ai_messages SET status = 'superseded' WHERE reply_to = ? AND status <> 'superseded'",
      arguments: [question.id])
    let hadReply = db.changesCount > 0
    try db.execute(
      sql: """
        INSERT INTO ai_messages (id, conversation_id, seq, attempt, role, content, status, model_id, reply_to, created_at)
        VALUES (:id, :conversation, :seq, (SELECT coalesce(max(attempt), 0) + 1 FROM ai_messages WHERE reply_to = :question),
          'assistant', \(StoreTransaction.bytesParameter(":content")), 'streaming', :model, :question, :time)
        """,
      arguments: [
        "id": id, "conversation": question.conversationID, "seq": question.seq + 1, "question": question.id,
        "content": Data(content), "model": modelID, "time": time,
      ])
    try touchConversation(id: question.conversationID, addingMessages: hadReply ? 0 : 1, at: time)
  }

  /// - Throws: `Failure` with code `not_found` where the question was deleted while its reply came
  func checkQuestion(id: String) throws {
    guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM ai_messages WHERE id = ?)", arguments: [id]) == true
    else {
      throw Failure(.notFound, "the conversation was deleted while the reply came", hint: "nothing of it is kept")
    }
  }

  /// Adds more text to a reply.
  func appendToReply(id: String, _ content: [UInt8]) throws {
    try db.execute(
      sql: "UPDATE ai_messages SET content = content || \(StoreTransaction.text) WHERE id = ?",
      arguments: [Data(content), id])
  }

  /// Notes how a reply ended.
  func endReply(id: String, _ ending: ReplyEnding) throws {
    try db.execute(
      sql:
        "UPDATE ai_messages SET status = ?, stop_reason = ?, token_count = ?, input_tokens = ?, error_code = ? WHERE id = ?",
      arguments: [
        ending.status.rawValue, ending.stopReason, ending.outputTokens, ending.inputTokens, ending.errorCode, id,
      ])
  }

  /// Notes that nobody works on a question any more: `complete` if it has a reply, else `failed`.
  func settleQuestion(id: String, errorCode: String?) throws {
    let hasReply =
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM ai_messages WHERE reply_to = ? AND status <> 'superseded')",
        arguments: [id]) ?? false
    try setStatus(hasReply ? .complete : .failed, errorCode: hasReply ? nil : errorCode, ofQuestion: id)
  }

  /// Whether there are questions or replies under way whose process is gone.
  func hasAbandonedMessages() throws -> Bool {
    try !abandonedQuestions().isEmpty
  }

  /// Settles questions and replies whose process is gone.
  func settleAbandonedMessages() throws {
    for id in try abandonedQuestions() {
      try db.execute(
        sql:
          "UPDATE ai_messages SET status = 'interrupted', error_code = 'interrupted' WHERE reply_to = ? AND status = 'streaming'",
        arguments: [id])
      try settleQuestion(id: id, errorCode: FailureCode.interrupted.rawValue)
    }
  }

  private func abandonedQuestions() throws -> [String] {
    try String.fetchAll(
      db, sql: "SELECT DISTINCT coalesce(reply_to, id) FROM ai_messages WHERE status IN ('pending', 'streaming')"
    ).filter { liveness?.isHeld($0) == false }
  }

  private func setStatus(_ status: Message.Status, errorCode: String?, ofQuestion id: String) throws {
    try db.execute(
      sql: "UPDATE ai_messages SET status = ?, error_code = ? WHERE id = ?",
      arguments: [status.rawValue, errorCode, id])
  }

  // Text goes in and out as bytes: GRDB's strings end at a NUL, which a model's reply may hold.
  private static let text = bytesParameter("?")
  static func bytesParameter(_ parameter: String) -> String { "CAST(\(parameter) AS TEXT)" }
  private static func bytes(_ column: String) -> String { "CAST(\(column) AS BLOB)" }
  private static func string(_ bytes: Data) -> String { String(decoding: bytes, as: UTF8.self) }

  /// What `message` reads.
  static let selectMessages = """
    SELECT id, conversation_id, role, \(bytes("content")) AS content, token_count, status, stop_reason, model_id, reply_to, created_at
    """

  static func message(_ row: Row) throws -> Message {
    guard let author = Message.Author(rawValue: row["role"]) else {
      throw Failure(.internal, "the database holds an unknown role")
    }
    return Message(
      id: row["id"], conversationID: row["conversation_id"], author: author, content: string(row["content"]),
      tokenCount: row["token_count"], status: try status(row["status"]), stopReason: row["stop_reason"],
      modelID: row["model_id"],
      replyTo: row["reply_to"], createdAt: row["created_at"])
  }

  private static func status(_ text: String) throws -> Message.Status {
    guard let status = Message.Status(rawValue: text) else {
      throw Failure(.internal, "the database holds an unknown status")
    }
    return status
  }
}
