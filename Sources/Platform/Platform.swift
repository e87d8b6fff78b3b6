/// The C library of the platform, and what it offers that Swift cannot call by itself, as one import.
@_exported import CPlatform

#if canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Darwin
#endif

/// The arguments of the process, its name first.
package enum ProcessArguments {
  /// As they were given; they stay.
  package static var pointers: UnsafeBufferPointer<UnsafeMutablePointer<CChar>?> {
    var count: Int32 = 0
    if let first = platform_arguments(&count) { return UnsafeBufferPointer(start: first, count: Int(count)) }
    return UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
  }

  /// Without the name, those that are not UTF-8 repaired.
  package static var texts: [String] {
    pointers.dropFirst().compactMap { $0.map { String(cString: $0) } }
  }
}
