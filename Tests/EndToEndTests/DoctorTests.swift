import Foundation
import TestSupport
import Testing

/// `doctor`: what is configured, from where, and whether `send` would work.
@Suite(.crowd, .inGoodTime) struct DoctorTests {
  /// The checks of one run, by name.
  struct Report {
    let ended: Ended
    let json: JSONText

    init(_ command: Command) async throws {
      ended = try await command.appending(Array("-o".utf8)).appending(Array("json".utf8)).run()
      json = try ended.json()
    }

    /// The check with that name; `null` if there is none.
    subscript(name: String) -> JSONText { json["checks"].elements.first { $0["name"].string == name } ?? .null }
    /// The names of the checks that failed.
    var errors: [String] {
      json["checks"].elements.filter { $0["status"].string == "error" }.compactMap { $0["name"].string }
    }
    var warnings: [String] {
      json["checks"].elements.filter { $0["status"].string == "warning" }.compactMap { $0["name"].string }
    }
  }

  @Test("In a fresh home with credentials all is well, and nothing is created")
  func fresh() async throws {
    let home = try Home()
    let report = try await Report(home.mosaic("doctor"))
    #expect(report.ended.status == 0)
    #expect(report.ended.errors == "")
    #expect(report.json.names == ["ok", "checks"])
    #expect(report.json["ok"].isTrue)
    for check in report.json["checks"].elements {
      #expect(check.names == ["name", "status", "value", "origin", "message", "hint", "code"])
      #expect(["ok", "warning"].contains(check["status"].string))
    }
    #expect(report["version"]["value"].string?.isEmpty == false)
    #expect(report["database"]["value"].string == home.database)
    #expect(report["database"]["origin"].string == "default")
    #expect(report["region"]["value"].string == "us-east-1")
    #expect(report["region"]["origin"].string == "AWS_REGION")
    #expect(report["endpoint"]["value"].string == home.simulator.endpoint)
    #expect(report["endpoint"]["origin"].string == "AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
    #expect(report["personas"]["value"].string == "2")
    #expect(report["model"]["value"].string == "us.anthropic.claude-sonnet-4-6")
    #expect(report["credentials"]["value"].string == "access key …ATOR")
    #expect(report["credentials"]["origin"].string == "environment (AWS_ACCESS_KEY_ID)")
    #expect(report["credentials_expiry"]["value"].string == "never")
    #expect(report.warnings == ["legacy"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  @Test("The database is described and not changed")
  func database() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "Hello.")
    let before = try Data(contentsOf: URL(fileURLWithPath: home.database))
    let report = try await Report(home.mosaic("doctor", "--deep"))
    #expect(report.ended.status == 0)
    #expect(report.warnings == [] && report.errors == [])
    #expect(report["database_size"]["value"].string == String(before.count))
    #expect(report["database_permissions"]["value"].string == "0600, folder 0700")
    #expect(report["database_integrity"]["value"].string == "whole")
    #expect(Int(report["database_schema"]["value"].string ?? "") ?? 0 > 3)
    #expect(report["legacy"]["value"].string == "Rose")
    #expect(try Data(contentsOf: URL(fileURLWithPath: home.database)) == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: home.dataFolder).sorted()
    #expect(names == ["mosaic-ai.sqlite3", "mosaic-ai.sqlite3-lock"])
    #expect(try await home.messages().count == 2)
  }

  @Test("Every option and every file is shown with its origin")
  func origins() async throws {
    let home = try await Home.remembering()
    try home.write(
      "database: \(home.database)\nmodel: some.model\nmax_attempts: 2\npersona: friend\nuser: anna\n",
      to: ".config/mosaic-ai/config.yaml")
    try home.write("[profile eu]\nregion = eu-west-1\n", to: ".aws/config")
    let command = home.mosaic("doctor", "--profile", "eu", "--endpoint-url", "http://127.0.0.1:9")
      .with("AWS_REGION", nil).with("MOSAIC_AI_PERSONA", "biographer")
      .with("NO_PROXY", "127.0.0.1").with("HTTP_PROXY", "http://anna:pr0xy-secret@proxy.test:3128/")
    let report = try await Report(command)
    #expect(report["database"]["origin"].string == "database in config.yaml")
    #expect(report["model"]["value"].string == "some.model")
    #expect(report["model"]["origin"].string == "model in config.yaml")
    #expect(report["persona"]["origin"].string == "MOSAIC_AI_PERSONA")
    #expect(report["user"]["value"].string == "anna")
    #expect(report["aws_profile"]["value"].string == "eu")
    #expect(report["aws_profile"]["origin"].string == "--profile")
    #expect(report["region"]["value"].string == "eu-west-1")
    #expect(report["region"]["origin"].string == "profile eu in \(home.path)/.aws/config")
    #expect(report["endpoint"]["origin"].string == "--endpoint-url")
    #expect(report["proxy"]["value"].string == "http://proxy.test:3128")
    #expect(report["proxy"]["origin"].string == "HTTP_PROXY")
    #expect(report["proxy"]["message"].string?.contains("login") == true)
    #expect(report["no_proxy"]["value"].string == "127.0.0.1")
    #expect(report["aws_config_file"]["value"].string == "\(home.path)/.aws/config")
    // A profile named by flag does not take the environment's keys.
    #expect(report["credentials"]["code"].string == "no_credentials")
    #expect(report.ended.status == 78)
  }

  @Test("What is no file is not said to be missing", arguments: ["/dev/null", "folder", "none"])
  func noFile(path: String) async throws {
    let home = try await Home.remembering()
    mkdir("\(home.path)/folder", 0o700)
    let report = try await Report(home.mosaic("doctor").with("AWS_CONFIG_FILE", path))
    let message = report["aws_config_file"]["message"].string
    #expect(message?.hasPrefix(path == "none" ? "does not exist" : "is not a file") == true)
  }

  @Test("Without credentials it ends like send, and says where it looked and what to do")
  func noCredentials() async throws {
    let home = try await Home.remembering("Rose", .none)
    let report = try await Report(home.mosaic("doctor"))
    #expect(report.ended.status == 78)
    #expect(report.json["ok"] == .bool(false))
    #expect(report.errors == ["credentials"])
    #expect(report["credentials"]["code"].string == "no_credentials")
    #expect(report["credential_sources"]["value"].string?.contains("environment (AWS_ACCESS_KEY_ID), ") == true)
    #expect(report["credential_sources"]["value"].string?.hasSuffix("instance metadata") == true)
    #expect(report["credentials"]["hint"].string?.contains("aws configure") == true)
    #expect(report.ended.standardError.isErrorAndHint)
    #expect(try await home.mosaic("send", "Hello.").run().status == report.ended.status)
  }

  @Test("With nothing configured, send fails quickly in two lines")
  func nothingConfigured() async throws {
    let home = try await Home.remembering("Rose", .none)
    // TEST-NET-1 is routed nowhere: at worst nothing ever comes back.
    for endpoint in ["http://192.0.2.1", nil] {
      for arguments in [["send", "Hello."], ["doctor"]] {
        let command = home.mosaic(arguments).with("AWS_EC2_METADATA_DISABLED", nil).with(
          "AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint)
        let began = ContinuousClock.now
        let ended = try await command.run()
        #expect(began.duration(to: .now) < .seconds(9), "it does not wait as long as for Bedrock")
        #expect(ended.status == 78)
        #expect(ended.standardError.isErrorAndHint)
        for place in ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "default"] {
          #expect(ended.error.contains(place), "it says where it looked")
        }
        #expect(ended.hint.contains("aws configure") && ended.hint.contains("AWS_BEARER_TOKEN_BEDROCK"))
      }
    }
  }

  @Test("An expired login is shown with the command that renews it")
  func expiredLogin() async throws {
    let home = try await Home.remembering("Rose", .none)
    try home.write(
      """
      [profile sso]
      sso_start_url = https://rose.test/start
      sso_region = us-east-1
      sso_account_id = 123456789012
      sso_role_name = Talker
      """, to: ".aws/config")
    let report = try await Report(home.mosaic("doctor").with("AWS_PROFILE", "sso"))
    #expect(report.ended.status == 77)
    #expect(report["credentials"]["code"].string == "credentials_expired")
    #expect(report["credentials"]["hint"].string?.contains("`aws sso login --profile sso`") == true)
    #expect(report["credential_sources"]["value"].string?.hasSuffix("IAM Identity Center (profile sso)") == true)
  }

  @Test("Credentials that expire soon are a warning, expired ones an error")
  func expiry() async throws {
    let home = try await Home.remembering()
    func report(_ seconds: Double) async throws -> Report {
      let time = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: seconds))
      return try await Report(
        home.mosaic("doctor").with("AWS_SESSION_TOKEN", "t0ken-secret").with("AWS_CREDENTIAL_EXPIRATION", time))
    }
    let later = try await report(3 * 3600 + 60)
    #expect(later["credentials_expiry"]["status"].string == "ok")
    #expect(later["credentials_expiry"]["message"].string?.contains("3 hours") == true)
    let soon = try await report(5 * 60 + 30)
    #expect(soon.warnings == ["credentials_expiry"])
    #expect(soon["credentials_expiry"]["message"].string?.contains("5 minutes") == true)
    #expect(soon.ended.status == 0)
    let past = try await report(-60)
    #expect(past["credentials"]["code"].string == "credentials_expired")
    #expect(past.ended.status == 77)
    let untold = try await Report(home.mosaic("doctor").with("AWS_SESSION_TOKEN", "t0ken-secret"))
    #expect(untold["credentials_expiry"]["value"] == .null)
  }

  // MARK: Databases that do not work

  @Test("A damaged, newer, foreign or missing database file is a storage error and is left alone")
  func unusableDatabases() async throws {
    let home = try await Home.remembering()
    let noise = try home.write(String(repeating: "no database ", count: 1000), to: "noise.db")
    let damaged = "\(home.path)/damaged.db"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: home.database))
    for index in 4096 * 2..<min(bytes.count, 4096 * 6) { bytes[index] = 0x5a }
    try bytes.write(to: URL(fileURLWithPath: damaged))
    let newer = "\(home.path)/newer.db"
    var later = try Data(contentsOf: URL(fileURLWithPath: home.database))
    later.replaceSubrange(60..<64, with: [0, 0, 0, 99])  // user_version in the header
    try later.write(to: URL(fileURLWithPath: newer))
    let foreign = "\(home.path)/foreign.db"
    var other = later
    other.replaceSubrange(68..<72, with: [1, 2, 3, 4])  // application_id
    try other.write(to: URL(fileURLWithPath: foreign))
    for (path, check) in [
      (noise, "database_integrity"), (damaged, "database_integrity"), (newer, "database_schema"),
      (foreign, "database_schema"),
      (home.path, "database"),
    ] {
      let before = path == home.path ? nil : try Data(contentsOf: URL(fileURLWithPath: path))
      let report = try await Report(home.mosaic("doctor", "--deep", "--database", path))
      #expect(report.ended.status == 74, "\(path)")
      #expect(report.errors == [check])
      #expect(report[check]["code"].string == "storage_failed")
      #expect(report["legacy"]["status"].string == "warning")
      #expect(report["credentials"]["status"].string == "ok", "the rest is checked all the same")
      if let before { #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before) }
    }
    let report = try await Report(home.mosaic("doctor", "--database", newer))
    #expect(report["database_schema"]["message"].string?.contains("99") == true, "it names the version")
  }

  @Test("Permissions that let others in are a warning with the commands that fix them")
  func permissions() async throws {
    let home = try await Home.remembering()
    chmod(home.database, 0o644)
    chmod(home.dataFolder, 0o755)
    let report = try await Report(home.mosaic("doctor"))
    #expect(report.ended.status == 0)
    #expect(report.warnings == ["database_permissions"])
    #expect(report["database_permissions"]["value"].string == "0644, folder 0755")
    let hint = try #require(report["database_permissions"]["hint"].string)
    #expect(try await home.shell(hint).run().status == 0)
    #expect(try await Report(home.mosaic("doctor")).warnings == [])
  }

  @Test("A database that the settings name without its folder is a warning, as it is another one in each folder")
  func relativeDatabase() async throws {
    let home = try await Home.remembering()
    let warnings = ["notes.db": ["database_path"], "~/notes.db": [], "\(home.path)/notes.db": []]
    for (path, expected) in warnings {
      try home.write("database: \(path)\n", to: ".config/mosaic-ai/config.yaml")
      let report = try await Report(home.mosaic("doctor").with("MOSAIC_AI_DATABASE", nil))
      #expect(report.ended.status == 0 && report.warnings.filter { $0.hasPrefix("database") } == expected, "\(path)")
    }
    let typed = try await Report(home.mosaic("doctor", "--database", "notes.db"))
    #expect(!typed.warnings.contains("database_path"))
  }

  // MARK: Files and settings that do not work

  @Test("All broken files are reported at once, by line and column")
  func brokenFiles() async throws {
    let home = try await Home.remembering()
    let config = try home.write("user: anna\nregoin: us-east-1\n", to: ".config/mosaic-ai/config.yaml")
    let personas = try home.write("personas:\n  friend:\n    nmae: Amy\n", to: ".config/mosaic-ai/personas.yaml")
    try home.write("chapters: [\n", to: ".config/mosaic-ai/questions.yaml")
    let aws = try home.write("[default\nregion = x\n", to: ".aws/config")
    let report = try await Report(home.mosaic("doctor").with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "nonsense"))
    #expect(report.errors == ["config_file", "personas_file", "questions_file", "aws_profile", "endpoint"])
    #expect(report["config_file"]["message"].string?.hasPrefix("\(config):2:1: ") == true)
    #expect(report["config_file"]["code"].string == "config_invalid")
    #expect(report["personas_file"]["message"].string?.hasPrefix("\(personas):3:5: ") == true)
    #expect(report["personas_file"]["code"].string == "persona_invalid")
    #expect(report["aws_profile"]["message"].string?.hasPrefix("\(aws):1") == true)
    #expect(report["endpoint"]["code"].string == "config_invalid")
    #expect(report["credentials"]["status"].string == "warning")
    #expect(report.ended.status == 78)
    #expect(report.ended.error.contains(config), "the first problem ends it")
  }

  @Test(
    "A setting that cannot work ends it as it would end send",
    arguments: [
      ("AWS_REGION", "not a region", "region", "config_invalid"),
      ("AWS_PROFILE", "nobody", "aws_profile", "config_invalid"),
      ("AWS_CA_BUNDLE", "/nowhere/ca.pem", "certificates", "config_invalid"),
      ("SSL_CERT_FILE", "/dev/null", nil, nil),
      ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "ftp://x", "endpoint", "config_invalid"),
      ("AWS_MAX_ATTEMPTS", "many", "aws_profile", "config_invalid"),
      ("MOSAIC_AI_PERSONA", "freind", "persona", "not_found"),
      ("MOSAIC_AI_LEGACY", "Rsoe", "legacy", "not_found"),
      ("MOSAIC_AI_USER", "a\u{1}b", "user", "invalid_input"),
      ("AWS_SECRET_ACCESS_KEY", "", "credentials", "config_invalid"),
      ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/", nil, nil),
    ] as [(String, String, String?, String?)])
  func brokenSettings(variable: String, value: String, check: String?, code: String?) async throws {
    let home = try await Home.remembering()
    let report = try await Report(home.mosaic("doctor").with(variable, value))
    #expect(report.errors == (check.map { [$0] } ?? []))
    #expect(check.map { report[$0]["code"].string } ?? nil == code)
    let send = try await home.mosaic("send", "Hello.").with(variable, value).run()
    #expect(send.status == report.ended.status)
  }

  @Test("A certificate file matters with TLS, and is a warning without")
  func certificates() async throws {
    let home = try await Home.remembering()
    let plain = try await Report(home.mosaic("doctor").with("SSL_CERT_FILE", "/dev/null"))
    #expect(plain.warnings == ["certificates"])
    let secure = try await Report(
      home.mosaic("doctor", "--endpoint-url", "https://127.0.0.1:9").with("SSL_CERT_FILE", "/dev/null"))
    #expect(secure.errors == ["certificates"])
    #expect(secure.ended.status == 78)
  }

  @Test("Wrong options are usage errors before anything is checked")
  func usage() async throws {
    let home = try Home()
    for arguments in [
      ["--region", "not a region"], ["--endpoint-url", "x"], ["--timeout", "0"], ["--model", ""], ["--nonsense"],
    ] {
      let ended = try await home.mosaic(["doctor"] + arguments).run()
      #expect(ended.status == 64)
      #expect(ended.output == "")
    }
  }

  @Test("A model from another part of the world than the region is a warning")
  func misfit() async throws {
    let home = try await Home.remembering()
    let report = try await Report(home.mosaic("doctor", "--region", "eu-west-1"))
    #expect(report.warnings == ["model"])
    #expect(report["model"]["hint"].string?.contains("--model eu.anthropic.claude-sonnet-4-6") == true)
  }

  // MARK: Online

  @Test("--online sends one small request and shows how soon the model answers")
  func online() async throws {
    let home = try await Home.remembering()
    let report = try await Report(home.mosaic("doctor", "--online", "--model", home.model("normal")))
    #expect(report.ended.status == 0)
    #expect(report["model_access"]["status"].string == "ok")
    let message = try #require(report["model_access"]["message"].string)
    #expect(message.contains(/\d+ ms/))
    let requests = try home.requests()
    #expect(requests.count == 1)
    #expect(requests[0]["body"]["inferenceConfig"] == (try JSONText(#"{"maxTokens":16}"#)))
    #expect(!"\(requests[0]["body"])".contains("Rose"), "nothing of what is kept is sent")
    #expect(try await home.conversationCount() == 0)
    // Without the option nothing is sent.
    _ = try await Report(home.mosaic("doctor", "--model", home.model("normal")))
    #expect(try home.requests().count == 1)
  }

  @Test(
    "A model that does not answer ends it as it would end send, with the next step",
    arguments: [
      ("access-denied", "access_denied", 77, "console.aws.amazon.com"), ("throttle", "throttled", 75, ""),
      ("throttle-daily", "throttled", 75, "quota"), ("expired-token", "credentials_expired", 77, "aws sso login"),
      ("invalid-model", "validation", 65, "list-foundation-models"),
      ("wrong-content-type", "protocol_error", 69, "--endpoint-url"), ("http-503", "unavailable", 75, ""),
    ] as [(String, String, Int32, String)])
  func offline(scenario: String, code: String, status: Int32, hint: String) async throws {
    let home = try await Home.remembering()
    let report = try await Report(
      home.mosaic("doctor", "--online", "--model", home.model(scenario), "--max-attempts", "1"))
    #expect(report.ended.status == status)
    #expect(report.errors == ["model_access"])
    #expect(report["model_access"]["code"].string == code)
    #expect(hint.isEmpty || report["model_access"]["hint"].string?.contains(hint) == true)
  }

  @Test("Retries are made as send makes them")
  func retries() async throws {
    let home = try await Home.remembering()
    let report = try await Report(home.mosaic("doctor", "--online", "--model", home.model("throttle-1")))
    #expect(report.ended.status == 0)
    #expect(report["model_access"]["message"].string?.contains("2") == true, "it says at which attempt")
  }

  @Test("With a broken setting, --online sends no request")
  func notTried() async throws {
    let home = try await Home.remembering("Rose", .none)
    let report = try await Report(home.mosaic("doctor", "--online", "--model", home.model("normal")))
    #expect(report["model_access"]["status"].string == "warning")
    #expect(try home.requests().isEmpty)
  }

  // MARK: Output

  @Test("Through a pipe, a line has six fields with a tab between them")
  func tabs() async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("doctor").run()
    #expect(ended.lines.count > 15)
    #expect(ended.lines.allSatisfy { $0.split(separator: "\t", omittingEmptySubsequences: false).count == 6 })
    #expect(ended.lines.contains("ok\tregion\tus-east-1\tAWS_REGION\t\t"))
    #expect(!ended.output.contains("\u{1b}"))
    let lines = try await home.mosaic("doctor", "-o", "ndjson").run().jsonLines()
    #expect(lines.map { $0["name"].string } == ended.lines.map { String($0.split(separator: "\t")[1]) })
  }

  @Test("On a terminal, lines are aligned and colored, with the hint below each problem")
  func terminal() async throws {
    let home = try await Home.remembering("Rose", .none)
    let ended = try await home.mosaic("doctor", "--verbose").onTerminal().run()
    #expect(ended.screen.contains("\u{1b}[32mok     \u{1b}[0m  region                us-east-1 (AWS_REGION)\n"))
    #expect(ended.screen.contains(#/\x{1b}\[31m[a-z]+ *\x{1b}\[0m  credentials  /#), "red")
    #expect(ended.screen.contains(#/\n {20,}[^\n]*aws configure/#), "below, in the same column")
    let plain = try await home.mosaic("doctor").with("NO_COLOR", "1").onTerminal().run()
    #expect(!plain.screen.contains("\u{1b}"))
    #expect(plain.screen.contains(#/\n[a-z]+ +credentials  /#))
    for columns: UInt16 in [60, 80] {
      let plain = home.mosaic("doctor", "-v").with("NO_COLOR", "1").onTerminal(columns: columns)
      let lines = try await plain.run().screen.split(separator: "\n").map(String.init).filter { line in
        // Long words stay whole, so that they can be copied.
        !line.split(separator: " ").contains { $0.count > 28 }
      }
      let report = lines.prefix { !$0.hasPrefix("mosaic-ai: ") }
      #expect(report.count > 10 && report.allSatisfy { $0.count <= Int(columns) })
    }
  }

  @Test("No output shows a secret, whatever is wrong")
  func secrets() async throws {
    let home = try await Home.remembering()
    try home.write(
      """
      [profile other]
      aws_access_key_id = AKIDS3CR3T0000000001
      aws_secret_access_key = s3cr3t-in-config
      aws_session_token = s3cr3t-session
      [profile broken]
      aws_access_key_id = AKIDS3CR3T0000000002
      credential_process = /bin/sh -c 'echo "{\\"Version\\":1,\\"SecretAccessKey\\":\\"s3cr3t-printed\\"}"'
      """, to: ".aws/config")
    try home.write("[other]\naws_secret_access_key = s3cr3t-in-credentials\n", to: ".aws/credentials")
    let secretVariables = [
      "AWS_SECRET_ACCESS_KEY": "s3cr3t-environment", "AWS_SESSION_TOKEN": "s3cr3t-token",
      "AWS_ACCESS_KEY_ID": "AKIDS3CR3TENVIRON",
      "HTTPS_PROXY": "http://user:s3cr3t-proxy@127.0.0.1:9", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "s3cr3t-container",
      "NO_PROXY": "127.0.0.1", "HTTP_PROXY": "user:s3cr3t-proxy@127.0.0.1:9",
    ]
    let bearer = secretVariables.merging(["AWS_BEARER_TOKEN_BEDROCK": "s3cr3t-api-key"]) { $1 }
    for (variables, arguments) in [
      (secretVariables, []), (bearer, []), (secretVariables, ["--profile", "other"]),
      (secretVariables, ["--profile", "broken"]),
      (bearer.merging(["AWS_BEARER_TOKEN_BEDROCK": "s3cr3t with space"]) { $1 }, []),
    ] as [([String: String], [String])] {
      for format in ["text", "json", "ndjson"] {
        var command = home.mosaic(["doctor", "--online", "-v", "-o", format] + arguments)
        for (name, value) in variables { command = command.with(name, value) }
        let ended = try await command.run()
        #expect(!(ended.output + ended.errors).lowercased().contains("s3cr3t"), "\(arguments)")
        #expect(ended.status != 0)
      }
    }
  }
}
