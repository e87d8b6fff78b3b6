import ArgumentParser
import MosaicAICore

struct DeleteCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete conversations for good.",
    discussion: "Asks on a terminal, and needs --yes elsewhere. Nothing of them stays in the database's files.")

  @Argument(
    help: ArgumentHelp("The conversations: ids, their beginnings, or last.", valueName: "conversation"),
    completion: .conversations)
  var conversations: [String]

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  func run(in context: CommandContext) throws {
    let session = try Session(common, context) { $0.output = format.output?.rawValue }
    let service = try session.lookingService()
    let found = try service.findConversations(conversations)
    let messages = found.reduce(0) { $0 + $1.messageCount }
    let what =
      found.count == 1
      ? "the conversation \"\(found[0].title ?? found[0].id)\" about \(found[0].legacyName)"
      : "\(found.count) conversations"
    let isConfirmed = try session.confirm(
      "Delete \(what), with \(messages) message\(messages == 1 ? "" : "s")?", yes: yes)
    if isConfirmed { try service.deleteConversations(ids: found.map(\.id)) }
    try session.writeDeleted(
      isConfirmed ? found.map(\.id) : [], "deleted \(found.count) conversation\(found.count == 1 ? "" : "s")")
  }
}

extension Session {
  /// Tells what was deleted: as records for programs, and as a remark for people.
  ///
  /// - Parameter remark: says so, where anything was deleted
  /// - Throws: `Failure` with code `usage` or `output_failed`
  func writeDeleted(_ ids: [String], _ remark: String) throws {
    if try listFormat() == .text {
      diagnostics.warn(ids.isEmpty ? "nothing was deleted" : remark)
    } else {
      try write(ids, record: { ["id": .string($0), "deleted": true] }, table: { _ in Table(columns: [], rows: []) })
    }
  }

  /// An id as it is; where somebody looks, as much of it as is commonly needed.
  func id(_ id: String) -> String { context.output.isTerminal ? String(id.prefix(8)) : id }
}
