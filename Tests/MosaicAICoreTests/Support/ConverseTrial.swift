import Synchronization
import Testing

@testable import MosaicAICore

/// What the client handed over.
final class RecordedReply: ConverseReceiver {
  private(set) var retries: [RetryNotice] = []
  private(set) var pieces: [String] = []
  private(set) var flushes = 0
  /// What is thrown at a notice, a piece or a flush, if anything.
  var onRetry: (RetryNotice) throws -> Void = { _ in }
  var onText: () throws -> Void = {}
  var onFlush: () throws -> Void = {}

  var text: String { pieces.joined() }

  func receive(retry: RetryNotice) throws {
    retries.append(retry)
    try onRetry(retry)
  }

  func receive(text: UnsafeBufferPointer<UInt8>) throws {
    #expect(!text.isEmpty)
    pieces.append(String(decoding: text, as: UTF8.self))
    try onText()
  }

  func flush() throws {
    flushes += 1
    try onFlush()
  }
}

/// One call of the client against a scripted service.
struct ConverseTrial {
  static let request = ConverseRequest(
    modelID: "us.anthropic.claude-v1:0", system: "Be kind.", turns: [.init(.user, "Hello")], maximumTokens: 100)
  static let key = AccessKey(id: "AKIDEXAMPLE", secret: Secret("wJalrXUtnFEMI"), sessionToken: Secret("session-token"))

  let transport: ScriptedTransport
  let receiver = RecordedReply()
  var attempts = 3
  var deadline = Duration.seconds(300)
  var region = "us-east-1"
  var cancellation = Cancellation.never
  var now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_795_414_382_000) }
  var random: @Sendable () -> Double = { 0 }
  var credentials: BedrockClient.CredentialsSource = { _ in .accessKey(key) }

  init(_ answers: ScriptedTransport.Answer...) { transport = ScriptedTransport(answers) }
  init(_ answers: [ScriptedTransport.Answer]) { transport = ScriptedTransport(answers) }

  func run() throws -> ConverseOutcome {
    let client = BedrockClient(
      BedrockClient.Settings(
        endpoint: "https://bedrock.test", region: region, maximumAttempts: attempts, deadline: deadline),
      credentials: credentials,
      transport: transport, cancellation: cancellation, now: now, random: random)
    return try client.converse(ConverseTrial.request, to: receiver)
  }
}
