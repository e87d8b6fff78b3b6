/// Whether a model answers, asked with one tiny request; if not that model, the same one under another name that fits
/// the region.
package struct ConnectionTrial: Sendable {
  /// The model that answered.
  package let modelID: String
  /// Where the credentials came from.
  package let source: String

  /// - Parameters:
  ///   - fields: the model's own parameters
  ///   - maximumTokens: the limit of tokens that goes with them
  /// - Throws: `Failure`: why no model answers
  package init(_ access: BedrockAccess, modelID: String, fields: ModelFields?, maximumTokens: Int) throws {
    _ = try access.endpoint.get()
    let region = try access.region.get().name
    let resolution = try access.credentials().resolve()
    let model = InferenceProfile(modelID)?.modelID ?? modelID
    let others = InferenceProfile.candidates(for: model, in: region).filter { $0 != modelID }
    var first: Failure?
    for candidate in [modelID] + others {
      let check = ModelProbe(
        access, with: resolution, modelID: candidate, fields: fields, maximumTokens: maximumTokens
      ).check
      guard let failure = check.failure else {
        self.modelID = candidate
        source = resolution.source
        return
      }
      first = first ?? failure
      guard [.validation, .modelUnavailable, .accessDenied].contains(failure.code) else { break }
    }
    throw first ?? Failure(.internal, "no model was asked", advice: .reportBug)
  }
}

extension BedrockAccess {
  /// The profiles of the AWS CLI's files, by name.
  package var profileNames: [String] { (try? profile.get().files.profiles.keys.sorted()) ?? [] }

  /// Whether AWS may have a region of that name.
  package static func mayHaveRegion(named name: String) -> Bool { AWSPartition.hasRegion(named: name) }

  /// The region, if it is known.
  package var regionName: Sourced<String>? { (try? region.get()).map { Sourced($0.name, from: $0.origin) } }

  /// The endpoint, if it is known.
  package var endpointURL: Sourced<String>? { (try? endpoint.get()).map { Sourced($0.url, from: $0.origin) } }

  /// The profile, if it is known.
  package var profileName: Sourced<String>? { try? profile.get().profileName }
}
