extension RandomAccessCollection where Element == UInt8 {
  /// Without the UTF-8 byte order mark that some programs write before a text, and that is not part of it.
  package var withoutByteOrderMark: SubSequence {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return starts(with: mark) ? dropFirst(mark.count) : self[...]
  }
}
