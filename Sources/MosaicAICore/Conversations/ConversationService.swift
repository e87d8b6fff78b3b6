/// Everything that can be done with legacies and conversations, for one user. Every operation is one transaction.
package struct ConversationService: Sendable {
  let store: any Store
  let handle: String
  let now: @Sendable () -> Timestamp
  let ids: IDGenerator
  /// Whose dates the days have of which the model is reminded.
  let zone: Zone
  /// How the messages are chosen of which the model is reminded.
  package var recallTuning = RecallTuning.standard

  /// - Parameters:
  ///   - handle: who is typing; the database learns it with the first thing they add
  ///   - zone: whose dates the days have of which the model is reminded
  /// - Throws: `Failure` with code `invalid_input` for a handle that cannot be one
  package init(
    store: any Store, handle: String, now: @escaping @Sendable () -> Timestamp = Timestamp.now,
    ids: IDGenerator = .random, zone: Zone = .utc
  ) throws {
    self.store = store
    self.handle = try Rules.name(handle, "the user's handle")
    self.now = now
    self.ids = ids
    self.zone = zone
  }

  /// Runs a query with the user as the database knows them; nil if it does not yet.
  func read<Result>(_ body: (StoreTransaction, User?) throws -> Result) throws -> Result {
    try store.read { try body($0, $0.user(handle: handle)) }
  }

  /// The text as the database can store it.
  func storable(_ text: String) -> String {
    store.hasNUL || !text.utf8.contains(0)
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{fffd}" : $0 }))
  }

  /// The user as the database knows them, added if necessary.
  func knownUser(_ transaction: StoreTransaction) throws -> User {
    if let user = try transaction.user(handle: handle) { return user }
    let user = User(id: try ids.next(), handle: handle.composed)
    try transaction.insertUser(user, at: now())
    return user
  }
}
