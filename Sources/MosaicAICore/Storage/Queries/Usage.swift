/// Messages of one group, one model and one quarter of an hour, or of any if that does not matter.
struct UsageRow {
  let key: String?
  let name: String?
  /// The time at which the quarter begins, up to the minute: `2026-01-31T18:15`.
  let quarter: String?
  /// Of the replies.
  let modelID: String?
  let messages: Int
  let replies: Int
  let tokens: TokenCounts
}

/// The tokens of conversations.
extension StoreTransaction {
  /// Passes on how many messages and tokens the user's conversations have, the groups in the order they are shown in.
  func forEachUsage(
    of user: User, by key: UsageKey, _ filter: ConversationFilter, _ body: (UsageRow) throws -> Void
  ) throws {
    let grouping = StoreTransaction.grouping(by: key, dialect)
    let (first, last) = filter.span.bounds
    var arguments = [SQLValue(user.id), SQLValue(first), SQLValue(last)]
    var conditions: [String] = []
    let sums = ["input_tokens", "token_count", "cache_read_input_tokens", "cache_write_input_tokens"]
      .map { dialect.sum("m.\($0)") }.joined(separator: ", ")
    for (column, value) in [
      ("c.legacy_id", filter.legacyID?.rawValue), ("lower(c.persona_id)", filter.personaID.map(Persona.key)),
    ] {
      guard let value else { continue }
      arguments.append(.text(value))
      conditions.append("AND \(column) = ?\(arguments.count)")
    }
    try connection.forEachRow(
      """
      SELECT \(grouping.key), \(grouping.name), \(grouping.quarter), m.model_id, count(*),
        sum(CASE m.role WHEN 'assistant' THEN 1 ELSE 0 END), \(sums)
      FROM ai_conversations c JOIN legacies l ON l.id = c.legacy_id JOIN ai_messages m ON m.conversation_id = c.id
      WHERE c.user_id = ?1 AND m.created_at >= ?2 AND m.created_at <= ?3
        \(conditions.joined(separator: " "))
      GROUP BY 1, 2, 3, 4 \(grouping.order)
      """, arguments
    ) { row in
      try body(
        UsageRow(
          key: row.optionalText(), name: row.optionalText(), quarter: row.optionalText(), modelID: row.optionalText(),
          messages: try row.integer(), replies: try row.integer(),
          tokens: TokenCounts(
            input: try row.integer(), output: try row.integer(), cacheRead: try row.integer(),
            cacheWrite: try row.integer())))
    }
  }

  /// The columns that messages are grouped by, and their order.
  private static func grouping(
    by key: UsageKey, _ dialect: SQLDialect
  ) -> (key: String, name: String, quarter: String, order: String) {
    let minute = dialect.minute("m.created_at")
    return switch key {
    case .conversation: ("c.id", "c.title", "NULL", "ORDER BY max(c.activity) DESC")
    case .legacy: ("l.id", "l.name", "NULL", "ORDER BY \(dialect.ignoringCase("l.name")), l.id")
    case .persona: ("c.persona_id", "NULL", "NULL", "ORDER BY 1")
    case .user: ("c.user_id", "NULL", "NULL", "ORDER BY 1")
    case .day, .month:
      (
        // Days begin at a quarter of an hour in every time zone there is.
        "NULL", "NULL",
        """
        substr(\(minute), 1, 14) || CASE WHEN substr(\(minute), 15) < '15' THEN '00'
          WHEN substr(\(minute), 15) < '30' THEN '15' WHEN substr(\(minute), 15) < '45' THEN '30' ELSE '45' END
        """, "ORDER BY 3"
      )
    case .model:
      (
        // A question counts with the model of the reply that stands.
        """
        CASE m.role WHEN 'assistant' THEN m.model_id ELSE (SELECT r.model_id FROM ai_messages r
          WHERE r.reply_to = m.id AND r.role = 'assistant' AND r.status <> 'superseded') END
        """, "NULL", "NULL", "ORDER BY 1 NULLS FIRST"
      )
    }
  }
}
