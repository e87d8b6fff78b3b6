/// What is printed when connections are welcome.
struct Readiness: Encodable {
  let port: UInt16
  let endpointURL: String
  let accessKeyID: String
  let secretAccessKey: String
  let sessionToken: String?
  let apiKey: String
  let pid: Int32

  /// The members' names.
  private enum CodingKeys: String, CodingKey {
    case port
    case endpointURL = "endpoint_url"
    case accessKeyID = "access_key_id"
    case secretAccessKey = "secret_access_key"
    case sessionToken = "session_token"
    case apiKey = "api_key"
    case pid
  }

  /// Writes all members: those that are absent as null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(port, forKey: .port)
    try container.encode(endpointURL, forKey: .endpointURL)
    try container.encode(accessKeyID, forKey: .accessKeyID)
    try container.encode(secretAccessKey, forKey: .secretAccessKey)
    try container.encode(sessionToken, forKey: .sessionToken)
    try container.encode(apiKey, forKey: .apiKey)
    try container.encode(pid, forKey: .pid)
  }
}
