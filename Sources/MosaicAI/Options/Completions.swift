import ArgumentParser
import MosaicAICore

/// What a shell offers for names that are only in the database and the user's files.
extension CompletionKind {
  static let personas = names { try $0.personas().personas.map(\.id) }
  static let chapters = names { try $0.questions().chapters }
  static let legacies = names { context in
    let legacies = try service(context).legacies()
    // A name that two have names neither.
    let counts = Dictionary(legacies.map { ($0.name.folded, 1) }, uniquingKeysWith: +)
    return legacies.map { counts[$0.name.folded] == 1 ? $0.name : $0.id.rawValue }
  }
  static let conversations = names {
    try service($0).conversations().map(\.id.rawValue)
  }

  /// Names in the form that the script of the asking shell takes; none if they cannot be read.
  private static func names(_ list: @escaping @Sendable (CommandContext) throws -> [String]) -> CompletionKind {
    custom { _, _, _ in
      let (shell, context) = (CompletionShell.requesting, CommandContext.live())
      guard (try? context.checkEncoding()) != nil else { return [] }
      return ((try? list(context)) ?? []).map { CompletionScript.word($0, for: shell) }
    }
  }

  private static func service(_ context: CommandContext) throws -> ConversationService {
    let session = try Session(CommonOptions.parse([]), TypedSettings(), context)
    return try session.service(SQLiteStore.openIfPresent(path: session.databasePath()))
  }
}

/// What protects a shell that evaluates words from names that anyone may have chosen.
enum CompletionScript {
  /// A name, quoted for what the shell's script does with it.
  static func word(_ name: String, for shell: CompletionShell?) -> String {
    switch shell {
    // compgen -W evaluates its words.
    case .bash: "'\(name.replacing("'", with: #"'\''"#))'"
    // _describe takes what follows a colon for a description.
    case .zsh: name.replacing("\\", with: #"\\"#).replacing(":", with: #"\:"#)
    default: name
    }
  }

  /// A script of ArgumentParser's, corrected: in bash it takes names for those of files and adds a slash to one that is also
  /// a folder's; in zsh it keeps names with an exclamation mark from being quoted.
  static func corrected(_ script: String) -> String {
    script
      .replacing(
        #"__mosaic-ai_add_completions -W "$(__mosaic-ai_custom"#,
        with: #"__mosaic-ai_add_names -W "$(__mosaic-ai_custom"#
      )
      .replacing("\n_mosaic-ai() {\n    local state\n", with: "\n\(addNames)\n_mosaic-ai() {\n    local state\n")
      .replacing("unsetopt aliases banghist", with: "unsetopt aliases")
  }

  /// Quotes names in place of readline, which does so for those of files alone. Within quotes that were typed it has
  /// to.
  private static let addNames = #"""
    __mosaic-ai_add_names() {
        __mosaic-ai_add_completions "${@}"
        [[ "${COMP_WORDS[${COMP_CWORD}]}" = [\'\"]* ]] && return
        compopt +o filenames || return
        local index
        for index in "${!COMPREPLY[@]}"; do
            printf -v 'COMPREPLY[index]' %q "${COMPREPLY[${index}]}"
        done
    }

    """#
}
