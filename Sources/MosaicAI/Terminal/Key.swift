/// A key, or something pasted.
enum Key: Equatable {
  /// A scalar of a text.
  case text(Unicode.Scalar)
  /// A byte that belongs to no text in UTF-8.
  case invalid(UInt8)
  /// All of what was pasted at once.
  case paste([UInt8])
  case enter
  /// Begins another line of the same text.
  case newLine
  case left, right, up, down
  case wordLeft, wordRight
  case lineStart, lineEnd
  case textStart, textEnd
  case erase, eraseForward
  /// Back to white space.
  case eraseWord
  /// Back to the beginning of a word, and on to its end.
  case eraseWordBack, eraseWordForward
  case eraseToStart, eraseToEnd
  /// Inserts what was erased last.
  case yank
  case clearScreen
  case interrupt, end, stop, quit
}

/// Makes keys of the bytes that a terminal sends (ECMA-48 and xterm's control sequences).
struct KeyDecoder {
  private enum State: Equatable {
    case text
    /// The bytes of a scalar so far.
    case scalar([UInt8])
    case escape
    /// An escape, and what introduces the sequence of a key.
    case sequence([UInt8])
    /// A control string, such as an answer of the terminal's that comes too late: to its end, BEL or an escape and a
    /// backslash (ECMA-48 §5.6).
    case controlString(last: UInt8)
    /// The rest of a scalar that Alt was pressed with: so many bytes.
    case skipped(Int)
    case paste([UInt8])
  }

  private var state = State.text
  /// Whether an escape came before the escape of the sequence, as some terminals send for Alt.
  private var hasAlt = false

  /// How long the next byte of an escape that is under way may take: after that it was a key by itself. Nil if none is
  /// under way.
  var patience: Duration? {
    switch state {
    // Nothing comes after the Escape key; what follows an escape of other keys is there at once.
    case .escape, .controlString: .milliseconds(50)
    // It cannot be the Escape key any more. A slow connection may cut it, even that of a paste.
    case .sequence: .seconds(1)
    case .text, .scalar, .skipped, .paste: nil
    }
  }

  /// Takes the next byte. Gives the keys that are complete now.
  mutating func decode(_ byte: UInt8) -> [Key] {
    switch state {
    case .text: return begin(byte)
    case .scalar(let bytes): return goOn(bytes, byte)
    case .escape: return escaped(byte).map { [$0] } ?? []
    case .sequence(var bytes):
      bytes.append(byte)
      // The introducer itself is in that range too, which the Linux console sends twice for some keys.
      guard bytes.count > 1, !bytes.elementsEqual("[[".utf8), (0x40...0x7e).contains(byte) || bytes.count > 64 else {
        state = .sequence(bytes)
        return []
      }
      let key = KeyDecoder.key(sequence: bytes, hasAlt: hasAlt)
      state = bytes.elementsEqual("[200~".utf8) ? .paste([]) : .text
      return key.map { [$0] } ?? []
    case .controlString(let last):
      let isEnd = byte == 0x07 || (last == 0x1b && byte == UInt8(ascii: "\\"))
      state = isEnd ? .text : .controlString(last: byte)
      return []
    case .skipped(let count):
      guard (0x80..<0xc0).contains(byte) else {
        state = .text
        return begin(byte)
      }
      state = count > 1 ? .skipped(count - 1) : .text
      return []
    case .paste(var bytes):
      // Taken out of the state, so that adding to it copies nothing.
      state = .text
      bytes.append(byte)
      let end = Array("\u{1b}[201~".utf8)
      if byte == end.last, bytes.suffix(end.count).elementsEqual(end) {
        return [.paste(KeyDecoder.withUnixLines(bytes.dropLast(end.count)))]
      }
      state = .paste(bytes)
      return []
    }
  }

  /// Nothing more came of an escape, which does nothing then.
  mutating func endEscape() { state = .text }

  private mutating func begin(_ byte: UInt8) -> [Key] {
    switch byte {
    case 0x1b:
      state = .escape
      hasAlt = false
      return []
    case ..<0x20, 0x7f: return KeyDecoder.control(byte).map { [$0] } ?? []
    case ..<0x80: return [.text(Unicode.Scalar(byte))]
    case 0xc2..<0xf5:
      state = .scalar([byte])
      return []
    default: return [.invalid(byte)]
    }
  }

  /// A byte after the first ones of a scalar.
  private mutating func goOn(_ bytes: [UInt8], _ byte: UInt8) -> [Key] {
    guard (0x80..<0xc0).contains(byte) else {
      state = .text
      return bytes.map(Key.invalid) + begin(byte)
    }
    let bytes = bytes + [byte]
    let count = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4
    guard bytes.count == count else {
      state = .scalar(bytes)
      return []
    }
    state = .text
    guard let scalar = String(validating: bytes, as: UTF8.self)?.unicodeScalars.first else {
      return bytes.map(Key.invalid)
    }
    return [.text(scalar)]
  }

  private mutating func escaped(_ byte: UInt8) -> Key? {
    state = .text
    switch Unicode.Scalar(byte) {
    case "[", "O": state = .sequence([byte])
    // OSC, DCS, APC, PM and SOS.
    case "]", "P", "_", "^", "X": state = .controlString(last: byte)
    case _ where (0xc2..<0xf5).contains(byte): state = .skipped(byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3)
    case "\u{1b}":
      state = .escape
      hasAlt = true
    case "\r", "\n": return .newLine
    case "b", "B": return .wordLeft
    case "f", "F": return .wordRight
    case "d", "D": return .eraseWordForward
    case "\u{7f}", "\u{8}": return .eraseWordBack
    case "<": return .textStart
    case ">": return .textEnd
    default: break
    }
    return nil
  }

  private static func control(_ byte: UInt8) -> Key? {
    switch byte {
    // A Ctrl-D from before the keys were taken is kept by the terminal as a null.
    case 0x00, 0x04: .end
    case 0x01: .lineStart
    case 0x02: .left
    case 0x03: .interrupt
    case 0x05: .lineEnd
    case 0x06: .right
    case 0x08, 0x7f: .erase
    case 0x09: .text("\t")
    case 0x0a, 0x0d: .enter
    case 0x0b: .eraseToEnd
    case 0x0c: .clearScreen
    case 0x0e: .down
    case 0x10: .up
    case 0x15: .eraseToStart
    case 0x17: .eraseWord
    case 0x19: .yank
    case 0x1a: .stop
    case 0x1c: .quit
    default: nil
    }
  }

  /// The key that sends a sequence: its introducer, parameters and final byte.
  private static func key(sequence: [UInt8], hasAlt: Bool) -> Key? {
    // F1 to F5 of the Linux console.
    guard !sequence.starts(with: "[[".utf8) else { return nil }
    let parameters = String(decoding: sequence.dropFirst().dropLast(), as: UTF8.self).split(
      separator: ";", omittingEmptySubsequences: false
    ).map { Int($0) ?? 0 }
    func parameter(_ index: Int) -> Int { parameters.indices.contains(index) ? parameters[index] : 0 }
    // One more than a sum: 1 for Shift, 2 for Alt, 4 for Ctrl.
    let modifiers = max(0, parameter(1) - 1)
    let isByWord = hasAlt || modifiers & 6 != 0
    let hasControl = modifiers & 4 != 0
    switch Unicode.Scalar(sequence.last ?? 0) {
    case "A": return .up
    case "B": return .down
    case "C": return isByWord ? .wordRight : .right
    case "D": return isByWord ? .wordLeft : .left
    // What rxvt sends with Ctrl.
    case "c" where sequence[0] == UInt8(ascii: "O"): return .wordRight
    case "d" where sequence[0] == UInt8(ascii: "O"): return .wordLeft
    case "H": return hasControl ? .textStart : .lineStart
    case "F": return hasControl ? .textEnd : .lineEnd
    // Of a keypad.
    case "M" where sequence[0] == UInt8(ascii: "O"): return .enter
    case "u" where parameter(0) == 13: return modifiers > 0 ? .newLine : .enter
    case "~":
      switch parameter(0) {
      case 1, 7: return hasControl ? .textStart : .lineStart
      case 3: return isByWord ? .eraseWordForward : .eraseForward
      case 4, 8: return hasControl ? .textEnd : .lineEnd
      case 27 where parameter(2) == 13: return .newLine
      default: return nil
      }
    default: return nil
    }
  }

  /// A terminal sends what is pasted with carriage returns.
  private static func withUnixLines(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var lines: [UInt8] = []
    var isAfterReturn = false
    for byte in bytes {
      if !(byte == 0x0a && isAfterReturn) { lines.append(byte == 0x0d ? 0x0a : byte) }
      isAfterReturn = byte == 0x0d
    }
    return lines
  }
}
