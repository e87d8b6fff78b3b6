import TestSupport
import Testing

@testable import MosaicAICore

/// One reply of the model, from a scripted service.
struct ConverseTrial {
  static let request = ModelRequest(
    modelID: "us.anthropic.claude-v1:0", system: "Be kind.", turns: [.init(.user, "Hello")], maximumTokens: 100)
  static let key = AccessKey(id: "AKIDEXAMPLE", secret: Secret("wJalrXUtnFEMI"), sessionToken: Secret("session-token"))
  /// Where the credentials come from.
  static let source = "profile rose"

  let transport: ScriptedTransport
  let receiver = RecordedReply()
  var attempts = 3
  var deadline = Duration.seconds(300)
  var region = "us-east-1"
  var cancellation = Cancellation.never
  var now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_795_414_382_000) }
  var random: @Sendable () -> Double = { 0 }
  /// What the source gives; its argument says whether the last ones have expired.
  var credentials: @Sendable (_ isRefreshing: Bool) throws -> Credentials = { _ in .accessKey(key) }

  init(_ answers: ScriptedTransport.Answer...) { transport = ScriptedTransport(answers) }
  init(_ answers: [ScriptedTransport.Answer]) { transport = ScriptedTransport(answers) }

  /// The model that asks the scripted service.
  var model: BedrockModel {
    BedrockModel(
      BedrockModel.Settings(
        endpoint: "https://bedrock.test", region: region, maximumAttempts: attempts, deadline: deadline),
      credentials: { [credentials] refused, _ in
        .init(credentials: try credentials(refused != nil), source: ConverseTrial.source, tried: [])
      },
      transport: transport, now: now, backoff: Backoff(random: random))
  }

  func run() throws -> ModelReply { try run(model) }

  /// Asks a model that may have replied before.
  func run(_ model: BedrockModel) throws -> ModelReply {
    defer {
      #expect(receiver.chunks.allSatisfy { !$0.isEmpty })
      let ends = receiver.events.filter {
        if case .start = $0 { true } else { $0.type == "done" || $0.type == "error" }
      }
      #expect(ends.isEmpty, "only the service starts and ends a reply")
    }
    return try model.reply(to: ConverseTrial.request, receiver, cancellation)
  }
}

extension RecordedReply {
  /// Calls this with each notice of a retry.
  func atRetry(_ body: @escaping (RetryNotice) throws -> Void) {
    onEvent = { if case .retry(let notice) = $0 { try body(notice) } }
  }
}
