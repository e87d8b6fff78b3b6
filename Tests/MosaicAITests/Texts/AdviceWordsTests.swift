import MosaicAICore
import TestSupport
import Testing

@testable import MosaicAI

/// What advice becomes in the words of this program.
@Suite struct AdviceWordsTests {
  private static let legacy: LegacyID = "12345678-0000-4000-8000-000000000000"
  private static let conversation: ConversationID = "abcdef01-0000-4000-8000-000000000000"

  /// Advice, its words, and its words where `--user 'O Brien'` has to be repeated, if that differs.
  static let table: [(Advice, String, String?)] = [
    ("do it", "do it", nil),
    (.steps(["one", .replaceFile, "three"]), "one; replace it with --force; three", nil),
    (.either(["choose another name", .replaceFile]), "choose another name, or replace it with --force", nil),
    (.didYouMean(["friend"]), #"did you mean "friend"?"#, nil),
    (.didYouMean(["anna", "anne", "ann"]), #"did you mean "anna" or "anne" or "ann"?"#, nil),
    (.list(.personas), "see them with `mosaic-ai personas`", nil),
    (.list(.legacies), "see yours with `mosaic-ai legacies`", "see yours with `mosaic-ai legacies --user 'O Brien'`"),
    (
      .list(.members(of: legacy)), "list its members with `mosaic-ai legacies members 12345678`",
      "list its members with `mosaic-ai legacies members 12345678 --user 'O Brien'`"
    ),
    (
      .list(.conversations), "see yours with `mosaic-ai conversations`",
      "see yours with `mosaic-ai conversations --user 'O Brien'`"
    ),
    (
      .addLegacy, #"add one with `mosaic-ai legacies add "NAME"`"#,
      #"add one with `mosaic-ai legacies add "NAME" --user 'O Brien'`"#
    ),
    (
      .startConversation, #"start one with `mosaic-ai send "MESSAGE"`"#,
      #"start one with `mosaic-ai send "MESSAGE" --user 'O Brien'`"#
    ),
    (.startNewConversation, "start a new conversation with --new", nil),
    (.choose(.legacy, from: []), "choose a legacy with --legacy or MOSAIC_AI_LEGACY", nil),
    (.choose(.region, from: []), "choose a region with --region, AWS_REGION or AWS_DEFAULT_REGION", nil),
    (
      .choose(.legacy, from: ["Ada", "Rose"]), #"choose one with --legacy or MOSAIC_AI_LEGACY: "Ada", "Rose""#, nil
    ),
    (
      .choose(.output, from: ["a", "b", "c", "d"]),
      #"choose one with --output or MOSAIC_AI_OUTPUT: "a", "b", "c", …"#, nil
    ),
    (.change(.database, to: []), "choose another database with --database", nil),
    (.change(.endpointURL, to: []), "choose another endpoint url with --endpoint-url", nil),
    (.change(.region, to: ["us-east-1"]), "try --region us-east-1", nil),
    (.change(.model, to: ["us.a", "eu.a"]), "try --model us.a or --model eu.a", nil),
    (.raise(.maximumTokens), "allow more with --max-tokens", nil),
    (.omit(.temperature), "leave out --temperature", nil),
    (.check([.region]), "check --region", nil),
    (
      .check([.endpointURL, .region]),
      "check --endpoint-url, AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL, endpoint_url in the AWS profile "
        + "and --region", nil
    ),
    (
      .askToShare(legacy: legacy, with: "O Brien"),
      "ask an owner to run `mosaic-ai legacies share 12345678-0000-4000-8000-000000000000 'O Brien'`", nil
    ),
    (
      .addOwner(legacy: legacy),
      "make someone else an owner first: `mosaic-ai legacies share 12345678 HANDLE --role owner`",
      "make someone else an owner first: `mosaic-ai legacies share 12345678 HANDLE --role owner --user 'O Brien'`"
    ),
    (
      .retry(conversation, saved: .message),
      "your message is saved; send it again with `mosaic-ai send --retry --conversation abcdef01`",
      "your message is saved; send it again with `mosaic-ai send --retry --conversation abcdef01 --user 'O Brien'`"
    ),
    (
      .retry(conversation, saved: .refusedMessage),
      "your message is saved; once the cause is fixed, send it again with "
        + "`mosaic-ai send --retry --conversation abcdef01`",
      "your message is saved; once the cause is fixed, send it again with "
        + "`mosaic-ai send --retry --conversation abcdef01 --user 'O Brien'`"
    ),
    (
      .retry(conversation, saved: .partOfReply),
      "what arrived is saved; ask again with `mosaic-ai send --retry --conversation abcdef01`",
      "what arrived is saved; ask again with `mosaic-ai send --retry --conversation abcdef01 --user 'O Brien'`"
    ),
    (
      .retryMessage("fedcba98-0000-4000-8000-000000000000", saved: .message),
      "your message is saved; send it again with `mosaic-ai send --retry --message fedcba98`",
      "your message is saved; send it again with `mosaic-ai send --retry --message fedcba98 --user 'O Brien'`"
    ),
    (
      .retryAll, "ask again for missing replies with `mosaic-ai send --retry --all`",
      "ask again for missing replies with `mosaic-ai send --retry --all --user 'O Brien'`"
    ),
    (.runAgain, "run the same command again; what is answered is not asked again", nil),
    (.runAWS("sso login", profile: nil), "run `aws sso login`", nil),
    (.runAWS("sso login", profile: "default"), "run `aws sso login`", nil),
    (.runAWS("sso login", profile: "my work"), "run `aws sso login --profile 'my work'`", nil),
    (
      .listModels(region: "eu-west-1"),
      "see which are active with `aws bedrock list-foundation-models --region eu-west-1 --by-provider anthropic "
        + "--query \"modelSummaries[?modelLifecycle.status=='ACTIVE'].modelId\" --output text`", nil
    ),
    (
      .list(.messages), "see the ids with `mosaic-ai history -o json`",
      "see the ids with `mosaic-ai history -o json --user 'O Brien'`"
    ),
    (.showHistory, "see it with `mosaic-ai history`", "see it with `mosaic-ai history --user 'O Brien'`"),
    (.replaceFile, "replace it with --force", nil),
    (.setUp, "run `mosaic-ai setup`", nil),
    (.allowSameName, "add --new to do it anyway", nil),
    (
      .migrateByHand,
      """
      have the owner of the database run the SQL of `mosaic-ai database migrate --print`, and grant this role the \
      rights that it names
      """, nil
    ),
    (
      .restoreBackup, "restore a backup with `mosaic-ai restore FILE`",
      "restore a backup with `mosaic-ai restore FILE --user 'O Brien'`"
    ),
    (
      .thinkLess, #"lower the effort, for example with `--model-fields '{"output_config":{"effort":"low"}}'`"#, nil
    ),
    (.useID(["12345678 (Ada)", "1234abcd (Rose)"]), "use the id, or more of it: 12345678 (Ada), 1234abcd (Rose)", nil),
    (.useID(["1", "2", "3", "4"]), "use the id, or more of it: 1, 2, 3, …", nil),
    (.exportForImport, "make one with `mosaic-ai export --legacy LEGACY -o ndjson`", nil),
    (.importElsewhere, "nothing was imported; import it into a separate database with --database", nil),
    (.reportBug, "this is a bug in mosaic-ai; please report it with the command that led to it", nil),
  ]

  @Test("Every advice has its words, and its commands mean the same database and user", arguments: table)
  func words(advice: Advice, expected: String, repeated: String?) {
    #expect(AdviceWords().text(advice) == expected)
    #expect(AdviceWords(repeatedOptions: " --user 'O Brien'").text(advice) == repeated ?? expected)
  }

  @Test("The table has every case of advice")
  func complete() throws {
    let cases = try SwiftSource.all(below: "MosaicAICore/Basics").filter { $0.path.hasSuffix("/Advice.swift") }
      .flatMap { $0.code.matches(of: #/(?m)^  case (\w+)/#).map { String($0.1) } }
    try #require(cases.count > 20)
    let tested = Set(AdviceWordsTests.table.compactMap { Mirror(reflecting: $0.0).children.first?.label ?? "\($0.0)" })
    #expect(Set(cases) == tested)
  }

  @Test("Every setting has an option to name", arguments: Setting.allCases)
  func settings(setting: Setting) {
    let option =
      switch setting {
      case .promptCache: "--no-prompt-cache"
      case .prices: "prices in config.yaml"
      default: "--\(setting.rawValue.replacing("_", with: "-"))"
      }
    #expect(AdviceWords().text(.raise(setting)) == "allow more with \(option)")
    #expect(SettingEntry.all.contains { $0.setting == setting })
  }
}
