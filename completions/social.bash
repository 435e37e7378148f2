# Completion of social for bash. Made by "social completion bash".

_social() {
    local line=${COMP_LINE:0:COMP_POINT} value help
    local word=${line##*[[:space:]]}
    local settled=${word%"${word##*["${COMP_WORDBREAKS//@/}"]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r value help; do
        case $value in
            :files) compopt -o default ;;
            :directories) compopt -o dirnames ;;
            *)
                value=${value#"$settled"}
                if [[ $COMP_TYPE == 63 && $help ]]; then value+="  ($help)"; fi
                COMPREPLY+=("$value")
                ;;
        esac
    done < <("${1/#\~/$HOME}" __complete -- "$line" 2> /dev/null)
}

complete -o nosort -F _social social
