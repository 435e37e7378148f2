// `completion`: the scripts that teach a shell to complete, for those who do not install the program.

internal import CommandSpec
internal import Terminal

enum CompletionVerb {
    static let shell = Operand("SHELL", .choice(of: CompletionShell.self), help: "For which shell")

    static let command = Command(
        ["completion"], "Print the script that completes command lines in a shell",
        discussion: """
            Where the program is installed with "make install" the shells find the script by themselves. Otherwise \
            have your shell read it at its start:

                bash: source <(social completion bash)
                zsh:  source <(social completion zsh), after compinit
                fish: social completion fish | source
            """,
        operands: [shell],
        examples: [Example("source <(social completion bash)", "Complete in this bash")],
        handler: Verb { session in
            let shell = try session.invocation[shell]
            _ = try session.world.output.write(SocialSpecification.specification.completionScript(shell))
        })
}
