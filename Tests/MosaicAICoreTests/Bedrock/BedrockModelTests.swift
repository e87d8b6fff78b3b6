import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

import Platform

/// What is asked again, how often, when and with what.
@Suite struct BedrockModelTests {
  private typealias Answer = ScriptedTransport.Answer

  /// An error of HTTP and what it has to become.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let status: Int
    let code: FailureCode
    let isRetried: Bool

    init(_ name: String, _ status: Int, _ code: FailureCode, retried: Bool) {
      self.name = name
      self.status = status
      self.code = code
      isRetried = retried
    }

    var testDescription: String { "\(name) \(status)" }
  }

  // MARK: Errors of HTTP

  static let namedErrors = [
    Row("ValidationException", 400, .validation, retried: false),
    Row("AccessDeniedException", 403, .accessDenied, retried: false),
    Row("UnrecognizedClientException", 403, .accessDenied, retried: false),
    Row("InvalidSignatureException", 403, .accessDenied, retried: false),
    Row("MissingAuthenticationTokenException", 403, .accessDenied, retried: false),
    Row("IncompleteSignatureException", 400, .accessDenied, retried: false),
    Row("ExpiredTokenException", 403, .credentialsExpired, retried: false),
    Row("ResourceNotFoundException", 404, .modelUnavailable, retried: false),
    Row("ModelTimeoutException", 408, .timeout, retried: true),
    Row("ModelErrorException", 424, .modelError, retried: true),
    Row("ThrottlingException", 429, .throttled, retried: true),
    Row("ModelNotReadyException", 429, .unavailable, retried: true),
    Row("ServiceQuotaExceededException", 400, .quota, retried: false),
    Row("InternalServerException", 500, .unavailable, retried: true),
    Row("ServiceUnavailableException", 503, .unavailable, retried: true),
    Row("UnknownOperationException", 404, .protocolError, retried: false),
    Row("ExceptionOfTomorrow", 400, .validation, retried: false),
    Row("ExceptionOfTomorrow", 500, .unavailable, retried: true),
  ]

  @Test("An error from Bedrock has its code, and is retried only if that can help", arguments: namedErrors)
  func namedError(row: Row) throws {
    let body = #"{"message":"the reason","resourceName":"x"}"#
    let shapes: [Answer] = [
      .error(row.status, [("X-Amzn-ErrorType", row.name)], body),
      .error(row.status, [("x-amzn-errortype", "\(row.name):http://internal.amazon.com/coral/")], body),
      .error(row.status, [], #"{"__type":"com.amazon.coral.service#\#(row.name)","Message":"the reason"}"#),
      .error(row.status, [], #"{"code":"\#(row.name)","message":"the reason"}"#),
      .error(row.status, [], #"{"Code":"\#(row.name)","message":"the reason"}"#),
    ]
    for shape in shapes {
      let trial = ConverseTrial([Answer](repeating: shape, count: row.isRetried ? 3 : 1))
      let failure = try failure { try trial.run() }
      #expect(failure.code == row.code)
      #expect(failure.message.contains(row.name) && failure.message.contains("the reason"))
      #expect(trial.transport.requests.count == (row.isRetried ? 3 : 1))
      #expect(trial.receiver.retries.map(\.attempt) == (row.isRetried ? [2, 3] : []))
    }
  }

  static let namelessErrors = [
    Row("", 400, .validation, retried: false), Row("", 401, .protocolError, retried: false),
    Row("", 403, .accessDenied, retried: false),
    Row("", 404, .modelUnavailable, retried: false), Row("", 405, .protocolError, retried: false),
    Row("", 408, .timeout, retried: true), Row("", 413, .validation, retried: false),
    Row("", 418, .protocolError, retried: false),
    Row("", 424, .modelError, retried: true), Row("", 429, .throttled, retried: true),
    Row("", 500, .unavailable, retried: true),
    Row("", 502, .unavailable, retried: true), Row("", 503, .unavailable, retried: true),
    Row("", 504, .timeout, retried: true),
    Row("", 599, .unavailable, retried: true),
  ]

  @Test("An error without a name goes by its status, whatever page comes with it", arguments: namelessErrors)
  func namelessError(row: Row) throws {
    let pages = [
      "", "<html><h1>Bad Gateway</h1></html>", "[]", "null", "{", #"{"message":7}"#, #"{"message":"","__type":""}"#,
      "\u{feff}{}",
    ]
    for page in pages {
      let trial = ConverseTrial([Answer](repeating: .error(row.status, [], page), count: row.isRetried ? 3 : 1))
      let failure = try failure { try trial.run() }
      #expect(failure.code == row.code, "\(page)")
      #expect(failure.message.contains("\(row.status)"))
      #expect(!failure.message.contains("Bad Gateway") && !failure.message.contains("\u{feff}"))
      #expect(trial.transport.requests.count == (row.isRetried ? 3 : 1))
    }
  }

  @Test("Only the start of an endless page is read")
  func hugePage() throws {
    var answer = Answer.error(503)
    // Valid JSON as a whole, with a name that would end the call at once; but it comes after what is read.
    answer.body =
      [[UInt8]](repeating: [UInt8](repeating: 0x20, count: 10_000), count: 20) + [
        Array(#"{"code":"ValidationException"}"#.utf8)
      ]
    let trial = ConverseTrial([answer, answer, answer])
    #expect(try failure { try trial.run() }.code == .unavailable)
    #expect(trial.transport.requests.count == 3)
  }

  @Test("A message from the service is shown on one line, at most 500 characters")
  func longMessage() throws {
    let text = "first\\nsecond\\t third " + String(repeating: "x", count: 2000)
    let failure = try failure { try ConverseTrial(.error(400, named: "ValidationException", text)).run() }
    let quoted = try #require(failure.message.firstRange(of: "first second third xxx"))
    #expect(failure.message[quoted.lowerBound...].count == 500)
    #expect(!failure.message.contains("\n") && !failure.message.contains("\t"))
  }

  @Test("A quoted request never shows its session token")
  func quotedRequest() throws {
    let message =
      #"""
      The request signature we calculated does not match.\n\nThe Canonical String for this request should have \#
      been\n'POST\n/model\n\nx-amz-security-token:session-token\n\nabc'
      """#
    let failure = try failure { try ConverseTrial(.error(403, named: "InvalidSignatureException", message)).run() }
    #expect(failure.message.contains("The request signature we calculated does not match."))
    #expect(!"\(failure)".contains("session-token"))
  }

  @Test(
    "No secret of a request is shown, however the service quotes it",
    arguments: [Credentials.accessKey(ConverseTrial.key), .apiKey(Secret("ABSK-an-api-key"))])
  func quotedSecrets(credentials: Credentials) throws {
    let secrets = credentials.secrets.map(\.exposed) + ["0123abcd"]
    // The cut after 500 characters must not leave a part of one either.
    for padding in [0, 489, 493] {
      for secret in secrets {
        let quoted = secret == "0123abcd" ? "Signature=\(secret)" : secret
        let message =
          String(repeating: "x", count: padding) + " '\(quoted)' is not valid in Authorization: '\(quoted)'."
        let answers: [Answer] = [
          .error(403, named: "IncompleteSignatureException", message),
          .stream([.start, .exception("validationException", #"{"message":"\#(message)"}"#)]),
          .stream([.start, .error("validationException", message)]),
        ]
        for answer in answers {
          var trial = ConverseTrial(answer)
          trial.credentials = { _ in credentials }
          let failure = try failure { try trial.run() }
          #expect(failure.message.contains("xx") == (padding > 0))
          #expect(!failure.message.contains(secret.prefix(4)), "\(failure.message)")
          if padding == 0 { #expect(failure.message.contains("is not valid in Authorization: '")) }
        }
      }
    }
  }

  @Test("The wait that the service asks for is in the last failure too")
  func lastRetryAfter() throws {
    var trial = ConverseTrial(.error(429, [("Retry-After", "40")]))
    trial.attempts = 1
    #expect(try failure { try trial.run() }.adviceText.contains("40 s"))
  }

  // MARK: Errors within the stream

  static let exceptions = [
    Row("internalServerException", 200, .unavailable, retried: true),
    Row("modelStreamErrorException", 200, .modelError, retried: true),
    Row("validationException", 200, .validation, retried: false),
    Row("throttlingException", 200, .throttled, retried: true),
    Row("serviceUnavailableException", 200, .unavailable, retried: true),
    Row("modelTimeoutException", 200, .timeout, retried: true),
    Row("exceptionOfTomorrow", 200, .unavailable, retried: true),
  ]

  @Test(
    "An exception in the stream has its code, and is retried only before any text",
    arguments: exceptions)
  func exception(row: Row) throws {
    let failing = Frame.exception(row.name, #"{"message":"the reason","originalStatusCode":500}"#)
    for frames in [
      [failing], [.start, failing],
      [.start, .event("contentBlockDelta", #"{"delta":{"reasoningContent":{"text":"hm"}}}"#), failing],
    ] {
      let trial = ConverseTrial([Answer](repeating: .stream(frames), count: row.isRetried ? 3 : 1))
      let failure = try failure { try trial.run() }
      #expect(failure.code == row.code)
      let name = row.name.prefix(1).uppercased() + row.name.dropFirst()
      #expect(failure.message.contains(name) && failure.message.contains("the reason"))
      #expect(trial.transport.requests.count == (row.isRetried ? 3 : 1))
    }
    let late = ConverseTrial(.stream([.start, .text("x"), failing]))
    #expect(try failure { try late.run() }.code == row.code)
    #expect(late.transport.requests.count == 1)
    #expect(late.receiver.retries.isEmpty)
  }

  @Test(
    "An exception keeps its code even if its payload is unreadable",
    arguments: ["", "no JSON", "[]", #"{"message":null}"#])
  func unreadableException(payload: String) throws {
    let trial = ConverseTrial([Answer](repeating: .stream([.exception("throttlingException", payload)]), count: 3))
    let failure = try failure { try trial.run() }
    #expect(failure.code == .throttled)
    #expect(failure.message.contains("ThrottlingException"))
  }

  @Test(
    "An error frame is unavailable, unless its code is a known name",
    arguments: [
      ("InternalError", .unavailable), ("throttlingException", .throttled), ("", .unavailable),
    ] as [(String, FailureCode)])
  func errorFrame(name: String, code: FailureCode) throws {
    let trial = ConverseTrial([Answer](repeating: .stream([.start, .error(name, "the reason")]), count: 3))
    let failure = try failure { try trial.run() }
    #expect(failure.code == code)
    #expect(failure.message.contains("the reason"))
    #expect(trial.transport.requests.count == 3)
  }

  // MARK: Errors of the connection

  static let transportErrors: [(TransportError.Kind, FailureCode, Bool)] = [
    (.unresolved, .connection, true), (.refused, .connection, true), (.connectTimeout, .timeout, true),
    (.idleTimeout, .timeout, false),
    (.lost, .connection, true), (.other, .connection, true), (.tls(.name), .tlsFailed, false),
    (.proxyTLS(.authority(nil)), .tlsFailed, false), (.proxyCannotConnect, .connection, true),
    (.setting(Failure(.configInvalid, "no")), .configInvalid, false), (.proxyUnknown, .connection, false),
    (.proxyUnreachable, .connection, true),
    (.proxyAuthentication, .proxyAuth, false), (.proxyRefused(403), .accessDenied, false),
    (.proxyRefused(502), .unavailable, true), (.proxyRefused(408), .timeout, true),
    (.proxyRefused(429), .throttled, true),
    (.proxyRefused(404), .protocolError, false), (.malformedAnswer, .protocolError, false),
    (.malformedURL, .configInvalid, false),
    (.libraryMissing(LocalFile.SystemError(code: 0)), .configInvalid, false),
    (.libraryMissing(LocalFile.SystemError(code: EMFILE)), .storageFailed, false),
  ]

  @Test("A failed connection has its code, and is retried only if that can help", arguments: transportErrors)
  func connectionFails(kind: TransportError.Kind, code: FailureCode, isRetried: Bool) throws {
    let trial = ConverseTrial([Answer](repeating: .failing(kind), count: isRetried ? 3 : 1))
    #expect(try failure { try trial.run() }.code == code)
    #expect(trial.transport.requests.count == (isRetried ? 3 : 1))
  }

  @Test(
    "A broken stream is retried before any text, never after it, and never after an idle timeout",
    arguments: [
      (TransportError.Kind.lost, FailureCode.connection, true), (.idleTimeout, .timeout, false),
    ])
  func streamBreaks(kind: TransportError.Kind, code: FailureCode, isRetried: Bool) throws {
    let early = ConverseTrial([Answer](repeating: .stream([.start], then: kind), count: isRetried ? 3 : 1))
    #expect(try failure { try early.run() }.code == code)
    #expect(early.transport.requests.count == (isRetried ? 3 : 1))
    let late = ConverseTrial(.stream([.start, .text("x")], then: kind))
    #expect(try failure { try late.run() }.code == code)
    #expect(late.transport.requests.count == 1)
  }

  // MARK: Another attempt

  @Test("The reply comes after failures that pass, and each retry names its reason")
  func recovers() throws {
    let trial = ConverseTrial(
      .error(429, named: "ThrottlingException", "slow down"), .failing(.refused), .reply("at last"))
    #expect(try trial.run().stopReason == .endTurn)
    #expect(trial.receiver.text == "at last")
    #expect(trial.receiver.retries.map(\.attempt) == [2, 3])
    #expect(trial.receiver.retries.map(\.maximumAttempts) == [3, 3])
    #expect(trial.receiver.retries.map(\.failure.code) == [.throttled, .connection])
    #expect(trial.receiver.retries.map(\.delay) == [.zero, .zero])
  }

  @Test("There are never more requests than allowed", arguments: [1, 2, 5])
  func maximumAttempts(attempts: Int) throws {
    var trial = ConverseTrial([Answer](repeating: .failing(.refused), count: attempts))
    trial.attempts = attempts
    #expect(try failure { try trial.run() }.code == .connection)
    #expect(trial.transport.requests.count == attempts)
    #expect(trial.receiver.retries.count == attempts - 1)
  }

  /// Stops a trial at a notice, so that nothing is waited for.
  private struct Stop: Error {}

  @Test(
    "The delay is a random part of 1, 2, 4 seconds and so on, at most 20",
    arguments: [
      (2, 1000), (3, 2000), (4, 4000), (5, 8000), (6, 16_000), (7, 20_000), (8, 20_000), (80, 20_000),
    ])
  func backoff(attempt: Int, limit: Int) throws {
    for part in [0, 0.25, 0.5, 0.999] {
      var trial = ConverseTrial([Answer](repeating: .failing(.refused), count: attempt))
      trial.attempts = 100
      let counter = Counter()
      trial.random = { counter.next() == attempt - 1 ? part : 0 }
      trial.receiver.atRetry { if $0.attempt == attempt { throw Stop() } }
      #expect(throws: Stop.self) { try trial.run() }
      #expect(trial.receiver.retries.last?.delay == .milliseconds(Int(part * Double(limit))))
      #expect(trial.receiver.retries.dropLast().allSatisfy { $0.delay == .zero })
    }
  }

  @Test(
    "The wait that the service asks for is the minimum, up to 20 seconds",
    arguments: [
      ([("Retry-After", "3")], 3000), ([("x-amz-retry-after", "1500")], 1500), ([("Retry-After", "20")], 20_000),
      ([("Retry-After", "0")], 500), ([("Retry-After", "2.5")], 2500), ([("Retry-After", "0.7")], 700),
      ([("Retry-After", "+3")], 3000), ([("Retry-After", "19.9996")], 20_000), ([("Retry-After", ".75")], 750),
      ([("x-amz-retry-after", "1500.9")], 1501), ([("x-amz-retry-after", "x"), ("Retry-After", "3")], 3000),
      ([("Retry-After", "1e1")], 500), ([("Retry-After", "0x10")], 500), ([("Retry-After", "inf")], 500),
      ([("Retry-After", "nan")], 500), ([("Retry-After", "")], 500), ([("Retry-After", "1.2.3")], 500),
      ([("Retry-After", "Mon, 23 Nov 2026 06:13:05 GMT")], 3000),
      ([("Retry-After", "Monday, 23-Nov-26 06:13:05 GMT")], 3000),
      ([("Retry-After", "Mon Nov 23 06:13:05 2026")], 3000),
      ([("x-amz-retry-after", "100")], 500), ([("Retry-After", "7"), ("x-amz-retry-after", "900")], 900),
      ([("Retry-After", "soon")], 500),
      ([("Retry-After", "-5")], 500), ([("Retry-After", "Mon, 23 Nov 2026 06:13:02 GMT")], 500),
    ] as [([(String, String)], Int)])
  func retryAfter(headers: [(String, String)], delay: Int) throws {
    var trial = ConverseTrial(.error(503, headers, "{}"))
    trial.random = { 0.5 }
    trial.receiver.atRetry { _ in throw Stop() }
    #expect(throws: Stop.self) { try trial.run() }
    #expect(trial.receiver.retries.map(\.delay) == [.milliseconds(delay)])
  }

  @Test(
    "A wait longer than 20 seconds ends the call at once",
    arguments: [
      ("Retry-After", "21", "21 s"), ("x-amz-retry-after", "20001", "21 s"), ("Retry-After", "3600", "3600 s"),
      ("Retry-After", "9223372036854775807", " s"), ("Retry-After", "99999999999999999999999", " s"),
      ("Retry-After", "30.5", "31 s"), ("Retry-After", "20.001", "21 s"),
      ("Retry-After", "Mon, 23 Nov 2026 06:13:32 GMT", "30 s"),
      ("Retry-After", "Monday, 23-Nov-26 06:13:32 GMT", "30 s"),
    ])
  func longRetryAfter(name: String, value: String, wait: String) throws {
    let trial = ConverseTrial(
      .error(429, [(name, value), ("x-amzn-ErrorType", "ThrottlingException")], #"{"message":"no"}"#))
    let failure = try failure { try trial.run() }
    #expect(failure.code == .throttled)
    #expect(failure.adviceText.contains(wait))
    #expect(trial.transport.requests.count == 1)
    #expect(trial.receiver.retries.isEmpty)
  }

  @Test("An exhausted daily quota is not retried")
  func dailyQuota() throws {
    let message = "Too many tokens per day, please wait before trying again."
    let answers = [
      Answer.error(429, named: "ThrottlingException", message),
      .stream([.exception("throttlingException", #"{"message":"\#(message)"}"#)]),
    ]
    for answer in answers {
      let trial = ConverseTrial(answer)
      #expect(try failure { try trial.run() }.code == .throttled)
      #expect(trial.transport.requests.count == 1)
    }
  }

  @Test("No attempt starts after the deadline, and the failure is the last one's")
  func deadline() throws {
    let throttled = Answer.error(429, [("x-amz-retry-after", "1500")], #"{"message":"Slow down"}"#)
    var trial = ConverseTrial(throttled, throttled)
    trial.deadline = .milliseconds(1400)
    #expect(try failure { try trial.run() }.code == .throttled)
    #expect(trial.transport.requests.count == 1)
    #expect(trial.receiver.retries.isEmpty)
  }

  @Test("A signal during a delay ends the call")
  func cancelledDelay() throws {
    var pipe: [Int32] = [0, 0]
    try #require(makePipe(&pipe) == 0)
    let (reader, writer) = (pipe[0], pipe[1])
    defer { [reader, writer].forEach { close($0) } }
    var trial = ConverseTrial(.failing(.refused))
    trial.random = { 0.999 }
    trial.cancellation = Cancellation(descriptor: reader, signal: { SIGTERM })
    trial.receiver.atRetry { _ in _ = write(writer, "!", 1) }
    let failure = try failure { try trial.run() }
    #expect(failure.code == .interrupted)
    #expect(failure.signal == SIGTERM)
    #expect(trial.transport.requests.count == 1)
  }

  // MARK: Credentials

  private func header(_ name: String, _ request: HTTPRequest) -> String? {
    request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  @Test("An access key signs for the service bedrock and the region")
  func signature() throws {
    let trial = ConverseTrial(.reply("x"))
    _ = try trial.run()
    let request = try #require(trial.transport.requests.first)
    let authorization = try #require(header("Authorization", request))
    #expect(
      authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/bedrock/aws4_request, "))
    #expect(authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature="))
    #expect(header("X-Amz-Security-Token", request) == "session-token")
    #expect(request.body == Array(ConverseTrial.request.converseBody.compact.utf8))
  }

  @Test("An API key is sent unchanged, and nothing is signed")
  func apiKey() throws {
    var trial = ConverseTrial(.reply("x"))
    trial.credentials = { _ in .apiKey(Secret("bedrock-key")) }
    _ = try trial.run()
    let request = try #require(trial.transport.requests.first)
    #expect(header("Authorization", request) == "Bearer bedrock-key")
    #expect(!request.headers.contains { $0.name.lowercased().hasPrefix("x-amz-") })
  }

  private let expired = Answer.error(
    403, named: "ExpiredTokenException", "The security token included in the request is expired")

  @Test("Expired credentials are renewed once, without using up an attempt")
  func refresh() throws {
    let renewed = AccessKey(id: "AKIDRENEWED", secret: Secret("s"))
    var trial = ConverseTrial(expired, .failing(.refused), .failing(.refused), .reply("x"))
    trial.credentials = { .accessKey($0 ? renewed : ConverseTrial.key) }
    #expect(try trial.run().stopReason == .endTurn)
    let keys = trial.transport.requests.map { header("Authorization", $0)?.contains("AKIDRENEWED") }
    #expect(keys == [false, true, true, true])

    var twice = ConverseTrial(expired, expired)
    twice.credentials = { .accessKey($0 ? renewed : ConverseTrial.key) }
    #expect(try failure { try twice.run() }.code == .credentialsExpired)
    #expect(twice.transport.requests.count == 2)
  }

  @Test("Credentials that are new each time, and expired each time, are renewed once")
  func refreshForever() throws {
    let lookups = Counter()
    let transport = ScriptedTransport(always: expired)
    let model = BedrockModel(
      BedrockModel.Settings(endpoint: "https://bedrock.test", region: "us-east-1"),
      credentials: { _, _ in
        let number = lookups.next()
        // A version that never stops must end somewhere.
        guard number < 10 else { throw Failure(.internal, "asked again and again") }
        let key = AccessKey(id: "AKID\(number)", secret: Secret("s"))
        return .init(credentials: .accessKey(key), source: "a source", tried: [])
      }, transport: transport, backoff: Backoff { 0 })
    let failure = try failure { try model.reply(to: ConverseTrial.request, RecordedReply(), .never) }
    #expect(failure.code == .credentialsExpired)
    #expect(transport.requests.count == 2)
    #expect(lookups.next() == 3)
  }

  @Test("A source without newer credentials is asked once, and Bedrock not again")
  func refreshInVain() throws {
    let trial = ConverseTrial(expired)
    #expect(try failure { try trial.run() }.code == .credentialsExpired)
    #expect(trial.transport.requests.count == 1)
  }

  @Test("An error from the credentials' source is passed on", arguments: [false, true])
  func sourceFails(whileRefreshing: Bool) throws {
    var trial = ConverseTrial(whileRefreshing ? [expired] : [])
    trial.credentials = { refreshing in
      guard refreshing == whileRefreshing else { return .accessKey(ConverseTrial.key) }
      throw Failure(.credentialsFailed, "the source is broken")
    }
    #expect(try failure { try trial.run() } == Failure(.credentialsFailed, "the source is broken"))
    #expect(trial.transport.requests.count == (whileRefreshing ? 1 : 0))
  }

  @Test("An expired API key counts as expired credentials")
  func expiredAPIKey() throws {
    var trial = ConverseTrial(.error(403, named: "AccessDeniedException", "Bearer Token has expired"))
    trial.credentials = { _ in .apiKey(Secret("bedrock-key")) }
    #expect(try failure { try trial.run() }.code == .credentialsExpired)
  }

  // MARK: One reply after another

  @Test("Credentials are kept from one reply to the next, while they last", arguments: [nil, 61, 3600] as [Int64?])
  func keepsCredentials(seconds: Int64?) throws {
    let lookups = Counter()
    var trial = ConverseTrial(.reply("1"), .reply("2"), .reply("3"))
    let expiration = seconds.map { trial.now() + $0 }
    trial.credentials = { isRefreshing in
      #expect(!isRefreshing)
      return .accessKey(AccessKey(id: "AKID\(lookups.next())", secret: Secret("s"), expiration: expiration))
    }
    let model = trial.model
    for _ in 1...3 { _ = try trial.run(model) }
    #expect(trial.transport.requests.map { header("Authorization", $0)?.contains("=AKID1/") } == [true, true, true])
    #expect(trial.receiver.text == "123")
  }

  @Test("New credentials are looked for a minute before the old ones expire")
  func looksAgain() throws {
    let lookups = Counter()
    let time = Mutex(Timestamp(milliseconds: 1_795_414_382_000))
    var trial = ConverseTrial([Answer](repeating: .reply("x"), count: 5))
    trial.now = { time.withLock { $0 } }
    trial.credentials = { isRefreshing in
      #expect(!isRefreshing, "these have not expired")
      let key = AccessKey(id: "AKID\(lookups.next())", secret: Secret("s"), expiration: time.withLock { $0 + 100 })
      return .accessKey(key)
    }
    let model = trial.model
    var ids: [String] = []
    for pause in [0, 39, 1, 39, 1] as [Int64] {
      time.withLock { $0 = $0 + pause }
      _ = try trial.run(model)
      let authorization = trial.transport.requests.last.flatMap { header("Authorization", $0) } ?? ""
      ids.append(String(authorization.drop { $0 != "=" }.dropFirst().prefix { $0 != "/" }))
    }
    #expect(ids == ["AKID1", "AKID1", "AKID2", "AKID2", "AKID3"])
  }

  @Test("Credentials that were renewed serve the next reply too")
  func keepsRenewed() throws {
    let lookups = Counter()
    var trial = ConverseTrial(expired, .reply("1"), .reply("2"))
    trial.credentials = { isRefreshing in
      let number = lookups.next()
      #expect(isRefreshing == (number == 2))
      return .accessKey(AccessKey(id: "AKID\(number)", secret: Secret("s")))
    }
    let model = trial.model
    for _ in 1...2 { _ = try trial.run(model) }
    let ids = trial.transport.requests.map { request in
      (1...3).first { header("Authorization", request)?.contains("=AKID\($0)/") == true }
    }
    #expect(ids == [1, 2, 2])
  }

  @Test("Jobs that need credentials at the same time share one search")
  func sharedSearch() throws {
    let lookups = Counter()
    let model = BedrockModel(
      BedrockModel.Settings(endpoint: "https://bedrock.test", region: "us-east-1"),
      credentials: { _, _ in
        _ = lookups.next()
        // As long as it takes the others to ask for some too.
        _ = Cancellation.never.wait(.milliseconds(300))
        return .init(credentials: .accessKey(ConverseTrial.key), source: "a source", tried: [])
      }, transport: ScriptedTransport(always: .reply("x")))
    let replies = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let reply = try? model.reply(to: ConverseTrial.request, RecordedReply(), .never)
      if reply?.stopReason == .endTurn { replies.withLock { $0 += 1 } }
    }
    #expect(replies.withLock { $0 } == 4)
    #expect(lookups.next() == 2, "this is the second call")
  }

  @Test("A search for credentials that failed is made again for the next reply")
  func searchesAgain() throws {
    let lookups = Counter()
    var trial = ConverseTrial(.reply("x"))
    trial.credentials = { _ in
      guard lookups.next() > 1 else { throw Failure(.noCredentials, "none yet") }
      return .accessKey(ConverseTrial.key)
    }
    let model = trial.model
    #expect(try failure { try trial.run(model) }.code == .noCredentials)
    #expect(try trial.run(model).stopReason == .endTurn)
  }

  @Test("A model that is used again corrects its clock once, and again only if the clocks have moved")
  func keepsClockOffset() throws {
    let trial = ConverseTrial(
      skewed("Mon, 23 Nov 2026 06:23:02 GMT"), .reply("1"), .reply("2"), skewed("Mon, 23 Nov 2026 06:33:02 GMT"),
      .reply("3"), .reply("4"))
    let model = trial.model
    for _ in 1...4 { _ = try trial.run(model) }
    #expect(
      trial.transport.requests.map { header("X-Amz-Date", $0) } == [
        "20261123T061302Z", "20261123T062302Z", "20261123T062302Z", "20261123T062302Z", "20261123T063302Z",
        "20261123T063302Z",
      ])
    #expect(trial.receiver.text == "1234")
    #expect(trial.receiver.retries.isEmpty)
  }

  @Test("A model works on after a reply that was stopped or failed")
  func afterFailures() throws {
    let source = try CancellationSource()
    var trial = ConverseTrial(.failing(.refused), .error(400, named: "ValidationException"), .reply("x"))
    trial.random = { 0.999 }
    trial.cancellation = source.cancellation
    trial.receiver.atRetry { _ in source.request() }
    let model = trial.model
    #expect(try failure { try trial.run(model) }.code == .interrupted)
    source.rearm()
    #expect(try failure { try trial.run(model) }.code == .validation)
    #expect(try trial.run(model).stopReason == .endTurn)
  }

  // MARK: Clocks

  private func skewed(_ date: String?) -> Answer {
    .error(
      403, [("x-amzn-ErrorType", "InvalidSignatureException")] + (date.map { [("Date", $0)] } ?? []),
      #"{"message":"Signature expired"}"#)
  }

  @Test(
    "A wrong clock is corrected once by the server's",
    arguments: [
      ("Mon, 23 Nov 2026 06:23:02 GMT", "20261123T062302Z"), ("Mon, 23 Nov 2026 05:13:02 GMT", "20261123T051302Z"),
      ("Tue, 23 Nov 2027 06:13:02 GMT", "20271123T061302Z"),
    ])
  func clockSkew(date: String, signed: String) throws {
    var trial = ConverseTrial(skewed(date), .reply("x"))
    trial.attempts = 1
    #expect(try trial.run().stopReason == .endTurn)
    #expect(trial.transport.requests.map { header("X-Amz-Date", $0) } == ["20261123T061302Z", signed])

    let twice = ConverseTrial(skewed(date), skewed(date))
    #expect(try failure { try twice.run() }.code == .accessDenied)
    #expect(twice.transport.requests.count == 2)
  }

  @Test(
    "A refused signature is not blamed on the clock if the clocks agree",
    arguments: [
      "Mon, 23 Nov 2026 06:13:00 GMT", "Mon, 23 Nov 2026 06:16:00 GMT", "yesterday", nil,
    ])
  func noSkew(date: String?) throws {
    let trial = ConverseTrial(skewed(date))
    #expect(try failure { try trial.run() }.code == .accessDenied)
    #expect(trial.transport.requests.count == 1)
  }

  @Test("What is refused for another reason is not sent again with another time, however wrong the clock is")
  func otherRefusal() throws {
    let date = ("Date", "Mon, 23 Nov 2026 07:13:02 GMT")
    let trial = ConverseTrial(.error(403, [("x-amzn-ErrorType", "AccessDeniedException"), date], "{}"))
    #expect(try failure { try trial.run() }.code == .accessDenied)
    #expect(trial.transport.requests.count == 1)
  }
}

private func makePipe(_ ends: UnsafeMutablePointer<Int32>) -> Int32 { pipe(ends) }

/// Counts calls, from one.
private final class Counter: Sendable {
  private let calls = Mutex(0)

  func next() -> Int {
    calls.withLock {
      $0 += 1
      return $0
    }
  }
}
