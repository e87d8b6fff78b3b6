import Foundation
import TestSupport
import Testing

/// What a long conversation costs. Benchmarks/scale.py measures a million messages; here are enough to see a trend.
@Suite(.crowd, .inGoodTime) struct ScaleTests {
  /// A home with a conversation of that many messages, made through an import.
  private static func home(_ count: Int) async throws -> Home {
    let home = try Home()
    let time = "2026-11-23T06:13:02.123Z"
    var lines = Home.exportHead(messages: count, at: time)
    let text = String(repeating: "Rose sang while she made jam. ", count: 20)
    for number in 0..<count {
      let isQuestion = number % 2 == 0
      lines.append(
        """
        {"type":"message","id":"\(Home.id(number + 3))","conversation_id":"\(Home.id(2))",\
        "role":"\(isQuestion ? "user" : "assistant")",\
        "content":"\(number) \(text).","token_count":null,"input_tokens":null,"cache_read_input_tokens":null,\
        "cache_write_input_tokens":null,"status":"complete","stop_reason":null,"error_code":null,"model_id":null,\
        "reply_to":\(isQuestion ? "null" : "\"\(Home.id(number + 2))\""),"created_at":"\(time)"}
        """)
    }
    lines.append(#"{"type":"end","conversations":1,"messages":\#(count)}"#)
    try home.write(lines.joined(separator: "\n") + "\n", to: "rose.ndjson")
    return home
  }

  @Test("Reading, exporting, importing and backing up take no more memory for more messages", .enabled(if: isLinux))
  func memory() async throws {
    // 25 MiB of text.
    let home = try await Self.home(40_000)
    let limit = 64
    #expect(try await home.peakMemory("import", "rose.ndjson") < limit)
    #expect(try await home.json("conversations").elements[0]["message_count"].integer == 40_000)
    #expect(try await home.peakMemory("import", "rose.ndjson") < limit)
    for command in [["history"], ["history", "-o", "json"]] {
      #expect(try await home.peakMemory(command[0], "last", "-o", command.last == "json" ? "json" : "text") < limit)
    }
    for format in ["markdown", "html", "json", "ndjson"] {
      #expect(try await home.peakMemory("export", "last", "-o", format) < limit, "\(format)")
    }
    #expect(try await home.peakMemory("backup", "copy") < limit)
  }

  @Test("What was exported from standard input's import is the same, byte for byte")
  func throughPipes() async throws {
    let home = try await Self.home(2_000)
    let script = """
      mosaic-ai import - <rose.ndjson && mosaic-ai export --legacy Rose -o ndjson >first &&
      cat first | mosaic-ai import - --database other -q && mosaic-ai export --legacy Rose -o ndjson --database other >second &&
      cmp first second && head -n 1000 first | mosaic-ai import - --database third
      """
    let ended = try await home.shell(script).run()
    #expect(ended.status == 65 && ended.errors.contains("cut off"))
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/third"), "what cannot be imported creates nothing")
  }

  @Test("A reader who stops reading keeps nobody from writing")
  func slowReader() async throws {
    let home = try await Self.home(20_000)
    try await home.succeed("import", "rose.ndjson")
    let script = """
      mosaic-ai history | { read -r line; mosaic-ai send --conversation last --model "$1" Meanwhile. >/dev/null && cat | wc -l; }
      """
    let ended = try await home.shell(script, home.model("echo")).run()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.trimmingCharacters(in: .whitespacesAndNewlines) == "19999", "the state of when it began")
  }
}
