// Commands that print what comes, as it comes, until they are to end.

internal import CommandSpec
internal import Formats
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
        var waits = false
        try printStream(fields) {
            if left == 0 || Signals.interrupted != nil { return nil }
            if waits {
                if let end, world.stopwatch() >= end { return nil }
                if !world.pause(interval) { return nil }
            }
            let records = try next(left)
            waits = isEven || records.isEmpty
            left -= records.count
            return records
        }
    }
}
