import Foundation
import Testing

@testable import MosaicAICore

@Suite struct IdentifierTests {
  @Test("Random ids are UUIDs of version 4 in lower case, each another")
  func random() throws {
    let ids: [MessageID] = try (0..<2000).map { _ in try IDGenerator.random.next() }
    #expect(Set(ids).count == ids.count)
    for id in ids {
      #expect(MessageID.isValid(id.rawValue), "\(id)")
      let uuid = try #require(UUID(uuidString: id.rawValue)).uuid
      #expect(uuid.6 >> 4 == 4 && uuid.8 >> 6 == 0b10, "\(id)")
    }
    // Every other bit is random: of 2000 ids, none is the same in all.
    let bits = ids.map { UInt128($0.rawValue.replacing("-", with: ""), radix: 16) ?? 0 }
    let fixed: UInt128 = 0x0000_0000_0000_f000_c000_0000_0000_0000
    #expect(bits.reduce(0, |) | fixed == .max)
    #expect(bits.reduce(.max, &) & ~fixed == 0)
  }

  @Test(
    "Only a UUID in lower case is valid",
    arguments: [
      ("01234567-89ab-4def-8123-456789abcdef", true), ("00000000-0000-0000-0000-000000000000", true),
      ("01234567-89AB-4def-8123-456789abcdef", false), ("01234567-89ab-4def-8123-456789abcde", false),
      ("01234567-89ab-4def-8123-456789abcdeff", false), ("0123456-789ab-4def-8123-456789abcdef", false),
      ("01234567-89ab-4def-8123456789abcdef", false), ("01234567-89ab-4def-8123-456789abcdeg", false),
      ("01234567-89ab-4def-8123-456789abcdé", false), ("01234567_89ab-4def-8123-456789abcdef", false),
      ("01234567-89ab-4def-8123-456789abcdef\n", false), ("", false), ("----", false), ("01234567", false),
    ])
  func validity(text: String, isValid: Bool) {
    #expect(ConversationID.isValid(text) == isValid)
  }

  @Test("The short form is the first eight characters")
  func short() {
    let id = LegacyID(rawValue: "01234567-89ab-4def-8123-456789abcdef")
    #expect(id.short == "01234567")
    #expect("\(id)" == id.rawValue)
    #expect(LegacyID(rawValue: "abc").short == "abc")
  }
}
