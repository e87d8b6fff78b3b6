/// What to do about an error that Bedrock reports. Its own codes are too coarse for that: the words say more.
extension ServiceError {
  /// The next step, if there is one.
  func advice(_ code: FailureCode, modelID: String, region: String) -> Advice? {
    let words = message?.lowercased() ?? ""
    let place = Place(modelID: modelID, region: region)
    switch code {
    case .validation: return validationAdvice(words, place)
    case .accessDenied: return accessAdvice(words, place)
    case .credentialsExpired:
      return "renew them there: log in again (`aws sso login`), or set a new session token or API key"
    case .modelUnavailable where words.contains("use case details"):
      return "fill in Anthropic's use case form once, at \(place.console)#/model-catalog, then try again in 15 minutes"
    case .modelUnavailable where words.contains("end of its life") || words.contains("legacy"):
      return Advice.change(.model, to: []).then(place.listing)
    case .modelUnavailable: return Advice.check([.model, .region]).then(place.listing)
    case .throttled where isDaily:
      return "today's tokens of the account are used up; try again tomorrow, or ask AWS for a higher quota"
    case .throttled: return "wait a moment, or send less at once"
    case .quota: return "ask AWS for a higher quota in the Service Quotas console"
    case .protocolError: return .check([.endpointURL])
    default: return nil
    }
  }

  /// The model that was asked, and its region.
  private struct Place {
    let modelID: String
    let region: String

    /// The Bedrock console of the region.
    var console: String {
      let domain =
        switch AWSPartition.of(region: region).name {
        case "aws-cn": "console.amazonaws.cn"
        case "aws-us-gov": "console.amazonaws-us-gov.com"
        default: "console.aws.amazon.com"
        }
      return "https://\(region).\(domain)/bedrock/home?region=\(region)"
    }

    /// How to list the models.
    var listing: Advice { .listModels(region: region) }
  }

  /// What to do about a request that was refused for what it asks.
  private func validationAdvice(_ words: String, _ place: Place) -> Advice? {
    if words.contains("on-demand throughput") {
      let model = InferenceProfile(place.modelID)?.modelID ?? place.modelID
      return .change(.model, to: InferenceProfile.candidates(for: model, in: place.region))
    }
    if words.contains("model identifier is invalid") {
      let misfit = InferenceProfile(place.modelID)?.misfit(in: place.region)
      return misfit.map { Advice.text($0.message).then($0.advice) }
        ?? Advice.check([.model, .region]).then(place.listing)
    }
    if words.contains("temperature") { return .omit(.temperature) }
    if words.contains("data retention mode") {
      return .either(["change the account's data retention setting in Amazon Bedrock", .change(.model, to: [])])
    }
    if words.contains("too long") || words.contains("too many input tokens") {
      return .either([.startNewConversation, "send a shorter message"])
    }
    return nil
  }

  /// What to do about a request that was refused for who asks.
  private func accessAdvice(_ words: String, _ place: Place) -> Advice? {
    switch name {
    // That depends on where the key comes from, which is not known here.
    case _ where isAboutAPIKey: return nil
    case "InvalidSignatureException", "IncompleteSignatureException":
      return "check the secret access key and this machine's clock"
    case "UnrecognizedClientException":
      return "check the access key; `aws sts get-caller-identity` shows whether AWS knows it"
    case "MissingAuthenticationTokenException":
      return Advice.text("a proxy may have removed the Authorization header").then(.check([.endpointURL]))
    case _ where words.contains("access to the model"):
      return .either([
        .text("open the model once in the model catalog, \(place.console)#/model-catalog"), .change(.model, to: []),
      ])
    case _ where words.contains("aws-marketplace"):
      return
        "have someone with aws-marketplace:Subscribe and ViewSubscriptions use the model once in the Bedrock console"
    case _ where words.contains("payment"):
      return "add a valid payment method to the AWS account, then try again in 15 minutes"
    case _ where words.contains("marked by provider as legacy"):
      return Advice.change(.model, to: []).then(place.listing)
    case _ where words.contains("explicit deny"):
      return .either([
        "a policy denies it, which no other policy can allow: ask whoever manages the account",
        .change(.region, to: []),
      ])
    case "AccessDeniedException":
      return "have this statement added to your IAM policy: \(statement(place))"
    default: return nil
    }
  }

  /// The IAM statement that allows the model: its profile, and the foundation model wherever the profile may route to.
  private func statement(_ place: Place) -> String {
    let arn = "arn:\(AWSPartition.of(region: place.region).name):bedrock:"
    func foundationModel(_ id: some StringProtocol, in regions: String) -> String {
      "\(arn)\(regions)::foundation-model/\(id)"
    }
    var resources: [String]
    if place.modelID.hasPrefix("arn:") {
      resources = [place.modelID]
      if let name = place.modelID.firstRange(of: ":inference-profile/").map({ place.modelID[$0.upperBound...] }) {
        resources.append(foundationModel(InferenceProfile(String(name))?.modelID ?? "*", in: "*"))
      } else if place.modelID.contains(":application-inference-profile/") {
        resources.append(foundationModel("*", in: "*"))
      }
    } else if let profile = InferenceProfile(place.modelID) {
      resources = [
        "\(arn)\(place.region):*:inference-profile/\(place.modelID)", foundationModel(profile.modelID, in: "*"),
      ]
    } else {
      resources = [foundationModel(place.modelID, in: place.region)]
    }
    let statement: JSON = [
      "Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": .array(resources.map { .string($0) }),
    ]
    return statement.compact
  }
}
