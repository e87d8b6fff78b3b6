import Platform

/// Whose certificates TLS trusts: found and checked once, for sending and for a diagnosis alike.
package struct Certificates: Equatable, Sendable {
  /// Where certificates are kept.
  package enum Store: Equatable, Sendable {
    /// A file in PEM.
    case file(String)
    /// Folders of files that are named by hash, separated by colons.
    case folder(String)
    /// There are none: no server can be trusted.
    case none
  }

  package let store: Store
  /// The setting that names them; nil for the system's.
  package let origin: SettingOrigin?
  /// Whether a setting of AWS names them, which has to be right even if nothing is sent over TLS.
  let isOfAWS: Bool
  /// Why no server can be trusted with them; nil if they can be used.
  let problem: Failure?

  /// - Parameters:
  ///   - bundle: `AWS_CA_BUNDLE`, or `ca_bundle` of the AWS profile: beats `SSL_CERT_FILE` and `SSL_CERT_DIR`
  ///   - system: used if no setting names any
  ///   - cancellation: ends waiting for a pipe early
  init(
    bundle: Sourced<String>?, variables: [String: String], system: SystemCertificates,
    _ cancellation: Cancellation = .never
  ) {
    func variable(_ name: String) -> Sourced<String>? {
      variables.variable(name).map { Sourced($0, from: .variable(name)) }
    }
    isOfAWS = bundle != nil
    if let file = bundle ?? variable("SSL_CERT_FILE") {
      (store, origin) = (.file(file.value), file.origin)
      problem = Certificates.problem(ofFile: file, cancellation)
    } else if let folder = variable("SSL_CERT_DIR") {
      (store, origin) = (.folder(folder.value), folder.origin)
      problem = Certificates.problem(ofFolder: folder).map { Certificates.shortage ?? $0 }
    } else {
      (store, origin) = (system.store, nil)
      problem = store == .none ? Certificates.shortage ?? Certificates.systemHasNone : nil
    }
  }

  /// `AWS_CA_BUNDLE`, which counts even if the profile cannot be read.
  static func bundle(in variables: [String: String]) -> Sourced<String>? {
    variables.variable("AWS_CA_BUNDLE").map { Sourced($0, from: .variable("AWS_CA_BUNDLE")) }
  }

  /// The failure of a store that the TLS library cannot use, although it seemed right.
  ///
  /// - Parameter detail: the library's words
  func unusable(_ detail: String) -> Failure {
    guard let origin, let path else { return Certificates.systemHasNone }
    return Failure(
      .configInvalid, "cannot use the certificates in \(path), set by \(origin): \(printable(detail))",
      advice: "use a file of certificates in PEM")
  }

  /// The file or the folder, to be shown; nil if there is none.
  package var path: String? {
    switch store {
    case .file(let path), .folder(let path): FilePath.shown(path)
    case .none: nil
    }
  }

  private static let systemHasNone = Failure(
    .configInvalid, "no trusted certificates are installed on this machine",
    advice: "install ca-certificates; on Debian and Ubuntu: apt-get install ca-certificates")

  /// Why no folder can be read now, wherever it is; nil if one can.
  private static var shortage: Failure? {
    LocalFile.SystemError(code: platform_shortage()).shortage("cannot look for trusted certificates")
  }

  private static func problem(ofFile file: Sourced<String>, _ cancellation: Cancellation) -> Failure? {
    func failure(_ message: String, _ advice: Advice) -> Failure { Failure(.configInvalid, message, advice: advice) }
    if let problem = FilePath.problem(of: file.value) {
      return failure("the CA bundle, set by \(file.origin), \(problem)", "name a file of certificates in PEM")
    }
    let place = "the CA bundle \(printable(file.value)), set by \(file.origin)"
    guard !LocalFile(file.value).isFolder else {
      return failure("\(place), is a folder", "name a file of certificates in PEM")
    }
    let contents = Result { try LocalFile(file.value).readableContents(cancellation) }
    if case .failure(let error) = contents { return .from(error) }
    guard let bytes = try? contents.get() else {
      return failure("cannot read \(place)", "correct the path, or remove the setting")
    }
    // `BEGIN CERTIFICATE`, `BEGIN TRUSTED CERTIFICATE` and `BEGIN X509 CERTIFICATE`.
    guard bytes.firstRange(of: Array("CERTIFICATE-----".utf8)) != nil else {
      return failure("no certificate was found in \(place)", "use a file of certificates in PEM")
    }
    return nil
  }

  private static func problem(ofFolder folder: Sourced<String>) -> Failure? {
    let hasFiles = folder.value.split(separator: ":").contains { !LocalFile(String($0)).fileNames.isEmpty }
    return hasFiles
      ? nil
      : Failure(
        .configInvalid,
        "no certificate was found in \(printable(FilePath.shown(folder.value))), set by \(folder.origin)",
        advice: "correct the path, or remove the setting")
  }
}

/// Where systems keep the certificates of the authorities that they trust.
package struct SystemCertificates: Equatable, Sendable {
  /// Folders of files that are named by hash: these come first, since OpenSSL takes 17 ms to read one large file.
  var folders: [String]
  var files: [String]

  /// Of Debian, Fedora, openSUSE, Alpine, macOS and their relatives.
  package static let standard = SystemCertificates(
    folders: ["/etc/ssl/certs"],
    files: [
      "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ])

  /// The first of them that is there.
  var store: Certificates.Store {
    // A package that has been removed leaves links to nowhere.
    for folder in folders
    where LocalFile(folder).fileNames.contains(where: { $0.hasSuffix(".0") && LocalFile("\(folder)/\($0)").isReadable })
    {
      return .folder(folder)
    }
    return files.first { LocalFile($0).isRegular && LocalFile($0).size ?? 0 > 0 }.map { .file($0) } ?? .none
  }
}
