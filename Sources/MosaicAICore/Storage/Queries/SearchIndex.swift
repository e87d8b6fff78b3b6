/// The index that finds messages by their words.
///
/// Messages have numbers, which count up and are never used twice. A block of them is indexed once it is full: 256
/// messages, and 32 such blocks become one. The last messages, not yet a full block, are searched as they are. So a new
/// message costs nothing, and a message that is deleted is taken out of one block only: the rows that change are few,
/// and SQLite overwrites what was in them.
extension StoreTransaction {
  /// How many messages a block has: the small ones, and those that small ones are made into.
  static let (smallBlock, largeBlock) = (256, 8192)

  /// The number of the last message that is indexed; 0 if none is.
  func lastIndexedNumber() throws -> Int {
    try connection.integer(
      "SELECT start + span - 1 FROM search_blocks WHERE start = (SELECT max(start) FROM search_blocks)") ?? 0
  }

  /// How many messages, at most, are not indexed yet.
  func unindexedCount() throws -> Int {
    let last = try connection.integer("SELECT max(\(dialect.messageNumber("m"))) FROM ai_messages m") ?? 0
    return max(0, last - (try lastIndexedNumber()))
  }

  /// Indexes the next block of messages.
  ///
  /// - Returns: false if no block is full, or a reply in it is still arriving
  func indexNextBlock() throws -> Bool {
    let last = try lastIndexedNumber()
    let start = last + 1
    let available = try unindexedCount()
    let isLarge = last % StoreTransaction.largeBlock == 0 && available >= StoreTransaction.largeBlock
    let span = isLarge ? StoreTransaction.largeBlock : StoreTransaction.smallBlock
    guard available >= span, try !isReplyArriving(amongNumbers: start..<start + span) else { return false }
    var block = IndexedBlock(start: start, span: span)
    try connection.forEachRow(
      """
      SELECT \(dialect.messageNumber("m")), \(dialect.conversationNumber("c")), m.role, m.created_at,
        \(dialect.bytesOfText("m.content"))
      FROM ai_messages m JOIN ai_conversations c ON c.id = m.conversation_id
      WHERE \(dialect.messageNumber("m")) BETWEEN ?1 AND ?2 AND m.status <> 'superseded'
      ORDER BY \(dialect.messageNumber("m"))
      """, [.integer(start), .integer(start + span - 1)]
    ) { row in
      let (number, conversation) = (try row.integer(), try row.integer())
      let (author, time): (Message.Author, Timestamp) = (try row.word(), try row.time())
      let words = SearchWord.all(in: try row.textOfBytes())
      block.documents[number - start] = SearchDocuments.Entry(
        conversation: conversation, createdAt: time, isReply: author == .assistant, length: words.count)
      block.add(words, at: number - start)
    }
    let numbers = try noteWords(block.postings.mapValues(\.entries.count))
    try insert(block, postings: Dictionary(uniqueKeysWithValues: block.postings.map { (numbers[$0] ?? 0, $1) }))
    if span == StoreTransaction.smallBlock, (last + span) % StoreTransaction.largeBlock == 0 {
      try mergeSmallBlocks(from: last + span - StoreTransaction.largeBlock + 1)
    }
    return true
  }

  private func isReplyArriving(amongNumbers numbers: Range<Int>) throws -> Bool {
    try connection.rows("SELECT \(dialect.messageNumber("m")) FROM ai_messages m WHERE m.status = 'streaming'") {
      try $0.integer()
    }.contains(where: numbers.contains)
  }

  /// Adds to each word how many more messages have it.
  ///
  /// - Returns: the number of each word
  private func noteWords(_ counts: [String: Int]) throws -> [String: Int] {
    var numbers: [String: Int] = [:]
    let words = counts.sorted { $0.key < $1.key }
    try connection.forEachRow(
      "UPDATE search_words SET messages = messages + ?2 WHERE word = ?1 RETURNING id",
      each: words.map { [.text($0.key), .integer($0.value)] }
    ) { numbers[words[$0].key] = try $1.integer() }
    let newWords = words.filter { numbers[$0.key] == nil }
    try connection.forEachRow(
      "INSERT INTO search_words (word, stem, messages) VALUES (?1, ?2, ?3) RETURNING id",
      each: newWords.map { [.text($0.key), .text(EnglishStem.of($0.key)), .integer($0.value)] }
    ) { numbers[newWords[$0].key] = try $1.integer() }
    return numbers
  }

  private func insert(_ block: IndexedBlock, postings: [Int: Postings]) throws {
    try connection.forEachRow(
      "INSERT INTO search_postings (block, word, postings) VALUES (?1, ?2, ?3)",
      each: postings.sorted { $0.key < $1.key }.map {
        [.integer(block.start), .integer($0.key), .bytes($0.value.bytes)]
      }
    ) { _, _ in }
    let messages = block.documents.messages
    try connection.execute(
      "INSERT INTO search_blocks (start, span, messages, words, entries, times) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      [
        .integer(block.start), .integer(block.span), .integer(messages.count),
        .integer(messages.reduce(0) { $0 + $1.length }), .bytes(block.documents.bytes),
        .bytes(block.documents.times),
      ])
  }

  /// Makes the small blocks from there on, which are complete, one large block.
  private func mergeSmallBlocks(from start: Int) throws {
    var block = IndexedBlock(start: start, span: StoreTransaction.largeBlock)
    let bounds: [SQLValue] = [.integer(start), .integer(start + block.span - 1)]
    for (offset, documents) in try connection.rows(
      "SELECT start, entries, times FROM search_blocks WHERE start BETWEEN ?1 AND ?2 ORDER BY start", bounds,
      { (try $0.integer() - start, SearchDocuments(bytes: try $0.bytes(), times: try $0.bytes())) })
    {
      if documents.count == StoreTransaction.smallBlock { block.documents.replace(from: offset, with: documents) }
    }
    var merged: [Int: Postings] = [:]
    try connection.forEachRow(
      "SELECT block, word, postings FROM search_postings WHERE block BETWEEN ?1 AND ?2 ORDER BY block", bounds
    ) { row in
      let (offset, word) = (try row.integer() - start, try row.integer())
      // Places beyond the block are in damaged ones only.
      let entries = Postings(bytes: try row.bytes()).entries.prefix { $0.place < StoreTransaction.smallBlock }
      merged[word, default: Postings()].entries += entries.map {
        Postings.Entry(place: $0.place + offset, count: $0.count)
      }
    }
    try connection.execute("DELETE FROM search_postings WHERE block BETWEEN ?1 AND ?2", bounds)
    try connection.execute("DELETE FROM search_blocks WHERE start BETWEEN ?1 AND ?2", bounds)
    try insert(block, postings: merged)
  }

  /// Takes messages out of the index. They must still be there as they were indexed.
  func removeFromIndex(messages ids: [MessageID]) throws {
    var numbers: [Int] = []
    for id in ids {
      numbers += try connection.rows(
        "SELECT \(dialect.messageNumber("m")) FROM ai_messages m WHERE m.id = ?1", [SQLValue(id)]
      ) { try $0.integer() }
    }
    try removeFromIndex(numbers: numbers)
  }

  /// Takes all messages of a conversation out of the index.
  func removeFromIndex(conversation id: ConversationID) throws {
    try removeFromIndex(
      numbers: connection.rows(
        "SELECT \(dialect.messageNumber("m")) FROM ai_messages m WHERE m.conversation_id = ?1", [SQLValue(id)]
      ) { try $0.integer() })
  }

  private func removeFromIndex(numbers: [Int]) throws {
    var rest = numbers.sorted()[...]
    while let first = rest.first, let block = try block(containing: first) {
      let count = rest.prefix { $0 <= block.end }.count
      try remove(Array(rest.prefix(count)), from: block)
      rest = rest.dropFirst(count)
    }
  }

  private struct BlockPlace {
    let start: Int
    let end: Int
  }

  /// The block that has the message with that number; nil if it is not indexed.
  private func block(containing number: Int) throws -> BlockPlace? {
    try connection.row(
      "SELECT start, start + span - 1 FROM search_blocks WHERE start <= ?1 ORDER BY start DESC LIMIT 1",
      [.integer(number)]
    ) { BlockPlace(start: try $0.integer(), end: try $0.integer()) }.flatMap { number <= $0.end ? $0 : nil }
  }

  private func remove(_ numbers: [Int], from block: BlockPlace) throws {
    guard
      var documents = try connection.row(
        "SELECT entries, times FROM search_blocks WHERE start = ?1", [.integer(block.start)],
        { SearchDocuments(bytes: try $0.bytes(), times: try $0.bytes()) })
    else { return }
    let indexed = numbers.filter {
      $0 - block.start < documents.count && documents[$0 - block.start].conversation > 0
    }
    guard !indexed.isEmpty else { return }
    var places: [String: Set<Int>] = [:]
    for number in indexed {
      let content = try connection.row(
        "SELECT \(dialect.bytesOfText("m.content")) FROM ai_messages m WHERE \(dialect.messageNumber("m")) = ?1",
        [.integer(number)]
      ) { try $0.textOfBytes() }
      for word in SearchWord.all(in: content ?? "") { places[word.folded, default: []].insert(number - block.start) }
      documents[number - block.start] = SearchDocuments.Entry()
    }
    for (word, places) in places.sorted(by: { $0.key < $1.key }) { try remove(word, at: places, from: block) }
    let left = documents.messages
    try connection.execute(
      "UPDATE search_blocks SET messages = ?1, words = ?2, entries = ?3, times = ?4 WHERE start = ?5",
      [
        .integer(left.count), .integer(left.reduce(0) { $0 + $1.length }), .bytes(documents.bytes),
        .bytes(documents.times), .integer(block.start),
      ])
  }

  /// Takes a word of some messages out of a block. A word that no message has any more is forgotten.
  private func remove(_ word: String, at places: Set<Int>, from block: BlockPlace) throws {
    let found = try connection.row(
      """
      SELECT w.id, p.postings FROM search_words w JOIN search_postings p ON p.word = w.id AND p.block = ?1
      WHERE w.word = ?2
      """, [.integer(block.start), .text(word)]
    ) { (id: try $0.integer(), postings: Postings(bytes: try $0.bytes())) }
    guard let found else { return }
    let left = Postings(found.postings.entries.filter { !places.contains($0.place) })
    if left.entries.isEmpty {
      try connection.execute(
        "DELETE FROM search_postings WHERE block = ?1 AND word = ?2", [.integer(block.start), .integer(found.id)])
    } else {
      try connection.execute(
        "UPDATE search_postings SET postings = ?1 WHERE block = ?2 AND word = ?3",
        [.bytes(left.bytes), .integer(block.start), .integer(found.id)])
    }
    let removed = found.postings.entries.count - left.entries.count
    try connection.execute(
      "DELETE FROM search_words WHERE id = ?1 AND messages <= ?2", [.integer(found.id), .integer(removed)])
    try connection.execute(
      "UPDATE search_words SET messages = messages - ?2 WHERE id = ?1", [.integer(found.id), .integer(removed)])
  }
}

/// A block while it is made.
private struct IndexedBlock {
  let start: Int
  let span: Int
  var documents: SearchDocuments
  /// Of each word.
  private(set) var postings: [String: Postings] = [:]

  init(start: Int, span: Int) {
    self.start = start
    self.span = span
    documents = SearchDocuments(count: span)
  }

  mutating func add(_ words: [SearchWord], at place: Int) {
    for word in words {
      postings[word.folded, default: Postings()].count(place)
    }
  }
}
