// The program: arguments in, exit status out.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

/// The program `social`.
package enum SocialProgram {
    /// Runs one command line.
    ///
    /// - Parameters:
    ///   - arguments: the words after the program's name.
    ///   - shared: holds what stays open; a process that ends with this command keeps it, and so need not close it.
    /// - Returns: the exit status.
    package static func run(
        _ arguments: [String], in world: World, shared: SharedNetwork = SharedNetwork()
    ) -> Int32 {
        let specification = SocialSpecification.specification
        do {
            let configuration = try configuration(of: arguments, world)
            let request = try specification.parse(
                arguments, environment: world.environment, configuration: configuration)
            return try perform(request, arguments, world, shared)
        } catch { return report(error, arguments, world) }
    }

    private static func perform(
        _ request: Request, _ arguments: [String], _ world: World, _ shared: SharedNetwork
    ) throws -> Int32 {
        let specification = SocialSpecification.specification
        switch request {
        case .version:
            let text =
                wantsJSON(arguments, world)
                ? "{\"program\":\"social\",\"version\":\"\(specification.version)\"}\n"
                : "social \(specification.version)\n"
            _ = try world.output.write(text)
        case .help(let topic):
            if wantsJSON(arguments, world) {
                _ = try world.output.write("\(specification.document(topic))\n")
            } else {
                let help = specification.help(topic, width: min(100, world.terminal.columns ?? 80))
                _ = try world.output.write(help.plain)
            }
        case .run(let invocation):
            let session = Session(invocation, world: world, shared: shared)
            try run(session)
            if session.context.isLongRunning { try shared.current?.router.finish() }
            if try world.output.flush() == .closed, !invocation.command.isChange { return ExitTable.done }
            return session.exit
        }
        _ = try world.output.flush()
        return ExitTable.done
    }

    /// Runs the handler of a command.
    static func run(_ session: Session) throws {
        guard let verb = session.invocation.command.handler as? Verb else {
            throw Failure("bug", "\"\(session.invocation.command.name)\" does nothing")
        }
        try verb.run(session)
    }

    // MARK: Configuration and errors

    private static func configuration(of arguments: [String], _ world: World) throws -> ConfigurationFile? {
        let globals = SocialSpecification.specification.globals(in: arguments, environment: world.environment)
        guard !globals.isOn(Globals.noConfig), let path = globals[Globals.config] else { return nil }
        return ConfigurationFile(String(decoding: try FileSystem().contents(of: path), as: UTF8.self))
    }

    private static func wantsJSON(_ arguments: [String], _ world: World) -> Bool {
        let globals = SocialSpecification.specification.globals(in: arguments, environment: world.environment)
        return globals.isOn(Globals.json) || [.json, .ndjson].contains(globals[Globals.format])
    }

    private static func report(_ error: any Error, _ arguments: [String], _ world: World) -> Int32 {
        let globals = SocialSpecification.specification.globals(in: arguments, environment: world.environment)
        let failure = Failure(error)
        // A busy directory is no news to cron.
        let isSilent = failure.exit == ExitTable.tryAgain && globals.isOn(Globals.quiet)
        let when = When(rawValue: globals[Globals.color]) ?? .auto
        do {
            _ = try world.output.flush()
            if !isSilent {
                try failure.report(
                    to: world.errors, asJSON: wantsJSON(arguments, world), quiet: globals.isOn(Globals.quiet),
                    usesColor: when.usesColor(isTerminal: world.terminal.isErrors, environment: world.environment))
            }
        } catch { return failure.exit }
        return failure.exit
    }
}
