import MosaicAICore

/// An error that AWS answers with: a status, a name and a message.
struct ServiceError: Error, Equatable, Sendable {
  let status: Int
  /// The exception's name, without its namespace.
  let name: String
  let message: String
  /// Which layer of AWS answers: its namespace follows the name in `x-amzn-ErrorType`. Nil if AWS adds none.
  var namespace: String? = ServiceError.bedrock
  /// `message` in most answers; some layers in front of Bedrock write `Message`.
  var messageKey = "message"
  /// Other members of the body.
  var details: [JSON.Member] = []

  /// Bedrock itself.
  static let bedrock = "http://internal.amazon.com/coral/com.amazon.bedrock/"
  /// The layer that checks signatures and finds operations.
  static let frontDoor = "http://internal.amazon.com/coral/com.amazon.coral.service/"
  /// The layer that throttles.
  static let availability = "http://internal.amazon.com/coral/com.amazon.coral.availability/"

  /// What `x-amzn-ErrorType` says.
  var errorType: String { namespace.map { "\(name):\($0)" } ?? name }

  /// The answer's body.
  var body: JSON { .object([JSON.Member(messageKey, .string(message))] + details) }
}

extension ServiceError {
  /// The request breaks a rule of the service.
  static func validation(_ message: String) -> ServiceError {
    ServiceError(status: 400, name: "ValidationException", message: message)
  }

  /// The provider's own validation refuses the request.
  static func refusedByModel(_ message: String) -> ServiceError {
    validation("The model returned the following errors: \(message)")
  }

  /// A value breaks a constraint of the service's model.
  static func constraint(_ value: String, at path: String, _ rule: String) -> ServiceError {
    validation(
      "1 validation error detected: Value \(value) at '\(path)' failed to satisfy constraint: Member must \(rule)")
  }

  /// A value does not have the type that the service's model says.
  static func type(at path: String, not expected: String) -> ServiceError {
    ServiceError(
      status: 400, name: "SerializationException",
      message: "The value at '\(path)' can not be converted to \(expected)", namespace: nil)
  }

  /// The signature is wrong or not valid here and now.
  static func signature(_ message: String) -> ServiceError {
    ServiceError(status: 403, name: "InvalidSignatureException", message: message, namespace: frontDoor)
  }

  /// The `Authorization` header does not have the form that SigV4 demands.
  static func incompleteSignature(_ message: String) -> ServiceError {
    ServiceError(status: 400, name: "IncompleteSignatureException", message: message, namespace: frontDoor)
  }

  /// The request has no `Authorization` header.
  static let missingAuthentication = ServiceError(
    status: 403, name: "MissingAuthenticationTokenException", message: "Missing Authentication Token",
    namespace: frontDoor)

  /// The access key or its session token is unknown.
  static let unrecognizedClient = ServiceError(
    status: 403, name: "UnrecognizedClientException", message: "The security token included in the request is invalid.",
    namespace: frontDoor)

  /// The API key is unknown.
  static let wrongAPIKey = ServiceError(
    status: 403, name: "AccessDeniedException",
    message: "Authentication failed: Please make sure your API Key is valid.",
    namespace: nil, messageKey: "Message")

  /// The identifier is malformed, or there is no such model.
  static let invalidModel = validation("The provided model identifier is invalid.")

  /// The model is only offered through inference profiles.
  static func onDemand(_ model: String) -> ServiceError {
    validation(
      "Invocation of model ID \(model) with on-demand throughput isn’t supported. "
        + "Retry your request with the ID or ARN of an inference profile that contains this model.")
  }

  /// No operation has that method and path.
  static let unknownOperation = ServiceError(
    status: 404, name: "UnknownOperationException",
    message: "The requested operation is not recognized by the service.",
    namespace: frontDoor,
    details: [
      JSON.Member("Output", ["__type": "com.amazon.coral.service#UnknownOperationException"]),
      JSON.Member("Version", "1.0"),
    ])
}
