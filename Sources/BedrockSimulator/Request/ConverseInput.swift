/// A valid body of ConverseStream, cut down to what a reply is made of.
struct ConverseInput: Equatable, Sendable {
  /// A turn of the conversation, its text blocks joined by newlines.
  struct Message: Equatable, Sendable {
    let isFromUser: Bool
    let text: String
  }

  /// The system prompts, joined by blank lines.
  let system: String
  /// Never empty: begins and ends with the user, who alternates with the assistant.
  let messages: [Message]
  let maxTokens: Int?

  /// The newest words of the user.
  var question: String { messages.last?.text ?? "" }

  /// What AWS would bill, roughly: a token is about four bytes of English.
  var inputTokens: Int {
    approximateTokens(system) + messages.reduce(0) { $0 + approximateTokens($1.text) + 4 }
  }
}

/// How many tokens `text` is, roughly: one for every four bytes of UTF-8.
func approximateTokens(_ text: String) -> Int { (text.utf8.count + 3) / 4 }

extension ConverseInput {
  /// Reads and validates a body.
  ///
  /// - Throws: the error that AWS answers with
  init(body: [UInt8]) throws(ServiceError) {
    guard let members = JSONValue(parsing: body)?.members else {
      throw .validation("Malformed input request, please reformat your input and try again.")
    }
    try ConverseInput.refuseUnknown(members, besides: ConverseInput.requestMembers, at: "#")
    system = try ConverseInput.system(members["system"] ?? .array([]))
    guard let messages = members["messages"], messages != .null else {
      throw .constraint("null", at: "messages", "not be null")
    }
    self.messages = try ConverseInput.conversation(messages)
    maxTokens = try ConverseInput.maxTokens(members["inferenceConfig"])
    try ConverseInput.checkGuardrail(members["guardrailConfig"])
  }

  /// The system prompts.
  private static func system(_ value: JSONValue) throws(ServiceError) -> String {
    guard let blocks = value.elements else { throw .type(at: "system", not: "a list") }
    var texts: [String] = []
    for (index, block) in blocks.enumerated() {
      let path = "system.\(index)"
      guard let members = block.members else { throw .type(at: path, not: "a structure") }
      try refuseUnknown(members, besides: systemMembers, at: path)
      guard let text = members["text"] else { continue }
      guard let text = text.text else { throw .type(at: "\(path).text", not: "a String") }
      guard !text.isEmpty else { throw .constraint("''", at: "\(path).text", "have length greater than or equal to 1") }
      texts.append(text)
    }
    return texts.joined(separator: "\n\n")
  }

  /// The messages, which must alternate.
  private static func conversation(_ value: JSONValue) throws(ServiceError) -> [Message] {
    guard let values = value.elements else { throw .type(at: "messages", not: "a list") }
    var messages: [Message] = []
    for (index, value) in values.enumerated() { messages.append(try message(value, at: index)) }
    guard messages.first?.isFromUser == true else {
      throw .validation(
        "A conversation must start with a user message. Try again with a conversation that starts with a user message.")
    }
    for (previous, next) in zip(messages, messages.dropFirst()) where previous.isFromUser == next.isFromUser {
      throw .validation(
        "A conversation must alternate between user and assistant roles. "
          + "Make sure the conversation alternates between user and assistant roles and try again.")
    }
    guard messages.last?.isFromUser == true else {
      throw .validation(
        "This model does not support assistant message prefill. The conversation must end with a user message.")
    }
    return messages
  }

  /// One message.
  private static func message(_ value: JSONValue, at index: Int) throws(ServiceError) -> Message {
    let path = "messages.\(index)"
    guard let members = value.members else { throw .type(at: path, not: "a structure") }
    try refuseUnknown(members, besides: messageMembers, at: path)
    guard let role = members["role"]?.text else { throw .constraint("null", at: "\(path).role", "not be null") }
    guard role == "user" || role == "assistant" else {
      throw .constraint(jsonShort(role), at: "\(path).role", "satisfy enum value set: [user, assistant]")
    }
    guard let content = members["content"], content != .null else {
      throw .constraint("null", at: "\(path).content", "not be null")
    }
    guard let blocks = content.elements else { throw .type(at: "\(path).content", not: "a list") }
    guard !blocks.isEmpty else {
      throw .validation(
        "The content field in the Message object at \(path) is empty. Add a ContentBlock object to the content field and try again."
      )
    }
    var texts: [String] = []
    for (position, block) in blocks.enumerated() {
      if let text = try textBlock(block, at: "\(path).content.\(position)") { texts.append(text) }
    }
    return Message(isFromUser: role == "user", text: texts.joined(separator: "\n"))
  }

  /// The text of a content block; nil where it is of another kind.
  private static func textBlock(_ value: JSONValue, at path: String) throws(ServiceError) -> String? {
    guard let members = value.members else { throw .type(at: path, not: "a structure") }
    try refuseUnknown(members, besides: contentMembers, at: path)
    guard members.count == 1 else {
      throw .validation(
        "The ContentBlock object at \(path) must set one of the following keys: text, image, document, toolUse, toolResult."
      )
    }
    guard let text = members["text"] else { return nil }
    guard let text = text.text else { throw .type(at: "\(path).text", not: "a String") }
    guard !text.allSatisfy(\.isWhitespace) else {
      throw .validation(
        "The text field in the ContentBlock object at \(path) is blank. Add text to the text field, and try again.")
    }
    return text
  }

  /// The limit set by `inferenceConfig`, the rest of which is checked too.
  private static func maxTokens(_ value: JSONValue?) throws(ServiceError) -> Int? {
    guard let value else { return nil }
    guard let members = value.members else { throw .type(at: "inferenceConfig", not: "a structure") }
    try refuseUnknown(members, besides: inferenceMembers, at: "inferenceConfig")
    for name in ["temperature", "topP"] {
      guard let value = members[name] else { continue }
      let path = "inferenceConfig.\(name)"
      guard let number = value.double else { throw .type(at: path, not: "a Float") }
      guard number >= 0 else { throw .constraint("'\(number)'", at: path, "have value greater than or equal to 0") }
      guard number <= 1 else { throw .constraint("'\(number)'", at: path, "have value less than or equal to 1") }
    }
    guard let limit = members["maxTokens"] else { return nil }
    guard case .integer(let limit) = limit else { throw .type(at: "inferenceConfig.maxTokens", not: "an Integer") }
    guard limit >= 1 else {
      throw .constraint("'\(limit)'", at: "inferenceConfig.maxTokens", "have value greater than or equal to 1")
    }
    return limit
  }

  /// Checks `guardrailConfig`, which has no other effect here.
  private static func checkGuardrail(_ value: JSONValue?) throws(ServiceError) {
    guard let value else { return }
    guard let members = value.members else { throw .type(at: "guardrailConfig", not: "a structure") }
    try refuseUnknown(members, besides: guardrailMembers, at: "guardrailConfig")
    guard let identifier = members["guardrailIdentifier"]?.text, let version = members["guardrailVersion"]?.text,
      !identifier.isEmpty
    else {
      throw .validation("The guardrailConfig field must set both guardrailIdentifier and guardrailVersion.")
    }
    let isVersion = version == "DRAFT" || (Int(version) ?? 0) > 0
    guard isVersion else {
      throw .constraint(
        jsonShort(version), at: "guardrailConfig.guardrailVersion",
        "satisfy regular expression pattern: (|([1-9][0-9]{0,7})|(DRAFT))")
    }
    if let mode = members["streamProcessingMode"], mode != .string("sync"), mode != .string("async") {
      throw .constraint(
        jsonShort(mode.text ?? ""), at: "guardrailConfig.streamProcessingMode", "satisfy enum value set: [sync, async]")
    }
  }

  /// Refuses members that the service does not have.
  private static func refuseUnknown(_ members: [String: JSONValue], besides known: Set<String>, at path: String)
    throws(ServiceError)
  {
    guard let unknown = members.keys.filter({ !known.contains($0) }).min() else { return }
    throw .validation(
      "Malformed input request: \(path): extraneous key [\(unknown)] is not permitted, please reformat your input and try again."
    )
  }

  /// Members of the request.
  private static let requestMembers: Set = [
    "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields",
    "promptVariables",
    "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier", "outputConfig",
  ]
  /// Members of a system content block.
  private static let systemMembers: Set = ["text", "guardContent", "cachePoint"]
  /// Members of a message.
  private static let messageMembers: Set = ["role", "content"]
  /// Members of a content block.
  private static let contentMembers: Set = [
    "text", "image", "document", "video", "audio", "toolUse", "toolResult", "guardContent", "cachePoint",
    "reasoningContent",
    "citationsContent", "searchResult",
  ]
  /// Members of `inferenceConfig`.
  private static let inferenceMembers: Set = ["maxTokens", "temperature", "topP", "stopSequences"]
  /// Members of `guardrailConfig`.
  private static let guardrailMembers: Set = [
    "guardrailIdentifier", "guardrailVersion", "trace", "streamProcessingMode",
  ]
}
