/// A configuration file of the AWS CLI, read as botocore reads it: with Python's `RawConfigParser`, and then a value
/// that begins on the next line as a nested table.
///
/// Comments take whole lines, `=` or `:` follows a key, deeper indentation continues a value, keys are in lower case,
/// `[DEFAULT]` gives every section what it lacks, and a section or key that comes twice is an error. A byte order mark
/// is skipped.
struct INIFile: Sendable {
  enum Value: Equatable, Sendable {
    /// A text; if it was continued, its lines are joined by newlines.
    case text(String)
    /// The `key = value` lines below a key that has nothing after its delimiter.
    case table([String: String])
  }

  struct Entry: Equatable, Sendable {
    let value: Value
    /// The line of the key, counted from 1.
    let line: Int
  }

  struct Section: Equatable, Sendable {
    /// The text between the brackets.
    let name: String
    /// By key, in lower case.
    let entries: [String: Entry]
  }

  /// In the order of the file.
  let sections: [Section]

  /// Reads a whole file.
  ///
  /// - Throws: `Failure` with code `config_invalid` and file, line and column
  init(_ bytes: [UInt8], path: String) throws {
    var parser = INIParser(path: path)
    sections = try parser.parse(bytes)
  }
}

/// Reads a file once, line by line.
private struct INIParser {
  /// A value that may continue on the next line.
  private struct OpenEntry {
    var lines: [(text: String, number: Int)]
    let line: Int
  }

  /// A section that may have more entries.
  private struct OpenSection {
    let name: String
    var entries: [String: OpenEntry] = [:]
  }

  private let path: String
  private var sections: [OpenSection] = []
  private var defaults = OpenSection(name: "DEFAULT")
  private var names: Set<String> = []

  init(path: String) { self.path = path }

  /// The sections of a file.
  mutating func parse(_ bytes: [UInt8]) throws -> [INIFile.Section] {
    var isInDefaults = false
    var key: String?
    var indentation = 0
    for (index, line) in try lines(of: bytes).enumerated() {
      let number = index + 1
      let value = pythonStripped(line)
      guard let first = value.unicodeScalars.first else {
        if let key { append("", number, to: key, isInDefaults: isInDefaults) }
        continue
      }
      if first == "#" || first == ";" { continue }
      let indent = line.unicodeScalars.prefix(while: isPythonSpace).count
      if let key, indent > indentation {
        append(value, number, to: key, isInDefaults: isInDefaults)
        continue
      }
      indentation = indent
      if let header = header(in: value) {
        key = nil
        isInDefaults = header == defaults.name
        if !isInDefaults {
          guard names.insert(header).inserted else {
            throw failure(number, indent, "section [\(header)] comes twice", "merge the two sections")
          }
          sections.append(OpenSection(name: header))
        }
        continue
      }
      if sections.isEmpty && !isInDefaults {
        throw failure(number, indent, "text before the first section", "begin the file with a header such as [default]")
      }
      key = try open(value, number, indent, isInDefaults: isInDefaults)
    }
    return try sections.map { section in
      let entries = section.entries.merging(defaults.entries) { own, _ in own }
      return INIFile.Section(name: section.name, entries: try entries.mapValues(close))
    }
  }

  /// Lines end with LF, CRLF or CR.
  private func lines(of bytes: [UInt8]) throws -> [String] {
    var lines: [String] = []
    var line: [UInt8] = []
    var previous: UInt8 = 0
    func finish() throws {
      guard let text = String(validating: line, as: UTF8.self) else {
        throw failure(lines.count + 1, 0, "not UTF-8", "save the file as UTF-8")
      }
      lines.append(text)
      line.removeAll(keepingCapacity: true)
    }
    for byte in bytes.withoutByteOrderMark {
      switch byte {
      case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): break
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): try finish()
      default: line.append(byte)
      }
      previous = byte
    }
    if !line.isEmpty { try finish() }
    return lines
  }

  /// The text between `[` and the last `]` of a line; nil if it is not a header.
  private func header(in line: String) -> String? {
    let scalars = line.unicodeScalars
    guard scalars.first == "[", let end = scalars.lastIndex(of: "]") else { return nil }
    let start = scalars.index(after: scalars.startIndex)
    return start < end ? String(scalars[start..<end]) : nil
  }

  /// Begins an entry; returns its key.
  private mutating func open(_ line: String, _ number: Int, _ indent: Int, isInDefaults: Bool) throws -> String {
    let scalars = line.unicodeScalars
    guard let delimiter = scalars.firstIndex(where: { $0 == "=" || $0 == ":" }), delimiter > scalars.startIndex else {
      throw failure(
        number, indent, "neither a header nor `key = value`",
        "write `key = value`, or begin the line with # to make it a comment")
    }
    let key = pythonStripped(String(scalars[..<delimiter])).lowercased()
    let value = pythonStripped(String(scalars[scalars.index(after: delimiter)...]))
    guard entry(key, isInDefaults: isInDefaults) == nil else {
      let section = isInDefaults ? defaults.name : sections[sections.count - 1].name
      throw failure(number, indent, "`\(key)` comes twice in section [\(section)]", "remove one of the two")
    }
    let entry = OpenEntry(lines: [(value, number)], line: number)
    if isInDefaults { defaults.entries[key] = entry } else { sections[sections.count - 1].entries[key] = entry }
    return key
  }

  /// The current section's entry for a key.
  private func entry(_ key: String, isInDefaults: Bool) -> OpenEntry? {
    isInDefaults ? defaults.entries[key] : sections[sections.count - 1].entries[key]
  }

  /// Adds a line to a value in the current section.
  private mutating func append(_ text: String, _ number: Int, to key: String, isInDefaults: Bool) {
    if isInDefaults {
      defaults.entries[key]?.lines.append((text, number))
    } else {
      sections[sections.count - 1].entries[key]?.lines.append((text, number))
    }
  }

  /// The entry once all its lines are known: a nested table if its first line is empty.
  private func close(_ entry: OpenEntry) throws -> INIFile.Entry {
    let count = entry.lines.lastIndex { !$0.text.isEmpty }.map { $0 + 1 } ?? 0
    let lines = entry.lines.prefix(count)
    guard lines.count > 1, lines[0].text.isEmpty else {
      return INIFile.Entry(value: .text(lines.map(\.text).joined(separator: "\n")), line: entry.line)
    }
    var table: [String: String] = [:]
    for line in lines {
      for part in line.text.unicodeScalars.split(whereSeparator: isPythonLineBreak) {
        let text = pythonStripped(String(part))
        if text.isEmpty { continue }
        guard let equals = text.unicodeScalars.firstIndex(of: "=") else {
          throw failure(
            line.number, 0, "an indented line without `=`",
            "write `key = value` below a key that has no value of its own")
        }
        let scalars = text.unicodeScalars
        table[pythonStripped(String(scalars[..<equals]))] = pythonStripped(
          String(scalars[scalars.index(after: equals)...]))
      }
    }
    return INIFile.Entry(value: .table(table), line: entry.line)
  }

  /// A failure at a place in the file.
  private func failure(_ line: Int, _ indent: Int, _ message: String, _ advice: Advice) -> Failure {
    Failure(.configInvalid, "\(path):\(line):\(indent + 1): \(message)", advice: advice)
  }
}

/// Whether Python's `str.splitlines` ends a line there.
private func isPythonLineBreak(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
  default: false
  }
}
