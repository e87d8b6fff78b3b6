extension Scenario {
  /// What the text is, and how it comes.
  static let textScenarios: [Scenario] = [
    Scenario("normal", summary: "The normal reply, as any other model id gets it.") { $0.normalReply() },
    Scenario("echo", summary: "The reply is the newest message, a word a chunk.") {
      $0.reply(words($0.request.question))
    },
    Scenario(
      "text-chunks", .optional("MS"),
      summary: "The reply is the newest message, cut into chunks at each |; MS between them."
    ) {
      stage in
      let chunks = stage.request.question.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return Stage(stage, chunkDelay: stage.arguments["MS"] ?? stage.chunkDelay).reply(chunks)
    },
    Scenario("slow", .number("MS"), summary: "The normal reply, MS between the chunks.") { stage in
      Stage(stage, chunkDelay: stage.arguments["MS"] ?? 0).normalReply()
    },
    Scenario(
      "timestamps", .number("MS"), .optional("COUNT"),
      summary: "COUNT (10) chunks, MS apart, each the time it is sent: ms since 1970."
    ) {
      timestamps($0)
    },
    Scenario(
      "tiny", .number("COUNT"), summary: "COUNT chunks of one letter, a to z round and round, as fast as possible."
    ) { tiny($0) },
    Scenario("large", .number("BYTES"), summary: "A single chunk of BYTES times the letter x.") { stage in
      var stream = stage.stream()
      stream.isPadded = false
      stream.start()
      stream.text(String(repeating: "x", count: stage.arguments["BYTES"] ?? 0))
      stream.finish()
      return .stream(stream.pieces)
    },
    Scenario("endless", summary: "Chunks as fast as possible until the client goes away.") { stage in
      var stream = stage.stream()
      stream.start()
      stream.append(.repeated(letters(), times: nil))
      return .stream(stream.pieces)
    },
    Scenario(
      "emoji",
      summary: "Emoji of several scalars: their scalars come in different chunks, their bytes in different segments."
    ) {
      emoji($0)
    },
    Scenario("surrogates", summary: "The same text, in JSON escapes of UTF-16 surrogate pairs.") { stage in
      var stream = stage.stream()
      stream.start()
      for chunk in emojiChunks { stream.append(stream.textFrame(chunk, quoted: jsonQuotedInASCII(chunk))) }
      stream.finish()
      return .stream(stream.pieces)
    },
    Scenario("controls", summary: "Terminal escape sequences, C0, DEL, C1 and bidirectional controls in the text.") {
      $0.reply(controlChunks)
    },
    Scenario("blank", summary: "A complete reply of nothing but white space.") { $0.reply([" ", "\n\n", "\t "]) },
    Scenario("empty", summary: "A complete reply without any text.") { stage in
      var stream = stage.stream()
      stream.start()
      stream.finish()
      return .stream(stream.pieces)
    },
    Scenario("reasoning", summary: "Reasoning (text, signature, redacted) in a block of its own before the text.") {
      stage in
      var stream = stage.stream()
      stream.start()
      stream.delta(#"{"reasoningContent":{"text":"The user is remembering someone. "}}"#)
      stream.delta(#"{"reasoningContent":{"text":"I should listen."}}"#)
      stream.delta(#"{"reasoningContent":{"signature":"c2lnbmF0dXJl"}}"#)
      stream.delta(#"{"reasoningContent":{"redactedContent":"cmVkYWN0ZWQ="}}"#)
      stream.endBlock()
      stream.text(Stage.parts(Stage.wholeReply))
      stream.finish()
      return .stream(stream.pieces)
    },
  ]

  /// Text whose grapheme clusters are cut between their scalars.
  static let emojiChunks = [
    "Grandma 👵", "🏽 and the family 👨\u{200D}", "👩\u{200D}👧", "\u{200D}👦 wave 🏳", "\u{FE0F}\u{200D}🌈 from the cafe",
    "\u{301} 🇫", "🇷.",
  ]

  /// Text that would drive a terminal.
  static let controlChunks = [
    "clear\u{1B}[2J", " colour\u{1B}", "[31m red\u{1B}[0m", " title\u{1B}]0;owned\u{7}",
    " bell\u{7} back\u{8} return\r",
    " nul\u{0} del\u{7F}",
    " c1\u{9B}31m", " bidi\u{202E}desrever\u{202C} isolate\u{2066}x\u{2069}", " tab\tnewline\nend.",
  ]

  /// Words, each with the white space that follows it.
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

  /// Chunks that are made when they are sent.
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

  /// The alphabet once, a frame a letter.
  private static func letters(_ count: Int = 26) -> [UInt8] {
    "abcdefghijklmnopqrstuvwxyz".prefix(count).flatMap { letter in
      EventStreamFrame.event(
        "contentBlockDelta",
        payload: Array(#"{"contentBlockIndex":0,"delta":{"text":"\#(letter)"},"p":"abcdefghijklmnopq"}"#.utf8)
      ).encoded
    }
  }

  /// Encoded once and sent in pieces of about 128 KiB, so that the socket sets the pace.
  private static func tiny(_ stage: Stage) -> Answer {
    let count = stage.arguments["COUNT"] ?? 0
    let alphabet = letters()
    let alphabets = count / 26
    let perBlock = (128 << 10) / alphabet.count
    var stream = stage.stream()
    stream.start()
    stream.append(.repeated(Array(repeatElement(alphabet, count: perBlock).joined()), times: alphabets / perBlock))
    let rest = Array(repeatElement(alphabet, count: alphabets % perBlock).joined()) + letters(count % 26)
    if !rest.isEmpty { stream.append(rest) }
    stream.count(tokens: count)
    stream.finish()
    return .stream(stream.pieces)
  }

  /// Cuts each frame within the first scalar of four bytes, with enough of a pause for two segments.
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
  /// The same stage with another pace.
  fileprivate init(_ stage: Stage, chunkDelay: Int) {
    self.init(request: stage.request, arguments: stage.arguments, attempt: stage.attempt, chunkDelay: chunkDelay)
  }
}
