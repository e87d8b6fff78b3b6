import Platform

/// libFuzzer's own entry.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// `Fuzzer TARGET [libFuzzer's options and folders]`: feeds a target with what libFuzzer comes up with.
@main
enum Fuzzer {
  private static let target = FuzzTarget(rawValue: CommandLine.arguments.dropFirst().first ?? "")

  static func main() {
    guard target != nil else {
      print("targets: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
      exit(64)
    }
    var arguments = CommandLine.arguments.enumerated().filter { $0.offset != 1 }.map { strdup($0.element) }
    arguments.append(nil)
    var count = Int32(arguments.count - 1)
    let status = arguments.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard var base = buffer.baseAddress else { return 70 }
      return runDriver(&count, &base) { bytes, count in
        do {
          try Fuzzer.target?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
        } catch {
          print("broken: \(error)")
          // What is printed goes to a file, and aborting does not write it.
          fflush(nil)
          abort()
        }
        return 0
      }
    }
    exit(status)
  }
}
