extension Timestamp {
  /// Reads a time of AWS's files and services, or of programs that stand in for them: whatever the AWS CLI understands,
  /// unless it would have to guess. A time without a zone is refused, as by the AWS CLI.
  init?(aws text: String) {
    guard let time = TimeText.moment(text) else { return nil }
    self = time
  }
}
