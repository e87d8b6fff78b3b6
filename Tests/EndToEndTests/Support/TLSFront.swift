import Foundation
import TestSupport

import Platform

/// A server's certificate from a certificate authority of its own, for 127.0.0.1 and bedrock.test.
final class PrivateAuthority: Sendable {
  /// The one that all tests share.
  static let shared = Result { try PrivateAuthority() }

  /// The authority's own certificate.
  let certificate: String
  /// A folder that has it under the name that OpenSSL looks for.
  let hashedFolder: String
  /// Another authority's.
  let otherCertificate: String
  let serverCertificate: String
  /// The same, but expired.
  let expiredCertificate: String
  let serverKey: String
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    certificate = "\(folder.path)/ca.pem"
    hashedFolder = "\(folder.path)/hashed"
    otherCertificate = "\(folder.path)/other.pem"
    serverCertificate = "\(folder.path)/server.pem"
    expiredCertificate = "\(folder.path)/expired.pem"
    serverKey = "\(folder.path)/server.key"
    let script = """
      for name in ca other; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Test authority $name" -keyout $name.key -out $name.pem
      done
      openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
      printf 'subjectAltName=IP:127.0.0.1,DNS:bedrock.test' >server.ext
      for certificate in 'server 2' 'expired -1'; do
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days "${certificate#* }" \
          -extfile server.ext -out "${certificate% *}.pem"
      done
      mkdir hashed
      cp ca.pem "hashed/$(openssl x509 -hash -noout -in ca.pem).0"
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-euc", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Complaint("openssl makes no certificates") }
  }
}

/// Ends TLS in front of the simulator, one request a connection, or in front of anything else.
final class TLSFront: Sendable {
  /// What it does.
  enum Manner: String, Sendable {
    case usual
    /// It speaks TLS 1.0 and 1.1.
    case old
    /// It wants a client certificate.
    case mutual
    /// It has an expired certificate.
    case expired
    /// It hands on whatever comes, as a proxy needs it.
    case relay
  }

  let port: Int
  private let process: Running

  /// - Parameter destination: the simulator's port
  init(_ manner: Manner = .usual, to destination: Int) async throws {
    let authority = try PrivateAuthority.shared.get()
    let python = try Tool.path("python3")
    process = try Command(
      python,
      [
        "-c", TLSFront.script, manner == .expired ? authority.expiredCertificate : authority.serverCertificate,
        authority.serverKey, String(destination), manner.rawValue,
      ],
      variables: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""], folder: "/", owner: authority
    ).start()
    try await process.shows(" ready")
    guard let port = Int(process.outputSoFar.prefix { $0 != " " }) else {
      throw Complaint("no port in: \(process.outputSoFar)")
    }
    self.port = port
  }

  deinit { process.signal(SIGKILL) }

  var url: String { "https://127.0.0.1:\(port)" }

  private static let script = """
    import re, socket, ssl, sys, threading

    certificate, key, destination, manner = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if manner == "mutual":
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificate)
    if manner == "old":
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    def relay(source, target):
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def serve(connection):
        try:
            with context.wrap_socket(connection, server_side=True) as client:
                if manner == "relay":
                    server = socket.create_connection(("127.0.0.1", int(destination)))
                    threading.Thread(target=relay, args=(client, server), daemon=True).start()
                    return relay(server, client)
                request = b""
                while b"\\r\\n\\r\\n" not in request:
                    request += client.recv(65536) or sys.exit()
                head, body = request.split(b"\\r\\n\\r\\n", 1)
                length = re.search(rb"(?i)\\r\\ncontent-length: *(\\d+)", head)
                while length and len(body) < int(length[1]):
                    body += client.recv(65536) or sys.exit()
                server = socket.create_connection(("127.0.0.1", int(destination)))
                server.sendall(head + b"\\r\\nConnection: close\\r\\n\\r\\n" + body)
                while piece := server.recv(65536):
                    client.sendall(piece)
        except OSError:
            pass

    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], "ready", flush=True)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    """
}
