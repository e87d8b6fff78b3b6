import ArgumentParser
import MosaicAICore

struct DeleteCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete conversations or messages for good.",
    discussion: """
      Asks first on a terminal, and needs --yes elsewhere. Nothing of them stays in the database's files. A message of \
      yours goes with all replies to it. A reply goes with the earlier ones it replaced, and your message stays, \
      without a reply, as one that failed. history -o ndjson shows the ids of messages.
      """)

  @Argument(
    help: ArgumentHelp("The conversations: ids, starts of ids, or last.", valueName: "conversation"),
    completion: .conversations)
  var conversations: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Delete these messages instead: ids, or starts of ids.", valueName: "id"))
  var message: [String] = []

  @Flag(name: .shortAndLong, help: "Delete without asking.")
  var yes = false

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    guard conversations.isEmpty != message.isEmpty else {
      throw Failure(
        .usage, conversations.isEmpty ? "nothing chosen to delete" : "conversations cannot be combined with --message",
        advice: "name conversations, or messages with --message")
    }
    let service = try session.existingService(isWriting: true)
    try conversations.isEmpty ? deleteMessages(session, service) : deleteConversations(session, service)
  }

  private func deleteConversations(_ session: Session, _ service: ConversationService) throws {
    let found = try service.findConversations(conversations)
    let messages = found.reduce(0) { $0 + $1.messageCount }
    let what =
      found.count == 1
      ? "the conversation \"\(found[0].title ?? found[0].id.rawValue)\" about \(found[0].legacyName)"
      : counted(found.count, "conversation")
    let isConfirmed = try session.confirm("Delete \(what), with \(counted(messages, "message"))?", yes: yes)
    if isConfirmed {
      try service.deleteConversations(ids: found.map(\.id))
      for conversation in found {
        session.diagnostics.record(
          Diagnostics.Event(
            name: "ai.conversation.deleted", fields: [JSON.Member("conversation_id", JSON(conversation.id))]),
          "conversation \(conversation.id) deleted")
      }
    }
    try session.writeDeleted(isConfirmed ? found.map(\.id) : [], "Deleted \(counted(found.count, "conversation")).")
  }

  private func deleteMessages(_ session: Session, _ service: ConversationService) throws {
    let (found, count) = try service.findMessages(message)
    let others = count - found.count
    let more = others > 0 ? ", and \(grouped(others)) more that \(others == 1 ? "belongs" : "belong") to it" : ""
    let isConfirmed = try session.confirm("Delete \(counted(found.count, "message"))\(more)?", yes: yes)
    if isConfirmed { try service.deleteMessages(ids: found.map(\.id)) }
    try session.writeDeleted(isConfirmed ? found.map(\.id) : [], "Deleted \(counted(count, "message")).")
  }
}
