// The verbs of `config`: the settings of the data directory.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ConfigNoun {
    static let commands = [list, get, set]

    private static let name = Operand("NAME", .choice(Settings.names.map { Choice($0, "") }), help: "Which setting")
    private static let value = Operand("VALUE", .text, help: "Its new value")
    private static let fields = [
        Field("name", .string, "the setting"), Field("value", .string, "its value"),
    ]

    private static let list = Command(
        ["config", "list"], "List the settings", examples: [Example("social config list", "List all settings")],
        fields: fields,
        handler: Verb { session in
            let settings = try session.network().manifest.settings
            try session.printList(fields) { emit in
                for name in Settings.names where try !emit([.text(name), .text(settings[name] ?? "")]) { return }
            }
        })

    private static let get = Command(
        ["config", "get"], "Show a setting", operands: [name],
        examples: [Example("social config get feed.capacity", "Show how many posts a cached feed holds")],
        fields: fields,
        handler: Verb { session in
            let name = try session.invocation[name]
            try session.print(fields, [.text(name), .text(try session.network().manifest.settings[name] ?? "")])
        })

    private static let set = Command(
        ["config", "set"], "Change a setting",
        discussion:
            "Cached feeds follow at the next \"social feed regenerate\"; until then feeds are read from the truth.",
        operands: [name, value],
        examples: [Example("social config set feed.capacity 800", "Let cached feeds hold 800 posts")],
        fields: fields + [CommonOutput.changed], isChange: true,
        handler: Verb { session in
            let network = try session.network()
            let name = try session.invocation[name]
            let changed = try network.set(name, to: try session.invocation[value])
            let value = network.manifest.settings[name] ?? ""
            try session.print(fields + [CommonOutput.changed], [.text(name), .text(value), .bool(changed)])
        })
}
