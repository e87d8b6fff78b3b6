/// Where everything is kept: a database that any number of processes use at once.
///
/// Whoever opens a transaction finds no message that a dead process left unfinished: the store settles those first.
package protocol Store: Sendable {
  /// Whether anything can be written; a copy in a place that cannot be written is only looked at.
  var isWritable: Bool { get }
  /// Whether text can hold U+0000; otherwise U+FFFD takes its place.
  var hasNUL: Bool { get }

  /// Reads in one transaction.
  ///
  /// - Throws: `Failure` with code `storage_failed` or `busy`; what `body` throws
  func read<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result

  /// As `read(_:)`, and again if the connection to the database is lost meanwhile: `body` only gives what it finds.
  func find<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result

  /// Writes in one transaction, which waits for its turn and is on disk when this returns.
  ///
  /// - Throws: as `read(_:)`; nothing is written then, and no message claimed
  func write<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result

  /// As `write(_:)`, for a transaction that adds about this number of messages.
  func write<Result>(adding messages: Int, _ body: (StoreTransaction) throws -> Result) throws -> Result

  /// Does everything that `write(_:)` does, and then undoes it.
  ///
  /// - Throws: as `read(_:)`
  func rehearse<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result

  /// Tells everyone that this process no longer answers the message.
  func release(_ message: MessageID)

  /// From now on, waiting for other processes ends with code `interrupted` as soon as `cancellation` is requested.
  func observe(_ cancellation: Cancellation)

  /// For this time, waiting goes on even after cancellation, since something has to be stored first.
  func linger(_ time: Duration)

  /// Removes what was deleted from every file of the database.
  ///
  /// - Throws: `Failure` with code `busy` if other processes kept reading older states for too long
  func eraseDeleted() throws

  /// Does a step of an exchange. A wrapper of the store can measure how long that takes.
  ///
  /// - Parameter body: may report facts about the step
  func step<Result>(_ step: ExchangeStep, _ body: (@escaping ExchangeFacts) throws -> Result) rethrows -> Result
}

extension Store {
  package func find<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result { try read(body) }

  package func step<Result>(
    _ step: ExchangeStep, _ body: (@escaping ExchangeFacts) throws -> Result
  ) rethrows -> Result { try body { _ in } }
}

/// A step on the way from a message to the end of its reply.
package enum ExchangeStep: Sendable {
  /// Everything until the model is asked.
  case begin
  /// The rest, until the reply to this message has ended.
  case answer(MessageID)
  /// Finds the conversation, or starts it.
  case findConversation
  /// Reads what the model is to see.
  case loadContext
  /// Stores a message, or the end of a reply.
  case saveMessage
}

/// A fact about a step.
package enum ExchangeFact {
  /// The conversation that the message belongs to, and whether it begins with it.
  case conversation(Conversation, isNew: Bool)
  /// How many messages the model is to see, and of how many earlier ones it is reminded.
  case context(messages: Int, recalled: Int)
  /// The message that was stored.
  case message(MessageID, Message.Author)
  /// The message whose reply is to come.
  case underWay(MessageID)
  /// Another attempt follows.
  case retry(RetryNotice)
}

/// Takes facts about a step.
package typealias ExchangeFacts = (ExchangeFact) -> Void

/// Which messages are being answered by processes that are still alive.
protocol Claims: Sendable {
  /// Marks the message as being answered by this process.
  ///
  /// - Throws: `Failure` with code `busy` if another process answers it, `storage_failed` if that cannot be known
  func claim(_ message: MessageID) throws
  /// Undoes `claim`.
  func release(_ message: MessageID)
  /// Whether any living process, this one included, answers the message.
  ///
  /// - Throws: `Failure` with code `storage_failed` if that cannot be known
  func isClaimed(_ message: MessageID) throws -> Bool
  /// Those of the messages that no living process answers.
  ///
  /// - Throws: as `isClaimed(_:)`
  func unclaimed(among messages: [MessageID]) throws -> [MessageID]
  /// Whether a message that was claimed here is not any more: somebody else may have claimed it since.
  func isLost(_ message: MessageID) -> Bool
  /// Whether a message that is settled by someone else is no longer this process's, although it goes on.
  var areLostBySettling: Bool { get }
}

extension Identifier<MessageKind> {
  /// What is locked for a claim: 60 bits of a random UUID, so that two unfinished messages never share it in practice.
  var claimNumber: Int64 {
    let digits = rawValue.utf8.filter { $0 != UInt8(ascii: "-") }.suffix(15)
    return Int64(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
  }
}

extension Claims {
  func unclaimed(among messages: [MessageID]) throws -> [MessageID] { try messages.filter { try !isClaimed($0) } }
}

/// Everything that can be read and written in one transaction. Its parts are in the files of `Queries/`.
package final class StoreTransaction {
  let connection: any SQLConnection
  /// Nil if nobody else sees the database, or nobody can write to it.
  private let claims: (any Claims)?
  /// The claims of this transaction, which end if it fails.
  private var claimed: [MessageID] = []

  init(_ connection: any SQLConnection, _ claims: (any Claims)?) {
    self.connection = connection
    self.claims = claims
  }

  var dialect: SQLDialect { connection.dialect }

  /// Marks the message as being answered by this process.
  ///
  /// - Throws: `Failure` with code `busy` if another process answers it
  func claim(_ message: MessageID) throws {
    try claims?.claim(message)
    claimed.append(message)
  }

  /// Takes back every claim of this transaction.
  func releaseClaims() {
    for message in claimed { claims?.release(message) }
    claimed = []
  }

  /// Whether a message that was claimed here is not any more.
  ///
  /// - Parameter isSettled: whether its rows say that nobody is working on it
  func isClaimLost(_ message: MessageID, isSettled: Bool) -> Bool {
    claims.map { $0.isLost(message) || isSettled && $0.areLostBySettling } ?? false
  }

  /// Those of the messages whose processes are gone.
  ///
  /// - Throws: `Failure` with code `storage_failed` if that cannot be known
  func abandoned(among messages: [MessageID]) throws -> [MessageID] {
    messages.isEmpty ? [] : try claims?.unclaimed(among: messages) ?? []
  }
}

extension Advice {
  /// What to do about a database whose file is not in its place any more.
  static let databaseGone: Advice = .either(["put it back", .restoreBackup])
  /// What to do if that happened to a file beside it.
  static let logGone: Advice = "try again, and leave the files beside the database alone while it is in use"
  /// The same for tables on a server.
  static let tablesGone: Advice = "have whoever looks after the server put a copy back, with pg_restore"

  /// Whether what was saved is gone.
  var saysDatabaseIsGone: Bool { [.databaseGone, .logGone, .tablesGone].contains(self) }
}
