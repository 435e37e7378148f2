// A log that goes on growing: what is appended is counted, also what was written to the old file before a rotation put
// a new one in its place.

internal import Formats

/// Counts a log again and again while it grows.
package final class LogFollower {
    private let path: String
    private let work: AccessLogImport
    private let analytics: Analytics
    /// The file that was there when the path was looked at last.
    private var log: LogFile?
    private var sizeBytes = -1

    /// Follows the log at a path.
    package init(_ path: String, _ work: AccessLogImport, _ analytics: Analytics) {
        self.path = path
        self.work = work
        self.analytics = analytics
    }

    /// Counts what is new; nil when nothing is, also while there is no file.
    package func look(_ badRows: BadRows) throws -> AccessLogImport.Summary? {
        var summary: AccessLogImport.Summary?
        func count(_ log: LogFile) throws {
            let next = try work.run(log, badRows, analytics)
            guard next.lines > 0 else { return }
            if let before = summary { summary = next.after(before) } else { summary = next }
        }
        let files = FileSystem()
        let identity = files.identity(of: path)
        if let old = log, identity.map({ $0.device != old.device || $0.inode != old.inode }) ?? true {
            // Another file is in its place: what was written to the old one meanwhile comes first.
            try count(old.again())
            log = nil
            sizeBytes = -1
        }
        guard identity != nil else { return summary }
        let size = files.size(of: path)
        if log == nil { log = try LogFile(path: path) } else if size == sizeBytes { return summary }
        sizeBytes = size
        if let log { try count(log.again()) }
        return summary
    }
}

extension AccessLogImport.Summary {
    /// What two runs have done together, this one after another.
    func after(_ before: AccessLogImport.Summary) -> AccessLogImport.Summary {
        var both = self
        both.lines += before.lines
        both.events += before.events
        both.rejected += before.rejected
        return both
    }
}
