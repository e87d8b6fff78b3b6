import Foundation
import TestSupport
import Testing

/// Every way a server, proxy or network can behave, and what becomes of the message: `scenarios.tsv`, row by row.
@Suite(.crowd, .inGoodTime) struct ScenarioTests {
  @Test("Each scenario ends as the table says, and stores what the table says", arguments: try ScenarioRow.table.get())
  func scenario(row: ScenarioRow) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic(
      ["send", "-o", "ndjson", "--model", home.model(row.scenario)] + row.options + ["What was her kitchen like?"]
    ).run()
    #expect(ended.status == row.exitStatus)
    let events = try ended.jsonLines()
    #expect(events.first?["type"].string == "start")
    let last = try #require(events.last)
    #expect(events.filter { ["done", "error"].contains($0["type"].string) }.count == 1)
    if row.code == nil {
      #expect(last["type"].string == "done")
      #expect(last["stop_reason"].string == row.stopReason)
    } else {
      #expect(last["type"].string == "error")
      #expect(last["code"].string == row.code)
      #expect(last["retryable"] == .bool(row.isRetryable))
      #expect(last["exit_status"].integer == Int(row.exitStatus))
      #expect(!ended.error.isEmpty)
      #expect(ended.hint.contains("send --retry"))
    }
    #expect(!ended.errors.contains("simulator-secret") && !ended.errors.contains("Signature="))
    #expect(try home.requests().count == row.requests)

    let messages = try await home.messages()
    let text = events.filter { $0["type"].string == "chunk" }.compactMap { $0["content"].string }.joined()
    #expect(messages[0].status == row.userMessage)
    #expect(messages[0].content == "What was her kitchen like?")
    #expect(messages.count == (row.reply == nil ? 1 : 2))
    if let reply = row.reply {
      #expect(messages[1].status == reply)
      #expect(messages[1].stopReason == row.stopReason)
      #expect(messages[1].replyTo == messages[0].id)
      #expect(Array(messages[1].content.utf8) == Array(text.utf8), "the chunks are what is stored")
      #expect(messages[1].id == last["message_id"].string)
      if row.text != "whole" { #expect(text == row.text) }
    } else {
      #expect(last["message_id"] == .null)
    }
  }

  @Test("Every scenario of the simulator is in the table")
  func completeness() async throws {
    let home = try Home()
    let list = try await home.shell("bedrock-simulator scenarios -o json").run().json().elements.compactMap {
      $0["name"].string
    }
    let played = try ScenarioRow.table.get().map(\.scenario)
    // It never ends by itself; SignalTests has it.
    for name in list where name != "endless" {
      #expect(played.contains { $0 == name || $0.hasPrefix(name + "-") }, "\(name)")
    }
    #expect(list.count > 60)
    #expect(played.count > 100)
  }
}

/// A row of `scenarios.tsv`.
struct ScenarioRow: Sendable, CustomTestStringConvertible {
  let scenario: String
  let options: [String]
  let exitStatus: Int32
  let code: String?
  let isRetryable: Bool
  let requests: Int
  let userMessage: String
  let reply: String?
  let stopReason: String?
  /// What is kept of the reply; `whole` for all that came.
  let text: String?

  var testDescription: String { ([scenario] + options).joined(separator: " ") }

  /// All rows.
  static let table = Result {
    let path = "\(TestFiles.root)/Tests/EndToEndTests/scenarios.tsv"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    guard lines.first == header else { throw Complaint("the header of \(path) is: \(lines.first ?? "")") }
    return try lines.dropFirst().map(ScenarioRow.init)
  }

  private static let header =
    "scenario\toptions\texit status\tcode\tretryable\trequests\tuser message\treply\tstop reason\ttext kept"

  private init(_ line: String) throws {
    let fields = line.components(separatedBy: "\t")
    func field(_ index: Int) -> String? { fields[index] == "-" ? nil : fields[index] }
    guard fields.count == 10, let exitStatus = Int32(fields[2]), let requests = Int(fields[5]) else {
      throw Complaint("no row: \(line)")
    }
    scenario = fields[0]
    options = field(1)?.components(separatedBy: " ") ?? []
    self.exitStatus = exitStatus
    code = field(3)
    isRetryable = fields[4] == "yes"
    self.requests = requests
    userMessage = fields[6]
    reply = field(7)
    stopReason = field(8)
    text = field(9)
  }
}
