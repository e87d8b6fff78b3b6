import MosaicAICore
import Platform

/// A conversation at a terminal: reads a message, shows the reply, and starts over.
final class Chat {
  let session: Session
  let service: ConversationService
  private let personas: PersonaCatalog
  private let choice: ModelChoice
  private let isPlain: Bool
  private let source: CancellationSource
  private let reader: LineReader
  /// Ctrl-C, and signals that end the process.
  var cancellation: Cancellation { source.cancellation }
  /// Where the next message goes.
  private var selection: Selection
  /// The legacy and the persona that were chosen, as far as they were.
  private var chosen: Selection
  private(set) var place: Place
  /// Nil if it has not begun.
  private(set) var conversationID: ConversationID?
  /// What the arrows bring back, oldest first.
  private var earlier: [String] = []
  /// Keeps its connection and its credentials from one reply to the next.
  private var model: (any LanguageModel)?
  private var hasToldUnanswered = false
  /// The text that the next prompt starts with.
  var draft: [UInt8] = []
  /// Whether the user asked to leave.
  var isOver = false

  static let prompt = "> "

  /// - Parameter isPlain: never moves the cursor, and writes whole lines
  /// - Throws: as `ConversationService.place`; `Failure` with code `internal` if the process has no descriptors left
  init(
    _ session: Session, _ service: ConversationService, _ personas: PersonaCatalog, _ choice: ModelChoice,
    _ selection: Selection, isPlain: Bool
  ) throws {
    self.session = session
    self.service = service
    self.personas = personas
    self.choice = choice
    self.isPlain = isPlain
    self.selection = selection
    chosen = selection
    place = try service.place(of: selection, personas: personas)
    source = try session.context.watchSignals()
    service.observe(source.cancellation)
    reader = LineReader(
      input: session.input.descriptor, echo: session.output, cancellation: source.cancellation, isPlain: isPlain)
  }

  /// Goes on until the user leaves.
  ///
  /// - Throws: `Failure` if the terminal fails or a signal ends the process; `ReportedFailure` if it was reported
  func run() throws {
    try TerminalMode.quiet.during(on: session.input.descriptor) {
      try goTo(place)
      let help = "Type /help for help; Ctrl-D leaves."
      session.diagnostics.aside(help)
      try greet(help)
      var isAfterInterrupt = false
      while !isOver {
        do {
          try takeTurn(&isAfterInterrupt)
        } catch let failure as Failure where failure.signal == SIGINT {
          // It came while nothing could be stopped.
          source.rearm()
        } catch let reported as ReportedFailure where reported.failure.signal == SIGINT {
          source.rearm()
        }
      }
    }
  }

  /// Reads what is typed at the prompt, and does it.
  private func takeTurn(_ isAfterInterrupt: inout Bool) throws {
    try write("\n")
    let message = try read(draft, isAfterInterrupt)
    draft = []
    isAfterInterrupt = message == .cleared
    switch message {
    case .message(let bytes): try handle(bytes)
    case .cleared: session.diagnostics.aside("Press Ctrl-C again to leave.")
    case .leave: isOver = true
    }
  }

  // MARK: What is typed

  private func read(_ text: [UInt8], _ isAfterInterrupt: Bool) throws -> LineReader.Message {
    do {
      let editor = TextEditor(
        .message, text: text, earlier: earlier, indent: Chat.prompt.count, isPlain: isPlain,
        isAfterInterrupt: isAfterInterrupt)
      return try reader.readMessage(Chat.prompt, editor, problem: Chat.problem) { session.diagnostics.fail($0) }
    } catch let unsent as LineReader.Unsent {
      if unsent.failure.signal == SIGINT {
        source.rearm()
        return isAfterInterrupt ? .leave : .cleared
      }
      throw session.keeping(unsent)
    }
  }

  /// Why a text that is not empty cannot be sent; nil if it can.
  private static func problem(_ text: [UInt8]) -> Failure? {
    switch ChatLine(text) {
    case .nothing: return nil
    case .command:
      let isText = String(validating: text, as: UTF8.self) != nil
      return isText
        ? nil : Failure(.invalidInput, "the command is not valid UTF-8", advice: "set the terminal to UTF-8")
    case .message(let message):
      do {
        _ = try Rules.message(from: message)
        return nil
      } catch {
        return .from(error)
      }
    }
  }

  /// Does what a line asks for. A text that could not be stored is at the next prompt.
  private func handle(_ bytes: [UInt8]) throws {
    switch ChatLine(bytes) {
    case .nothing: break
    case .message(let text):
      draft = bytes
      try say(text)
    case .command(let name, let argument):
      do {
        try ChatAction.named(name).run(self, argument)
      } catch let failure as Failure where failure.signal == SIGINT {
        source.rearm()
        session.diagnostics.aside("Stopped.")
      } catch let failure as Failure where !ends(failure) {
        session.diagnostics.fail(failure)
        earlier.append(String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  /// Sends a message. If it could not be stored, the draft stays.
  private func say(_ text: [UInt8]) throws {
    let begun: Result<Exchange, ReplyFailure>
    do {
      let message = try Rules.message(from: text)
      begun = try stored { try service.begin(message, selection, choice, personas: personas) }
      draft = []
      if earlier.last != message { earlier.append(message) }
    } catch let failure as Failure where failure.signal == SIGINT {
      source.rearm()
      return session.diagnostics.remark("Stopped. Your message is not saved yet; Enter sends it.")
    } catch let failure as Failure where !ends(failure) {
      return session.diagnostics.fail(failure)
    }
    try answer(begun)
  }

  /// Asks for the last reply again.
  ///
  /// - Throws: as `ConversationService.beginRetry`, if the message is not asked again; as `run`
  func retry() throws {
    guard conversationID != nil else {
      throw Failure(.notFound, "there is nothing to retry: the conversation has no messages")
    }
    try answer(stored { try service.beginRetry(selection, choice, personas: personas) })
  }

  /// The exchange that `begin` gives, or what came between once its message was stored.
  private func stored(_ begin: () throws -> Exchange) throws -> Result<Exchange, ReplyFailure> {
    do {
      return .success(try begin())
    } catch let failure as ReplyFailure {
      return .failure(failure)
    }
  }

  /// Whether the conversation cannot go on after a failure.
  private func ends(_ failure: Failure) -> Bool { failure.signal != nil || failure.code == .outputFailed }

  // MARK: Replies

  private func answer(_ begun: Result<Exchange, ReplyFailure>) throws {
    let renderer = TextReplyRenderer(session.output, isInWholeLines: isPlain)
    do {
      try answer(begun.get(), renderer)
    } catch {
      let failure = ReplyFailure.from(error)
      if let id = failure.conversationID { settle(in: id) }
      // If the terminal is gone, the next write finds out.
      try? renderer.receive(.failure(failure))
      if renderer.hasText { try? write("\n") }
      guard failure.failure.signal != SIGINT else {
        source.rearm()
        return session.diagnostics.remark(
          renderer.hasText
            ? "Stopped. What has arrived is saved; /retry asks again."
            : "Stopped before the first word. Your message is saved; /retry sends it again.")
      }
      var diagnostics = session.diagnostics
      // The user cannot come back to the prompt.
      diagnostics.words.isInConversation = !ends(failure.failure)
      let reported = Replying.report(error, to: renderer, diagnostics)
      if ends(reported.failure) { throw reported }
      // Users who correct their settings or sign in again should not have to restart the conversation.
      let status = ExitStatus.status(of: reported.failure.code)
      if [EX_NOPERM, EX_CONFIG].contains(status) { model = nil }
    }
  }

  private func answer(_ exchange: Exchange, _ renderer: TextReplyRenderer) throws {
    settle(in: exchange.start.conversationID)
    place = exchange.place
    let replying = Replying(session: session, receiver: renderer, isRewriting: !isPlain)
    replying.note(exchange, isNamed: true)
    if !hasToldUnanswered || exchange.isAnotherArriving { replying.remark(on: exchange) }
    hasToldUnanswered = true
    replying.noteRecalled(exchange)
    // If the terminal is gone, the next write finds out, and the reply is stored anyway.
    try? write("\n")
    try replying.answer(exchange, service, source.cancellation, model: sharedModel)
  }

  private func sharedModel() throws -> any LanguageModel {
    let shared = try model ?? session.model()
    model = shared
    return shared
  }

  /// From now on this is the conversation, even if other processes begin one.
  private func settle(in id: ConversationID) {
    selection = Selection()
    selection.target = .conversation(id.rawValue)
    conversationID = id
  }

  // MARK: Going elsewhere

  /// Switches to another legacy or persona.
  ///
  /// - Throws: as `ConversationService.place`
  func go(to legacy: String? = nil, with persona: String? = nil) throws {
    var wanted = chosen
    wanted.target = .latest
    wanted.title = nil
    wanted.legacy = Selection.Choice(legacy ?? place.legacyID.rawValue, isBinding: true)
    if let persona { wanted.persona = Selection.Choice(persona, isBinding: true) }
    let place = try service.place(of: wanted, personas: personas)
    (selection, chosen) = (wanted, wanted)
    try goTo(place)
  }

  /// Begins another conversation with the same persona about the same legacy.
  ///
  /// - Throws: as `ConversationService.place`
  func startAnew() throws {
    selection = Selection(persona: Selection.Choice(place.personaID, isBinding: true))
    selection.legacy = Selection.Choice(place.legacyID.rawValue, isBinding: true)
    selection.target = .new
    try goTo(service.place(of: selection, personas: personas))
  }

  /// Gives the conversation a title, now or as soon as it begins.
  ///
  /// - Throws: as `ConversationService.rename`
  func rename(_ title: String) throws {
    if let id = conversationID {
      _ = try service.renameConversation(id.rawValue, to: title)
      session.diagnostics.remark("The conversation has that title now.")
    } else {
      selection.title = try Rules.name(title, "the title")
      session.diagnostics.remark("The conversation will have that title.")
    }
  }

  /// Shows the conversation and its last exchange, and loads its messages for the arrow keys.
  private func goTo(_ place: Place) throws {
    self.place = place
    conversationID = place.conversationID
    earlier = []
    hasToldUnanswered = false
    session.introduce(place)
    session.warnOfMissingPersona(place)
    try greet(session.introduction(of: place))
    guard let id = conversationID else { return }
    if selection.target == .latest { selection.target = .conversation(id.rawValue) }
    var messages: [Message] = []
    try service.history(of: id.rawValue, ConversationService.Page(tail: Chat.recalledMessages)) { _, forEachMessage in
      try forEachMessage { messages.append($0) }
    }
    let questions = messages.indices.filter { messages[$0].author == .user }
    earlier = questions.map { messages[$0].content }
    if let last = questions.last { try show(messages[last...]) }
  }

  /// One faint line on the terminal, if what is said on standard error is not seen there.
  private func greet(_ text: String) throws {
    guard !session.diagnostics.isSeen else { return }
    let line = TextWidth.fit(SafeText.line(text), in: max(1, session.output.width - 1))
    try write(session.output.style.faint(line) + "\n")
  }

  /// How many messages of a conversation the arrow keys can bring back.
  private static let recalledMessages = 400

  /// Shows the last exchange.
  ///
  /// - Throws: as `ConversationService.history`
  func showHistory(_ count: Int) throws {
    guard let id = conversationID else {
      return session.diagnostics.remark("Nothing has been said yet.")
    }
    var buffer = OutputBuffer(session.output)
    try service.history(of: id.rawValue, ConversationService.Page(tail: count)) { _, forEachMessage in
      var transcript = transcript()
      try forEachMessage {
        try source.cancellation.check()
        try buffer.write(transcript.add($0))
      }
      try buffer.write(transcript.end())
    }
    try buffer.flush()
  }

  private func show(_ messages: ArraySlice<Message>) throws {
    var transcript = transcript()
    try write("\n" + messages.map { transcript.add($0) }.joined() + transcript.end() + "\n")
  }

  private func transcript() -> HistoryTranscript {
    HistoryTranscript(
      session, persona: place.personaName,
      retry: conversationID.map(session.diagnostics.words.retryCommand))
  }

  func write(_ text: String) throws { try session.output.write(text) }
}

/// What a line at the prompt is.
enum ChatLine: Equatable {
  case nothing
  /// A text to send. One that begins with a slash is typed with two.
  case message([UInt8])
  case command(String, argument: String)

  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let first = text.first(where: { !$0.isWhitespace }) else {
      self = .nothing
      return
    }
    guard text.hasPrefix("/"), first == "/" else {
      self = .message(bytes)
      return
    }
    guard !text.hasPrefix("//") else {
      self = .message(Array(bytes.dropFirst()))
      return
    }
    let name = text.dropFirst().prefix { !$0.isWhitespace }
    let rest = text.dropFirst(1 + name.count).drop(while: \.isWhitespace)
    self = .command(
      name.lowercased(), argument: String(rest.reversed().drop(while: \.isWhitespace).reversed()))
  }
}
