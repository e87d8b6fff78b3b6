/// The stage of a foundation model's life ("Model lifecycle", Amazon Bedrock User Guide).
package struct ModelLifecycle: Equatable, Sendable {
  /// Whether it is legacy: closed to accounts that do not use it yet.
  package let isLegacy: Bool
  /// When it becomes, or became, legacy.
  package let legacy: Timestamp?
  /// From when it costs more.
  package let extendedAccess: Timestamp?
  /// When it is gone.
  package let end: Timestamp?

  /// Reads an answer of GetFoundationModel; nil for anything else.
  init?(_ answer: JSON) {
    guard let lifecycle = answer["modelDetails"]?["modelLifecycle"], let status = lifecycle["status"]?.string else {
      return nil
    }
    func time(_ name: String) -> Timestamp? { lifecycle[name]?.string.flatMap { Timestamp(aws: $0) } }
    isLegacy = status == "LEGACY"
    legacy = time("legacyTime")
    extendedAccess = time("publicExtendedAccessTime")
    end = time("endOfLifeTime")
  }

  /// Why the lifecycle of a model is not known. None of these keeps anyone from using the model.
  package enum Gap: Error, Equatable, Sendable {
    /// The id does not say which foundation model it is.
    case notAFoundationModel
    /// The endpoint for replies was set, but the one that describes models was not.
    case noEndpoint
    /// The credentials may not ask.
    case notAllowed
    /// The service does not know the model in this region.
    case unknownModel
    /// The service did not answer, or with something else; a line for people.
    case noAnswer(String)
  }

  /// The foundation model that an id or an ARN stands for; nil if it does not say.
  static func foundationModelID(of id: String) -> String? {
    guard id.hasPrefix("arn:") else { return InferenceProfile(id)?.modelID ?? id }
    for kind in [":foundation-model/", ":inference-profile/"] {
      guard let start = id.firstRange(of: kind)?.upperBound else { continue }
      let name = String(id[start...])
      return InferenceProfile(name)?.modelID ?? name
    }
    return nil
  }
}

extension BedrockAccess {
  /// How long the service is waited for.
  private static let lifecycleTimeouts = HTTPTimeouts(connect: .seconds(5), idle: .seconds(10))

  /// Asks Amazon Bedrock for a model's lifecycle: active, legacy or gone.
  ///
  /// - Parameters:
  ///   - modelID: a model id, an inference profile's id or an ARN
  ///   - clockOffset: by how many seconds the server's clock is ahead
  /// - Throws: `ModelLifecycle.Gap`; `Failure` with code `interrupted`, or the first thing that keeps requests from
  ///   being made
  package func lifecycle(
    of modelID: String, with resolution: CredentialsChain.Resolution, clockOffset: Int64 = 0,
    _ cancellation: Cancellation = .never
  ) throws -> ModelLifecycle {
    guard let id = ModelLifecycle.foundationModelID(of: modelID) else { throw ModelLifecycle.Gap.notAFoundationModel }
    let endpoint = try lifecycleEndpoint()
    let unsigned = HTTPRequest(
      method: "GET", url: "\(endpoint.url)/foundation-models/\(percentEncoded(id))",
      headers: [("Accept", "application/json")])
    let request = resolution.credentials.authorize(
      unsigned, region: endpoint.signingRegion, at: context.now() + clockOffset)
    let response: HTTPResponse
    do {
      response = try context.transport.collect(
        request, timeouts: BedrockAccess.lifecycleTimeouts, cancellation: cancellation)
    } catch let error as TransportError {
      let peer = Peer.model(endpoint: endpoint.url, timeouts: BedrockAccess.lifecycleTimeouts)
      throw ModelLifecycle.Gap.noAnswer(error.failure(of: peer).message)
    }
    if response.head.status == 200, let lifecycle = (try? JSON(parsing: response.body)).flatMap(ModelLifecycle.init) {
      return lifecycle
    }
    throw gap(response, resolution)
  }

  /// Where to ask: not at AWS about models that are run elsewhere.
  private func lifecycleEndpoint() throws -> AWSEndpoint {
    let (region, runtime) = (try region.get(), try endpoint.get())
    let endpoint = try AWSEndpoint.resolve(.bedrock, region: region, settings: try profile.get(), context: context)
    guard !runtime.isSet || endpoint.isSet else { throw ModelLifecycle.Gap.noEndpoint }
    return endpoint
  }

  private func gap(_ response: HTTPResponse, _ resolution: CredentialsChain.Resolution) -> ModelLifecycle.Gap {
    let error = ServiceError(head: response.head, body: response.body, hiding: resolution.credentials.secrets)
    switch (response.head.status, error.name) {
    case (_, "AccessDeniedException"), (403, nil): return .notAllowed
    case (404, "ResourceNotFoundException"): return .unknownModel
    default:
      return .noAnswer("Amazon Bedrock answered \(error.name ?? "HTTP status \(response.head.status)")")
    }
  }
}
