/// What the user can do about a failure. The core gives the step; a program puts it into its own terms, as a command
/// line or a button.
package indirect enum Advice: Equatable, Sendable {
  /// Words that are right in any program: no full stop, no capital letter at the start.
  case text(String)
  /// Every one of these, in this order.
  case steps([Advice])
  /// Any one of these.
  case either([Advice])
  /// The nearest things that exist.
  case didYouMean([String])
  /// Name one of these things by its id.
  case useID([String])
  /// List what there is.
  case list(Listing)
  /// Add the first legacy.
  case addLegacy
  /// Send a first message.
  case startConversation
  /// Leave the long conversation and start another.
  case startNewConversation
  /// Set this, to one of these if any are given.
  case choose(Setting, from: [String])
  /// Set this to something else; `to` lists values to try.
  case change(Setting, to: [String])
  /// Set this to more.
  case raise(Setting)
  /// Make the model think less before it answers.
  case thinkLess
  /// Do not set this.
  case omit(Setting)
  /// Check these.
  case check([Setting])
  /// Ask an owner of the legacy to share it with this user.
  case askToShare(legacy: LegacyID, with: String)
  /// Make someone else an owner of the legacy first.
  case addOwner(legacy: LegacyID)
  /// Ask for the reply to the last message of the conversation again.
  case retry(ConversationID, saved: Saved)
  /// Ask for the reply to a message that is not the last of its conversation again.
  case retryMessage(MessageID, saved: Saved)
  /// Ask for the replies to all messages that have none.
  case retryAll
  /// Do the same again: finished steps are not repeated.
  case runAgain
  /// Say how Amazon Bedrock is to be reached, and keep it.
  case setUp
  /// Run a command of the AWS CLI, for this profile if there is one.
  case runAWS(String, profile: String?)
  /// See which models of the region are active.
  case listModels(region: String)
  /// Look at the conversation.
  case showHistory
  /// Ask for a second thing of that name.
  case allowSameName
  /// Overwrite the file that is already there.
  case replaceFile
  /// Have whoever may create tables bring the database to this version.
  case migrateByHand
  /// Put an earlier copy in the place of the database.
  case restoreBackup
  /// Make a file that can be imported.
  case exportForImport
  /// Import the file into a database of its own.
  case importElsewhere
  /// Report a bug.
  case reportBug

  /// Things that can be listed.
  package enum Listing: Equatable, Sendable {
    case personas
    case legacies
    case members(of: LegacyID)
    case conversations
    /// With their ids, of the latest conversation.
    case messages
  }

  /// What is in the database after a reply failed.
  package enum Saved: Equatable, Sendable {
    /// The message alone.
    case message
    /// The message alone, and the same message will be refused again.
    case refusedMessage
    /// The message and the beginning of the reply.
    case partOfReply
  }

  /// The rest of the advice without retrying one reply; nil if nothing is left.
  var withoutRetry: Advice? {
    switch self {
    case .retry, .retryMessage: return nil
    case .steps(let steps):
      let left = steps.compactMap(\.withoutRetry)
      return left.count > 1 ? .steps(left) : left.first
    default: return self
    }
  }

  /// `self`, and then `next`.
  package func then(_ next: Advice) -> Advice {
    if case .steps(let steps) = self { .steps(steps + [next]) } else { .steps([self, next]) }
  }
}

extension Advice: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self = .text(text) }
}
