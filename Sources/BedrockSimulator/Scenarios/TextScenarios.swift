extension Scenario {
  /// Complete replies with some text, at some pace.
  static let textScenarios: [Scenario] = [
    Scenario("normal", summary: "The normal reply, which any other model id gets too.") { $0.normalReply() },
    Scenario("echo", summary: "The newest message, one word in each chunk.") {
      $0.reply(words($0.request.question))
    },
    Scenario(
      "text-chunks", .optional("MS"),
      summary: "The newest message, split into chunks at each |, with MS milliseconds between them."
    ) {
      stage in
      let chunks = stage.request.question.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return Stage(stage, chunkDelay: stage.arguments["MS"] ?? stage.chunkDelay).reply(chunks)
    },
    Scenario("slow", .number("MS"), summary: "The normal reply, with MS milliseconds between chunks.") { stage in
      Stage(stage, chunkDelay: stage.arguments["MS"] ?? 0).normalReply()
    },
    Scenario(
      "timestamps", .number("MS"), .optional("COUNT"),
      summary: "COUNT chunks (default: 10), MS milliseconds apart. Each is its time of sending, in ms since 1970."
    ) {
      timestamps($0)
    },
    Scenario(
      "tiny", .number("COUNT"), summary: "COUNT chunks of one letter each, as fast as possible: a to z, then a again."
    ) { tiny($0) },
    Scenario(
      "pieces", .number("COUNT"), .number("LENGTH"),
      summary: "COUNT chunks of LENGTH letters each, as fast as possible: a to z, then a again."
    ) { pieces($0) },
    Scenario("large", .number("BYTES"), summary: "One chunk with the letter x, BYTES times.") { stage in
      var stream = stage.stream()
      stream.isPadded = false
      stream.start()
      stream.text(String(repeating: "x", count: stage.arguments["BYTES"] ?? 0))
      stream.finish()
      return .stream(stream.pieces)
    },
    Scenario("endless", summary: "Chunks as fast as possible, until the client goes away.") { stage in
      var stream = stage.stream()
      stream.start()
      stream.append(.repeated(Array(letters(26).joined()), times: nil))
      return .stream(stream.pieces)
    },
    Scenario(
      "emoji",
      summary: "Emoji whose scalars arrive in different chunks, and whose bytes arrive in different segments."
    ) {
      emoji($0)
    },
    Scenario("surrogates", summary: "The text of emoji, escaped as UTF-16 surrogate pairs.") { stage in
      var stream = stage.stream()
      stream.start()
      for chunk in emojiChunks { stream.append(stream.textFrame(chunk, quoted: jsonQuotedInASCII(chunk))) }
      stream.finish()
      return .stream(stream.pieces)
    },
    Scenario(
      "controls", summary: "Text with terminal escape sequences and C0, DEL, C1 and bidirectional control characters."
    ) {
      $0.reply(controlChunks)
    },
    Scenario("blank", summary: "A complete reply of white space only.") { $0.reply([" ", "\n\n", "\t "]) },
    Scenario("empty", summary: "A complete reply without text.") { stage in
      var stream = stage.stream()
      stream.start()
      stream.finish()
      return .stream(stream.pieces)
    },
    Scenario("reasoning", summary: "Reasoning (text, signature, redacted) in a block of its own before the text.") {
      stage in
      var stream = stage.stream()
      stream.start()
      stream.reasoning("The user is remembering someone. ")
      stream.reasoning("I should listen.")
      stream.delta(#"{"reasoningContent":{"signature":"c2lnbmF0dXJl"}}"#)
      stream.delta(#"{"reasoningContent":{"redactedContent":"cmVkYWN0ZWQ="}}"#)
      stream.endBlock()
      stream.text(Stage.parts(Stage.wholeReply))
      stream.finish()
      return .stream(stream.pieces)
    },
  ]

  /// Text whose grapheme clusters are split between their scalars.
  static let emojiChunks = [
    "Grandma 👵", "🏽 and the family 👨\u{200D}", "👩\u{200D}👧", "\u{200D}👦 wave 🏳", "\u{FE0F}\u{200D}🌈 from the cafe",
    "\u{301} 🇫", "🇷.",
  ]

  /// Text that would control a terminal.
  static let controlChunks = [
    "clear\u{1B}[2J", " colour\u{1B}", "[31m red\u{1B}[0m", " title\u{1B}]0;owned\u{7}",
    " bell\u{7} back\u{8} return\r",
    " nul\u{0} del\u{7F}",
    " c1\u{9B}31m", " bidi\u{202E}desrever\u{202C} isolate\u{2066}x\u{2069}", " tab\tnewline\nend.",
  ]

  /// The words of `text`, each with the white space after it.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text {
      if !character.isWhitespace, word.last?.isWhitespace == true {
        words.append(word)
        word = ""
      }
      word.append(character)
    }
    return word.isEmpty ? words : words + [word]
  }

  /// Chunks that contain the time of their sending.
  private static func timestamps(_ stage: Stage) -> Answer {
    var stream = stage.stream()
    stream.start()
    for number in 0..<(stage.arguments["COUNT"] ?? 10) {
      if number > 0 { stream.pause(milliseconds: stage.arguments["MS"] ?? 0) }
      let template = stream
      stream.append(
        .fresh { now in
          var template = template
          return template.textFrame("\(now.milliseconds) ").encoded
        })
      stream.count(tokens: 4)
    }
    stream.finish()
    return .stream(stream.pieces)
  }

  /// Chunks of one letter.
  private static func tiny(_ stage: Stage) -> Answer {
    let count = stage.arguments["COUNT"] ?? 0
    return repeating(letters(26), count: count, tokens: count, on: stage)
  }

  /// The letters a to z again and again, cut into frames of the same length.
  private static func pieces(_ stage: Stage) -> Answer {
    let (count, length) = (stage.arguments["COUNT"] ?? 0, stage.arguments["LENGTH"] ?? 0)
    let letters = (0..<26).map { UInt8(ascii: "a") + $0 }
    // After 26 pieces the letters start over, whatever the length.
    let frames = (0..<min(count, 26)).map { number in
      let text = (0..<length).map { letters[(number * length + $0) % 26] }
      return textFrame(String(decoding: text, as: UTF8.self))
    }
    return repeating(frames, count: count, tokens: count * ((length + 3) / 4), on: stage)
  }

  /// The start of the alphabet, each letter in a frame of its own.
  private static func letters(_ count: Int) -> [[UInt8]] {
    "abcdefghijklmnopqrstuvwxyz".prefix(count).map { textFrame(String($0)) }
  }

  /// A text delta whose padding is always the same.
  private static func textFrame(_ text: String) -> [UInt8] {
    EventStreamFrame.event(
      "contentBlockDelta",
      payload: Array(#"{"contentBlockIndex":0,"delta":{"text":\#(jsonQuoted(text))},"p":"abcdefghijklmnopq"}"#.utf8)
    ).encoded
  }

  /// A reply of `count` frames, the same ones again and again. They are encoded once and sent in blocks of about
  /// 128 KiB, so that the socket sets the pace.
  private static func repeating(_ frames: [[UInt8]], count: Int, tokens: Int, on stage: Stage) -> Answer {
    let cycle = Array(frames.joined())
    let cycles = count / max(1, frames.count)
    let perBlock = max(1, (128 << 10) / max(1, cycle.count))
    var stream = stage.stream()
    stream.start()
    stream.append(.repeated(Array(repeatElement(cycle, count: perBlock).joined()), times: cycles / perBlock))
    let rest =
      Array(repeatElement(cycle, count: cycles % perBlock).joined())
      + frames.prefix(count - cycles * frames.count).joined()
    if !rest.isEmpty { stream.append(rest) }
    stream.count(tokens: tokens)
    stream.finish()
    return .stream(stream.pieces)
  }

  /// Splits each frame inside its first scalar of four bytes, with a pause that makes two segments of it.
  private static func emoji(_ stage: Stage) -> Answer {
    var stream = stage.stream()
    stream.start()
    for chunk in emojiChunks {
      let frame = stream.textFrame(chunk).encoded
      let cut = (frame.firstIndex { $0 >= 0xF0 } ?? frame.count / 2) + 2
      stream.append(Array(frame[..<cut]))
      stream.pause(milliseconds: 2)
      stream.append(Array(frame[cut...]))
    }
    stream.finish()
    return .stream(stream.pieces)
  }
}

extension Stage {
  /// The same stage at another pace.
  fileprivate init(_ stage: Stage, chunkDelay: Int) {
    self.init(
      request: stage.request, arguments: stage.arguments, attempt: stage.attempt, now: stage.now, chunkDelay: chunkDelay
    )
  }
}
