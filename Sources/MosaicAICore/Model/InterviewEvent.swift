/// What an interview is about to do.
package struct InterviewStart: Equatable, Sendable {
  package let name: String
  /// How many questions the file has.
  package let questions: Int
  /// About how many legacies they are asked.
  package let legacies: Int
  package let personaID: String
  /// How many questions are asked at once.
  package let jobs: Int

  package init(name: String, questions: Int, legacies: Int, personaID: String, jobs: Int) {
    self.name = name
    self.questions = questions
    self.legacies = legacies
    self.personaID = personaID
    self.jobs = jobs
  }
}

/// A question of an interview, as it is asked about one legacy.
package struct InterviewQuestion: Equatable, Sendable {
  /// The question's id in its file.
  package let id: String
  package let legacyID: LegacyID
  package let legacyName: String
  /// Nil if its conversation is yet to begin.
  package var conversationID: ConversationID?
  /// The words that are asked, the legacy's name put in.
  package var text: String
  /// Among the questions about this legacy, from 1.
  package let index: Int
  /// How many questions are asked about this legacy.
  package let total: Int

  package init(
    id: String, legacyID: LegacyID, legacyName: String, conversationID: ConversationID?, text: String, index: Int,
    total: Int
  ) {
    self.id = id
    self.legacyID = legacyID
    self.legacyName = legacyName
    self.conversationID = conversationID
    self.text = text
    self.index = index
    self.total = total
  }
}

/// The complete answer to a question of an interview.
package struct InterviewAnswer: Equatable, Sendable {
  package let userMessageID: MessageID
  package let content: String
  /// How the reply ended.
  package let done: ReplyDone

  package init(userMessageID: MessageID, content: String, done: ReplyDone) {
    self.userMessageID = userMessageID
    self.content = content
    self.done = done
  }
}

/// How an interview ended. All questions are pairs of a question and a legacy.
package struct InterviewSummary: Equatable, Sendable {
  package var questions: Int
  /// In this run.
  package var answered = 0
  /// By an earlier run.
  package var replayed = 0
  package var failed = 0
  /// Of this run.
  package var usage = TokenUsage(input: 0, output: 0, total: 0, cacheRead: 0, cacheWrite: 0)
  package var duration = Duration.zero
  /// Why not every question is answered; nil if every one is.
  package var failure: Failure?

  package init(questions: Int) { self.questions = questions }

  /// How many were not asked.
  package var remaining: Int { questions - answered - replayed - failed }
}

/// What happens in an interview.
package enum InterviewEvent: Sendable {
  /// Comes first.
  case began(InterviewStart)
  /// A question is asked, or was answered before.
  case question(InterviewQuestion)
  /// A question is stored, and its answer is asked for.
  case asked(ReplyStart)
  /// An attempt at a question failed, and another follows.
  case retry(InterviewQuestion, RetryNotice)
  /// The model does not take a part of the request, and is asked again without it.
  case leftOut(OptionalPart)
  case answer(InterviewQuestion, InterviewAnswer)
  case failure(InterviewQuestion, ReplyFailure)
  /// Nothing more comes about this legacy.
  case finished(LegacyID)
  /// Comes last.
  case ended(InterviewSummary)
}

/// Takes the events of an interview, from several threads at once.
package protocol InterviewReceiver: Sendable {
  func receive(_ event: InterviewEvent) throws
}
