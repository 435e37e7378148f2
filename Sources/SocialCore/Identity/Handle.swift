// The name by which people call an account: what is allowed, and the key under which it is unique.

/// A valid handle: 1 to 64 of `A–Z a–z 0–9 _ . -`, first and last a letter, digit or `_`, not all digits.
///
/// Handles are equal when they differ only in case; the case that its owner chose is kept for display.
package struct Handle: Hashable, Sendable, CustomStringConvertible {
    /// The handle as its owner wrote it, without `@`.
    package let display: String
    /// The lower-cased handle, unique in the network.
    package let key: String

    /// A handle from what a user typed, with or without a leading `@`.
    package init(_ text: String) throws(HandleError) {
        let bare = text.utf8.first == UInt8(ascii: "@") ? text.utf8.dropFirst() : text.utf8[...]
        guard !bare.isEmpty else { throw .empty }
        guard bare.count <= Limits.handleBytes else { throw .tooLong }
        var lowered = [UInt8]()
        lowered.reserveCapacity(bare.count)
        var allDigits = true
        for byte in bare {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): lowered.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "-"):
                lowered.append(byte)
            default: throw .badCharacter
            }
            if !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { allDigits = false }
        }
        guard !allDigits else { throw .allDigits }
        guard let first = lowered.first, let last = lowered.last, !Handle.isPunctuation(first),
            !Handle.isPunctuation(last)
        else { throw .badEdge }
        display = String(decoding: bare, as: UTF8.self)
        key = String(decoding: lowered, as: UTF8.self)
    }

    /// The handle as its owner wrote it.
    package var description: String { display }

    /// Handles are equal when their keys are.
    package static func == (left: Handle, right: Handle) -> Bool { left.key == right.key }

    /// Hashes the key.
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
}

/// Why a text is no handle.
package enum HandleError: Error, Equatable, CustomStringConvertible {
    case empty, tooLong, badCharacter, badEdge, allDigits

    /// What is wrong and what is allowed.
    package var description: String {
        switch self {
        case .empty: "a handle cannot be empty"
        case .tooLong: "a handle has at most \(Limits.handleBytes) characters"
        case .badCharacter: "a handle is made of letters A–Z, digits, \"_\", \".\" and \"-\""
        case .badEdge: "a handle begins and ends with a letter, a digit or \"_\""
        case .allDigits: "a handle cannot be all digits, because ids are"
        }
    }
}
