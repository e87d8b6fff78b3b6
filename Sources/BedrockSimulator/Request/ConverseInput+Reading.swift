import MosaicAICore

extension ConverseInput {
  /// Reads and validates a body.
  ///
  /// - Throws: the error that AWS answers with
  init(body: [UInt8]) throws(ServiceError) {
    guard let body = try? JSON(parsing: body), let members = body.members else {
      throw .validation("Malformed input request, please reformat your input and try again.")
    }
    try ConverseInput.refuseUnknown(members, except: ConverseInput.requestMembers, at: "#")
    system = try ConverseInput.system(body["system"] ?? [])
    guard let messages = body["messages"], messages != .null else {
      throw .constraint("null", at: "messages", "not be null")
    }
    self.messages = try ConverseInput.conversation(messages)
    maxTokens = try ConverseInput.maxTokens(body["inferenceConfig"])
    prompt = try CacheablePrompt(body)
    setsTemperature = body["inferenceConfig"]?["temperature"] != nil
    if let fields = body["additionalModelRequestFields"] {
      guard fields.members != nil else { throw .type(at: "additionalModelRequestFields", not: "a structure") }
      modelFields = fields
    }
    try ConverseInput.checkGuardrail(body["guardrailConfig"])
  }

  /// The system prompts.
  private static func system(_ value: JSON) throws(ServiceError) -> String {
    guard let blocks = value.elements else { throw .type(at: "system", not: "a list") }
    var texts: [String] = []
    for (index, block) in blocks.enumerated() {
      let path = "system.\(index)"
      guard let members = block.members else { throw .type(at: path, not: "a structure") }
      try refuseUnknown(members, except: systemMembers, at: path)
      guard let text = block["text"] else { continue }
      guard let text = text.string else { throw .type(at: "\(path).text", not: "a String") }
      guard !text.isEmpty else { throw .constraint("''", at: "\(path).text", "have length greater than or equal to 1") }
      texts.append(text)
    }
    return texts.joined(separator: "\n\n")
  }

  /// The messages, whose roles must alternate.
  private static func conversation(_ value: JSON) throws(ServiceError) -> [Message] {
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
  private static func message(_ value: JSON, at index: Int) throws(ServiceError) -> Message {
    let path = "messages.\(index)"
    guard let members = value.members else { throw .type(at: path, not: "a structure") }
    try refuseUnknown(members, except: messageMembers, at: path)
    guard let role = value["role"]?.string else { throw .constraint("null", at: "\(path).role", "not be null") }
    guard role == "user" || role == "assistant" else {
      throw .constraint(quotedShort(role), at: "\(path).role", "satisfy enum value set: [user, assistant]")
    }
    guard let content = value["content"], content != .null else {
      throw .constraint("null", at: "\(path).content", "not be null")
    }
    guard let blocks = content.elements else { throw .type(at: "\(path).content", not: "a list") }
    guard !blocks.isEmpty else {
      throw .validation(
        "The content field in the Message object at \(path) is empty. "
          + "Add a ContentBlock object to the content field and try again.")
    }
    var texts: [String] = []
    for (position, block) in blocks.enumerated() {
      if let text = try textBlock(block, at: "\(path).content.\(position)") { texts.append(text) }
    }
    return Message(isFromUser: role == "user", text: texts.joined(separator: "\n"), lastText: texts.last)
  }

  /// The text of a content block; nil if the block is of another kind.
  private static func textBlock(_ value: JSON, at path: String) throws(ServiceError) -> String? {
    guard let members = value.members else { throw .type(at: path, not: "a structure") }
    try refuseUnknown(members, except: contentMembers, at: path)
    guard members.count == 1 else {
      throw .validation(
        "The ContentBlock object at \(path) must set one of the following keys: "
          + "text, image, document, toolUse, toolResult.")
    }
    guard let text = value["text"] else { return nil }
    guard let text = text.string else { throw .type(at: "\(path).text", not: "a String") }
    guard !text.allSatisfy(\.isWhitespace) else {
      throw .validation(
        "The text field in the ContentBlock object at \(path) is blank. Add text to the text field, and try again.")
    }
    return text
  }

  /// The limit in `inferenceConfig`, the rest of which is checked too.
  private static func maxTokens(_ value: JSON?) throws(ServiceError) -> Int? {
    guard let value else { return nil }
    guard let members = value.members else { throw .type(at: "inferenceConfig", not: "a structure") }
    try refuseUnknown(members, except: inferenceMembers, at: "inferenceConfig")
    for name in ["temperature", "topP"] {
      guard let value = value[name] else { continue }
      let path = "inferenceConfig.\(name)"
      guard let number = value.double else { throw .type(at: path, not: "a Float") }
      guard number >= 0 else { throw .constraint("'\(number)'", at: path, "have value greater than or equal to 0") }
      guard number <= 1 else { throw .constraint("'\(number)'", at: path, "have value less than or equal to 1") }
    }
    guard let limit = value["maxTokens"] else { return nil }
    guard let limit = limit.integer else { throw .type(at: "inferenceConfig.maxTokens", not: "an Integer") }
    guard limit >= 1 else {
      throw .constraint("'\(limit)'", at: "inferenceConfig.maxTokens", "have value greater than or equal to 1")
    }
    return limit
  }

  /// Checks `guardrailConfig`, which has no other effect here.
  private static func checkGuardrail(_ value: JSON?) throws(ServiceError) {
    guard let value else { return }
    guard let members = value.members else { throw .type(at: "guardrailConfig", not: "a structure") }
    try refuseUnknown(members, except: guardrailMembers, at: "guardrailConfig")
    guard let identifier = value["guardrailIdentifier"]?.string, !identifier.isEmpty,
      let version = value["guardrailVersion"]?.string
    else {
      throw .validation("The guardrailConfig field must set both guardrailIdentifier and guardrailVersion.")
    }
    guard version == "DRAFT" || (Int(version) ?? 0) > 0 else {
      throw .constraint(
        quotedShort(version), at: "guardrailConfig.guardrailVersion",
        "satisfy regular expression pattern: (|([1-9][0-9]{0,7})|(DRAFT))")
    }
    if let mode = value["streamProcessingMode"], mode != "sync", mode != "async" {
      throw .constraint(
        quotedShort(mode.string ?? ""), at: "guardrailConfig.streamProcessingMode",
        "satisfy enum value set: [sync, async]")
    }
  }

  /// Refuses members that the service does not know.
  static func refuseUnknown(_ members: [JSON.Member], except known: Set<String>, at path: String)
    throws(ServiceError)
  {
    guard let unknown = members.map(\.name).filter({ !known.contains($0) }).min() else { return }
    throw .validation(
      "Malformed input request: \(path): extraneous key [\(unknown)] is not permitted, "
        + "please reformat your input and try again.")
  }

  private static let requestMembers: Set = [
    "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields",
    "promptVariables", "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier",
    "outputConfig",
  ]
  private static let systemMembers: Set = ["text", "guardContent", "cachePoint"]
  private static let messageMembers: Set = ["role", "content"]
  private static let contentMembers: Set = [
    "text", "image", "document", "video", "audio", "toolUse", "toolResult", "guardContent", "cachePoint",
    "reasoningContent", "citationsContent", "searchResult",
  ]
  private static let inferenceMembers: Set = ["maxTokens", "temperature", "topP", "stopSequences"]
  private static let guardrailMembers: Set = [
    "guardrailIdentifier", "guardrailVersion", "trace", "streamProcessingMode",
  ]
}
