import ArgumentParser
import MosaicAICore

/// A command line as it was typed: which words are texts, and what is wrong where it cannot be parsed.
struct CommandWords {
  private let arguments: [String]

  init(_ arguments: [String]) { self.arguments = arguments }

  /// The arguments as ArgumentParser takes them. One that begins with a dash and has white space before any `=` is no
  /// option but a text: the value of the option before it, or what `send` is to send.
  var parsable: [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var words: [String] = []
    var texts: [String] = []
    for argument in arguments[..<end] {
      if !CommandWords.isText(argument) {
        words.append(argument)
      } else if let option = words.last, CommandWords.takesValue(option) {
        words[words.count - 1] = "\(option)=\(argument)"
      } else if words.first == SendCommand._commandName {
        texts.append(argument)
      } else {
        words.append(argument)
      }
    }
    texts += arguments[end...].dropFirst()
    return texts.isEmpty && end == arguments.endIndex ? words : words + ["--"] + texts
  }

  /// The error for a word where a command belongs that is none; nil where there is no such word.
  var unknownCommand: Failure? {
    var words = arguments[...]
    if words.first == "help" { words = words.dropFirst() }
    var path = "mosaic-ai"
    var commands = MosaicAI.configuration.subcommands
    while !commands.isEmpty, let word = words.popFirst(), !word.hasPrefix("-") {
      guard let command = commands.first(where: { $0._commandName == word }) else {
        let typed = "\(path) \(word)".dropFirst("mosaic-ai ".count)
        let hint = Suggestion.hint(for: word, among: commands.map { $0._commandName }) ?? "see \(path) --help"
        return Failure(.usage, "there is no command \"\(typed)\"", hint: hint)
      }
      path += " \(word)"
      commands = command.configuration.subcommands
    }
    return nil
  }

  /// What is wrong, without the words of a message.
  ///
  /// - Parameter message: what ArgumentParser says
  func failure(_ message: String) -> Failure {
    if let unknownCommand { return unknownCommand }
    if let optionsFirst { return optionsFirst }
    let help = "see \(commandPath) --help"
    let dash = "put -- before a \(isSend ? "message" : "text") that begins with a dash"
    if message.contains("nexpected argument") {
      let hint =
        isSend
        ? "put the message into quotes: mosaic-ai send \"MESSAGE\"" : "put what belongs together into quotes; \(help)"
      return Failure(.usage, "there are more arguments than the command takes", hint: hint)
    }
    if let option = message.firstMatch(of: /^Unknown option '(.*?)'(\. Did you mean '(.*)'\?)?/.dotMatchesNewlines()) {
      let isWord = option.1.wholeMatch(of: /-[A-Za-z]|--[a-z]+(-[a-z]+)*/) != nil
      return Failure(
        .usage, isWord ? "there is no option \(option.1)" : "there is no such option",
        hint: option.3.map { "did you mean \"\($0)\"?" }
          ?? (isWord && !isSend ? help : isWord ? "\(help); \(dash)" : dash))
    }
    if let missing = message.wholeMatch(of: /Missing value for '(--[^ ]*).*'/) {
      return Failure(.usage, message, hint: "one that begins with a dash needs an equals sign: \(missing.1)=\"-…\"")
    }
    let said =
      message.split(separator: "\n").joined(separator: " ")
      .replacing(/^The value '.*' is invalid for/, with: "the value is invalid for")
      .replacing(/, but '.*' was specified\.$/, with: "")
      .replacing(/\.$/, with: "")
    let mayBeText = said.hasPrefix("Missing expected") && arguments.contains { $0.hasPrefix("-") }
    return Failure(.usage, said, hint: mayBeText ? "\(help); \(dash)" : help)
  }

  /// The error for options before the command; nil where there are none.
  private var optionsFirst: Failure? {
    let commands = MosaicAI.configuration.subcommands.map { $0._commandName }
    guard arguments.first?.hasPrefix("-") == true, let command = arguments.first(where: commands.contains) else {
      return nil
    }
    return Failure(.usage, "options follow the command", hint: "write mosaic-ai \(command), and the options behind it")
  }

  private var isSend: Bool { arguments.first == SendCommand._commandName }

  /// How the command is called, as far as it was found.
  private var commandPath: String {
    var path = "mosaic-ai"
    var commands = MosaicAI.configuration.subcommands
    for word in arguments {
      guard let command = commands.first(where: { $0._commandName == word }) else { break }
      path += " \(word)"
      commands = command.configuration.subcommands
    }
    return path
  }

  private static func isText(_ argument: String) -> Bool {
    argument.count > 1 && argument.hasPrefix("-")
      && argument.first { $0.isWhitespace || $0 == "=" }?.isWhitespace == true
  }

  /// Whether a value follows that word. Of options that are not known this is taken to be so: they are an error anyway.
  private static func takesValue(_ word: String) -> Bool {
    let flags = [
      "--all", "--dry-run", "--force", "--help", "--new", "--online", "--quiet", "--retry", "--verbose", "--version",
      "--yes",
    ]
    return word == "-o" || word.hasPrefix("--") && !word.contains("=") && !flags.contains(word)
  }
}
