extension Timestamp {
  /// Reads a time of AWS's files and services, or of programs that stand in for them: whatever the AWS CLI understands,
  /// unless it would have to guess. A time without a zone is refused, as by the AWS CLI. The name of a zone counts only
  /// where it is used, since elsewhere it may be another's.
  init?(aws text: String) {
    guard let time = TimeText.moment(text, zone: Zone.localOffset) else { return nil }
    self = time
  }
}
