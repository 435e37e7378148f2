// Bytes that are not UTF-8 are found at the first bad one.

import Formats
import Testing

@Suite("UTF-8 is checked")
struct TextEncodingTests {
    @Test(
        "and the first bad byte is named",
        arguments: [
            ([0x61, 0x62], nil), ([], nil), ([0xC3, 0xA9], nil), ([0x61, 0xFF], 1), ([0x61, 0xC3], 1),
            ([0xED, 0xA0, 0x80], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xC0, 0xAF], 0), ([0x80], 0),
        ] as [([UInt8], Int?)])
    func firstInvalid(bytes: [UInt8], expected: Int?) {
        #expect(TextEncoding.firstInvalidOffset(in: bytes.span) == expected)
    }

    @Test("and the error names line and column")
    func decoding() throws {
        #expect(try TextEncoding.decode([0xC3, 0xA9][...], line: 1, column: 1) == "é")
        #expect(place { _ = try TextEncoding.decode([0x61, 0xFF][...], line: 7, column: 3) } == "7:4 invalid_utf8")
    }
}
