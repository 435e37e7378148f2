// Tokens: only whole ones count, and only as long as they are not revoked.

import Formats
import SocialCore
import TestKit
import Testing

@Suite("Tokens")
struct AccessTokenTests {
    @Test("bytes and their text are one to one")
    func base64() {
        var chance = Chance("tokens as text")
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &chance) }
            let text = Base64.encode(bytes, .url)
            #expect(Base64.decode(text, .url) == bytes)
            #expect(text.utf8.count == (count * 4 + 2) / 3)
        }
        // RFC 4648, section 10, without padding.
        #expect(Base64.encode(Array("foob".utf8), .url) == "Zm9vYg")
        #expect(Base64.encode([0xFB, 0xFF], .url) == "-_8")
        for bad in ["Z", "Zm9vYh", "Zm9v=", "Zm 9v", "+/8"] { #expect(Base64.decode(bad, .url) == nil) }
    }

    @Test("a token names its account, and one letter more or less is no token")
    func form() throws {
        let token = AccessToken(for: UserID(rawValue: 42), random: .system)
        #expect(AccessToken(token.text) == token)
        #expect(token.account == UserID(rawValue: 42))
        #expect(AccessToken(String(token.text.dropLast())) == nil)
        #expect(AccessToken(token.text + "A") == nil)
        #expect(AccessToken(for: UserID(rawValue: 42), random: .system) != token)
    }
}
