import MosaicAICore

/// The line that the program prints when it accepts connections.
struct Readiness {
  let port: UInt16
  let endpointURL: String
  let accessKeyID: String
  let secretAccessKey: String
  let sessionToken: String?
  let apiKey: String
  let pid: Int32

  /// Every member is present; those without a value are null.
  var json: JSON {
    [
      "port": .integer(Int(port)), "endpoint_url": .string(endpointURL), "access_key_id": .string(accessKeyID),
      "secret_access_key": .string(secretAccessKey), "session_token": JSON(sessionToken), "api_key": .string(apiKey),
      "pid": .integer(Int(pid)),
    ]
  }
}
