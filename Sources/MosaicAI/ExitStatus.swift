import MosaicAICore
import Platform

/// How the process ends.
enum ExitStatus: Equatable {
  case success
  /// With this status.
  case failure(Int32)
  /// By this signal, as if it had not been handled, so that a shell stops its loop.
  case signal(Int32)

  init(_ failure: Failure) {
    self = failure.signal.map { .signal($0) } ?? .failure(ExitStatus.status(of: failure.code))
  }

  /// The status that a shell sees.
  var number: Int32 {
    switch self {
    case .success: 0
    case .failure(let status): status
    case .signal(let signal): 128 + signal
    }
  }

  /// The status of each code, after sysexits(3). Those of status 75 are exactly the ones that may work later.
  static func status(of code: FailureCode) -> Int32 {
    switch code {
    case .usage: EX_USAGE
    case .invalidInput, .validation, .blocked: EX_DATAERR
    case .notFound, .ambiguous: EX_NOINPUT
    case .quota, .modelUnavailable, .protocolError, .tlsFailed, .noText: EX_UNAVAILABLE
    case .internal: EX_SOFTWARE
    case .storageFailed, .outputFailed: EX_IOERR
    case .throttled, .timeout, .unavailable, .connection, .corruptStream, .emptyReply, .modelError, .busy,
      .databaseUnavailable, .budget:
      EX_TEMPFAIL
    case .forbidden, .accessDenied, .credentialsFailed, .credentialsExpired: EX_NOPERM
    case .noCredentials, .configInvalid, .personaInvalid, .proxyAuth: EX_CONFIG
    case .interrupted: 128 + SIGINT
    }
  }

  /// Ends the process.
  func exit() -> Never {
    switch self {
    case .success: quickExit(0)
    case .failure(let status): quickExit(status)
    case .signal(let signal): platform_die_by_signal(signal)
    }
  }
}

/// Without exit handlers: another thread may still be loading libcurl, and would find its libraries unloaded. No output
/// is lost, since all of it is written at once.
private func quickExit(_ status: Int32) -> Never { _exit(status) }
