import MosaicAICore

/// What share of the messages that answer questions is put before the model.
struct Quality {
  private struct Score {
    var shown = 0
    var evidence = 0
    var whole = 0
    var questions = 0
    var tokens = 0

    mutating func add(_ request: ModelRequest, _ question: Question) {
      // The question itself is no evidence.
      let text = (request.turns.dropLast().map(\.text) + [request.reminder ?? ""]).joined(separator: "\n")
      let shown = question.evidence.filter { text.contains($0) }.count
      self.shown += shown
      evidence += question.evidence.count
      whole += shown == question.evidence.count ? 1 : 0
      questions += 1
      tokens += (request.reminder?.unicodeScalars.count ?? 0) / 4
    }

    /// Shown messages and wholly answered questions, in percent.
    var cell: String {
      "\(Score.percent(shown, evidence)) / \(Score.percent(whole, questions))"
    }

    private static func percent(_ part: Int, _ all: Int) -> String {
      rounded(100 * Double(part) / Double(max(1, all)), 1)
    }
  }

  private static let languages = [
    "english", "german", "finnish", "japanese", "chinese", "thai", "hebrew", "arabic",
  ]
  private static let exchanges = 320
  private static let budgets = [500, 1000, 2000, 4000]

  private let dialogues: [Dialogue]

  init(folder: String) throws {
    dialogues = try Quality.languages.enumerated().map { number, language in
      try Dialogue(language, folder: folder, count: Quality.exchanges, seed: UInt64(number + 1))
    }
  }

  func run() throws {
    let workplace = try Workplace()
    for (number, dialogue) in dialogues.enumerated() {
      try workplace.add(
        dialogue.archive(name: dialogue.language, legacySeed: UInt64(50 + number), seed: UInt64(100 + number)))
    }
    func score(
      _ dialogues: [Dialogue], _ tokens: Int, isNew: Bool = true, _ tuning: RecallTuning = .standard,
      _ isMeant: (Question) -> Bool = { _ in true }
    ) throws -> Score {
      var score = Score()
      for dialogue in dialogues {
        for question in dialogue.questions where isMeant(question) {
          score.add(
            try workplace.request(question.text, about: dialogue.language, tokens: tokens, isNew: isNew, tuning),
            question)
        }
      }
      return score
    }
    RecallBenchmark.write(
      """
      Each legacy has \(Quality.exchanges) exchanges. Messages shown of those that answer a question / questions with all
      of theirs shown, in percent; for the window, nothing is recalled.

      | language | questions | window | \(Quality.budgets.map { "\($0) tokens" }.joined(separator: " | ")) |
      | --- | --- | --- |\(String(repeating: " --- |", count: Quality.budgets.count))
      """)
    for dialogue in dialogues {
      let window = try score([dialogue], 0, isNew: false)
      let cells = try Quality.budgets.map { try score([dialogue], $0).cell }
      RecallBenchmark.write(
        "| \(dialogue.language) | \(window.questions) | \(window.cell) | \(cells.joined(separator: " | ")) |")
    }
    RecallBenchmark.write(
      """

      Without one idea at a time, in all languages; half of the questions was not looked at when they were chosen.

      | | first half, 500 | first half, 1000 | held out, 500 | held out, 1000 | added tokens, 1000 |
      | --- | --- | --- | --- | --- | --- |
      """)
    for (name, tuning) in Quality.variants {
      let scores = try [false, true].flatMap { isHeldOut in
        try [500, 1000].map { tokens in try score(dialogues, tokens, tuning) { $0.isHeldOut == isHeldOut } }
      }
      let tokens = rounded(Double(scores[1].tokens) / Double(max(1, scores[1].questions)))
      RecallBenchmark.write("| \(name) | \(scores.map(\.cell).joined(separator: " | ")) | \(tokens) |")
    }
  }

  /// The standard, and what is missing without each of its parts.
  private static var variants: [(String, RecallTuning)] {
    func without(_ change: (inout RecallTuning) -> Void) -> RecallTuning {
      var tuning = RecallTuning.standard
      change(&tuning)
      return tuning
    }
    return [
      ("all", .standard),
      ("without leaving out common words", without { $0.leavesOutStopWords = false }),
      ("without irregular forms", without { $0.knowsIrregularForms = false }),
      ("with common names counted in full", without { $0.weightOfCommonName = 1 }),
      ("without related words", without { $0.weightOfRelated = 0 }),
      ("without parts of words", without { $0.weightOfPart = 0 }),
      ("without neighbors", without { ($0.shareBefore, $0.shareAfter, $0.shareBeyond) = (0, 0, 0) }),
      ("without neighbors of neighbors", without { $0.shareBeyond = 0 }),
      ("without heeding length", without { $0.frugality = 0 }),
      ("with long messages whole", without { $0.longestPart = .max }),
    ]
  }
}
