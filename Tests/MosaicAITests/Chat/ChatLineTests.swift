import TestSupport
import Testing

@testable import MosaicAI

@Suite struct ChatLineTests {
  @Test(
    "A line is nothing, a message or a command",
    arguments: [
      ("", .nothing), (" \n\t", .nothing), ("Hello.", .message(Array("Hello.".utf8))),
      (" /quit", .message(Array(" /quit".utf8))), ("//quit", .message(Array("/quit".utf8))),
      ("///", .message(Array("//".utf8))), ("/quit", .command("quit", argument: "")),
      ("/QUIT ", .command("quit", argument: "")), ("/title  Her songs \n", .command("title", argument: "Her songs")),
      ("/title a\nb", .command("title", argument: "a\nb")), ("/", .command("", argument: "")),
    ] as [(String, ChatLine)])
  func lines(text: String, expected: ChatLine) {
    #expect(ChatLine(Array(text.utf8)) == expected)
  }

  @Test("Bytes that are not UTF-8 stay as they are in a message")
  func invalid() {
    #expect(ChatLine([0x61, 0xe9]) == .message([0x61, 0xe9]))
    #expect(ChatLine([0x2f, 0x2f, 0xe9]) == .message([0x2f, 0xe9]))
  }

  @Test("An unknown command suggests the nearest, or says where they all are")
  func unknown() throws {
    #expect(try failure { try ChatAction.named("hisotry") }.advises(.didYouMean(["/history"])))
    #expect(try failure { try ChatAction.named("x") }.code == .usage)
    for action in ChatAction.all { #expect(try ChatAction.named(action.name).usage == action.usage) }
  }
}
