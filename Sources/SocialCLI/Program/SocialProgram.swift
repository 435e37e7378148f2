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
            return try perform(request, arguments, world, shared, configuration)
        } catch { return report(error, arguments, world) }
    }

    private static func perform(
        _ request: Request, _ arguments: [String], _ world: World, _ shared: SharedNetwork,
        _ configuration: ConfigurationFile?
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
            let session = Session(invocation, world: world, shared: shared, configuration: configuration)
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
        guard let verb = session.invocation.verb else {
            throw Failure("bug", "\"\(session.invocation.command.name)\" does nothing")
        }
        // A field that does not exist is found before anything is changed.
        let fields = session.invocation.command.fields
        if !fields.isEmpty { _ = try Column.select(session.invocation[Globals.fields], from: fields.map(\.column)) }
        try verb.run(session)
    }

    // MARK: Configuration and errors

    private static func configuration(of arguments: [String], _ world: World) throws -> ConfigurationFile? {
        // Almost no command line has one, and finding it out properly costs as much as parsing the line.
        guard world.environment("SOCIAL_CONFIG") != nil || arguments.contains(where: { $0.hasPrefix("--config") })
        else { return nil }
        let globals = SocialSpecification.specification.globals(in: arguments, environment: world.environment)
        guard !globals.isOn(Globals.noConfig), let path = globals[Globals.config] else { return nil }
        let bytes = try FileSystem().contents(of: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let offset = TextEncoding.firstInvalidOffset(in: bytes.span) ?? 0
            throw Failure("invalid_configuration", "\(path): invalid UTF-8 at byte \(offset)")
        }
        return ConfigurationFile(text)
    }

    private static func wantsJSON(_ arguments: [String], _ world: World) -> Bool {
        let globals = SocialSpecification.specification.globals(in: arguments, environment: world.environment)
        return globals.isOn(Globals.json) || ["json", "ndjson"].contains(globals[Globals.format])
    }

    /// Reports an error that ends the run; its exit status.
    static func report(_ error: any Error, _ arguments: [String], _ world: World) -> Int32 {
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
