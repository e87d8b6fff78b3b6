import MosaicAICore

extension Session {
  /// Indexes what is not indexed yet, as after an import or an update of the program. A terminal shows if that takes
  /// long. It can be interrupted; the next search goes on with it.
  ///
  /// - Parameter cancellation: ends it early
  /// - Throws: as `ConversationService.indexMessages`; `Failure` with code `interrupted`
  func indexMessages(_ service: ConversationService, _ cancellation: Cancellation = .never) throws {
    let total = try service.unindexedMessages()
    let isShown = total > Session.manyMessages
    defer { if isShown { diagnostics.progress(nil) } }
    var shown = -1
    try service.indexMessages { left in
      try cancellation.check()
      let percent = (total - left) * 100 / max(1, total)
      guard isShown, percent != shown else { return }
      shown = percent
      diagnostics.progress("Indexing messages for search: \(percent) %")
    }
  }

  /// Indexing more takes seconds.
  private static let manyMessages = 30_000
}
