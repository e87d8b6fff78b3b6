import ArgumentParser

/// What a shell offers for names that only the database and the user's files know.
extension CompletionKind {
  static let personas = shellCommand("mosaic-ai personas list --output text 2>/dev/null | cut -f 1")
  static let legacies = shellCommand("mosaic-ai legacies list --output text 2>/dev/null | cut -f 2")
  static let conversations = shellCommand("mosaic-ai conversations list --output text 2>/dev/null | cut -f 1")
}
