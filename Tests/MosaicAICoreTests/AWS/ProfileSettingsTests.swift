import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct ProfileSettingsTests {
  private let home = TemporaryHome()

  @Test("The profile comes from the flag, then the variables, then the configuration")
  func theProfileIsTheFirstOfFlagVariablesAndConfiguration() throws {
    home.write(".aws/config", "[profile flag]\n[profile one]\n[profile two]\n[profile own]\n[default]\n")
    let both = ["AWS_PROFILE": "one", "AWS_DEFAULT_PROFILE": "two"]
    func name(_ context: AWSContext) throws -> Sourced<String> { try AWSProfileSettings(context).profileName }
    #expect(try name(home.context(both, profile: "flag")) == Sourced("flag", from: .option("--profile")))
    #expect(try name(home.context(both, configuredProfile: "own")) == Sourced("one", from: .variable("AWS_PROFILE")))
    #expect(try name(home.context(["AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": "two"])).value == "two")
    #expect(try name(home.context(configuredProfile: "own")) == Sourced("own", from: .configuration("profile")))
    #expect(try name(home.context()) == Sourced("default", from: .fallback))
  }

  @Test("An unknown profile is answered with the known ones")
  func aMissingProfileNamesThoseThereAre() throws {
    home.write(".aws/config", "[profile one]\n[default]\n")
    for (name, advice) in [
      ("oen", Advice.didYouMean(["one"])), ("production", .choose(.profile, from: ["default", "one"])),
    ] {
      let failure = try failure { try AWSProfileSettings(home.context(["AWS_PROFILE": name])) }
      #expect(failure.code == .configInvalid)
      #expect(failure.message.contains(name) && failure.message.contains("AWS_PROFILE"))
      #expect(failure.advice == advice)
    }
  }

  @Test("Without AWS's files, only a profile that was asked for is an error")
  func withoutFilesOnlyAnExplicitProfileIsAnError() throws {
    #expect(try AWSProfileSettings(home.context()).region == nil)
    #expect(try failure { try AWSProfileSettings(home.context(profile: "default")) }.code == .configInvalid)
  }

  @Test("The credentials file beats the config file, key by key")
  func theCredentialsFileBeatsTheConfigFileKeyByKey() throws {
    home.write(".aws/config", "[profile x]\nregion = a-b-1\nretry_mode = standard\n")
    home.write(".aws/credentials", "[x]\nregion = c-d-2\n")
    let settings = try AWSProfileSettings(home.context(profile: "x"))
    #expect(settings.region == Sourced("c-d-2", from: .profile("x", file: "\(home.path)/.aws/credentials")))
    #expect(settings.retryMode == Sourced("standard", from: .profile("x", file: "\(home.path)/.aws/config")))
  }

  @Test("Variables in paths are expanded")
  func variablesInPathsAreExpanded() throws {
    home.write("here/c", "[default]\nregion = c-d-2\n")
    for path in ["~/here/c", "$WHERE/c", "${WHERE}/c"] {
      let context = home.context(["AWS_CONFIG_FILE": path, "WHERE": "\(home.path)/here"])
      #expect(try AWSProfileSettings(context).region?.value == "c-d-2")
    }
  }

  @Test("Numbers and choices are checked")
  func numbersAndChoicesAreChecked() throws {
    home.write(".aws/config", "[default]\nmax_attempts = 5\nuse_fips_endpoint = TRUE\n")
    let settings = try AWSProfileSettings(home.context())
    #expect(settings.maxAttempts?.value == 5)
    #expect(settings.useFIPSEndpoint.value)
    #expect(try failure { try AWSProfileSettings(home.context(["AWS_MAX_ATTEMPTS": "0"])) }.code == .configInvalid)
    #expect(
      try failure { try AWSProfileSettings(home.context(["AWS_RETRY_MODE": "never"])) }.code == .configInvalid)
  }

  @Test("No secret is shown in a description")
  func nothingIsShownOfSecrets() throws {
    home.write(".aws/credentials", "[default]\naws_access_key_id = AKIA\naws_secret_access_key = hushhush\n")
    let context = home.context(["AWS_SECRET_ACCESS_KEY": "hushhush"])
    var text = ""
    dump(try AWSProfileSettings(context), to: &text)
    dump(context, to: &text)
    text += "\(context) \(try AWSProfileSettings(context)) \(try context.resolve())"
    #expect(!text.contains("hushhush"))
  }

  // MARK: Region and endpoint

  private func region(_ context: AWSContext, flag: String? = nil, configured: String? = nil) throws -> AWSRegion {
    try AWSRegion.resolve(
      chosen: preference("region", flag, configured), settings: AWSProfileSettings(context), context: context)
  }

  private func endpoint(
    _ context: AWSContext, region name: String = "eu-west-1", flag: String? = nil, configured: String? = nil,
    of service: AWSService = .bedrockRuntime
  ) throws -> AWSEndpoint {
    try AWSEndpoint.resolve(
      service, chosen: preference("endpoint_url", flag, configured),
      region: AWSRegion(Sourced(name, from: .option("--region"))), settings: AWSProfileSettings(context),
      context: context)
  }

  @Test("The region comes from the first source that has one")
  func theRegionIsTheFirstOfItsSources() throws {
    home.write(".aws/config", "[default]\nregion = profile-region-1\n")
    let both = ["AWS_REGION": "one-1", "AWS_DEFAULT_REGION": "two-2"]
    #expect(try region(home.context(both), flag: "flag-1").name == "flag-1")
    #expect(try region(home.context(both), configured: "own-1").origin == .variable("AWS_REGION"))
    #expect(try region(home.context(["AWS_REGION": "", "AWS_DEFAULT_REGION": "two-2"])).name == "two-2")
    #expect(try region(home.context(), configured: "own-1").origin == .configuration("region"))
    #expect(try region(home.context()).name == "profile-region-1")
    #expect(try region(TemporaryHome().context()).name == "us-east-1")
  }

  @Test(
    "A malformed region is refused",
    arguments: ["", "-a", "a-", "a b", "a/b", "12345", "a.b", "über-1", String(repeating: "a", count: 64)])
  func malformedRegions(name: String) throws {
    #expect(try failure { try region(home.context(), flag: name) }.code == .usage)
    if !name.isEmpty { #expect(try failure { try region(home.context(["AWS_REGION": name])) }.code == .configInvalid) }
  }

  @Test("The endpoint comes from the first source that has one")
  func theEndpointIsTheFirstOfItsSources() throws {
    home.write(
      ".aws/config",
      """
      [default]\nendpoint_url = http://profile\nservices = s\n[services s]\nbedrock_runtime =\n  endpoint_url = \
      http://section/\n
      """
    )
    let both = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://one", "AWS_ENDPOINT_URL": "http://two"]
    #expect(try endpoint(home.context(both), flag: "http://flag").url == "http://flag")
    #expect(try endpoint(home.context(both), configured: "http://own").url == "http://one")
    #expect(try endpoint(home.context(["AWS_ENDPOINT_URL": "http://two"])).origin == .variable("AWS_ENDPOINT_URL"))
    #expect(try endpoint(home.context(), configured: "http://own").url == "http://own")
    #expect(try endpoint(home.context()).origin == .services("s", file: "\(home.path)/.aws/config"))
    #expect(try endpoint(home.context()).url == "http://section")
    #expect(try endpoint(home.context(), of: .sts).url == "http://profile")
    let ignoring = home.context(both.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 })
    #expect(try endpoint(ignoring).url == "https://bedrock-runtime.eu-west-1.amazonaws.com")
  }

  @Test(
    "The endpoint follows the region's partition",
    arguments: [
      ("cn-north-1", "bedrock-runtime.cn-north-1.amazonaws.com.cn"),
      ("us-gov-west-1", "bedrock-runtime.us-gov-west-1.amazonaws.com"),
      ("fips-us-gov-west-1", "bedrock-runtime-fips.us-gov-west-1.amazonaws.com"),
      ("us-iso-east-1", "bedrock-runtime.us-iso-east-1.c2s.ic.gov"),
      ("eusc-de-east-1", "bedrock-runtime.eusc-de-east-1.amazonaws.eu"),
      ("mars-north-1", "bedrock-runtime.mars-north-1.amazonaws.com"),
    ])
  func endpointsFollowThePartition(region: String, host: String) throws {
    #expect(try endpoint(home.context(), region: region).url == "https://\(host)")
  }

  @Test("FIPS and dual-stack change the endpoint")
  func fipsAndDualStack() throws {
    let fips = ["AWS_USE_FIPS_ENDPOINT": "true"]
    let dual = ["AWS_USE_DUALSTACK_ENDPOINT": "true"]
    #expect(try endpoint(home.context(fips)).url == "https://bedrock-runtime-fips.eu-west-1.amazonaws.com")
    #expect(try endpoint(home.context(dual)).url == "https://bedrock-runtime.eu-west-1.api.aws")
    #expect(
      try endpoint(home.context(fips.merging(dual) { $1 })).url == "https://bedrock-runtime-fips.eu-west-1.api.aws")
    #expect(
      try endpoint(home.context(fips), region: "us-gov-west-1", of: .sts).url
        == "https://sts.us-gov-west-1.amazonaws.com")
    #expect(try endpoint(home.context(fips), flag: "http://localhost").url == "http://localhost")
    #expect(
      try endpoint(home.context(dual), region: "us-isof-south-1").url
        == "https://bedrock-runtime.us-isof-south-1.api.aws.hci.ic.gov")
  }

  @Test(
    "A malformed endpoint is refused",
    arguments: [
      "", "localhost:8080", "ftp://host", "http://", "http:///path", "https://user@host", "http://host:99999",
      "http://host:x", "http://a b",
      "http://-a", "http://a..b", "http://host?x", "http://host#x", "http://[::1", "http://[zz::1]", "http://hößt",
      "http://host:+80", "http://host:-80", "http://host:0", "http://host:65536", "http://host:8٠", "http://host:80:80",
      "http://[1:2:3]:80", "http://[:]", "http://[::1::]", "http://[12345::1]", "http://[::1%]", "http://[127.0.0.1]",
      "http://::1", "http://[::1]x:80", "http://[::1]:+80",
    ])
  func malformedEndpoints(url: String) throws {
    #expect(try failure { try endpoint(home.context(), flag: url) }.code == .usage)
    if !url.isEmpty {
      #expect(try failure { try endpoint(home.context(["AWS_ENDPOINT_URL": url])) }.code == .configInvalid)
    }
  }

  @Test(
    "An endpoint may have a port, a prefix or an IPv6 address",
    arguments: [
      "http://127.0.0.1:8080", "https://host.example./prefix", "http://[::1]:99", "HTTP://localhost",
      "http://[::ffff:127.0.0.1]", "http://[fe80::1%25eth0]:8080", "http://host:65535", "http://host:",
    ])
  func endpointsOfAnyShape(url: String) throws {
    #expect(try endpoint(home.context(), flag: url).url == url)
  }
}
