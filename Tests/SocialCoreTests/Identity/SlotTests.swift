// Slots against CRC-32 values that any tool computes, here Python's zlib.crc32.

import SocialCore
import Testing

@Suite("A slot")
struct SlotTests {
    @Test(
        "It is the CRC-32 of the handle",
        arguments: [
            ("ada", Int64(0x8D708768)), ("Ada", Int64(0x8D708768)), ("bob", Int64(0xF5CBB140)),
            ("_", Int64(0x29D6A3E8)), ("a.b-c_d", Int64(0x01CC3E04)), ("u0", Int64(0x3548AFE0)),
            ("zz9", Int64(0x2CF22DE0)),
        ])
    func ofHandle(text: String, checksum: Int64) throws {
        #expect(Slot(of: try Handle(text)) == Slot(masking: checksum & 4_095))
    }

    @Test("A spread post's is the CRC-32 of its author, big-endian, and the nonce")
    func ofPost() {
        let author = UserID(rawValue: 0x0102_0304_0506_0708)
        #expect(Slot(ofPostBy: author, distinguishedBy: Array("key".utf8)) == Slot(masking: 0x951FC6D0))
        #expect(Slot(ofPostBy: author, distinguishedBy: []) == Slot(masking: 0x3FCA88C5))
    }

    @Test("It has a number below 4,096")
    func numbers() {
        #expect(Slot(-1) == nil && Slot(4_096) == nil && Slot(0)?.index == 0 && Slot(4_095)?.index == 4_095)
        #expect(Slot(masking: -1).index == 4_095 && Slot(masking: 4_096).index == 0)
        #expect(Slot(masking: 3) < Slot(masking: 4))
    }
}
