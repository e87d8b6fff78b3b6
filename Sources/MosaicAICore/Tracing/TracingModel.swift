import Tracing

extension Telemetry {
  /// The model, with a span for each reply.
  ///
  /// - Parameter endpoint: the URL that it is asked at
  package func observing(_ model: any LanguageModel, at endpoint: String) -> any LanguageModel {
    TracingModel(model: model, server: URLParts(endpoint), telemetry: self)
  }
}

/// A model that knows how long its replies take, and what of.
private struct TracingModel: LanguageModel {
  let model: any LanguageModel
  let server: URLParts
  let telemetry: Telemetry

  func reply(
    to request: ModelRequest, _ receiver: any ReplyReceiver, _ cancellation: Cancellation
  ) throws -> ModelReply {
    let asking = CurrentSpan.value?.attributes
    return try telemetry.recorder.withSpan("chat \(request.modelID)", ofKind: .client) { span in
      span.updateAttributes { attributes in
        for name in ["gen_ai.conversation.id", "user_id", "legacy_id", "persona_id"] {
          if let value = asking?.get(name) { attributes[name] = value }
        }
        describe(request, in: &attributes)
      }
      let content = telemetry.hasContent ? ContentReceiver(receiver) : nil
      let began = ContinuousClock.now
      defer {
        if let first = receiver.firstTextAt {
          span.attributes["gen_ai.response.time_to_first_chunk"] = began.duration(to: first) / .seconds(1)
        }
        if let content { span.attributes["gen_ai.output.messages"] = content.json.compact }
      }
      let reply = try model.reply(to: request, content ?? receiver, cancellation)
      span.updateAttributes { describe(reply, in: &$0) }
      return reply
    }
  }

  private func describe(_ request: ModelRequest, in attributes: inout SpanAttributes) {
    attributes["gen_ai.operation.name"] = "chat"
    attributes["gen_ai.provider.name"] = "aws.bedrock"
    attributes["gen_ai.request.model"] = request.modelID
    attributes["gen_ai.request.max_tokens"] = request.maximumTokens
    attributes["gen_ai.request.stream"] = true
    if let temperature = request.temperature { attributes["gen_ai.request.temperature"] = temperature }
    if let guardrail = request.guardrail { attributes["aws.bedrock.guardrail.id"] = guardrail.identifier }
    attributes.describe(server)
    guard telemetry.hasContent else { return }
    attributes["gen_ai.system_instructions"] = ([["type": "text", "content": .string(request.system)]] as JSON).compact
    let last = request.turns.indices.last
    let turns = request.turns.indices.map { index in
      let turn = request.turns[index]
      return JSON.message(turn.author, (index == last ? [request.reminder] : []) + [turn.text])
    }
    attributes["gen_ai.input.messages"] = JSON.array(turns).compact
  }

  private func describe(_ reply: ModelReply, in attributes: inout SpanAttributes) {
    attributes["gen_ai.response.finish_reasons"] = [reply.stopReason.rawValue]
    guard let usage = reply.usage else { return }
    if let input = usage.input {
      attributes["gen_ai.usage.input_tokens"] = input + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0)
    }
    if let output = usage.output { attributes["gen_ai.usage.output_tokens"] = output }
    if let read = usage.cacheRead { attributes["gen_ai.usage.cache_read.input_tokens"] = read }
    if let written = usage.cacheWrite { attributes["gen_ai.usage.cache_creation.input_tokens"] = written }
  }
}

extension SpanAttributes {
  /// Adds the server that is asked.
  mutating func describe(_ server: URLParts) {
    self["server.address"] = server.host
    self["server.port"] = server.port
  }
}

extension JSON {
  /// A message as OpenTelemetry's conventions for generative AI have it.
  fileprivate static func message(_ author: Message.Author, _ texts: [String?]) -> JSON {
    let parts = texts.compactMap { text in text.map { ["type": "text", "content": .string($0)] as JSON } }
    return ["role": .string(author.rawValue), "parts": .array(parts)]
  }
}

/// Keeps the text of a reply for the trace.
private final class ContentReceiver: ReplyReceiver {
  private let receiver: any ReplyReceiver
  private var text: [UInt8] = []

  init(_ receiver: any ReplyReceiver) { self.receiver = receiver }

  var json: JSON { [.message(.assistant, [String(decoding: text, as: UTF8.self)])] }

  func receive(_ event: ReplyEvent) throws { try receiver.receive(event) }

  func receive(_ chunks: ReplyChunks) throws {
    text.append(contentsOf: chunks.bytes)
    try receiver.receive(chunks)
  }
}
