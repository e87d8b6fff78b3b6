/// Which messages may be found.
package struct SearchScope: Sendable {
  var legacyID: LegacyID?
  var personaID: String?
  var conversationID: ConversationID?
  var author: Message.Author?
  var time = TimeSpan.always
}

/// A message that was found.
struct FoundMessage: Equatable {
  let number: Int
  /// Higher is better.
  let score: Double
  /// In seconds since 1970.
  let time: Int
}

/// What a search found.
struct FoundMessages {
  /// Best first, newer first among equals.
  var messages: [FoundMessage] = []
  /// Whether older messages were left out, since too many were found.
  var isLimited = false
}

extension StoreTransaction {
  /// The user's messages with all clauses, or with any of them, superseded and arriving replies left out.
  ///
  /// - Parameter limit: how many messages are enough; the rest of the block with the last one is still searched
  func search(
    _ clauses: [SearchQuery.Clause], isAnyEnough: Bool, of user: User, _ scope: SearchScope, limit: Int
  ) throws -> FoundMessages {
    guard !clauses.isEmpty else { return FoundMessages() }
    var search = try MessageSearch(clauses, isAnyEnough: isAnyEnough, of: user, scope, self)
    guard !search.conversations.isEmpty else { return FoundMessages() }
    try search.searchNewest(self)
    for block in search.blocks where block.messages > 0 {
      guard search.found.messages.count < limit else { break }
      try search.search(block, self)
    }
    search.found.isLimited = search.found.messages.count >= limit
    search.found.messages = search.best()
    return search.found
  }

  /// The user's messages that fit a query best, from all conversations about a legacy, the best first.
  ///
  /// - Parameters:
  ///   - counted: how many messages these conversations have, as `messageCount(of:about:)` gives it
  ///   - postings: how many occurrences of words are looked at: those of the rarest words, as far as that goes
  ///   - limit: how many messages at most
  func messagesToRecall(
    _ query: RecallQuery, of user: User, about legacyID: LegacyID, counted: Int, postings: Int, limit: Int
  ) throws -> [FoundMessage] {
    guard !query.terms.isEmpty else { return [] }
    var scope = SearchScope()
    scope.legacyID = legacyID
    let isLarge = try connection.integer("SELECT max(id) FROM search_words") ?? 0 > StoreTransaction.fewWords
    let clauses = query.terms.map { term -> SearchQuery.Clause in
      // Looking into each of very many words takes too long; beginnings are found by the index.
      if isLarge, case .part(let part, _) = term.clause { .prefix(part) } else { term.clause }
    }
    var limits = MessageSearch.Limits(postings: postings, isBroadAllowed: !isLarge)
    limits.secondary = Set(query.terms.indices.filter { query.terms[$0].isSecondary })
    var search = try MessageSearch(clauses, isAnyEnough: true, rarest: limits, of: user, scope, self)
    search.tally = RecallTally(columns: search.termNumbers.count)
    search.hasTimes = false
    // If an import or an update has left many, only the newest of those that are not indexed.
    try search.searchNewest(self, atMost: StoreTransaction.smallBlock * 8)
    for block in search.blocks where block.messages > 0 {
      guard search.looked < postings else { break }
      try search.search(block, self)
    }
    let total = counted * max(1, search.conversations.count / StoreTransaction.countedConversations)
    return search.tally?.best(
      search.termNumbers.map { query.terms[$0] }, total: total, averageLength: search.averageLength, limit: limit) ?? []
  }

  /// At most this many different words are looked at one by one.
  private static let fewWords = 20_000

  /// The message with that number.
  func message(number: Int) throws -> Message? {
    try connection.row(
      "SELECT \(messageColumns) FROM ai_messages m WHERE \(dialect.messageNumber("m")) = ?1", [.integer(number)],
      StoreTransaction.message)
  }
}

/// One search while it goes on, from the newest messages to the oldest.
private struct MessageSearch {
  /// One word of a clause.
  private struct Term {
    let clause: SearchQuery.Clause
    /// The numbers of the words that match, of those that are indexed.
    let words: [Int]
    /// How many messages have them.
    let count: Int
    let weight: Double

    /// Whether it has enough words to make reading whole blocks faster than looking for each.
    var isBroad: Bool { words.count > 64 }
  }

  /// A clause, and its words.
  private struct Goal {
    let clause: SearchQuery.Clause
    let terms: [Term]

    var weight: Double { terms.reduce(0) { $0 + $1.weight } }
    /// How many occurrences its words have.
    var postings: Int { terms.reduce(0) { $0 + $1.count } }
    var wordCount: Int { terms.reduce(0) { $0 + $1.words.count } }
    var isBroad: Bool { terms.contains(where: \.isBroad) }
    var isPhrase: Bool { terms.count > 1 }
  }

  struct Block {
    let start: Int
    let span: Int
    let messages: Int
  }

  private let goals: [Goal]
  /// Of each goal: its words among all that are counted, and its weight.
  private let columns: [Range<Int>]
  private let weights: [Double]
  private let isAnyEnough: Bool
  private let scope: SearchScope
  /// How many words a message has.
  let averageLength: Double
  /// Which of the clauses are looked for, by their numbers.
  let termNumbers: [Int]
  private let lastIndexed: Int
  /// The numbers of the conversations to search.
  let conversations: Set<Int>
  /// The newest first.
  let blocks: [Block]
  var found = FoundMessages()
  /// Takes what is found, if it is weighed only at the end.
  var tally: RecallTally?
  /// Whether the times of messages matter, which take time to read.
  var hasTimes = true
  /// How many occurrences of words were looked at.
  private(set) var looked = 0
  private var counts: BlockCounts

  /// Which clauses are looked for, if not all: the rarest, as far as these go. The rarest one of all always is.
  struct Limits {
    /// How many occurrences they have.
    var postings: Int
    /// Whether a clause may have enough words for whole blocks to be read.
    let isBroadAllowed: Bool
    /// How many words are looked up, in how many blocks.
    var lookups = 1500
    /// The numbers of those that come after the others, however rare they are.
    var secondary: Set<Int> = []
  }

  /// - Parameter rarest: which of the clauses count; all of them if nil
  init(
    _ clauses: [SearchQuery.Clause], isAnyEnough: Bool, rarest limits: Limits? = nil, of user: User,
    _ scope: SearchScope, _ transaction: StoreTransaction
  ) throws {
    self.isAnyEnough = isAnyEnough
    self.scope = scope
    conversations = try MessageSearch.conversations(of: user, scope, transaction)
    let blocks = try transaction.connection.rows(
      "SELECT start, span, messages, words FROM search_blocks ORDER BY start DESC", []
    ) {
      (
        block: Block(start: try $0.integer(), span: try $0.integer(), messages: try $0.integer()),
        words: try $0.integer()
      )
    }
    self.blocks = blocks.map(\.block)
    lastIndexed = blocks.first.map { $0.block.start + $0.block.span - 1 } ?? 0
    let total = blocks.reduce(0) { $0 + $1.block.messages }
    averageLength = total > 0 ? Double(blocks.reduce(0) { $0 + $1.words }) / Double(total) : 30
    let all = try clauses.map { clause in
      Goal(clause: clause, terms: try clause.words.map { try MessageSearch.term($0, total: total, transaction) })
    }
    termNumbers = limits.map { MessageSearch.rarest(all, $0, blocks: blocks.count) } ?? Array(all.indices)
    let goals = termNumbers.map { all[$0] }
    self.goals = goals
    var columns: [Range<Int>] = []
    for goal in goals {
      let start = columns.last?.upperBound ?? 0
      columns.append(start..<start + goal.terms.count)
    }
    self.columns = columns
    self.weights = goals.map(\.weight)
    counts = BlockCounts(columns: columns.last?.upperBound ?? 0)
  }

  private static func rarest(_ goals: [Goal], _ limits: Limits, blocks: Int) -> [Int] {
    var left = limits
    func rank(_ number: Int) -> (Int, Int, Int) {
      (limits.secondary.contains(number) ? 1 : 0, goals[number].postings, number)
    }
    return goals.indices.filter { limits.isBroadAllowed || !goals[$0].isBroad }.sorted { rank($0) < rank($1) }
      .enumerated().filter { index, number in
        let (postings, lookups) = (goals[number].postings, goals[number].wordCount * blocks)
        guard index == 0 || postings <= left.postings && lookups <= left.lookups else { return false }
        left.postings -= postings
        left.lookups -= lookups
        return true
      }.map(\.element)
  }

  /// What was found, the best first.
  func best() -> [FoundMessage] {
    found.messages.sorted { ($0.score, $0.time, $0.number) > ($1.score, $1.time, $1.number) }
  }

  private static func conversations(
    of user: User, _ scope: SearchScope, _ transaction: StoreTransaction
  ) throws -> Set<Int> {
    var sql = "SELECT \(transaction.dialect.conversationNumber("c")) FROM ai_conversations c WHERE c.user_id = ?1"
    var arguments = [SQLValue(user.id)]
    for (column, value) in [
      ("c.legacy_id", scope.legacyID.map { SQLValue($0) }),
      ("lower(c.persona_id)", scope.personaID.map { .text(Persona.key($0)) }),
      ("c.id", scope.conversationID.map { SQLValue($0) }),
    ] {
      guard let value else { continue }
      arguments.append(value)
      sql += " AND \(column) = ?\(arguments.count)"
    }
    return Set(try transaction.connection.rows(sql, arguments) { try $0.integer() })
  }

  /// Looks up the words that a clause means.
  private static func term(
    _ clause: SearchQuery.Clause, total: Int, _ transaction: StoreTransaction
  ) throws -> Term {
    func hasStem(_ stems: [String], from number: Int) -> String {
      "stem IN (\(stems.indices.map { "?\($0 + number)" }.joined(separator: ", ")))"
    }
    let (condition, arguments): (String, [SQLValue]) =
      switch clause {
      case .stems(let stems): (hasStem(stems, from: 1), stems.map(SQLValue.text))
      case .prefix(let prefix): ("word >= ?1 AND word < ?2", [.text(prefix), .text(prefix + "\u{10ffff}")])
      case .part(let part, let stems):
        (
          transaction.dialect.contains("word", "?1") + (stems.isEmpty ? "" : " OR \(hasStem(stems, from: 2))"),
          ([part] + stems).map(SQLValue.text)
        )
      case .phrase: ("1 = 0", [])
      }
    let words = try transaction.connection.rows(
      "SELECT id, messages FROM search_words WHERE \(condition)", arguments
    ) { (id: try $0.integer(), messages: try $0.integer()) }
    let count = min(total, words.reduce(0) { $0 + $1.messages })
    return Term(
      clause: clause, words: words.map(\.id).sorted(), count: count,
      weight: Relevance.weight(count: count, total: total))
  }

  /// Whether a message is one of those to search.
  ///
  /// - Parameter createdAt: gives when it was created, to the millisecond
  private func isInScope(_ entry: SearchDocuments.Entry, createdAt: () throws -> Timestamp?) rethrows -> Bool {
    guard conversations.contains(entry.conversation) else { return false }
    if let author = scope.author, entry.isReply != (author == .assistant) { return false }
    guard scope.time != .always else { return true }
    let (start, end) = (scope.time.start?.milliseconds ?? .min, scope.time.end?.milliseconds ?? .max)
    let (first, last) = (Int64(entry.time) * 1000, Int64(entry.time) * 1000 + 999)
    // Seconds at either end, and times that do not fit into an entry, take a closer look.
    let isInside = entry.time > 0 && entry.time < UInt32.max && start <= first && last < end
    let isOutside = entry.time > 0 && last < start || entry.time < UInt32.max && first >= end
    guard !isInside, !isOutside, let time = try createdAt() else { return isInside }
    return start <= time.milliseconds && time.milliseconds < end
  }

  // MARK: Messages that are not indexed

  /// Searches the messages after the last block.
  ///
  /// - Parameter limit: only the newest of them
  mutating func searchNewest(_ transaction: StoreTransaction, atMost limit: Int? = nil) throws {
    let last = try lastIndexed + transaction.unindexedCount()
    let first = limit.map { max(lastIndexed, last - $0) } ?? lastIndexed
    let number = transaction.dialect.messageNumber("m")
    var matcher = WordMatcher(goals.map(\.clause))
    var bytesLeft = limit == nil ? Int.max : MessageSearch.recalledText
    // The messages first, by their numbers.
    let sql =
      """
      SELECT \(number), \(transaction.dialect.conversationNumber("c")), m.role, m.created_at,
        \(transaction.dialect.bytesOfText("m.content"))
      FROM ai_messages m \(transaction.dialect.joinInOrder) ai_conversations c ON c.id = m.conversation_id
      WHERE \(number) > ?1 AND m.status NOT IN ('superseded', 'streaming') ORDER BY \(number) DESC
      """
    do {
      try transaction.connection.forEachRow(sql, [.integer(first)]) { row in
        let (number, conversation) = (try row.integer(), try row.integer())
        guard conversations.contains(conversation) else { return }
        let (author, time): (Message.Author, Timestamp) = (try row.word(), try row.time())
        let content = try row.textOfBytes()
        bytesLeft -= content.utf8.count
        guard bytesLeft > 0 else { throw EnoughText() }
        let words = SearchWord.all(in: content)
        let entry = SearchDocuments.Entry(
          conversation: conversation, createdAt: time, isReply: author == .assistant, length: words.count)
        guard isInScope(entry, createdAt: { time }) else { return }
        add(number, entry, matcher.counts(in: words))
      }
    } catch is EnoughText {
      // What is older is found once it is indexed.
    }
  }

  /// How much text that is not indexed is read for recall, in bytes: reading more takes longer than anybody would wait.
  private static let recalledText = 400_000

  private struct EnoughText: Error {}

  /// Takes a message if it has what is searched for.
  ///
  /// - Parameter counts: how often it has each clause
  private mutating func add(_ number: Int, _ entry: SearchDocuments.Entry, _ counts: [Int]) {
    guard isAnyEnough ? counts.contains(where: { $0 > 0 }) : counts.allSatisfy({ $0 > 0 }) else { return }
    guard tally == nil else {
      tally?.add(number, length: entry.length, counts)
      return
    }
    var score = 0.0
    for index in counts.indices where counts[index] > 0 {
      score += Relevance.score(
        weight: weights[index], count: counts[index], length: entry.length, average: averageLength)
    }
    found.messages.append(FoundMessage(number: number, score: score, time: entry.time))
  }

  // MARK: Blocks

  /// Searches one block.
  mutating func search(_ block: Block, _ transaction: StoreTransaction) throws {
    let isScanned = isAnyEnough ? goals.contains(where: \.isBroad) : goals.allSatisfy(\.isBroad)
    // In a block that is not read as a whole, broad clauses are looked for in the texts that the others have found.
    let counted = goals.map { !$0.isBroad || isScanned }
    counts.begin(span: block.span)
    var column = 0
    for (goal, isCounted) in zip(goals, counted) {
      for term in goal.terms {
        defer { column += 1 }
        guard isCounted else { continue }
        let hasAny = try count(term, column, in: block, transaction)
        if !hasAny, !isAnyEnough { return }
      }
    }
    guard !counts.places.isEmpty, let documents = try documents(of: block, transaction) else { return }
    let isTextNeeded = zip(goals, counted).contains { $0.isPhrase || !$1 }
    var occurrences = Array(repeating: 0, count: goals.count)
    for (row, place) in counts.places.enumerated() where place < documents.count {
      for index in columns.indices {
        // Of a phrase as often as its rarest word, at most.
        occurrences[index] = counted[index] ? counts.least(row, columns[index]) : 1
      }
      guard isAnyEnough ? occurrences.contains(where: { $0 > 0 }) : occurrences.allSatisfy({ $0 > 0 }) else { continue }
      let entry = documents[place]
      let isInScope = try isInScope(entry) { try transaction.message(number: block.start + place)?.createdAt }
      guard isInScope else { continue }
      if isTextNeeded {
        let words = SearchWord.all(in: try content(number: block.start + place, transaction) ?? "")
        for (index, goal) in goals.enumerated() where goal.isPhrase && occurrences[index] > 0 || !counted[index] {
          occurrences[index] = goal.clause.matches(in: words).count
        }
      }
      add(block.start + place, entry, occurrences)
    }
  }

  private func documents(of block: Block, _ transaction: StoreTransaction) throws -> SearchDocuments? {
    let columns = hasTimes ? "entries, times" : "entries"
    return try transaction.connection.row(
      "SELECT \(columns) FROM search_blocks WHERE start = ?1", [.integer(block.start)]
    ) { SearchDocuments(bytes: try $0.bytes(), times: hasTimes ? try $0.bytes() : []) }
  }

  private func content(number: Int, _ transaction: StoreTransaction) throws -> String? {
    let column = transaction.dialect.messageNumber("m")
    return try transaction.connection.row(
      "SELECT \(transaction.dialect.bytesOfText("m.content")) FROM ai_messages m WHERE \(column) = ?1",
      [.integer(number)]
    ) { try $0.textOfBytes() }
  }

  /// Counts how often each message of a block has a word.
  ///
  /// - Returns: whether any has it
  private mutating func count(
    _ term: Term, _ column: Int, in block: Block, _ transaction: StoreTransaction
  ) throws -> Bool {
    var hasAny = false
    func add(_ row: inout SQLRow) throws {
      hasAny = true
      Postings.forEach(in: try row.bytes()) {
        counts.add($1, at: $0, column)
        looked += 1
      }
    }
    if term.isBroad {
      let words = Set(term.words)
      try transaction.connection.forEachRow(
        "SELECT word, postings FROM search_postings WHERE block = ?1", [.integer(block.start)]
      ) { row in
        if words.contains(try row.integer()) { try add(&row) }
      }
    } else {
      for word in term.words {
        try transaction.connection.forEachRow(
          "SELECT postings FROM search_postings WHERE block = ?1 AND word = ?2",
          [.integer(block.start), .integer(word)], add)
      }
    }
    return hasAny
  }
}

/// Counts clauses in many texts, and finds out only once which of them a word matches.
private struct WordMatcher {
  private let clauses: [SearchQuery.Clause]
  /// The numbers of the clauses that are met by words with a stem.
  private var byStem: [String: [Int]] = [:]
  /// The numbers of those that are met by other words, and of those that take more than one.
  private let (others, phrases): ([Int], [Int])
  /// Which of them a word is known to match.
  private var known: [String: [Int]] = [:]

  init(_ clauses: [SearchQuery.Clause]) {
    self.clauses = clauses
    var (others, phrases): ([Int], [Int]) = ([], [])
    for (number, clause) in clauses.enumerated() {
      switch clause {
      case .stems(let stems): for stem in Set(stems) { byStem[stem, default: []].append(number) }
      case .prefix, .part: others.append(number)
      case .phrase: phrases.append(number)
      }
    }
    (self.others, self.phrases) = (others, phrases)
  }

  /// How often a text has each of the clauses.
  mutating func counts(in words: [SearchWord]) -> [Int] {
    var counts = Array(repeating: 0, count: clauses.count)
    for word in words { for number in matches(word) { counts[number] += 1 } }
    for number in phrases { counts[number] = clauses[number].matches(in: words).count }
    return counts
  }

  private mutating func matches(_ word: SearchWord) -> [Int] {
    if let matches = known[word.folded] { return matches }
    let matches = (byStem[word.stem] ?? []) + others.filter { clauses[$0].matches(word) }
    known[word.folded] = matches
    return matches
  }
}

/// Which messages have which words, to be weighed once it is known how many have each.
///
/// How rare a word is within what one person has said about one legacy says more than how rare it is in the database.
struct RecallTally {
  private var messages: [(number: Int, length: Int)] = []
  /// Of each message, one count for each term.
  private var counts: [Int32] = []
  /// How many messages have each term.
  private var found: [Int]

  /// - Parameter columns: how many terms there are
  init(columns: Int) { found = Array(repeating: 0, count: columns) }

  mutating func add(_ number: Int, length: Int, _ occurrences: [Int]) {
    messages.append((number, length))
    for (column, count) in occurrences.enumerated() {
      counts.append(Int32(truncatingIfNeeded: count))
      if count > 0 { found[column] += 1 }
    }
  }

  /// The messages that fit best, the best first.
  func best(_ terms: [RecallQuery.Term], total: Int, averageLength: Double, limit: Int) -> [FoundMessage] {
    let weights = zip(terms, found).map { $0.weight(count: $1, total: max(total, $1)) }
    // Of thousands, a few are wanted: these are kept in order, rather than all put in order.
    var best: [FoundMessage] = []
    for (row, message) in messages.enumerated() {
      var score = 0.0
      for column in weights.indices {
        let count = Int(counts[row * weights.count + column])
        guard count > 0 else { continue }
        score += Relevance.score(weight: weights[column], count: count, length: message.length, average: averageLength)
      }
      func isBehind(_ other: FoundMessage) -> Bool { (score, message.number) < (other.score, other.number) }
      if best.count >= limit, best.last.map(isBehind) != false { continue }
      var (low, high) = (0, best.count)
      while low < high {
        let middle = (low + high) / 2
        if isBehind(best[middle]) { low = middle + 1 } else { high = middle }
      }
      best.insert(FoundMessage(number: message.number, score: score, time: 0), at: low)
      if best.count > limit { best.removeLast() }
    }
    return best
  }
}

/// How often messages of one block have each of the words that are searched for.
private struct BlockCounts {
  /// Of the messages that have any.
  private(set) var places: [Int] = []
  /// For each of these messages, a count for each column.
  private var counts: [Int32] = []
  /// For each place, the number of its message in `places`, from 1; 0 for none.
  private var rows: [Int32] = []
  private let columns: Int

  init(columns: Int) { self.columns = columns }

  /// Begins with another block.
  mutating func begin(span: Int) {
    for place in places { rows[place] = 0 }
    places.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
    if rows.count < span { rows = Array(repeating: 0, count: span) }
  }

  mutating func add(_ count: Int, at place: Int, _ column: Int) {
    guard place < rows.count else { return }
    if rows[place] == 0 {
      places.append(place)
      rows[place] = Int32(places.count)
      counts.append(contentsOf: repeatElement(0, count: columns))
    }
    counts[(Int(rows[place]) - 1) * columns + column] &+= Int32(truncatingIfNeeded: count)
  }

  /// The least count of a message in some columns.
  func least(_ row: Int, _ columns: Range<Int>) -> Int {
    var least = Int32.max
    for column in columns { least = min(least, counts[row * self.columns + column]) }
    return Int(least)
  }
}
