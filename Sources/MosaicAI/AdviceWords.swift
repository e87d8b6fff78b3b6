import MosaicAICore

/// Puts an error's advice into this program's words: options and command lines to paste.
struct AdviceWords: Sendable {
  /// The options that make another command line use the same database and user, each after a space.
  var repeatedOptions = ""
  /// Whether the reader is at the prompt of `chat` and types its commands.
  var isInConversation = false

  /// One line without a full stop.
  func text(_ advice: Advice) -> String { hint(advice).line }

  /// Without a full stop.
  func hint(_ advice: Advice) -> Hint {
    switch advice {
    case .text(let text): Hint(marked: text)
    case .steps(let steps): Hint(joining: steps.map(hint), with: "; ")
    case .either(let ways): Hint(joining: ways.map(hint), with: ", or ")
    case .didYouMean(let names): "did you mean \(names.map { "\"\($0)\"" }.joined(separator: " or "))?"
    case .useID(let things): "use the id, or more of it: \(items: things)"
    case .list(let listing): hint(listing)
    case .addLegacy: "add one with \(command: command("legacies add \"NAME\""))"
    case .startConversation: "start one with \(command: command("send \"MESSAGE\""))"
    case .startNewConversation: "start a new conversation with \(isInConversation ? "/new" : "--new")"
    case .choose(let setting, let names): choose(setting, names)
    case .change(let setting, let values): "\(change(setting, values))"
    case .raise(let setting): "allow more with \(option(setting))"
    case .thinkLess:
      """
      lower the effort, for example with \
      \(command: "\(option(.modelFields)) '{\"output_config\":{\"effort\":\"low\"}}'")
      """
    case .omit(let setting): "leave out \(option(setting))"
    case .check(let settings): "check \(AdviceWords.list(settings.flatMap(places), "and"))"
    case .askToShare(let legacy, let handle):
      "ask an owner to run \(command: "mosaic-ai legacies share \(legacy) \(shellQuoted(handle))")"
    case .addOwner(let legacy):
      "make someone else an owner first: \(command: command("legacies share \(legacy.short) HANDLE --role owner"))"
    case .retry(let conversation, let saved): retry(retryCommand(conversation), saved)
    case .retryMessage(let message, let saved): retry(command("send --retry --message \(message.short)"), saved)
    case .retryAll: "ask again for missing replies with \(command: retryAllCommand)"
    case .runAgain: "run the same command again; what is answered is not asked again"
    case .setUp: "run \(command: "mosaic-ai setup")"
    case .runAWS(let command, let profile): "run \(command: AdviceWords.aws(command, profile))"
    case .listModels(let region):
      "see which are active with \(command: AdviceWords.aws(AdviceWords.activeModels(in: region), nil))"
    case .showHistory: "see it with \(command: isInConversation ? "/history" : command("history"))"
    case .allowSameName: "add --new to do it anyway"
    case .replaceFile: "replace it with --force"
    case .restoreBackup: "restore a backup with \(command: command("restore FILE"))"
    case .migrateByHand:
      """
      have the owner of the database run the SQL of \(command: "mosaic-ai database migrate --print"), and grant this \
      role the rights that it names
      """
    case .exportForImport: "make one with \(command: "mosaic-ai export --legacy LEGACY -o ndjson")"
    case .importElsewhere: "nothing was imported; import it into a separate database with \(option(.database))"
    case .reportBug: "this is a bug in mosaic-ai; please report it with the command that led to it"
    }
  }

  /// A command line of this program, meaning the same database and user.
  func command(_ arguments: String) -> String { "mosaic-ai \(arguments)\(repeatedOptions)" }

  /// The command that asks for the last reply of a conversation again.
  func retryCommand(_ conversation: ConversationID) -> String {
    isInConversation ? "/retry" : command("send --retry --conversation \(conversation.short)")
  }

  /// How to let the model finish what it was saying.
  func goingOn(_ conversation: ConversationID) -> Advice {
    isInConversation
      ? "say \"Go on.\""
      : .text("go on with `\(command("send --conversation \(conversation.short) \"Go on.\""))`")
  }

  /// The command that asks for every missing reply.
  var retryAllCommand: String { command("send --retry --all") }

  private func hint(_ listing: Advice.Listing) -> Hint {
    switch listing {
    case .personas: "see them with \(command: "mosaic-ai personas")"
    case .legacies: "see yours with \(command: command("legacies"))"
    case .members(let legacy): "list its members with \(command: command("legacies members \(legacy.short)"))"
    case .conversations: "see yours with \(command: command("conversations"))"
    case .messages: "see the ids with \(command: command("history -o json"))"
    }
  }

  private func choose(_ setting: Setting, _ names: [String]) -> Hint {
    let places = AdviceWords.list([option(setting)] + SettingEntry.of(setting).variables, "or")
    guard !names.isEmpty else { return "choose a \(setting.rawValue) with \(places)" }
    return "choose one with \(places): \(items: names.map { "\"\($0)\"" })"
  }

  private func change(_ setting: Setting, _ values: [String]) -> String {
    guard !values.isEmpty else {
      return "choose another \(setting.rawValue.replacing("_", with: " ")) with \(option(setting))"
    }
    return "try \(values.map { "\(option(setting)) \($0)" }.joined(separator: " or "))"
  }

  private func retry(_ command: String, _ saved: Advice.Saved) -> Hint {
    switch saved {
    case .message: "your message is saved; send it again with \(command: command)"
    case .refusedMessage: "your message is saved; once the cause is fixed, send it again with \(command: command)"
    case .partOfReply: "what arrived is saved; ask again with \(command: command)"
    }
  }

  /// The command that lists the ids of Claude models that are not legacy.
  private static func activeModels(in region: String) -> String {
    "bedrock list-foundation-models --region \(region) --by-provider anthropic "
      + "--query \"modelSummaries[?modelLifecycle.status=='ACTIVE'].modelId\" --output text"
  }

  /// A command line of the AWS CLI.
  private static func aws(_ command: String, _ profile: String?) -> String {
    let named = profile.flatMap { $0 == "default" ? nil : " --profile \(shellQuoted($0))" }
    return "aws \(command)\(named ?? "")"
  }

  /// Everything that can set a setting: its option, its variables and, for AWS's own settings, the profile.
  private func places(of setting: Setting) -> [String] {
    guard setting == .endpointURL else { return [option(setting)] }
    return [option(setting)] + SettingEntry.of(setting).variables + ["endpoint_url in the AWS profile"]
  }

  private func option(_ setting: Setting) -> String { SettingEntry.of(setting).place }

  private static func list(_ items: [String], _ conjunction: String) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return "\(items.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
  }
}
