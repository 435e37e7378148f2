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
        var configuration: ConfigurationFile?
        do {
            configuration = try self.configuration(of: arguments, world)
            let request = try specification.parse(
                arguments, environment: world.environment, configuration: configuration)
            return try perform(request, arguments, world, shared, configuration)
        } catch { return report(error, arguments, world, configuration) }
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
                _ = try world.output.write(styled(help, arguments, world))
            }
        case .run(let invocation):
            let session = Session(invocation, world: world, shared: shared, configuration: configuration)
            try run(session)
            if session.context.isLongRunning { try shared.current?.finish() }
            if try world.output.flush() == .closed, !invocation.command.isChange { return ExitTable.done }
            return session.exit
        }
        _ = try world.output.flush()
        return ExitTable.done
    }

    /// Help with its headings in bold where there is colour.
    private static func styled(_ help: StyledText, _ arguments: [String], _ world: World) -> String {
        let globals = SocialSpecification.specification.globals(in: arguments, environment: world.environment)
        let when = When(rawValue: globals[Globals.color]) ?? .auto
        let isColored = when.usesColor(isTerminal: world.terminal.isOutput, environment: world.environment)
        return help.pieces.reduce(into: "") { text, piece in
            text += Style.bold.apply(piece.text, isEnabled: isColored && piece.style == .heading)
        }
    }

    /// Runs the handler of a command.
    static func run(_ session: Session) throws {
        guard let verb = session.invocation.verb else {
            throw Failure("bug", "\"\(session.invocation.command.name)\" does nothing")
        }
        try checkOutput(session, verb)
        defer { session.finish() }
        try perform(verb, session)
        session.context.observer?.note("done")
        if session.isDryRun, session.invocation.command.isChange {
            try session.note("dry run: nothing was changed")
        }
    }

    /// Runs a verb; one that only reads, and has met damage before it has said anything, again from a replica.
    private static func perform(_ verb: Verb, _ session: Session) throws {
        do { try verb.run(session) } catch let error as StorageError where error.code == .damaged {
            guard !session.invocation.command.isChange, try session.readsFromReplicas(), session.world.output.retract()
            else { throw error }
            try verb.run(session)
        }
        try session.noteStaleness()
    }

    /// A field or a format that does not exist is found before anything is changed.
    private static func checkOutput(_ session: Session, _ verb: Verb) throws {
        let line = session.invocation
        if session.format == .openmetrics, !verb.hasMetrics {
            throw line.error(
                .invalidValue, "\"\(line.command.name)\" does not print OpenMetrics; \"status\" does",
                about: Globals.format)
        }
        let fields = line.command.fields
        guard !fields.isEmpty, let chosen = line[Globals.fields] else { return }
        do throws(FieldError) { _ = try Column.select(chosen, from: fields.map(\.column)) } catch {
            if error.reason == .unknown { throw line.unknownField(error.field, in: Globals.fields) }
            throw line.error(.invalidValue, "\(error)", about: Globals.fields, part: error.field)
        }
    }

    // MARK: Configuration and errors

    private static func configuration(of arguments: [String], _ world: World) throws -> ConfigurationFile? {
        // Almost no command line names one, and finding it out properly costs as much as parsing the line.
        let isNamed =
            world.environment("SOCIAL_CONFIG") != nil
            || arguments.contains { $0.utf8.starts(with: "--config".utf8) || $0.utf8.starts(with: "--no-config".utf8) }
        if isNamed {
            let globals = SocialSpecification.specification.globals(in: arguments, environment: world.environment)
            if globals.isOn(Globals.noConfig) { return nil }
            if let named = globals[Globals.config] { return try configuration(in: named, world) }
        }
        guard let path = defaultConfiguration(world), FileSystem().exists(path) else { return nil }
        return try configuration(in: .file(path), world)
    }

    /// Where the user's own defaults lie (XDG Base Directory Specification); a relative path there counts for nothing.
    private static func defaultConfiguration(_ world: World) -> String? {
        if let home = world.environment("XDG_CONFIG_HOME"), home.utf8.first == UInt8(ascii: "/") {
            return "\(home)/social/config"
        }
        guard let home = world.environment("HOME"), !home.isEmpty else { return nil }
        return "\(home)/.config/social/config"
    }

    private static func configuration(in file: FileOrDash, _ world: World) throws -> ConfigurationFile {
        let bytes = try world.bytes(of: file)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let offset = TextEncoding.firstInvalidOffset(in: bytes.span) ?? 0
            throw Failure("invalid_configuration", "\(file.name): invalid UTF-8 at byte \(offset)")
        }
        return ConfigurationFile(text, path: file.name)
    }

    private static func wantsJSON(_ globals: OptionValues) -> Bool {
        globals.isOn(Globals.json) || ["json", "ndjson"].contains(globals[Globals.format])
    }

    /// Whether help and the version are to be data; the configuration file has no say in that.
    private static func wantsJSON(_ arguments: [String], _ world: World) -> Bool {
        wantsJSON(SocialSpecification.specification.globals(in: arguments, environment: world.environment))
    }

    /// Reports an error that ends the run; its exit status.
    static func report(
        _ error: any Error, _ arguments: [String], _ world: World, _ configuration: ConfigurationFile? = nil
    ) -> Int32 {
        let globals = SocialSpecification.specification.globals(
            in: arguments, environment: world.environment, configuration: configuration)
        let failure = Failure(error)
        // A busy directory is no news to cron.
        let isSilent = failure.exit == ExitTable.tryAgain && globals.isOn(Globals.quiet)
        let when = When(rawValue: globals[Globals.color]) ?? .auto
        do {
            _ = try world.output.flush()
            if !isSilent {
                try failure.report(
                    to: world.errors, asJSON: wantsJSON(globals), quiet: globals.isOn(Globals.quiet),
                    usesColor: when.usesColor(isTerminal: world.terminal.isErrors, environment: world.environment))
            }
        } catch { return failure.exit }
        return failure.exit
    }
}
