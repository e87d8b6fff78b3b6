extension IdempotencyKey {
  /// What the keys of interviews begin with.
  static let interviewPrefix = "interview-"

  /// The key of a question that an interview of that name asks about a legacy. It never changes, or everything would be
  /// asked again.
  package init(interview name: String, questionID: String, legacyID: LegacyID) {
    // Lengths keep what follows from being taken for a part of what comes before.
    let parts = [name, questionID, legacyID.rawValue].map { "\($0.utf8.count):\($0)" }
    self.init(rawValue: IdempotencyKey.interviewPrefix + hexadecimal(sha256(parts.joined())))
  }
}

/// What the key of an interview's question is made of.
package struct QuestionKey: Sendable {
  /// The name of the interview, as it was typed.
  package let interview: String
  package let questionID: String
  package let legacyID: LegacyID

  /// The key if the interview's conversation has this name.
  func key(under name: String) -> IdempotencyKey {
    IdempotencyKey(interview: name, questionID: questionID, legacyID: legacyID)
  }
}

extension ConversationService {
  /// The names under which questions of an interview have keys, first the one for new questions: those of its
  /// conversations about the legacy, which may be written in another way than what was typed, and what was typed.
  func names(
    ofInterview name: String, about legacyID: LegacyID, for user: User?, _ transaction: StoreTransaction
  ) throws -> [String] {
    let names = try user.map { try transaction.conversationNames(of: $0, about: legacyID) } ?? []
    let others = names.filter { Rules.isSameConversationName($0, name) && !$0.hasSameBytes(as: name) }
    return names.contains { $0.hasSameBytes(as: name) } ? [name] + others : others + [name]
  }

  /// The question of an interview that was asked under any of these names; nil if it was not.
  func asked(
    _ key: QuestionKey, under names: [String], for user: User?, _ transaction: StoreTransaction
  ) throws -> AskedExchange? {
    guard let user else { return nil }
    for name in names {
      if let asked = try transaction.exchange(ofKey: key.key(under: name), of: user) { return asked }
    }
    return nil
  }
}
