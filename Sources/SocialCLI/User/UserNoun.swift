// The verbs of `user`.

internal import CommandSpec

enum UserNoun {
    static let commands = [
        UserCreate.command, UserShow.command, UserList.command, UserUpdate.command, UserRename.command,
        UserDelete.command, UserSignIn.command, UserToken.command, UserImport.command, UserExport.command,
    ]
}
