// Tests that read like a session at a terminal. A transcript holds command lines and what they are to print, byte by
// byte; it runs in process, in a `CommandWorld`.
//
//     # Lines like this are comments.
//     $ social user show nobody
//     stderr: social: error: there is no account "nobody"
//     exit: 67
//
// Below a command stand its output, then its errors, then its exit status unless that is 0. Control characters are
// shown as their pictures (`␛`, `␍`), `␄` marks an end without newline, `stdout: ` precedes a line that would mean
// something else, and `$DIR` stands for the temporary directory. Input comes from `<<< text`, `< FILE`, a pipe, or
// `<<END` with the lines after `> `. Beside `social` there are `cat`, `printf`, `repeat N TEXT`, `mkdir`, `rm`,
// `export`, `unset`, `tty [COLUMNS]` before a command whose output is a terminal, and `sh` lines have no other magic.

import Foundation

/// Something in a transcript that cannot be run.
struct TranscriptError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A session to run and compare.
package struct Transcript: Sendable, CustomStringConvertible {
    /// The name of its file, without folder and extension.
    package let name: String
    /// Where it lies.
    package let path: String

    /// What a test report calls it.
    package var description: String { name }

    /// The transcripts of the repository, in the order of their names.
    package static let all: [Transcript] = {
        let folder = Repository.path("fixtures/transcripts")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
            .map { Transcript(name: String($0.dropLast(4)), path: "\(folder)/\($0)") }
    }()

    /// Runs the session; the differences in a readable form, nil when there are none.
    ///
    /// With `RECORD=1` in the environment the file is written afresh instead.
    package func differences() throws -> String? {
        let expected = try String(contentsOfFile: path, encoding: .utf8)
        let actual = try TranscriptRun(CommandWorld()).play(expected)
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            if actual != expected { try actual.write(toFile: path, atomically: true, encoding: .utf8) }
            return nil
        }
        return actual == expected ? nil : Self.compare(expected, actual)
    }

    /// The lines that differ, with a little of what is around them.
    private static func compare(_ expected: String, _ actual: String) -> String {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [(mark: String, text: Substring, number: Int)] = []
        var left = 0
        var right = 0
        while left < old.count || right < new.count {
            if removed.contains(left) {
                lines.append(("-", old[left], left + 1))
                left += 1
            } else if inserted.contains(right) {
                lines.append(("+", new[right], left + 1))
                right += 1
            } else {
                lines.append((" ", old[left], left + 1))
                left += 1
                right += 1
            }
        }
        let marked = lines.indices.filter { lines[$0].mark != " " }
        let shown = lines.indices.filter { index in marked.contains { abs($0 - index) <= 3 } }
        return "- expected, + printed; RECORD=1 writes what is printed\n"
            + shown.map { "\(lines[$0].number)\t\(lines[$0].mark) \(lines[$0].text)" }.joined(separator: "\n")
    }
}
