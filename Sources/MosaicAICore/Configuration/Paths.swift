/// Where files belong (XDG Base Directory Specification).
public struct Paths: Equatable, Sendable {
  /// Of `config.yaml` and `personas.yaml`.
  public let configurationFolder: String
  /// Of the database.
  public let dataFolder: String
  /// Of temporary credentials.
  public let cacheFolder: String

  /// - Parameter variables: `XDG_CONFIG_HOME`, `XDG_DATA_HOME` and `XDG_CACHE_HOME` count where they are absolute
  public init(variables: [String: String], home: String) {
    func folder(_ name: String, _ fallback: String) -> String {
      let base = variables[name].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/\(fallback)"
      return "\(base)/mosaic-ai"
    }
    configurationFolder = folder("XDG_CONFIG_HOME", ".config")
    dataFolder = folder("XDG_DATA_HOME", ".local/share")
    cacheFolder = folder("XDG_CACHE_HOME", ".cache")
  }

  public var configurationFile: String { "\(configurationFolder)/config.yaml" }
  public var personasFile: String { "\(configurationFolder)/personas.yaml" }
  public var database: String { "\(dataFolder)/mosaic-ai.sqlite3" }

  /// `~` and `~/…` below the home folder; anything else as it is.
  public static func expandingTilde(_ path: String, home: String) -> String {
    path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
  }
}
