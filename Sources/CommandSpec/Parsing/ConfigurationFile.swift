// The user's option defaults: one argument a line, `--limit 50` or `--limit=50` or `--quiet`, blank lines and `#`
// comments aside. Leading words are a command path and confine the line to it: `feed show --limit 50`. The value is
// the rest of the line as it stands, so nothing needs quoting.

/// A configuration file, split into lines but not yet held against a specification.
package struct ConfigurationFile: Sendable {
    /// One line that sets something.
    struct Entry: Sendable {
        /// Its number, counted from 1.
        let line: Int
        /// The line without surrounding blanks.
        let text: String
        /// The words before the option: none, a noun, or a whole command path.
        let path: [String]
        /// The option with its dashes; empty where the line has only words.
        let flag: String
        /// What follows the option.
        let value: String?
        /// The path of the file.
        let file: String?
    }

    let entries: [Entry]
    /// Where the file lies; nil where it does not matter.
    package let path: String?

    /// Splits a text; what its lines mean is judged when a command line is parsed with it.
    package init(_ text: String, path: String? = nil) {
        self.path = path
        var entries: [Entry] = []
        var number = 0
        // Bytes, because a carriage return and a line feed together are one `Character`.
        for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let line = Substring(bytes).trimmingBlanks()
            if !line.isEmpty, line.utf8.first != UInt8(ascii: "#") {
                entries.append(Entry(line, number: number, file: path))
            }
        }
        self.entries = entries
    }
}

extension ConfigurationFile.Entry {
    fileprivate init(_ line: Substring, number: Int, file: String?) {
        var path: [String] = []
        var rest = line
        while !rest.isEmpty, rest.utf8.first != UInt8(ascii: "-") {
            let word = rest.utf8.prefix { !isBlank($0) }
            path.append(String(Substring(word)))
            rest = rest[word.endIndex...].trimmingBlanks()
        }
        let isLong = rest.utf8.starts(with: "--".utf8)
        let flag = rest.utf8.prefix { !isBlank($0) && !(isLong && $0 == UInt8(ascii: "=")) }
        let remainder = rest[flag.endIndex...]
        self.file = file
        self.line = number
        self.text = String(line)
        self.path = path
        self.flag = String(Substring(flag))
        if remainder.utf8.first == UInt8(ascii: "=") {
            value = String(Substring(remainder.utf8.dropFirst()))
        } else {
            let words = remainder.trimmingBlanks()
            value = words.isEmpty ? nil : String(words)
        }
    }

    /// Whether the line speaks of that command: it has no path, or a part of the command's.
    func concerns(_ command: [String]) -> Bool { command.starts(with: path) }
}

private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

extension Substring {
    /// The text without blanks, tabs and carriage returns at either end.
    fileprivate func trimmingBlanks() -> Substring {
        var bytes = utf8
        while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return Substring(bytes)
    }
}
