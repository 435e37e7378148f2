// Words of a line are shown in errors: none of the scalars that there are drives a terminal from there, or hides.

import Testing

@testable import CommandSpec

@Suite("Words in errors")
struct EscapingTests {
    @Test("are safe with each of the 1,112,064 scalars in them, and plain words stay as they are")
    func allScalars() {
        var leaks: [Unicode.Scalar] = []
        var count = 0
        for start in stride(from: UInt32(0), to: 0x11_0000, by: 0x1000) {
            let scalars = (start..<start + 0x1000).compactMap { Unicode.Scalar($0) }
            count += scalars.count
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            leaks += visible(text, limit: .max).unicodeScalars.filter(isDangerous)
        }
        #expect(count == 1_112_064)
        #expect(leaks.isEmpty)
        #expect(visible("plain 日本 é👍🏽") == "plain 日本 é👍🏽")
    }

    @Test("are written so that a shell reads them back, whatever is in them")
    func shell() {
        #expect(quoted("\u{1B}]0;x\u{7}") == "\"\\x1b]0;x\\x07\"")
        #expect(visible("a\u{202E}\u{3164}\u{E0001}b") == "a\\u202e\\u3164\\U000e0001b")
    }

    /// What must never reach a terminal, written out independently of the tables that the code uses.
    private func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x180E: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0x115F, 0x1160, 0x3164, 0xFFA0, 0xE000...0xF8FF, 0xE0000...0x10FFFF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }
}
