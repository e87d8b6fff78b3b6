import MosaicAICore
import Platform

/// Questions to the user at the terminal.
extension Session {
  /// The answer to a question, without its line break; nil at the end of the input.
  ///
  /// - Parameters:
  ///   - isSecret: shows nothing of what is typed
  ///   - isDroppingEarlierKeys: ignores what was typed before the question
  /// - Throws: `Failure` with code `interrupted`, or `invalid_input` if the terminal cannot be read
  func ask(_ question: String, isSecret: Bool = false, isDroppingEarlierKeys: Bool = false) throws -> String? {
    try reading {
      try $0.ask(SafeText.line(question), isSecret: isSecret, isDroppingEarlierKeys: isDroppingEarlierKeys)
    }
  }

  /// A text of any number of lines. What was written when a signal or the terminal's end came is kept in a file, but
  /// not after Ctrl-C.
  ///
  /// - Parameter greeting: shown first
  /// - Throws: as `ask`
  func readText(_ greeting: String) throws -> [UInt8] {
    let isShown = diagnostics.level >= .normal && diagnostics.output.isTerminal
    let lines = WordWrap.lines(SafeText.line(greeting), width: diagnostics.output.width)
    do {
      return try reading { try $0.readText(isShown ? diagnostics.output.style.faint(lines) + "\n" : "") }
    } catch let unsent as LineReader.Unsent {
      throw unsent.failure.signal == SIGINT ? unsent.failure : keeping(unsent)
    }
  }

  /// The failure that ends the process, after saying where a text that was not sent is kept.
  func keeping(_ unsent: LineReader.Unsent) -> Failure {
    guard !String(decoding: unsent.text, as: UTF8.self).allSatisfy(\.isWhitespace),
      let draft = try? Draft(unsent.text, in: context.temporaryFolder)
    else { return unsent.failure }
    diagnostics.remark("What you wrote is kept in \(draft.path).")
    return unsent.failure
  }

  /// Whether the answer to a question is yes; nil at the end of the input.
  ///
  /// - Parameter preset: what Enter alone means
  /// - Throws: as `ask`
  func agrees(to question: String, preset: Bool) throws -> Bool? {
    guard let answer = try ask("\(question) \(preset ? "[Y/n]" : "[y/N]")")?.lowercased() else { return nil }
    return answer.isEmpty ? preset : ["y", "yes"].contains(answer)
  }

  /// Whether there is someone to ask whose life it is about, and neither a legacy nor a conversation is named.
  func mayAskForLegacy(_ selection: Selection) -> Bool {
    guard case .conversation = selection.target else { return selection.legacy == nil && input.isTerminal }
    return false
  }

  /// Asks whose life it is about if the database has no legacies yet and someone is there to answer.
  ///
  /// - Throws: as `ask`; as `ConversationService.addLegacy`
  func askForLegacy(_ service: ConversationService, _ selection: Selection) throws {
    guard mayAskForLegacy(selection), try service.legacies().isEmpty else { return }
    while let name = try ask("Whose life is it about?", isDroppingEarlierKeys: true) {
      guard !Session.isCommand(name) else {
        diagnostics.remark("That looks like a command. Type the person's name.")
        continue
      }
      do {
        let name = try Rules.name(name, "the name")
        guard let isMeant = try agrees(to: "Remember \(name)?", preset: true) else { return }
        guard isMeant else { continue }
        let legacy = try service.addLegacy(name: name, evenIfKnown: false).legacy
        return diagnostics.remark("Added \(legacy.name).")
      } catch let failure as Failure where failure.code == .invalidInput {
        diagnostics.fail(failure)
      }
    }
  }

  /// Whether what was typed as a name looks like the next of several pasted commands.
  static func isCommand(_ text: String) -> Bool { text.hasPrefix("mosaic-ai ") || text.contains(" --") }

  /// Whether the user agrees: asked on a terminal, unless `yes` says so already.
  ///
  /// - Throws: `Failure` with code `usage` if standard input is not a terminal; as `ask`
  func confirm(_ question: String, yes: Bool) throws -> Bool {
    if yes { return true }
    try requireTerminal()
    return try agrees(to: question, preset: false) ?? false
  }

  /// Whether the user agrees by typing a name, unless `yes` says so already.
  ///
  /// - Throws: as `confirm(_:yes:)`
  func confirm(_ question: String, byTyping name: String, yes: Bool) throws -> Bool {
    if yes { return true }
    try requireTerminal()
    return try ask(question)?.folded == name.folded
  }

  private func requireTerminal() throws {
    guard input.isTerminal else {
      throw Failure(
        .usage, "cannot ask for confirmation: standard input is not a terminal",
        advice: "add --yes to do it without asking")
    }
  }

  /// Signals end a wait for the terminal, not the process, so that the terminal is left as it was.
  private func reading<Result>(_ body: (LineReader) throws -> Result) throws -> Result {
    let source = try context.watchSignals()
    defer { context.unwatchSignals() }
    let output = diagnostics.output
    let echo = output.isTerminal ? output : Output(descriptor: input.descriptor, variables: context.variables)
    echo.observe(source.cancellation)
    return try body(
      LineReader(
        input: input.descriptor, echo: echo, cancellation: source.cancellation,
        isPlain: context.variables["TERM"] == "dumb"))
  }
}
