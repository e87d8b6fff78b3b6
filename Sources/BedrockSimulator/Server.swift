import Platform
import MosaicAICore

/// Listens, and gives each connection a thread of its own.
struct Server: Sendable {
  /// The port that clients connect to.
  let port: UInt16

  private let listener: Int32
  private let simulator: Simulator
  private let log: RequestLog?

  /// Starts to listen; connections wait until `run`.
  ///
  /// - Throws: `SimulatorFailure`
  init(at address: LoopbackAddress, port: UInt16, simulator: Simulator, log: RequestLog?) throws {
    (listener, self.port) = try address.listen(port: port)
    self.simulator = simulator
    self.log = log
    Server.allowManyConnections()
  }

  /// Serves until a signal arrives, or standard input ends if `endsWithInput` is true.
  ///
  /// - Parameter signals: becomes readable when a signal arrives
  func run(untilReadable signals: Int32, endsWithInput: Bool) throws {
    var polled = [
      pollfd(fd: listener, events: Int16(POLLIN), revents: 0), pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
    ]
    if endsWithInput { polled.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
    while true {
      guard poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR else {
        throw SimulatorFailure("cannot wait for connections", errno: errno, exitStatus: EX_OSERR)
      }
      if polled[1].revents != 0 { return }
      if endsWithInput, polled[2].revents != 0, inputHasEnded() { return }
      if polled[0].revents != 0 { acceptConnection() }
    }
  }

  /// Discards what standard input has. True at its end.
  private func inputHasEnded() -> Bool {
    var ignored = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &ignored, ignored.count)
    return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)
  }

  /// Accepts the connection that is waiting.
  private func acceptConnection() {
    let descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else {
      // Without descriptors the listener stays readable, and this would spin.
      if errno == EMFILE || errno == ENFILE { sleep(milliseconds: 20) }
      return
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    if !detachThread({ serve(descriptor) }) { close(descriptor) }
  }

  /// Answers one request after another until either side closes.
  private func serve(_ descriptor: Int32) {
    var connection = Connection(accepted: descriptor)
    do {
      while let request = try connection.readRequest() {
        let received = Timestamp.now()
        let decision = simulator.decide(request, at: received)
        record(RequestLog.Entry(request, decision, receivedAt: received, from: connection.clientPort))
        let clock = { Timestamp.now() + decision.clockOffset }
        guard try connection.send(decision.answer, by: clock, keepsAlive: request.keepsAlive) else { return }
      }
    } catch let unreadable as UnreadableRequest {
      _ = try? connection.send(.error(unreadable.error), by: Timestamp.now, keepsAlive: false)
    } catch {
      // The client is gone, so there is nobody to tell.
    }
  }

  /// Logs a request if there is a log.
  private func record(_ entry: @autoclosure () -> RequestLog.Entry) {
    guard let log else { return }
    do { try log.append(entry()) } catch { complain("\(error)") }
  }

  /// Raises the limit of open descriptors: tests open hundreds of connections.
  private static func allowManyConnections() {
    var limit = rlimit()
    #if canImport(Glibc)
      let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let descriptors = RLIMIT_NOFILE
    #endif
    guard getrlimit(descriptors, &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 65_536)
    setrlimit(descriptors, &limit)
  }
}
