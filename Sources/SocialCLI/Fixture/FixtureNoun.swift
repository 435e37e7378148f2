// The verbs of `fixture`.

internal import CommandSpec

enum FixtureNoun {
    static let commands = [FixtureGenerate.command]
}
