import MosaicAICore
import TestSupport
import Testing

@testable import MosaicAI

/// Hints: one line for scripts, commands on lines of their own for people.
@Suite struct HintTests {
  private let words = AdviceWords(repeatedOptions: " --user=eve")
  private let conversation = ConversationID(rawValue: "0a1b2c3d-0000-4000-8000-000000000000")

  @Test("Commands are distinguished from text")
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
        == """
        see yours with `mosaic-ai legacies --user=eve`, or add one with `mosaic-ai legacies add "NAME" --user=eve`
        """
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
    #expect(WordWrap.lines("see \(url) there", width: 30) == "see\n\(url)\nthere")
  }

  @Test(
    "A pasted command is not a name",
    arguments: [("mosaic-ai send x", true), ("x --legacy y", true), ("Rose", false), ("Anne-Marie", false)])
  func commands(text: String, isCommand: Bool) {
    #expect(Session.isCommand(text) == isCommand)
  }
}
