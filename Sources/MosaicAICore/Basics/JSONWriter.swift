/// Writes one JSON value piece by piece: objects and arrays are begun, filled and ended. The bytes are those of
/// `JSON.compact` or `JSON.indented`.
package struct JSONWriter {
  /// What is open.
  private enum Level { case object, array }

  private let isIndented: Bool
  private var levels: [(kind: Level, isEmpty: Bool)] = []

  package init(isIndented: Bool = false) { self.isIndented = isIndented }

  /// - Parameter name: in an object
  package mutating func beginObject(_ name: String? = nil, to bytes: inout [UInt8]) {
    begin(.object, "{", name, to: &bytes)
  }

  /// - Parameter name: in an object
  package mutating func beginArray(_ name: String? = nil, to bytes: inout [UInt8]) {
    begin(.array, "[", name, to: &bytes)
  }

  /// - Parameter name: in an object
  package mutating func add(_ value: JSON, _ name: String? = nil, to bytes: inout [UInt8]) {
    introduce(name, to: &bytes)
    value.append(to: &bytes, indentation: isIndented ? levels.count * 2 : nil)
  }

  /// Adds a member to an object.
  package mutating func add(_ member: JSON.Member, to bytes: inout [UInt8]) {
    add(member.value, member.name, to: &bytes)
  }

  /// Ends what was begun last.
  package mutating func end(to bytes: inout [UInt8]) {
    guard let level = levels.popLast() else { return }
    if !level.isEmpty { breakLine(to: &bytes) }
    bytes.append(level.kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
  }

  private mutating func begin(_ kind: Level, _ opening: String, _ name: String?, to bytes: inout [UInt8]) {
    introduce(name, to: &bytes)
    bytes.append(contentsOf: opening.utf8)
    levels.append((kind, true))
  }

  /// What stands between the value and the one before.
  private mutating func introduce(_ name: String?, to bytes: inout [UInt8]) {
    guard !levels.isEmpty else { return }
    if !levels[levels.count - 1].isEmpty { bytes.append(UInt8(ascii: ",")) }
    levels[levels.count - 1].isEmpty = false
    breakLine(to: &bytes)
    guard let name else { return }
    JSON.append(string: name, to: &bytes)
    bytes.append(contentsOf: (isIndented ? ": " : ":").utf8)
  }

  private func breakLine(to bytes: inout [UInt8]) {
    guard isIndented else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: levels.count * 2))
  }
}
