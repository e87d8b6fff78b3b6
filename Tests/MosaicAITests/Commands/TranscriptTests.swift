import Foundation
import MosaicAICore
import TestSupport
import Testing

@testable import MosaicAI

/// What `export` writes for people: as it was said, and nothing in it can pass for anything else.
@Suite struct TranscriptTests {
  private static func message(
    _ number: Int, _ author: String, _ content: String, _ status: String = "complete", reply: Int? = nil
  )
    -> String
  {
    func id(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }
    let line: JSON = [
      "type": "message", "id": .string(id(number)), "conversation_id": .string(id(1)), "role": .string(author),
      "content": .string(content), "token_count": .null, "input_tokens": .null, "cache_read_input_tokens": .null,
      "cache_write_input_tokens": .null, "status": .string(status), "stop_reason": .null, "error_code": .null,
      "model_id": .null, "reply_to": JSON(reply.map(id)), "idempotency_key": .null,
      "created_at": "2026-11-23T06:13:02.123Z",
    ]
    return line.compact
  }

  /// A transcript of a conversation, titled and about somebody of that name.
  private func transcript(
    _ markup: Transcript.Markup, name: String = "Rose", title: String? = "A title", _ messages: [String]
  ) throws -> String {
    let time: JSON = "2026-11-23T06:13:02.123Z"
    let legacy: JSON = [
      "type": "legacy", "id": "00000000-0000-4000-8000-000000000000", "name": .string(name), "created_at": time,
      "updated_at": time,
    ]
    let shown = messages.count { !$0.contains("superseded") }
    let conversation: JSON = [
      "type": "conversation", "id": "00000000-0000-4000-8000-000000000001",
      "legacy_id": "00000000-0000-4000-8000-000000000000",
      "persona_id": "friend", "name": .null, "title": JSON(title), "message_count": .integer(shown),
      "last_message_at": time,
      "created_at": time,
      "updated_at": time,
    ]
    let end: JSON = ["type": "end", "conversations": 1, "messages": .integer(messages.count)]
    let header: JSON = ["type": "export", "format_version": 3]
    let lines = [header.compact, legacy.compact, conversation.compact] + messages + [end.compact]
    let archive = try WholeArchive(reading: Array(lines.joined(separator: "\n").utf8))
    #expect(
      String(decoding: archive.bytes, as: UTF8.self) == lines.map { $0 + "\n" }.joined(),
      "what is read is written again"
    )
    var transcript = Transcript(markup) { $0 == "friend" ? "The Friend" : $0 }
    return archive.parts.map { transcript.add($0) }.joined()
  }

  @Test("Markdown says who said what and when, quoted, without superseded replies")
  func markdown() throws {
    let transcript = try transcript(
      .markdown,
      [
        Self.message(2, "user", "She sang:\n  a song,\n\nand *more*."),
        Self.message(3, "assistant", "Whi", "superseded", reply: 2),
        Self.message(4, "assistant", "Which one?\n\n\n", "interrupted", reply: 2),
        Self.message(5, "user", "None.", "failed"),
      ])
    #expect(
      transcript == """
        # Rose

        ## A title

        **You**, 2026-11-23 06:13 UTC

        > She sang:\("  ")
        >   a song,
        >
        > and *more*.

        **The Friend**, 2026-11-23 06:13 UTC (broke off)

        > Which one?

        **You**, 2026-11-23 06:13 UTC (no reply)

        > None.

        """)
  }

  @Test("Markdown keeps names and titles literal, whatever they contain")
  func headings() throws {
    let markdown = try transcript(
      .markdown, name: "*Rose* #", title: "a_b_c `d` ~~e~~ #1 #", [Self.message(2, "user", "*Yes*.", "failed")]
    )
    #expect(markdown.hasPrefix("# \\*Rose\\* \\#\n\n## a\\_b\\_c \\`d\\` \\~\\~e\\~\\~ \\#1 \\#\n\n"))
    #expect(markdown.hasSuffix("> *Yes*.\n"))
  }

  @Test(
    "Nothing in a message leaves its Markdown quotation, loads anything or becomes HTML",
    arguments: [
      "# No heading\r\n\r\n---\r\n\r\n**You**, now\u{2028}## None\u{85}* * *", "```\nnever closed",
      "<script>alert(1)</script>",
      "![x](https://tracker.test/x.png)", "[x]: https://tracker.test", "<https://tracker.test>", "&#60;b>", "\\<b>",
      "a\u{202e}b\u{1b}[31m\u{9b}",
    ])
  func hostileMarkdown(text: String) throws {
    let markdown = try transcript(
      .markdown, name: "R & <b>", title: "[t](x)",
      [
        Self.message(2, "user", text), Self.message(3, "assistant", text, reply: 2),
      ]
    )
    let lines = markdown.components(separatedBy: "\n")
    #expect(lines[0] == "# R \\& \\<b>" && lines[2] == "## \\[t\\](x)")
    for line in lines.dropFirst(3) where !line.isEmpty {
      #expect(
        line.hasPrefix(">") || line.hasPrefix("**You**, 2026") || line.hasPrefix("**The Friend**, 2026"), "\(line)")
    }
    // Each of these follows its own backslash.
    let bare = markdown.replacing("\\\\", with: "").replacing(/\\[<&\[\]]/, with: "")
    #expect(!bare.contains { "<&[]\\".contains($0) }, "\(bare)")
    #expect(markdown.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) })
    #expect(!markdown.contains("\u{202e}"))
  }

  @Test("HTML is one self-contained page with all text escaped")
  func html() throws {
    let hostile = "</p><script>alert('1')</script> & \"quoted\"\n\u{202e}\u{1b}[31mbahar بهار 🌻"
    let page = try transcript(
      .html, name: "<i>Rose</i>", title: "</title>",
      [
        Self.message(2, "user", hostile), Self.message(3, "assistant", "Whi", "superseded", reply: 2),
        Self.message(4, "assistant", hostile, "blocked", reply: 2),
      ]
    )
    #expect(page.hasPrefix("<!DOCTYPE html>\n") && page.hasSuffix("</html>\n"))
    #expect(page.contains("<h1 dir=\"auto\">&lt;i&gt;Rose&lt;/i&gt;</h1>"))
    #expect(page.contains("<h2 dir=\"auto\">&lt;/title&gt;</h2>"))
    let escaped = "&lt;/p&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;\n[31mbahar بهار 🌻"
    #expect(page.components(separatedBy: "<p dir=\"auto\">\(escaped)</p>").count == 3)
    #expect(page.contains("<b>The Friend</b>, 2026-11-23 06:13 UTC (blocked)"))
    #expect(!page.contains("Whi<"))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src=") && !page.contains("url("))
    #expect(page.components(separatedBy: "<article").count == 3)
  }

  @Test("A conversation without a title goes by its persona")
  func untitled() throws {
    #expect(
      try transcript(.markdown, title: nil, [Self.message(2, "user", "Hi.", "failed")]).contains("\n## The Friend\n"))
  }
}
