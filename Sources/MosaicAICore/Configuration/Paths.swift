/// Where files belong (XDG Base Directory Specification).
package struct Paths: Equatable, Sendable {
  /// Has `config.yaml`, `personas.yaml`, `questions.yaml` and `credentials.yaml`.
  package let configurationFolder: String
  /// Has the database.
  package let dataFolder: String
  /// Has temporary credentials.
  package let cacheFolder: String

  /// - Parameter variables: `XDG_CONFIG_HOME`, `XDG_DATA_HOME` and `XDG_CACHE_HOME` count if they are absolute
  package init(variables: [String: String], home: String) {
    func folder(_ name: String, _ fallback: String) -> String {
      let base = variables[name].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/\(fallback)"
      return "\(base)/mosaic-ai"
    }
    configurationFolder = folder("XDG_CONFIG_HOME", ".config")
    dataFolder = folder("XDG_DATA_HOME", ".local/share")
    cacheFolder = folder("XDG_CACHE_HOME", ".cache")
  }

  package var configurationFile: String { "\(configurationFolder)/config.yaml" }
  package var personasFile: String { "\(configurationFolder)/personas.yaml" }
  package var questionsFile: String { "\(configurationFolder)/questions.yaml" }
  package var credentialsFile: String { "\(configurationFolder)/credentials.yaml" }
  package var database: String { "\(dataFolder)/mosaic-ai.sqlite3" }

  /// `~` and `~/…` as paths below the home folder; anything else as it is.
  package static func expandingTilde(_ path: String, home: String) -> String {
    path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
  }
}
