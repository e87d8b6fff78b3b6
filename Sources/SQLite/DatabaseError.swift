import CSQLite
import Platform

/// What SQLite says about something that failed.
package struct DatabaseError: Error, CustomStringConvertible {
  /// One of SQLite's result codes (https://sqlite.org/rescode.html).
  package struct ResultCode: RawRepresentable, Equatable, Sendable {
    package let rawValue: CInt

    package init(rawValue: CInt) { self.rawValue = rawValue }

    package static let SQLITE_ERROR = ResultCode(rawValue: CSQLite.SQLITE_ERROR)
    package static let SQLITE_BUSY = ResultCode(rawValue: CSQLite.SQLITE_BUSY)
    package static let SQLITE_LOCKED = ResultCode(rawValue: CSQLite.SQLITE_LOCKED)
    package static let SQLITE_INTERRUPT = ResultCode(rawValue: CSQLite.SQLITE_INTERRUPT)
    package static let SQLITE_READONLY = ResultCode(rawValue: CSQLite.SQLITE_READONLY)
    package static let SQLITE_IOERR = ResultCode(rawValue: CSQLite.SQLITE_IOERR)
    package static let SQLITE_CORRUPT = ResultCode(rawValue: CSQLite.SQLITE_CORRUPT)
    package static let SQLITE_FULL = ResultCode(rawValue: CSQLite.SQLITE_FULL)
    package static let SQLITE_CANTOPEN = ResultCode(rawValue: CSQLite.SQLITE_CANTOPEN)
    package static let SQLITE_CONSTRAINT = ResultCode(rawValue: CSQLite.SQLITE_CONSTRAINT)
    package static let SQLITE_MISMATCH = ResultCode(rawValue: CSQLite.SQLITE_MISMATCH)
    package static let SQLITE_MISUSE = ResultCode(rawValue: CSQLite.SQLITE_MISUSE)
    package static let SQLITE_RANGE = ResultCode(rawValue: CSQLite.SQLITE_RANGE)
    package static let SQLITE_NOTADB = ResultCode(rawValue: CSQLite.SQLITE_NOTADB)
    package static let SQLITE_ABORT = ResultCode(rawValue: CSQLite.SQLITE_ABORT)
  }

  /// The code with its details.
  package let extendedResultCode: ResultCode
  /// SQLite's words, without the SQL.
  package let message: String?
  /// Why the system could not open, read or write a file, as errno(3) has it; nil if that was not the reason.
  package let systemError: Int32?

  /// - Parameters:
  ///   - message: nil: what SQLite says about the code
  ///   - systemError: the last one, whatever failed then
  package init(resultCode: ResultCode, message: String? = nil, systemError: Int32? = nil) {
    extendedResultCode = resultCode
    self.message = message ?? String(cString: sqlite3_errstr(resultCode.rawValue))
    let isOfFile = [.SQLITE_CANTOPEN, .SQLITE_IOERR].contains(ResultCode(rawValue: resultCode.rawValue & 0xff))
    self.systemError = isOfFile ? systemError.flatMap { $0 == 0 ? nil : $0 } : nil
  }

  /// The code without its details.
  package var resultCode: ResultCode { ResultCode(rawValue: extendedResultCode.rawValue & 0xff) }

  /// Whether it is what the file has in it that cannot be used, or cannot be read from the disk.
  package var isOfContents: Bool {
    // SQLITE_IOERR_READ, SHORT_READ, DATA and CORRUPTFS.
    [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode)
      || resultCode == .SQLITE_IOERR && [1, 2, 32, 33].contains(extendedResultCode.rawValue >> 8)
  }

  /// Whether the file, or the index of the write-ahead log, could not be locked for another reason than somebody's
  /// lock.
  package var isOfLock: Bool {
    // SQLITE_IOERR_UNLOCK, RDLOCK, CHECKRESERVEDLOCK, LOCK and SHMLOCK.
    resultCode == .SQLITE_IOERR && [8, 9, 14, 15, 20].contains(extendedResultCode.rawValue >> 8)
  }

  /// Whether the index of the write-ahead log cannot be mapped into memory where it is.
  package var isOfSharedMemory: Bool {
    // SQLITE_IOERR_SHMMAP; not for want of memory or space.
    resultCode == .SQLITE_IOERR && extendedResultCode.rawValue >> 8 == 21
      && systemError.map { [ENODEV, EINVAL, EACCES, ENOSYS, EOPNOTSUPP].contains($0) } == true
  }

  package var description: String { "SQLite error \(extendedResultCode.rawValue): \(message ?? "")" }
}
