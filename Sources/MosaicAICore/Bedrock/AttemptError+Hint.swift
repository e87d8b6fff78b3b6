/// What to do about an error that Bedrock reports. Its own codes are too coarse for that: the words tell more.
extension AttemptError {
  /// The next step, where there is one.
  static func hint(_ code: FailureCode, _ reported: ReportedError, modelID: String, region: String) -> String? {
    let words = reported.message?.lowercased() ?? ""
    switch code {
    case .validation: return validationHint(words, modelID: modelID, region: region)
    case .accessDenied: return accessHint(reported, words, modelID: modelID, region: region)
    case .credentialsExpired:
      return "renew them there: log in again (`aws sso login`), or set a new session token or API key"
    case .modelUnavailable where words.contains("use case details"):
      return "fill in Anthropic's use case form once, at \(console(region))#/model-catalog, and try again in 15 minutes"
    case .modelUnavailable where words.contains("end of its life") || words.contains("legacy"):
      return "choose a newer model with --model; \(listing(region))"
    case .modelUnavailable:
      return "check --model and --region: \(modelID) in \(region); \(listing(region))"
    case .throttled where reported.isDaily:
      return "the account's tokens for today are used up; try again tomorrow, or ask AWS for a higher quota"
    case .throttled: return "wait a little, or send less at once"
    case .quota: return "ask AWS for a higher quota in the Service Quotas console"
    case .proxyAuth: return "give the proxy's login as HTTPS_PROXY=http://user:password@host:port"
    case .protocolError: return endpointHint
    default: return nil
    }
  }

  /// What to do about a request that was refused for what it asks.
  private static func validationHint(_ words: String, modelID: String, region: String) -> String? {
    if words.contains("on-demand throughput") {
      let model = InferenceProfile(modelID)?.modelID ?? modelID
      return "this model needs an inference profile: try \(InferenceProfile.suggestion(for: model, in: region))"
    }
    if words.contains("model identifier is invalid") {
      let misfit = InferenceProfile(modelID)?.misfit(in: region)
      return misfit.map { "\($0.message); \($0.hint)" }
        ?? "there is no model \(modelID) in \(region); \(listing(region))"
    }
    if words.contains("temperature") { return "leave out --temperature: this model does not take it" }
    if words.contains("too long") || words.contains("too many input tokens") {
      return "begin a new conversation with --new, or send a shorter message"
    }
    return nil
  }

  /// What to do about a request that was refused for who asks.
  private static func accessHint(_ reported: ReportedError, _ words: String, modelID: String, region: String) -> String?
  {
    switch reported.name {
    case _ where reported.isAboutAPIKey:
      return "set AWS_BEARER_TOKEN_BEDROCK to a key that Bedrock gave for \(region), or unset it"
    case "InvalidSignatureException", "IncompleteSignatureException":
      return "check the secret access key and this machine's clock"
    case "UnrecognizedClientException":
      return "check the access key; `aws sts get-caller-identity` tells whether AWS knows it"
    case "MissingAuthenticationTokenException":
      return "a proxy may have taken the Authorization header away; \(endpointHint)"
    case _ where words.contains("access to the model"):
      return "request access to the model at \(console(region))#/modelaccess, or choose another with --model"
    case _ where words.contains("aws-marketplace"):
      return
        "let somebody who may aws-marketplace:Subscribe and ViewSubscriptions use the model once, in the account's Bedrock console"
    case _ where words.contains("payment"):
      return "add a valid payment method to the AWS account, and try again in 15 minutes"
    case _ where words.contains("marked by provider as legacy"):
      return "choose a newer model with --model; \(listing(region))"
    case _ where words.contains("explicit deny"):
      return "a policy forbids it, which no other can allow: ask whoever manages the account, or try another --region"
    case "AccessDeniedException":
      return "have this statement added to the policy of who asks: \(statement(modelID, region))"
    default: return nil
    }
  }

  /// The IAM statement that allows the model: its profile, and the foundation model wherever the profile may route to.
  private static func statement(_ modelID: String, _ region: String) -> String {
    let arn = "arn:\(AWSPartition.of(region: region).name):bedrock:"
    func foundationModel(_ id: some StringProtocol, in regions: String) -> String {
      "\(arn)\(regions)::foundation-model/\(id)"
    }
    var resources: [String]
    if modelID.hasPrefix("arn:") {
      resources = [modelID]
      if let name = modelID.firstRange(of: ":inference-profile/").map({ String(modelID[$0.upperBound...]) }) {
        resources.append(foundationModel(InferenceProfile(name)?.modelID ?? "*", in: "*"))
      } else if modelID.contains(":application-inference-profile/") {
        resources.append(foundationModel("*", in: "*"))
      }
    } else if let profile = InferenceProfile(modelID) {
      resources = ["\(arn)\(region):*:inference-profile/\(modelID)", foundationModel(profile.modelID, in: "*")]
    } else {
      resources = [foundationModel(modelID, in: region)]
    }
    let statement: JSON = [
      "Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": .array(resources.map { .string($0) }),
    ]
    return statement.compact
  }

  /// The Bedrock console of a region.
  private static func console(_ region: String) -> String {
    let domain =
      switch AWSPartition.of(region: region).name {
      case "aws-cn": "console.amazonaws.cn"
      case "aws-us-gov": "console.amazonaws-us-gov.com"
      default: "console.aws.amazon.com"
      }
    return "https://\(region).\(domain)/bedrock/home?region=\(region)"
  }

  /// How to see what there is.
  private static func listing(_ region: String) -> String {
    "`aws bedrock list-inference-profiles --region \(region)` lists what there is"
  }
}
