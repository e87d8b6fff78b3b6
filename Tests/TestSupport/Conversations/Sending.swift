@testable import MosaicAICore

extension Selection {
  /// To a legacy and persona, the Biographer by default.
  package static func to(legacy: String? = nil, persona: String = "biographer", _ target: Target = .latest) -> Selection
  {
    var selection = Selection(persona: .init(persona, isBinding: false))
    selection.legacy = legacy.map { .init($0, isBinding: true) }
    selection.target = target
    return selection
  }

  package static func conversation(_ id: ConversationID) -> Selection { to(.conversation(id.rawValue)) }
  package static func to(_ target: Target) -> Selection { to(legacy: nil, target) }
}

/// Keeps what it receives of a reply.
package final class RecordedReply: ReplyReceiver {
  package private(set) var events: [ReplyEvent] = []
  /// The pieces of text, one after another.
  package private(set) var chunks: [String] = []
  package var onEvent: (ReplyEvent) throws -> Void = { _ in }
  /// Called once for all chunks that come together.
  package var onChunks: () throws -> Void = {}

  package init() {}

  package func receive(_ event: ReplyEvent) throws {
    events.append(event)
    try onEvent(event)
  }

  package func receive(_ chunks: ReplyChunks) throws {
    chunks.forEach { self.chunks.append(String(decoding: $0, as: UTF8.self)) }
    try onChunks()
  }

  package var text: String { chunks.joined() }
  package var start: ReplyStart? { if case .start(let start) = events.first { start } else { nil } }
  package var retries: [RetryNotice] { events.compactMap { if case .retry(let notice) = $0 { notice } else { nil } } }
  package var done: ReplyDone? { if case .done(let done) = events.last { done } else { nil } }
}

/// A message that was sent, and how that ended.
package struct Sent {
  package let exchange: Exchange
  package let reply: RecordedReply
  /// Nil if the reply is whole.
  package let failure: ReplyFailure?

  package var conversationID: ConversationID { exchange.start.conversationID }
  package var questionID: MessageID { exchange.start.userMessageID }
}

extension ConversationService {
  /// Sends a message, or asks again if there is none. Bedrock gives each request its answer.
  @discardableResult
  package func send(
    _ message: String?, _ answers: ScriptedTransport.Answer..., to selection: Selection = .to(),
    model: ModelChoice = ModelChoice(), reply: RecordedReply = RecordedReply()
  ) throws -> Sent {
    let personas = try builtInPersonas()
    let exchange =
      try message.map { try begin(Rules.message($0), selection, model, personas: personas) }
      ?? beginRetry(selection, model, personas: personas)
    do {
      try answer(exchange, to: reply, .never) { BedrockModel.scripted(answers) }
      return Sent(exchange: exchange, reply: reply, failure: nil)
    } catch let failure as ReplyFailure {
      return Sent(exchange: exchange, reply: reply, failure: failure)
    }
  }

  /// All messages of a conversation, oldest first; of the latest if none is named.
  package func messages(_ conversation: ConversationID? = nil, all: Bool = false) throws -> [Message] {
    try history(of: conversation?.rawValue, Page(all: all)).messages
  }

  package func list() throws -> [Conversation] { try conversations() }

  /// The context of a message that would be sent now.
  package func context(_ message: String, _ selection: Selection = .to()) throws -> [String] {
    try preview(message, selection, personas: builtInPersonas()).turns.map { "\($0.author.rawValue): \($0.text)" }
  }
}

extension BedrockModel {
  /// A model that asks a scripted service, once for each answer.
  package static func scripted(_ answers: [ScriptedTransport.Answer]) -> BedrockModel {
    BedrockModel(
      Settings(endpoint: "https://bedrock.test", region: "us-east-1", maximumAttempts: max(1, answers.count)),
      credentials: { _, _ in .init(credentials: .apiKey(Secret("key")), source: "the test", tried: []) },
      transport: ScriptedTransport(answers), backoff: Backoff { 0 })
  }
}
