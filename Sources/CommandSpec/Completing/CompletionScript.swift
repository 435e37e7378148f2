// The scripts that teach the shells to complete. They are thin: each hands the line up to the cursor to `__complete`
// and shows what comes back, so that all knowledge stays in the program and none of it grows old in a script.
//
// The answer has a line for each candidate: the whole word, a tab, and what it means. Where names of files are wanted
// it is `:files` or `:directories`, a tab, and the part of the word that comes before the name.

/// A shell that can be taught.
package enum CompletionShell: String, CaseIterable, Sendable {
    case bash, zsh, fish
}

extension Specification {
    /// The name under which a shell looks for the script of a program.
    package func completionFileName(_ shell: CompletionShell) -> String {
        switch shell {
        case .bash: "\(program).bash"
        case .zsh: "_\(program)"
        case .fish: "\(program).fish"
        }
    }

    /// The script for a shell.
    package func completionScript(_ shell: CompletionShell) -> String {
        switch shell {
        case .bash: bashScript
        case .zsh: zshScript
        case .fish: fishScript
        }
    }

    /// Bash breaks words at more places than blanks, and replaces only what is behind the last of them; an `@` stays
    /// with what follows it.
    ///
    /// It shows no explanations, except in a list that it only prints (COMP_TYPE 63).
    private var bashScript: String {
        """
        # Completion of \(program) for bash. Made by "\(program) completion bash".

        _\(program)() {
            local line=${COMP_LINE:0:COMP_POINT} value help
            local word=${line##*[[:space:]]}
            local settled=${word%"${word##*["${COMP_WORDBREAKS//@/}"]}"}
            COMPREPLY=()
            while IFS=$'\\t' read -r value help; do
                case $value in
                    :files) compopt -o default ;;
                    :directories) compopt -o dirnames ;;
                    *)
                        value=${value#"$settled"}
                        if [[ $COMP_TYPE == 63 && $help ]]; then value+="  ($help)"; fi
                        COMPREPLY+=("$value")
                        ;;
                esac
            done < <("${1/#\\~/$HOME}" __complete -- "$line" 2> /dev/null)
        }

        complete -o nosort -F _\(program) \(program)

        """
    }

    /// Zsh would leave out what does not begin with the word, such as the handle of a name; what comes is right.
    private var zshScript: String {
        """
        #compdef \(program)
        # Completion of \(program) for zsh. Made by "\(program) completion zsh".

        _\(program)() {
            local -a answers candidates
            local answer head
            answers=("${(@f)$(_call_program words ${(q)words[1]} __complete -- \\
                ${(q)${:-"${(j: :)words[1,CURRENT-1]} $IPREFIX$QIPREFIX$PREFIX"}} 2> /dev/null)}")
            for answer in $answers; do
                head=${answer#*$'\\t'}
                case ${answer%%$'\\t'*} in
                    :files) compset -P "${(b)head}"; _files; return ;;
                    :directories) compset -P "${(b)head}"; _files -/; return ;;
                    *) candidates+=("${${answer%%$'\\t'*}//:/\\\\:}${head:+:$head}") ;;
                esac
            done
            _describe -V word candidates -U
        }

        if [[ $funcstack[1] == _\(program) ]]; then _\(program) "$@"; else compdef _\(program) \(program); fi

        """
    }

    private var fishScript: String {
        """
        # Completion of \(program) for fish. Made by "\(program) completion fish".

        function __\(program)_complete
            set -l words (commandline -opc)
            for answer in ($words[1] __complete -- (commandline -cp) 2> /dev/null)
                set -l parts (string split -m 1 \\t -- $answer)
                set -l name (string sub -s (math (string length -- $parts[2]) + 1) -- (commandline -ct))
                switch $parts[1]
                    case :files
                        printf '%s\\n' $parts[2](__fish_complete_path $name)
                    case :directories
                        printf '%s\\n' $parts[2](__fish_complete_directories $name '')
                    case '*'
                        echo $answer
                end
            end
        end

        complete -c \(program) -f -k -a '(__\(program)_complete)'

        """
    }
}
