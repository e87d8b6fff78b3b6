import Foundation
import TestSupport
import Testing

@testable import MosaicAI

/// A real terminal as the judge: where tmux has its cursor after a text.
@Suite struct RealTerminalTests {
  /// Asks tmux for the column after each text (DSR), on lines that are wide enough for all of them.
  private func columns(_ texts: [String]) throws -> [Int] {
    let folder = try TemporaryFolder()
    try folder.write(texts.joined(separator: "\n"), to: "texts")
    try folder.write(RealTerminalTests.script, to: "ask.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try Tool.path("tmux"))
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "LC_ALL": "C.UTF-8"]
    process.arguments = [
      "-S", "\(folder.path)/socket", "-f", "/dev/null", "new-session", "-d", "-x", "400", "-y", "10",
      "python3 \(folder.path)/ask.py \(folder.path)",
    ]
    try process.run()
    process.waitUntilExit()
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date() < deadline {
      if let answer = folder.contents("columns") {
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
      }
      usleep(20_000)
    }
    throw Complaint("tmux does not answer")
  }

  private static let script = """
    import os, select, sys, tty

    folder = sys.argv[1]
    tty.setraw(0)
    columns = []
    for text in open(folder + "/texts", "rb").read().split(b"\\n"):
        os.write(1, b"\\x1b[2J\\x1b[1;1H" + text + b"\\x1b[6n")
        answer = b""
        while not answer.endswith(b"R") and select.select([0], [], [], 10)[0]:
            answer += os.read(0, 100)
        columns.append(str(int(answer.split(b";")[1][:-1]) - 1))
    with open(folder + "/new", "w") as file:
        file.write("\\n".join(columns) + "\\n")
    os.rename(folder + "/new", folder + "/columns")
    """

  /// Words of many scripts, and what is drawn into one cell or not.
  static let texts = [
    "Zoe\u{301} cafe\u{301}", "日本語の長い文章です", "ｆｕｌｌ ﾊﾝｶｸ", "한국어 \u{1100}\u{1161}\u{11a8}",
    "नमस्ते दुनिया, हिन्दी में क्षत्रिय की किताबें", "สวัสดีครับ น้ำ ทำ กำลัง", "ພາສາລາວຳ",
    "ਪੰਜਾਬੀ ਵਿੱਚ", "বাংলা ভাষায়",
    "தமிழ் மொழி", "తెలుగు భాష", "ಕನ್ನಡ ಭಾಷೆ", "മലയാളം ഭാഷ", "සිංහල", "မြန်မာဘာသာ", "ភាសាខ្មែរ", "བོད་སྐད",
    "שלום עולם", "مَرْحَبًا بالعالم", "🌻 👩‍👩‍👧 👨‍💻 🏴‍☠️ 🏳️‍🌈", "🇩🇪🇫🇷 🇩 x", "👍🏽 ☝🏽 ☝️ ❤️ ❤ 1️⃣ ©️",
    "👩🏽‍❤️‍👨🏿 ⛹🏿‍♀️", "क\u{94d}\u{200d}ष र\u{94d}\u{200d}या", "日\u{200d}本", "か\u{3099} 〈〉 \u{3000}|",
    "\u{ad}|\u{600}|\u{200b}|\u{feff}|\u{2060}|\u{61c}", "⌚︎ ⌚ ⌛︎ ☃ ♀ ①", "𐍈 𝕏 𠀀 \u{1d165}",
  ]

  @Test(
    "A text takes as many columns as tmux gives it",
    .enabled(if: Tool.have("tmux", "python3"), "tmux or python3 is not installed"))
  func widths() throws {
    let columns = try columns(RealTerminalTests.texts)
    try #require(columns.count == RealTerminalTests.texts.count)
    for (text, columns) in zip(RealTerminalTests.texts, columns) {
      #expect(TextWidth.of(text) == columns, "\(text)")
      #expect(text.reduce(0) { $0 + TextWidth.of($1) } >= columns, "cutting at characters never cuts too late: \(text)")
    }
  }

  @Test(
    "No line that was broken is wider on a terminal than it may be",
    .enabled(if: Tool.have("tmux", "python3"), "tmux or python3 is not installed"))
  func broken() throws {
    let text = RealTerminalTests.texts.joined(separator: " ")
    for width in [20, 33] {
      let lines = WordWrap.lines(text, width: width).split(separator: "\n").map { String($0) }
      let columns = try columns(lines)
      try #require(columns.count == lines.count && lines.count > 10)
      for (line, columns) in zip(lines, columns) where line.contains(" ") { #expect(columns < width, "\(line)") }
    }
  }
}
