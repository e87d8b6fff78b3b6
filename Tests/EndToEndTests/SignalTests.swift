import Foundation
import TestSupport
import Testing

import Platform

/// Ended from outside: by a signal, by a reader who goes away, by a full disk. Nothing that was shown is lost.
@Suite(.crowd, .inGoodTime) struct SignalTests {
  @Test(
    "After a signal during a reply, the text so far is stored and reported, and the process dies by it",
    arguments: [SIGINT, SIGTERM, SIGHUP], ["ndjson", "text", "json", "sse"])
  func signal(number: Int32, format: String) async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "-v", "-o", format, "--model", home.model("hang-2"), "Hello.").start()
    if format == "json" { try await send.waits(for: home) } else { try await send.shows(" Part 2.") }
    send.signal(number)
    let ended = try await send.end()
    #expect(ended.ending == .killed(by: number))
    if format == "text" {
      #expect(ended.output == "Part 1. Part 2.\n")
    } else {
      let event =
        switch format {
        case "ndjson": try #require(try ended.jsonLines().last)
        case "sse": try #require(try ended.serverSentEvents().last)
        default: try ended.json()
        }
      #expect(event["type"].string == "error")
      #expect(event["code"].string == "interrupted")
      #expect(event["exit_status"].integer == 128 + Int(number))
      #expect(event["retryable"] == .bool(false))
      #expect(try await home.messages()[1].id == event["message_id"].string)
    }
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "interrupted"])
    #expect(messages[1].content == "Part 1. Part 2.")
    try await home.succeed("send", "--retry", "--model", home.model("normal"))
    #expect(try await home.messages("--all").statuses == ["complete", "superseded", "complete"])
  }

  @Test("Ctrl-C at the terminal interrupts a reply")
  func controlC() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("hang-2"), "Hello.").onTerminal().start()
    try await send.shows(" Part 2.")
    send.type("\u{3}")
    #expect(try await send.end().ending == .killed(by: SIGINT))
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
  }

  @Test("A shell loop stops with the command that Ctrl-C ended")
  func loopStops() async throws {
    let home = try await Home.remembering()
    let script = "for text in one two three; do mosaic-ai send --model \"$1\" \"$text\"; done; echo not reached"
    let loop = try home.shell(script, home.model("hang-2")).onTerminal().start()
    try await loop.shows(" Part 2.")
    loop.type("\u{3}")
    let ended = try await loop.end()
    #expect(ended.ending == .killed(by: SIGINT))
    #expect(!ended.screen.contains("not reached"))
    #expect(try await home.messages().contents == ["one", "Part 1. Part 2."])
  }

  @Test("A signal before any text stores the message as failed", arguments: [SIGINT, SIGTERM])
  func beforeText(number: Int32) async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "-o", "ndjson", "--model", home.model("hang-headers"), "Hello.").start()
    try await send.waits(for: home)
    send.signal(number)
    let ended = try await send.end()
    #expect(ended.ending == .killed(by: number))
    #expect(try ended.jsonLines().last?["message_id"] == .null)
    #expect(try await home.messages().statuses == ["failed"])
  }

  @Test("A signal ends the wait before a retry")
  func duringBackOff() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "-o", "ndjson", "--model", home.model("throttle-retry-after-20"), "Hello.")
      .start()
    try await send.shows("\"retry\"")
    let before = ContinuousClock.now
    send.signal(SIGINT)
    let ended = try await send.end()
    #expect(ended.ending == .killed(by: SIGINT))
    #expect(before.duration(to: .now) < .seconds(15), "it does not wait for the next attempt")
    #expect(try home.requests().count == 1)
    #expect(try await home.messages().statuses == ["failed"])
  }

  @Test("A hang-up that was ignored from the start stays ignored, as under nohup")
  func ignoredHangUp() async throws {
    let home = try await Home.remembering()
    let script = "trap '' HUP; exec mosaic-ai send --model \"$1\" Hello."
    let send = try home.shell(script, home.model("slow-30")).start()
    try await send.shows("This is")
    send.signal(SIGHUP)
    let ended = try await send.end()
    #expect(ended.status == 0)
    #expect(try await home.messages().statuses == ["complete", "complete"])
    #expect(try await home.messages()[1].content + "\n" == ended.output)
  }

  @Test("A reader that goes away ends a stream that never ends")
  func endless() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("endless"), "Hello.").losingReader(after: "abcdefghijklm")
      .start()
    let ended = try await send.end()
    #expect(ended.ending == .killed(by: SIGPIPE))
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "interrupted"])
    #expect(messages[1].content.hasPrefix("abcdefghijklmnopqrstuvwxyzabc"))
  }

  @Test("A signal ends the process even if the reader has stopped reading")
  func stalledReader() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("endless"), "Hello.").stallingReader().start()
    try await send.waits(for: home)
    try await Task.sleep(for: .milliseconds(500))
    send.signal(SIGTERM)
    #expect(try await send.end(within: 25).ending == .killed(by: SIGTERM))
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "interrupted"])
  }

  @Test(
    "So does it if nobody reads standard error", arguments: [SIGTERM, SIGINT],
    ["", "-q", "--log-format=json", "console"])
  func stalledErrors(number: Int32, option: String) async throws {
    let home = try await Home.remembering()
    let isTraced = option == "console"
    let script = """
      mkfifo e; exec 3<>e; dd if=/dev/zero bs=65536 count=1 >&3 2>/dev/null
      exec mosaic-ai send --model "$1" $2 Hello. 2>&3
      """
    let send = try home.shell(script, home.model("hang-2"), isTraced ? "" : option)
      .with("OTEL_TRACES_EXPORTER", isTraced ? "console" : nil).start()
    try await send.shows(" Part 2.")
    send.signal(number)
    #expect(try await send.end(within: 25).ending == .killed(by: number))
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
  }

  @Test("So does it for an interview", arguments: [1, 2])
  func stalledErrorsOfInterview(jobs: Int) async throws {
    let home = try await Home.remembering()
    try await home.succeed("legacies", "add", "Ben")
    try home.write("Where did {name} sing?\n", to: "life.txt")
    let script = """
      mkfifo e; exec 3<>e; dd if=/dev/zero bs=65536 count=1 >&3 2>/dev/null
      exec mosaic-ai interview --questions life.txt --all-legacies --jobs "$1" --model "$2" 2>&3
      """
    let interview = try home.shell(script, String(jobs), home.model("hang-2")).start()
    try await interview.waits(for: home)
    interview.signal(SIGTERM)
    #expect(try await interview.end(within: 25).ending == .killed(by: SIGTERM))
  }

  @Test("So does it on a terminal that was stopped while it showed what the reply waits for")
  func stoppedTerminal() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("hang-headers"), "Hello.").onTerminal().start()
    try await send.waits(for: home)
    send.type("\u{13}")
    try await Task.sleep(for: .seconds(2))
    send.signal(SIGTERM)
    #expect(try await send.end(within: 25).ending == .killed(by: SIGTERM))
    #expect(try await home.messages().statuses == ["failed"])
  }

  @Test("A signal ends the wait for a pipe that keys come through", arguments: [true, false])
  func pipeOfKeys(hasWriter: Bool) async throws {
    for (variables, number) in [
      (["AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x", "AWS_WEB_IDENTITY_TOKEN_FILE": "keys"], SIGTERM),
      (["AWS_CA_BUNDLE": "keys"], SIGINT),
      (
        [
          "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "keys",
        ], SIGHUP
      ),
      (["XDG_CONFIG_HOME": "config"], SIGTERM),
    ] as [([String: String], Int32)] {
      let home = try await Home.remembering("Rose", .none)
      let script = """
        mkdir -p config/mosaic-ai; mkfifo -m 600 keys config/mosaic-ai/credentials.yaml
        \(hasWriter ? "exec 3<>keys 4<>config/mosaic-ai/credentials.yaml" : "")
        exec mosaic-ai send -o ndjson Hello.
        """
      var command = home.shell(script)
      for (name, value) in variables {
        command = command.with(name, name == "XDG_CONFIG_HOME" ? "\(home.path)/\(value)" : value)
      }
      let send = try command.start()
      try await send.shows("\"start\"")
      try await Task.sleep(for: .milliseconds(300))
      #expect(!send.hasEnded, "\(variables)")
      send.signal(number)
      #expect(try await send.end(within: 25).ending == .killed(by: number), "\(variables)")
      #expect(try await home.messages().statuses == ["failed"])
    }
  }

  @Test("A parent that does not care how its programs end does not keep this one from knowing")
  func ignoredChildren() async throws {
    let home = try await Home.remembering("Rose", .none)
    try home.write("echo unfinished >\"$1\"; exit 1\n", to: "editor")
    let script = "trap '' CHLD; exec mosaic-ai \"$@\""
    let edited = try await home.shell(script, "send", "--edit", "--new")
      .with("EDITOR", "/bin/sh \(home.path)/editor").run()
    #expect(edited.status == 65, "\(edited.output)\(edited.errors)")
    #expect(try await home.conversationCount() == 0)
    try home.write("[default]\ncredential_process = /bin/sh -c 'exit 3'\n", to: ".aws/config")
    let sent = try await home.shell(script, "send", "-o", "json", "Hello.").run()
    #expect(sent.status == 77 && sent.error.contains("status 3"), "\(sent.errors)")
    let asked = (1...40).map { "line \($0)" }.joined(separator: "\n")
    let answered = try await home.mosaic("send", "--model", home.model("echo"), asked)
      .with("AWS_BEARER_TOKEN_BEDROCK", "simulator-api-key").run()
    #expect(answered.status == 0, "\(answered.errors)")
    let shown = try await home.shell(script, "history").with("PAGER", "nosuchpager").onTerminal().run()
    #expect(shown.status == 0 && shown.screen.contains("nosuchpager") && shown.screen.contains("line 40"))
  }

  // MARK: Killed

  @Test("After a kill during a reply, history shows both messages, and a retry adds no copy")
  func killed() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("hang-3"), "Hello.").start()
    try await send.shows(" Part 3.")
    // What was shown more than a second ago is safe.
    try await Task.sleep(for: .milliseconds(1100))
    send.signal(SIGKILL)
    #expect(try await send.end().ending == .killed(by: SIGKILL))
    let messages = try await home.messages()
    #expect(messages.contents == ["Hello.", "Part 1. Part 2. Part 3."])
    #expect(messages.statuses == ["complete", "interrupted"])
    try await home.succeed("send", "--retry", "--model", home.model("normal"))
    let all = try await home.messages("--all")
    #expect(all.statuses == ["complete", "superseded", "complete"])
    #expect(all[0] == messages[0])
    #expect(all[1].id == messages[1].id)
    #expect(try await home.messages().count == 2)
  }

  @Test("After a kill before any text, the message is stored, and the next one leaves it out")
  func killedBeforeText() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("hang-headers"), "Lost?").start()
    try await send.waits(for: home)
    send.signal(SIGKILL)
    _ = try await send.end()
    #expect(try await home.messages().statuses == ["failed"])
    #expect(try await home.messages().contents == ["Lost?"])
    try await home.succeed("send", "--model", home.model("normal"), "Again.")
    #expect(try await home.messages().statuses == ["failed", "complete", "complete"])
    let turns = try #require(try home.requests().last)["body"]["messages"].elements
    #expect(turns.compactMap { $0["content"][0]["text"].string } == ["Again."])
  }

  @Test("While a process lives, nobody settles its message")
  func alive() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("hang-2"), "Hello.").start()
    try await send.shows(" Part 2.")
    try await home.eventually { try await home.messages().statuses == ["pending", "streaming"] }
    try await home.succeed("conversations")
    #expect(try await home.messages().statuses == ["pending", "streaming"])
    let retry = try await home.mosaic("send", "-o", "ndjson", "--retry").run()
    #expect(retry.status == 75)
    #expect(try retry.jsonLines().last?["code"].string == "busy")
    try await home.succeed("send", "Meanwhile.", "--model", home.model("normal"))
    #expect(try await home.messages().statuses == ["pending", "streaming", "complete", "complete"])
    send.signal(SIGTERM)
    _ = try await send.end()
    #expect(try await home.messages().statuses == ["complete", "interrupted", "complete", "complete"])
    #expect(try await home.messages().contents.first == "Hello.")
  }

  @Test("A killed retry leaves either the old reply or the new one")
  func killedRetry() async throws {
    let home = try await Home.remembering()
    #expect(try await home.mosaic("send", "Hello.", "--model", home.model("exception-internal-2")).run().status == 75)
    let retry = try home.mosaic("send", "--retry", "--model", home.model("hang-headers")).start()
    try await retry.waits(for: home, 2)
    retry.signal(SIGKILL)
    _ = try await retry.end()
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
    let second = try home.mosaic("send", "--retry", "--model", home.model("hang-3")).start()
    try await second.shows(" Part 3.")
    try await Task.sleep(for: .milliseconds(1100))
    second.signal(SIGKILL)
    _ = try await second.end()
    let all = try await home.messages("--all")
    #expect(all.statuses == ["complete", "superseded", "interrupted"])
    #expect(all[2].content == "Part 1. Part 2. Part 3.")
  }

  @Test("After kills at any moment everything is settled once, in order, and the conversation goes on")
  func killedAnyTime() async throws {
    let home = try await Home.remembering()
    var shown: [String: String] = [:]
    for number in 0..<15 {
      let send = try home.mosaic("send", "--model", home.model("slow-15"), "Message \(number).").start()
      // At the last one, some text has been shown for sure.
      if number == 14 { try await send.shows("This is") }
      try await Task.sleep(for: .milliseconds(Int.random(in: 5...500)))
      send.signal(SIGKILL)
      shown["Message \(number)."] = try await send.end().output
    }
    _ = try await home.mosaic("conversations").run()
    let messages = try await home.messages()
    try #require(messages.count >= 2)
    for (index, message) in messages.all.enumerated() {
      if message.role == "user" {
        let isAnswered = messages[index + 1].replyTo == message.id
        #expect(message.status == (isAnswered ? "complete" : "failed"))
      } else {
        let question = messages[index - 1]
        #expect(message.replyTo == question.id)
        #expect(["interrupted", "complete"].contains(message.status))
        let text = shown[question.content] ?? ""
        // The stored text is the start of what came. The shown text may be longer by a second's worth, or shorter by
        // what was on its way.
        #expect(text.hasPrefix(message.content) || (message.content + "\n").hasPrefix(text))
      }
    }
    let questions = messages.all.filter { $0.role == "user" }.map(\.content)
    #expect(Set(questions).count == questions.count)
    // A message whose reply was seen is stored.
    for (question, text) in shown where !text.isEmpty { #expect(questions.contains(question)) }
    try await home.succeed("send", "--model", home.model("normal"), "Still there?")
    #expect(try await home.messages("--tail", "2").statuses == ["complete", "complete"])
    let turns = try #require(try home.requests().last)["body"]["messages"].elements
    #expect(
      turns.first?["role"].string == "user" && turns.last?["content"].elements.last?["text"].string == "Still there?")
    #expect(zip(turns, turns.dropFirst()).allSatisfy { $0["role"] != $1["role"] })
  }

  @Test("Of two messages in one conversation, each is settled by its own end")
  func twoUnderWay() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("slow-1000"), "Hello.").start()
    try await send.shows("This is")
    let holder = try home.mosaic("send", "--model", home.model("hang-headers"), "Other.").start()
    try await holder.waits(for: home, 2)
    send.signal(SIGINT)
    #expect(try await send.end().ending == .killed(by: SIGINT))
    holder.signal(SIGKILL)
    _ = try await holder.end()
    #expect(try await home.messages().statuses == ["complete", "interrupted", "failed"])
  }

  // MARK: Output that cannot be written

  @Test(
    "When the reader goes away, the process dies of SIGPIPE silently, and the text is stored",
    arguments: ["text", "ndjson", "sse"])
  func closedPipe(format: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-o", format, "--model", home.model("slow-20"), "Hello.").losingReader(
      after: "This is"
    ).run()
    #expect(ended.ending == .killed(by: SIGPIPE))
    #expect(ended.errors == "")
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "interrupted"])
    #expect(messages[1].content.hasPrefix("This is"))
  }

  @Test("head takes what it wants of a list and a reply, and the pipeline succeeds")
  func head() async throws {
    let home = try await Home.remembering()
    for index in 0..<30 { try await home.succeed("legacies", "add", "Person \(index)") }
    let ended = try await home.shell(
      "mosaic-ai legacies | head -n 1; mosaic-ai send --legacy Rose --model \"$1\" Hi. | head -c 4",
      home.model("slow-5")
    ).run()
    #expect(ended.status == 0)
    #expect(ended.lines.count == 2)
    #expect(ended.errors == "")
  }

  @Test(
    "A full disk at standard output is output_failed, and the message is kept",
    arguments: ["text", "ndjson", "json", "sse"])
  func fullDevice(format: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-o", format, "--model", home.model("normal"), "Hello.").writing(
      to: "/dev/full"
    ).run()
    #expect(ended.status == 74)
    #expect(!ended.error.isEmpty)
    let messages = try await home.messages()
    #expect(messages[0].content == "Hello.")
    #expect(["failed", "complete"].contains(messages[0].status))
    #expect(["interrupted", "complete", ""].contains(messages[1].status))
    #expect(ended.hint.contains("saved"), "\(ended.errors)")
    // The reply is whole, and trying again would ask a second time.
    if format == "json" { #expect(ended.hint.contains("history") && !ended.hint.contains("again"), "\(ended.errors)") }
  }

  @Test(
    "Lists, help and version on a full disk end with 74",
    arguments: [["personas"], ["legacies", "-o", "json"], ["--help"], ["--version"]])
  func fullDeviceForLists(arguments: [String]) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic(arguments).writing(to: "/dev/full").run()
    #expect(ended.status == 74)
    #expect(ended.standardError.isErrorAndHint)
  }

  @Test(
    "Closed standard streams cost only the output", arguments: [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
  func closedStreams(redirection: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.shell("mosaic-ai send --model \"$1\" Hello. \(redirection)", home.model("normal")).run()
    let closesOutput = redirection.split(separator: " ").contains(">&-")
    #expect(ended.status == (closesOutput ? 74 : 0))
    #expect(try await home.messages()[0].content == "Hello.")
    // If the database or a file beside it had got the number of a closed stream, the reply would be in it.
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(home.database)-lock")).isEmpty)
    try await home.succeed("send", "More.", "--model", home.model("normal"))
    let list = try await home.shell("mosaic-ai legacies \(redirection)").run()
    #expect(list.status == (closesOutput ? 74 : 0))
  }

  @Test("Standard error that cannot be written changes nothing")
  func fullErrors() async throws {
    let home = try await Home.remembering()
    let script = "mosaic-ai send -v --model \"$1\" Hello. 2>/dev/full; mosaic-ai history nonsense 2>/dev/full; echo $?"
    let ended = try await home.shell(script, home.model("throttle-1")).run()
    #expect(ended.output.contains("This is The Biographer") && ended.output.hasSuffix("\n66\n"))
  }

  @Test("Reading the message from a closed standard input is an error")
  func closedInput() async throws {
    let home = try await Home.remembering()
    let ended = try await home.shell("mosaic-ai send <&-").run()
    #expect(ended.status == 65)
    #expect(try await home.conversationCount() == 0)
  }
}

extension Running {
  /// Waits until this many requests of `home` have reached the simulator.
  func waits(for home: Home, _ count: Int = 1) async throws {
    try await home.eventually { try home.requests().count >= count }
    // The answer follows the entry in the log at once.
    try await Task.sleep(for: .milliseconds(200))
  }
}

extension Home {
  /// Waits until the condition is true.
  func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(Running.patience)
    while try await !condition() {
      guard ContinuousClock.now < deadline else { throw Complaint("the condition never became true") }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}
