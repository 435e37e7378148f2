// What is left of a handle when its owner was erased: a hash that keeps everybody else from taking it, in a form that
// no handle has. It names the handle's slot too, so that it lies and moves where the handle did.
//
//     #, the slot in three hexadecimal digits, the first half of SHA-256 over "handle/" and the key

internal import Crypto

extension Handle {
    private static let remnantBytes = 36
    private static let mark = UInt8(ascii: "#")

    /// What is left of a handle's key.
    package static func remnant(ofKey key: String) -> String {
        let hash = Array(SHA256.hash(data: Array("handle/\(key)".utf8)).prefix(16))
        let slot = Slot(ofKey: key).rawValue
        let digits = Hexadecimal.text([UInt8(slot >> 8), UInt8(slot & 255)])
        return "#\(digits.dropFirst())\(Hexadecimal.text(hash))"
    }

    /// Whether a key is what is left of a handle.
    package static func isRemnant(_ key: String) -> Bool { slot(ofRemnant: key) != nil }

    /// The slot of the handle of which a key is left; nil for any other key.
    static func slot(ofRemnant key: String) -> Slot? {
        let digits = key.utf8
        guard digits.first == mark, digits.count == remnantBytes else { return nil }
        var slot: UInt16 = 0
        for (index, digit) in digits.dropFirst().enumerated() {
            guard let value = Hexadecimal.value(of: digit) else { return nil }
            if index < 3 { slot = slot << 4 | UInt16(value) }
        }
        return Slot(Int(slot))
    }
}
