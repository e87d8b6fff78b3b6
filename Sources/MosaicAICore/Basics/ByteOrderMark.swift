extension RandomAccessCollection where Element == UInt8 {
  /// Without the UTF-8 byte order mark that some programs write before a text, and that is not part of it.
  package var withoutByteOrderMark: SubSequence {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return starts(with: mark) ? dropFirst(mark.count) : self[...]
  }
}

extension String {
  /// Without white space and byte order marks at its ends, which come along when a name is read from a file: what is
  /// called by a name, a handle or an id is added and found by the same words.
  package var asReference: String { trimmed { $0.properties.isWhitespace || $0.isByteOrderMark } }

  /// Without byte order marks at its ends.
  package var withoutByteOrderMarks: String { trimmed(\.isByteOrderMark) }

  private func trimmed(_ isLeftOut: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.first.map(isLeftOut) == true || unicodeScalars.last.map(isLeftOut) == true else { return self }
    guard let first = unicodeScalars.firstIndex(where: { !isLeftOut($0) }),
      let last = unicodeScalars.lastIndex(where: { !isLeftOut($0) })
    else { return "" }
    return String(unicodeScalars[first...last])
  }
}

extension Unicode.Scalar {
  /// Whether it is the mark that some programs write before a text.
  var isByteOrderMark: Bool { value == 0xfeff }
}
