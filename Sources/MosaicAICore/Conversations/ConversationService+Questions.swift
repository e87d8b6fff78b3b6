/// A question of the bank, and what has become of it.
package struct BankQuestion: Equatable, Sendable {
  package let question: Question
  /// With the legacy's name; without a legacy, with `{name}`.
  package let text: String
  /// Whether the user has asked it about the legacy; nil without a legacy.
  package let isUsed: Bool?
  /// Whether the user does not want to be asked it about the legacy.
  package let isSkipped: Bool
}

extension ConversationService {
  /// Questions, and what has become of each.
  ///
  /// - Parameter legacy: the name, id or id prefix of a legacy; nil for the only one, or none
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  package func questions(_ questions: [Question], about legacy: String?) throws -> [BankQuestion] {
    try find { transaction, user in
      // With several legacies, or none yet, the questions are about nobody in particular.
      guard
        let meant = try legacy.map({ try resolveLegacy($0, for: user, transaction) })
          ?? (try? onlyLegacy(user, transaction))
      else {
        return questions.map { BankQuestion(question: $0, text: $0.template.text, isUsed: nil, isSkipped: false) }
      }
      return try bankQuestions(questions, about: meant, for: user, transaction)
    }
  }

  /// The first of the questions that the user has neither asked about a legacy nor skipped; nil if there is none.
  ///
  /// - Parameters:
  ///   - legacy: as in `questions(_:about:)`, but not optional
  ///   - isSkipping: skips it from now on
  /// - Throws: `Failure` with code `usage`, `not_found`, `ambiguous` or `forbidden`; as `Store.write`
  package func nextQuestion(
    of questions: [Question], about legacy: String?, skipping isSkipping: Bool
  ) throws -> BankQuestion? {
    func next(_ transaction: StoreTransaction) throws -> BankQuestion? {
      let user = try transaction.user(handle: handle)
      let meant = try legacy.map { try resolveLegacy($0, for: user, transaction) } ?? onlyLegacy(user, transaction)
      let next = try bankQuestions(questions, about: meant, for: user, transaction).first {
        $0.isUsed == false && !$0.isSkipped
      }
      if let next, let user, isSkipping {
        try transaction.skipQuestion(id: next.question.id, of: user, about: meant.id, at: now())
      }
      return next
    }
    return try isSkipping ? store.write(next) : store.find(next)
  }

  private func bankQuestions(
    _ questions: [Question], about legacy: Legacy, for user: User?, _ transaction: StoreTransaction
  ) throws -> [BankQuestion] {
    let skipped = try user.map { try transaction.skippedQuestions(of: $0, about: legacy.id) } ?? []
    let asked = try askedQuestions(of: questions, about: legacy, for: user, transaction)
    return questions.map {
      BankQuestion(
        question: $0, text: $0.template.text(about: legacy.name), isUsed: asked.contains($0.id),
        isSkipped: skipped.contains($0.id))
    }
  }

  /// The ids of those questions that the user has asked about a legacy: a message of theirs has the text, or an
  /// interview has asked it under its key, in other words perhaps.
  private func askedQuestions(
    of questions: [Question], about legacy: Legacy, for user: User?, _ transaction: StoreTransaction
  ) throws -> Set<String> {
    guard let user else { return [] }
    var asked: Set<String> = []
    let finder = QuestionFinder(questions)
    let longest = questions.map { $0.template.text.unicodeScalars.count }.max() ?? 0
    // The name may come more than once, in a question of the user's own.
    let most = min(longest + 10 * Rules.maximumNameLength, Rules.maximumMessageLength)
    try transaction.forEachQuestion(of: user, about: legacy.id, upTo: most) { text in
      asked.formUnion(finder.questions(askedBy: text).map(\.id))
    }
    var keys: Set<IdempotencyKey> = []
    // By their bytes: a name that is written in two ways makes two keys, in conversations with either name.
    var names: Set<[UInt8]> = []
    try transaction.forEachKey(of: user, about: legacy.id, startingWith: IdempotencyKey.interviewPrefix) { name, key in
      names.insert(Array(name.utf8))
      keys.insert(key)
    }
    for name in names.map({ String(decoding: $0, as: UTF8.self) }) {
      asked.formUnion(
        questions.map(\.id).filter {
          keys.contains(IdempotencyKey(interview: name, questionID: $0, legacyID: legacy.id))
        })
    }
    return asked
  }
}
