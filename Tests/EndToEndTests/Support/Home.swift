import Foundation
import TestSupport

/// A user's home folder, empty at first, and the environment they work in.
final class Home: Sendable {
  /// The credentials in the environment.
  enum Credentials: Sendable {
    case none
    case accessKey
    case apiKey
  }

  let folder: TemporaryFolder
  let simulator: Simulator
  let variables: [String: String]
  /// Makes the model IDs of this home unique.
  let mark = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)

  /// - Parameters:
  ///   - simulator: nil for the shared one
  ///   - database: the URL of a database on a server; nil for one in a file
  init(_ credentials: Credentials = .accessKey, simulator: Simulator? = nil, database: String? = nil) throws {
    let simulator = try simulator ?? Simulator.shared.get()
    folder = try TemporaryFolder()
    self.simulator = simulator
    var variables = [
      "HOME": folder.path, "PATH": "\(Programs.folder):/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
      "TERM": "xterm-256color", "PAGER": "",
      "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": simulator.endpoint, "AWS_REGION": "us-east-1",
      "AWS_EC2_METADATA_DISABLED": "true",
    ]
    switch credentials {
    case .none: break
    case .accessKey:
      variables["AWS_ACCESS_KEY_ID"] = "AKIDSIMULATOR"
      variables["AWS_SECRET_ACCESS_KEY"] = "simulator-secret"
    case .apiKey: variables["AWS_BEARER_TOKEN_BEDROCK"] = "simulator-api-key"
    }
    variables["MOSAIC_AI_DATABASE"] = database
    self.variables = variables
  }

  /// A home with one legacy.
  static func remembering(_ name: String = "Rose", _ credentials: Credentials = .accessKey, simulator: Simulator? = nil)
    async throws
    -> Home
  {
    let home = try Home(credentials, simulator: simulator)
    try await home.succeed("legacies", "add", name)
    return home
  }

  /// An id that is made of a number.
  static func id(_ number: Int) -> String { "00000000-0000-4000-8000-" + String(format: "%012x", number) }

  /// The beginning of an export of Rose's one conversation with the Friend, before its messages. Ids 1 and 2 are taken.
  static func exportHead(messages count: Int, at time: String) -> [String] {
    [
      #"{"type":"export","format_version":2}"#,
      #"{"type":"legacy","id":"\#(id(1))","name":"Rose","created_at":"\#(time)","updated_at":"\#(time)"}"#,
      """
      {"type":"conversation","id":"\(id(2))","legacy_id":"\(id(1))","persona_id":"friend","title":null,\
      "message_count":\(count),"last_message_at":"\(time)","created_at":"\(time)","updated_at":"\(time)"}
      """,
    ]
  }

  var path: String { folder.path }
  var dataFolder: String { "\(path)/.local/share/mosaic-ai" }
  var database: String { "\(dataFolder)/mosaic-ai.sqlite3" }
  var configurationFolder: String { "\(path)/.config/mosaic-ai" }

  /// A command line of the program under test.
  func mosaic(_ arguments: String...) -> Command { mosaic(arguments) }

  /// A command line of the program under test.
  func mosaic(_ arguments: [String]) -> Command {
    Command(Programs.mosaicAI, arguments, variables: variables, folder: path, owner: self)
  }

  /// A shell script that finds the program under test by its name.
  func shell(_ script: String, _ arguments: String...) -> Command {
    Command("/bin/sh", ["-c", script, "sh"] + arguments, variables: variables, folder: path, owner: self)
  }

  /// Runs a command line that must succeed.
  @discardableResult
  func succeed(_ arguments: String...) async throws -> Ended {
    let ended = try await mosaic(arguments).run()
    guard ended.status == 0 else {
      throw Complaint("\(arguments.joined(separator: " ")): \(ended.ending)\n\(ended.errors)")
    }
    return ended
  }

  /// The JSON that a command line writes, which must succeed.
  func json(_ arguments: String...) async throws -> JSONText {
    let ended = try await mosaic(arguments + ["-o", "json"]).run()
    guard ended.status == 0 else {
      throw Complaint("\(arguments.joined(separator: " ")): \(ended.ending)\n\(ended.errors)")
    }
    return try ended.json()
  }

  /// The most memory that a command line took, in MiB, as the kernel counted it.
  ///
  /// - Parameter output: the file that gets its standard output
  func peakMemory(_ arguments: String..., output: String = "/dev/null") async throws -> Int {
    let script =
      #"""
      out=$1; shift; "$@" >"$out" & while [ -e /proc/$! ]; do grep VmHWM /proc/$!/status; sleep 0.01; done \#
      2>/dev/null | tail -1
      """#
    let ended = try await Command(
      "/bin/sh", ["-c", script, "sh", output, "mosaic-ai"] + arguments, variables: variables, folder: path, owner: self
    ).start().end(within: 10 * Running.patience)
    return (ended.output.split(separator: " ").compactMap { Int($0) }.last ?? 0) >> 10
  }

  /// The messages of the latest conversation.
  func messages(_ arguments: String...) async throws -> Messages {
    let ended = try await mosaic(["history", "-o", "json"] + arguments).run()
    guard ended.status == 0 else { throw Complaint("history: \(ended.ending)\n\(ended.errors)") }
    return Messages(try ended.json())
  }

  /// How many conversations there are.
  func conversationCount() async throws -> Int { try await json("conversations").elements.count }

  /// A model ID that asks the simulator for a scenario, and that no other test uses.
  func model(_ scenario: String) -> String { "simulator.\(scenario):\(mark)" }

  /// The requests for model IDs of this home.
  func requests() throws -> [JSONText] { try simulator.requests(mark) }

  /// Writes a file below the home folder.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try folder.write(text, to: name)
  }

  /// All bytes of all files of the database.
  func databaseBytes() throws -> Data {
    try FileManager.default.contentsOfDirectory(atPath: dataFolder).sorted().reduce(into: Data()) { bytes, name in
      bytes += try Data(contentsOf: URL(fileURLWithPath: "\(dataFolder)/\(name)"))
    }
  }

  /// Whether there is a database.
  var hasDatabase: Bool { FileManager.default.fileExists(atPath: database) }
}

/// What `history` shows.
struct Messages: Equatable, Sendable {
  let all: [Message]
  let total: Int?
  let hasMore: Bool

  init(_ json: JSONText) {
    all = json["messages"].elements.map(Message.init)
    total = json["total"].integer
    hasMore = json["has_more"].isTrue
  }

  var count: Int { all.count }
  var roles: [String] { all.map(\.role) }
  var statuses: [String] { all.map(\.status) }
  var contents: [String] { all.map(\.content) }

  /// A message; an empty one if it is missing, so that a test fails instead of crashing.
  subscript(index: Int) -> Message { all.indices.contains(index) ? all[index] : Message(.null) }
}

/// A message as `history` shows it.
struct Message: Equatable, Sendable {
  let id: String
  let role: String
  let content: String
  let status: String
  let stopReason: String?
  let replyTo: String?

  init(_ json: JSONText) {
    id = json["id"].string ?? ""
    role = json["role"].string ?? ""
    content = json["content"].string ?? ""
    status = json["status"].string ?? ""
    stopReason = json["stop_reason"].string
    replyTo = json["reply_to"].string
  }
}

/// Whether the kernel counts memory as `Home.peakMemory` needs it.
#if os(Linux)
  let isLinux = true
#else
  let isLinux = false
#endif
