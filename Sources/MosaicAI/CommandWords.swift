import ArgumentParser
import MosaicAICore

/// A command line as it was typed: which of its words are text, and why it cannot be parsed.
struct CommandWords {
  private let arguments: [String]

  init(_ arguments: [String]) { self.arguments = arguments }

  /// The arguments as ArgumentParser takes them. One that starts with a dash and has white space before any `=` is not
  /// an option but text: the value of the option before it, or what `send` is to send.
  var parsable: [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var words: [String] = []
    var texts: [String] = []
    for argument in arguments[..<end] {
      if let option = CommandWords.optionWithNothing(argument) {
        // ArgumentParser would take the next word for the value.
        words += [option, ""]
      } else if !CommandWords.isText(argument) {
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

  /// The value of an option, even in a command line that cannot be parsed as a whole: the last one; nil if there is
  /// none.
  func value(of long: String, _ short: String? = nil) -> String? {
    let words = arguments.prefix { $0 != "--" }
    return zip(words, words.dropFirst().map { $0 as String? } + [nil]).compactMap { word, next -> String? in
      if word == long || word == short { return next }
      if word.hasPrefix("\(long)=") { return String(word.dropFirst(long.count + 1)) }
      guard let short, word.hasPrefix(short) else { return nil }
      return String(word.dropFirst(short.count).drop { $0 == "=" })
    }.last
  }

  /// The error for an unknown word in the place of a command; nil if there is none.
  var unknownCommand: Failure? {
    var words = arguments[...]
    if words.first == "help" { words = words.dropFirst() }
    var path = "mosaic-ai"
    var commands = MosaicAI.configuration.subcommands
    while !commands.isEmpty, let word = words.popFirst(), !word.hasPrefix("-") {
      guard let command = commands.first(where: { $0._commandName == word }) else {
        let typed = "\(path) \(word)".dropFirst("mosaic-ai ".count)
        return Failure(
          .usage, "unknown command \"\(typed)\"",
          advice: Suggestion.advice(for: word, among: commands.map { $0._commandName })
            ?? "see `\(path) --help`")
      }
      path += " \(word)"
      commands = command.configuration.subcommands
    }
    return nil
  }

  /// Why the command line cannot be parsed, without repeating a message that was typed.
  ///
  /// - Parameter message: what ArgumentParser says
  func failure(_ message: String) -> Failure {
    if let unknownCommand { return unknownCommand }
    if let optionsFirst { return optionsFirst }
    let help: Advice = "see `\(commandPath) --help`"
    let dash: Advice = "put -- before \(isSend ? "a message" : "text") that starts with a dash"
    if message.contains("nexpected argument") {
      return Failure(
        .usage, "too many arguments",
        advice: isSend ? "put the message in quotes: `mosaic-ai send \"MESSAGE\"`" : help)
    }
    if let option = message.firstMatch(of: /^Unknown option '(.*?)'(\. Did you mean '(.*)'\?)?/.dotMatchesNewlines()) {
      let word = /-[A-Za-z]|--[a-z]+(-[a-z]+)*/
      let isWord = option.1.wholeMatch(of: word) != nil
      // Text that starts with a dash is not an option, however close to one it is.
      let mayBeOption = option.1.prefix { $0 != "=" }.wholeMatch(of: word) != nil
      let guess = option.3.flatMap { mayBeOption ? Advice.didYouMean([String($0)]) : nil }
      return Failure(
        .usage, isWord ? "unknown option \(option.1)" : "unknown option",
        advice: guess ?? (isWord && !isSend ? help : isWord ? help.then(dash) : dash))
    }
    if let missing = message.wholeMatch(of: /Missing value for '(--[^ ]*).*'/) {
      return Failure(
        .usage, "\(missing.1) needs a value", advice: "if the value starts with a dash, write \(missing.1)=\"-…\"")
    }
    if let refused = message.firstMatch(
      of: /^The value '(.*)' is invalid for '(--?[^ ']+)[^']*'(?:: ([^\n]+))?/.dotMatchesNewlines())
    {
      let values = CommandWords.values(message[...])
      if refused.3 == nil, let hidden = String(refused.1).firstInvisible {
        return Failure(
          .usage, "\(refused.2) has \(hidden) in it, which cannot be seen",
          advice: CommandWords.advice(choosing: values) ?? help)
      }
      guard refused.3 == nil, values.isEmpty else {
        return Failure(
          .usage, "\(refused.2) cannot have that value\(refused.3.map { ": \($0)" } ?? "")",
          advice: CommandWords.advice(choosing: values) ?? help)
      }
      let (fault, advice): (String, Advice) =
        if refused.1.wholeMatch(of: /-?[0-9]+/) != nil {
          ("is too large", help)
        } else if Double(refused.1) != nil {
          ("must be a whole number", "write it in digits alone, such as 1000")
        } else {
          ("must be a number", "write it in digits alone, with a point before a fraction: 1000, 0.5")
        }
      return Failure(.usage, "\(refused.2) \(fault)", advice: advice)
    }
    let reason = message.split(separator: "\n").joined(separator: " ")
      .replacing(/^Missing expected argument/, with: "missing argument")
      .replacing(/, but '.*' was specified\.$/, with: "")
      .replacing(/\.$/, with: "")
    let mayBeText = reason.hasPrefix("missing") && arguments.contains { $0.hasPrefix("-") }
    return Failure(.usage, reason, advice: mayBeText ? help.then(dash) : help)
  }

  /// The values that may be given, of a message that lists them in quotation marks or one a line.
  private static func values(_ message: Substring) -> [String] {
    guard let list = message.firstRange(of: "Please provide") else { return [] }
    return message[list.upperBound...].matches(of: /'([^']*)'|\n *- (.*)/).map { String($0.1 ?? $0.2 ?? "") }
  }

  private static func advice(choosing values: [String]) -> Advice? {
    switch values.count {
    case 0: nil
    case 1: "it can only be \(values[0])"
    default: "choose one of \(values.joined(separator: ", "))"
    }
  }

  /// The error for options before the command; nil if there are none.
  private var optionsFirst: Failure? {
    let commands = MosaicAI.configuration.subcommands.map { $0._commandName }
    guard arguments.first?.hasPrefix("-") == true, let command = arguments.first(where: commands.contains) else {
      return nil
    }
    return Failure(.usage, "options go after the command", advice: "write `mosaic-ai \(command)`, then the options")
  }

  private var isSend: Bool { arguments.first == SendCommand._commandName }

  /// The part of the command that was recognized.
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

  /// The option of `--option=`, with nothing behind the equals sign; nil for other words.
  private static func optionWithNothing(_ argument: String) -> String? {
    guard argument.hasPrefix("--"), argument.last == "=" else { return nil }
    let option = String(argument.dropLast())
    return takesValue(option) ? option : nil
  }

  /// Whether a value follows that word. Unknown options count as taking one: they are an error anyway.
  private static func takesValue(_ word: String) -> Bool {
    word == "-o" || word.hasPrefix("--") && !word.contains("=") && !flags.contains(word)
  }

  /// The options that take no value.
  static let flags: Set = [
    "--all", "--all-legacies", "--deep", "--dry-run", "--edit", "--follow", "--force", "--help", "--new", "--no-pager",
    "--no-prompt-cache", "--online", "--plain", "--print", "--quiet", "--retry", "--skip", "--verbose", "--version",
    "--yes",
  ]
}
