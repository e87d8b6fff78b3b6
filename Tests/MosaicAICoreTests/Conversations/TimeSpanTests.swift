import TestSupport
import Testing

@testable import MosaicAICore

/// Conversations, histories and exports of a stretch of time.
@Suite struct TimeSpanTests {
  private let household: Household
  private let service: ConversationService

  init() throws {
    household = try Household()
    service = try household.service()
    _ = try service.addLegacy(name: "Rose", evenIfKnown: false)
  }

  private func at(_ hour: Int) -> Timestamp { Timestamp(milliseconds: 1_795_414_382_000) + Int64(hour * 3600) }

  /// From the beginning of an hour to that of another.
  private func span(_ start: Int?, _ end: Int?) -> TimeSpan {
    TimeSpan(start: start.map(at), end: end.map(at))
  }

  private func send(_ message: String?, at hour: Int, to selection: Selection = .to()) throws -> ConversationID {
    household.clock.now = at(hour)
    return try service.send(message, .reply("Well."), to: selection).conversationID
  }

  private func exported(_ span: TimeSpan, conversation: String? = nil) throws -> [String] {
    var parts: [String] = []
    try service.export(conversation: conversation, legacy: conversation == nil ? "Rose" : nil, in: span) { part in
      switch part {
      case .legacy: break
      case .conversation(let conversation): parts.append("\(conversation.title ?? "") \(conversation.messageCount)")
      case .message(let placed): parts.append("\(placed.message.author.rawValue) \(placed.place.seq)")
      case .end(let conversations, let messages): parts.append("\(conversations) \(messages)")
      }
    }
    return parts
  }

  @Test("A conversation is listed if anything was said in that time, though it went on afterwards")
  func conversations() throws {
    let long = try send("Long", at: 0)
    _ = try send("Later", at: 5, to: .to(.new))
    _ = try send("Long again", at: 10, to: .conversation(long))
    func titles(_ start: Int?, _ end: Int?) throws -> [String?] {
      try service.conversations(in: span(start, end)).map(\.title)
    }
    #expect(try titles(nil, nil) == ["Long", "Later"])
    #expect(try titles(6, nil) == ["Long"])
    #expect(try titles(5, nil) == ["Long", "Later"])
    #expect(try titles(11, nil) == [])
    #expect(try titles(nil, 5) == ["Long"])
    #expect(try titles(nil, 0) == [])
    #expect(try titles(4, 6) == ["Later"])
    #expect(try titles(0, 1) == ["Long"])
    #expect(try titles(0, 6) == ["Long", "Later"])
    #expect(try titles(6, 10) == [])
    #expect(try service.conversations(in: span(0, 6), limit: 1, offset: 1).map(\.title) == ["Later"])
  }

  @Test("A history of a stretch of time is paged and counted like a whole one")
  func history() throws {
    for hour in 0..<6 { _ = try send("m\(hour)", at: hour) }
    func page(_ page: ConversationService.Page) throws -> (texts: [String], total: Int, hasMore: Bool) {
      let found = try service.history(of: nil, page)
      return (found.messages.filter { $0.author == .user }.map(\.content), found.total, found.hasMore)
    }
    #expect(try page(.init(in: span(2, 4))) == (["m2", "m3"], 4, false))
    #expect(try page(.init(limit: 2, in: span(2, nil))) == (["m2"], 8, true))
    #expect(try page(.init(limit: 2, offset: 6, in: span(2, nil))) == (["m5"], 8, false))
    #expect(try page(.init(tail: 2, in: span(nil, 4))) == (["m3"], 8, true))
    #expect(try page(.init(offset: 3, in: span(9, nil))) == ([], 0, false))
  }

  @Test("What was said when the clock showed the last moment there is belongs to any time without an end")
  func lastMoment() throws {
    household.clock.now = .latest
    let id = try service.send("Hello", .reply("Well.")).conversationID
    #expect(try service.history(of: nil, .init(in: span(1, nil))).messages.map(\.content) == ["Hello", "Well."])
    #expect(try service.conversations(in: span(1, nil)).map(\.id) == [id])
    #expect(try exported(span(1, nil)).last == "1 2")
  }

  @Test("Superseded replies of that time come only if all are wanted")
  func superseded() throws {
    household.clock.now = at(1)
    try service.send("Hello", .stream([.text("Bro")], then: .lost))
    _ = try send(nil, at: 2)
    #expect(try service.history(of: nil, .init(in: span(1, 2))).messages.map(\.status) == [.complete])
    #expect(
      try service.history(of: nil, .init(all: true, in: span(1, 2))).messages.map(\.status) == [.complete, .superseded])
    #expect(try service.history(of: nil, .init(in: span(2, 3))).messages.map(\.content) == ["Well."])
  }

  @Test("An export of a stretch of time has the messages of that time with all their replies, and can be imported")
  func export() throws {
    let first = try send("A", at: 0)
    household.clock.now = at(1)
    try service.send("B", .stream([.text("Bro")], then: .lost))
    // The reply that counts came later.
    _ = try send(nil, at: 3)
    _ = try send("C", at: 4)
    _ = try send("Other", at: 6, to: .to(.new))
    #expect(try exported(span(1, 2)) == ["A 2", "user 3", "assistant 4", "assistant 4", "1 3"])
    #expect(try exported(span(3, nil)) == ["A 2", "user 5", "assistant 6", "Other 2", "user 1", "assistant 2", "2 4"])
    #expect(try exported(span(9, nil)) == ["0 0"])
    #expect(try exported(span(4, 5), conversation: first.rawValue) == ["A 2", "user 5", "assistant 6", "1 2"])
    #expect(try exported(.always).last == "2 9")

    // The later part first, then all: nothing is lost, nothing comes twice.
    let elsewhere = try Household()
    let other = try elsewhere.service("ben")
    #expect(try other.add(archive(span(4, nil))).addedMessages == 4)
    let summary = try other.add(archive(.always))
    #expect(summary.addedMessages == 5 && summary.updatedConversations == 1 && summary.skippedConversations == 1)
    #expect(try other.add(archive(span(1, 5))).addedMessages == 0)
    #expect(
      try other.history(of: first.rawValue, .init(all: true)).messages.map(\.content)
        == ["A", "Well.", "B", "Bro", "Well.", "C", "Well."])
    #expect(try other.history(of: first.rawValue).total == 6)
  }

  private func archive(_ span: TimeSpan) throws -> ArchiveFile {
    var writer = ArchiveWriter(.lines)
    var bytes: [UInt8] = []
    try service.export(conversation: nil, legacy: "Rose", in: span) { writer.add($0, to: &bytes) }
    return try ArchiveFile(bytes: bytes)
  }
}
