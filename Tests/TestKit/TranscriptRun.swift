// Plays a transcript: runs each command line and writes the session down as it really went.

import Foundation
import SocialCore

/// One run of a transcript.
final class TranscriptRun {
    private let world: CommandWorld

    init(_ world: CommandWorld) { self.world = world }

    /// The session as it went, in the form of a transcript.
    func play(_ text: String) throws -> String {
        var result: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var index = 0
        while index < lines.count {
            let line = lines[index]
            index += 1
            guard line.hasPrefix("$ ") else {
                // Before the first command, and between blocks, only comments and blank lines are kept.
                if line.hasPrefix("#") || (line.isEmpty && index < lines.count) { result.append(String(line)) }
                continue
            }
            result.append(String(line))
            var input: [Substring] = []
            while index < lines.count, lines[index] == ">" || lines[index].hasPrefix("> ") {
                result.append(String(lines[index]))
                input.append(lines[index].dropFirst(2))
                index += 1
            }
            let outcome = try outcome(of: String(line.dropFirst(2)), lines: input, number: index)
            result += describe(outcome)
            // What was expected goes; the blank lines and comments behind it stay.
            let end = lines[index...].firstIndex { $0.hasPrefix("$ ") || $0.hasPrefix("#") } ?? lines.count
            var blank = end
            while blank > index, lines[blank - 1].isEmpty { blank -= 1 }
            if end < lines.count { result += Array(repeating: "", count: end - blank) }
            index = end
        }
        return result.joined(separator: "\n") + "\n"
    }

    // MARK: Commands

    private func outcome(of line: String, lines: [Substring], number: Int) throws -> CommandWorld.Outcome {
        do { return try run(line, lines: lines) } catch let error as TranscriptError {
            throw TranscriptError("line \(number): \(error)")
        }
    }

    private func run(_ line: String, lines: [Substring] = []) throws -> CommandWorld.Outcome {
        let parsed = try ShellLine(
            line,
            variable: { [world] name in
                switch name {
                case "DIR": world.directory
                case "FIXTURES": Repository.path("fixtures")
                default: world.environment[name] ?? ""
                }
            },
            command: { [self] in
                var text = try run($0).text
                while text.last == "\n" { text.removeLast() }
                return text
            })
        var result = CommandWorld.Outcome(output: [], errors: [], status: 0)
        for stage in parsed.stages {
            var input = result.output
            if let text = stage.inputText { input = Array(text.utf8) }
            if let path = stage.inputFile { input = Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
            if let end = stage.inputEnd {
                guard lines.last ?? "" == end else { throw TranscriptError("<<\(end) is not closed") }
                input = Array(lines.dropLast().map { $0 + "\n" }.joined().utf8)
            }
            var next = try run(stage, input)
            next.errors = result.errors + next.errors
            if let path = stage.outputFile {
                if path != "/dev/null" { try Data(next.output).write(to: URL(fileURLWithPath: path)) }
                next.output = []
            }
            result = next
        }
        return result
    }

    private func run(_ stage: ShellLine.Stage, _ input: [UInt8]) throws -> CommandWorld.Outcome {
        var output: [UInt8] = []
        var words = stage.words[...]
        switch words.popFirst() {
        case "social":
            let former = world.environment
            defer { world.environment = former }
            for (name, value) in stage.variables { world.environment[name] = value }
            return world.run(Array(words), input: input)
        case "tty":
            world.isTerminal = true
            defer { world.isTerminal = false }
            world.columns = words.first.flatMap { Int($0) }
            defer { world.columns = nil }
            if world.columns != nil { words.removeFirst() }
            var inner = stage
            inner.words = Array(words)
            return try run(inner, input)
        case "export":
            for word in words {
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { throw TranscriptError("export NAME=value") }
                world.environment[String(parts[0])] = String(parts[1])
            }
        case "unset": for word in words { world.environment[word] = nil }
        case "cat": output = input
        case "gzip": output = Compressed.gzip(input)
        case "tar":
            // The folder in which the files lie, and their names.
            var tar = TarBuilder()
            for name in words.dropFirst() {
                tar.add(name, try FileSystem().contents(of: "\(words.first ?? ".")/\(name)"))
            }
            output = tar.finished
        case "zip":
            var zip = ZipBuilder()
            for name in words.dropFirst() {
                zip.add(name, try FileSystem().contents(of: "\(words.first ?? ".")/\(name)"))
            }
            output = zip.finished()
        case "printf": output = Escapes.bytes(of: words.first ?? "")
        case "repeat":
            guard words.count == 2, let text = words.last, let count = Int(words[words.startIndex]) else {
                throw TranscriptError("repeat N TEXT")
            }
            output = Array(String(repeating: Escapes.decode(text), count: count).utf8)
        case "mkdir":
            for word in words {
                try FileManager.default.createDirectory(atPath: word, withIntermediateDirectories: true)
            }
        case "rm": for word in words { try FileManager.default.removeItem(atPath: word) }
        case let other: throw TranscriptError("a transcript has no command \(other ?? "")")
        }
        return CommandWorld.Outcome(output: output, errors: [], status: 0)
    }

    // MARK: Writing down

    private func describe(_ outcome: CommandWorld.Outcome) -> [String] {
        var lines = visibleLines(outcome.output).map { $0.isEmpty || isSpecial($0) ? "stdout: \($0)" : $0 }
        // A blank line within the output speaks for itself; at its end it would be taken for the gap before the next.
        if let last = lines.lastIndex(where: { $0 != "stdout: " }) {
            for index in 0..<last where lines[index] == "stdout: " { lines[index] = "" }
        }
        lines += visibleLines(outcome.errors).map { "stderr: \($0)" }
        if outcome.status != 0 { lines.append("exit: \(outcome.status)") }
        return lines
    }

    private func isSpecial(_ line: String) -> Bool {
        ["$ ", ">", "#", "stdout: ", "stderr: ", "exit: "].contains { line.hasPrefix($0) }
    }

    /// Lines of bytes with control characters as pictures, and the temporary directory under its name.
    private func visibleLines(_ bytes: [UInt8]) -> [String] {
        guard !bytes.isEmpty else { return [] }
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x09: text.unicodeScalars.append(scalar)
            case 0..<0x20: text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
            case 0x7F: text.unicodeScalars.append("\u{2421}")
            default: text.unicodeScalars.append(scalar)
            }
        }
        if text.last == "\n" { text.removeLast() } else { text.append("␄") }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.indices.map { index in
            let above = index > 0 ? lines[index - 1] : ""
            return named(above.contains(world.directory) ? moved(lines[index], below: above) : lines[index])
        }
    }

    private func named(_ text: some StringProtocol) -> String {
        text.replacingOccurrences(of: world.directory, with: "$DIR")
            .replacingOccurrences(of: Repository.path("fixtures"), with: "$FIXTURES")
    }

    /// A line with a caret, moved along with what it stands under when the temporary directory gets its name.
    private func moved(_ line: String, below above: String) -> String {
        guard let match = line.wholeMatch(of: /( +)(\^~*)/) else { return line }
        let start = match.output.1.count
        let before = named(above.prefix(start)).count + max(0, start - above.count)
        let width = named(above.dropFirst(start).prefix(match.output.2.count)).count
        return String(repeating: " ", count: before) + "^" + String(repeating: "~", count: max(0, width - 1))
    }
}
