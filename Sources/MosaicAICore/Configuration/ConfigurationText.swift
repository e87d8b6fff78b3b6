/// `config.yaml` as text, changed setting by setting: comments, order and everything else stay.
package struct ConfigurationText: Equatable, Sendable {
  /// Without what ends them.
  private var lines: [Line]
  /// The byte order mark that the file begins with, if it does.
  private let mark: ArraySlice<UInt8>
  private let path: String
  private let formats: [String]

  /// - Parameters:
  ///   - path: of the file, for errors
  ///   - formats: what `output` may be
  /// - Throws: `Failure` with code `config_invalid` for a file that cannot be read as one
  package init(_ bytes: [UInt8], path: String, formats: [String]) throws {
    _ = try ConfigurationFile(bytes, path: path, formats: formats)
    let text = bytes.withoutByteOrderMark
    mark = bytes.dropLast(text.count)
    lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Line.init)
    if lines.last?.text == "" { lines.removeLast() }
    self.path = path
    self.formats = formats
  }

  /// The text as it is written.
  package var bytes: [UInt8] { mark + lines.flatMap(\.bytes) }

  /// A line of the file, which may end as on Windows.
  private struct Line: Equatable {
    let text: String
    let hasReturn: Bool

    init(_ bytes: ArraySlice<UInt8>) {
      hasReturn = bytes.last == UInt8(ascii: "\r")
      text = String(decoding: hasReturn ? bytes.dropLast() : bytes, as: UTF8.self)
    }

    init(_ text: String, hasReturn: Bool) {
      self.text = text
      self.hasReturn = hasReturn
    }

    var bytes: [UInt8] { text.utf8 + (hasReturn ? Array("\r\n".utf8) : [UInt8(ascii: "\n")]) }
  }

  /// A new line, which ends as the first one does.
  private func line(_ text: String) -> Line { Line(text, hasReturn: lines.first?.hasReturn == true) }

  /// The setting of that name.
  ///
  /// - Throws: `Failure` with code `usage` for one that the file cannot have
  package static func setting(named name: String) throws -> Setting {
    let (known, name) = (ConfigurationFile.settings, name.asReference)
    if let setting = known.first(where: { $0.rawValue == name }) { return setting }
    let names = known.map(\.rawValue)
    let typed = name.replacing("-", with: "_")
    throw Failure(
      .usage, "unknown setting \(visible(name))",
      advice: Suggestion.advice(for: typed, among: names) ?? .text("use one of \(names.joined(separator: ", "))"))
  }

  /// The value of a setting as it is typed, JSON for a mapping; nil if it is not set.
  package func value(of setting: Setting) -> String? {
    guard let root = try? YAMLFile(bytes, path: path, code: .configInvalid).root else { return nil }
    if let text = try? root.text(setting.rawValue) { return text }
    return (try? root.json(setting.rawValue))?.compact
  }

  /// Sets a setting in its place, or at the end if it is not there yet.
  ///
  /// - Throws: `Failure` with code `usage` for a value that it cannot have, `config_invalid` if the file is written in
  ///   a way that does not let it be changed
  package mutating func set(_ setting: Setting, to value: String) throws {
    let written = try written(setting, value)
    var changed = self
    if let range = place(of: setting) {
      let comment = ConfigurationText.comment(after: lines[range.lowerBound].text).map { "  \($0)" } ?? ""
      changed.lines.replaceSubrange(range, with: [line("\(setting.rawValue): \(written)\(comment)")])
    } else {
      changed.lines.append(line("\(setting.rawValue): \(written)"))
    }
    try changed.check(against: self, changing: setting)
    // What looked like the key may be a part of a value of several lines.
    let alone = try ConfigurationText(Array("\(setting.rawValue): \(written)\n".utf8), path: path, formats: formats)
    guard changed.value(of: setting) == alone.value(of: setting) else { throw unchangeable }
    self = changed
  }

  /// Removes a setting. Gives false if it was not set.
  ///
  /// - Throws: `Failure` with code `config_invalid` if the file is written in a way that does not let it be changed
  package mutating func unset(_ setting: Setting) throws -> Bool {
    guard value(of: setting) != nil else { return false }
    guard let range = place(of: setting) else { throw unchangeable }
    var changed = self
    changed.lines.removeSubrange(range)
    try changed.check(against: self, changing: setting)
    guard changed.value(of: setting) == nil else { throw unchangeable }
    self = changed
    return true
  }

  /// A value as it is written into the file, once it is known that a reader takes it.
  private func written(_ setting: Setting, _ value: String) throws -> String {
    let unwritable: [Unicode.GeneralCategory] = [.control, .lineSeparator, .paragraphSeparator]
    guard !value.unicodeScalars.contains(where: { unwritable.contains($0.properties.generalCategory) }) else {
      throw Failure(.usage, "\(setting.rawValue) must be one line without control characters")
    }
    var refusal: Failure?
    // Text is quoted if it has to be; anything else is written as it is, or without escapes that YAML does not have.
    let json = try? JSON(parsing: value.utf8, keepingNumbers: true, isRepairing: false).compact
    for written in [ConfigurationText.scalar(value), value, json].compactMap(\.self) {
      do {
        _ = try ConfigurationFile(Array("\(setting.rawValue): \(written)\n".utf8), path: "", formats: formats)
        return written
      } catch {
        // An error inside a mapping shows only if the value is read as one.
        if refusal == nil || value.hasPrefix("{") { refusal = .from(error) }
      }
    }
    // Without the place of the value, which is in no file yet.
    let message = refusal?.message ?? ""
    let reason = message.firstRange(of: ": ").map { String(message[$0.upperBound...]) } ?? message
    throw Failure(.usage, reason, advice: refusal?.advice)
  }

  /// A text as YAML has it: plain if that is safe, else in single quotes.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { isASCIIAlphanumeric($0) || "/._-+@:".utf8.contains($0) }
      && text.utf8.first.map { isASCIIAlphanumeric($0) || $0 == UInt8(ascii: "/") } == true && !text.hasSuffix(":")
      && !["null", "Null", "NULL"].contains(text)
    return isPlain ? text : "'\(text.replacingScalars("'", with: "''"))'"
  }

  /// The lines of a setting: its key's, and those of its value below.
  private func place(of setting: Setting) -> Range<Int>? {
    let key = setting.rawValue
    let start = lines.firstIndex { line in
      [key, "\"\(key)\"", "'\(key)'"].contains { key in
        line.text.hasPrefix(key) && line.text.dropFirst(key.count).drop { $0 == " " || $0 == "\t" }.first == ":"
      }
    }
    guard let start else { return nil }
    let after = lines[(start + 1)...]
    let next = after.firstIndex { line in line.text.first.map { $0 != " " && $0 != "\t" } ?? false }
    // Blank lines and comments before what follows belong to that; in a block of text they are a part of it.
    let value = ConfigurationText.value(on: lines[start].text).unicodeScalars.first
    let isBlock = value == "|" || value == ">"
    var end = next ?? lines.endIndex
    while end > start + 1 {
      let text = lines[end - 1].text.drop(while: \.isWhitespace)
      guard text.isEmpty || (!isBlock && text.hasPrefix("#")) else { break }
      end -= 1
    }
    return start..<end
  }

  /// What follows the key on its line, without white space before it.
  private static func value(on line: String) -> Substring {
    guard let colon = line.unicodeScalars.firstIndex(of: ":") else { return "" }
    return line[line.unicodeScalars.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
  }

  /// The comment after a value on its line: a number sign after white space that is not quoted.
  private static func comment(after line: String) -> Substring? {
    let scalars = value(on: line).unicodeScalars
    // A quote opens where a value begins, within braces and brackets where one of theirs does, and where one was closed
    // just before: two single quotes stand for one.
    let openers: Set<Unicode.Scalar> = scalars.first == "{" || scalars.first == "[" ? ["{", "[", ",", ":"] : []
    var quote: Unicode.Scalar?
    var isEscaped = false
    // What came before, and the last of it that is no white space.
    var (before, last): (Unicode.Scalar, Unicode.Scalar?) = (" ", nil)
    for index in scalars.indices {
      let scalar = scalars[index]
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if scalar == "\\", open == "\"" {
          isEscaped = true
        } else if scalar == open {
          quote = nil
        }
      } else if scalar == "#", before == " " || before == "\t" {
        return Substring(scalars[index...])
      } else if scalar == "'" || scalar == "\"", last.map(openers.contains) ?? true || before == scalar {
        quote = scalar
      }
      before = scalar
      if scalar != " ", scalar != "\t" { last = scalar }
    }
    return nil
  }

  /// - Throws: `Failure` with code `config_invalid` if a reader would refuse the text, or find another setting changed
  private func check(against before: ConfigurationText, changing setting: Setting) throws {
    guard (try? ConfigurationFile(bytes, path: path, formats: formats)) != nil,
      ConfigurationFile.settings.allSatisfy({ $0 == setting || value(of: $0) == before.value(of: $0) })
    else { throw unchangeable }
  }

  private var unchangeable: Failure {
    Failure(
      .configInvalid, "\(path) is written in a way that cannot be changed here",
      advice: "change it in an editor, or write it as one `name: value` a line")
  }
}
