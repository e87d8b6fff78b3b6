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
                __mosaic-ai_parse_subcommand 2 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
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
            __mosaic-ai_parse_subcommand 0 'legacy=' 'persona=' 'limit=' 'offset=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __mosaic-ai_parse_subcommand 0 'legacy=' 'persona=' 'limit=' 'offset=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
            end
        case 'send'
            __mosaic-ai_parse_subcommand 1 'persona=' 'legacy=' 'conversation=' 'new' 'title=' 'model=' 'max-tokens=' 'temperature=' 'guardrail=' 'region=' 'profile=' 'endpoint-url=' 'timeout=' 'connect-timeout=' 'max-attempts=' 'retry' 'dry-run' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'history'
            __mosaic-ai_parse_subcommand 1 'legacy=' 'persona=' 'limit=' 'offset=' 'tail=' 'all' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'delete'
            __mosaic-ai_parse_subcommand -r 1 'y/yes' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'export'
            __mosaic-ai_parse_subcommand 1 'legacy=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'import'
            __mosaic-ai_parse_subcommand 1 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'backup'
            __mosaic-ai_parse_subcommand 1 'force' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'doctor'
            __mosaic-ai_parse_subcommand 0 'online' 'persona=' 'legacy=' 'model=' 'region=' 'profile=' 'endpoint-url=' 'timeout=' 'connect-timeout=' 'max-attempts=' 'o/output=' 'database=' 'config=' 'user=' 'q/quiet' 'v/verbose' 'version' 'h/help'
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
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'personas' -d 'Who answers: list the personas, or show one.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'legacies' -d 'Whose lives are remembered: list, add, rename, share and remove them.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'conversations' -d 'List your conversations, latest first.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'send' -d 'Send a message, and print the reply as it comes.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'history' -d 'Show what was said in a conversation, oldest first.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'delete' -d 'Delete conversations for good.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'export' -d 'Write out a conversation, or all you have said about a legacy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'import' -d 'Read in what export -o ndjson has written.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'backup' -d 'Copy the database into a file, and check the copy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'doctor' -d 'Tell what is configured, from where, and whether it works.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai personas" -eq 1' -fa 'list' -d 'List the personas.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai personas" -eq 1' -fa 'show' -d 'Show a persona and what it is told before a conversation.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai personas show" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion personas show -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" legacy' -l 'legacy' -d 'Put this legacy\'s name into the prompt.' -rfka '(__mosaic-ai_custom_completion ---completion personas show -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai personas show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'list' -d 'List your legacies.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'add' -d 'Add a legacy, and print its id.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'rename' -d 'Give a legacy another name.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'remove' -d 'Remove a legacy and all that anybody has said about it.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'members' -d 'List who has a role in a legacy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'share' -d 'Give somebody a role in a legacy.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies" -eq 1' -fa 'unshare' -d 'Take somebody\'s role in a legacy away.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" new' -l 'new' -d 'Add one even if there is one of that name.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies add" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies rename" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies rename -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies rename" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies remove" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies remove -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" y yes' -l 'yes' -s 'y' -d 'Do not ask.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies remove" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies members" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies members -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies members" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies share" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies share -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" role' -l 'role' -d 'owner, member or pending.' -rfka 'owner member pending'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies share" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai legacies unshare" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion legacies unshare -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai legacies unshare" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" legacy' -l 'legacy' -d 'Only about this legacy: a name, an id or its beginning.' -rfka '(__mosaic-ai_custom_completion ---completion conversations -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" persona' -l 'persona' -d 'Only with this persona.' -rfka '(__mosaic-ai_custom_completion ---completion conversations -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" limit' -l 'limit' -d 'At most so many.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" offset' -l 'offset' -d 'Leave out so many at the beginning.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai conversations" -eq 1' -fa 'list' -d 'List your conversations, latest first.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" legacy' -l 'legacy' -d 'Only about this legacy: a name, an id or its beginning.' -rfka '(__mosaic-ai_custom_completion ---completion conversations list -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" persona' -l 'persona' -d 'Only with this persona.' -rfka '(__mosaic-ai_custom_completion ---completion conversations list -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" limit' -l 'limit' -d 'At most so many.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" offset' -l 'offset' -d 'Leave out so many at the beginning.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai conversations list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" persona' -l 'persona' -d 'Who answers.' -rfka '(__mosaic-ai_custom_completion ---completion send -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" legacy' -l 'legacy' -d 'Whom it is about: a name, an id or its beginning.' -rfka '(__mosaic-ai_custom_completion ---completion send -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" conversation' -l 'conversation' -d 'Continue this conversation: an id, its beginning, or last, the latest of all.' -rfka '(__mosaic-ai_custom_completion ---completion send -- --conversation (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" new' -l 'new' -d 'Begin a new conversation.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" title' -l 'title' -d 'The conversation\'s title from now on.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" model' -l 'model' -d 'A model\'s id, an inference profile\'s id, or an ARN.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" max-tokens' -l 'max-tokens' -d 'The longest reply, in tokens.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" temperature' -l 'temperature' -d 'How free the words are chosen, from 0 to 1; newer models refuse it.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" guardrail' -l 'guardrail' -d 'A guardrail that reads along: its id or ARN, a colon, and its version.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" region' -l 'region' -d 'The AWS region.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" profile' -l 'profile' -d 'The profile of the AWS CLI whose settings and credentials are used.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" endpoint-url' -l 'endpoint-url' -d 'Another address than the region\'s.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" timeout' -l 'timeout' -d 'Give up after so many seconds without a byte (120).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" connect-timeout' -l 'connect-timeout' -d 'Give up a connection that is not made within so many seconds (10).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" max-attempts' -l 'max-attempts' -d 'The most requests that are made, within five minutes, where the first ones fail (3).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" retry' -l 'retry' -d 'Ask again for the reply to the last message, if that failed, broke off or was blocked.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" dry-run' -l 'dry-run' -d 'Print the request that would be sent, as JSON, and store and send nothing.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" o output' -s 'o' -l 'output' -d 'text, json, ndjson or sse.' -rfka 'text json ndjson sse'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai send" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai history" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion history -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" legacy' -l 'legacy' -d 'Only about this legacy: a name, an id or its beginning.' -rfka '(__mosaic-ai_custom_completion ---completion history -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" persona' -l 'persona' -d 'Only with this persona.' -rfka '(__mosaic-ai_custom_completion ---completion history -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" limit' -l 'limit' -d 'At most so many.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" offset' -l 'offset' -d 'Leave out so many at the beginning.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" tail' -l 'tail' -d 'Only the last so many.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" all' -l 'all' -d 'Superseded replies too.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai history" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai delete" -ge 1' -fka '(__mosaic-ai_custom_completion ---completion delete -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" y yes' -l 'yes' -s 'y' -d 'Do not ask.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai delete" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai export" -eq 1' -fka '(__mosaic-ai_custom_completion ---completion export -- positional@0 (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" legacy' -l 'legacy' -d 'All about this legacy: a name, an id or its beginning.' -rfka '(__mosaic-ai_custom_completion ---completion export -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" o output' -s 'o' -l 'output' -d 'markdown, html, json or ndjson.' -rfka 'text markdown html json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai import" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'ndjson\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_positional "mosaic-ai backup" -eq 1' -F
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" force' -l 'force' -d 'Replace a file that is there.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai backup" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" online' -l 'online' -d 'Ask the model for a word too, which costs a few tokens.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" persona' -l 'persona' -d 'Who would answer.' -rfka '(__mosaic-ai_custom_completion ---completion doctor -- --persona (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" legacy' -l 'legacy' -d 'Whom it would be about: a name, an id or its beginning.' -rfka '(__mosaic-ai_custom_completion ---completion doctor -- --legacy (count (__mosaic-ai_tokens -pc)) (__mosaic-ai_tokens -tC))'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" model' -l 'model' -d 'A model\'s id, an inference profile\'s id, or an ARN.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" region' -l 'region' -d 'The AWS region.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" profile' -l 'profile' -d 'The profile of the AWS CLI whose settings and credentials are used.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" endpoint-url' -l 'endpoint-url' -d 'Another address than the region\'s.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" timeout' -l 'timeout' -d 'Give up after so many seconds without a byte (120).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" connect-timeout' -l 'connect-timeout' -d 'Give up a connection that is not made within so many seconds (10).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" max-attempts' -l 'max-attempts' -d 'The most requests that are made, within five minutes, where the first ones fail (3).' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" o output' -s 'o' -l 'output' -d 'text, json or ndjson.' -rfka 'text json ndjson'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" database' -l 'database' -d 'The database.' -rF
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" config' -l 'config' -d 'The file of settings.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'yaml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" user' -l 'user' -d 'Who is typing.' -rfka ''
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" q quiet' -l 'quiet' -s 'q' -d 'Say nothing but errors on standard error.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" v verbose' -l 'verbose' -s 'v' -d 'Tell what is being done, with which settings and how long it took.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" version' -l 'version' -d 'Show the version.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'mosaic-ai' -n '__mosaic-ai_should_offer_completions_for_flags_or_options "mosaic-ai help" version' -l 'version' -d 'Show the version.'
