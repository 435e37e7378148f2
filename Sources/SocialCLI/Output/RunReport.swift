// What a person who waits, or looks for a fault, is told on the standard error: `--verbose` and `--progress`.

internal import CommandSpec
internal import SocialCore
internal import Synchronization
internal import Terminal

/// Tells what a run is doing.
// Safety: everything that can change is behind the lock.
final class RunReport: RunObserver, @unchecked Sendable {
    private let world: World
    private let isVerbose: Bool
    private let showsProgress: Bool
    private let bar = Mutex<ProgressBar?>(nil)

    /// Nil where nobody wants to be told anything.
    init?(_ invocation: Invocation, _ world: World) {
        isVerbose = invocation.isOn(Globals.verbose)
        let when = When(rawValue: invocation[Globals.progress]) ?? .auto
        let isWanted = when.showsProgress(isTerminal: world.terminal.isErrors, environment: world.environment)
        showsProgress = isWanted && (when == .always || !invocation.isOn(Globals.quiet))
        guard isVerbose || showsProgress else { return nil }
        self.world = world
        note("\(invocation.command.name), version \(SocialSpecification.version)")
        for setting in invocation.options.settings { note("\(setting.flag) is set by \(setting.origin)") }
    }

    func note(_ text: @autoclosure () -> String) {
        guard isVerbose else { return }
        bar.withLock { bar in
            bar?.finish()
            let elapsed = world.stopwatch().components
            let tenths = elapsed.seconds * 10_000 + elapsed.attoseconds / 100_000_000_000_000
            // Whoever looks on does not stop the work when nothing can be shown.
            _ = try? world.errors.write("\(tenths / 10).\(tenths % 10) ms: \(DisplayText.sanitise(text()))\n")
            _ = try? world.errors.flush()
        }
    }

    func begin(_ work: String, total: Int?) {
        note("\(work)\(total.map { ": \($0.grouped)" } ?? "")")
        guard showsProgress else { return }
        bar.withLock { bar in
            bar?.finish()
            bar = ProgressBar(
                work, total: total, output: world.errors, columns: world.terminal.errorColumns, isShown: true,
                isTerminal: world.terminal.isErrors, clock: world.stopwatch)
        }
    }

    func advance(by steps: Int) {
        bar.withLock { $0?.advance(by: steps) }
    }

    func end() {
        bar.withLock { bar in
            bar?.finish()
            bar = nil
        }
    }
}
