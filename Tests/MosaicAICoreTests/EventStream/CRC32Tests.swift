import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct CRC32Tests {
  @Test(
    "Known checksums are computed",
    arguments: [
      ("", 0), ("a", 0xe8b7_be43), ("123456789", 0xcbf4_3926),
      ("The quick brown fox jumps over the lazy dog", 0x414f_a339),
    ] as [(String, UInt32)])
  func knownVectors(text: String, expected: UInt32) {
    #expect(Array(text.utf8).withUnsafeBytes(CRC32.checksum) == expected)
  }

  @Test("Every length at every alignment agrees with a bit-by-bit checksum")
  func lengthsAndAlignments() {
    var generator = Lehmer(seed: 1)
    let bytes = (0..<700).map { _ in UInt8.random(in: 0...255, using: &generator) }
    bytes.withUnsafeBytes { buffer in
      for alignment in 0..<8 {
        for length in 0...300 {
          let part = UnsafeRawBufferPointer(rebasing: buffer[alignment..<alignment + length])
          #expect(CRC32.checksum(part) == bitwiseCRC32(part), "\(length) bytes from \(alignment)")
        }
        let rest = UnsafeRawBufferPointer(rebasing: buffer[alignment...])
        #expect(CRC32.checksum(rest) == bitwiseCRC32(rest))
      }
    }
  }

  @Test("A checksum computed in two parts is that of the whole")
  func incremental() {
    let bytes = Array(String(repeating: "Amazon Event Stream Specification", count: 9).utf8)
    for split in 0...bytes.count {
      var crc = CRC32()
      bytes[..<split].withUnsafeBytes { crc.update($0) }
      bytes[split...].withUnsafeBytes { crc.update($0) }
      #expect(crc.value == bitwiseCRC32(bytes), "split at \(split)")
    }
  }
}
