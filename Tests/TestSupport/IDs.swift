import Foundation
import Synchronization

@testable import MosaicAICore

extension IDGenerator {
  /// Ids from a list, one after another.
  package static func of(_ ids: [String]) -> IDGenerator {
    let list = IDList(ids)
    return IDGenerator { list.next() }
  }

  private final class IDList: Sendable {
    private let list: Mutex<[String]>

    init(_ ids: [String]) { list = Mutex(ids) }

    func next() -> String { list.withLock { $0.removeFirst() } }
  }
}

/// A new random id.
package func newID<Kind>() -> Identifier<Kind> { Identifier(rawValue: UUID().uuidString.lowercased()) }
