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
