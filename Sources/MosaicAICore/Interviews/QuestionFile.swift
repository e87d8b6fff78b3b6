/// A file of questions.
package struct QuestionFile: Sendable {
  /// Its name in errors.
  package let name: String
  /// In the order of the file; at least one.
  package let questions: [FileQuestion]

  /// The most questions that a file may have.
  package static let maximumCount = 100_000

  /// Reads all of a file.
  ///
  /// - Throws: `Failure` with code `invalid_input`: file, line and problem
  package init(_ bytes: [UInt8], name: String, format: QuestionFormat) throws {
    self.name = name
    questions = try bytes.withUnsafeBufferPointer { bytes in
      var reader = QuestionReader(name)
      try reader.read(bytes, format)
      return reader.questions
    }
    if questions.isEmpty { throw QuestionFile.failure("the file has no questions", name, line: 1) }
  }

  /// A failure about a question.
  func failure(_ message: String, about question: FileQuestion) -> Failure {
    QuestionFile.failure(message, name, line: question.line)
  }

  /// A failure to use what a question says, with the place of the question.
  func failure(_ failure: Failure, about question: FileQuestion) -> Failure {
    Failure(failure.code, "\(name):\(question.line): \(failure.message)", advice: failure.advice)
  }

  fileprivate static func failure(_ message: String, _ name: String, line: Int, advice: Advice? = nil) -> Failure {
    Failure(.invalidInput, "\(name):\(line): \(message)", advice: advice)
  }
}

/// Collects the questions of a file.
private struct QuestionReader {
  private let name: String
  private(set) var questions: [FileQuestion] = []
  /// The line of the first question with an id, and whether it is asked about every legacy.
  private var first: [String: (line: Int, isForAll: Bool)] = [:]
  /// The line of each question that is asked about one legacy, by id and legacy.
  private var own: [[String]: Int] = [:]

  /// The columns that a question may have.
  private static let columns = ["question", "id", "legacy", "persona", "model"]
  /// Columns of lists of questions that are ignored here.
  private static let ignoredColumns = ["chapter", "used"]

  init(_ name: String) { self.name = name }

  /// - Throws: `Failure` with code `invalid_input`
  mutating func read(_ all: UnsafeBufferPointer<UInt8>, _ format: QuestionFormat) throws {
    let hasMark = all.starts(with: [0xef, 0xbb, 0xbf])
    let bytes = UnsafeBufferPointer(rebasing: all.dropFirst(hasMark ? 3 : 0))
    try checkEncoding(bytes)
    switch format {
    case .lines: try readLines(bytes)
    case .csv: try readCSV(bytes)
    case .ndjson: try readObjects(bytes)
    case .json: try readArray(bytes)
    case .yaml: try readYAML(bytes)
    }
  }

  private func failure(_ message: String, line: Int, advice: Advice? = nil) -> Failure {
    QuestionFile.failure(message, name, line: line, advice: advice)
  }

  // MARK: Questions

  /// A question as it stands in the file. What is empty is not given.
  private struct Entry {
    var question: String?
    var id: String?
    var legacy: String?
    var persona: String?
    var model: String?

    init(question: String? = nil) { self.question = question }

    /// Sets the value of a column.
    mutating func set(_ column: String, _ value: String?) {
      let given = value?.isEmpty == true ? nil : value
      switch column {
      case "question": question = given
      case "id": id = given
      case "legacy": legacy = given
      case "persona": persona = given
      case "model": model = given
      default: break
      }
    }
  }

  private mutating func add(_ entry: Entry, line: Int) throws {
    guard questions.count < QuestionFile.maximumCount else {
      throw failure("there are more than \(grouped(QuestionFile.maximumCount)) questions", line: line)
    }
    guard let question = entry.question else { throw failure("there is no question", line: line) }
    let text: String
    do {
      text = try Rules.message(question, "the question")
    } catch let problem as Failure {
      throw failure(problem.message, line: line)
    }
    if let model = entry.model, !ModelRequest.isModelID(model) {
      throw failure("the model must be a model id, an inference profile id or an ARN", line: line)
    }
    let read = FileQuestion(
      id: entry.id, text: text, legacy: entry.legacy, persona: entry.persona, modelID: entry.model, line: line)
    if let other = note(read) {
      throw failure(
        entry.id == nil
          ? "the same question is in line \(other) already; give both an id to ask it twice"
          : "the id \"\(visible(read.id, limit: 40))\" is in line \(other) already", line: line)
    }
    questions.append(read)
  }

  /// Gives the line of the question that has the same id already, about the same legacy.
  private mutating func note(_ question: FileQuestion) -> Int? {
    let known = first[question.id]
    guard let legacy = question.legacy else {
      if let known { return known.line }
      first[question.id] = (question.line, true)
      return nil
    }
    if let known, known.isForAll { return known.line }
    if let line = own.updateValue(question.line, forKey: [question.id, legacy]) { return line }
    if known == nil { first[question.id] = (question.line, false) }
    return nil
  }

  /// - Throws: `Failure` for a column or member that is not known
  private func checkColumn(_ column: String, line: Int) throws {
    guard QuestionReader.columns.contains(column) || QuestionReader.ignoredColumns.contains(column) else {
      throw failure(
        "unknown name: \"\(visible(column, limit: 40))\"", line: line,
        advice: Suggestion.advice(for: column, among: QuestionReader.columns)
          ?? "use \(QuestionReader.columns.joined(separator: ", "))")
    }
  }

  // MARK: Formats

  /// - Throws: `Failure` that names the first line that is not UTF-8
  private func checkEncoding(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    try QuestionReader.forEachLine(bytes) { line, number in
      if String(validating: line, as: UTF8.self) == nil {
        throw failure("not valid UTF-8", line: number, advice: "convert it first, for example with `iconv -t UTF-8`")
      }
    }
  }

  /// Calls `body` with each line without its line break (LF, CR LF or CR), and its number.
  private static func forEachLine(
    _ bytes: UnsafeBufferPointer<UInt8>, _ body: (Slice<UnsafeBufferPointer<UInt8>>, Int) throws -> Void
  ) rethrows {
    var (rest, number) = (bytes[...], 0)
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      rest = rest[line.endIndex...]
      let isTwo = rest.starts(with: "\r\n".utf8)
      rest = rest.dropFirst(isTwo ? 2 : 1)
      number += 1
      try body(line, number)
    }
  }

  private mutating func readLines(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    try QuestionReader.forEachLine(bytes) { line, number in
      // Files that were put together have marks where each began.
      let text = String(decoding: line.withoutByteOrderMark, as: UTF8.self)
      if !text.hasPrefix("#"), !Rules.isBlank(text.utf8) { try add(Entry(question: text), line: number) }
    }
  }

  private mutating func readCSV(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    do {
      var reader = CSVReader(bytes)
      guard let (header, line) = try reader.next() else { return }
      for column in header { try checkColumn(column, line: line) }
      if let twice = Dictionary(grouping: header, by: \.self).filter({ $0.value.count > 1 }).keys.min() {
        throw failure("the column \"\(twice)\" is given twice", line: line)
      }
      guard header.contains("question") else { throw failure("the column \"question\" is missing", line: line) }
      while let (fields, line) = try reader.next() {
        guard fields.count == header.count else {
          throw failure("\(counted(fields.count, "field")), but the header has \(header.count)", line: line)
        }
        var entry = Entry()
        for (column, field) in zip(header, fields) { entry.set(column, field) }
        try add(entry, line: line)
      }
    } catch let error as CSVReader.Malformed {
      throw failure(error.message, line: error.line)
    }
  }

  private mutating func readObjects(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var start = 0
    var number = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<end])
      start = end + 1
      number += 1
      guard line.contains(where: { ![0x20, 0x09, 0x0d].contains($0) }) else { continue }
      var cursor = JSONCursor(line)
      do {
        let value = try cursor.readValue()
        try cursor.finish()
        try add(value, cursor, line: number)
      } catch let error as JSONCursor.Malformed {
        throw failure("not valid JSON: look at byte \(error.offset + 1) of the line", line: number)
      }
    }
  }

  private mutating func readArray(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var cursor = JSONCursor(UnsafeRawBufferPointer(bytes))
    /// The line of a place, which is not before the last one.
    var (line, counted) = (1, 0)
    func number(of offset: Int) -> Int {
      line += bytes[counted..<min(offset, bytes.count)].count { $0 == UInt8(ascii: "\n") }
      counted = min(offset, bytes.count)
      return line
    }
    do {
      guard try cursor.beginArrayOrSkip() else {
        throw failure("expected an array of objects, each with a \"question\"", line: 1)
      }
      var isFirst = true
      while let offset = try cursor.nextElement(isFirst: &isFirst) {
        let start = number(of: offset)
        try add(cursor.readValue(), cursor, line: start)
      }
      try cursor.finish()
    } catch let error as JSONCursor.Malformed {
      throw failure("not valid JSON", line: number(of: error.offset))
    }
  }

  /// Adds what an object says.
  private mutating func add(_ value: JSON, _ cursor: JSONCursor, line: Int) throws {
    guard !cursor.hasReplacedText else {
      throw failure("half of a surrogate pair, which is not a character", line: line)
    }
    guard let members = value.members else {
      throw failure("expected an object with a \"question\"", line: line)
    }
    var entry = Entry()
    for (index, member) in members.enumerated() {
      try checkColumn(member.name, line: line)
      guard !members[..<index].contains(where: { $0.name == member.name }) else {
        throw failure("\"\(member.name)\" is given twice", line: line)
      }
      if QuestionReader.ignoredColumns.contains(member.name) { continue }
      switch member.value {
      case .null: break
      case .string(let text): entry.set(member.name, text)
      case .integer(let number) where member.name == "id": entry.set("id", String(number))
      default: throw failure("\"\(member.name)\" must be text", line: line)
      }
    }
    try add(entry, line: line)
  }

  private mutating func readYAML(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    try YAMLFile.forEachItem(of: bytes, path: name, code: .invalidInput) { item in
      switch item.content {
      case .text(let text): try add(Entry(question: text), line: item.line)
      case .mapping(let mapping):
        var entry = Entry()
        for column in mapping.keys {
          try checkColumn(column, line: item.line)
          if QuestionReader.columns.contains(column) { entry.set(column, try mapping.scalar(column)) }
        }
        try add(entry, line: item.line)
      }
    }
  }
}
