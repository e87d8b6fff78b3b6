import TestSupport
import Testing

@testable import MosaicAICore

/// Proxies as curl's variables name them, and the exceptions from them.
@Suite struct ProxyTests {
  private func proxy(_ text: String) -> ProxyServer { ProxyServer(Sourced(text, from: .variable("HTTPS_PROXY"))) }

  @Test(
    "A proxy has a host, perhaps a scheme, a login and a port",
    arguments: [
      ("http://proxy.test:3128", "proxy.test", "http://proxy.test:3128"), ("proxy.test", "proxy.test", "proxy.test"),
      ("proxy.test:3128", "proxy.test", "proxy.test:3128"), ("http://127.0.0.1:1/", "127.0.0.1", "http://127.0.0.1:1"),
      ("http://anna:hushhush@proxy.test:3128/x", "proxy.test", "http://proxy.test:3128"),
      ("anna:hush%40hush@proxy.test", "proxy.test", "proxy.test"),
      ("anna:hush%20%C3%A9%zz%1@proxy.test", "proxy.test", "proxy.test"),
      ("http://[::1]:3128", "::1", "http://[::1]:3128"),
      ("socks5h://proxy.test:1080", "proxy.test", "socks5h://proxy.test:1080"),
      ("HTTPS://proxy.test", "proxy.test", "https://proxy.test"), ("http://a_b:65535", "a_b", "http://a_b:65535"),
      ("http://proxy.test:", "proxy.test", "http://proxy.test:"),
    ])
  func usable(text: String, host: String, shown: String) {
    let proxy = proxy(text)
    #expect(proxy.problem == nil)
    #expect(proxy.host == host && proxy.shown == shown)
    #expect(proxy.hasLogin == text.contains("hush"))
  }

  @Test(
    "What cannot be a proxy is a configuration error that names the variable, and shows no login",
    arguments: [
      "http://127.0.0.1:99999", "127.0.0.1:99999", "http://127.0.0.1:0", "http://127.0.0.1:-1", "http://127.0.0.1:abc",
      "http://", "http://:8080", ":8080", "/", "ftp://127.0.0.1:9", "foo://x:1", "http:x:1", "http:/x:1",
      "http://a b:80", " http://a:80", "http://a:80\n", "http://[::1", "http://[]:1", "http://[::1]x:1",
      "http://[1:2:3]:1", "http://[:]:1", "http://[::1]:+1",
      "http://anna:hush@hush@proxy.test:1", "http://anna:hush/hush@proxy.test:1", "http://anna:hush@",
      "http://anna:hush@:80", "http://anna:hush@h:99999", "http://127.0.0.1:+1", "http://127.0.0.1:1:2",
      "http://anna:hush%00@proxy.test:1", "http://anna%0d%0A:hush@proxy.test:1", "http://anna:hush%7F@proxy.test:1",
      "http://exämple:1", "socks5://例え.test:1", "http://anna:hush@exämple", "http://anna:hush@\u{301}host:1",
    ])
  func unusable(text: String) {
    let failure = proxy(text).problem
    #expect(failure?.code == .configInvalid)
    #expect(failure?.message.contains("HTTPS_PROXY") == true)
    #expect(!"\(String(describing: failure))\(proxy(text).shown)".contains("hush"))
  }

  @Test(
    "NO_PROXY has names with all that is below them, addresses and networks",
    arguments: [
      ("*", "a.test", true), ("a.test", "a.test", true), ("a.test", "b.a.test", true), ("a.test", "ba.test", false),
      (".a.test", "a.test", true), (".a.test", "b.a.test", true), ("A.Test", "a.test", true),
      ("a.test.", "a.test", true),
      ("a.test", "a.test.", true), ("x, a.test ,y", "a.test", true), ("x a.test", "a.test", true),
      ("", "a.test", false),
      (",", "a.test", false), (".", "a.test", false), ("*.test", "a.test", false), ("x,*", "a.test", false),
      ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.11", false), ("0.0.1", "127.0.0.1", false),
      ("127.0.0.0/8", "127.9.9.9", true), ("127.0.0.0/8", "128.0.0.1", false), ("10.1.0.0/15", "10.0.255.1", true),
      ("10.0.0.0/33", "10.0.0.0", false), ("10.0.0.0/x", "10.0.0.0", false), ("0.0.0.0/0", "8.8.8.8", true),
      ("0.0.0.0/0", "a.test", false), ("::1", "::1", true), ("[::1]", "::1", true), ("fd00::/8", "fd12::1", true),
      ("fd00::/8", "fe80::1", false), ("::/0", "10.0.0.1", false),
    ])
  func exceptions(list: String, host: String, isException: Bool) {
    #expect(ProxyExceptions(list: Sourced(list, from: .variable("NO_PROXY"))).contain(host) == isException)
  }

  // MARK: On the way

  private func failure(_ proxy: String, _ variables: [String: String] = [:], url: String) throws -> TransportError {
    let all = ["http_proxy": proxy, "https_proxy": proxy].merging(variables) { $1 }
    let transport = CurlTransport(
      TransportConfiguration(
        userAgent: "test", variables: all,
        certificates: Certificates(bundle: nil, variables: all, system: .standard)))
    return try #require(throws: TransportError.self) {
      try transport.collect(
        HTTPRequest(method: "GET", url: url), timeouts: HTTPTimeouts(connect: .seconds(2)), cancellation: .never)
    }
  }

  @Test(
    "The failure of a proxy is told as the proxy's, whatever host was asked for",
    arguments: ["http://bedrock.invalid", "https://bedrock.invalid"])
  func failures(url: String) throws {
    let dead = try LoopbackServer { _, _ in .hangUp }.port
    for scheme in ["http", "https", "socks5", "socks5h", "socks4a"] {
      let error = try failure("\(scheme)://anna:hush@127.0.0.1:\(dead)", url: url)
      #expect(error.kind == .proxyUnreachable, "\(scheme)")
      let failure = error.failure(of: .model(endpoint: url, timeouts: HTTPTimeouts()))
      #expect(failure.code == .connection)
      #expect(failure.message.contains("127.0.0.1:\(dead)") && failure.message.contains("_proxy"))
      #expect(!failure.message.contains("bedrock.invalid") && !"\(failure)".contains("hush"))
    }
    for scheme in ["http", "socks5h", "socks5"] {
      #expect(
        [.proxyUnknown, .proxyUnreachable].contains(
          try failure("\(scheme)://no-such-proxy.invalid:1", url: url).kind), "\(scheme)")
    }
    guard case .setting(let failure) = try failure("http://127.0.0.1:99999", url: url).kind else {
      Issue.record("the port is not told")
      return
    }
    #expect(failure.code == .configInvalid)
    let direct = try self.failure("http://127.0.0.1:99999", ["no_proxy": "invalid"], url: url).kind
    #expect([.unknownHost, .unresolved].contains(direct), "an exception is made")
  }
}
