import ArgumentParser
import MosaicAICore

struct SendCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send a message, and print the reply as it comes.",
    discussion: """
      Continues your latest conversation for that legacy and persona, or begins one. The message is the argument, or standard input \
      where the argument is - or missing. It is stored before anything else can fail, and the reply while it comes: whatever \
      breaks, --retry asks again without asking twice.
      """)

  @Argument(help: ArgumentHelp("The message; - or nothing for standard input.", valueName: "message"))
  var message: String?

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var connection: ConnectionOptions

  @Flag(help: "Ask again for the reply to the last message, if that failed, broke off or was blocked.")
  var retry = false

  @Flag(help: "Print the request that would be sent, as JSON, and store and send nothing.")
  var dryRun = false

  @Option(name: .output, help: ArgumentHelp("text, json, ndjson or sse.", valueName: "format"))
  var output: ReplyFormat?

  @OptionGroup var common: CommonOptions

  func run(in context: CommandContext) throws {
    var renderer: (any ReplyRenderer)?
    var context = context
    do {
      let session = try Session(common, context) {
        $0.output = output?.rawValue
        $0.legacy = selection.legacy
        $0.persona = selection.persona
        $0.model = model.choice.model
      }
      context.diagnostics = session.diagnostics
      let format = ReplyFormat(rawValue: session.settings.output.value)
      renderer = format?.renderer(context.output)
      guard let renderer else {
        throw Failure(
          .usage, "there is no format \"\(session.settings.output.value)\" (\(session.settings.output.origin))",
          hint: "choose text, json, ndjson or sse")
      }
      try check()
      try connection.check()
      try send(session, renderer)
    } catch {
      let format = output ?? context.variables["MOSAIC_AI_OUTPUT"].flatMap(ReplyFormat.init)
      throw SendCommand.report(error, renderer ?? format?.renderer(context.output), context)
    }
  }

  /// The format asked for, also in a command line that cannot be parsed as a whole, so that its error is told in it
  /// too.
  static func format(in arguments: [String], _ context: CommandContext) -> ReplyFormat? {
    let words = arguments.prefix { $0 != "--" }
    func value(of long: String, _ short: String? = nil) -> String? {
      zip(words, words.dropFirst().map { $0 as String? } + [nil]).compactMap { word, next -> String? in
        if word == long || word == short { return next }
        if word.hasPrefix("\(long)=") { return String(word.dropFirst(long.count + 1)) }
        guard let short, word.hasPrefix(short) else { return nil }
        return String(word.dropFirst(short.count).drop { $0 == "=" })
      }.last
    }
    let name =
      value(of: "--output", "-o") ?? context.variables["MOSAIC_AI_OUTPUT"].flatMap { $0.isEmpty ? nil : $0 }
      ?? (try? context.configurationFile(value(of: "--config")))?.output
    return name.flatMap(ReplyFormat.init)
  }

  /// Tells a failure of `send` in all the places it belongs to: as the last event, and on standard error.
  static func report(_ error: any Error, _ renderer: (any ReplyRenderer)?, _ context: CommandContext) -> ReportedFailure
  {
    let event = ErrorEvent(error)
    var failure = event.failure
    do {
      try renderer?.fail(event)
    } catch {
      // The output is gone: that is told instead, unless there was something worse before.
      let outputFailure = Failure.from(error)
      if failure.signal == nil, outputFailure.signal != nil { failure = outputFailure }
    }
    if failure.signal != Signals.closedPipe { context.diagnostics.fail(failure) }
    return ReportedFailure(failure: failure)
  }

  private func check() throws {
    if retry {
      guard message == nil else {
        throw Failure(.usage, "--retry takes no message", hint: "leave one of them out")
      }
      guard !selection.new else {
        throw Failure(.usage, "--retry cannot begin a new conversation", hint: "leave out --new")
      }
    }
    guard !selection.new || selection.conversation == nil else {
      throw Failure(.usage, "--new and --conversation exclude each other", hint: "leave one of them out")
    }
    try model.check()
  }

  private func send(_ session: Session, _ renderer: any ReplyRenderer) throws {
    let context = session.context
    let personas = try context.personas()
    let text = try retry ? nil : message(context)
    var request = selection.request(session.settings, isRetry: retry)
    request.title = selection.title
    request.modelID = session.settings.model?.value
    request.maximumTokens = model.maxTokens ?? session.settings.file.maximumTokens
    request.temperature = model.temperature
    request.guardrail = try model.parsedGuardrail()

    let service = try dryRun ? session.lookingService() : session.service()
    if dryRun {
      let preview = try service.preview(text, request, personas: personas)
      return try write(preview, connection.bedrock(session, .never))
    }
    if text != nil, request.legacy == nil, request.target != .conversation("last") {
      try askForLegacy(service, session)
    }
    let exchange =
      try text.map { try service.begin($0, request, personas: personas) }
      ?? service.beginRetry(request, personas: personas)
    let cancellation = context.watchSignals()
    context.output.observe(cancellation)
    tell(exchange, session)
    let reporter = ReplyReporter(renderer, session.diagnostics)
    try service.answer(exchange, to: reporter, retryOptions: session.retryOptions) {
      try connection.bedrock(session, cancellation).client()
    }
  }

  /// The message from where it is.
  private func message(_ context: CommandContext) throws -> String {
    if let message, message != "-" { return try Rules.message(message) }
    guard message == "-" || !context.input.isTerminal else {
      throw Failure(
        .usage, "there is no message", hint: "give one: mosaic-ai send \"MESSAGE\", or mosaic-ai send - to type it here"
      )
    }
    guard let bytes = try context.input.readAll(limit: 1 << 20) else {
      throw Failure(
        .invalidInput, "the message is far too long: \(Rules.maximumMessageLength) characters are the most",
        hint: "send it in several parts")
    }
    return try Rules.message(from: bytes)
  }

  /// With no legacy yet, asks whose life it is about, if there is somebody to ask.
  private func askForLegacy(_ service: ConversationService, _ session: Session) throws {
    guard session.context.input.isTerminal, try service.legacies().isEmpty else { return }
    while true {
      session.diagnostics.ask("Whose life is it about?")
      guard let name = try session.context.input.readLine() else { return session.diagnostics.endQuestion() }
      do {
        _ = try service.addLegacy(name: name, evenIfKnown: false)
        return
      } catch let failure as Failure where failure.code == .invalidInput {
        session.diagnostics.fail(failure)
      }
    }
  }

  /// What a message is sent with, and where each of that was chosen.
  private func tell(_ exchange: Exchange, _ session: Session) {
    let (start, settings) = (exchange.start, session.settings)
    let isNamed = retry || selection.conversation != nil
    let legacyOrigin = isNamed ? "of the conversation" : settings.legacy?.origin.description ?? "the only one"
    let personaOrigin = isNamed ? "of the conversation" : settings.persona.origin.description
    let tokensOrigin =
      model.maxTokens != nil
      ? "--max-tokens" : settings.file.maximumTokens != nil ? "max_tokens in config.yaml" : "of the persona"
    session.diagnostics.note(
      "legacy \(isNamed ? start.legacyID : settings.legacy?.value ?? start.legacyID) (\(legacyOrigin)), persona \(start.personaID) (\(personaOrigin))"
    )
    session.diagnostics.note(
      "model \(start.modelID) (\(settings.model?.origin.description ?? "of the persona")), at most \(exchange.request.maximumTokens) tokens (\(tokensOrigin))"
    )
    session.diagnostics.note("conversation \(start.conversationID)\(start.isNewConversation ? " (new)" : "")")
  }

  private func write(_ request: ConverseRequest, _ bedrock: BedrockConnection) throws {
    let preview = request.httpRequest(endpoint: bedrock.settings.endpoint)
    try bedrock.context.output.write([
      "method": .string(preview.method), "url": .string(preview.url),
      "headers": .object(preview.headers.map { .init($0.name, .string($0.value)) }), "body": request.body,
    ])
  }
}

/// Shows a reply and tells on standard error what is worth knowing about it.
private final class ReplyReporter: ReplySink {
  private let renderer: any ReplyRenderer
  private let diagnostics: Diagnostics

  init(_ renderer: any ReplyRenderer, _ diagnostics: Diagnostics) {
    self.renderer = renderer
    self.diagnostics = diagnostics
  }

  func start(_ start: ReplyStart) throws { try renderer.start(start) }

  func retry(_ notice: RetryNotice) throws {
    let message = notice.failure.message
    diagnostics.warn(
      "\(message.hasSuffix(".") ? String(message.dropLast()) : message); attempt \(notice.attempt) of \(notice.maximumAttempts) in \(notice.delayMilliseconds) ms"
    )
    try renderer.retry(notice)
  }

  func chunk(_ text: UnsafeBufferPointer<UInt8>) throws { try renderer.chunk(text) }

  func flush() throws { try renderer.flush() }

  func done(_ done: ReplyDone) throws {
    try renderer.done(done)
    switch done.stopReason {
    case .endTurn: break
    case .maximumTokens: diagnostics.warn("the reply was cut at its limit of tokens; --max-tokens raises it")
    case .stopSequence: diagnostics.warn("the reply ended at a stop sequence")
    case .contextWindowExceeded: diagnostics.warn("the reply was cut: the model's context window is full")
    default: diagnostics.warn("the reply ended for a reason not known yet: \(done.stopReason.rawValue)")
    }
    func count(_ number: Int?) -> String { number.map(String.init) ?? "?" }
    diagnostics.note(
      "first chunk after \(count(done.firstChunk)) ms, service latency \(count(done.latency)) ms, tokens in \(count(done.usage?.input)), out \(count(done.usage?.output))"
    )
  }
}
