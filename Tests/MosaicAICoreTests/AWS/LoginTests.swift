import TestSupport
import Testing

@testable import MosaicAICore

/// The cache of `aws login`.
@Suite struct LoginTests {
  private let home = TemporaryHome()
  private let file = hexadecimal(sha256("arn:aws:iam::1:user/me")) + ".json"

  init() {
    home.write(".aws/config", "[profile l]\nlogin_session = arn:aws:iam::1:user/me\n")
  }

  private func token(expires: String) -> String {
    #"""
    {"accessToken":{"accessKeyId":"ASIALOGIN","secretAccessKey":"s","sessionToken":"t","accountId":"1",\#
    "expiresAt":"\#(expires)"},"dpopKey":"x"}
    """#
  }

  @Test("Credentials of aws login are used until they expire")
  func itsCredentialsAreUsedWhileTheyLast() throws {
    home.write(".aws/login/cache/\(file)", token(expires: "2026-11-23T06:14:00Z"))
    let expected = AccessKey(
      id: "ASIALOGIN", secret: Secret("s"), sessionToken: Secret("t"),
      expiration: Timestamp(rfc3339: "2026-11-23T06:14:00Z"))
    #expect(try home.context(profile: "l").resolve().credentials == .accessKey(expected))
  }

  @Test("The login cache can be in another folder")
  func itsFolderCanBeElsewhere() throws {
    home.write("else/\(file)", token(expires: "2026-11-23T06:14:00Z"))
    #expect(
      try home.context(["AWS_LOGIN_CACHE_DIRECTORY": "~/else"], profile: "l").resolve().source
        == "aws login (profile l)")
  }

  @Test(
    "Without a valid login, the advice is the command to log in",
    arguments: [nil, "nonsense", "{}", "expired"])
  func withoutAGoodLoginItSaysHowToLogIn(contents: String?) throws {
    if let contents {
      home.write(".aws/login/cache/\(file)", contents == "expired" ? token(expires: "2026-11-23T06:13:02Z") : contents)
    }
    let failure = try failure { try home.context(profile: "l").resolve() }
    #expect(failure.code == .credentialsExpired)
    let logIn = Advice.runAWS("login", profile: "l")
    // Of an expired login, the AWS CLI may renew the credentials.
    let renew = Advice.text("have the AWS CLI renew it with `aws sts get-caller-identity`")
    #expect(failure.advice == (contents == "expired" ? .either([logIn, renew]) : logIn))
  }
}
