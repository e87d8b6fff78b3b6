import TestSupport

/// Someone who has a conversation at a terminal.
final class Talk {
  let program: Running
  /// How much of the screen has been looked at.
  private var seen = 0

  /// - Parameters:
  ///   - command: a `chat`, not yet on a terminal
  ///   - streams: those that are the terminal's
  init(_ command: Command, columns: UInt16 = 80, on streams: Set<Command.Stream> = Set(Command.Stream.allCases)) throws
  {
    program = try command.onTerminal(columns: columns, streams).start()
  }

  /// Waits until this is shown after whatever was waited for before.
  func shows(_ text: String) async throws {
    let deadline = ContinuousClock.now + .seconds(Running.patience)
    while true {
      let fresh = Array(program.screenSoFar.utf8.dropFirst(seen))
      if let range = fresh.firstRange(of: Array(text.utf8)) {
        seen += range.upperBound
        return
      }
      guard ContinuousClock.now < deadline, !program.hasEnded else {
        throw Complaint("no \(text.debugDescription) in:\n\(String(decoding: fresh, as: UTF8.self))")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Waits until a message can be typed.
  func prompts() async throws { try await shows("> ") }

  func type(_ text: String) { program.type(text) }

  /// Sends a message and waits for the next prompt.
  func says(_ text: String) async throws {
    type("\(text)\r")
    // Of the message as it is typed there is none.
    try await shows("\n")
    try await prompts()
  }

  /// Leaves, and gives what was on the terminal.
  func leave() async throws -> Ended {
    type("\u{4}")
    return try await program.end()
  }
}

extension Array where Element == UInt8 {
  fileprivate func firstRange(of other: [UInt8]) -> Range<Int>? {
    guard count >= other.count else { return nil }
    for start in 0...count - other.count where self[start..<start + other.count].elementsEqual(other) {
      return start..<start + other.count
    }
    return nil
  }
}
