// Base64 against the examples of RFC 4648, and back again.

import Formats
import TestKit
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "The examples of RFC 4648 come out as they stand there",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func examples(_ plain: String, _ coded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == coded)
        #expect(Base64.decode(coded) == Array(plain.utf8))
    }

    @Test("Any bytes come back, in both alphabets")
    func roundTrip() {
        let chance = Chance("base64")
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8(chance.below(256)) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64.decode(Base64.encode(bytes, .url), .url) == bytes)
        }
        #expect(Base64.encode([0xFB, 0xFF], .url) == "-_8")
    }

    @Test("What is no base64 is none", arguments: ["Z", "Zg", "Zg=", "Zh==", "Z===", "Zm9v!", "Zm 9", "===="])
    func refusals(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
