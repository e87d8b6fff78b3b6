import Foundation
import TestSupport
import Testing

@testable import MosaicAICore

/// Files of questions, in every form.
@Suite struct QuestionFileTests {
  private func read(_ text: String, _ format: QuestionFormat) throws -> [FileQuestion] {
    try QuestionFile(Array(text.utf8), name: "life", format: format).questions
  }

  @Test(
    "The name tells the format, whatever its case",
    arguments: [
      ("a.txt", .lines), ("a.md", .lines), ("a.csv", .csv), ("A.CSV", .csv), ("a.ndjson", .ndjson),
      ("a.jsonl", .ndjson), ("a.json", .json), ("a.yaml", .yaml), ("b.c.yml", .yaml), ("a", nil), ("a.doc", nil),
      ("csv", nil),
    ] as [(String, QuestionFormat?)])
  func formatOfName(name: String, format: QuestionFormat?) {
    #expect(QuestionFormat(nameOfFile: name) == format)
  }

  @Test(
    "The same questions are read from every format, with a byte order mark and CRLF too",
    arguments: [
      (.lines, "# Childhood\n\nWhere?\n \t\nWhen, “exactly”?  \n"), (.lines, "Where?\nWhen, “exactly”?"),
      (.csv, "question\nWhere?\n\"When, “exactly”?\"\n"),
      (.csv, "chapter,question\none,Where?\n\n,\"When, “exactly”?\""),
      (.ndjson, "{\"question\":\"Where?\"}\n\n{\"used\":true,\"question\":\"When, “exactly”? \"}\n"),
      (
        .json,
        "[{\"question\":\"Where?\",\"id\":null},\n{\"question\":\"When, “exactly”?\",\"chapter\":\"x\",\"used\":1}]"
      ),
      (.yaml, "# A list\n- Where?\n- question: When, “exactly”?\n  chapter: one\n"),
      (.yaml, "- \"Where?\"\n- |\n  When, “exactly”?\n"),
    ] as [(QuestionFormat, String)])
  func sameQuestions(format: QuestionFormat, text: String) throws {
    for text in [text, "\u{feff}" + text, text.replacing("\n", with: "\r\n")] {
      let questions = try read(text, format)
      #expect(questions.map(\.template.text) == ["Where?", "When, “exactly”?"])
      #expect(questions.allSatisfy { $0.legacy == nil && $0.persona == nil && $0.modelID == nil })
      #expect(Set(questions.map(\.id)).count == 2 && questions.allSatisfy { $0.id.utf8.count == 15 })
      #expect(
        questions.map(\.id) == (try read("Where?\nWhen, “exactly”?", .lines)).map(\.id), "an id is made of the text")
    }
  }

  @Test("Lines end in CR too, marks begin any line, and a question that nobody sees is none")
  func oddLines() throws {
    let text = "Q1?\r\u{FEFF}# comment\r\n\u{FEFF}\n\u{200B}\n\r\u{FEFF}Q2?\r"
    #expect(try read(text, .lines).map(\.template.text) == ["Q1?", "Q2?"])
    #expect(try read(text, .lines).map(\.line) == [1, 6])
    for (text, format) in [
      ("question\n\"\u{200B}\"\n", .csv), ("{\"question\":\"\u{2060}\"}\n", .ndjson), ("- \"\\u200B\"\n", .yaml),
    ] as [(String, QuestionFormat)] {
      #expect(throws: Failure.self) { try read(text, format) }
    }
  }

  @Test(
    "Id, legacy, persona and model are read where they can be given, and what is empty is not given",
    arguments: [
      (
        .csv,
        "id,question,legacy,persona,model\nq1,Where?,Rose,friend,m.1\n,When?,,,\n"
      ),
      (
        .ndjson,
        """
        {"id":"q1","question":"Where?","legacy":"Rose","persona":"friend","model":"m.1"}
        {"id":"","question":"When?","legacy":"","persona":null}
        """
      ),
      (
        .json,
        """
        [{"id":"q1","question":"Where?","legacy":"Rose","persona":"friend","model":"m.1"},
         {"id":"","question":"When?","legacy":null,"model":""}]
        """
      ),
      (
        .yaml,
        """
        - {id: q1, question: 'Where?', legacy: Rose, persona: friend, model: m.1}\n- question: When?\n  id:\n  legacy: \
        ''\n
        """
      ),
    ] as [(QuestionFormat, String)])
  func columns(format: QuestionFormat, text: String) throws {
    let questions = try read(text, format)
    #expect(
      questions == [
        FileQuestion(
          id: "q1", text: "Where?", legacy: "Rose", persona: "friend", modelID: "m.1", line: questions[0].line),
        FileQuestion(id: nil, text: "When?", line: questions[1].line),
      ])
  }

  @Test("An id may be a number in JSON and YAML, and is taken as it is written")
  func numbers() throws {
    #expect(try read(#"[{"id":7,"question":"Where?"}]"#, .json)[0].id == "7")
    #expect(try read("- id: 007\n  question: 1926\n", .yaml) == [FileQuestion(id: "007", text: "1926", line: 1)])
  }

  @Test("The same question about two legacies may be given twice")
  func twoLegacies() throws {
    let questions = try read("question,legacy\nWhere?,Rose\nWhere?,Ben\n", .csv)
    #expect(questions.map(\.legacy) == ["Rose", "Ben"])
    #expect(questions[0].id == questions[1].id)
  }

  /// What is wrong with a file, the line that the error names, and a fact that it must name.
  static let wrong: [(QuestionFormat, String, Int, String)] = [
    (.lines, "", 1, ""), (.lines, "# Only a heading\n\n", 1, ""), (.lines, "Where?\nWhen?\nWhere?\n", 3, "1"),
    (.lines, "Where?\n\nWhere? \n", 3, "1"), (.lines, "a\0b\n", 1, "NUL"),
    (.lines, "Where?\n" + String(repeating: "x", count: 10_001), 2, "10,001"),
    (.csv, "", 1, ""), (.csv, "question\n", 1, ""), (.csv, "id,text\n1,Where?\n", 1, "text"),
    (.csv, "id\n1\n", 1, "question"), (.csv, "question,question\na,b\n", 1, "question"),
    (.csv, "question,id\nWhere?\n", 2, ""), (.csv, "question,id\nWhere?,1,2\n", 2, "3"),
    (.csv, "question,id\n\n\"a\nb\",1\n\"When?,2\n", 5, ""), (.csv, "question\nA \"b\"\n", 2, ""),
    (.csv, "question\n\"A\" b\n", 2, ""), (.csv, "question,id\nWhere?,1\nWhen?,1\n", 3, "2"),
    (.csv, "question,id\n,1\n", 2, ""), (.csv, "question\n\"\"\n", 2, ""), (.csv, "question\na\rb\n", 2, ""),
    (.csv, "Question\nWhere?\n", 1, "Question"), (.csv, "question,model\nWhere?,a b\n", 2, "model"),
    (.csv, "question,id,legacy\nWhere?,1,Rose\nWhen?,1,\n", 3, "2"),
    (.csv, "question,id,legacy\nWhere?,1,\nWhen?,1,Rose\n", 3, "2"),
    (.csv, "question,id,legacy\nWhere?,1,Rose\nWhen?,1,Rose\n", 3, "2"),
    (.ndjson, "\n", 1, ""), (.ndjson, "{\"question\":\"Where?\"}\n\n{\"question\"\n", 3, ""),
    (.ndjson, "{\"question\":\"Where?\"}\n[]\n", 2, ""), (.ndjson, "{\"question\":7}\n", 1, "question"),
    (.ndjson, "{\"question\":\"a\",\"qestion\":\"b\"}\n", 1, "qestion"),
    (.ndjson, "{\"question\":\"a\",\"question\":\"b\"}\n", 1, "question"), (.ndjson, "{\"id\":\"1\"}\n", 1, ""),
    (.ndjson, "{\"question\":\"\\ud800\"}\n", 1, ""), (.ndjson, "{\"question\":\"a\"} {\"question\":\"b\"}\n", 1, ""),
    (.ndjson, "{\"question\":\"a\",\"id\":1.5}\n", 1, "id"),
    (.json, "[]", 1, ""), (.json, "{\"question\":\"a\"}", 1, ""), (.json, "[{\"question\":\"a\"},\n\n\"b\"]", 3, ""),
    (.json, "[{\"question\":\"a\"},\n{\"question\":\"b\",}]", 2, ""),
    (.json, "[\n{\"question\":\"a\"},\n{\n\"question\":\"a\"}]", 3, "2"), (.json, "[{\"question\":\"a\"}", 1, ""),
    (.json, "[{\"question\":\"a\"}]\n]", 2, ""), (.json, "[\n\n{\"x\":1}]", 3, "x"),
    (.yaml, "", 1, ""), (.yaml, "question: Where?\n", 1, ""), (.yaml, "- a\n- [b]\n", 2, ""),
    (.yaml, "- a\n- question: b\n  x: c\n", 2, "x"), (.yaml, "- a\n- question: b\n  question: c\n", 3, "question"),
    (.yaml, "- a\n- question: [b]\n", 2, "question"), (.yaml, "- a\n-\n", 2, ""),
    (.yaml, "- a\n- What: now?\n", 2, "What"),
    (.yaml, "- a\n- id: b\n", 2, "no question"), (.json, "[{\"id\":\"b\"}]", 1, "no question"),
    (.yaml, "- a\n- \"b\n", 3, ""), (.yaml, "- a\n---\n- b\n", 2, ""),
  ]

  @Test("What is wrong is named with file and line", arguments: Array(wrong.indices))
  func refusal(index: Int) throws {
    let (format, text, line, fact) = Self.wrong[index]
    let failure = try failure { try read(text, format) }
    #expect(failure.code == .invalidInput)
    #expect(failure.message.hasPrefix("life:\(line):"), "\(text.debugDescription): \(failure.message)")
    #expect(fact.isEmpty || failure.message.contains(fact), "\(failure.message)")
  }

  @Test("Bytes that are not UTF-8 are refused with their line", arguments: QuestionFormat.allCases)
  func notUTF8(format: QuestionFormat) throws {
    let bytes = Array("question\nWhere?\n".utf8) + [0xff, 0x0a]
    let failure = try failure { try QuestionFile(bytes, name: "life", format: format) }
    #expect(failure.code == .invalidInput && failure.message.hasPrefix("life:3: ") && failure.message.contains("UTF-8"))
  }

  @Test("There may be 100,000 questions, and not one more")
  func most() throws {
    let lines = (1...100_001).map { "Question \($0)?" }
    #expect(try read(lines.dropLast().joined(separator: "\n"), .lines).count == 100_000)
    let failure = try failure { try read(lines.joined(separator: "\n"), .lines) }
    #expect(failure.message.hasPrefix("life:100001:") && failure.message.contains("100,000"))
  }

  // MARK: Names in questions

  @Test("A question that the name makes too long is refused")
  func tooLong() throws {
    let question = FileQuestion(id: nil, text: String(repeating: "x", count: 9_990) + "{name}", line: 1)
    #expect(try question.text(about: "Rose").unicodeScalars.count == 9_994)
    #expect(try failure { try question.text(about: "Rosemary Elizabeth") }.code == .invalidInput)
    #expect(try question.text(about: "éééé éééé").unicodeScalars.count == 9_999)
  }

  @Test("A key is made of name, question and legacy, and of nothing else")
  func keys() {
    let rose: LegacyID = "00000000-0000-4000-8000-000000000001"
    let ben: LegacyID = "00000000-0000-4000-8000-000000000002"
    let key = IdempotencyKey(interview: "life", questionID: "q1", legacyID: rose)
    #expect(key == IdempotencyKey(interview: "life", questionID: "q1", legacyID: rose))
    let others = [
      IdempotencyKey(interview: "life", questionID: "q2", legacyID: rose),
      IdempotencyKey(interview: "life", questionID: "q1", legacyID: ben),
      IdempotencyKey(interview: "lif", questionID: "eq1", legacyID: rose),
      IdempotencyKey(interview: "life2:", questionID: "q1", legacyID: rose),
    ]
    #expect(Set(others + [key]).count == 5)
    #expect((1...255).contains(key.rawValue.count))
    // It never changes: what was asked by earlier versions would be asked again.
    #expect(key.rawValue == "interview-156ecf8d446bc56a8bd9d69e153ce308accb7fe23b96c487929172da24f096b2")
  }
}

/// CSV as Python's reader understands it.
@Suite struct CSVReaderTests {
  private func read(_ bytes: [UInt8]) throws -> [[String]] {
    try bytes.withUnsafeBufferPointer { bytes in
      var reader = CSVReader(bytes)
      var records: [[String]] = []
      while let record = try reader.next() { records.append(record.fields) }
      return records
    }
  }

  @Test(
    "The examples of RFC 4180",
    arguments: [
      ("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
      ("aaa,bbb,ccc\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
      ("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
      ("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", [["aaa", "b\r\nbb", "ccc"], ["zzz", "yyy", "xxx"]]),
      ("\"aaa\",\"b\"\"bb\",\"ccc\"", [["aaa", "b\"bb", "ccc"]]), (" a , b ", [[" a ", " b "]]),
      (",\n", [["", ""]]), ("\"\"", [[""]]), ("", []), ("\r\n\n", []), ("a,", [["a", ""]]),
    ])
  func examples(text: String, records: [[String]]) throws {
    #expect(try read(Array(text.utf8)) == records)
  }

  @Test("Made-up files are read exactly as Python reads them", .enabled(if: Tool.have("python3")))
  func python() async throws {
    let folder = try TemporaryFolder()
    let script = """
      import csv, io, json, random, sys
      random.seed(20261126)
      alphabet = ['a', 'é', '🌻', ',', '"', '\\n', '\\r\\n', ' ', ';', "'", '\\t', '']
      for number in range(2000):
          columns = random.randint(1, 4)
          rows = [[''.join(random.choice(alphabet) for _ in range(random.randint(0, 6))) for _ in range(columns)]
                  for _ in range(random.randint(1, 5))]
          text = io.StringIO(newline='')
          writer = csv.writer(text, quoting=random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
                              lineterminator=random.choice(['\\r\\n', '\\n']))
          writer.writerows(rows)
          written = text.getvalue()
          if random.random() < 0.5:
              written = written.rstrip('\\r\\n') if not written.endswith('"\\n') else written
          read = [row for row in csv.reader(io.StringIO(written, newline=''), strict=True) if row]
          print(json.dumps([written, read]))
      """
    let ended = try await Command(
      Tool.path("python3"), ["-c", script], variables: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"],
      folder: folder.path, owner: folder
    ).run()
    #expect(ended.status == 0, "\(ended.errors)")
    let cases = try ended.jsonLines()
    #expect(cases.count == 2000)
    for each in cases {
      let text = each[0].string ?? ""
      let expected = each[1].elements.map { $0.elements.map { $0.string ?? "" } }
      #expect(
        try read(Array(text.utf8)).map { $0.map { Array($0.utf8) } } == expected.map { $0.map { Array($0.utf8) } })
    }
  }
}
