// What is found out about a terminal, tried on a real pseudo-terminal.

import Glibc
import Testing

@testable import Terminal

@Suite("A terminal")
struct DeviceTests {
    /// A pseudo-terminal's master, which is a terminal itself, with a window of some width.
    private func makeTerminal(columns: UInt16) throws -> Int32 {
        let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(descriptor >= 0)
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0)
        return descriptor
    }

    @Test("tells its width")
    func width() throws {
        let terminal = try makeTerminal(columns: 97)
        #expect(Device.isTerminal(terminal))
        #expect(Device.columns(terminal) { _ in "40" } == 97)
        close(terminal)
    }

    @Test("that tells no width has the one in COLUMNS")
    func variable() throws {
        let terminal = try makeTerminal(columns: 0)
        #expect(Device.columns(terminal) { $0 == "COLUMNS" ? "40" : nil } == 40)
        #expect(Device.columns(terminal) { _ in nil } == nil)
        close(terminal)
        #expect(Device.columns { _ in "0" } == nil)
        #expect(Device.columns { _ in "wide" } == nil)
    }

    @Test("is not what a file is, whatever COLUMNS says")
    func file() throws {
        let file = open("/dev/null", O_WRONLY)
        #expect(!Device.isTerminal(file))
        #expect(Device.columns(file) { _ in "40" } == nil)
        #expect(!Device.isTerminal(-1))
        close(file)
    }

    @Test(
        "gets colour unless told otherwise",
        arguments: [
            (When.auto, true, [:], true), (.auto, false, [:], false), (.auto, true, ["NO_COLOR": "1"], false),
            (.auto, true, ["NO_COLOR": ""], true), (.auto, true, ["TERM": "dumb"], false),
            (.always, false, ["NO_COLOR": "1", "TERM": "dumb"], true), (.never, true, [:], false),
        ] as [(When, Bool, [String: String], Bool)])
    func color(when: When, isTerminal: Bool, variables: [String: String], expected: Bool) {
        #expect(when.usesColor(isTerminal: isTerminal) { variables[$0] } == expected)
    }

    @Test("gets progress unless told otherwise")
    func progress() {
        #expect(When.auto.showsProgress(isTerminal: true) { _ in "xterm" })
        #expect(!When.auto.showsProgress(isTerminal: true) { _ in "dumb" })
        #expect(!When.auto.showsProgress(isTerminal: false) { _ in nil })
        #expect(When.always.showsProgress(isTerminal: false) { _ in nil })
        #expect(!When.never.showsProgress(isTerminal: true) { _ in nil })
    }

    @Test("shows styles, which can be joined and left off")
    func styles() {
        #expect(Style.bold.apply("a", isEnabled: true) == "\u{1B}[1ma\u{1B}[0m")
        #expect(Style.bold.and(.red).apply("a", isEnabled: true) == "\u{1B}[1;31ma\u{1B}[0m")
        #expect(Style.bold.apply("a", isEnabled: false) == "a")
        #expect(Style.bold.apply("", isEnabled: true) == "")
    }
}
