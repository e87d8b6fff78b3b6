function __bedrock-simulator_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __bedrock-simulator_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __bedrock-simulator_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __bedrock-simulator_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __bedrock-simulator_parse_tokens -S
    set -l unparsed_tokens (__bedrock-simulator_tokens -pc)
    switch $unparsed_tokens[1]
    case 'bedrock-simulator'
        __bedrock-simulator_parse_subcommand 0 'port=' 'host=' 'access-key-id=' 'secret-access-key=' 'session-token=' 'api-key=' 'region=' 'no-verify' 'chunk-delay=' 'log=' 'exit-with-stdin' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'scenarios'
            __bedrock-simulator_parse_subcommand 0 'o/output=' 'version' 'h/help'
        case 'help'
            __bedrock-simulator_parse_subcommand -r 1 'version'
        end
    end
end

function __bedrock-simulator_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __bedrock-simulator_parse_subcommand -S -a positional_count
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

function __bedrock-simulator_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __bedrock-simulator_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__bedrock-simulator_tokens -p)
    if test -z "$(__bedrock-simulator_tokens -t)"
        set -l index (count (__bedrock-simulator_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'bedrock-simulator' -f
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" port' -l 'port' -d 'Listen on this port; 0 means any free one' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" host' -l 'host' -d 'Listen on this loopback address' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" access-key-id' -l 'access-key-id' -d 'Accept this access key id' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" secret-access-key' -l 'secret-access-key' -d 'Accept this secret access key' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" session-token' -l 'session-token' -d 'Require this session token in signed requests (default: allow none).' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" api-key' -l 'api-key' -d 'Accept this Bedrock API key as a bearer token' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" region' -l 'region' -d 'Accept only signatures for this region (default: any region).' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" no-verify' -l 'no-verify' -d 'Accept requests with any credentials, or none.'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" chunk-delay' -l 'chunk-delay' -d 'Pause this long between two chunks of text' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" log' -l 'log' -d 'Append a line of JSON to this file for each request, without secrets.' -rfka ''
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" exit-with-stdin' -l 'exit-with-stdin' -d 'Exit when standard input ends.'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" version' -l 'version' -d 'Show the version.'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_positional "bedrock-simulator" -eq 1' -fa 'scenarios' -d 'List the scenarios that a model id can ask for.'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_positional "bedrock-simulator" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator scenarios" o output' -l 'output' -s 'o' -d 'Output format; json also lists the words that STATUS, NAME and KIND stand for' -rfka 'text json'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator scenarios" version' -l 'version' -d 'Show the version.'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator scenarios" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bedrock-simulator' -n '__bedrock-simulator_should_offer_completions_for_flags_or_options "bedrock-simulator help" version' -l 'version' -d 'Show the version.'
