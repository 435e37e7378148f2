// The verbs of `user`.

internal import CommandSpec

enum UserNoun {
    static let commands = [UserCreate.command, UserShow.command, UserList.command, UserSignIn.command]
}
