import Synchronization

/// Ids from a list, one after another.
final class IDs: Sendable {
  private let list: Mutex<[String]>

  init(_ ids: [String]) { list = Mutex(ids) }

  @Sendable func next() -> String { list.withLock { $0.removeFirst() } }
}
