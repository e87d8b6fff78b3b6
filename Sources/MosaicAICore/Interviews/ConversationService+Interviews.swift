/// Interviews: their questions and legacies, and what was asked before.
extension ConversationService {
  /// Resolves what an interview is about, and checks all of it. Nothing is stored.
  ///
  /// - Throws: `Failure` with code `usage`, `not_found`, `ambiguous` or `forbidden`, with file and line if a question
  ///   says so; `invalid_input` for a question that becomes too long with a legacy's name in it, or that was asked
  ///   before with other words; as `Store.read`
  package func interview(
    _ file: QuestionFile, _ choices: Interview.Choices, personas: PersonaCatalog
  ) throws -> Interview {
    let name = try Rules.conversationName(choices.name)
    let persona = try personas.persona(id: choices.personaID)
    return try find { transaction, user in
      let interview = Interview(
        name: name, file: file, lanes: try lanes(name, file, choices, personas, for: user, transaction),
        persona: persona, personas: personas, model: choices.model)
      try check(interview, for: user, transaction)
      return interview
    }
  }

  /// Calls `body` with each question of an interview, legacy after legacy, and whether it has its answer already.
  ///
  /// - Throws: as `Store.read`; what `body` throws
  package func forEachQuestion(
    of interview: Interview, _ body: (InterviewQuestion, _ isAnswered: Bool) throws -> Void
  ) throws {
    try read { transaction, user in
      for lane in interview.lanes {
        var conversations: [String: ConversationID] = [:]
        for conversation in try user.map({
          try transaction.conversations(of: $0, named: interview.name, about: lane.legacy.id)
        }) ?? [] where conversations[Persona.key(conversation.personaID)] == nil {
          conversations[Persona.key(conversation.personaID)] = conversation.id
        }
        try interview.forEachQuestion(of: lane) { question, index in
          let key = interview.key(of: question, about: lane.legacy)
          let asked = try self.asked(key, under: lane.names, for: user, transaction)
          var shown = try interview.shown(question, in: lane, index: index)
          shown.conversationID =
            try asked?.question.conversationID ?? conversations[Persona.key(interview.persona(of: question).id)]
          if let asked { shown.text = asked.content }
          try body(shown, asked?.replyStatus == .complete)
        }
      }
    }
  }

  /// The message with the key of a question, as it was asked, and its reply if that is complete; nil if it was not
  /// asked.
  ///
  /// - Throws: as `Store.read`
  func asked(
    _ question: FileQuestion, of lane: Interview.Lane, in interview: Interview
  ) throws -> (text: String, conversationID: ConversationID, reply: StoredReply?)? {
    try find { transaction, user in
      let key = interview.key(of: question, about: lane.legacy)
      guard let user, let asked = try self.asked(key, under: lane.names, for: user, transaction) else { return nil }
      let reply = try storedReply(to: asked, of: user, interview.personas, transaction)
      return (asked.content, asked.question.conversationID, reply)
    }
  }

  private func lanes(
    _ name: String, _ file: QuestionFile, _ choices: Interview.Choices, _ personas: PersonaCatalog, for user: User?,
    _ transaction: StoreTransaction
  ) throws -> [Interview.Lane] {
    let forAll = file.questions.indices.filter { file.questions[$0].legacy == nil }
    let chosenLegacies = try legacies(choices.legacies, for: user, isNeeded: !forAll.isEmpty, transaction)
    var legacies = forAll.isEmpty ? [] : chosenLegacies
    let chosen = Set(legacies.map(\.id))
    var known = chosen
    /// The places of the questions that are about one legacy alone.
    var own: [LegacyID: [Int]] = [:]
    var named = NamedLegacies(try user.map(transaction.legacies) ?? [])
    for (place, question) in file.questions.enumerated() {
      do {
        if let id = question.persona { _ = try personas.persona(id: id) }
        guard let reference = question.legacy else { continue }
        let legacy = try named.legacy(reference) { try resolveLegacy($0, for: user, transaction) }
        own[legacy.id, default: []].append(place)
        if known.insert(legacy.id).inserted { legacies.append(legacy) }
      } catch {
        throw file.failure(.from(error), about: question)
      }
    }
    return try legacies.map { legacy in
      let all = chosen.contains(legacy.id) ? forAll : []
      let names = try self.names(ofInterview: name, about: legacy.id, for: user, transaction)
      guard let places = own[legacy.id] else {
        return Interview.Lane(
          legacy: legacy, names: names, places: all.count < file.questions.count ? all : nil, total: all.count)
      }
      try checkOnce(places, file)
      let both = (all + places).sorted()
      return Interview.Lane(legacy: legacy, names: names, places: both, total: both.count)
    }
  }

  /// - Parameter isNeeded: whether any question is about them
  private func legacies(
    _ choice: Interview.Choices.Legacies, for user: User?, isNeeded: Bool, _ transaction: StoreTransaction
  ) throws -> [Legacy] {
    switch choice {
    case .these(let references):
      var legacies: [Legacy] = []
      for reference in references {
        let legacy = try resolveLegacy(reference, for: user, transaction)
        if !legacies.contains(where: { $0.id == legacy.id }) { legacies.append(legacy) }
      }
      return legacies
    case _ where !isNeeded: return []
    case .usual(let reference): return [try resolveLegacy(reference, for: user, transaction)]
    case .only: return [try onlyLegacy(user, transaction)]
    case .all:
      let all = try user.map(transaction.legacies)?.filter(\.role.mayChat) ?? []
      return try all.isEmpty ? [onlyLegacy(user, transaction)] : all
    }
  }

  /// - Throws: `Failure` with code `invalid_input` if a question comes twice: its legacy may be named in several ways
  private func checkOnce(_ places: [Int], _ file: QuestionFile) throws {
    var lines: [String: Int] = [:]
    for place in places {
      let question = file.questions[place]
      if let line = lines.updateValue(question.line, forKey: question.id) {
        throw file.failure("the same question about the same legacy is in line \(line) already", about: question)
      }
    }
  }

  /// - Throws: `Failure` with code `invalid_input` for a question that cannot be asked, or has changed since it was
  private func check(_ interview: Interview, for user: User?, _ transaction: StoreTransaction) throws {
    for lane in interview.lanes {
      try interview.forEachQuestion(of: lane) { question, _ in
        do {
          _ = try question.text(about: lane.legacy.name)
        } catch {
          throw interview.file.failure(.from(error), about: question)
        }
        let key = interview.key(of: question, about: lane.legacy)
        if let asked = try self.asked(key, under: lane.names, for: user, transaction),
          !question.template.isAsked(by: asked.content)
        {
          throw interview.file.failure(
            Failure(
              .invalidInput,
              "the question \"\(visible(question.id, limit: 40))\" was asked in other words in this interview",
              advice: "nothing was sent; give the new words an id of their own"), about: question)
        }
      }
    }
  }
}

extension Interview {
  /// A question as it is asked about the legacy of a lane.
  func shown(_ question: FileQuestion, in lane: Lane, index: Int) throws -> InterviewQuestion {
    InterviewQuestion(
      id: question.id, legacyID: lane.legacy.id, legacyName: lane.legacy.name, conversationID: nil,
      text: try question.text(about: lane.legacy.name), index: index, total: lane.total)
  }
}

/// Legacies as a file names them, each looked for once.
private struct NamedLegacies {
  private var found: [String: Legacy] = [:]

  /// - Parameter legacies: the user's
  init(_ legacies: [Legacy]) {
    let mine = legacies.filter(\.role.mayChat)
    for (name, alike) in Dictionary(grouping: mine, by: \.name) where alike.count == 1 { found[name] = alike[0] }
    for legacy in mine where found[legacy.id.rawValue] == nil { found[legacy.id.rawValue] = legacy }
  }

  mutating func legacy(_ reference: String, _ resolve: (String) throws -> Legacy) rethrows -> Legacy {
    if let legacy = found[reference] { return legacy }
    let legacy = try resolve(reference)
    found[reference] = legacy
    return legacy
  }
}
