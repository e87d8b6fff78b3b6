import Platform

/// Whose certificates TLS trusts: found and checked once, for sending and for a diagnosis alike.
///
/// A file and folders count together, as with curl and OpenSSL: `SSL_CERT_FILE` and `SSL_CERT_DIR` each replace one of
/// the two that the system has. A bundle of AWS's settings counts alone, as in the AWS SDKs.
package struct Certificates: Equatable, Sendable {
  /// A file in PEM; nil if there is none.
  let file: Sourced<String>?
  /// Folders of files that are named by hash, separated by colons; nil if there are none.
  let folder: Sourced<String>?
  /// Whether a setting of AWS names them, which has to be right even if nothing is sent over TLS.
  let isOfAWS: Bool
  /// Why no server can be trusted with them; nil if they can be used.
  let problem: Failure?
  /// The problem of a setting that does no harm, since the others are enough.
  let remark: Failure?

  /// - Parameters:
  ///   - bundle: `AWS_CA_BUNDLE`, or `ca_bundle` of the AWS profile: beats `SSL_CERT_FILE` and `SSL_CERT_DIR`
  ///   - system: used for whatever no setting names
  ///   - cancellation: ends waiting for a pipe early
  init(
    bundle: Sourced<String>?, variables: [String: String], system: SystemCertificates,
    _ cancellation: Cancellation = .never
  ) {
    func variable(_ name: String) -> Sourced<String>? {
      variables.variable(name).map { Sourced($0, from: .variable(name)) }
    }
    isOfAWS = bundle != nil
    if let bundle {
      (self.file, self.folder, remark) = (bundle, nil, nil)
      problem = Certificates.problem(ofFile: bundle, cancellation)
      return
    }
    let (namedFile, namedFolder) = (variable("SSL_CERT_FILE"), variable("SSL_CERT_DIR"))
    let file = namedFile ?? system.file.map { Sourced($0, from: .fallback) }
    let folder = namedFolder ?? system.folder.map { Sourced($0, from: .fallback) }
    let folderProblem = namedFolder.flatMap(Certificates.problem(ofFolder:))
    let isAnyFound = file != nil || (folder != nil && folderProblem == nil)
    (self.file, self.folder) = (file, folder)
    problem =
      namedFile.map { Certificates.problem(ofFile: $0, cancellation) }
      ?? (isAnyFound ? nil : Certificates.shortage ?? folderProblem ?? system.problem)
    remark = problem == nil ? folderProblem : nil
  }

  /// `AWS_CA_BUNDLE`, which counts even if the profile cannot be read.
  static func bundle(in variables: [String: String]) -> Sourced<String>? {
    variables.variable("AWS_CA_BUNDLE").map { Sourced($0, from: .variable("AWS_CA_BUNDLE")) }
  }

  /// Whether a URL cannot be asked without them: for the host, or for the proxy on the way to it.
  static func areNeeded(for url: String, through proxy: ProxyServer?) -> Bool {
    URLParts(url).scheme == "https" || proxy?.isSecure == true
  }

  /// The first setting that names some, to be shown; nil if they are all the system's.
  package var setting: Sourced<String>? {
    [file, folder].lazy.compactMap { $0 }.first { $0.origin != .fallback }
      .map { Sourced(FilePath.shown($0.value), from: $0.origin) }
  }

  /// The file or the folder that counts together with `place`.
  package func other(than place: Sourced<String>) -> Sourced<String>? {
    [file, folder].lazy.compactMap { $0 }.first { $0.origin != place.origin }
  }

  /// Whether the folder may do without the file: OpenSSL takes 17 ms to read all of the system's, and reads of a folder
  /// only what it needs.
  var isFolderFirst: Bool { folder != nil && remark == nil && file?.origin == .fallback }

  /// The failure of a file that the TLS library cannot use, although it seemed right.
  ///
  /// - Parameter detail: the library's words
  func unusable(_ detail: String) -> Failure {
    guard let file else { return SystemCertificates.missing }
    let isSystems = file.origin == .fallback
    return Failure(
      .configInvalid,
      "cannot use the certificates in \(visible(file.value))\(isSystems ? "" : ", set by \(file.origin)"): "
        + printable(detail), advice: isSystems ? SystemCertificates.renewal : "use a file of certificates in PEM")
  }

  /// Why no folder can be read now, wherever it is; nil if one can.
  private static var shortage: Failure? {
    LocalFile.SystemError(code: platform_shortage()).shortage("cannot look for trusted certificates")
  }

  private static func problem(ofFile file: Sourced<String>, _ cancellation: Cancellation) -> Failure? {
    func failure(_ message: String, _ advice: Advice) -> Failure { Failure(.configInvalid, message, advice: advice) }
    if let problem = FilePath.problem(of: file.value) {
      return failure("the CA bundle, set by \(file.origin), \(problem)", "name a file of certificates in PEM")
    }
    let place = "the CA bundle \(visible(file.value)), set by \(file.origin)"
    guard !LocalFile(file.value).isFolder else {
      return failure("\(place), is a folder", "name a file of certificates in PEM")
    }
    switch CertificateFile(file.value, cancellation) {
    case .usable: return nil
    case .missing: return failure("\(place), does not exist", "correct the path, or remove the setting")
    case .unreadable(let error):
      return error.shortage("cannot read \(place)")
        ?? failure("cannot read \(place): \(error)", "make it readable for yourself")
    case .tooLarge(let error): return failure("cannot read \(place): \(error)", "name a file of certificates in PEM")
    case .empty: return failure("no certificate was found in \(place)", "use a file of certificates in PEM")
    case .interrupted(let failure): return failure
    }
  }

  private static func problem(ofFolder folder: Sourced<String>) -> Failure? {
    let folders = folder.value.split(separator: ":").map { LocalFile(String($0)) }
    guard !folders.contains(where: \.hasHashedCertificates) else { return nil }
    let isFilled = folders.contains { !$0.fileNames.isEmpty }
    return Failure(
      .configInvalid,
      "no certificate\(isFilled ? " named by its hash" : "") was found in \(visible(FilePath.shown(folder.value))), "
        + "set by \(folder.origin)",
      advice: isFilled
        ? "name the files in it by their hashes with `openssl rehash`" : "correct the path, or remove the setting")
  }
}

/// What a file of certificates is good for.
private enum CertificateFile {
  /// It has certificates in PEM, as far as their first lines tell.
  case usable
  case missing
  case unreadable(LocalFile.SystemError)
  case tooLarge(LocalFile.TooLarge)
  /// It has none.
  case empty
  /// It is a pipe, and a signal came first.
  case interrupted(Failure)

  /// - Parameter cancellation: ends waiting for a pipe early; nil if pipes and devices have no certificates that count
  init(_ path: String, _ cancellation: Cancellation?) {
    let file = LocalFile(path)
    do {
      guard cancellation != nil || file.isRegular || !file.exists else {
        self = .empty
        return
      }
      guard let bytes = try file.contents(cancellation ?? .never) else {
        self = .missing
        return
      }
      // `BEGIN CERTIFICATE`, `BEGIN TRUSTED CERTIFICATE` and `BEGIN X509 CERTIFICATE`.
      self = bytes.firstRange(of: Array("CERTIFICATE-----".utf8)) == nil ? .empty : .usable
    } catch let error as LocalFile.SystemError {
      self = .unreadable(error)
    } catch let error as LocalFile.TooLarge {
      self = .tooLarge(error)
    } catch {
      self = .interrupted(.from(error))
    }
  }

  var isUsable: Bool { if case .usable = self { true } else { false } }
}

extension LocalFile {
  /// Whether the folder has a certificate under a name that OpenSSL looks for. A package that has been removed leaves
  /// links to nowhere.
  fileprivate var hasHashedCertificates: Bool {
    fileNames.contains { $0.hasSuffix(".0") && CertificateFile("\(path)/\($0)", nil).isUsable }
  }
}

/// Where systems keep the certificates of the authorities that they trust.
package struct SystemCertificates: Equatable, Sendable {
  /// Folders of files that are named by hash.
  var folders: [String]
  var files: [String]

  /// Of Debian, Fedora, openSUSE, Alpine, macOS and their relatives.
  package static let standard = SystemCertificates(
    folders: ["/etc/ssl/certs"],
    files: [
      "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ])

  /// The first folder that can be used.
  var folder: String? { folders.first { LocalFile($0).hasHashedCertificates } }

  /// The first file that can be used.
  var file: String? { files.first { CertificateFile($0, nil).isUsable } }

  /// Why neither can be used.
  var problem: Failure {
    for path in files {
      switch CertificateFile(path, nil) {
      case .unreadable(let error):
        return Failure(
          .configInvalid, "cannot read the certificates that this machine trusts, \(path): \(error)",
          advice: "make the file and the folders it is in readable for everyone")
      case .tooLarge(let error):
        return Failure(
          .configInvalid, "cannot read the certificates that this machine trusts, \(path): \(error)",
          advice: SystemCertificates.renewal)
      case .empty:
        return Failure(
          .configInvalid, "no certificate was found in \(path), which has those that this machine trusts",
          advice: SystemCertificates.renewal)
      case .usable, .missing, .interrupted: continue
      }
    }
    return SystemCertificates.missing
  }

  static let missing = Failure(
    .configInvalid, "no trusted certificates are installed on this machine",
    advice: "install ca-certificates; on Debian and Ubuntu: apt-get install ca-certificates")

  static let renewal: Advice = "make it again with update-ca-certificates, on Fedora with update-ca-trust"
}
