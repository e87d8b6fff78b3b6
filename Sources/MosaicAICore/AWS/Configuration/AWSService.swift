/// A service of AWS that the core talks to.
enum AWSService: Sendable, CaseIterable {
  /// Runs models.
  case bedrockRuntime
  /// Knows about models.
  case bedrock
  /// Exchanges credentials for those of a role.
  case sts
  /// Exchanges a login for the credentials of a role.
  case sso
  /// Renews a login.
  case ssoOIDC

  /// Its name in `AWS_ENDPOINT_URL_…` (upper case) and in `[services]` sections.
  var configurationName: String {
    switch self {
    case .bedrockRuntime: "bedrock_runtime"
    case .bedrock: "bedrock"
    case .sts: "sts"
    case .sso: "sso"
    case .ssoOIDC: "sso_oidc"
    }
  }

  /// Its name for people.
  var title: String {
    switch self {
    case .bedrockRuntime, .bedrock: "Amazon Bedrock"
    case .sts: "AWS STS"
    case .sso: "AWS IAM Identity Center"
    case .ssoOIDC: "AWS SSO OIDC"
    }
  }

  /// The first part of its host names.
  var hostPrefix: String {
    switch self {
    case .bedrockRuntime: "bedrock-runtime"
    case .bedrock: "bedrock"
    case .sts: "sts"
    case .sso: "portal.sso"
    case .ssoOIDC: "oidc"
    }
  }

  /// Whether its plain endpoints in GovCloud are FIPS endpoints already.
  var isFIPSInGovCloud: Bool { self != .bedrockRuntime && self != .bedrock }
}
