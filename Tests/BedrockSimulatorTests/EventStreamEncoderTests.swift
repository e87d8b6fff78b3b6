import Testing

@testable import BedrockSimulator

/// Frames are byte for byte what the specification says; the literals were read back by botocore's parser
/// (Tests/Conformance/simulator/make_literals.py).
struct EventStreamEncoderTests {
  @Test("An event has both checksums and Bedrock's three headers")
  func encodesEvents() {
    let frame = EventStreamFrame.event(
      "contentBlockDelta", payload: Array(#"{"contentBlockIndex":0,"delta":{"text":"Grüße 👵🏽"}}"#.utf8))
    #expect(
      hexadecimal(frame.encoded)
        == """
        000000a2000000579acad7c80b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e\
        742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e\
        74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224772c3bcc39f6520f09f91b5f09f8fbd22\
        7d7d85080d8b
        """)
  }

  @Test("An exception carries its message as JSON")
  func encodesExceptions() {
    #expect(
      hexadecimal(EventStreamFrame.exception("throttlingException", message: "Too many tokens").encoded)
        == """
        0000008e00000061514180540f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a\
        636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d7479706507000965786365\
        7074696f6e7b226d657373616765223a22546f6f206d616e7920746f6b656e73227dc81b1ec1
        """)
  }

  @Test("An error carries its message in a header")
  func encodesErrors() {
    #expect(
      hexadecimal(EventStreamFrame.error(code: "InternalFailure", message: "Sorry").encoded)
        == """
        0000005b0000004bcbefb9ab0b3a6572726f722d636f646507000f496e7465726e616c4661696c7572650e3a6572726f722d6d65\
        7373616765070005536f7272790d3a6d6573736167652d747970650700056572726f72ab9a1f9e
        """)
  }

  @Test("Every header type has its own encoding")
  func encodesHeaders() {
    let frame = EventStreamFrame(
      headers: [
        ("true", .bool(true)), ("false", .bool(false)), ("byte", .int8(-1)), ("short", .int16(-2)), ("int", .int32(-3)),
        ("long", .int64(-4)), ("bytes", .bytes([1, 2, 3])), ("string", .string("é")),
        ("time", .timestamp(1_795_414_382_123)),
        ("id", .uuid(Array(1...16))),
      ], payload: [])
    #expect(
      hexadecimal(frame.encoded)
        == """
        0000007e0000006e89cacd980474727565000566616c736501046279746502ff0573686f727403fffe03696e7404fffffffd046c\
        6f6e6705fffffffffffffffc05627974657306000301020306737472696e67070002c3a90474696d6508000001a20709562b0269\
        64090102030405060708090a0b0c0d0e0f10e53bc926
        """)
  }

  @Test("The layout says where headers, payload and checksum begin")
  func describesLayout() {
    let frame = EventStreamFrame(headers: [("a", .bool(true))], payload: [7, 8, 9])
    #expect(frame.encoded[EventStreamFrame.Layout.headers] == 1)
    #expect(Array(frame.encoded[frame.layout.payload..<frame.layout.checksum]) == [7, 8, 9])
    #expect(frame.encoded.count == frame.layout.checksum + 4)
  }
}
