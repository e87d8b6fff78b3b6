import MosaicAICore
import TestSupport
import Testing

@testable import MosaicAI

/// Hints: one line for scripts, commands on lines of their own for people.
@Suite struct HintTests {
  private let words = AdviceWords(repeatedOptions: " --user=eve")
  private let conversation = ConversationID(rawValue: "0a1b2c3d-0000-4000-8000-000000000000")

  @Test("Commands and text are told apart")
  func segments() {
    #expect(
      words.hint(.retry(conversation, saved: .message)).segments == [
        .text("your message is saved; send it again with "),
        .command("mosaic-ai send --retry --conversation 0a1b2c3d --user=eve"),
      ])
    #expect(
      words.hint("run `aws configure`, or remove `services`").segments == [
        .text("run "), .command("aws configure"), .text(", or remove `services`"),
      ])
    #expect(
      words.hint(.choose(.legacy, from: ["Rose", "Jo"])).segments.last == .items(["\"Rose\"", "\"Jo\""]))
  }

  @Test("Off a terminal it is one line, with commands between backticks")
  func line() {
    #expect(
      words.text(.either([.list(.legacies), .addLegacy]))
        == "see yours with `mosaic-ai legacies --user=eve`, or add one with `mosaic-ai legacies add \"NAME\" --user=eve`"
    )
    #expect(words.text(.useID(["a", "b", "c", "d"])) == "use the id, or more of it: a, b, c, …")
  }

  @Test("On a terminal each command and each item has a line of its own, and text hangs")
  func lines() {
    #expect(
      words.hint(.either([.list(.legacies), "ask"])).lines(width: 40, indent: 6) == [
        "see yours with:", "        mosaic-ai legacies --user=eve", "      or ask",
      ])
    let items = words.hint(.useID(["0a1b2c3d (Rose, added 2026-11-26)", "x"])).lines(width: 30, indent: 6)
    #expect(items[0] == "use the id, or more of")
    #expect(items.contains("      - 0a1b2c3d (Rose, added") && items.contains("        2026-11-26)"))
    #expect(items.last == "      - x")
  }

  @Test("Neither a command nor a URL is broken")
  func unbroken() {
    let url = "https://us-east-1.console.aws.amazon.com/bedrock/home?region=us-east-1#/modelaccess"
    let lines = words.hint(.text("request access at \(url)").then(.addLegacy)).lines(width: 30, indent: 6)
    #expect(lines.contains { $0.contains(url) })
    #expect(lines.contains { $0.hasSuffix("mosaic-ai legacies add \"NAME\" --user=eve") })
    #expect(WordWrap.lines("see \(url) there", width: 30) == "see \n\(url)\nthere")
  }

  // MARK: A line under way

  @Test("A character goes with all of its scalars and columns, over rows too")
  func erasing() {
    var line = ShownLine(start: 0, width: 10, canMoveUp: true)
    #expect(line.added(Array("漢".utf8)) == "漢")
    #expect(line.added(Array("e".utf8)) == "e")
    #expect(line.added(Array("\u{301}".utf8)) == "\u{301}")
    #expect(line.changed(to: Array("漢".utf8)) == "\u{8} \u{8}")
    #expect(line.changed(to: []) == "\u{8}\u{8}  \u{8}\u{8}")
    for index in 0..<9 { #expect(line.added(Array("\(index)".utf8)) == "\(index)") }
    #expect(line.added(Array("9".utf8)) == "9 \r", "the cursor is on the next row")
    #expect(line.changed(to: Array("012345678".utf8)) == "\r\u{1b}[1A\u{1b}[9C\u{1b}[J")
  }

  @Test("A sign with a column of its own may stand on the next row")
  func signs() {
    var line = ShownLine(start: 0, width: 4, canMoveUp: true)
    for scalar in "abc\u{915}".unicodeScalars.dropLast() { #expect(line.added(Array(String(scalar).utf8)) != "") }
    #expect(line.added(Array("\u{915}".utf8)) == "\u{915} \r")
    #expect(line.added(Array("\u{940}".utf8)) == "\u{940}")
    #expect(line.changed(to: Array("abc".utf8)) == "\r\u{1b}[1A\u{1b}[3C\u{1b}[J")
    #expect(line.added(Array("漢".utf8)) == "漢", "there is no room for it on the first row")
    #expect(line.changed(to: Array("abc".utf8)) == "\r\u{1b}[1A\u{1b}[3C\u{1b}[J")
  }

  @Test("What would drive the terminal is not shown")
  func controls() {
    var line = ShownLine(start: 0, width: 10, canMoveUp: true)
    #expect(line.added(Array("\u{9b}".utf8)) == "")
    #expect(line.added(Array("\u{202e}".utf8)) == "")
  }

  @Test(
    "A pasted command is not a name",
    arguments: [("mosaic-ai send x", true), ("x --legacy y", true), ("Rose", false), ("Anne-Marie", false)])
  func commands(text: String, isCommand: Bool) {
    #expect(SendCommand.isCommand(text) == isCommand)
  }
}
