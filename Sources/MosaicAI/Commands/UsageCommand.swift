import ArgumentParser
import MosaicAICore

extension UsageKey: ExpressibleByArgument {}

struct UsageCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage", abstract: "Show how many tokens your conversations took, and what they cost.",
    discussion: """
      Counts the tokens that the service reported for each reply, replaced ones included: they were paid for. Tokens \
      read from the service's cache, and put there, are counted separately. Costs come from the prices in \
      config.yaml; none are built in. A group has no cost if one of its models has no price.
      """)

  @Option(help: ArgumentHelp("Count by this.", valueName: "key"))
  var by = UsageKey.conversation

  @OptionGroup var filter: FilterOptions
  @OptionGroup var time: TimeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    let format = try session.listFormat()
    let span = try time.span(session.context)
    let personas = try session.personas()
    let service = try session.existingService()
    let personaID = try filter.persona.map { try service.personaID($0, in: personas) }
    let prices = session.settings.prices
    let report = try service.usage(
      by: by, legacy: filter.legacy, personaID: personaID, in: span, prices: prices, personas: personas,
      zone: session.context.zone)
    if format == .text, !report.groups.isEmpty, !session.output.isTerminal {
      try session.output.write(Table(columns: [], rows: (report.groups + [report.total]).map(fields)).tabSeparated)
    } else {
      try session.write(report.groups, record: \.record) { _ in table(report, session) }
    }
    if report.groups.isEmpty, session.output.isTerminal { session.diagnostics.remark("There is nothing to count.") }
    guard !prices.isEmpty, !report.unpricedModels.isEmpty else { return }
    session.diagnostics.warn(
      "costs are left out for models without a price: \(report.unpricedModels.sorted().joined(separator: ", "))",
      "add them to prices in config.yaml, with all kinds of tokens they use")
  }

  /// For programs.
  private func fields(_ group: UsageGroup) -> [String] {
    let tokens = group.tokens
    return [group.key ?? "", group.name ?? ""]
      + [group.messages, tokens.input, tokens.output, tokens.cacheRead, tokens.cacheWrite].map { String($0) }
      + [group.cost?.exactText ?? "", group.cost?.currency ?? ""]
  }

  /// For people.
  private func table(_ report: UsageReport, _ session: Session) -> Table {
    let isNamed = ![.model, .day, .month].contains(by)
    let hasCosts = !session.settings.prices.isEmpty
    func row(_ group: UsageGroup, key: String) -> [String] {
      let tokens = group.tokens
      return [key] + (isNamed ? [group.key == "total" ? "" : group.name ?? ""] : [])
        + [group.messages, tokens.input, tokens.cacheRead, tokens.cacheWrite, tokens.output].map(session.number)
        + (hasCosts ? [group.cost?.text ?? "?"] : [])
    }
    var columns = [Table.Column(by.rawValue.uppercased())]
    if isNamed { columns.append(.init("NAME", minimumWidth: 16)) }
    columns += [
      .init("MESSAGES", dropOrder: 2, isNumber: true), .init("INPUT", dropOrder: 3, isNumber: true),
      .init("FROM CACHE", dropOrder: 1, isNumber: true), .init("TO CACHE", dropOrder: 0, isNumber: true),
      .init("OUTPUT", dropOrder: 4, isNumber: true),
    ]
    if hasCosts { columns.append(.init("COST", isNumber: true)) }
    let keys = report.groups.map { group -> String in
      guard let key = group.key else { return "(no reply)" }
      return [.conversation, .legacy, .user].contains(by) ? String(key.prefix(8)) : key
    }
    guard !report.groups.isEmpty else { return Table(columns: columns, rows: []) }
    return Table(
      columns: columns,
      rows: zip(report.groups, keys).map { row($0, key: $1) } + [row(report.total, key: "Total")])
  }
}
