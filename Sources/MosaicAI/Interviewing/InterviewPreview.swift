import MosaicAICore

/// What an interview would ask, question after question.
struct InterviewPreview: ~Copyable {
  private let interview: Interview
  private let jobs: Int
  private let format: OutputFormat
  private let session: Session
  private var buffer: OutputBuffer
  private var value: JSONWriter
  private var summary: InterviewSummary

  init(_ interview: Interview, jobs: Int, _ format: OutputFormat, _ session: Session) {
    self.interview = interview
    self.jobs = jobs
    self.format = format
    self.session = session
    buffer = OutputBuffer(session.output)
    value = JSONWriter(isIndented: session.output.isTerminal)
    summary = InterviewSummary(questions: interview.count)
  }

  mutating func begin() throws {
    let start = InterviewEvent.began(interview.start(jobs: jobs))
    switch format {
    case .text: break
    case .ndjson: try writeLine(start)
    case .json:
      var bytes: [UInt8] = []
      value.beginObject(to: &bytes)
      value.add(.object(start.members(session.wording)), "interview", to: &bytes)
      value.beginArray("questions", to: &bytes)
      try write(bytes)
    }
  }

  mutating func add(_ question: InterviewQuestion, _ isAnswered: Bool) throws {
    if isAnswered { summary.replayed += 1 }
    let members = question.members + [JSON.Member("answered", .bool(isAnswered))]
    switch format {
    case .text:
      let fields = [isAnswered ? "answered" : "to ask", question.legacyName, question.id, question.text]
      if session.output.isTerminal {
        let line = TextWidth.fit(fields.map(SafeText.line).joined(separator: "  "), in: session.output.width - 1)
        try buffer.write((isAnswered ? session.output.style.faint(line) : line) + "\n")
      } else {
        try buffer.write(fields.map(SafeText.line).joined(separator: "\t") + "\n")
      }
    case .ndjson: try write(JSON.object([JSON.Member("type", "question")] + members))
    case .json:
      var bytes: [UInt8] = []
      value.add(.object(members), to: &bytes)
      try write(bytes)
    }
  }

  mutating func end() throws {
    let end = InterviewEvent.ended(summary)
    switch format {
    case .text:
      session.diagnostics.remark(
        "\(grouped(summary.remaining)) of \(counted(summary.questions, "question")) would be asked.")
    case .ndjson: try writeLine(end)
    case .json:
      var bytes: [UInt8] = []
      value.end(to: &bytes)
      value.add(.object(end.members(session.wording)), "summary", to: &bytes)
      value.end(to: &bytes)
      try write(bytes + [UInt8(ascii: "\n")])
    }
    try buffer.flush()
  }

  private mutating func writeLine(_ event: InterviewEvent) throws {
    if let record = event.record(session.wording) { try write(record) }
  }

  private mutating func write(_ line: JSON) throws {
    try buffer.write { bytes in
      line.append(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  private mutating func write(_ bytes: [UInt8]) throws { try buffer.write { $0.append(contentsOf: bytes) } }
}
