/// An error that AWS answers with: a status, a name and a sentence.
struct ServiceError: Error, Equatable, Sendable {
  let status: Int
  /// The exception's name, without namespace.
  let name: String
  let message: String
  /// Which layer of AWS speaks: its namespace follows the name in `x-amzn-ErrorType`. Nil where AWS adds none.
  var namespace: String? = ServiceError.bedrock
  /// Most answers have `message`; some layers in front of Bedrock write `Message`.
  var messageKey = "message"
  /// Further members of the body, as JSON with a leading comma.
  var furtherMembers = ""

  /// Bedrock itself.
  static let bedrock = "http://internal.amazon.com/coral/com.amazon.bedrock/"
  /// The layer that checks signatures and finds operations.
  static let frontDoor = "http://internal.amazon.com/coral/com.amazon.coral.service/"
  /// The layer that throttles.
  static let availability = "http://internal.amazon.com/coral/com.amazon.coral.availability/"

  /// What `x-amzn-ErrorType` says.
  var errorType: String { namespace.map { "\(name):\($0)" } ?? name }

  /// The answer's body.
  var body: String { "{\(jsonQuoted(messageKey)):\(jsonQuoted(message))\(furtherMembers)}" }
}

extension ServiceError {
  /// The request breaks a rule of the service.
  static func validation(_ message: String) -> ServiceError {
    ServiceError(status: 400, name: "ValidationException", message: message)
  }

  /// A value breaks a constraint of the service's model, in the words of AWS's request validator.
  static func constraint(_ value: String, at path: String, _ rule: String) -> ServiceError {
    validation(
      "1 validation error detected: Value \(value) at '\(path)' failed to satisfy constraint: Member must \(rule)")
  }

  /// A value has another type than the service's model says.
  static func type(at path: String, not expected: String) -> ServiceError {
    ServiceError(
      status: 400, name: "SerializationException",
      message: "The value at '\(path)' can not be converted to \(expected)", namespace: nil)
  }

  /// The request's proof of who is asking does not hold.
  static func signature(_ message: String) -> ServiceError {
    ServiceError(status: 403, name: "InvalidSignatureException", message: message, namespace: frontDoor)
  }

  /// The `Authorization` header is not one of SigV4.
  static func incompleteSignature(_ message: String) -> ServiceError {
    ServiceError(status: 400, name: "IncompleteSignatureException", message: message, namespace: frontDoor)
  }

  /// Nobody proved anything.
  static let missingAuthentication = ServiceError(
    status: 403, name: "MissingAuthenticationTokenException", message: "Missing Authentication Token",
    namespace: frontDoor)

  /// The access key or its session token is not known.
  static let unrecognizedClient = ServiceError(
    status: 403, name: "UnrecognizedClientException", message: "The security token included in the request is invalid.",
    namespace: frontDoor)

  /// The API key is not known.
  static let wrongAPIKey = ServiceError(
    status: 403, name: "AccessDeniedException",
    message: "Authentication failed: Please make sure your API Key is valid.",
    namespace: nil, messageKey: "Message")

  /// Not a model identifier, or not of a model there is.
  static let invalidModel = validation("The provided model identifier is invalid.")

  /// A model that is only offered through inference profiles.
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
    furtherMembers:
      ",\"Output\":{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"},\"Version\":\"1.0\"")
}
