import ArgumentParser
import MosaicAICore

/// Something that a shell offers, with a description for shells that show one.
struct Candidate: Equatable {
  let value: String
  var description = ""
}

/// What a shell offers for names from the database and the user's files.
extension CompletionKind {
  static let personas = candidates { line in
    try line.context.personas().personas.map { Candidate(value: $0.id, description: "\($0.name). \($0.description)") }
  }
  static let chapters = candidates { line in try line.context.questions().chapters.map { Candidate(value: $0) } }
  static let profiles = candidates { line in
    try line.session().bedrockAccess().profileNames.map { Candidate(value: $0) }
  }
  static let legacies = candidates { line in
    let legacies = try line.service().legacies()
    // A name that two have names neither.
    let counts = Dictionary(legacies.map { ($0.name.folded, 1) }, uniquingKeysWith: +)
    return legacies.map { legacy in
      let isUnique = counts[legacy.name.folded] == 1 && !legacy.name.hasPrefix("-")
      return isUnique
        ? Candidate(value: legacy.name, description: counted(legacy.conversationCount, "conversation"))
        : Candidate(value: legacy.id.rawValue, description: legacy.name)
    }
  }
  static let conversations = candidates { line in
    let personas = try line.context.personas()
    return Candidate.conversations(try line.service().conversations(), typed: line.typed) { personas.name(of: $0) }
  }
  static let conversationNames = candidates { line in
    try line.service().conversations().compactMap { conversation in
      conversation.name.map { Candidate(value: $0, description: "about \(conversation.legacyName)") }
    }
  }
  static let handles = candidates { line in try line.service().memberHandles().map { Candidate(value: $0) } }

  /// Candidates in the form that the script of the asking shell takes; none if they cannot be read.
  private static func candidates(_ list: @escaping @Sendable (CompletedLine) throws -> [Candidate]) -> CompletionKind {
    custom { words, index, _ in
      let (shell, context) = (CompletionShell.requesting, CommandContext.live())
      guard (try? context.checkEncoding()) != nil else { return [] }
      let line = CompletedLine(words: words, typed: words.indices.contains(index) ? words[index] : "", context: context)
      return ((try? list(line)) ?? []).map { CompletionScript.line($0, for: shell) }
    }
  }
}

extension Candidate {
  /// What names conversations: their names and titles if they are unique, otherwise their ids. If the start of an id
  /// was typed, ids are offered too.
  ///
  /// - Parameter persona: the name of a persona, by its id
  static func conversations(_ all: [Conversation], typed: String, persona: (String) -> String) -> [Candidate] {
    let names = Dictionary(all.compactMap(\.name).map { ($0, 1) }, uniquingKeysWith: +)
    let titles = Dictionary(all.compactMap(\.title).map { ($0.uppercased(), 1) }, uniquingKeysWith: +)
    func isUsable(_ text: String) -> Bool {
      !text.hasPrefix("-") && text != "last" && SafeText.line(text) == text
        && !text.lowercased().allSatisfy { $0.isHexDigit || $0 == "-" }
    }
    let last = all.first.map { [Candidate(value: "last", description: $0.title ?? "about \($0.legacyName)")] } ?? []
    return last
      + all.flatMap { conversation -> [Candidate] in
        let id = conversation.id.rawValue
        let place = "about \(conversation.legacyName), with \(persona(conversation.personaID))"
        let name = conversation.name.flatMap { names[$0] == 1 && isUsable($0) ? $0 : nil }
        let title = conversation.title.flatMap {
          titles[$0.uppercased()] == 1 && names[$0] == nil && isUsable($0) ? $0 : nil
        }
        let words = [name, title].compactMap { $0 }.map { Candidate(value: $0, description: place) }
        let isIDMeant = words.isEmpty || !typed.isEmpty && id.hasPrefix(typed.lowercased())
        return words + (isIDMeant ? [Candidate(value: id, description: conversation.title ?? place)] : [])
      }
  }
}

/// A command line of which a word is to be completed.
struct CompletedLine {
  /// As they are typed, quoted.
  let words: [String]
  /// The part of the word that is there already.
  let typed: String
  let context: CommandContext

  /// With the database, the configuration file and the user that are chosen on the line.
  ///
  /// - Throws: as `Session.init`
  func session() throws -> Session {
    let chosen = ["--database", "--config", "--user"].flatMap { name -> [String] in
      value(of: name).map { ["\(name)=\(name == "--config" ? Paths.expandingTilde($0, home: context.home) : $0)"] }
        ?? []
    }
    let common = try CommonOptions.parse(chosen)
    var typed = TypedSettings()
    common.add(to: &typed)
    return try Session(common, typed, context)
  }

  /// - Throws: as `session()`; as `Session.service()`
  func service() throws -> ConversationService {
    let session = try session()
    return try session.service(session.database().openIfPresent() ?? SQLiteStore.inMemory())
  }

  /// The value of an option; nil if it is not there, or not complete.
  private func value(of option: String) -> String? {
    for (word, next) in zip(words, words.dropFirst() + [""]) {
      // bash takes the sign for a word of its own.
      let quoted = word == option ? next : word.hasPrefix("\(option)=") ? String(word.dropFirst(option.count + 1)) : nil
      if let quoted, quoted != "=" { return shellWords(quoted)?.first }
      if quoted == "=", let place = words.firstIndex(of: option), words.indices.contains(place + 2) {
        return shellWords(words[place + 2])?.first
      }
    }
    return nil
  }
}

/// Protects shells that evaluate words from names that anyone may have chosen.
enum CompletionScript {
  /// A candidate, quoted for what the shell's script does with it.
  static func line(_ candidate: Candidate, for shell: CompletionShell?) -> String {
    let (value, description) = (candidate.value, SafeText.line(candidate.description))
    return switch shell {
    // compgen -W evaluates its words.
    case .bash: "'\(value.replacingScalars("'", with: #"'\''"#))'"
    // _describe takes what follows a colon for a description.
    case .zsh:
      value.replacingScalars("\\", with: #"\\"#).replacingScalars(":", with: #"\:"#)
        + (description.isEmpty ? "" : ":\(description)")
    // Without a description of its own, each would have the option's.
    default: "\(value)\t\(description)"
    }
  }

  /// A script of ArgumentParser's, corrected: in bash it takes names for those of files and adds a slash to one that is
  /// also a folder's; in zsh it keeps names with an exclamation mark from being quoted; in fish it repeats the help of
  /// an option beside each of its values, and takes its time.
  static func corrected(_ script: String) -> String {
    correctedForFish(script)
      .replacing(
        #"__mosaic-ai_add_completions -W "$(__mosaic-ai_custom"#,
        with: #"__mosaic-ai_add_names -W "$(__mosaic-ai_custom"#
      )
      .replacing("\n_mosaic-ai() {\n    local state\n", with: "\n\(addNames)\n_mosaic-ai() {\n    local state\n")
      .replacing("unsetopt aliases banghist", with: "unsetopt aliases")
  }

  /// A script for fish whose values have descriptions of their own, which are empty, and which does not look closer at
  /// the options of commands that are not on the line.
  private static func correctedForFish(_ script: String) -> String {
    script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("function __"), line.contains("_should_offer_completions_for_") {
        return "\(line)\n\(isOnLine)"
      }
      guard let range = line.firstRange(of: " -rfka '"), line.hasPrefix("complete -c "), line.hasSuffix("'"),
        case let values = line[range.upperBound...].dropLast(), !values.hasPrefix("("), !values.isEmpty
      else { return String(line) }
      return line[..<range.upperBound] + values.split(separator: " ").map { #"\#($0)\t"# }.joined(separator: " ") + "'"
    }.joined(separator: "\n")
  }

  private static let isOnLine = #"""
        string match -q -- "*$(string replace -a -- ' ' '*' $expected_commands)*" "$(commandline -pc)"; or return 1
    """#

  /// Quotes names in place of readline, which does so for those of files alone. Within quotes that were typed it has
  /// to. What was typed so far is compared without its backslashes.
  private static let addNames = #"""
    __mosaic-ai_add_names() {
        local begun="${COMP_WORDS[${COMP_CWORD}]}"
        local typed="${cur}" rest="${cur}" completion
        if [[ "${begun}" != [\'\"]* ]]; then
            typed=''
            while [[ "${rest}" = *\\?* ]]; do
                typed+="${rest%%\\*}"
                rest="${rest#*\\}"
                typed+="${rest:0:1}"
                rest="${rest:1}"
            done
            typed+="${rest}"
        fi
        while IFS='' read -r completion; do
            COMPREPLY+=("${completion}")
        done < <(IFS=$'\n' compgen "${@}" -- "${typed}")
        [[ "${begun}" = [\'\"]* ]] && return
        compopt +o filenames || return
        local index
        for index in "${!COMPREPLY[@]}"; do
            printf -v 'COMPREPLY[index]' %q "${COMPREPLY[${index}]}"
        done
    }

    """#
}
