import Foundation
import TestSupport
import Testing

/// The one reviewed snapshot of what the program says: every sentence and half-sentence in the sources of the program
/// and the core but help, which the manual pages have.
@Suite struct ErrorTextsTests {
  private static let file = "\(TestFiles.tests)/Fixtures/error-texts.txt"
  private static let heading = """
    # Every error, hint, warning and remark, in pieces as they are in the sources; {} is what is put in.
    # After a change of texts: MOSAIC_AI_UPDATE_TEXTS=1 swift test --filter ErrorTextsTests, then read the difference.
    """

  /// What may be said, each text once.
  private func texts() throws -> [String] {
    let files = try ["MosaicAI", "MosaicAICore"].flatMap(SwiftSource.all)
    let literals = files.filter { !ErrorTextsTests.withoutTexts.contains($0.path) }.flatMap(\.literals)
    try #require(literals.count > 1500)
    return Set(literals.filter(ErrorTextsTests.isSaid).map(\.text)).sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
  }

  /// Shell scripts, and words of the language.
  private static let withoutTexts: Set = [
    "MosaicAI/Options/Completions.swift", "MosaicAICore/Search/IrregularForms.swift",
    "MosaicAICore/Recall/Language.swift", "MosaicAICore/Recall/RelatedWords.swift",
  ]

  private static func isSaid(_ literal: SwiftSource.Literal) -> Bool {
    let isHelp = literal.places.contains {
      ["help", "abstract", "discussion"].contains($0.label) || $0.callee == "entry"
    }
    // One keyword at the beginning, or at the beginning of a line.
    let sql =
      #/(\\n|^)( ?\{\} )?\(?(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|TRUNCATE|WITH|PRAGMA|ORDER|AND|WHERE|ON|JOIN|LIMIT|CASE)\b/#
    let condition = #/^ AND |^(id, |stem |word |instr\()/#
    let isSQL = literal.text.contains(sql) || literal.text.contains(condition)
    let isMarkup = literal.text.hasPrefix("<")
    guard !isHelp, !isSQL, !isMarkup, literal.text.contains(#/[A-Za-z]/#) else { return false }
    // One word is said if it is given to something that speaks.
    let speakers: Set = ["Failure", "failure", "conflict", "warn", "warning", "error", "remark", "ask"]
    return literal.text.contains(#/[A-Za-z{}"]{2,}[,;:)]? [A-Za-z{(`]/#)
      || literal.places.last.map { speakers.contains($0.callee) } == true
  }

  @Test("Every text of an error, hint, warning or remark is a reviewed one")
  func reviewed() throws {
    let texts = try texts()
    let snapshot = ([ErrorTextsTests.heading] + texts).joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["MOSAIC_AI_UPDATE_TEXTS"] != nil {
      try snapshot.write(toFile: ErrorTextsTests.file, atomically: true, encoding: .utf8)
    }
    let reviewed = try String(contentsOfFile: ErrorTextsTests.file, encoding: .utf8)
    let known = Set(reviewed.split(separator: "\n").map(String.init))
    #expect(texts.filter { !known.contains($0) } == [], "new, or changed")
    #expect(known.subtracting(texts).filter { !$0.hasPrefix("# ") } == [], "gone, or changed")
    #expect(reviewed == snapshot)
  }

  @Test("A text ends without a full stop, unless it is a remark or a question to the person")
  func punctuation() throws {
    // Sentences of remarks begin with a capital, a number or the program's name.
    let wrong = try texts().filter { text in
      text.hasSuffix(".") && text.first?.isLowercase == true && !text.hasPrefix("mosaic-ai ")
    }
    #expect(wrong == [])
  }

  @Test("The texts that a reader would miss are in the snapshot")
  func complete() throws {
    let texts = try Set(texts())
    for text in [
      "no message was given", "stopped", "Nothing was deleted.", "your message is saved; send it again with {}",
      "add one with {}", "the reply ended at a stop sequence", "this is not an export of mosaic-ai",
      "cannot load libcurl: {}",
    ] {
      #expect(texts.contains(text), "\(text)")
    }
    #expect(!texts.contains { $0.contains("SELECT") || $0.contains("<html") })
    #expect(!texts.contains("Limit the reply to this many tokens (default: the persona's)."))
  }
}
