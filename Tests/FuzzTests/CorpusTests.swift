import Foundation
import Testing

/// Reads the inputs that fuzzing found worth keeping, and some mutations that are the same every time.
@Suite struct CorpusTests {
  @Test(
    "No saved input, nor any mutation of it, crashes a reader or breaks a promise", arguments: FuzzTarget.allCases)
  func corpus(target: FuzzTarget) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus/\(target)")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).sorted {
      $0.path < $1.path
    }
    try #require(!files.isEmpty)
    var state: UInt64 = 0x4d6f_7361_6963
    func next(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for file in files {
      let bytes = Array(try Data(contentsOf: file))
      try target.run(bytes)
      for _ in 0..<(target == .yaml ? 4 : 20) where !bytes.isEmpty {
        var mutated = bytes
        switch next(below: 4) {
        case 0: mutated[next(below: mutated.count)] ^= 1 << UInt8(next(below: 8))
        case 1: mutated.removeSubrange(next(below: mutated.count)...)
        case 2: mutated.insert(UInt8(next(below: 256)), at: next(below: mutated.count))
        default: mutated.remove(at: next(below: mutated.count))
        }
        try target.run(mutated)
      }
    }
  }
}
