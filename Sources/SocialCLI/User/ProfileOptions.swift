// The options that describe a profile.

internal import CommandSpec
internal import Formats
internal import SocialCore

/// What people say about themselves, as options.
enum ProfileOptions {
    static let name = Option("name", .text, help: "The name that is shown")
    static let bio = Option("bio", .text, help: "A few words about the account")
    static let location = Option("location", .text, help: "Where the account is")
    static let link = Option("link", .text.named("URL"), help: "A link to a page elsewhere")
    static let set = Option(
        repeating: "set", .keyValue, configurable: false,
        help: "Set a further field to a JSON value, or to a text that is none; null takes it away")

    static let all: [any OptionDeclaring] = [name, bio, location, link, set]

    /// Changes a profile as the command line says.
    static func apply(_ line: Invocation, to profile: inout AccountRecord.Profile) throws {
        if let name = line[name] { profile.name = name }
        if let bio = line[bio] { profile.bio = bio }
        if let location = line[location] { profile.location = location }
        if let link = line[link] { profile.link = link }
        try profile.set(
            line[set].map { field in
                let value = (try? JSONReader.parse(Array(field.value.utf8))) ?? .string(field.value)
                return JSONValue.Member(field.key, value)
            })
    }
}
