import ArgumentParser
import CSystem
import MosaicAICore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The program: listens on loopback and stands in for Amazon Bedrock Runtime.
@main struct BedrockSimulator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bedrock-simulator",
    abstract: "Stands in for Amazon Bedrock Runtime on this machine: no AWS account, no cost.",
    discussion: """
      Serves POST /model/ID/converse-stream as Bedrock does: SigV4 or API key, validation, event stream. When it is ready it prints
      one line of JSON with the port and the credentials it accepts; it ends on SIGINT or SIGTERM.

      Any model id that Bedrock might have gets a reply that shows what was understood. A model id simulator.NAME asks for a scenario:
      an error, a slow, cut or damaged stream, a special text. `bedrock-simulator scenarios` lists them.
      """,
    version: simulatorVersion,
    subcommands: [ScenariosCommand.self])

  @Option(help: "Port to listen on; 0 is any free one.")
  var port: UInt16 = 0

  @Option(help: "Loopback address to listen on.")
  var host = "127.0.0.1"

  @Option(name: .customLong("access-key-id"), help: "Access key id to accept.")
  var accessKeyID = "AKIDSIMULATOR"

  @Option(help: "Secret access key to accept.")
  var secretAccessKey = "simulator-secret"

  @Option(help: "Session token that signed requests must carry; without this option they must carry none.")
  var sessionToken: String?

  @Option(name: .customLong("api-key"), help: "Bedrock API key to accept as a bearer token.")
  var apiKey = "simulator-api-key"

  @Option(help: "The only region to accept in signatures; without this option any.")
  var region: String?

  @Flag(help: "Accept any signature, any API key, and none.")
  var noVerify = false

  @Option(help: ArgumentHelp("Pause between two chunks of text.", valueName: "ms"))
  var chunkDelay = 30

  @Option(
    help: ArgumentHelp("Append a line of JSON to this file for each request, without secrets.", valueName: "file"))
  var log: String?

  @Flag(help: "End when standard input ends.")
  var exitWithStdin = false

  /// Refuses what could not work, as wrong usage.
  func validate() throws {
    guard LoopbackAddress(host) != nil else {
      throw ValidationError("--host must be a loopback address: 127.0.0.1, localhost or ::1.")
    }
    guard (0...3_600_000).contains(chunkDelay) else {
      throw ValidationError("--chunk-delay must be between 0 and 3600000 milliseconds.")
    }
    guard ![accessKeyID, secretAccessKey, apiKey, sessionToken ?? "-"].contains("") else {
      throw ValidationError("Credentials must not be empty.")
    }
  }

  /// Serves until it is told to end.
  func run() throws {
    do { try serve() } catch let failure as SimulatorFailure {
      complain(failure.description)
      throw ExitCode(failure.exitStatus)
    }
  }

  /// What `run` does; its failures become exit statuses there.
  private func serve() throws {
    guard let address = LoopbackAddress(host) else { return }
    signal(SIGPIPE, SIG_IGN)
    let signals = sys_watch_signals()
    guard signals >= 0 else { throw SimulatorFailure("cannot watch signals", errno: errno, exitStatus: EX_OSERR) }
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
    try server.run(untilReadable: signals, endsWithInput: exitWithStdin)
    // Threads may be in the middle of a reply; they end with the process.
    _exit(EXIT_SUCCESS)
  }

  /// Tells scripts where to connect, and people how.
  private func announce(_ readiness: Readiness) throws {
    try writeOut(try jsonLine(readiness) + "\n")
    if isatty(STDERR_FILENO) == 1 {
      complain("export AWS_ENDPOINT_URL_BEDROCK_RUNTIME=\(readiness.endpointURL) AWS_BEARER_TOKEN_BEDROCK=\(apiKey)")
      complain("Ctrl-C ends it")
    }
  }
}

/// The version of the package.
let simulatorVersion = "0.1.0"
