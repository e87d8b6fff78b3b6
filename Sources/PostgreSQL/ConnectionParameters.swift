import CLibPQ
import Platform

/// The parameters of a connection by their names in libpq
/// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS).
package struct ConnectionParameters: Equatable, Sendable {
  private var values: [String: String]

  /// Those that a URL sets.
  ///
  /// - Throws: `PostgresError`, whose words hold nothing of the URL
  package init(url: String) throws {
    try PostgresLibrary.load()
    var error: UnsafeMutablePointer<CChar>?
    guard let options = pq_conninfo_parse(url, &error) else {
      defer { pq_freemem(error) }
      let text = error.map { String(cString: $0) } ?? "no memory"
      // What follows the first quote or colon is taken from the URL, and so may be part of the password.
      throw PostgresError(.parsing, String(text.prefix { $0 != "\"" && $0 != ":" }).trimmed)
    }
    values = ConnectionParameters.values(options)
  }

  /// Those that the environment or the service that it names set, and libpq's own defaults.
  package static func defaults() throws -> ConnectionParameters {
    try PostgresLibrary.load()
    guard let options = pq_conndefaults() else { throw PostgresError(.parsing, "no memory") }
    return ConnectionParameters(values: values(options))
  }

  private init(values: [String: String]) { self.values = values }

  private static func values(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
    defer { pq_conninfo_free(options) }
    var values: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return values
  }

  /// The value of a parameter; nil if it is not set, which also an empty one is not.
  package subscript(_ keyword: String) -> String? {
    get { values[keyword].flatMap { $0.isEmpty ? nil : $0 } }
    set { values[keyword] = newValue }
  }

  /// One for each of the hosts that the parameters name, in their order: libpq tries several hosts only in calls that
  /// cannot be interrupted.
  package var perHost: [ConnectionParameters] {
    func list(_ keyword: String) -> [String] {
      values[keyword].map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    }
    let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"))
    let count = max(hosts.count, addresses.count)
    guard count > 1, ports.count <= 1 || ports.count == count else { return [self] }
    return (0..<count).map { index in
      var one = self
      if hosts.count == count { one["host"] = hosts[index] }
      if addresses.count == count { one["hostaddr"] = addresses[index] }
      if ports.count == count { one["port"] = ports[index] }
      return one
    }
  }

  /// In any order.
  var pairs: [(String, String)] { values.map { ($0.key, $0.value) } }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// libpq, once it is loaded.
package enum PostgresLibrary {
  /// - Throws: `PostgresError` if it is not there
  package static func load() throws {
    guard pq_load() != 0 else { return }
    throw PostgresError(.loading, systemError: platform_shortage(), String(cString: pq_load_error()))
  }
}
