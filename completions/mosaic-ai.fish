function __mosaic-ai_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __mosaic-ai_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __mosaic-ai_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __mosaic-ai_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __mosaic-ai_parse_tokens -S
    set -l unparsed_tokens (__mosaic-ai_tokens -pc)
    switch $unparsed_tokens[1]
    case 'mosaic-ai'
        __mosaic-ai_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'personas'
            __mosaic-ai_parse_subcommand 0 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __mosaic-ai_parse_subcommand 0 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'show'
                __mosaic-ai_parse_subcommand 1 'legacy=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            end
        case 'legacies'
            __mosaic-ai_parse_subcommand 0 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __mosaic-ai_parse_subcommand 0 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'add'
                __mosaic-ai_parse_subcommand 1 'new' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'rename'
                __mosaic-ai_parse_subcommand 2 'new' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'remove'
                __mosaic-ai_parse_subcommand 1 'y/yes' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'members'
                __mosaic-ai_parse_subcommand 1 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'share'
                __mosaic-ai_parse_subcommand 2 'role=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'unshare'
                __mosaic-ai_parse_subcommand 2 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            end
        case 'conversations'
            __mosaic-ai_parse_subcommand 0 'legacy=' 'persona=' 'search=' 'since=' 'until=' 'limit=' 'offset=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __mosaic-ai_parse_subcommand 0 'legacy=' 'persona=' 'search=' 'since=' 'until=' 'limit=' 'offset=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'rename'
                __mosaic-ai_parse_subcommand 2 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            end
        case 'send'
            __mosaic-ai_parse_subcommand 1 'persona=' 'legacy=' 'conversation=' 'new' 'name=' 'title=' 'model=' 'model-fields=' 'max-tokens=' 'temperature=' 'no-prompt-cache' 'recall-tokens=' 'guardrail=' 'region=' 'profile=' 'endpoint-url=' 'timeout=' 'connect-timeout=' 'max-attempts=' 'retry' 'message=' 'all' 'idempotency-key=' 'edit' 'dry-run' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'chat'
            __mosaic-ai_parse_subcommand 0 'persona=' 'legacy=' 'conversation=' 'new' 'name=' 'title=' 'model=' 'model-fields=' 'max-tokens=' 'temperature=' 'no-prompt-cache' 'recall-tokens=' 'guardrail=' 'region=' 'profile=' 'endpoint-url=' 'timeout=' 'connect-timeout=' 'max-attempts=' 'plain' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'history'
            __mosaic-ai_parse_subcommand 1 'legacy=' 'persona=' 'since=' 'until=' 'limit=' 'offset=' 'tail=' 'all' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'search'
            __mosaic-ai_parse_subcommand -r 1 'legacy=' 'persona=' 'conversation=' 'role=' 'since=' 'until=' 'limit=' 'offset=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'delete'
            __mosaic-ai_parse_subcommand -r 1 'message=+' 'y/yes' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'export'
            __mosaic-ai_parse_subcommand 1 'legacy=' 'since=' 'until=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'import'
            __mosaic-ai_parse_subcommand 1 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'backup'
            __mosaic-ai_parse_subcommand 1 'force' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'restore'
            __mosaic-ai_parse_subcommand 1 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'questions'
            __mosaic-ai_parse_subcommand 0 'chapter=' 'legacy=' 'all' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __mosaic-ai_parse_subcommand 0 'chapter=' 'legacy=' 'all' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'next'
                __mosaic-ai_parse_subcommand 0 'chapter=' 'legacy=' 'skip' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            end
        case 'usage'
            __mosaic-ai_parse_subcommand 0 'by=' 'legacy=' 'persona=' 'since=' 'until=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'doctor'
            __mosaic-ai_parse_subcommand 0 'deep' 'online' 'persona=' 'legacy=' 'model=' 'model-fields=' 'region=' 'profile=' 'endpoint-url=' 'timeout=' 'connect-timeout=' 'max-attempts=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'config'
            __mosaic-ai_parse_subcommand 0 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __mosaic-ai_parse_subcommand 0 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'get'
                __mosaic-ai_parse_subcommand 1 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'set'
                __mosaic-ai_parse_subcommand 2 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'unset'
                __mosaic-ai_parse_subcommand 1 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            case 'path'
                __mosaic-ai_parse_subcommand 0 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            end
        case 'setup'
            __mosaic-ai_parse_subcommand 0 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'help'
            __mosaic-ai_parse_subcommand -r 1 'version'
        end
    end
end

function __mosaic-ai_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __mosaic-ai_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __mosaic-ai_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __mosaic-ai_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__mosaic-ai_tokens -p)
    if test -z "$(__mosaic-ai_tokens -t)"
        set -l index (count (__mosaic-ai_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'mosaic-ai' -f
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'personas' -d 'List the personas who answer, or show one.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'legacies' -d 'List, add, rename, share and remove the people whose lives are remembered.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'conversations' -d 'List your conversations, or give one another title.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'send' -d 'Send a message, and print the reply as it arrives.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'chat' -d 'Have a conversation at the terminal.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'history' -d 'Show what was said in a conversation, oldest first.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'search' -d 'Search everything that was said in your conversations.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'delete' -d 'Delete conversations or messages for good.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'export' -d 'Export a conversation, or everything you have said about a legacy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'import' -d 'Import what export -o ndjson wrote.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'backup' -d 'Copy the database to a file, and verify the copy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'restore' -d 'Put a backup in the database\'s place.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'questions' -d 'List questions about a life, or give the next one to ask.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'usage' -d 'Show how many tokens your conversations took, and what they cost.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'doctor' -d 'Show what is configured, where it comes from, and whether it works.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'config' -d 'Show and change your settings.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'setup' -d 'Ask how to reach Claude, try it, and keep what worked.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai personas" -eq 1' -fa 'list' -d 'List the personas.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai personas" -eq 1' -fa 'show' -d 'Show a persona, and what it is told before a conversation.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai personas show" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion personas show -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" legacy' -l 'legacy' -d 'Put this legacy\'s name in the prompt.' -rfka '(__mosaic-ai_custom_completion ---completion personas show -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'list' -d 'List your legacies.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'add' -d 'Add a legacy, and print its id.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'rename' -d 'Rename a legacy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'remove' -d 'Remove a legacy, and everything that anyone has said about it.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'members' -d 'List who has a role in a legacy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'share' -d 'Give someone a role in a legacy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'unshare' -d 'Take away someone\'s role in a legacy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" new' -l 'new' -d 'Add a legacy even if there is one with that name.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies rename" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies rename -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" new' -l 'new' -d 'Rename it even if you have another legacy with that name.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies remove" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies remove -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" y yes' -l 'yes' -s 'y' -d 'Remove without asking.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies members" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies members -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies share" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies share -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" role' -l 'role' -d 'Give them this role: owner, member or pending.' -rfka 'owner member pending'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies unshare" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies unshare -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" legacy' -l 'legacy' -d 'Show only this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion conversations -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" persona' -l 'persona' -d 'Show only this persona.' -rfka '(__mosaic-ai_custom_completion ---completion conversations -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" search' -l 'search' -d 'Show only those whose title or name has all of these words.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" since' -l 'since' -d 'Leave out what is older: a date or a time, such as 2026-01-31, 2026-01, 2026 or 2026-01-31T18:00:00Z, or how long ago, such as 7d, 2w, 3m or 1y.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" until' -l 'until' -d 'Leave out what is newer; a day, month or year is meant to its end.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" limit' -l 'limit' -d 'Show at most N.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" offset' -l 'offset' -d 'Skip the first N.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai conversations" -eq 1' -fa 'list' -d 'List your conversations, latest first.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai conversations" -eq 1' -fa 'rename' -d 'Give a conversation another title.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" legacy' -l 'legacy' -d 'Show only this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion conversations list -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" persona' -l 'persona' -d 'Show only this persona.' -rfka '(__mosaic-ai_custom_completion ---completion conversations list -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" search' -l 'search' -d 'Show only those whose title or name has all of these words.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" since' -l 'since' -d 'Leave out what is older: a date or a time, such as 2026-01-31, 2026-01, 2026 or 2026-01-31T18:00:00Z, or how long ago, such as 7d, 2w, 3m or 1y.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" until' -l 'until' -d 'Leave out what is newer; a day, month or year is meant to its end.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" limit' -l 'limit' -d 'Show at most N.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" offset' -l 'offset' -d 'Skip the first N.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai conversations rename" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion conversations rename -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations rename" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations rename" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations rename" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations rename" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations rename" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations rename" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations rename" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations rename" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" persona' -l 'persona' -d 'Talk with this persona (default: that of your latest conversation about the legacy, else biographer).' -rfka '(__mosaic-ai_custom_completion ---completion send -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" legacy' -l 'legacy' -d 'Talk about this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion send -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" conversation' -l 'conversation' -d 'Continue this conversation: its id, the start of its id, its name, its title, or last, the latest of all.' -rfka '(__mosaic-ai_custom_completion ---completion send -- --conversation (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" new' -l 'new' -d 'Start a new conversation.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" name' -l 'name' -d 'Continue your conversation of exactly this name with that legacy and persona, or start it.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" title' -l 'title' -d 'Give the conversation this title.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" model' -l 'model' -d 'Ask this model: a model id, an inference profile id or an ARN (default: the persona\'s).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" model-fields' -l 'model-fields' -d 'Send the model these parameters of its own, a JSON object (default: the persona\'s).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" max-tokens' -l 'max-tokens' -d 'Limit the reply to this many tokens (default: the persona\'s).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" temperature' -l 'temperature' -d 'Sample with this temperature, from 0 to 1; newer models refuse it.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" no-prompt-cache' -l 'no-prompt-cache' -d 'Turn off prompt caching, which makes a conversation cheaper while it goes on.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" recall-tokens' -l 'recall-tokens' -d 'Remind the model of related earlier messages with at most this many tokens; 0 for none (default: 2000).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" guardrail' -l 'guardrail' -d 'Check the reply with this guardrail: its id or ARN, a colon and its version.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" region' -l 'region' -d 'Use this AWS region.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" profile' -l 'profile' -d 'Use the settings and credentials of this AWS CLI profile.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" endpoint-url' -l 'endpoint-url' -d 'Send requests to this address instead of the region\'s.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" timeout' -l 'timeout' -d 'Give up after this much silence (default: 120).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" connect-timeout' -l 'connect-timeout' -d 'Give up connecting after this long (default: 10).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" max-attempts' -l 'max-attempts' -d 'Make at most this many requests, within five minutes, if the first ones fail (default: 3).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" retry' -l 'retry' -d 'Ask again for the reply to the last message, if that failed, broke off or was blocked.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" message' -l 'message' -d 'With --retry: ask again for the reply to this message of yours, where it stands: its id or the start of its id.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" all' -l 'all' -d 'With --retry: ask for the reply to every message of yours that has none, oldest first.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" idempotency-key' -l 'idempotency-key' -d 'Send the message once: if one of yours with this key has its reply, print that; if it has none, ask for it again.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" edit' -l 'edit' -d 'Write the message in your editor, $VISUAL or $EDITOR. A message that is given is what you start from.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" dry-run' -l 'dry-run' -d 'Print the request that would be sent, as JSON; store and send nothing.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" o output' -s 'o' -l 'output' -d 'Write text, json, ndjson or sse (default: text).' -rfka 'text json ndjson sse'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" persona' -l 'persona' -d 'Talk with this persona (default: that of your latest conversation about the legacy, else biographer).' -rfka '(__mosaic-ai_custom_completion ---completion chat -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" legacy' -l 'legacy' -d 'Talk about this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion chat -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" conversation' -l 'conversation' -d 'Continue this conversation: its id, the start of its id, its name, its title, or last, the latest of all.' -rfka '(__mosaic-ai_custom_completion ---completion chat -- --conversation (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" new' -l 'new' -d 'Start a new conversation.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" name' -l 'name' -d 'Continue your conversation of exactly this name with that legacy and persona, or start it.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" title' -l 'title' -d 'Give the conversation this title.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" model' -l 'model' -d 'Ask this model: a model id, an inference profile id or an ARN (default: the persona\'s).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" model-fields' -l 'model-fields' -d 'Send the model these parameters of its own, a JSON object (default: the persona\'s).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" max-tokens' -l 'max-tokens' -d 'Limit the reply to this many tokens (default: the persona\'s).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" temperature' -l 'temperature' -d 'Sample with this temperature, from 0 to 1; newer models refuse it.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" no-prompt-cache' -l 'no-prompt-cache' -d 'Turn off prompt caching, which makes a conversation cheaper while it goes on.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" recall-tokens' -l 'recall-tokens' -d 'Remind the model of related earlier messages with at most this many tokens; 0 for none (default: 2000).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" guardrail' -l 'guardrail' -d 'Check the reply with this guardrail: its id or ARN, a colon and its version.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" region' -l 'region' -d 'Use this AWS region.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" profile' -l 'profile' -d 'Use the settings and credentials of this AWS CLI profile.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" endpoint-url' -l 'endpoint-url' -d 'Send requests to this address instead of the region\'s.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" timeout' -l 'timeout' -d 'Give up after this much silence (default: 120).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" connect-timeout' -l 'connect-timeout' -d 'Give up connecting after this long (default: 10).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" max-attempts' -l 'max-attempts' -d 'Make at most this many requests, within five minutes, if the first ones fail (default: 3).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" plain' -l 'plain' -d 'Write whole lines without color, and never move the cursor (default: if NO_COLOR is set or TERM is dumb).'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai chat" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai history" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion history -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" legacy' -l 'legacy' -d 'Show only this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion history -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" persona' -l 'persona' -d 'Show only this persona.' -rfka '(__mosaic-ai_custom_completion ---completion history -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" since' -l 'since' -d 'Leave out what is older: a date or a time, such as 2026-01-31, 2026-01, 2026 or 2026-01-31T18:00:00Z, or how long ago, such as 7d, 2w, 3m or 1y.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" until' -l 'until' -d 'Leave out what is newer; a day, month or year is meant to its end.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" limit' -l 'limit' -d 'Show at most N.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" offset' -l 'offset' -d 'Skip the first N.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" tail' -l 'tail' -d 'Show only the last N.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" all' -l 'all' -d 'Show superseded replies too.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" legacy' -l 'legacy' -d 'Show only this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion search -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" persona' -l 'persona' -d 'Show only this persona.' -rfka '(__mosaic-ai_custom_completion ---completion search -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" conversation' -l 'conversation' -d 'Search only this conversation: its id, the start of its id, its title, or last.' -rfka '(__mosaic-ai_custom_completion ---completion search -- --conversation (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" role' -l 'role' -d 'Search only what you said (user) or what was answered (assistant).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" since' -l 'since' -d 'Leave out what is older: a date or a time, such as 2026-01-31, 2026-01, 2026 or 2026-01-31T18:00:00Z, or how long ago, such as 7d, 2w, 3m or 1y.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" until' -l 'until' -d 'Leave out what is newer; a day, month or year is meant to its end.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" limit' -l 'limit' -d 'Show at most N (default: 20).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" offset' -l 'offset' -d 'Skip the first N.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai search" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai delete" -ge 1' -fka '(__mosaic-ai_custom_completion ---completion delete -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete"' -l 'message' -d 'Delete these messages instead: ids, or starts of ids.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" y yes' -l 'yes' -s 'y' -d 'Delete without asking.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai export" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion export -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" legacy' -l 'legacy' -d 'Export everything about this legacy: its name, its id or the start of its id.' -rfka '(__mosaic-ai_custom_completion ---completion export -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" since' -l 'since' -d 'Leave out what is older: a date or a time, such as 2026-01-31, 2026-01, 2026 or 2026-01-31T18:00:00Z, or how long ago, such as 7d, 2w, 3m or 1y.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" until' -l 'until' -d 'Leave out what is newer; a day, month or year is meant to its end.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" o output' -s 'o' -l 'output' -d 'Write markdown, html, json or ndjson (default: markdown).' -rfka 'text markdown html json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai import" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'ndjson\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai backup" -eq 1' -F
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" force' -l 'force' -d 'Replace an existing file.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai restore" -eq 1' -F
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai restore" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai restore" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai restore" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai restore" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai restore" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai restore" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai restore" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai restore" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" chapter' -l 'chapter' -d 'Take only this chapter: its name, or the start of it.' -rfka '(__mosaic-ai_custom_completion ---completion questions -- --chapter (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" legacy' -l 'legacy' -d 'Ask about this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion questions -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" all' -l 'all' -d 'List what was asked or skipped too.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai questions" -eq 1' -fa 'list' -d 'List the questions.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai questions" -eq 1' -fa 'next' -d 'Give the first question that you have neither asked nor skipped.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" chapter' -l 'chapter' -d 'Take only this chapter: its name, or the start of it.' -rfka '(__mosaic-ai_custom_completion ---completion questions list -- --chapter (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" legacy' -l 'legacy' -d 'Ask about this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion questions list -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" all' -l 'all' -d 'List what was asked or skipped too.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" chapter' -l 'chapter' -d 'Take only this chapter: its name, or the start of it.' -rfka '(__mosaic-ai_custom_completion ---completion questions next -- --chapter (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" legacy' -l 'legacy' -d 'Ask about this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion questions next -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" skip' -l 'skip' -d 'Skip it: it will not be the next one again.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai questions next" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" by' -l 'by' -d 'Count by this.' -rfka 'conversation legacy persona model user day month'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" legacy' -l 'legacy' -d 'Show only this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion usage -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" persona' -l 'persona' -d 'Show only this persona.' -rfka '(__mosaic-ai_custom_completion ---completion usage -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" since' -l 'since' -d 'Leave out what is older: a date or a time, such as 2026-01-31, 2026-01, 2026 or 2026-01-31T18:00:00Z, or how long ago, such as 7d, 2w, 3m or 1y.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" until' -l 'until' -d 'Leave out what is newer; a day, month or year is meant to its end.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai usage" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" deep' -l 'deep' -d 'Also read the whole database, which takes long if it is large.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" online' -l 'online' -d 'Also ask the model for one word, which costs a few tokens, and how long it will still be there.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" persona' -l 'persona' -d 'Talk with this persona (default: that of your latest conversation about the legacy, else biographer).' -rfka '(__mosaic-ai_custom_completion ---completion doctor -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" legacy' -l 'legacy' -d 'Talk about this legacy: its name, its id, or the start of either.' -rfka '(__mosaic-ai_custom_completion ---completion doctor -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" model' -l 'model' -d 'Ask this model: a model id, an inference profile id or an ARN (default: the persona\'s).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" model-fields' -l 'model-fields' -d 'Send the model these parameters of its own, a JSON object (default: the persona\'s).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" region' -l 'region' -d 'Use this AWS region.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" profile' -l 'profile' -d 'Use the settings and credentials of this AWS CLI profile.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" endpoint-url' -l 'endpoint-url' -d 'Send requests to this address instead of the region\'s.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" timeout' -l 'timeout' -d 'Give up after this much silence (default: 120).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" connect-timeout' -l 'connect-timeout' -d 'Give up connecting after this long (default: 10).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" max-attempts' -l 'max-attempts' -d 'Make at most this many requests, within five minutes, if the first ones fail (default: 3).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai config" -eq 1' -fa 'list' -d 'List all settings: name, value and where it comes from.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai config" -eq 1' -fa 'get' -d 'Print the value of a setting.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai config" -eq 1' -fa 'set' -d 'Set a setting in config.yaml.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai config" -eq 1' -fa 'unset' -d 'Remove a setting from config.yaml.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai config" -eq 1' -fa 'path' -d 'Print where config.yaml is, whether it exists or not.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config list" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config list" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config list" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config list" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config list" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config list" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config list" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai config get" -eq 1' -fka 'database user legacy persona model output region profile endpoint_url max_tokens model_fields timeout connect_timeout max_attempts prompt_cache recall_tokens prices'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config get" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config get" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config get" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config get" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config get" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config get" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config get" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config get" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai config set" -eq 1' -fka 'database user legacy persona model output region profile endpoint_url max_tokens model_fields timeout connect_timeout max_attempts prompt_cache recall_tokens prices'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config set" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config set" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config set" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config set" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config set" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config set" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config set" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config set" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai config unset" -eq 1' -fka 'database user legacy persona model output region profile endpoint_url max_tokens model_fields timeout connect_timeout max_attempts prompt_cache recall_tokens prices'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config unset" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config unset" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config unset" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config unset" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config unset" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config unset" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config unset" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config unset" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config path" o output' -s 'o' -l 'output' -d 'Write text, json or ndjson (default: text).' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config path" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config path" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config path" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config path" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config path" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config path" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai config path" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai setup" database' -l 'database' -d 'Use this database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai setup" config' -l 'config' -d 'Read settings from this file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai setup" user' -l 'user' -d 'Act as this user (default: your login name).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai setup" q quiet' -l 'quiet' -s 'q' -d 'Print only errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai setup" v verbose' -l 'verbose' -s 'v' -d 'Print what is being done, with which settings, and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai setup" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai setup" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai help" version' -l 'version' -d 'Show the version.'
