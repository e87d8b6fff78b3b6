import ArgumentParser
import MosaicAICore

struct SendCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send a message, and print the reply as it arrives.",
    discussion: """
      Continues your latest conversation with that legacy and persona, or starts one. The message is the argument; if \
      it is - or missing, standard input is read. On a terminal, - lets you type a message of any length, and --edit \
      opens your editor. The message is saved before anything else can fail, and the reply while it arrives: if \
      something breaks, --retry asks again without storing the message twice, and so does sending the same message \
      again.

      In a script, --idempotency-key asks a message once, however often the script runs: once it is answered, its \
      stored reply is printed and nothing is sent. --name finds a conversation again.
      """)

  @Argument(help: ArgumentHelp("The message; - or nothing to read standard input.", valueName: "message"))
  var message: String?

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var connection: ConnectionOptions

  @Flag(help: "Ask again for the reply to the last message, if that failed, broke off or was blocked.")
  var retry = false

  @Option(
    name: .customLong("message"),
    help: ArgumentHelp(
      "With --retry: ask again for the reply to this message of yours, in its place: its id or the start of its id.",
      valueName: "id"))
  var retriedMessage: String?

  @Flag(help: "With --retry: ask for the reply to every message of yours that has none, oldest first.")
  var all = false

  @Option(
    help: ArgumentHelp(
      """
      Send the message once: if one of yours with this key has its reply, print that; if it has none, ask for it again.
      """,
      valueName: "key"))
  var idempotencyKey: String?

  @Flag(help: "Write the message in your editor, $VISUAL or $EDITOR, starting from the message if one is given.")
  var edit = false

  @Flag(help: "Print the request that would be sent, as JSON; store and send nothing.")
  var dryRun = false

  @Option(name: .output, help: ArgumentHelp("Write text, json, ndjson or sse (default: text).", valueName: "format"))
  var output: ReplyFormat?

  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [selection, model, connection, Choice(format: output)] }

  /// The format of replies.
  private struct Choice: SettingOptions {
    let format: ReplyFormat?

    func add(to typed: inout TypedSettings) { typed.output = format?.rawValue }
  }

  /// Every failure is reported in the reply's format too.
  func run(in context: CommandContext) throws {
    var receiver: (any ReplyReceiver)?
    var diagnostics = context.diagnostics
    do {
      let session = try Session(common, typedSettings, context)
      diagnostics = session.diagnostics
      receiver = try session.format(ReplyFormat.self).receiver(context.output, session.wording)
      try run(session, receiver)
    } catch let error as ReportedFailure {
      throw error
    } catch {
      let format = output ?? context.variables.variable("MOSAIC_AI_OUTPUT").flatMap(ReplyFormat.init)
      let fallback = format?.receiver(context.output, FailureWording(diagnostics.words))
      throw Replying.report(error, to: receiver ?? fallback, diagnostics)
    }
  }

  func run(_ session: Session) throws {
    try run(session, session.format(ReplyFormat.self).receiver(session.output, session.wording))
  }

  private func run(_ session: Session, _ receiver: (any ReplyReceiver)?) throws {
    guard let receiver else { return }
    try check()
    try connection.check()
    let choice = try model.choice(session.settings)
    let personas = try session.personas()
    let selection = selection.selection(session.settings, isRetry: retry)
    if retry, all { return try RetryingAll(session: session, choice: choice, personas: personas).run() }
    let key = try idempotencyKey.map(Rules.key)
    let text = try retry ? nil : message(session, selection, personas)
    guard retry || text != nil else { return session.diagnostics.remark("Nothing was sent: the message is empty.") }
    if dryRun {
      let service = try session.existingService()
      let message = try text.map { try Rules.message(from: $0.bytes) }
      let request =
        if let message, let key {
          try service.preview(message, key: key, selection, choice, personas: personas)
        } else {
          try service.preview(message, selection, choice, personas: personas, retrying: retriedMessage)
        }
      text?.draft?.discard()
      guard let request else {
        return session.diagnostics.remark("Nothing would be sent: the message with this key has its reply.")
      }
      return try write(request, session)
    }
    let beginning: Beginning
    let service: ConversationService
    let cancellation: Cancellation
    do {
      let message = try text.map { try Rules.message(from: $0.bytes) }
      service = try session.service(for: retry ? nil : selection)
      if message != nil, text?.isInteractive != true { try session.askForLegacy(service, selection) }
      // Before anything is stored, since the process may have no descriptors left for it.
      cancellation = try session.context.watchSignals().cancellation
      service.observe(cancellation)
      if let message, let key {
        beginning = try service.begin(message, key: key, selection, choice, personas: personas)
      } else if let message {
        beginning = .asked(try service.begin(message, selection, choice, personas: personas))
      } else if let retriedMessage {
        beginning = .asked(try service.beginRetry(ofMessage: retriedMessage, choice, personas: personas))
      } else {
        beginning = .asked(try service.beginRetry(selection, choice, personas: personas))
      }
    } catch let failure as ReplyFailure {
      text?.draft?.discard()
      throw failure
    } catch {
      let failure = Failure.from(error)
      throw text?.keeping(failure, session) ?? failure
    }
    text?.draft?.discard()
    let replying = Replying(session: session, receiver: receiver)
    switch beginning {
    case .asked(let exchange):
      replying.note(
        exchange,
        isNamed: retry || self.selection.conversation != nil || idempotencyKey != nil && exchange.isRetry)
      replying.introduce(exchange)
      try replying.answer(exchange, service, cancellation, model: session.model)
    case .answered(let reply):
      session.diagnostics.note("answered before: conversation \(reply.start.conversationID), nothing is sent")
      try replying.replay(reply, service)
    }
  }

  private func check() throws {
    func refuse(_ option: String, _ other: String, if isWrong: Bool) throws {
      if isWrong { throw Failure(.usage, "\(option) cannot be combined with \(other)") }
    }
    if retry {
      guard message == nil else {
        throw Failure(
          .usage, "--retry takes no message", advice: "leave out one of them, or name a stored message with --message")
      }
      try refuse("--retry", "--new", if: selection.new)
      try refuse("--retry", "--edit", if: edit)
      try refuse("--retry", "--idempotency-key", if: idempotencyKey != nil)
      guard selection.name == nil else {
        throw Failure(
          .usage, "--retry cannot be combined with --name", advice: "name the conversation with --conversation")
      }
      for (option, isGiven) in [("--message", retriedMessage != nil), ("--all", all)] where isGiven {
        try refuse(option, "--conversation", if: selection.conversation != nil)
        try refuse(option, "--legacy", if: selection.legacy != nil)
        try refuse(option, "--persona", if: selection.persona != nil)
        try refuse(option, "--title", if: selection.title != nil)
      }
      try refuse("--all", "--message", if: all && retriedMessage != nil)
      try refuse("--all", "--dry-run", if: all && dryRun)
    } else if retriedMessage != nil || all {
      throw Failure(
        .usage, "\(all ? "--all" : "--message") goes with --retry",
        advice: all ? nil : "a new message is an argument: `mosaic-ai send \"MESSAGE\"`")
    }
    try refuse("--edit", "-", if: edit && message == "-")
    try selection.check()
  }

  /// A message before it is checked and stored.
  private struct Written {
    var bytes: [UInt8]
    /// The file that it was written in.
    var draft: Draft?
    /// Whether someone has just written it, and would lose it.
    var isInteractive = false

    /// The failure of a message that could not be stored, saying where it is kept.
    func keeping(_ failure: Failure, _ session: Session) -> Failure {
      guard isInteractive, failure.signal == nil, !bytes.isEmpty else { return failure }
      let kept = draft ?? (try? Draft(bytes, in: session.context.temporaryFolder))
      return kept?.keeping(failure) ?? failure
    }
  }

  /// The message; nil if it is empty and was written at a terminal or in an editor.
  private func message(_ session: Session, _ selection: Selection, _ personas: PersonaCatalog) throws -> Written? {
    if edit {
      try prepare(session, selection, personas)
      return try edited(session)
    }
    if let message, message != "-" { return Written(bytes: Array(message.utf8)) }
    guard session.input.isTerminal else {
      guard let bytes = try session.input.readAll(limit: 1 << 20) else {
        throw Failure(
          .invalidInput,
          "the message is much too long: at most \(grouped(Rules.maximumMessageLength)) characters are allowed",
          advice: "send it in several parts")
      }
      return Written(bytes: Array(bytes.withoutByteOrderMark))
    }
    guard message == "-" else {
      throw Failure(
        .usage, "no message was given",
        advice: .either([
          "give one: `mosaic-ai send \"MESSAGE\"`", "have a conversation: `mosaic-ai chat`",
          "type it here: `mosaic-ai send -`",
          "write it in your editor: `mosaic-ai send --edit`",
        ]))
    }
    let place = try prepare(session, selection, personas)
    return Written(
      bytes: try session.readText(
        "\(place.personaName) is listening to what you say about \(place.legacyName). End with Ctrl-D on an empty line."
      ),
      isInteractive: true)
  }

  /// Finds the conversation before the message is written, so that errors come before any text is typed.
  @discardableResult
  private func prepare(_ session: Session, _ selection: Selection, _ personas: PersonaCatalog) throws -> Place {
    let service = try dryRun ? session.existingService() : session.service(for: selection)
    if !dryRun { try session.askForLegacy(service, selection) }
    return try service.place(of: selection, personas: personas)
  }

  /// The text written in the user's editor; nil if it is empty.
  private func edited(_ session: Session) throws -> Written? {
    let variables = session.context.variables
    guard let editor = variables.variable("VISUAL") ?? variables.variable("EDITOR") else {
      throw Failure(
        .usage, "no editor is chosen", advice: "set VISUAL or EDITOR, for example with `export EDITOR=nano`")
    }
    let draft = try Draft(Array((message ?? "").utf8), in: session.context.temporaryFolder)
    do {
      try Editor.open(draft.path, with: editor, isOutputTerminal: session.output.isTerminal)
      let bytes = try draft.text()
      guard !Rules.isBlank(bytes) else {
        draft.discard()
        return nil
      }
      return Written(bytes: bytes, draft: draft, isInteractive: true)
    } catch {
      if (try? draft.text())?.isEmpty == true {
        draft.discard()
        throw error
      }
      throw draft.keeping(.from(error))
    }
  }

  private func write(_ request: ModelRequest, _ session: Session) throws {
    let access = session.bedrockAccess()
    try session.diagnostics.note(access.summary())
    try session.output.write(request.preview(access))
  }

  /// The format asked for, even in a command line that cannot be parsed as a whole, so that its error is reported in
  /// it.
  static func format(in arguments: [String], _ context: CommandContext) -> ReplyFormat? {
    let words = CommandWords(arguments)
    let name =
      words.value(of: "--output", "-o") ?? context.variables.variable("MOSAIC_AI_OUTPUT")
      ?? (try? context.configurationFile(words.value(of: "--config")))?.output
    return name.flatMap(ReplyFormat.init)
  }
}
