import ArgumentParser
import MosaicAICore

struct ChatCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat", abstract: "Have a conversation at the terminal.",
    discussion: """
      Continues your latest conversation with that legacy and persona, or starts one, and keeps every message and \
      reply as send does. Enter sends what you typed, Alt-Enter or a \\ at the end of a line begins another line, and \
      a text that you paste is one message. Ctrl-C stops a reply, and keeps what has arrived; Ctrl-D on an empty line \
      leaves. Type /help for the commands.
      """)

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var connection: ConnectionOptions

  @Flag(
    help: """
      Write whole lines without color, and never move the cursor (default: if NO_COLOR is set or TERM is dumb).
      """)
  var plain = false

  @OptionGroup var format: TextOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [selection, model, connection, format] }

  func run(_ session: Session) throws {
    guard session.input.isTerminal, session.output.isTerminal else {
      let stream = session.input.isTerminal ? "output" : "input"
      throw Failure(
        .usage, "a conversation needs a terminal, and standard \(stream) is not one",
        advice: "send one message with `mosaic-ai send \"MESSAGE\"`")
    }
    try selection.check()
    try connection.check()
    let choice = try model.choice(session.settings)
    let personas = try session.personas()
    let selection = selection.selection(session.settings, isRetry: false)
    let service = try session.service(for: selection)
    try session.askForLegacy(service, selection)
    let isPlain = plain || !session.output.style.hasColor
    let chat = try Chat(
      session.inConversation(isPlain: isPlain), service, personas, choice, selection, isPlain: isPlain)
    try chat.run()
  }
}
