import MosaicAICore

/// Collects what is written, and hands it on in large pieces.
struct OutputBuffer: ~Copyable {
  private let output: Output
  private var bytes: [UInt8] = []

  private static let pieceSize = 128 << 10

  init(_ output: Output) { self.output = output }

  /// Writes what `body` appends.
  ///
  /// - Throws: as `Output.write(_:)`
  mutating func write(_ body: (inout [UInt8]) -> Void) throws {
    body(&bytes)
    if bytes.count >= OutputBuffer.pieceSize { try flush() }
  }

  /// Writes `text`.
  ///
  /// - Throws: as `Output.write(_:)`
  mutating func write(_ text: String) throws { try write { $0.append(contentsOf: text.utf8) } }

  /// Hands on what is left: has to be called at the end.
  ///
  /// - Throws: as `Output.write(_:)`
  mutating func flush() throws {
    try output.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}

extension Output {
  /// How a JSON value is laid out here: indented on a terminal.
  var layout: RecordLayout { isTerminal ? .indented : .compact }
}
