import MosaicAICore
import Platform

/// Measures recall: which of the messages that answer a question are put before the model, and what that costs.
///
///     recall-benchmark quality FOLDER   with the dialogues in FOLDER
///     recall-benchmark cost MESSAGES    in a database of so many messages
@main
struct RecallBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    switch (arguments.dropFirst().first, arguments.count) {
    case ("quality", 3): try Quality(folder: arguments[2]).run()
    case ("cost", 3): try Cost(count: Int(arguments[2]) ?? 1_000_000).run()
    default:
      writeError("usage: recall-benchmark quality FOLDER | cost MESSAGES\n")
      exit(EX_USAGE)
    }
  }

  static func write(_ line: String) { writeAll(STDOUT_FILENO, line + "\n") }

  static func writeError(_ text: String) { writeAll(STDERR_FILENO, text) }

  private static func writeAll(_ descriptor: Int32, _ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Platform.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

/// A database in a folder that goes away.
final class Workplace {
  let folder: String
  let service: ConversationService
  let personas: PersonaCatalog

  init() throws {
    folder = "/tmp/recall-benchmark-\(getpid())-\(Timestamp.now().milliseconds)"
    mkdir(folder, 0o700)
    service = try ConversationService(store: SQLiteStore.open(path: "\(folder)/db"), handle: "ada")
    personas = try PersonaCatalog.load(overlay: nil, path: "personas.yaml")
  }

  deinit {
    for name in ["db", "db-wal", "db-shm", "db-lock", "archive"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  /// Imports an archive, and indexes it.
  func add(_ archive: [UInt8]) throws {
    let descriptor = open("\(folder)/archive", O_RDWR | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw LocalFile.SystemError.current }
    defer { close(descriptor) }
    var rest = archive[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Platform.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw LocalFile.SystemError.current }
      rest = rest.dropFirst(count)
    }
    lseek(descriptor, 0, SEEK_SET)
    let file = ArchiveFile(try LineFile(descriptor, name: "archive"))
    _ = try service.add(file)
    try service.indexMessages()
  }

  /// The request that would be sent for a question in a new conversation, or in the latest one.
  func request(
    _ question: String, about legacy: String, tokens: Int, isNew: Bool = true, _ tuning: RecallTuning = .standard
  ) throws -> ModelRequest {
    var service = service
    service.recallTuning = tuning
    var selection = Selection()
    selection.legacy = Selection.Choice(legacy, isBinding: true)
    selection.target = isNew ? .new : .latest
    var choice = ModelChoice()
    choice.recallTokens = tokens
    return try service.preview(question, selection, choice, personas: personas)
  }
}

/// The CPU time that something took, in milliseconds: what else goes on disturbs it less than the time that passes.
func milliseconds(_ body: () throws -> Void) rethrows -> Double {
  let start = clock()
  try body()
  return Double(clock() - start) * 1000 / Double(CLOCKS_PER_SEC)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// With so many digits after the point.
func rounded(_ value: Double, _ digits: Int = 0) -> String {
  let power = pow(10, Double(digits))
  let whole = Int((value * power).rounded())
  guard digits > 0 else { return "\(whole)" }
  let fraction = "\(whole % Int(power))"
  return "\(whole / Int(power)).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
}
