import Foundation
import GRDB
import Synchronization
import Testing

@testable import MosaicAICore

/// A folder of its own, removed at the end.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("mosaic-ai-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The permission bits of something in the folder.
  func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
  }

  func contents(_ name: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(name)") }
}

/// A database in a temporary folder, and people who use it.
struct Household {
  let folder: TemporaryFolder
  let store: Store
  /// What time it is, for everybody.
  let clock = Clock()

  /// A clock that goes as the test says.
  final class Clock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_795_414_382_000))
    var now: Timestamp {
      get { time.withLock { $0 } }
      set { time.withLock { $0 = newValue } }
    }
  }

  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(path: "\(folder.path)/db")
  }

  /// Lets the database grow no more, as a full disk would, or again.
  func setDiskFull(_ isFull: Bool) throws {
    try store.write { try $0.db.execute(sql: "PRAGMA max_page_count = \(isFull ? 1 : 1_000_000)") }
  }

  /// Another connection to the same database, as another process would have it.
  func anotherStore() throws -> Store { try Store.open(path: "\(folder.path)/db") }

  func service(_ handle: String = "ada", store: Store? = nil) throws -> ConversationService {
    try ConversationService(store: store ?? self.store, handle: handle, now: { [clock] in clock.now }, makeID: newID)
  }
}

/// A new random UUID in lower case.
@Sendable func newID() -> String { UUID().uuidString.lowercased() }

/// The built-in personas.
func builtInPersonas() throws -> PersonaCatalog { try PersonaCatalog.load(overlay: nil, path: "personas.yaml") }

extension SendRequest {
  /// To the legacy and persona that are meant where nothing else is said.
  static func to(legacy: String? = nil, persona: String = "biographer", _ target: Target = .latest) -> SendRequest {
    var request = SendRequest(persona: .init(persona, isExplicit: false))
    request.legacy = legacy.map { .init($0, isExplicit: true) }
    request.target = target
    return request
  }

  static func conversation(_ id: String) -> SendRequest { to(.conversation(id)) }
  static func to(_ target: Target) -> SendRequest { to(legacy: nil, target) }
}

/// Keeps what was shown of a reply.
final class RecordedSink: ReplySink {
  enum Event: Equatable {
    case start(ReplyStart)
    case retry(RetryNotice)
    case chunk(String)
    case done(ReplyDone)
  }

  private(set) var events: [Event] = []
  var onStart: () throws -> Void = {}
  var onChunk: () throws -> Void = {}
  var onFlush: () throws -> Void = {}
  var onDone: () throws -> Void = {}

  func start(_ start: ReplyStart) throws {
    events.append(.start(start))
    try onStart()
  }
  func retry(_ notice: RetryNotice) { events.append(.retry(notice)) }
  func chunk(_ text: UnsafeBufferPointer<UInt8>) throws {
    events.append(.chunk(String(decoding: text, as: UTF8.self)))
    try onChunk()
  }
  func flush() throws { try onFlush() }
  func done(_ done: ReplyDone) throws {
    events.append(.done(done))
    try onDone()
  }

  var text: String { events.map { if case .chunk(let text) = $0 { text } else { "" } }.joined() }
  var done: ReplyDone? { if case .done(let done) = events.last { done } else { nil } }
}

/// A message that was sent, and what came of it.
struct Sent {
  let exchange: Exchange
  let sink: RecordedSink
  /// Nil where there is a whole reply.
  let failure: ReplyFailure?

  var conversationID: String { exchange.start.conversationID }
  var questionID: String { exchange.start.userMessageID }
}

extension ConversationService {
  /// Sends a message, or asks again without one; Bedrock answers as foreseen, each request once.
  @discardableResult
  func send(
    _ message: String?, _ answers: ScriptedTransport.Answer..., request: SendRequest = .to(),
    sink: RecordedSink = RecordedSink()
  ) throws -> Sent {
    let personas = try builtInPersonas()
    let exchange =
      try message.map { try begin(Rules.message($0), request, personas: personas) }
      ?? beginRetry(request, personas: personas)
    do {
      try answer(exchange, to: sink) { .scripted(answers) }
      return Sent(exchange: exchange, sink: sink, failure: nil)
    } catch let failure as ReplyFailure {
      return Sent(exchange: exchange, sink: sink, failure: failure)
    }
  }

  /// All messages of a conversation, oldest first.
  func messages(_ conversation: String? = nil, all: Bool = false) throws -> [Message] {
    try history(of: conversation, legacy: nil, personaID: nil, Page(all: all)).messages
  }

  func list() throws -> [Conversation] { try conversations(legacy: nil, personaID: nil, limit: nil, offset: nil) }

  /// The context of a message that would be sent now.
  func context(_ message: String, _ request: SendRequest = .to()) throws -> [String] {
    try preview(message, request, personas: builtInPersonas()).turns.map { "\($0.role.rawValue): \($0.text)" }
  }
}

extension BedrockClient {
  /// A client of a scripted service that asks as often as there are answers.
  static func scripted(_ answers: [ScriptedTransport.Answer]) -> BedrockClient {
    BedrockClient(
      Settings(endpoint: "https://bedrock.test", region: "us-east-1", maximumAttempts: max(1, answers.count)),
      credentials: { _ in .apiKey(Secret("key")) }, transport: ScriptedTransport(answers), random: { 0 })
  }
}
