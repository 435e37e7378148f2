// The verbs of `post`.

internal import CommandSpec

enum PostNoun {
    static let commands = [
        PostCreate.command, PostShow.command, PostList.command, PostDelete.command, PostImportVerb.command,
    ]

    static let id = Operand("ID", .post, help: "Which post")
}
