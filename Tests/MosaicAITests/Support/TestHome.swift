import Foundation
import MosaicAICore
import Platform
import TestSupport
import Testing

@testable import MosaicAI
// Swift Testing has one too.
@testable import enum MosaicAI.ExitStatus

/// A temporary home in which commands run, in this process.
final class TestHome {
  let folder: TemporaryFolder
  var variables = ["AWS_BEARER_TOKEN_BEDROCK": "key", "AWS_EC2_METADATA_DISABLED": "true"]
  var transport: any HTTPTransport = ScriptedTransport(always: .error(500))

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path }

  /// Writes a file below the home folder.
  func write(_ name: String, _ text: String) throws { try folder.write(text, to: name) }

  /// How a command ended, and what it wrote.
  struct Result {
    let status: ExitStatus
    let output: String
    let errors: String

    /// Standard error, line by line.
    var standardError: StandardError { StandardError(errors) }
  }

  /// Runs a command line.
  func run(_ arguments: String..., input: String = "") -> Result { run(arguments, input: input) }

  /// Runs a command line.
  func run(_ arguments: [String], input: String = "") -> Result {
    let (standardInput, output, errors) = (TestPipe(), TestPipe(), TestPipe())
    _ = Array(input.utf8).withUnsafeBytes { writeBytes(standardInput.writer, $0.baseAddress, $0.count) }
    standardInput.closeWriter()
    let transport = transport
    let context = CommandContext(
      variables: variables, home: path, loginName: "ada",
      output: Output(descriptor: output.writer, variables: variables),
      diagnostics: Diagnostics(output: Output(descriptor: errors.writer, variables: variables)),
      input: Input(descriptor: standardInput.reader),
      now: { Timestamp(milliseconds: 1_795_414_382_000) }, ids: .random,
      watchSignals: { try CancellationSource() },
      askCode: { _, _ in nil },
      makeTransport: { _ in transport })
    let status = Program.run(arguments, in: context)
    return Result(status: status, output: output.text(), errors: errors.text())
  }
}

private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
