import Foundation
import TestSupport
import Testing

/// A database on a PostgreSQL server. What needs a server that is stopped or cut off is in the torture.
@Suite(.enabled(if: PostgresServer.shared != nil, "PostgreSQL is not installed"), .crowd, .inGoodTime)
struct PostgresTests {
  private let server: PostgresServer
  private let home: Home

  init() throws {
    server = try #require(PostgresServer.shared)
    home = try Home(database: server.freshSchema())
  }

  /// A home with another URL.
  private func home(role: String, database: String = "postgres", parameters: String = "") throws -> Home {
    try Home(database: server.url(role: role, database: database, parameters: parameters))
  }

  // MARK: The same as in a file

  /// A whole evening: what it prints may only differ in ids and times.
  private static let script: [[String]] = [
    ["legacies"], ["legacies", "add", "Rose"], ["legacies", "add", "rose"], ["legacies", "add", "Zoë", "--new"],
    ["legacies", "-o", "json"], ["send", "Hello"],
    ["send", "--legacy", "Rose", "--name", "kitchen", "She sang in the kitchen."],
    ["send", "--legacy", "Rose", "--name", "kitchen", "It smelled of plums, don't you think?"],
    ["send", "--legacy", "Rose", "--persona", "friend", "-o", "ndjson", "東京 was far away."],
    ["send", "--legacy", "Zoë", "--idempotency-key", "k1", "A key."],
    ["send", "--legacy", "Zoë", "--idempotency-key", "k1", "A key."],
    ["send", "--legacy", "Zoë", "--idempotency-key", "k1", "Another text."],
    ["send", "--legacy", "Rose", "--new", "--model", "simulator.legacy", "This one fails."],
    ["conversations"], ["conversations", "--legacy", "Rose", "-o", "json"], ["conversations", "--limit", "1"],
    ["history", "kitchen"], ["history", "kitchen", "-o", "json"],
    ["history", "kitchen", "--limit", "2", "--offset", "1"],
    ["history", "--tail", "1", "kitchen"], ["history", "kitchen", "--since", "2020-01-01"],
    ["search", "sang"], ["search", "don't"], ["search", "東京"], ["search", "plum", "-o", "json"],
    ["search", "nothing of that"], ["search", "singing", "--legacy", "Rose"],
    ["send", "--legacy", "Rose", "--new", "--dry-run", "-o", "json", "What did she sing in the kitchen?"],
    ["conversations", "rename", "kitchen", "The kitchen"], ["conversations"],
    ["legacies", "share", "Rose", "--with", "ben"], ["legacies", "members", "Rose"], ["legacies", "--user", "ben"],
    ["usage"], ["usage", "--by", "day"], ["usage", "--by", "legacy", "-o", "json"], ["usage", "--by", "model"],
    ["questions", "--legacy", "Rose", "--chapter", "Roots"], ["export", "--legacy", "Rose", "-o", "ndjson"],
    ["export", "kitchen"], ["delete", "kitchen", "--yes"], ["history", "kitchen"],
    ["legacies", "remove", "Zoë", "--yes"],
    ["legacies"], ["retry"], ["send", "--retry", "--all"], ["doctor", "--nothing"],
    // Names and ids of nothing that there is.
    ["send", "--legacy", "Rosa", "Hello"], ["send", "--legacy", "abcd1234", "--dry-run", "Hello"],
    ["send", "--conversation", "kitchn", "Hello"], ["search", "x", "--legacy", "Nope"], ["usage", "--legacy", "Nope"],
    ["legacies", "rename", "Nope", "Yes"], ["legacies", "remove", "Nope", "--yes"], ["legacies", "members", "Nope"],
    ["legacies", "share", "Nope", "zoe"], ["legacies", "unshare", "Nope", "zoe"], ["history", "Nope"],
    ["legacies", "members", "00000000-0000-4000-8000-000000000000"], ["send", "--retry", "--message", "abcd"],
    ["delete", "--message", "Nope", "--yes"], ["export", "--legacy", "Nope"], ["questions", "--legacy", "Nope"],
  ]

  /// What a command says, without what differs from run to run.
  private func said(_ arguments: [String], in home: Home) async throws -> String {
    let ended = try await home.mosaic(arguments).run()
    return "\(ended.status)\n\(ended.output)\n\(ended.errors)"
      .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "ID")
      .replacing(/\b[0-9a-f]{8}\b/, with: "ID")
      .replacing(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z?/, with: "TIME")
      .replacing(/"(latency_ms|first_chunk_ms)":\d+/, with: "LATENCY")
      .replacing(home.path, with: "HOME")
  }

  @Test("An evening of commands prints the same over both engines, ids and times apart")
  func sameOutput() async throws {
    let file = try Home(database: "\(home.path)/file.sqlite3")
    for arguments in PostgresTests.script {
      let (ours, theirs) = (try await said(arguments, in: home), try await said(arguments, in: file))
      let isAboutFile =
        theirs.contains("There is no database yet") || theirs.contains("does not exist (MOSAIC_AI_DATABASE)")
      if !isAboutFile { #expect(ours == theirs, "\(arguments)") }
    }
  }

  @Test(
    "The year 0 is the same in both kinds of database", .enabled(if: OddMachine.hasFaults, "there is no C compiler"))
  func yearZero() async throws {
    for seconds in ["-62167219201", "-62135596801", "-62135596800"] {
      let home = try Home(database: server.freshSchema())
      let file = try Home(database: "\(home.path)/file.sqlite3")
      var usage: [[JSONText]] = []
      for home in [home, file] {
        for arguments in [["legacies", "add", "Rose"], ["send", "--model", home.model("echo"), "Hello."]] {
          #expect(try await home.mosaic(arguments).with(fault: "FAULT_CLOCK", seconds).run().status == 0)
        }
        let ended = try await home.mosaic("usage", "--by", "day", "-o", "json").with("TZ", "UTC0").run()
        usage.append(try ended.json().elements.map { $0["key"] })
      }
      #expect(usage[0] == usage[1] && usage[0].count == 1, "\(seconds): \(usage)")
    }
  }

  @Test("An export goes both ways, and comes back the same")
  func moving() async throws {
    let file = try await Home.remembering()
    for text in ["One.", "Two é 🌻", "It's \"three\"."] { try await file.succeed("send", text) }
    let export = try await file.succeed("export", "--legacy", "Rose", "-o", "ndjson").output
    let path = try home.write(export, to: "rose.ndjson")
    try await home.succeed("import", path)
    let moved = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output
    #expect(moved == export)
    try await home.succeed("import", path)
    #expect(try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output == export)
    let back = try Home()
    try await back.succeed("import", try back.write(moved, to: "rose.ndjson"))
    #expect(try await back.succeed("export", "--legacy", "Rose", "-o", "ndjson").output == export)
    #expect(try await home.succeed("search", "three").output.contains("three"))
  }

  @Test("What PostgreSQL cannot store becomes U+FFFD, in what is shown too")
  func nul() async throws {
    try await home.succeed("legacies", "add", "Rose")
    let reply = try await home.json("send", "--model", home.model("controls"), "Hello")["content"].string ?? ""
    #expect(reply.contains("\u{fffd}") && !reply.contains("\0") && reply.contains("\u{1b}"))
    #expect(try await home.messages()[1].content == reply)
  }

  // MARK: Several at once

  @Test("Eight first messages at once make one conversation with eight exchanges")
  func crowd() async throws {
    try await home.succeed("legacies", "add", "Rose")
    let sends = try (0..<8).map { try home.mosaic("send", "--model", home.model("echo"), "Message \($0).").start() }
    for send in sends { #expect(try await send.end().status == 0) }
    #expect(try await home.conversationCount() == 1)
    let messages = try await home.messages()
    #expect(messages.count == 16 && messages.statuses.allSatisfy { $0 == "complete" })
    #expect(Set(messages.contents).count == 8)
  }

  @Test("A killed process's message is settled by whoever looks next")
  func killed() async throws {
    try await home.succeed("legacies", "add", "Rose")
    let send = try home.mosaic("send", "--model", home.model("hang-1"), "Hello").start()
    try await send.shows("Part 1.")
    // The first text is stored once it has been shown.
    try await home.eventually { try await home.messages().statuses == ["pending", "streaming"] }
    send.signal(SIGKILL)
    _ = try await send.end()
    // The server takes moments to notice.
    try await Task.sleep(for: .milliseconds(500))
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
    #expect(try await home.mosaic("send", "--retry").run().status == 0)
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  @Test("A connection that is cut in mid-reply is made again, and the reply goes on")
  func cut() async throws {
    try await home.succeed("legacies", "add", "Rose")
    let schema = try #require(home.variables["MOSAIC_AI_DATABASE"]?.split(separator: "D").last)
    let send = try home.mosaic("send", "--model", home.model("slow-100"), "Hello").start()
    try await send.shows("This is")
    // Whoever holds a claim on a message of this schema.
    let killed = try server.sql(
      """
      SELECT count(pg_terminate_backend(pid)) FROM pg_locks JOIN \(schema).ai_messages ON status = 'pending'
      WHERE locktype = 'advisory' AND objsubid = 1
        AND objid::bigint = ('x' || right(replace(id::text, '-', ''), 8))::bit(32)::bigint
      """)
    #expect(killed == "1")
    let ended = try await send.end()
    #expect(ended.status == 0, "\(ended.errors)")
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "complete"])
    #expect(messages[1].content + "\n" == ended.output)
  }

  // MARK: Failures

  @Test(
    "What cannot be used is the configuration's fault, and no password is shown",
    arguments: [
      "guarded:s3cret-word@HOST/postgres", "guarded@HOST/postgres", "refused:s3cret-word@HOST/postgres",
      "nobody-known:s3cret-word@HOST/postgres", "postgres:s3cret-word@HOST/missing",
      "postgres:s3cret-word@HOST/postgres?sslmode=verify-full&sslrootcert=/nowhere&host=127.0.0.1&port=1",
    ])
  func refused(url: String) async throws {
    _ = try? server.sql("CREATE ROLE guarded LOGIN PASSWORD 'right'; CREATE ROLE refused LOGIN")
    let database = "postgresql://" + url.replacing("HOST", with: server.folder.replacing("/", with: "%2F"))
    let home = try Home(database: database)
    for command in [["legacies"], ["legacies", "add", "Rose"], ["legacies", "-v"], ["doctor"]] {
      let ended = try await home.mosaic(command).run()
      #expect(ended.status == 78 || url.contains("port=1"), "\(command): \(ended.errors)")
      #expect(!(ended.output + ended.errors).contains("s3cret"))
      #expect(command == ["doctor"] || ended.errors.contains("hint:"))
    }
  }

  @Test("A database that is dropped while a reply streams is gone, and nothing is said to be saved")
  func dropped() async throws {
    let database = "dropped_\(getpid())"
    try server.sql("CREATE DATABASE \(database)")
    let home = try home(role: "postgres", database: database)
    try await home.succeed("legacies", "add", "Rose")
    try await home.succeed("send", "--model", home.model("echo"), "Before.")
    let following = try home.mosaic("history", "--follow").start()
    try await following.shows("Before.")
    let sending = try home.mosaic("send", "-o", "ndjson", "--model", home.model("slow-100"), "Hello.").start()
    try await sending.shows("This is")
    try server.sql("DROP DATABASE \(database) WITH (FORCE)")
    let ended = try await sending.end()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    #expect(ended.error.contains(database) && !ended.errors.contains("saved"), "\(ended.errors)")
    #expect(!ended.errors.contains("--retry") && !ended.errors.contains("createdb"), "\(ended.errors)")
    #expect(try ended.jsonLines().last?["message_id"] == .null)
    let followed = try await following.end()
    #expect(followed.status == 74, "\(followed.ending) \(followed.errors)")
  }

  @Test(
    "A server that is not there is temporary",
    arguments: [
      "127.0.0.1:1", "%2Fnowhere", "localhost:1,127.0.0.1:1", "certificate.localhost:1", "nohost.invalid",
      "%2Ftmp%2Finvalid%20certificate",
    ])
  func unreachable(host: String) async throws {
    let home = try Home(database: "postgresql://ada:s3cret@\(host)/memories")
    let ended = try await home.mosaic("send", "-o", "ndjson", "Hello").run()
    #expect(ended.status == 75)
    #expect(ended.output.contains("\"database_unavailable\""))
    #expect(!(ended.output + ended.errors).contains("s3cret"))
  }

  @Test(
    "A URL that cannot be read, or is of another kind, is a usage error without a password or a new file",
    arguments: [
      "postgresql://ada:s3cret@host@other/db", "postgresql://ada:s3/cret@host/db",
      "postgresql://ada:s3cret@host/db?wrong=1", "postgresql://ada:s3cret@\u{301}host/db",
      "mysql://ada:s3cret@\u{301}host/db",
      "postgresql://ada:4711?s3cret@host/db", "postgresql://ada:s3cret@host:port/db", "mysql://ada:s3cret@host/db",
      "postgresql+psycopg://ada:s3cret@host/db",
    ])
  func unreadable(url: String) async throws {
    let home = try Home(database: url)
    for command in [["legacies", "add", "Rose"], ["legacies", "-v"], ["config", "list"], ["backup", "b"]] {
      let ended = try await home.mosaic(command).run()
      #expect([64, 78].contains(ended.status) || command == ["config", "list"])
      let said = ended.output + ended.errors
      #expect(["s3", "cret", "4711"].allSatisfy { !said.contains($0) }, "\(said)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  @Test("A copy is made with PostgreSQL's own programs", arguments: [("backup", "pg_dump"), ("restore", "pg_restore")])
  func copies(command: String, program: String) async throws {
    let ended = try await home.mosaic(command, "file").run()
    #expect(ended.status == 64 && ended.errors.contains(program))
  }

  @Test("A role that may not create tables is told how, and uses those that someone else has made")
  func withoutRights() async throws {
    let database = "rights\(home.mark)"
    _ = try? server.sql("CREATE ROLE typist LOGIN")
    try server.sql("CREATE DATABASE \(database)")
    try server.sql("REVOKE CREATE ON DATABASE \(database) FROM PUBLIC")
    let typist = try self.home(role: "typist", database: database)
    let refused = try await typist.mosaic("legacies", "add", "Rose").run()
    #expect(refused.status == 78 && refused.errors.contains("mosaic-ai database migrate --print"))
    let script = try await typist.succeed("database", "migrate", "--print").output
    try server.sql(script, database: database)
    let unauthorized = try await typist.mosaic("legacies", "add", "Rose").run()
    #expect(unauthorized.status == 78 && !unauthorized.errors.contains("database migrate"), "the tables are there")
    let grants = try #require(script.firstMatch(of: /\/\*[^\n]*\n(.*)\*\//.dotMatchesNewlines())?.1)
    try server.sql(String(grants).replacing("ROLE_NAME", with: "typist"), database: database)
    try await typist.succeed("legacies", "add", "Rose")
    try await typist.succeed("send", "Hello")
    #expect(try await typist.messages().count == 2)
  }

  @Test("Tables of a newer version are left alone")
  func newer() async throws {
    try await home.succeed("legacies", "add", "Rose")
    let schema = try #require(home.variables["MOSAIC_AI_DATABASE"]?.split(separator: "D").last)
    try server.sql("UPDATE \(schema).mosaic_ai_version SET version = 99")
    let ended = try await home.mosaic("legacies", "add", "Ben").run()
    #expect(ended.status == 74 && ended.errors.contains("newer version"))
    #expect(try server.sql("SELECT name FROM \(schema).legacies") == "Rose")
  }

  @Test(
    "Tables of version 1 are brought up to date with everything in them, and indexed again", arguments: [true, false])
  func older(isPrinted: Bool) async throws {
    try await home.succeed("legacies", "add", "Rose")
    try await home.succeed("send", "She sang 🌻.")
    let schema = try #require(home.variables["MOSAIC_AI_DATABASE"]?.split(separator: "D").last)
    try server.sql(
      """
      UPDATE \(schema).mosaic_ai_version SET version = 1;
      ALTER TABLE \(schema).search_blocks RENAME COLUMN entries TO documents;
      SELECT setval('\(schema).search_words_id_seq', 30000);
      INSERT INTO \(schema).search_blocks VALUES (1, 256, 1, 2, '\\x0100000010', '\\x00000000');
      INSERT INTO \(schema).search_words VALUES (1, 'sang', 'sang', 1);
      """)
    if isPrinted {
      let script = try await home.succeed("database", "migrate", "--print", "--from", "1").output
      try server.sql(script.replacing("search_path TO mosaic_ai", with: "search_path TO \(schema)"))
    }
    #expect(try await home.succeed("search", "🌻", "-o", "ndjson").jsonLines().count == 2)
    #expect(try server.sql("SELECT version FROM \(schema).mosaic_ai_version") == "2")
    #expect(try server.sql("SELECT count(*) FROM \(schema).search_blocks WHERE entries IS NOT NULL") == "0")
    #expect(
      try server.sql("SELECT last_value FROM \(schema).search_words_id_seq") == "1", "recall looks at the highest")
  }

  @Test("What others do at the same time is waited out", arguments: ["40001", "40P01"])
  func conflicts(code: String) async throws {
    try await home.succeed("legacies", "add", "Rose")
    let schema = try #require(home.variables["MOSAIC_AI_DATABASE"]?.split(separator: "D").last)
    try server.sql(
      """
      CREATE SEQUENCE \(schema).tries;
      CREATE FUNCTION \(schema).refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('\(schema).tries') <= 3 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '\(code)'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON \(schema).ai_messages FOR EACH ROW EXECUTE FUNCTION \(schema).refuse()
      """)
    #expect(try await home.mosaic("send", "Hello").run().status == 0)
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  @Test("If there is no room for another connection, it is waited for")
  func crowded() async throws {
    let (home, _) = try limited(to: 1)
    try await home.succeed("legacies", "add", "Rose")
    let send = try home.mosaic("send", "--model", home.model("slow-20"), "Hello").start()
    try await send.shows("This is")
    let look = try await home.mosaic("legacies").run()
    #expect(look.status == 0, "\(look.errors)")
    #expect(try await send.end().status == 0)
  }

  /// What the server does with a role's next session, and what makes that pass.
  private static let refusals = [
    ("CONNECTION LIMIT 0", "CONNECTION LIMIT 10"),
    // As when another server becomes the primary.
    ("SET default_transaction_read_only = on", "RESET default_transaction_read_only"),
  ]

  @Test("A reply whose connection is cut goes on, though the server refuses it for a while", arguments: refusals)
  func refusedForAWhile(refusal: String, end: String) async throws {
    let (home, role) = try limited(to: 10)
    try await home.succeed("legacies", "add", "Rose")
    let send = try home.mosaic("send", "--model", home.model("slow-100"), "Hello").start()
    try await send.shows("This is")
    try server.sql("ALTER ROLE \(role) \(refusal)")
    let killed = try server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '\(role)'")
    #expect(killed.hasPrefix("t"))
    // Until the next pieces of the reply are to be stored.
    try await Task.sleep(for: .seconds(1))
    try server.sql("ALTER ROLE \(role) \(end)")
    let ended = try await send.end()
    #expect(ended.status == 0, "\(ended.errors)")
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "complete"])
    #expect(messages[1].content + "\n" == ended.output)
  }

  /// A home with a database and a role of its own, which may have that many connections.
  private func limited(to connections: Int) throws -> (home: Home, role: String) {
    let role = "limited\(home.mark)"
    try server.sql("CREATE ROLE \(role) LOGIN CONNECTION LIMIT \(connections)")
    try server.sql("CREATE DATABASE \(role) OWNER \(role)")
    return (try home(role: role, database: role), role)
  }

  @Test("The encoding that the environment asks for changes no letter")
  func clientEncoding() async throws {
    try await home.succeed("legacies", "add", "Rose")
    let ended = try await home.mosaic("send", "--model", home.model("echo"), "Zoë 🌻").with("PGCLIENTENCODING", "LATIN1")
      .run()
    #expect(ended.status == 0 && ended.output == "Zoë 🌻\n", "\(ended.errors)")
    #expect(try await home.messages().contents == ["Zoë 🌻", "Zoë 🌻"])
  }

  @Test("A database in another encoding is refused before anything is made in it")
  func encoding() async throws {
    let database = "latin\(home.mark)"
    try server.sql("CREATE DATABASE \(database) ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    let home = try self.home(role: "postgres", database: database)
    let ended = try await home.mosaic("legacies", "add", "Rose").run()
    #expect(ended.status == 78 && ended.errors.contains("LATIN1"))
    #expect(try server.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'mosaic_ai'", database: database) == "0")
  }

  @Test("The doctor looks at the server, and shows no password")
  func doctor() async throws {
    try await home.succeed("legacies", "add", "Rose")
    let checks = try await home.json("doctor")["checks"].elements
    func value(_ name: String) -> String? { checks.first { $0["name"].string == name }?["value"].string }
    #expect(value("database")?.hasPrefix("postgresql://postgres@") == true)
    #expect(value("database_server")?.hasPrefix("PostgreSQL ") == true)
    #expect(value("database_schema") == "2")
  }

  @Test("A server that closes every connection at the first look is asked again with pauses, until a signal comes")
  func closing() async throws {
    let fake = try FakePostgres(closingAt: "BEGIN")
    let home = try Home(database: fake.url)
    for arguments in [["legacies"], ["legacies", "add", "Rose"], ["send", "--legacy", "Rose", "Hello."]] {
      let before = fake.connections
      let running = try home.mosaic(arguments).start()
      try await Task.sleep(for: .seconds(3))
      running.signal(SIGTERM)
      let ended = try await running.end()
      #expect(ended.ending == .killed(by: SIGTERM), "\(arguments): \(ended.ending) \(ended.errors)")
      #expect((3..<60).contains(fake.connections - before), "\(arguments): \(fake.connections - before)")
    }
  }

  @Test("A time of no end, as someone else may have written it, is the last there is", arguments: ["", "-"])
  func infinity(sign: String) async throws {
    try await home.succeed("legacies", "add", "Rose")
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    let schema = try #require(home.variables["MOSAIC_AI_DATABASE"]?.split(separator: "D").last)
    try server.sql("UPDATE \(schema).ai_messages SET created_at = '\(sign)infinity'")
    for arguments in [
      ["history"], ["search", "Hello"], ["export", "last"], ["usage", "--by", "day"], ["conversations"],
    ] {
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == 0, "\(arguments): \(ended.ending) \(ended.errors)")
    }
    let shown = try await home.json("history")["messages"].elements.map { $0["created_at"].string }
    #expect(Set(shown) == [sign.isEmpty ? "9999-12-31T23:59:59.999Z" : "0000-01-01T00:00:00.000Z"])
  }
}
