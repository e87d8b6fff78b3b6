import Synchronization

/// One run of an interview: asks what has no answer yet, several legacies at a time, each question of a conversation
/// after the one before it.
package final class InterviewRun: Sendable {
  /// How an interview is run.
  package struct Options: Sendable {
    /// How many questions are asked at once.
    package var jobs: Int
    /// How many tokens the run may take; no further question is begun once they are spent.
    package var budget: Int?

    package init(jobs: Int, budget: Int?) {
      self.jobs = jobs
      self.budget = budget
    }
  }

  private struct State {
    /// The lane that is taken next.
    var nextLane = 0
    var summary: InterviewSummary
    /// Why no further question is begun; those under way go on, and what was answered before is still shown.
    var halt: Failure?
    /// Why everything ends: the run was canceled, or its output cannot be written.
    var end: Failure?
    /// The first failure, and the first that may be tried again.
    var first: Failure?
    var firstRetryable: Failure?
  }

  private let interview: Interview
  private let service: ConversationService
  private let options: Options
  private let limiter: RequestLimiter
  private let receiver: any InterviewReceiver
  private let cancellation: CancellationSource
  private let model: @Sendable (any RequestPace) throws -> any LanguageModel
  private let state: Mutex<State>

  /// - Parameters:
  ///   - limiter: of all jobs
  ///   - cancellation: ends the run early; the run requests it itself if the receiver fails
  ///   - model: makes the model of a job, which keeps to a pace; called after a message is stored
  package init(
    _ interview: Interview, _ service: ConversationService, _ options: Options, _ limiter: RequestLimiter,
    to receiver: any InterviewReceiver, _ cancellation: CancellationSource,
    model: @escaping @Sendable (any RequestPace) throws -> any LanguageModel
  ) {
    self.interview = interview
    self.service = service
    self.options = options
    self.limiter = limiter
    self.receiver = receiver
    self.cancellation = cancellation
    self.model = model
    state = Mutex(State(summary: InterviewSummary(questions: interview.count)))
  }

  /// Runs to the end.
  ///
  /// - Returns: how it ended, which the receiver gets last
  package func run() -> InterviewSummary {
    let began = ContinuousClock.now
    service.observe(cancellation.cancellation)
    let jobs = max(1, min(options.jobs, interview.lanes.count))
    tell(.began(interview.start(jobs: options.jobs)))
    var ends: [Handover<Bool>] = []
    for _ in 1..<jobs {
      let end = Handover<Bool>()
      let isStarted = detachThread { [self] in
        work()
        end.give(true)
      }
      // With fewer threads it takes longer.
      guard isStarted else { break }
      ends.append(end)
    }
    work()
    for end in ends { while end.wait(.seconds(3600)) == nil {} }
    var summary = state.withLock { state in
      state.summary.failure = InterviewRun.failure(state)
      return state.summary
    }
    summary.duration = began.duration(to: .now)
    do {
      try receiver.receive(.ended(summary))
    } catch {
      summary.failure = summary.failure?.signal == nil ? Failure.from(error) : summary.failure
    }
    return summary
  }

  /// Why not every question is answered; nil if every one is.
  private static func failure(_ state: State) -> Failure? {
    if let end = state.end { return end }
    guard state.summary.failed + state.summary.remaining > 0 else { return nil }
    let halt = state.halt?.code == .budget ? state.halt : nil
    return state.firstRetryable ?? halt ?? state.first ?? state.halt
  }

  /// Takes lane after lane until there are none.
  private func work() {
    let pace = JobPace(limiter)
    while true {
      let next = state.withLock { state -> Interview.Lane? in
        guard state.end == nil, interview.lanes.indices.contains(state.nextLane) else { return nil }
        defer { state.nextLane += 1 }
        return interview.lanes[state.nextLane]
      }
      guard let lane = next else { return }
      work(on: lane, pace)
      tell(.finished(lane.legacy.id))
    }
  }

  private func work(on lane: Interview.Lane, _ pace: JobPace) {
    /// The personas whose conversation ends here for this run.
    var ended: Set<String> = []
    do {
      try interview.forEachQuestion(of: lane) { question, index in
        try checkEnd()
        let persona = try interview.persona(of: question)
        var shown = try interview.shown(question, in: lane, index: index)
        let asked = try service.asked(question, of: lane, in: interview)
        if let asked {
          shown.text = asked.text
          shown.conversationID = asked.conversationID
          if let reply = asked.reply { return try replay(reply, shown) }
        }
        guard !ended.contains(persona.id), try isTurn(pace) else { return }
        defer { pace.giveBack() }
        if try !ask(question, shown, lane.legacy, persona, pace) { ended.insert(persona.id) }
      }
    } catch {
      end(.from(error))
    }
  }

  /// Waits until the next question may be begun. False if the run has ended.
  private func isTurn(_ pace: JobPace) throws -> Bool {
    func isGoingOn() -> Bool { state.withLock { $0.halt == nil && $0.end == nil } }
    guard isGoingOn(), try pace.reserve(cancellation.cancellation, while: isGoingOn) else { return false }
    guard isGoingOn() else {
      pace.giveBack()
      return false
    }
    return true
  }

  /// Asks a question, and tells how that ended.
  ///
  /// - Returns: whether the next question of the conversation can be asked
  /// - Throws: what ends the run
  private func ask(
    _ question: FileQuestion, _ shown: InterviewQuestion, _ legacy: Legacy, _ persona: Persona, _ pace: JobPace
  ) throws -> Bool {
    var shown = shown
    let collector = AnswerCollector(shown, to: receiver)
    let beginning: Beginning
    do {
      beginning = try begin(question, shown.text, legacy, persona)
    } catch {
      let failure = ReplyFailure.from(error)
      shown.conversationID = failure.conversationID ?? shown.conversationID
      return try failed(failure, shown, collector)
    }
    switch beginning {
    case .answered(let reply):
      // By another process, since it was looked for.
      shown.conversationID = reply.start.conversationID
      try replay(reply, shown)
    case .asked(let exchange):
      shown.conversationID = exchange.start.conversationID
      collector.question = shown
      do {
        try service.answer(exchange, to: collector, cancellation.cancellation) { try self.model(pace) }
      } catch {
        return try failed(ReplyFailure.from(error), shown, collector)
      }
      try answered(shown, collector, exchange)
    }
    return true
  }

  private func begin(
    _ question: FileQuestion, _ text: String, _ legacy: Legacy, _ persona: Persona
  ) throws -> Beginning {
    var selection = Selection(persona: Selection.Choice(persona.id, isBinding: true))
    selection.legacy = Selection.Choice(legacy.id.rawValue, isBinding: true)
    selection.target = .named(interview.name)
    var model = interview.model
    if let modelID = question.modelID { model.modelID = modelID }
    return try service.begin(
      text, asking: interview.key(of: question, about: legacy), selection, model, personas: interview.personas)
  }

  /// Reports an answer that was there before.
  private func replay(_ reply: StoredReply, _ question: InterviewQuestion) throws {
    try receiver.receive(.question(question))
    let answer = InterviewAnswer(
      userMessageID: reply.start.userMessageID, content: reply.content, done: reply.done)
    state.withLock { $0.summary.replayed += 1 }
    try receiver.receive(.answer(question, answer))
  }

  private func answered(_ question: InterviewQuestion, _ collector: AnswerCollector, _ exchange: Exchange) throws {
    guard let done = collector.done else {
      throw Failure(.internal, "a reply ended without its end", advice: .reportBug)
    }
    state.withLock { state in
      state.summary.answered += 1
      spend(done.usage, &state)
    }
    let answer = InterviewAnswer(
      userMessageID: exchange.start.userMessageID, content: collector.content, done: done)
    try receiver.receive(.answer(question, answer))
  }

  /// Notes and reports a failure.
  ///
  /// - Returns: whether the next question of the conversation can be asked
  /// - Throws: what ends the run
  private func failed(
    _ ended: ReplyFailure, _ question: InterviewQuestion, _ collector: AnswerCollector
  ) throws -> Bool {
    if let error = collector.error { throw error }
    let failure = ended.failure.forInterview
    let reported = ReplyFailure(
      failure, conversationID: ended.conversationID, userMessageID: ended.userMessageID, messageID: ended.messageID)
    let isRetryable = failure.code.isRetryable
    let isForGood = [.invalidInput, .validation, .blocked].contains(failure.code)
    let isOfConversation = isRetryable || [.notFound, .ambiguous].contains(failure.code)
    state.withLock { state in
      state.summary.failed += 1
      spend(ended.usage, &state)
      state.first = state.first ?? failure
      if isRetryable { state.firstRetryable = state.firstRetryable ?? failure }
      if failure.code == .interrupted {
        state.end = state.end ?? failure
      } else if !isForGood, !isOfConversation {
        state.halt = state.halt ?? failure
      }
    }
    if !collector.hasBegun { try receiver.receive(.question(question)) }
    try receiver.receive(.failure(question, reported))
    return isForGood
  }

  /// Counts what a reply cost.
  private func spend(_ usage: TokenUsage?, _ state: inout State) {
    guard let usage else { return }
    state.summary.usage.add(usage)
    guard let budget = options.budget, state.summary.usage.counted >= budget else { return }
    let taken = grouped(state.summary.usage.counted)
    state.halt =
      state.halt
      ?? Failure(.budget, "the budget of \(counted(budget, "token")) is spent: it took \(taken)", advice: .runAgain)
  }

  /// - Throws: `Failure` once the run has to end
  private func checkEnd() throws {
    if let end = state.withLock({ $0.end }) { throw end }
    try cancellation.cancellation.check()
  }

  /// Ends the run: the other jobs too.
  private func end(_ failure: Failure) {
    let isFirst = state.withLock { state in
      defer { state.end = state.end ?? failure }
      return state.end == nil
    }
    if isFirst { cancellation.request() }
  }

  private func tell(_ event: InterviewEvent) {
    do { try receiver.receive(event) } catch { end(.from(error)) }
  }
}

/// Collects the answer to a question while it comes, and passes on what happens before its first word.
private final class AnswerCollector: ReplyReceiver {
  var question: InterviewQuestion
  /// Whether the receiver has got the question.
  private(set) var hasBegun = false
  private(set) var done: ReplyDone?
  /// Why the receiver takes no more events.
  private(set) var error: (any Error)?
  private var bytes: [UInt8] = []
  private let receiver: any InterviewReceiver

  init(_ question: InterviewQuestion, to receiver: any InterviewReceiver) {
    self.question = question
    self.receiver = receiver
  }

  var content: String { String(decoding: bytes, as: UTF8.self) }

  func receive(_ event: ReplyEvent) throws {
    switch event {
    case .start(let start):
      hasBegun = true
      try tell(.question(question))
      try tell(.asked(start))
    case .retry(let notice): try tell(.retry(question, notice))
    case .leftOut(let part): try tell(.leftOut(part))
    case .done(let done): self.done = done
    case .thinking, .failure: break
    }
  }

  func receive(_ chunks: ReplyChunks) { bytes.append(contentsOf: chunks.bytes) }

  private func tell(_ event: InterviewEvent) throws {
    do {
      try receiver.receive(event)
    } catch {
      self.error = error
      throw error
    }
  }
}

extension TokenUsage {
  /// Everything that is paid for.
  fileprivate var counted: Int { [input, output, cacheRead, cacheWrite].reduce(0) { $0.addingClamped($1 ?? 0) } }

  /// Adds the tokens that the service reports; others count as 0.
  fileprivate mutating func add(_ other: TokenUsage) {
    for number in [\TokenUsage.input, \.output, \.total, \.cacheRead, \.cacheWrite] {
      self[keyPath: number] = (self[keyPath: number] ?? 0).addingClamped(other[keyPath: number] ?? 0)
    }
  }
}

extension Failure {
  /// The same with the advice of an interview, which asks again by being run again.
  fileprivate var forInterview: Failure {
    var failure = self
    let other = advice?.withoutRetry
    failure.advice = code.isRetryable ? other.map { $0.then(.runAgain) } ?? .runAgain : other
    return failure
  }
}
