import MosaicAICore

/// Tracing a command, if the environment says so.
extension CommandContext {
  /// Begins the trace, and warns about settings of it that cannot be used.
  mutating func beginTrace(of command: any MosaicCommand) {
    guard let settings = TraceSettings(variables, unreadable: unreadableForTraces) else { return }
    diagnostics = diagnostics.at(command.common.level)
    for problem in settings.problems { diagnostics.warn(problem) }
    guard settings.isOn else { return }
    let world = Telemetry.World(
      name: MosaicAI._commandName, version: Release.version, makeTransport: makeTransport,
      writeToConsole: { [diagnostics] in diagnostics.show(trace: $0) })
    // Without random numbers, other code that needs them reports it.
    telemetry = try? Telemetry(
      "\(MosaicAI._commandName) \(type(of: command)._commandName)", settings, world, variables: variables)
    diagnostics.telemetry = telemetry
    if let telemetry { diagnostics.note(telemetry.summary) }
  }

  /// Ends the trace and sends the rest of it, but does not wait longer than users would.
  func finishTrace(_ status: ExitStatus) {
    guard let telemetry else { return }
    let wait: Duration = if case .signal = status { .milliseconds(100) } else { .milliseconds(950) }
    let problems = telemetry.finish(status: Int(status.number), within: wait) {
      (try? watchSignals().cancellation) ?? .never
    }
    let isToldAll = diagnostics.level == .verbose
    for problem in problems where isToldAll || !problem.isMinor { diagnostics.warn(problem.message) }
  }
}
