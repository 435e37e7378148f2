// What a run tells of itself while it is at work, for `--verbose` and `--progress`. It is never needed for the result.

/// Hears what a run is doing.
package protocol RunObserver: AnyObject, Sendable {
    /// Something has happened that is worth a line to somebody who looks for a fault.
    func note(_ text: @autoclosure () -> String)
    /// Work that may take long begins; it replaces what was at work before.
    func begin(_ work: String, total: Int?)
    /// So many more steps of it are done.
    func advance(by steps: Int)
    /// The work has ended.
    func end()
}
