import ArgumentParser
import MosaicAICore

struct QuestionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "questions", abstract: "List questions about a life, or give the next one to ask.",
    discussion: """
      More than two hundred questions, in chapters of a life. Your own go into questions.yaml. With a legacy, its name \
      is put in, and what you have asked about it or skipped is left out.
      """,
    subcommands: [List.self, Next.self], defaultSubcommand: List.self)

  /// The options of `list`, the default subcommand: a subcommand finds in its own what was typed before its name.
  @OptionGroup var choice: QuestionOptions
  @OptionGroup var extent: ExtentOption
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  /// How many of them are listed.
  struct ExtentOption: ParsableArguments {
    @Flag(help: "List what was asked or skipped too.")
    var all = false
  }

  struct List: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the questions.",
      discussion: """
        Leaves out what you have asked about the legacy or skipped, unless --all is given. Without a legacy, or with \
        several and none chosen, lists all, with {name} in place of a name.
        """)

    @OptionGroup var choice: QuestionOptions
    @OptionGroup var extent: ExtentOption
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [choice, format] }

    func run(_ session: Session) throws {
      let questions = try session.existingService().questions(
        choice.questions(session), about: session.settings.legacy?.value)
      let listed = questions.filter { extent.all || $0.isUsed != true && !$0.isSkipped }
      if session.output.isTerminal, try session.listFormat() == .text {
        try session.output.write(List.transcript(listed, session))
      } else {
        try session.write(listed, record: \.record) { listed in
          Table(
            columns: [],
            rows: listed.map { [$0.question.id, $0.question.chapter, $0.text, $0.isUsed == true ? "used" : ""] })
        }
      }
      let others = questions.count - listed.count
      if others > 0, session.output.isTerminal {
        session.diagnostics.remark("\(counted(others, "question")) asked or skipped; --all lists them too.")
      }
    }

    /// For people: chapter by chapter.
    private static func transcript(_ questions: [BankQuestion], _ session: Session) -> String {
      var text = ""
      var chapter: String?
      for question in questions {
        if question.question.chapter != chapter {
          text +=
            (chapter == nil ? "" : "\n") + session.output.style.bold(SafeText.line(question.question.chapter)) + "\n"
          chapter = question.question.chapter
        }
        let state = question.isUsed == true ? " (asked)" : question.isSkipped ? " (skipped)" : ""
        // What follows the first line of an item is set in.
        let lines = WordWrap.lines(SafeText.line(question.text) + state, width: session.output.width - 2)
        text += "- \(lines.replacing("\n", with: "\n  "))\n"
      }
      return text
    }
  }

  struct Next: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "next", abstract: "Give the first question that you have neither asked nor skipped.",
      discussion: """
        A question counts as asked once a message of yours about the legacy has its text, or an interview has asked \
        it: mosaic-ai send "$(mosaic-ai questions next)" asks it.
        """)

    @OptionGroup var choice: QuestionOptions

    @Flag(help: "Skip it: it will not be the next one again.")
    var skip = false

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [choice, format] }

    func run(_ session: Session) throws {
      _ = try session.listFormat()
      let next = try session.existingService(isWriting: skip).nextQuestion(
        of: choice.questions(session), about: session.settings.legacy?.value, skipping: skip)
      guard let next else {
        throw Failure(
          .notFound, "no questions are left: all were asked or skipped",
          advice: .text("see them with `\(session.diagnostics.words.command("questions --all"))`"))
      }
      try session.write(next.record, text: session.wrapped(SafeText.lines(next.text) + "\n"))
      if skip { session.diagnostics.remark("Skipped: it will not come again.") }
    }
  }
}

/// Which questions to take, and which legacy they are about.
struct QuestionOptions: ParsableArguments, SettingOptions {
  @Option(
    help: ArgumentHelp("Take only this chapter: its name, or the start of it.", valueName: "chapter"),
    completion: .chapters)
  var chapter: String?

  @Option(
    help: ArgumentHelp("Ask about this legacy: its name, its id, or the start of either.", valueName: "legacy"),
    completion: .legacies)
  var legacy: String?

  func add(to typed: inout TypedSettings) { typed.legacy = legacy }

  /// - Throws: `Failure` with code `config_invalid`, `not_found` or `ambiguous`
  func questions(_ session: Session) throws -> [Question] {
    let bank = try session.context.questions()
    return try chapter.map(bank.questions) ?? bank.questions
  }
}

extension BankQuestion {
  fileprivate var record: JSON { question.record(text: text, isUsed: isUsed) }
}
