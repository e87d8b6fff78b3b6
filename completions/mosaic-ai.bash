#!/bin/bash

__mosaic-ai_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__mosaic-ai_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__mosaic-ai_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__mosaic-ai_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

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

_mosaic-ai() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __mosaic-ai_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    personas|legacies|conversations|send|chat|interview|questions|history|search|delete|export|import|backup|restore|usage|database|doctor|config|setup|help)
        # Offer subcommand argument completions
        "_mosaic-ai_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'personas legacies conversations send chat interview questions history search delete export import backup restore usage database doctor config setup help' -- "${cur}"))
        ;;
    esac
}

_mosaic-ai_personas() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show)
        # Offer subcommand argument completions
        "_mosaic-ai_personas_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show' -- "${cur}"))
        ;;
    esac
}

_mosaic-ai_personas_list() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_personas_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--legacy -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion personas show -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion personas show -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_legacies() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|add|rename|remove|members|share|unshare)
        # Offer subcommand argument completions
        "_mosaic-ai_legacies_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list add rename remove members share unshare' -- "${cur}"))
        ;;
    esac
}

_mosaic-ai_legacies_list() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_legacies_add() {
    repeating_flags=()
    non_repeating_flags=(--new --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_legacies_rename() {
    repeating_flags=()
    non_repeating_flags=(--new --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion legacies rename -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_legacies_remove() {
    repeating_flags=()
    non_repeating_flags=(--yes -y --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion legacies remove -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_legacies_members() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion legacies members -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_legacies_share() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--role -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--role')
        __mosaic-ai_add_completions -W 'owner'$'\n''member'$'\n''pending'
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion legacies share -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    2)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion legacies share -- positional@1 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_legacies_unshare() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion legacies unshare -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    2)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion legacies unshare -- positional@1 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_conversations() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--legacy --persona --search --since --until --limit --offset -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion conversations -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion conversations -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--search')
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--limit')
        return
        ;;
    '--offset')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|rename)
        # Offer subcommand argument completions
        "_mosaic-ai_conversations_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list rename' -- "${cur}"))
        ;;
    esac
}

_mosaic-ai_conversations_list() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--legacy --persona --search --since --until --limit --offset -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion conversations list -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion conversations list -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--search')
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--limit')
        return
        ;;
    '--offset')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_conversations_rename() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion conversations rename -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_send() {
    repeating_flags=()
    non_repeating_flags=(--new --no-prompt-cache --retry --all --edit --dry-run --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--persona --legacy --conversation --name --title --model --model-fields --max-tokens --temperature --recall-tokens --guardrail --region --profile --endpoint-url --timeout --connect-timeout --max-attempts --message --idempotency-key -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion send -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion send -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--conversation')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion send -- --conversation "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion send -- --name "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--title')
        return
        ;;
    '--model')
        return
        ;;
    '--model-fields')
        return
        ;;
    '--max-tokens')
        return
        ;;
    '--temperature')
        return
        ;;
    '--recall-tokens')
        return
        ;;
    '--guardrail')
        return
        ;;
    '--region')
        return
        ;;
    '--profile')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion send -- --profile "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--endpoint-url')
        return
        ;;
    '--timeout')
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--max-attempts')
        return
        ;;
    '--message')
        return
        ;;
    '--idempotency-key')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'$'\n''sse'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_chat() {
    repeating_flags=()
    non_repeating_flags=(--new --no-prompt-cache --plain --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--persona --legacy --conversation --name --title --model --model-fields --max-tokens --temperature --recall-tokens --guardrail --region --profile --endpoint-url --timeout --connect-timeout --max-attempts -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion chat -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion chat -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--conversation')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion chat -- --conversation "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion chat -- --name "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--title')
        return
        ;;
    '--model')
        return
        ;;
    '--model-fields')
        return
        ;;
    '--max-tokens')
        return
        ;;
    '--temperature')
        return
        ;;
    '--recall-tokens')
        return
        ;;
    '--guardrail')
        return
        ;;
    '--region')
        return
        ;;
    '--profile')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion chat -- --profile "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--endpoint-url')
        return
        ;;
    '--timeout')
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--max-attempts')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_interview() {
    repeating_flags=()
    non_repeating_flags=(--all-legacies --no-prompt-cache --dry-run --quiet -q --verbose -v --version -h --help)
    repeating_options=(--legacy)
    non_repeating_options=(--questions --format --persona --name --jobs --rate --budget --model --model-fields --max-tokens --temperature --recall-tokens --guardrail --region --profile --endpoint-url --timeout --connect-timeout --max-attempts -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--questions')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(txt|md|csv|ndjson|jsonl|json|yaml|yml)'
        return
        ;;
    '--format')
        __mosaic-ai_add_completions -W 'lines'$'\n''csv'$'\n''ndjson'$'\n''json'$'\n''yaml'
        return
        ;;
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion interview -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion interview -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        return
        ;;
    '--jobs')
        return
        ;;
    '--rate')
        return
        ;;
    '--budget')
        return
        ;;
    '--model')
        return
        ;;
    '--model-fields')
        return
        ;;
    '--max-tokens')
        return
        ;;
    '--temperature')
        return
        ;;
    '--recall-tokens')
        return
        ;;
    '--guardrail')
        return
        ;;
    '--region')
        return
        ;;
    '--profile')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion interview -- --profile "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--endpoint-url')
        return
        ;;
    '--timeout')
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--max-attempts')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_questions() {
    repeating_flags=()
    non_repeating_flags=(--all --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--chapter --legacy -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--chapter')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion questions -- --chapter "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion questions -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|next)
        # Offer subcommand argument completions
        "_mosaic-ai_questions_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list next' -- "${cur}"))
        ;;
    esac
}

_mosaic-ai_questions_list() {
    repeating_flags=()
    non_repeating_flags=(--all --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--chapter --legacy -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--chapter')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion questions list -- --chapter "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion questions list -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_questions_next() {
    repeating_flags=()
    non_repeating_flags=(--skip --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--chapter --legacy -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--chapter')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion questions next -- --chapter "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion questions next -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_history() {
    repeating_flags=()
    non_repeating_flags=(--all --follow --no-pager --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--legacy --persona --since --until --limit --offset --tail -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion history -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion history -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--limit')
        return
        ;;
    '--offset')
        return
        ;;
    '--tail')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion history -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_search() {
    repeating_flags=()
    non_repeating_flags=(--no-pager --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--legacy --persona --conversation --role --since --until --limit --offset -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion search -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion search -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--conversation')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion search -- --conversation "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--role')
        __mosaic-ai_add_completions -W 'user'$'\n''assistant'
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--limit')
        return
        ;;
    '--offset')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_delete() {
    repeating_flags=()
    non_repeating_flags=(--yes -y --quiet -q --verbose -v --version -h --help)
    repeating_options=(--message)
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--message')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion delete -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_export() {
    repeating_flags=()
    non_repeating_flags=(--no-pager --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--legacy --since --until -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion export -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''markdown'$'\n''html'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion export -- positional@0 "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_mosaic-ai_import() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(ndjson)'
        return
        ;;
    esac
}

_mosaic-ai_backup() {
    repeating_flags=()
    non_repeating_flags=(--force --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_completions -f
        return
        ;;
    esac
}

_mosaic-ai_restore() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_completions -f
        return
        ;;
    esac
}

_mosaic-ai_usage() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--by --legacy --persona --since --until -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--by')
        __mosaic-ai_add_completions -W 'conversation'$'\n''legacy'$'\n''persona'$'\n''model'$'\n''user'$'\n''day'$'\n''month'
        return
        ;;
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion usage -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion usage -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_database() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __mosaic-ai_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    migrate)
        # Offer subcommand argument completions
        "_mosaic-ai_database_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'migrate' -- "${cur}"))
        ;;
    esac
}

_mosaic-ai_database_migrate() {
    repeating_flags=()
    non_repeating_flags=(--print --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--from --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--from')
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_doctor() {
    repeating_flags=()
    non_repeating_flags=(--deep --online --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--persona --legacy --model --model-fields --region --profile --endpoint-url --timeout --connect-timeout --max-attempts -o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--persona')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion doctor -- --persona "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--legacy')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion doctor -- --legacy "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--model')
        return
        ;;
    '--model-fields')
        return
        ;;
    '--region')
        return
        ;;
    '--profile')
        __mosaic-ai_add_names -W "$(__mosaic-ai_custom_complete ---completion doctor -- --profile "${COMP_CWORD}" "$(__mosaic-ai_cursor_index_in_current_word)")"
        return
        ;;
    '--endpoint-url')
        return
        ;;
    '--timeout')
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--max-attempts')
        return
        ;;
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_config() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|get|set|unset|path)
        # Offer subcommand argument completions
        "_mosaic-ai_config_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list get set unset path' -- "${cur}"))
        ;;
    esac
}

_mosaic-ai_config_list() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_config_get() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_completions -W 'database'$'\n''user'$'\n''legacy'$'\n''persona'$'\n''model'$'\n''output'$'\n''region'$'\n''profile'$'\n''endpoint_url'$'\n''max_tokens'$'\n''model_fields'$'\n''timeout'$'\n''connect_timeout'$'\n''max_attempts'$'\n''prompt_cache'$'\n''recall_tokens'$'\n''prices'
        return
        ;;
    esac
}

_mosaic-ai_config_set() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_completions -W 'database'$'\n''user'$'\n''legacy'$'\n''persona'$'\n''model'$'\n''output'$'\n''region'$'\n''profile'$'\n''endpoint_url'$'\n''max_tokens'$'\n''model_fields'$'\n''timeout'$'\n''connect_timeout'$'\n''max_attempts'$'\n''prompt_cache'$'\n''recall_tokens'$'\n''prices'
        return
        ;;
    esac
}

_mosaic-ai_config_unset() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __mosaic-ai_add_completions -W 'database'$'\n''user'$'\n''legacy'$'\n''persona'$'\n''model'$'\n''output'$'\n''region'$'\n''profile'$'\n''endpoint_url'$'\n''max_tokens'$'\n''model_fields'$'\n''timeout'$'\n''connect_timeout'$'\n''max_attempts'$'\n''prompt_cache'$'\n''recall_tokens'$'\n''prices'
        return
        ;;
    esac
}

_mosaic-ai_config_path() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'$'\n''json'$'\n''ndjson'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_setup() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --database --config --user --log-format)
    __mosaic-ai_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __mosaic-ai_add_completions -W 'text'
        return
        ;;
    '--database')
        __mosaic-ai_add_completions -f
        return
        ;;
    '--config')
        __mosaic-ai_add_completions -o plusdirs -fX '!*.@(yaml)'
        return
        ;;
    '--user')
        return
        ;;
    '--log-format')
        __mosaic-ai_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_mosaic-ai_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __mosaic-ai_offer_flags_options -1
}

complete -o filenames -F _mosaic-ai mosaic-ai
