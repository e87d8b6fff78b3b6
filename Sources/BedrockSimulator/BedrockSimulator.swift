import ArgumentParser
import MosaicAICore
import Platform

/// The program: listens on the loopback interface and stands in for Amazon Bedrock.
@main struct BedrockSimulator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bedrock-simulator",
    abstract: "Stand in for Amazon Bedrock on this machine. Needs no AWS account and costs nothing.",
    discussion: """
      Answers POST /model/ID/converse-stream as Bedrock does, with signatures or API keys, validation, prompt caching \
      and event streams. Describes models at GET /foundation-models/ID and GET /inference-profiles/ID. Once it accepts \
      connections, it prints one line of JSON with the port and the credentials to use. SIGINT or SIGTERM ends it.

      Any model id that Bedrock might have gets a reply that shows what the request said. A model id of the form \
      simulator.NAME plays a scenario: an error, a slow, cut or damaged stream, a special text. \
      Run `bedrock-simulator scenarios` to list them.
      """,
    version: Release.version,
    subcommands: [ScenariosCommand.self])

  @Option(help: "Listen on this port; 0 means any free one")
  var port: UInt16 = 0

  @Option(help: "Listen on this loopback address")
  var host = "127.0.0.1"

  @Option(name: .customLong("access-key-id"), help: "Accept this access key id")
  var accessKeyID = "AKIDSIMULATOR"

  @Option(help: "Accept this secret access key")
  var secretAccessKey = "simulator-secret"

  @Option(help: "Require this session token in signed requests (default: allow none).")
  var sessionToken: String?

  @Option(name: .customLong("api-key"), help: "Accept this Bedrock API key as a bearer token")
  var apiKey = "simulator-api-key"

  @Option(help: "Accept only signatures for this region (default: any region).")
  var region: String?

  @Flag(help: "Accept requests with any credentials, or none.")
  var noVerify = false

  @Option(help: ArgumentHelp("Pause this long between two chunks of text", valueName: "ms"))
  var chunkDelay = 30

  @Option(
    help: ArgumentHelp("Append a line of JSON to this file for each request, without secrets.", valueName: "file"))
  var log: String?

  @Flag(help: "Exit when standard input ends.")
  var exitWithStdin = false

  static func main() { main(ProcessArguments.texts) }

  /// Refuses values that cannot work.
  func validate() throws {
    guard LoopbackAddress(host) != nil else {
      throw ValidationError("--host must be a loopback address, such as 127.0.0.1, localhost or ::1.")
    }
    guard (0...3_600_000).contains(chunkDelay) else {
      throw ValidationError("--chunk-delay must be between 0 and 3,600,000 milliseconds.")
    }
    guard ![accessKeyID, secretAccessKey, apiKey, sessionToken ?? "-"].contains("") else {
      throw ValidationError("Credentials must not be empty.")
    }
  }

  /// Serves until a signal arrives, or standard input ends if that was asked for.
  func run() throws {
    do { try serve() } catch let failure as SimulatorFailure {
      complain(failure.description)
      throw ExitCode(failure.exitStatus)
    }
  }

  private func serve() throws {
    guard let address = LoopbackAddress(host) else { return }
    signal(SIGPIPE, SIG_IGN)
    // A log that may not grow is an error of the write.
    signal(SIGXFSZ, SIG_IGN)
    let signals = try CancellationSource()
    platform_watch_signals(signals.wakeDescriptor)
    let credentials = AcceptedCredentials(
      accessKeyID: accessKeyID, secretAccessKey: Secret(secretAccessKey), sessionToken: sessionToken.map(Secret.init),
      apiKey: Secret(apiKey), region: region)
    let simulator = Simulator(
      settings: SimulatorSettings(credentials: credentials, verifiesCredentials: !noVerify, chunkDelay: chunkDelay))
    let server = try Server(at: address, port: port, simulator: simulator, log: log.map(RequestLog.init(path:)))
    try announce(
      Readiness(
        port: server.port, endpointURL: "http://\(address.urlHost):\(server.port)", accessKeyID: accessKeyID,
        secretAccessKey: secretAccessKey, sessionToken: sessionToken, apiKey: apiKey, pid: getpid()))
    try server.run(untilReadable: signals.cancellation.descriptor, endsWithInput: exitWithStdin)
    // Threads may be in the middle of a reply. They end with the process.
    _exit(EXIT_SUCCESS)
  }

  /// Tells scripts where to connect, and people too if they are watching.
  private func announce(_ readiness: Readiness) throws {
    try writeOut(readiness.json.compact + "\n")
    if isatty(STDERR_FILENO) == 1 {
      let variables = ["AWS_ENDPOINT_URL_BEDROCK", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"]
        .map { "\($0)=\(readiness.endpointURL)" }.joined(separator: " ")
      complain("To use it, run: export \(variables) AWS_BEARER_TOKEN_BEDROCK=\(apiKey)")
      complain("Press Ctrl-C to stop.")
    }
  }
}
