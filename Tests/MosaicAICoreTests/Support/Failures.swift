import Testing

@testable import MosaicAICore

/// The failure that `body` ends with.
func failure<Result>(_ location: SourceLocation = #_sourceLocation, of body: () throws -> Result) throws -> Failure {
  do {
    _ = try body()
  } catch let failure as Failure {
    return failure
  }
  return try #require(nil, "nothing was thrown", sourceLocation: location)
}

/// The code of the failure that `body` ends with; nil where it ends well.
func code<Result>(of body: () throws -> Result) throws -> FailureCode? {
  do {
    _ = try body()
    return nil
  } catch let failure as Failure {
    return failure.code
  }
}
