// Commands that print what comes, as it comes, until they are to end.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

extension Session {
    /// Prints what comes until so much has come, the time is up, the output is closed, or a signal says so.
    ///
    /// - Parameters:
    ///   - limit: how many records to print; nil: any number.
    ///   - timeout: milliseconds until the end; nil: for ever. At least one look is taken.
    ///   - interval: milliseconds between two looks, after one that has found nothing.
    ///   - isEven: whether to wait after each look.
    ///   - next: what is new, at most so many records of it.
    func printWatch(
        _ fields: [Field], limit: Int? = nil, timeout: Int64?, everyMilliseconds interval: Int64, isEven: Bool = false,
        _ next: (Int) throws -> [[Cell]]
    ) throws {
        var left = limit ?? .max
        let end = timeout.map { world.stopwatch() + .milliseconds($0) }
        Signals.install()
        let listener = isEven ? nil : try network().changeListener()
        var waits = false
        try printStream(fields) {
            if left == 0 || Signals.interrupted != nil { return nil }
            if waits {
                if let end, world.stopwatch() >= end { return nil }
                if !pause(interval, until: end, listener) { return nil }
            }
            let records = try next(left)
            waits = isEven || records.isEmpty
            left -= records.count
            return records
        }
    }
    /// Sleeps until something may be new: false when the output is closed or a signal came.
    ///
    /// - Parameters:
    ///   - end: when it is too late for news.
    ///   - listener: who hears of them before the time is up.
    func pause(_ milliseconds: Int64, until end: Duration? = nil, _ listener: (any ChangeListener)?) -> Bool {
        guard let listener, let descriptors = Optional(listener.descriptors), !descriptors.isEmpty else {
            return world.pause(milliseconds, [])
        }
        defer { listener.take() }
        var wait = Limits.listenMilliseconds
        if let end {
            let left = (end - world.stopwatch()).components
            wait = min(wait, max(1, left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000))
        }
        return world.pause(wait, descriptors)
    }
}
