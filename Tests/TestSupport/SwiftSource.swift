import Foundation
import Synchronization

/// A Swift file, taken apart as far as tests of the sources need it.
package struct SwiftSource: Sendable {
  /// A string literal.
  package struct Literal: Sendable {
    /// As it is written, each interpolation as `{}`; several lines as one, with `\n` between them.
    package let text: String
    /// What the parentheses around it belong to, outermost first.
    package let places: [Place]
  }

  /// Parentheses: what is called, and which argument it is.
  package struct Place: Sendable {
    package var callee: String
    package var label: String?
  }

  /// From the folder `Sources`.
  package let path: String
  /// Without comments, and without strings but for what is interpolated into them. Lines stay lines.
  package let code: String
  package let literals: [Literal]
  /// All of it, as it is written.
  package let text: String

  /// Every Swift file below a folder of `Sources`. Taken apart once: that takes seconds, and many tests ask.
  package static func all(below folder: String) throws -> [SwiftSource] {
    try known.withLock { known in
      if let sources = known[folder] { return sources }
      let root = "\(TestFiles.root)/Sources"
      let paths = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)").sorted()
      let sources = try paths.filter { $0.hasSuffix(".swift") }.map {
        try SwiftSource(String(contentsOfFile: "\(root)/\(folder)/\($0)", encoding: .utf8), "\(folder)/\($0)")
      }
      known[folder] = sources
      return sources
    }
  }

  /// The files by their folders.
  private static let known = Mutex<[String: [SwiftSource]]>([:])

  package init(_ text: String, _ path: String = "") {
    var scanner = Scanner(text)
    scanner.scanCode(isInterpolated: false)
    self.path = path
    self.text = text
    code = scanner.code
    literals = scanner.literals
  }

  /// The modules that it imports.
  package var imports: [String] {
    code.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard let index = words.firstIndex(of: "import"),
        words[..<index].allSatisfy({ $0.hasPrefix("@") || ["public", "package", "internal", "private"].contains($0) })
      else { return nil }
      let kinds = ["struct", "class", "enum", "func", "var", "let", "protocol", "typealias"]
      return words.dropFirst(index + 1).first { !kinds.contains($0) }.map { String($0.prefix { $0 != "." }) }
    }
  }

  private struct Scanner {
    private let text: [Character]
    private var index = 0
    private(set) var code = ""
    private(set) var literals: [Literal] = []
    private var places: [Place] = []
    /// The last word of the code, if nothing but spaces came since.
    private var word = ""
    private var wasWord = false
    /// What came last, but for spaces.
    private var last: Character = "\n"

    init(_ text: String) { self.text = Array(text) }

    private func peek(_ offset: Int = 0) -> Character {
      index + offset < text.count ? text[index + offset] : "\n"
    }

    private mutating func skip(to end: (Scanner) -> Bool) {
      while index < text.count, !end(self) {
        if text[index] == "\n" { code.append("\n") }
        index += 1
      }
    }

    /// Up to the end, or to the parenthesis that ends an interpolation.
    mutating func scanCode(isInterpolated: Bool) {
      let depth = places.count
      while index < text.count {
        let character = text[index]
        if character == "/", peek(1) == "/" {
          skip { $0.peek() == "\n" }
        } else if character == "/", peek(1) == "*" {
          skip { $0.peek() == "*" && $0.peek(1) == "/" }
          index += 2
        } else if character == "/", "(,=[{:&|?!".contains(last), !" =/".contains(peek(1)), let end = regexEnd() {
          index = end
          last = "/"
        } else if character == "\"" || (character == "#" && hashes() > 0) {
          scanString(hashes())
          (last, word) = ("\"", "")
        } else {
          index += 1
          code.append(character)
          if isInterpolated, character == ")", places.count == depth {
            code.removeLast()
            return
          }
          note(character)
        }
      }
    }

    private mutating func note(_ character: Character) {
      let isWord = character.isLetter || character.isNumber || character == "_"
      // Spaces end a word without taking it back: it may be what is called, or a label.
      if isWord { word = wasWord ? word + String(character) : String(character) }
      wasWord = isWord
      switch character {
      case "(": places.append(Place(callee: word))
      case ")": _ = places.popLast()
      case ",": if !places.isEmpty { places[places.count - 1].label = nil }
      case ":":
        if !places.isEmpty, !word.isEmpty, places[places.count - 1].label == nil {
          places[places.count - 1].label = word
        }
      default: break
      }
      guard !character.isWhitespace else { return }
      if !isWord { word = "" }
      last = character
    }

    /// How many number signs come before a quotation mark here; 0 if none does.
    private func hashes() -> Int {
      var count = 0
      while peek(count) == "#" { count += 1 }
      return peek(count) == "\"" ? count : 0
    }

    /// The end of the regular expression that begins here; nil if it is not one.
    private func regexEnd() -> Int? {
      var end = index + 1
      while end < text.count, text[end] != "\n" {
        if text[end] == "/" { return end + 1 }
        end += text[end] == "\\" ? 2 : 1
      }
      return nil
    }

    private mutating func scanString(_ hashes: Int) {
      let own = places
      index += hashes
      let marks = peek(1) == "\"" && peek(2) == "\"" ? 3 : 1
      let end = Array(String(repeating: "\"", count: marks) + String(repeating: "#", count: hashes))
      let escape = Array("\\" + String(repeating: "#", count: hashes))
      index += marks
      var literal = ""
      while index < text.count, !text[index...].starts(with: end) {
        if text[index...].starts(with: escape) {
          index += escape.count
          let character = peek()
          index += 1
          switch character {
          case "(":
            literal += "{}"
            code.append(" ")
            scanCode(isInterpolated: true)
            code.append(" ")
          case "\n": code.append("\n")
          case "\"", "\\": literal.append(character)
          default: literal += "\\\(character)"
          }
          if character == "\n" { skipIndentation() }
        } else if text[index] == "\n" {
          code.append("\n")
          index += 1
          if !literal.isEmpty { literal += "\\n" }
          skipIndentation()
        } else {
          literal.append(text[index])
          index += 1
        }
      }
      index += end.count
      if marks == 3, literal.hasSuffix("\\n") { literal.removeLast(2) }
      literals.append(Literal(text: literal, places: own))
    }

    private mutating func skipIndentation() { while peek() == " " { index += 1 } }
  }
}
