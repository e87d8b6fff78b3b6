/// One message of an event stream. The payload is valid only while it is being handed out.
struct EventStreamMessage {
  let headers: EventStreamHeaders
  let payload: UnsafeRawBufferPointer
}

/// The headers of a message. Only strings are kept: AWS sends no others.
///
/// A class, since most messages of a stream share one: its identity tells a reader that nothing has changed.
final class EventStreamHeaders: Sendable {
  /// String headers by name.
  let strings: [String: String]

  /// `event`, `exception` or `error`.
  let messageType: String?
  /// Of an event.
  let eventType: String?
  /// Of an exception.
  let exceptionType: String?

  /// Reads all headers of a message.
  ///
  /// - Throws: `EventStreamError.malformedHeaders` for a type or length that does not exist, or a name that comes twice
  init(_ bytes: UnsafeRawBufferPointer) throws {
    var strings: [String: String] = [:]
    var names: Set<String> = []
    var rest = bytes[...]
    func take(_ count: Int) throws -> Slice<UnsafeRawBufferPointer> {
      guard rest.count >= count else { throw EventStreamError.malformedHeaders }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    func takeInteger(_ count: Int) throws -> Int { try take(count).reduce(0) { $0 << 8 | Int($1) } }
    func takeText(_ count: Int) throws -> String {
      guard let text = try String(validating: take(count), as: UTF8.self) else {
        throw EventStreamError.malformedHeaders
      }
      return text
    }
    while !rest.isEmpty {
      let name = try takeText(takeInteger(1))
      guard !name.isEmpty, names.insert(name).inserted else { throw EventStreamError.malformedHeaders }
      switch try takeInteger(1) {
      case 0, 1: break
      case 2: _ = try take(1)
      case 3: _ = try take(2)
      case 4: _ = try take(4)
      case 5, 8: _ = try take(8)
      case 6: _ = try take(takeInteger(2))
      case 7: strings[name] = try takeText(takeInteger(2))
      case 9: _ = try take(16)
      default: throw EventStreamError.malformedHeaders
      }
    }
    self.strings = strings
    messageType = strings[":message-type"]
    eventType = strings[":event-type"]
    exceptionType = strings[":exception-type"]
  }
}

/// Why bytes are not an event stream.
enum EventStreamError: Error, Equatable {
  /// The checksum of the first eight bytes is wrong.
  case preludeChecksum
  /// The checksum of the message is wrong.
  case messageChecksum
  /// A length is below the minimum or above the maximum, or the headers are longer than the message.
  case length
  /// The headers cannot be read.
  case malformedHeaders
  /// The stream ended within a message.
  case truncated
}
