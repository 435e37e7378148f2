// Watches workers: one that crashes, hangs or takes too much memory has found something, and the next goes on behind
// it. The input is made small and kept.

import FuzzKit
import Glibc
import SocialCore

/// Inputs of many parsers.
struct Campaign {
    /// How long an input may take, in seconds of the processor.
    private static let limitSeconds = 2.0
    /// How many findings a parser may have before it is left alone.
    private static let findingLimit = 20

    private var runs = 1_000_000
    private var seed = UInt64.random(in: 1...999_999_999)
    private var batch = 50_000
    private var folder = "findings"
    private let subjects: [FuzzSubject]
    private let scratch: String

    init(_ words: inout [String]) throws {
        func option(_ name: String) throws -> String? {
            guard let place = words.firstIndex(of: name) else { return nil }
            guard place + 1 < words.count else { throw Misuse() }
            defer { words.removeSubrange(place...place + 1) }
            return words[place + 1]
        }
        func number(_ name: String) throws -> Int? {
            guard let text = try option(name) else { return nil }
            guard let number = Int(text), number > 0 else { throw Misuse() }
            return number
        }
        if let runs = try number("--runs") { self.runs = runs }
        if let seed = try number("--seed") { self.seed = UInt64(seed) }
        if let batch = try number("--batch") { self.batch = batch }
        if let folder = try option("--findings") { self.folder = folder }
        subjects = words.isEmpty ? FuzzSubject.all : try words.map(Fuzz.parser)
        scratch = try FileSystem().makeTemporaryDirectory()
        // Freed memory is kept for a while, to notice its use; so much of it that growth can still be told from it.
        setenv(
            "ASAN_OPTIONS",
            "detect_leaks=0:quarantine_size_mb=16:malloc_context_size=12:handle_sigill=1:handle_sigtrap=1"
                + ":max_allocation_size_mb=\(Worker.growthBytes >> 20)", 0)
        setenv("SWIFT_BACKTRACE", "enable=no", 1)
    }

    /// Reads the inputs of all parsers, and ends the program: 1 when something was found.
    func run() throws -> Never {
        Fuzz.say("seed \(seed)")
        Fuzz.say("| parser | inputs | taken | inputs/s | peak MiB | findings |")
        Fuzz.say("|---|---:|---:|---:|---:|---:|")
        var found = 0
        for subject in subjects { found += try run(subject) }
        exit(found == 0 ? 0 : 1)
    }

    private func run(_ subject: FuzzSubject) throws -> Int {
        let before = Child.secondsOfAll
        var (next, taken, peak, findings) = (0, 0, 0, 0)
        while next < runs, findings < Self.findingLimit {
            let end = min(runs, next + batch)
            let (stop, board) = try watch(subject, next..<end)
            taken += board[.taken]
            peak = max(peak, board[.peak])
            guard let stop else {
                next = end
                continue
            }
            findings += 1
            guard board[.current] > 0 else {
                Fuzz.say("\(subject.name) fails before its first input: \(stop)")
                break
            }
            try keep(subject, number: board[.current] - 1, stop)
            next = board[.current]
        }
        let seconds = Child.secondsOfAll - before
        let rate = seconds > 0 ? Int(Double(next) / seconds) : 0
        let share = next == 0 ? 0 : 100 * taken / next
        Fuzz.say("| \(subject.name) | \(next) | \(share) % | \(rate) | \(peak >> 20) | \(findings) |")
        return findings
    }

    /// Lets a worker read some inputs; what stopped it, if something did.
    private func watch(_ subject: FuzzSubject, _ numbers: Range<Int>) throws -> (stop: String?, board: Board) {
        let board = try Board(creating: "\(scratch)/board")
        let child = try Child(
            ["worker", subject.name, "\(seed)", "\(numbers.lowerBound)", "\(numbers.upperBound)", "\(scratch)/board"],
            errors: "\(scratch)/errors")
        var (current, since) = (0, 0.0)
        while true {
            usleep(20_000)
            switch child.end(isWaiting: false) {
            case .status(0)?: return (nil, board)
            case .status(Worker.brokenRule)?: return ("rule: \(errors)", board)
            case .status(Worker.tooMuchMemory)?: return ("memory: \(errors)", board)
            case .status(let status)?: return ("status \(status): \(errors)", board)
            case .signal(let signal)?: return ("signal \(signal): \(errors)", board)
            case nil: break
            }
            let now = child.seconds
            if board[.current] != current { (current, since) = (board[.current], now) }
            if current > 0, now - since > Self.limitSeconds {
                child.kill()
                _ = child.end(isWaiting: true)
                return ("hang: it takes more than \(Self.limitSeconds) s", board)
            }
        }
    }

    private var errors: String {
        let bytes = (try? FileSystem().contents(of: "\(scratch)/errors")) ?? []
        return String(decoding: bytes.prefix(6_000), as: UTF8.self)
    }

    /// Writes an input down, as it was and made small, and says what it found.
    private func keep(_ subject: FuzzSubject, number: Int, _ stop: String) throws {
        let files = FileSystem()
        if !files.isDirectory(folder) { try files.makeDirectory(folder) }
        let path = "\(folder)/\(subject.name)-\(seed)-\(number)"
        let input = try FuzzRun(subject, seed: seed).input(number)
        try files.replace(path, with: input)
        Fuzz.say("\n\(subject.name) \(number) (\(input.count) bytes, \(path)): \(stop)")
        Fuzz.say("repeat with: fuzz repeat \(subject.name) \(seed) \(number)")
        if stop.hasPrefix("memory") { return }
        let least = try input.minimised(tries: 150) { try fails(subject, $0) }
        try files.replace("\(path).least", with: least)
        Fuzz.say("least: \(least.count) bytes: \(least.prefix(120))\n")
    }

    /// Whether reading an input in a process of its own fails too.
    private func fails(_ subject: FuzzSubject, _ input: [UInt8]) throws -> Bool {
        try FileSystem().replace("\(scratch)/input", with: input)
        let child = try Child(["read", subject.name, "\(scratch)/input"], errors: "\(scratch)/unread")
        while true {
            if let end = child.end(isWaiting: false) { return end != .status(0) }
            if child.seconds > 30 {
                child.kill()
                _ = child.end(isWaiting: true)
                return true
            }
            usleep(2_000)
        }
    }
}
