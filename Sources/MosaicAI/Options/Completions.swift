import ArgumentParser
import MosaicAICore

/// What a shell offers for names that only the database and the user's files know.
extension CompletionKind {
  static let personas = names { try $0.personas().personas.map(\.id) }
  static let legacies = names { try service($0).legacies().map(\.name) }
  static let conversations = names {
    try service($0).conversations(legacy: nil, personaID: nil, limit: nil, offset: nil).map(\.id)
  }

  /// Names as the script of the shell that asks for them takes them; none where they cannot be read.
  private static func names(_ list: @escaping @Sendable (CommandContext) throws -> [String]) -> CompletionKind {
    custom { _, _, _ in
      let shell = CompletionShell.requesting
      return ((try? list(.live())) ?? []).map { CompletionScript.word($0, for: shell) }
    }
  }

  private static func service(_ context: CommandContext) throws -> ConversationService {
    try Session(CommonOptions.parse([]), context).lookingService()
  }
}

/// What stands between names that anybody may have given and a shell that evaluates words.
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

  /// A script of ArgumentParser's. In bash that takes names for those of files, and puts a slash behind one that is a
  /// folder's too; in zsh it keeps names with an exclamation mark from being quoted.
  static func mended(_ script: String) -> String {
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
