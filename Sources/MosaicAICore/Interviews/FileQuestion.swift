/// A question of a file.
package struct FileQuestion: Equatable, Sendable {
  /// As the file gives it; else made of the text.
  package let id: String
  package let template: QuestionTemplate
  /// The legacy that it is about: a name, an id or a beginning of either; nil for all that are chosen.
  package let legacy: String?
  /// The id of the persona that is to answer; nil for the one that is chosen.
  package let persona: String?
  /// The model that is to answer; nil for the one that is chosen.
  package let modelID: String?
  /// Where it begins in the file, from 1.
  package let line: Int

  init(id: String?, text: String, legacy: String? = nil, persona: String? = nil, modelID: String? = nil, line: Int) {
    self.id = id ?? FileQuestion.id(madeOf: text)
    template = QuestionTemplate(text)
    self.legacy = legacy
    self.persona = persona
    self.modelID = modelID
    self.line = line
  }

  /// 60 bits of a hash: no two of 100,000 questions are alike.
  private static func id(madeOf text: String) -> String { String(hexadecimal(sha256(text)).prefix(15)) }

  /// The words that are asked about a legacy of that name.
  ///
  /// - Throws: `Failure` with code `invalid_input` if they are too many
  func text(about name: String) throws -> String {
    let asked = template.text(about: name)
    // A message has at most as many characters as bytes.
    guard asked.utf8.count > Rules.maximumMessageLength else { return asked }
    return try Rules.message(asked, "the question about \(name)")
  }
}

/// How a file of questions is written.
package enum QuestionFormat: String, CaseIterable, Sendable {
  /// A question a line.
  case lines
  /// RFC 4180, with a header.
  case csv
  /// An object a line.
  case ndjson
  /// An array of objects.
  case json
  /// A list of texts or of mappings.
  case yaml

  /// The format that a file's name tells; nil if it tells none.
  package init?(nameOfFile name: String) {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "txt", "md": self = .lines
    case "csv": self = .csv
    case "ndjson", "jsonl": self = .ndjson
    case "json": self = .json
    case "yaml", "yml": self = .yaml
    default: return nil
    }
  }
}
