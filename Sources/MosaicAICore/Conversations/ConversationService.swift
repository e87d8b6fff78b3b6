/// Everything that can be done with legacies and conversations, for one user. Every operation is one transaction.
package struct ConversationService: Sendable {
  let store: any Store
  let handle: String
  let now: @Sendable () -> Timestamp
  let ids: IDGenerator
  /// The time zone of the days that the model is reminded of.
  let zone: Zone
  /// How to choose the messages that the model is reminded of.
  package var recallTuning = RecallTuning.standard

  /// - Parameters:
  ///   - handle: the user's; stored with the first thing they add
  ///   - zone: the time zone of the days that the model is reminded of
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

  /// Finds something with the user; nil if they are not in the database yet.
  func find<Result>(_ body: (StoreTransaction, User?) throws -> Result) throws -> Result {
    try store.find { try body($0, $0.user(handle: handle)) }
  }

  /// As `find(_:)`, but passes on what it finds while it finds it, and so does it once.
  func read<Result>(_ body: (StoreTransaction, User?) throws -> Result) throws -> Result {
    try store.read { try body($0, $0.user(handle: handle)) }
  }

  /// The text as the database can store it.
  func storable(_ text: String) -> String {
    store.hasNUL || !text.containsNUL
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{fffd}" : $0 }))
  }

  /// The user, added to the database if necessary.
  func knownUser(_ transaction: StoreTransaction) throws -> User {
    if let user = try transaction.user(handle: handle) { return user }
    let user = User(id: try ids.next(), handle: handle.composed)
    try transaction.insertUser(user, at: now())
    return user
  }
}
