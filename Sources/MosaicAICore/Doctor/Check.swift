/// One thing that sending depends on, and its state. None of its texts holds a secret.
package struct Check: Equatable, Sendable {
  /// The state of a thing.
  package enum Status: String, Sendable {
    /// As it should be.
    case ok
    /// Works, but the user should know.
    case warning
    /// Keeps messages from being sent.
    case error
  }

  /// What is checked, for programs: `database_schema`.
  package let name: String
  package let status: Status
  /// What applies: a path, a region, a number.
  package let value: String?
  /// Where the value was set.
  package let origin: String?
  /// A remark about it: one line without a full stop.
  package let message: String?
  /// What to do about it.
  package let advice: Advice?
  /// The failure that sending would end with.
  package let failure: Failure?

  /// All of it; the makers below are for use.
  private init(
    _ name: String, _ status: Status, _ value: String?, _ origin: String?, _ message: String?, _ advice: Advice?,
    _ failure: Failure? = nil
  ) {
    self.name = name
    self.status = status
    self.value = value
    self.origin = origin
    self.message = message
    self.advice = advice
    self.failure = failure
  }

  /// Something that is as it should be.
  package static func ok(
    _ name: String, _ value: String?, origin: SettingOrigin? = nil, message: String? = nil
  ) -> Check {
    Check(name, .ok, value, origin?.description, message, nil)
  }

  /// Something that works, but that the user should know.
  package static func warning(
    _ name: String, _ value: String? = nil, origin: SettingOrigin? = nil, message: String, advice: Advice? = nil
  ) -> Check {
    Check(name, .warning, value, origin?.description, message, advice)
  }

  /// Something that keeps messages from being sent.
  package static func error(
    _ name: String, _ value: String? = nil, origin: SettingOrigin? = nil, because failure: Failure
  ) -> Check {
    Check(name, .error, value, origin?.description, failure.message, failure.advice, failure)
  }

  /// Something that cannot be checked while something else is wrong.
  ///
  /// - Parameter reason: what to do first
  package static func unknown(_ name: String, until reason: String) -> Check {
    warning(name, message: "not checked: \(reason) first")
  }

  /// What `body` gives; nil, and its error as a check, if it fails.
  static func attempt<Value>(_ name: String, into checks: inout [Check], _ body: () throws -> Value) -> Value? {
    do {
      return try body()
    } catch {
      checks.append(.error(name, because: .from(error)))
      return nil
    }
  }

  /// The same, with a source of credentials as its origin.
  func from(_ source: String) -> Check { Check(name, status, value, source, message, advice, failure) }

  /// The check as JSON; `code` is what sending would fail with.
  ///
  /// - Parameter hint: the advice in the program's words
  package func record(hint: String?) -> JSON {
    [
      "name": .string(name), "status": .string(status.rawValue), "value": JSON(value), "origin": JSON(origin),
      "message": JSON(message), "hint": JSON(hint), "code": JSON(failure?.code.rawValue),
    ]
  }
}

extension [Check] {
  /// The first thing that keeps messages from being sent.
  package var firstFailure: Failure? { lazy.compactMap(\.failure).first }
}
