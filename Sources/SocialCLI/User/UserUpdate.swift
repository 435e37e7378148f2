// `user update`: change a profile.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserUpdate {
    enum ClearableField: String, CaseIterable, Sendable {
        case name, bio, location, link, fields, avatar
    }

    static let handle = Operand("HANDLE", .handle, help: "Whose profile")
    static let clear = Option(
        repeating: "clear", .choice(of: ClearableField.self, placeholder: "FIELD"), configurable: false,
        help: "Empty this field: name, bio, location, link, avatar, or all further fields")
    static let avatar = Option(
        "avatar", .media, configurable: false, help: "Show this picture, an upload of the account, beside the name")

    static let command = Command(
        ["user", "update"], "Change a profile", discussion: "What is not named stays as it is.", operands: [handle],
        options: ProfileOptions.all + [avatar, clear],
        examples: [
            Example("social user update ana --bio 'From Porto' --set verified=true", "Change a text and a field"),
            Example("social user update ana --clear bio --set verified=null", "Take them away again"),
        ],
        fields: AccountOutput.fields + [CommonOutput.changed],
        exits: [
            ExitStatus(65, "a field is too long, or the upload is no picture"), UploadNoun.missing,
            ExitStatus(77, "the upload is someone else's"),
        ], isChange: true,
        handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let account = try session.network().accounts.named(try line[handle])
        let picture = try line[avatar].map { try session.picture($0, of: account) }
        let updated = try session.change { network in
            try network.accounts.update(account.id) { profile in
                for field in line[clear] {
                    switch field {
                    case .name: profile.name = nil
                    case .bio: profile.bio = nil
                    case .location: profile.location = nil
                    case .link: profile.link = nil
                    case .fields: profile.fields = nil
                    case .avatar: profile.avatar = nil
                    }
                }
                try ProfileOptions.apply(line, to: &profile)
                if let picture { profile.avatar = picture }
            }
        }
        try session.print(command.fields, AccountOutput.cells(updated.value) + [.bool(updated.isNew)])
    }
}
