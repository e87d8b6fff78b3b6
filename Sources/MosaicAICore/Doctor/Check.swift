/// One thing that `send` depends on, and how it stands. None of its texts holds a secret.
public struct Check: Equatable, Sendable {
  /// How a thing stands.
  public enum Status: String, Sendable {
    /// As it should be.
    case ok
    /// Works, but somebody should know.
    case warning
    /// Keeps `send` from working.
    case error
  }

  /// What is checked, for programs: `database_schema`.
  public let name: String
  /// How it stands.
  public let status: Status
  /// What holds: a path, a region, a number.
  public let value: String?
  /// Where the value was set.
  public let origin: String?
  /// What there is to say about it: one line without a full stop.
  public let message: String?
  /// What to do about it.
  public let hint: String?
  /// What `send` would fail with.
  public let failure: Failure?

  /// All of it; the makers below are for use.
  private init(
    _ name: String, _ status: Status, _ value: String?, _ origin: String?, _ message: String?, _ hint: String?,
    _ failure: Failure? = nil
  ) {
    self.name = name
    self.status = status
    self.value = value
    self.origin = origin
    self.message = message
    self.hint = hint
    self.failure = failure
  }

  /// Something that is as it should be.
  public static func ok(_ name: String, _ value: String?, origin: SettingOrigin? = nil, message: String? = nil) -> Check
  {
    Check(name, .ok, value, origin?.description, message, nil)
  }

  /// Something that somebody should know.
  public static func warning(
    _ name: String, _ value: String? = nil, origin: SettingOrigin? = nil, message: String, hint: String? = nil
  ) -> Check {
    Check(name, .warning, value, origin?.description, message, hint)
  }

  /// Something that keeps `send` from working.
  public static func error(
    _ name: String, _ value: String? = nil, origin: SettingOrigin? = nil, because failure: Failure
  ) -> Check {
    Check(name, .error, value, origin?.description, failure.message, failure.hint, failure)
  }

  /// Something that cannot be told as long as something else is wrong.
  public static func unknown(_ name: String, until reason: String) -> Check {
    warning(name, message: "not checked: \(reason) first")
  }

  /// What `body` gives, and nothing but its error where it fails.
  static func attempt<Value>(_ name: String, into checks: inout [Check], _ body: () throws -> Value) -> Value? {
    do {
      return try body()
    } catch {
      checks.append(.error(name, because: .from(error)))
      return nil
    }
  }

  /// Said by that source.
  func from(_ source: String) -> Check { Check(name, status, value, source, message, hint, failure) }
}

/// The findings as a whole.
extension [Check] {
  /// The first thing that keeps `send` from working.
  public var firstFailure: Failure? { lazy.compactMap(\.failure).first }
}
