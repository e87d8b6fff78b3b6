import Testing

@testable import MosaicAICore

/// The failure that `body` throws.
package func failure<Result>(_ location: SourceLocation = #_sourceLocation, of body: () throws -> Result) throws
  -> Failure
{
  do {
    _ = try body()
  } catch let failure as Failure {
    return failure
  }
  return try #require(nil, "nothing was thrown", sourceLocation: location)
}

/// The code of the failure that `body` throws; nil if it throws none.
package func code<Result>(of body: () throws -> Result) throws -> FailureCode? {
  do {
    _ = try body()
    return nil
  } catch let failure as Failure {
    return failure.code
  }
}

extension Failure {
  /// Whether the message names this fact: a name, a path, a number. There is nothing to name in an empty one.
  package func names(_ fact: String) -> Bool { fact.isEmpty || message.contains(fact) }
}

extension Failure {
  /// The advice as Swift describes it: empty if there is none.
  package var adviceText: String { advice.map { "\($0)" } ?? "" }

  /// Whether this is the advice, or one of its steps or ways.
  package func advises(_ wanted: Advice) -> Bool { advice?.includes(wanted) ?? false }
}

extension Advice {
  fileprivate func includes(_ wanted: Advice) -> Bool {
    if self == wanted { return true }
    return switch self {
    case .steps(let parts), .either(let parts): parts.contains { $0.includes(wanted) }
    default: false
    }
  }
}
