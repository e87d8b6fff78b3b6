import ArgumentParser
import MosaicAICore
import Synchronization

struct InterviewCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "interview", abstract: "Ask the questions of a file, and go on where an earlier run stopped.",
    discussion: """
      Asks every question in order about each legacy, in a conversation that has the interview's name. Stop it \
      whenever you like, and run the same command again: what is answered is printed and not asked again, and what \
      failed is asked again in its place. {name} in a question becomes the name of the legacy.

      The file has a question a line (.txt, .md); or is CSV with a header (.csv), objects (.json, .ndjson, .jsonl) or \
      a list in YAML (.yaml) with question and, if you like, id, legacy, persona and model. mosaic-ai questions -o \
      ndjson writes such a file. Nothing is sent if anything in it is wrong.

      Several legacies are asked about side by side with --jobs. If Amazon Bedrock is busy, all jobs slow down together.

      Writes Markdown; -o ndjson writes an event a line, as soon as it happens. Exits with 0 once every question is \
      answered, and with 75 if running it again may help.

      Examples:
        mosaic-ai interview --questions childhood.txt --legacy Rose > rose.md
        mosaic-ai interview --questions life.csv --all-legacies --jobs 4 -o ndjson
        mosaic-ai interview --questions life.csv --legacy Rose --dry-run
      """)

  @Option(
    help: ArgumentHelp("Ask the questions of this file; - reads standard input.", valueName: "file"),
    completion: .file(extensions: ["txt", "md", "csv", "ndjson", "jsonl", "json", "yaml", "yml"]))
  var questions: String

  @Option(
    help: ArgumentHelp(
      "Read the file in this format (default: by its name; lines from standard input).",
      valueName: "format"))
  var format: QuestionFormat?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Ask about this legacy: its name, its id, or the start of either. Repeat it for several.", valueName: "legacy"),
    completion: .legacies)
  var legacy: [String] = []

  @Flag(help: "Ask about every legacy that you may talk about.")
  var allLegacies = false

  @Option(
    help: ArgumentHelp("Ask this persona (default: the configured one, else biographer).", valueName: "persona"),
    completion: .personas)
  var persona: String?

  @Option(
    help: ArgumentHelp(
      "Call the interview, and its conversations, by this name (default: the file's, without its ending).",
      valueName: "name"))
  var name: String?

  @Option(help: ArgumentHelp("Ask about this many legacies at once (default: 1).", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Make at most this many requests in any 60 seconds.", valueName: "n"))
  var rate: Int?

  @Option(
    help: ArgumentHelp(
      "Begin no further question once this run has taken this many tokens, read and written.", valueName: "tokens"))
  var budget: Int?

  @OptionGroup var model: ModelOptions
  @OptionGroup var connection: ConnectionOptions

  @Flag(help: "List what would be asked, and what is answered already; store and send nothing.")
  var dryRun = false

  @Option(name: .output, help: ArgumentHelp("Write text, json or ndjson (default: text).", valueName: "format"))
  var output: OutputFormat?

  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [model, connection, Choice(persona: persona, format: output)] }

  /// The settings among the command's own options.
  private struct Choice: SettingOptions {
    let persona: String?
    let format: OutputFormat?

    func add(to typed: inout TypedSettings) {
      typed.persona = persona
      typed.output = format?.rawValue
    }
  }

  /// A failure that keeps the interview from beginning is reported in its format too.
  func run(in context: CommandContext) throws {
    var format = output ?? context.variables.variable("MOSAIC_AI_OUTPUT").flatMap(OutputFormat.init)
    var diagnostics = context.diagnostics
    do {
      let session = try Session(common, typedSettings, context)
      diagnostics = session.diagnostics
      format = try session.listFormat()
      try run(session)
    } catch let error as ReportedFailure {
      throw error
    } catch {
      throw Replying.report(error, to: format?.errorReceiver(context.output, diagnostics.words), diagnostics)
    }
  }

  func run(_ session: Session) throws {
    try check()
    try connection.check()
    let choice = try model.choice(session.settings)
    let format = try session.listFormat()
    let personas = try session.personas()
    let name = try interviewName()
    let file = try questionFile(session)
    var choices = Interview.Choices(
      name: name, legacies: .only, personaID: session.settings.persona?.value ?? Persona.defaultID, model: choice)
    if allLegacies {
      choices.legacies = .all
    } else if !legacy.isEmpty {
      choices.legacies = .these(legacy)
    } else if let legacy = session.settings.legacy {
      choices.legacies = .usual(legacy.value)
    }
    if dryRun {
      let service = try session.existingService()
      return try preview(service.interview(file, choices, personas: personas), service, session, format)
    }
    let service = try session.service(for: nil)
    let interview = try service.interview(file, choices, personas: personas)
    try run(interview, service, session, format)
  }

  private func check() throws {
    if allLegacies, !legacy.isEmpty { throw Failure(.usage, "--all-legacies cannot be combined with --legacy") }
    try (1...256).check(jobs, of: "--jobs")
    try (1...1_000_000).check(rate, of: "--rate")
    try (1...Int.max).check(budget, of: "--budget")
  }

  private func questionFile(_ session: Session) throws -> QuestionFile {
    let isStandardInput = questions == "-"
    let questions = try FilePath.checked(questions, "the file of questions")
    guard let format = format ?? (isStandardInput ? .lines : QuestionFormat(nameOfFile: questions)) else {
      throw Failure(
        .usage, "cannot tell the format of \(questions) from its name",
        advice: "name it with --format lines, csv, ndjson, json or yaml")
    }
    if isStandardInput, session.input.isTerminal {
      let bytes = try session.readText("Type a question a line. End with Ctrl-D on an empty line.")
      return try QuestionFile(bytes, name: "standard input", format: format)
    }
    return try QuestionFile(
      session.context.questionFile(questions), name: isStandardInput ? "standard input" : questions, format: format)
  }

  private func interviewName() throws -> String {
    if let name { return name }
    // A shell gives `<(…)` another name every time.
    guard questions != "-", !questions.hasPrefix("/dev/") else {
      throw Failure(
        .usage, "questions from \(questions == "-" ? "standard input" : questions) need a name",
        advice: "give the interview one with --name")
    }
    let file = questions.split(separator: "/").last ?? ""
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return String(file) }
    return String(file[..<dot])
  }

  private func run(
    _ interview: Interview, _ service: ConversationService, _ session: Session, _ format: OutputFormat
  ) throws {
    let source = try session.context.watchSignals()
    let models = session.modelSource()
    let shared = SharedModel(models.make)
    let progress = InterviewProgress(
      format.receiver(session, order: interview.legacyIDs), session.diagnostics, beside: session.output,
      count: interview.count)
    let start = interview.start(jobs: jobs ?? 1)
    session.diagnostics.note(
      "interview \(start.name): \(counted(start.questions, "question")) about \(counted(start.legacies, "legacy")), "
        + "persona \(start.personaID) (\((session.settings.persona?.origin ?? .fallback).description))")
    let options = InterviewRun.Options(jobs: jobs ?? 1, budget: budget)
    let run = InterviewRun(
      interview, service, options, RequestLimiter(rate: rate), to: progress, source,
      model: { try models.observing(shared.model().paced(by: $0)) })
    try report(run.run(), session)
  }

  /// Says on standard error how it ended.
  ///
  /// - Throws: `ReportedFailure` unless every question is answered
  private func report(_ summary: InterviewSummary, _ session: Session) throws {
    let count = grouped(summary.questions)
    guard var failure = summary.failure else {
      guard session.diagnostics.output.isTerminal else { return }
      return session.diagnostics.remark(
        "\(count) of \(count) questions answered, \(grouped(summary.answered)) of them in this run: "
          + "\(counted(summary.usage.total ?? 0, "token")), \(InterviewProgress.describe(summary.duration)).")
    }
    // A reader that has gone away needs no message.
    guard failure.signal != Signals.closedPipe else { throw ReportedFailure(failure: failure) }
    let missing = summary.failed + summary.remaining
    if missing > 0 {
      let verb = missing == 1 ? "has" : "have"
      let which = summary.questions == 1 ? "the question" : "\(grouped(missing)) of \(count) questions"
      failure.message = "\(which) \(verb) no answer: \(failure.message)"
    }
    if failure.signal != nil { failure.advice = .runAgain }
    session.diagnostics.fail(failure)
    throw ReportedFailure(failure: failure)
  }

  /// Lists what would be asked.
  private func preview(
    _ interview: Interview, _ service: ConversationService, _ session: Session, _ format: OutputFormat
  ) throws {
    var preview = InterviewPreview(interview, jobs: jobs ?? 1, format, session)
    try preview.begin()
    try service.forEachQuestion(of: interview) { question, isAnswered in try preview.add(question, isAnswered) }
    try preview.end()
  }
}

/// The model that all jobs ask: its credentials are looked for once, after the first message is stored.
private final class SharedModel: Sendable {
  private let make: @Sendable () throws -> BedrockModel
  private let made = Mutex<BedrockModel?>(nil)

  init(_ make: @escaping @Sendable () throws -> BedrockModel) { self.make = make }

  /// - Throws: `Failure`: what keeps requests from being made
  func model() throws -> BedrockModel {
    try made.withLock { made in
      let model = try made ?? make()
      made = model
      return model
    }
  }
}

extension OutputFormat {
  /// What writes the error that keeps an interview from beginning: as one object, if objects are asked for.
  func errorReceiver(_ output: Output, _ words: AdviceWords) -> any ReplyReceiver {
    (self == .text ? ReplyFormat.text : .ndjson).receiver(output, FailureWording(words))
  }
}

extension QuestionFormat: ExpressibleByArgument {
  package init?(argument: String) { self.init(rawValue: argument == "jsonl" ? "ndjson" : argument) }
}
