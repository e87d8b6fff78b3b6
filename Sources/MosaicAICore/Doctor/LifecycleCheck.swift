/// Whether the model is legacy or will be.
extension Check {
  /// Asks Amazon Bedrock. Missing permission or an unknown model is not a problem.
  ///
  /// - Parameters:
  ///   - access: as sending resolves it
  ///   - resolution: the credentials to use
  ///   - clockOffset: by how many seconds the server's clock is ahead
  package static func lifecycle(
    of modelID: String, _ access: BedrockAccess, with resolution: CredentialsChain.Resolution, clockOffset: Int64 = 0
  ) -> Check {
    let name = "model_lifecycle"
    do {
      let lifecycle = try access.lifecycle(of: modelID, with: resolution, clockOffset: clockOffset)
      let dates = lifecycle.dates.isEmpty ? nil : lifecycle.dates.joined(separator: ", ")
      guard lifecycle.isLegacy else { return .ok(name, "active", message: dates) }
      let region = (try? access.region.get().name) ?? ""
      return .warning(
        name, "legacy", message: dates ?? "it will be shut down, and accounts that have not used it cannot start to",
        advice: Advice.change(.model, to: []).then(.listModels(region: region)))
    } catch let gap as ModelLifecycle.Gap {
      return .ok(name, nil, message: "not known: \(gap.reason)")
    } catch {
      return .ok(name, nil, message: "not known: \(Failure.from(error).message)")
    }
  }
}

extension ModelLifecycle {
  /// What happens when, for people.
  fileprivate var dates: [String] {
    [
      legacy.map { "legacy \(isLegacy ? "since" : "from") \($0.date)" },
      extendedAccess.map { "costs more from \($0.date)" }, end.map { "shut down on \($0.date)" },
    ].compactMap { $0 }
  }
}

extension ModelLifecycle.Gap {
  /// For people.
  fileprivate var reason: String {
    switch self {
    case .notAFoundationModel: "the ARN does not name a foundation model"
    case .noEndpoint: "the endpoint is set, and AWS_ENDPOINT_URL_BEDROCK is not"
    case .notAllowed: "the credentials do not allow bedrock:GetFoundationModel"
    case .unknownModel: "Amazon Bedrock does not know the model in this region"
    case .noAnswer(let reason): reason
    }
  }
}
