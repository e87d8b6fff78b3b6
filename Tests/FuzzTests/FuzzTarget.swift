import Foundation

import Platform

@testable import MosaicAICore

/// Code that reads what others wrote, fed with any bytes at all. It may refuse them; it may not crash, hang, or break a
/// promise.
enum FuzzTarget: String, CaseIterable {
  /// The event-stream decoder: raw bytes, and frames whose checksums are right.
  case decoder
  /// A reply of ConverseStream: frames of every kind around payloads of any bytes.
  case stream
  /// The reader of JSON payloads, and the writer of JSON texts.
  case json
  /// Answers of credential services, in JSON and XML, and times in them.
  case credentials
  /// What logins and programs leave: the token of `aws sso login`, cached credentials, what `credential_process`
  /// prints.
  case login
  /// The AWS CLI's files.
  case ini
  /// `personas.yaml`, `questions.yaml` and `config.yaml`.
  case yaml
  /// What `import` reads.
  case archive
  /// Files of questions, in every format.
  case questions
  /// The path, the query and the headers that are signed.
  case signing
  /// What is searched for, in what was said, and what is recalled of it.
  case search
  /// Times as people, services and servers write them.
  case times
  /// `config.yaml` while it is changed.
  case settings

  /// A promise that was broken.
  struct Broken: Error {
    let promise: String
  }

  /// Reads `bytes`.
  ///
  /// - Throws: `Broken`
  func run(_ bytes: [UInt8]) throws {
    switch self {
    case .decoder: try FuzzTarget.decode(bytes)
    case .stream: try FuzzTarget.readStream(bytes)
    case .json: try FuzzTarget.readJSON(bytes)
    case .credentials: try FuzzTarget.readCredentials(bytes)
    case .login: try FuzzTarget.readLogin(bytes)
    case .ini: try FuzzTarget.readINI(bytes)
    case .yaml: try FuzzTarget.readYAML(bytes)
    case .archive: try FuzzTarget.readArchive(bytes)
    case .questions: try FuzzTarget.readQuestions(bytes)
    case .signing: try FuzzTarget.sign(bytes)
    case .search: try FuzzTarget.search(bytes)
    case .times: try FuzzTarget.readTimes(bytes)
    case .settings: try FuzzTarget.changeSettings(bytes)
    }
  }

  /// The first byte says where the bytes are cut in two, and whether checksums are put right.
  private static func decode(_ bytes: [UInt8]) throws {
    guard let first = bytes.first else { return }
    let input = first & 1 == 0 ? Array(bytes.dropFirst()) : framed(bytes.dropFirst())
    let whole = decode([input[...]])
    let cut = input.count * Int(first >> 1) / 127
    try promise(whole == decode([input[..<cut], input[cut...]]), "the cut between two reads changes nothing")
  }

  /// What a decoder makes of bytes that come in those pieces.
  private static func decode(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var decoder = EventStreamDecoder()
    var found: [String] = []
    do {
      for piece in pieces {
        try piece.withUnsafeBytes { bytes in
          try decoder.decode(bytes) { message in
            let headers = message.headers.strings.sorted { $0.key < $1.key }
            found.append("\(headers) \(message.payload.count) \(CRC32.checksum(message.payload))")
          }
        }
      }
      try decoder.finish()
    } catch {
      found.append("\(error)")
    }
    return found
  }

  /// Frames with right checksums: each takes a byte for the length of its headers, one for that of its payload, and
  /// their bytes.
  private static func framed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var rest = bytes
    var frames: [UInt8] = []
    while let headersLength = rest.popFirst(), let payloadLength = rest.popFirst() {
      let headers = rest.prefix(Int(headersLength))
      let payload = rest.dropFirst(headers.count).prefix(Int(payloadLength))
      frames += frame(headers: Array(headers), payload: Array(payload))
      rest = rest.dropFirst(headers.count + payload.count)
    }
    return frames
  }

  private static func frame(headers: [UInt8], payload: [UInt8]) -> [UInt8] {
    var frame = bigEndian(UInt32(16 + headers.count + payload.count)) + bigEndian(UInt32(headers.count))
    frame += bigEndian(frame.withUnsafeBytes(CRC32.checksum)) + headers + payload
    return frame + bigEndian(frame.withUnsafeBytes(CRC32.checksum))
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian, Array.init) }

  private static let kinds = [
    (":message-type", "event", ":event-type", "messageStart"),
    (":message-type", "event", ":event-type", "contentBlockDelta"),
    (":message-type", "event", ":event-type", "contentBlockStop"),
    (":message-type", "event", ":event-type", "messageStop"),
    (":message-type", "event", ":event-type", "metadata"), (":message-type", "event", ":event-type", "unheardOf"),
    (":message-type", "exception", ":exception-type", "throttlingException"),
    (":message-type", "error", ":error-code", "Unheard"),
  ]

  /// Lines: the first byte of each is the kind of frame, the rest is its payload.
  private static func readStream(_ bytes: [UInt8]) throws {
    let receiver = Receiver()
    let reader = ConverseStreamReader(request, region: "us-east-1", to: receiver)
    var failure: (any Error)?
    do {
      try reader.receive(
        head: HTTPResponseHead(status: 200, headers: [("Content-Type", "application/vnd.amazon.eventstream")]))
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        let kind = kinds[Int(line[line.startIndex]) % kinds.count]
        let headers = header(kind.0, kind.1) + header(kind.2, kind.3)
        try frame(headers: headers, payload: Array(line.dropFirst())).withUnsafeBytes(reader.receive(body:))
      }
    } catch {
      failure = error
    }
    _ = try? reader.finish(after: failure)
    try promise(String(validating: receiver.text, as: UTF8.self) != nil, "a reply is valid UTF-8")
  }

  /// A header that holds a short text.
  private static func header(_ name: String, _ value: String) -> [UInt8] {
    var bytes = [UInt8(name.utf8.count)]
    bytes += name.utf8
    bytes += [7, 0, UInt8(value.utf8.count)]
    bytes += value.utf8
    return bytes
  }

  private static let request = ModelRequest(modelID: "a", system: "b", turns: [.init(.user, "c")], maximumTokens: 1)

  /// What is handed over of a reply.
  private final class Receiver: ReplyReceiver {
    var text: [UInt8] = []

    func receive(_ event: ReplyEvent) {}
    func receive(_ chunks: ReplyChunks) { text += chunks.bytes }
  }

  private static func readJSON(_ bytes: [UInt8]) throws {
    bytes.withUnsafeBytes { buffer in
      var cursor = JSONCursor(buffer)
      try? cursor.skipValue()
      try? cursor.finish()
    }
    let text: [UInt8]? = bytes.withUnsafeBytes { buffer in
      var cursor = JSONCursor(buffer)
      var text: [UInt8] = []
      do { try cursor.readString(into: &text) } catch { return nil }
      return text
    }
    if let text { try promise(String(validating: text, as: UTF8.self) != nil, "a text read from JSON is valid UTF-8") }
    guard let original = String(validating: bytes, as: UTF8.self) else { return }
    if let fields = try? ModelFields(parsing: original) {
      let written = fields.json.compact
      try promise(
        try ModelFields(parsing: written).json.compact == written,
        "fields that were read can be written, and read again")
    }
    var written: [UInt8] = []
    JSON.append(string: original, to: &written)
    let read: [UInt8] = try written.withUnsafeBytes { buffer in
      var cursor = JSONCursor(buffer)
      var text: [UInt8] = []
      try cursor.readString(into: &text)
      try cursor.finish()
      return text
    }
    try promise(read == bytes, "a text written as JSON is read as it was")
    try promise(!written.contains { $0 < 0x20 || $0 == 0x7f }, "JSON holds no control character")
  }

  /// An answer that is always the same.
  private struct Canned: HTTPTransport {
    let body: [UInt8]

    func send(
      _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
    ) throws {
      try receiver.receive(head: HTTPResponseHead(status: 200))
      try body.withUnsafeBytes(receiver.receive(body:))
    }
  }

  private static func readCredentials(_ bytes: [UInt8]) throws {
    let context = AWSContext(
      variables: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"], home: "/nonexistent", transport: Canned(body: bytes),
      now: { Timestamp(milliseconds: 0) }, backoff: Backoff { 0 })
    do {
      let found = try ContainerProvider(context: context).credentials()
      try promise(found != nil, "a service that answers is not passed over")
    } catch let failure as Failure {
      try promise(failure.code == .credentialsFailed, "nonsense has its code")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    _ = XMLElement(bytes)
    if let time = Timestamp(rfc3339: text) {
      try promise(Timestamp(rfc3339: time.rfc3339) == time, "a time written is read as it was")
    }
    _ = shellWords(text)
  }

  /// Somebody who has logged in, in a home folder of their own.
  private struct Login {
    static let shared: Result<Login, any Error> = Result {
      let login = try Login()
      atexit {
        if let login = try? Login.shared.get() {
          try? FileManager.default.removeItem(atPath: login.sources.context.home)
        }
      }
      return login
    }
    private static let name = "fuzz"
    let sources: CredentialSources
    let profile: AWSProfile
    let tokenFile: LocalFile
    let cacheFile: LocalFile

    init() throws {
      // In memory if possible: a million files are written.
      var template = Array("\(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")/mosaic-ai-fuzz-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { throw Broken(promise: "there is a place for temporary files") }
      let home = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      let config = """
        [default]
        sso_session = \(Login.name)
        sso_account_id = 111122223333
        sso_role_name = reader
        [sso-session \(Login.name)]
        sso_region = us-east-1
        sso_start_url = https://rose.awsapps.com/start
        """
      try LocalFile("\(home)/.aws/config").replace(with: Array(config.utf8))
      var context = AWSContext(
        variables: [:], home: home, transport: Canned(body: []), now: { Timestamp(milliseconds: 1_795_414_382_000) },
        backoff: Backoff { 0 })
      context.pause = .zero
      sources = CredentialSources(
        context: context, settings: try AWSProfileSettings(context),
        region: try AWSRegion(Sourced("us-east-1", from: .fallback)),
        cacheUse: .none)
      profile = sources.profile("default")
      tokenFile = LocalFile("\(home)/.aws/sso/cache/\(hexadecimal(sha1(Login.name))).json")
      cacheFile = LocalFile("\(home)/.aws/cli/cache/\(Login.name).json")
    }

    /// What is cached, when these bytes are.
    func cached(_ bytes: [UInt8]) throws -> AccessKey? {
      try cacheFile.replace(with: bytes)
      return CredentialsCache(sources.context).credentials(for: Login.name)
    }

    /// What the login whose file holds these bytes gives, when all services answer with that.
    func credentials(_ token: [UInt8], answer: [UInt8]) throws -> Credentials? {
      try tokenFile.replace(with: token)
      var context = sources.context
      context.transport = Canned(body: answer)
      let sources = CredentialSources(
        context: context, settings: sources.settings, region: sources.region, cacheUse: .none)
      return try SSOProvider(sources: sources, profile: profile).credentials()
    }
  }

  /// A line for the file, the rest for what services answer.
  private static func readLogin(_ bytes: [UInt8]) throws {
    let login = try Login.shared.get()
    let process = ProcessProvider(context: login.sources.context, profile: login.profile)
    do {
      let key = try process.accessKey(in: bytes)
      try promise(!key.id.isEmpty && !key.secret.exposed.isEmpty, "credentials are whole")
    } catch let failure as Failure {
      try promise(failure.code == .credentialsFailed, "nonsense from a program has its code")
    }
    if let key = try login.cached(bytes) { try promise(key.sessionToken != nil, "cached credentials are temporary") }
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    do {
      let found = try login.credentials(Array(bytes[..<end]), answer: Array(bytes[end...]))
      try promise(found?.expiration != nil, "a login gives temporary credentials")
    } catch let failure as Failure {
      try promise(
        [.credentialsExpired, .credentialsFailed].contains(failure.code), "an unusable login has its code")
    }
  }

  private static func readINI(_ bytes: [UInt8]) throws {
    do {
      let file = try INIFile(bytes, path: "config")
      try promise(Set(file.sections.map(\.name)).count == file.sections.count, "a section comes once")
    } catch let failure as Failure {
      try promise(
        failure.code == .configInvalid && failure.message.contains("config"), "an error names its file")
    }
  }

  private static func readYAML(_ bytes: [UInt8]) throws {
    do {
      let catalog = try PersonaCatalog.load(overlay: bytes, path: "personas.yaml")
      let persona = try catalog.persona(id: "friend")
      try promise(
        catalog.systemPrompt(of: persona, legacyName: "Rose").hasPrefix(builtInRules),
        "the base rules are never taken away")
    } catch let failure as Failure {
      try promise(failure.code == .personaInvalid, "an error in personas has its code")
    }
    do {
      let questions = try QuestionBank.load(own: bytes, path: "questions.yaml").questions
      try promise(questions.count >= 150, "no built-in question is taken away")
    } catch let failure as Failure {
      try promise(failure.code == .configInvalid, "an error in questions has its code")
    }
    do {
      _ = try ConfigurationFile(bytes, path: "config.yaml", formats: ["text"])
    } catch let failure as Failure {
      try promise(failure.code == .configInvalid, "an error in the settings has its code")
    }
  }

  /// The beginning of every prompt.
  private static let builtInRules: String = {
    guard let catalog = try? PersonaCatalog.load(overlay: nil, path: ""),
      let friend = try? catalog.persona(id: "friend")
    else { return "" }
    return String(catalog.systemPrompt(of: friend, legacyName: "Rose").prefix(1000))
  }()

  private static func readArchive(_ bytes: [UInt8]) throws {
    do {
      let file = ArchiveFile(try lines(bytes, name: "rose.ndjson"))
      var read: [Archive.Part] = []
      var legacy = ""
      try file.forEachPart { part, _ in
        read.append(part)
        if case .legacy(let found) = part { legacy = found.id.rawValue }
      }
      let service = try ConversationService(store: SQLiteStore.inMemory(), handle: "ada")
      _ = try service.add(file)
      var again: [Archive.Part] = []
      try service.export(conversation: nil, legacy: legacy) { again.append($0) }
      try promise(again == read, "what is imported is exported again")
    } catch let failure as Failure {
      try promise(
        failure.code == .invalidInput && failure.message.hasPrefix("rose.ndjson:"),
        "an error names its place: \(failure)")
    }
  }

  /// The first byte says which format it is.
  private static func readQuestions(_ bytes: [UInt8]) throws {
    guard let first = bytes.first else { return }
    let format = QuestionFormat.allCases[Int(first) % QuestionFormat.allCases.count]
    do {
      let file = try QuestionFile(Array(bytes.dropFirst()), name: "life", format: format)
      try promise(!file.questions.isEmpty, "a file has questions")
      for question in file.questions {
        try promise(try Rules.message(question.template.text) == question.template.text, "a question can be a message")
        try promise(!question.id.isEmpty && question.line > 0, "a question has an id and a line")
        let asked = try? question.text(about: "Rose {name}")
        try promise(asked.map(question.template.isAsked) != false, "a question is found again")
      }
      let places = file.questions.map { [$0.id, $0.legacy ?? ""] }
      try promise(Set(places).count == places.count, "no question comes twice")
    } catch let failure as Failure {
      try promise(
        failure.code == .invalidInput && failure.message.hasPrefix("life:"), "an error names its place: \(failure)")
    }
  }

  /// A file with these bytes, and no name.
  private static func lines(_ bytes: [UInt8], name: String) throws -> LineFile {
    var path = Array("/tmp/mosaic-ai-fuzz-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw Broken(promise: "a temporary file can be made") }
    defer { close(descriptor) }
    unlink(path)
    guard write(descriptor, bytes, bytes.count) == bytes.count, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Broken(promise: "a temporary file can be written")
    }
    return try LineFile(descriptor, name: name)
  }

  /// Lines: the URL after its host, the method, and headers.
  private static func sign(_ bytes: [UInt8]) throws {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    let headers = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
    }
    let request = HTTPRequest(method: "POST", url: "https://bedrock.test\(lines.first ?? "")", headers: headers)
    let signer = SigV4Signer(service: "bedrock", region: "us-east-1")
    let key = AccessKey(id: "AKID", secret: Secret("a-secret-that-shows"), sessionToken: nil)
    let signed = signer.sign(request, with: key, at: Timestamp(milliseconds: 1_795_414_382_000))
    try promise(
      signed == signer.sign(signed, with: key, at: Timestamp(milliseconds: 1_795_414_382_000)),
      "signing again changes nothing")
    let authorization = signed.headers.last { $0.name == "Authorization" }?.value ?? ""
    try promise(
      authorization.contains("Signature=") && !authorization.contains("a-secret-that-shows"),
      "a signature shows no secret")
    let path = signer.canonicalRequest(signed).split(separator: "\n", omittingEmptySubsequences: false)[1]
    try promise(path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && path.first == "/", "a canonical path is plain")
  }

  /// A line to search for, the rest to search in.
  private static func search(_ bytes: [UInt8]) throws {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    let query = SearchQuery(String(decoding: bytes[..<end], as: UTF8.self))
    let text = String(decoding: bytes[end...], as: UTF8.self)
    let words = SearchWord.all(in: text)
    let length = text.unicodeScalars.count
    try promise(words.allSatisfy { !$0.range.isEmpty && $0.range.upperBound <= length }, "words are in the text")
    let matches = query.clauses.map { $0.matches(in: words) }
    try promise(matches.joined().allSatisfy { words.indices.contains($0.upperBound - 1) }, "a match is of words")
    try promise(query.isMet(by: text) == matches.allSatisfy { !$0.isEmpty }, "a text has everything or not")
    let excerpt = Excerpt(of: text, query)
    let shown = excerpt.text.unicodeScalars.count
    try promise(shown <= Excerpt.maximumLength, "an excerpt is short")
    try promise(
      excerpt.highlights.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= shown }
        && zip(excerpt.highlights, excerpt.highlights.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound },
      "highlights are in the excerpt, one after the other")
    _ = Postings(bytes: bytes)
    try recall(text, for: query.clauses.isEmpty ? "Where was it?" : String(decoding: bytes[..<end], as: UTF8.self))
  }

  /// Puts a text before the model again.
  private static func recall(_ text: String, for message: String) throws {
    let query = RecallQuery(message, after: [text])
    let name = "5f3a9c01"
    let block = RecallBlock(name: name, zone: Zone { _ in 0 }, personaName: { _ in "The Friend" })
    var choice = RecallChoice()
    let earlier = EarlierMessage(
      id: MessageID(rawValue: "1"), number: 1, conversationID: ConversationID(rawValue: "2"), seq: 1, author: .user,
      personaID: "friend", content: text, createdAt: Timestamp(milliseconds: 0))
    choice.add(earlier, score: 1, among: [earlier])
    let length = 800
    guard let written = block.text(choice, query, length: length)?.text else { return }
    try promise(written.unicodeScalars.count <= length, "what is recalled keeps within its budget")
    try promise(
      text.contains(name) || written.components(separatedBy: name).count == 3, "the fence is opened and closed once")
  }

  /// The first byte is the time zone, the rest a time.
  private static func readTimes(_ bytes: [UInt8]) throws {
    guard let first = bytes.first else { return }
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    let now = Timestamp(milliseconds: 1_795_414_382_000)
    let zone = Zone { _ in Int64(first % 29) * 3600 - 14 * 3600 }
    if let span = TypedTime(text)?.span(now: now, in: zone), let start = span.start, let end = span.end {
      try promise(start < end, "a stretch of time has a beginning before its end")
    }
    for time in [Timestamp(rfc3339: text), Timestamp(httpDate: text), Timestamp(aws: text)] {
      guard let time else { continue }
      try promise(Timestamp(rfc3339: time.rfc3339) == time, "a time that was read can be written, and read again")
    }
    for name in ["Retry-After", "x-amz-retry-after"] {
      let wait = RetryAfter(HTTPResponseHead(status: 429, headers: [(name, text)]))?.delay(at: now)
      try promise(wait ?? .zero >= .zero, "no wait is shorter than none")
    }
  }

  /// A line for the value, the rest is the file.
  private static func changeSettings(_ bytes: [UInt8]) throws {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    let value = String(decoding: bytes[..<end], as: UTF8.self)
    let file = Array(bytes[end...].dropFirst())
    for setting in [Setting.persona, .maximumTokens, .prices] {
      do {
        var text = try ConfigurationText(file, path: "config.yaml", formats: ["text"])
        try text.set(setting, to: value)
        _ = try ConfigurationFile(text.bytes, path: "config.yaml", formats: ["text"])
        if setting == .persona { try promise(text.value(of: setting) == value, "what was set is read") }
        _ = try text.unset(setting)
        try promise(text.value(of: setting) == nil, "what was removed is gone")
        _ = try ConfigurationFile(text.bytes, path: "config.yaml", formats: ["text"])
      } catch let failure as Failure {
        try promise([.usage, .configInvalid].contains(failure.code), "an error in the settings has its code")
      }
    }
  }

  private static func promise(_ isKept: Bool, _ promise: String) throws {
    guard isKept else { throw Broken(promise: promise) }
  }
}
