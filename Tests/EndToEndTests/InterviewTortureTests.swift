import Foundation
import TestSupport
import Testing

import Platform

/// Interviews and scripts that are killed, throttled and cut off, and end all the same with every question answered
/// once.
@Suite(.crowd, .inGoodTime) struct InterviewTortureTests {
  private static let names = ["Rose", "Ben", "Carl"]
  private static let questions = (1...40).map { "Question \($0) about {name}?" }

  private func home() async throws -> Home {
    let home = try Home()
    for name in Self.names { try await home.succeed("legacies", "add", name) }
    return home
  }

  /// What is asked about a legacy.
  private static func asked(_ name: String) -> [String] {
    questions.map { $0.replacingOccurrences(of: "{name}", with: name) }
  }

  /// Fails unless each conversation has every question once, each with one whole reply that is about it.
  private func expectAnswered(_ home: Home, inOrder: Bool) async throws {
    for name in Self.names {
      let conversations = try await home.json("export", "--legacy", name)["conversations"].elements
      #expect(conversations.count == 1 && conversations.allSatisfy { $0["name"].string == "life" })
      let messages = conversations.first?["messages"].elements ?? []
      let asked = messages.filter { $0["role"].string == "user" }
      let texts = asked.compactMap { $0["content"].string }
      #expect(inOrder ? texts == Self.asked(name) : texts.sorted() == Self.asked(name).sorted())
      #expect(asked.allSatisfy { $0["status"].string == "complete" })
      let replies = messages.filter { $0["role"].string == "assistant" && $0["status"].string != "superseded" }
      #expect(replies.count == 40 && replies.allSatisfy { $0["status"].string == "complete" })
      for reply in replies {
        let question = asked.first { $0["id"] == reply["reply_to"] }?["content"].string ?? "none"
        #expect(reply["content"].string?.contains("“\(question)”") == true)
      }
    }
  }

  @Test("40 questions about 3 legacies, throttled, cut and killed twice: each is answered once, in order")
  func killed() async throws {
    let home = try await home()
    try home.write(Self.questions.map { $0 + "\n" }.joined(), to: "life.txt")
    let command = home.mosaic(
      "interview", "--questions", "life.txt", "--all-legacies", "--jobs", "3", "-o", "ndjson", "--model",
      home.model("unreliable-5-10"))
    /// The questions that were reported as answered just now, by id and legacy.
    var fresh: [String] = []
    func note(_ output: String) throws {
      // The last line of one that was killed may be cut.
      for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        let event = try JSONText(String(line))
        if event["type"].string == "answer", event["replayed"] == .bool(false) {
          fresh.append("\(event["id"].string ?? "") \(event["legacy_id"].string ?? "")")
        }
      }
    }
    var kills = 0
    var last: Ended?
    for _ in 0..<60 where last == nil {
      let running = try command.start()
      if kills < 2 {
        let count = 12 + kills * 9
        while running.outputSoFar.components(separatedBy: "\"answer\"").count <= count, !running.hasEnded {
          try await Task.sleep(for: .milliseconds(2))
        }
        if !running.hasEnded {
          running.signal(SIGKILL)
          kills += 1
        }
      }
      let ended = try await running.end(within: 600)
      try note(ended.output)
      if ended.ending == .exited(0) {
        last = ended
      } else {
        #expect([.exited(75), .killed(by: SIGKILL)].contains(ended.ending))
      }
    }
    #expect(kills == 2)
    #expect(Set(fresh).count == fresh.count, "nothing is answered twice")
    let events = try #require(last).jsonLines()
    #expect(events.first?["type"].string == "interview" && events.last?["type"].string == "summary")
    for name in Self.names {
      let answers = events.filter { $0["type"].string == "answer" && $0["legacy_name"].string == name }
      #expect(answers.map { $0["question"].string } == Self.asked(name), "the last output is whole and in order")
    }
    let summary = try #require(events.last)
    #expect((summary["answered"].integer ?? 0) + (summary["replayed"].integer ?? 0) == 120)
    try await expectAnswered(home, inOrder: true)
  }

  @Test("The same under xargs with names and keys, killed and repeated")
  func xargs() async throws {
    let home = try await home()
    let lines = Self.names.flatMap { name in
      Self.asked(name).enumerated().map { "\(name)\t\($0.offset + 1)\t\($0.element)\n" }
    }
    try home.write(lines.joined(), to: "questions.tsv")
    let script = #"""
      tr '\t\n' '\0\0' < questions.tsv | xargs -0 -n 3 -P 8 sh -c '
        mosaic-ai send --legacy "$1" --persona biographer --name life --idempotency-key "life/$1/$2" -q \
          --model "$0" -- "$3" > "answer.$1.$2" 2>> errors
      ' "$1"
      """#
    var status: Int32 = -1
    var kills = 0
    for round in 0..<60 where status != 0 {
      let running = try home.shell(
        "exec setsid sh -c '\(script.replacingOccurrences(of: "'", with: "'\\''"))' sh \"$1\"",
        home.model("unreliable-5-10")
      ).start()
      if round < 2 {
        func answered() -> Int {
          (try? FileManager.default.contentsOfDirectory(atPath: home.path))?.count { $0.hasPrefix("answer.") } ?? 0
        }
        while answered() < 20 + round * 40, !running.hasEnded { try await Task.sleep(for: .milliseconds(5)) }
        if !running.hasEnded, kill(-running.pid, SIGKILL) == 0 { kills += 1 }
      }
      let ended = try await running.end(within: 600)
      if case .exited(let code) = ended.ending { status = code }
    }
    #expect(status == 0 && kills == 2)
    try await expectAnswered(home, inOrder: false)
    let again = try await home.shell(script, home.model("quota")).run()
    #expect(again.status == 0, "everything is answered: nothing is sent")
    for name in Self.names {
      let answer = home.folder.contents("answer.\(name).7").map { String(decoding: $0, as: UTF8.self) }
      #expect(answer?.contains("“Question 7 about \(name)?”") == true)
    }
  }

  @Test("After an outage, sixteen jobs come back with at most three requests in the first second")
  func outage() async throws {
    let home = try Home()
    for number in 1...20 { try await home.succeed("legacies", "add", "Legacy \(number)") }
    try home.write("One?\nTwo?\n", to: "life.txt")
    let command = home.mosaic(
      "interview", "--questions", "life.txt", "--all-legacies", "--jobs", "16", "-o", "ndjson", "--model",
      home.model("outage-16-10"))
    var ended = try await command.run()
    let requests = try home.requests().compactMap { request in
      request["received_at"].integer.map { (time: $0, isRefused: request["status"].integer == 503) }
    }
    let began = try #require(requests.first { $0.isRefused }).time
    let after = requests.filter { $0.time >= began + 10_000 }.map(\.time)
    let first = try #require(after.first)
    #expect(after.count { $0 < first + 1000 } <= 3)
    #expect(after.count { $0 < began + 11_000 } <= 3)
    for _ in 0..<5 where ended.status == 75 { ended = try await command.run() }
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try await home.json("conversations").elements.allSatisfy { $0["message_count"].integer == 4 })
  }
}
