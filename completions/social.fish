# Completion of social for fish. Made by "social completion fish".

function __social_complete
    set -l words (commandline -opc)
    for answer in ($words[1] __complete -- (commandline -cp) 2> /dev/null)
        set -l parts (string split -m 1 \t -- $answer)
        set -l name (string sub -s (math (string length -- $parts[2]) + 1) -- (commandline -ct))
        switch $parts[1]
            case :files
                printf '%s\n' $parts[2](__fish_complete_path $name)
            case :directories
                printf '%s\n' $parts[2](__fish_complete_directories $name '')
            case '*'
                echo $answer
        end
    end
end

complete -c social -f -k -a '(__social_complete)'
