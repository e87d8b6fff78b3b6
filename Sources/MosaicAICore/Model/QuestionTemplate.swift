/// A question in which `{name}` stands for the name of the person it is about.
package struct QuestionTemplate: Equatable, Sendable {
  /// With `{name}` in it.
  package let text: String
  /// What stands before, between and after the places of the name; nothing if there are none.
  private let pieces: [Substring]

  private static let placeholder = "{name}"

  package init(_ text: String) {
    self.text = text
    var pieces: [Substring] = []
    var (start, rest) = (text.startIndex, text.utf8[...])
    while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
      rest = rest[brace...]
      guard rest.starts(with: QuestionTemplate.placeholder.utf8) else {
        rest = rest.dropFirst()
        continue
      }
      pieces.append(text[start..<brace])
      rest = rest.dropFirst(QuestionTemplate.placeholder.utf8.count)
      start = rest.startIndex
    }
    self.pieces = pieces.isEmpty ? [] : pieces + [text[start...]]
  }

  /// What stands before the first place of the name.
  package var beginning: Substring { pieces.first ?? text[...] }

  /// The question about a person.
  package func text(about name: String) -> String { pieces.isEmpty ? text : pieces.joined(separator: name) }

  /// Whether `asked` is the question with any name, however its accents are written.
  package func isAsked(by asked: String) -> Bool {
    hasBytes(of: asked) || composed.hasBytes(of: asked.composed)
  }

  /// The same in canonical composition.
  var composed: QuestionTemplate { QuestionTemplate(text.composed) }

  /// Whether `asked` is the question with any name, byte for byte.
  func hasBytes(of asked: String) -> Bool {
    guard let first = pieces.first else { return text.utf8.elementsEqual(asked.utf8) }
    let places = pieces.count - 1
    let length = pieces.reduce(asked.utf8.count) { $0 - $1.utf8.count }
    guard length > 0, length % places == 0, asked.utf8.starts(with: first.utf8),
      let name = String(asked.utf8.dropFirst(first.utf8.count).prefix(length / places)),
      name.unicodeScalars.count <= Rules.maximumNameLength
    else { return false }
    return text(about: name).utf8.elementsEqual(asked.utf8)
  }
}
