import SQLite
import Synchronization

@testable import MosaicAICore

/// A database in a temporary folder, and the services of the people who use it.
package struct Household {
  package let folder: TemporaryFolder
  package let store: SQLiteStore
  /// The time, for everybody.
  package let clock = Clock()

  /// A clock that the test sets.
  package final class Clock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_795_414_382_000))
    package var now: Timestamp {
      get { time.withLock { $0 } }
      set { time.withLock { $0 = newValue } }
    }
  }

  package init() throws {
    // A service may be used for longer than its household.
    folder = try TemporaryFolder().kept
    store = try SQLiteStore.open(path: "\(folder.path)/db")
  }

  /// Stops the database from growing, as a full disk would, or lets it grow again.
  package func setDiskFull(_ isFull: Bool) throws {
    try store.execute("PRAGMA max_page_count = \(isFull ? 1 : 1_000_000)")
  }

  /// Another connection to the same database, as another process would have.
  package func anotherStore() throws -> SQLiteStore { try SQLiteStore.open(path: "\(folder.path)/db") }

  package func service(_ handle: String = "ada", store: (any Store)? = nil) throws -> ConversationService {
    try ConversationService(store: store ?? self.store, handle: handle, now: { [clock] in clock.now })
  }
}

extension SQLiteStore {
  /// Runs SQL that no query of ours has.
  package func execute(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
    try queue.writeWithoutTransaction { try $0.execute(sql: sql, arguments: arguments) }
  }
}

/// The built-in personas.
package func builtInPersonas() throws -> PersonaCatalog { try PersonaCatalog.load(overlay: nil, path: "personas.yaml") }
