// What is a handle and what is not, at every edge.

import SocialCore
import Testing

@Suite("A handle")
struct HandleTests {
    @Test(
        "These are handles",
        arguments: ["a", "_", "A1", "1a", "a.b-c_d", "_a_", "x--y", "0x0", String(repeating: "a", count: 64)])
    func valid(text: String) throws {
        let handle = try Handle(text)
        #expect(handle.display == text && handle.key == text.lowercased() && handle.description == text)
        #expect(try Handle("@\(text)") == handle)
    }

    @Test(
        "These are none",
        arguments: [
            ("", HandleError.empty), ("@", .empty), ("@@a", .badCharacter),
            (String(repeating: "a", count: 65), .tooLong),
            ("@" + String(repeating: "a", count: 65), .tooLong), ("a b", .badCharacter), ("é", .badCharacter),
            ("a\0", .badCharacter), ("a@", .badCharacter), (".a", .badEdge), ("a.", .badEdge), ("-a", .badEdge),
            ("a-", .badEdge), (".", .badEdge), ("-", .badEdge), ("0", .allDigits), ("123", .allDigits),
            ("@9", .allDigits),
            ("a/b", .badCharacter), ("a\u{301}", .badCharacter),
        ])
    func invalid(text: String, expected: HandleError) {
        #expect(throws: expected) { try Handle(text) }
        #expect(!expected.description.isEmpty)
    }

    @Test("Every byte is allowed at the edge, inside, or nowhere")
    func bytes() {
        for byte in UInt8(0)...127 {
            let text = String(UnicodeScalar(byte))
            let isWord = text.first.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
            let isInner = isWord || text == "." || text == "-"
            #expect(((try? Handle("x\(text)y")) != nil) == isInner, "byte \(byte) inside")
            if text != "@" { #expect(((try? Handle("\(text)y")) != nil) == isWord, "byte \(byte) first") }
            #expect(((try? Handle("x\(text)")) != nil) == isWord, "byte \(byte) last")
        }
    }

    @Test("Handles that differ only in case are one")
    func casing() throws {
        let (one, other) = (try Handle("AdA.B"), try Handle("ada.b"))
        #expect(one == other && Set([one, other]).count == 1 && one.display != other.display)
        #expect(Slot(of: one) == Slot(of: other))
    }
}
