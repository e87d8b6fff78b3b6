import MosaicAICore

/// What Bedrock's control plane knows about a model.
enum CatalogEntry: Sendable {
  case active
  case legacy(Lifecycle)
  /// Legacy, with no dates.
  case undated
  /// The caller may not ask.
  case denied
  /// There is no such model.
  case missing

  /// The dates of a legacy model.
  struct Lifecycle: Sendable {
    let start: Timestamp
    let legacy: Timestamp
    /// Public extended access, at a higher price.
    let extendedAccess: Timestamp
    let end: Timestamp

    /// The dates that end `days` from now.
    init(endingIn days: Int, from now: Timestamp) {
      end = now + Int64(days) * CatalogEntry.day
      extendedAccess = end + -90 * CatalogEntry.day
      legacy = end + -180 * CatalogEntry.day
      start = end + -545 * CatalogEntry.day
    }
  }

  /// In seconds.
  private static let day: Int64 = 86_400

  /// What `modelLifecycle` says.
  ///
  /// - Throws: the error that AWS answers with
  func lifecycle(of resource: String, operation: String) throws(ServiceError) -> JSON {
    switch self {
    case .active: ["status": "ACTIVE", "startOfLifeTime": "2026-02-17T00:00:00Z"]
    case .legacy(let dates):
      [
        "status": "LEGACY", "startOfLifeTime": .string(dates.start.rfc3339Seconds),
        "legacyTime": .string(dates.legacy.rfc3339Seconds),
        "publicExtendedAccessTime": .string(dates.extendedAccess.rfc3339Seconds),
        "endOfLifeTime": .string(dates.end.rfc3339Seconds),
      ]
    case .undated: ["status": "LEGACY"]
    case .denied: throw .notAuthorized(operation: operation, resource: resource)
    case .missing: throw .unknownModel
    }
  }
}

extension ServiceError {
  /// The caller's policies do not allow the operation.
  static func notAuthorized(operation: String, resource: String) -> ServiceError {
    ServiceError(
      status: 403, name: "AccessDeniedException",
      message: "User: arn:aws:iam::123456789012:user/simulator is not authorized to perform: bedrock:\(operation) "
        + "on resource: \(resource) because no identity-based policy allows the bedrock:\(operation) action")
  }

  /// The control plane does not know the model.
  static let unknownModel = ServiceError(
    status: 404, name: "ResourceNotFoundException",
    message: "Could not resolve the foundation model from the provided model identifier.")
}
