import MosaicAICore

/// What recall adds to the time in which a message is prepared.
struct Cost {
  /// How many messages the database has.
  let count: Int

  /// How many different words there are, the first of them the most common.
  private static let words = 60_000
  private static let runs = 15

  func run() throws {
    let workplace = try Workplace()
    let words = Cost.vocabulary()
    var random = Random(seed: 7)
    // By Zipf's law, the sum of the weights of the words so far.
    var sums: [Double] = []
    for number in words.indices { sums.append((sums.last ?? 0) + 1 / Double(number + 2)) }
    func text(_ count: Int) -> String {
      (0..<count).map { _ in
        let point = Double.random(in: 0..<(sums.last ?? 1), using: &random)
        var (low, high) = (0, sums.count - 1)
        while low < high {
          let middle = (low + high) / 2
          if sums[middle] > point { high = middle } else { low = middle + 1 }
        }
        return words[low]
      }.joined(separator: " ")
    }
    // In parts, since an archive is made in memory.
    let part = min(count, 20_000)
    for number in 0..<max(1, count / part) {
      let exchanges = (0..<part / 2).map { _ in Spoken(message: text(18), reply: text(50)) }
      try workplace.add(
        Dialogue(exchanges, together: 500).archive(name: "Rose", legacySeed: 1, seed: UInt64(number + 1000)))
      RecallBenchmark.writeError("\((number + 1) * part) messages\r")
    }
    RecallBenchmark.writeError("\n")
    func pick(_ range: Range<Int>, _ count: Int) -> String {
      (0..<count).map { _ in words[Int.random(in: range, using: &random)] }.joined(separator: " ")
    }
    let questions: [(String, String)] = [
      ("three ordinary words", pick(100..<2000, 3)),
      ("three rare words", pick(20_000..<40_000, 3)),
      ("a letter of thirty words", pick(10..<30_000, 30)),
      ("three very common words", pick(0..<10, 3)),
      ("words of English, mostly unknown", "What was the name of my mother's dog when she was a child in the village?"),
    ]
    RecallBenchmark.write(
      """
      CPU time for preparing a message in a database of \(count) messages: medians of \(Cost.runs) runs.

      | message | nothing recalled | recalled | added | ratio |
      | --- | --- | --- | --- | --- |
      """)
    for (name, question) in questions {
      var (without, with): ([Double], [Double]) = ([], [])
      for _ in 0..<Cost.runs {
        without.append(
          try milliseconds { _ = try workplace.request(question, about: "Rose", tokens: 0) })
        with.append(
          try milliseconds { _ = try workplace.request(question, about: "Rose", tokens: 2000) })
      }
      let (least, most) = (median(without), median(with))
      RecallBenchmark.write(
        "| \(name) | \(rounded(least, 1)) ms | \(rounded(most, 1)) ms | \(rounded(max(0, most - least), 1)) ms "
          + "| \(rounded(most / least, 1)) |")
    }
  }

  /// Words that look like words, each another one.
  private static func vocabulary() -> [String] {
    var random = Random(seed: 3)
    let (consonants, vowels) = (Array("bcdfghklmnprstvwz"), Array("aeiou"))
    var words: Set<String> = []
    var list: [String] = []
    while list.count < Cost.words {
      let word =
        (0..<Int.random(in: 2...4, using: &random)).map { _ in
          String(consonants[Int.random(in: consonants.indices, using: &random)])
            + String(vowels[Int.random(in: vowels.indices, using: &random)])
        }.joined() + String(consonants[Int.random(in: consonants.indices, using: &random)])
      if words.insert(word).inserted { list.append(word) }
    }
    return list
  }
}
