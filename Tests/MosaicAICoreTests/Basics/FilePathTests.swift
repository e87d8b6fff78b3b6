import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct FilePathTests {
  @Test(
    "A URL is not a path, whatever was copied along with it, and nor is a password or who it belongs to",
    arguments: [
      "postgresql://zoe:pass-word@h/db", "\"postgresql://zoe:pass-word@h/db\"", "'postgres://zoe:pass-word@h/db'",
      "DATABASE_URL=postgresql://zoe:pass-word@h/db", "postgresql+psycopg2_async://zoe:pass-word@h/db",
      "<postgresql://zoe:pass-word@h/db>", "\u{feff}postgresql://zoe:pass-word@h/db", "\u{feff}mysql:zoe:pass-word@h",
      "psql postgresql://zoe:pass-word@h/db", "postgresql//zoe:pass-word@h/db", "/home/zoe/https://zoe:pass-word@h/q",
      "zoe:pass-word@h:5432/db", "zoe:pass@word@h", "//zoe:pass-word@h/db", "connect_timeout=5 password=pass-word",
      "application_name=x password=pass-word host=h", "options=-csearch_path=x password = 'pass-word'",
      "passfile=/home/zoe/pass-word", "x=1 sslpassword=pass-word", "PGPASSWORD=pass-word psql",
      "Server=h;Pwd=pass-word",
      "HOST=h;PASSWORD=pass-word", "jdbc:postgresql:zoe:pass-word@h", "host=h", "://\u{301}zoe:pass-word@h",
    ])
  func noPath(text: String) throws {
    let failure = try failure { try FilePath.checked(text, "the thing") }
    #expect(failure.code == .usage && failure.names("the thing") && !failure.names("pass"))
    #expect(!FilePath.shown(text).contains("pass") && FilePath.shown(text).contains("…"))
    #expect(FilePath.problem(of: text)?.contains("pass-word") == false)
    // A file of any name can be given.
    #expect(try FilePath.checked("./\(text)", "the thing") == "./\(text)")
    #expect(FilePath.shown("./\(text)") == "./\(text)")
  }

  @Test(
    "A path is one, whatever marks are in it",
    arguments: [
      "db", "/home/zoe/db", "data//db", "a:b/c", "12:30", ":memory:", "file:db", "file::memory:", "-db", "zoe@home/db",
      "/home/zoe@home:8/db", "a/b:c@d", "x=1", "password", "my password.db", "/data/password=x", "zoe:@h", "C:/db",
      "a b'\"`$(x)", "~/db", "/dev/fd/63",
    ])
  func path(text: String) throws {
    #expect(try FilePath.checked(text, "it") == text)
    #expect(FilePath.shown(text) == text && FilePath.problem(of: text) == nil)
  }

  @Test(
    "A URL is shown by its kind, which is never a password",
    arguments: [
      ("mysql://zoe:pass@h", "mysql:…"), (" jdbc:postgresql://h", "jdbc:…"), ("x y://h", "…"),
      ("\"https://h\"", "https:…"),
      ("zoe:pass:/h", "zoe:…"),
    ])
  func shown(text: String, expected: String) { #expect(FilePath.shown(text) == expected) }

  @Test("What is empty or has a NUL is no path, and the failure has the code that was asked for")
  func odd() throws {
    for text in ["", "a\0b", "https://h"] {
      #expect(try failure { try FilePath.checked(text, "it", code: .configInvalid) }.code == .configInvalid)
    }
  }
}
