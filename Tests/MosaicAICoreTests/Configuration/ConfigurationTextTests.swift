import TestSupport
import Testing

import Platform

@testable import MosaicAICore

/// `config.yaml`, changed without a person.
@Suite struct ConfigurationTextTests {
  private func text(_ yaml: String) throws -> ConfigurationText {
    try ConfigurationText(Array(yaml.utf8), path: "config.yaml", formats: ["text", "json"])
  }

  private func set(_ yaml: String, _ setting: Setting, _ value: String) throws -> String {
    var text = try text(yaml)
    try text.set(setting, to: value)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  @Test(
    "A comment stays whatever is quoted in it, and no part of a value becomes one",
    arguments: [
      ("user: 'anna' # that's me\n", "user: bob  # that's me\n"),
      ("user: \"anna\" # the \"real\" one\n", "user: bob  # the \"real\" one\n"),
      ("user: anna\t# tab\n", "user: bob  # tab\n"), ("user: 'it''s # x' # y\n", "user: bob  # y\n"),
      ("user: \"a \\\" # x\" # y\n", "user: bob  # y\n"), ("user: a#b\n", "user: bob\n"),
      ("user: it's # x\n", "user: bob  # x\n"), ("user: a, 'x # y'\n", "user: bob  # y'\n"),
      ("user: anna\n  # indented\nlegacy: Rose\n", "user: bob\n  # indented\nlegacy: Rose\n"),
      ("user: |\n  anna\n  # part\nlegacy: Rose\n", "user: bob\nlegacy: Rose\n"),
    ])
  func quotesAndComments(before: String, after: String) throws {
    #expect(try set(before, .user, "bob") == after)
    var removed = try text(before)
    #expect(try removed.unset(.user))
    #expect(
      String(decoding: removed.bytes, as: UTF8.self)
        == after.split(separator: "\n").dropFirst().map { "\($0)\n" }.joined())
  }

  @Test("Within braces, quotes are values'")
  func mappings() throws {
    let before = "model_fields: {\"a\":\"x: y # z\", 'b': 'c # d'} # e\n"
    #expect(try set(before, .modelFields, #"{"a":1e400}"#) == "model_fields: {\"a\":1e400}  # e\n")
    #expect(try set("", .modelFields, #"{"a":"\ud83d\ude00"}"#).contains("😀"))
    for value in [#"{"a":"\ud83d"}"#, "{\"a\":\"\u{2028}\"}"] {
      #expect(throws: Failure.self) { try set("", .modelFields, value) }
    }
    #expect(throws: Failure.self) { try set("", .user, "a\u{2028}b") }
  }

  @Test("Comments, blank lines and order stay")
  func comments() throws {
    let yaml = "# mine\n\nregion: us-east-1  # home\n\n# who\nuser: ada\n"
    #expect(
      try set(yaml, .region, "eu-west-1") == "# mine\n\nregion: eu-west-1  # home\n\n# who\nuser: ada\n")
    #expect(try set(yaml, .model, "m") == yaml + "model: m\n")
    #expect(try set("user: ada", .model, "m") == "user: ada\nmodel: m\n", "a last line without its end")
    var text = try text(yaml)
    #expect(try text.unset(.region))
    #expect(String(decoding: text.bytes, as: UTF8.self) == "# mine\n\n\n# who\nuser: ada\n")
    #expect(try !text.unset(.region))
  }

  @Test(
    "Any text comes back as it was",
    arguments: [
      "a b", "it's", "null", "~", "~/x", "- x", "a: b", "a #b", "#", "{a}", "[", "\"", "'", "true", "12", "é漢", "x:",
      "@a",
      "a\\b", "%", "*a", "&a", "!x", "|", ">", "'\u{301}x", "&j:*'\u{317}N}}",
    ])
  func quoting(value: String) throws {
    for yaml in ["", "model: 'old' # c\nuser: ada\n", "model: >\n  old\n  text\nuser: ada\n"] {
      let changed = try text(set(yaml, .model, value))
      #expect(changed.value(of: .model) == value)
      if !yaml.isEmpty { #expect(changed.value(of: .user) == "ada") }
    }
  }

  @Test(
    "A mapping is JSON, however it is written, and stays the same if that is set",
    arguments: [
      "prices:\n  m: # dear\n    input: 3\n    output: 15\n", "prices: {m: {input: 3, output: 15}}\n",
      "prices: {\"m\":{\"input\":3,\"output\":15}}\n",
    ])
  func mapping(yaml: String) throws {
    let shown = #"{"m":{"input":3,"output":15}}"#
    #expect(try text(yaml).value(of: .prices) == shown)
    #expect(try set(yaml, .prices, shown) == "prices: \(shown)\n")
    #expect(try text("prompt_cache: false\ntimeout: 0.5\n").value(of: .promptCache) == "false")
    #expect(try text("prompt_cache: false\ntimeout: 0.5\n").value(of: .timeout) == "0.5")
  }

  @Test(
    "What a reader would refuse is refused",
    arguments: [
      (Setting.maximumTokens, "0"), (.maximumTokens, "many"), (.timeout, "-1"), (.region, "us east"), (.output, "xml"),
      (.endpointURL, "ftp://x"), (.model, ""), (.model, "a\nuser: eve"), (.maximumAttempts, "101"),
    ])
  func refused(setting: Setting, value: String) throws {
    do {
      _ = try set("user: ada\n", setting, value)
      Issue.record("\(setting) took \(value)")
    } catch let failure as Failure {
      #expect(failure.code == .usage && !failure.message.hasPrefix(":"))
    }
  }

  @Test("A file that cannot be changed line by line is left alone", arguments: ["{user: ada}\n", "user: ada\n...\n"])
  func unchangeable(yaml: String) throws {
    do {
      _ = try set(yaml, .model, "m")
      Issue.record("it was changed")
    } catch let failure as Failure { #expect(failure.code == .configInvalid) }
  }

  @Test("A key within a value of several lines is not a key")
  func keyWithinValue() throws {
    for yaml in ["user: \"ada\nmodel:  >\n  x\"\n", "user: 'ada\nmodel: x'\n"] {
      var file = try text(yaml)
      let before = file
      #expect(throws: Failure.self) { try file.set(.model, to: "m") }
      #expect(try !file.unset(.model))
      #expect(file == before)
    }
    // What looks like the key comes before it: the other value must not change in its place.
    for value in ["x", "m"] {
      var file = try text("user: \"ada\nmodel: x\ny\"\nmodel: m\n")
      let before = file
      #expect(throws: Failure.self) { try file.set(.model, to: value) }
      #expect(file == before)
    }
  }

  @Test("A value whose lines are not indented stays whole")
  func unindentedValue() throws {
    var file = try text("user: \"ada\nlovelace\"\n")
    let before = file
    #expect(before.value(of: .user) == "ada lovelace")
    #expect(throws: Failure.self) { try file.unset(.user) }
    #expect(throws: Failure.self) { try file.set(.user, to: "eve") }
    #expect(file == before)
  }

  @Test("A broken file is not changed, and an unknown setting suggests the nearest")
  func broken() throws {
    #expect(throws: Failure.self) { try text("user: [") }
    #expect(throws: Failure.self) { try text("usr: x\n") }
    do {
      _ = try ConfigurationText.setting(named: "max-token")
      Issue.record("there is such a setting")
    } catch let failure as Failure {
      #expect(failure.code == .usage && failure.advice == .didYouMean(["max_tokens"]))
    }
  }

  @Test("An API key is kept for its user alone, and a file that others can read is refused")
  func apiKey() throws {
    let folder = try TemporaryFolder()
    let file = APIKeyFile("\(folder.path)/x/credentials.yaml")
    #expect(try file.key() == nil)
    try file.keep(Secret("ABSK+/=key"))
    #expect(try file.key() == Secret("ABSK+/=key"))
    #expect(LocalFile(file.path).mode == 0o600)
    chmod(file.path, 0o640)
    do {
      _ = try file.key()
      Issue.record("others can read it")
    } catch let failure as Failure {
      #expect(failure.code == .configInvalid && !failure.message.contains("ABSK"))
    }
  }
}
