// Tar archives for the tests of readers, byte by byte, so that they can be wrong in every way.

/// Builds a tar archive.
package struct TarBuilder {
    /// The entries so far, without the end mark.
    package private(set) var bytes: [UInt8] = []

    /// An empty archive.
    package init() {}

    /// The archive with its end mark.
    package var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1_024) }

    /// Adds an entry.
    ///
    /// - Parameters:
    ///   - kind: the type flag: `0` is a file, `5` a directory, `x` a pax header, `L` GNU's long name.
    ///   - size: what stands in the size field; nil: the size of the contents.
    package mutating func add(
        _ name: String, _ contents: [UInt8] = [], kind: Character = "0", prefix: String = "", size: [UInt8]? = nil
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: [UInt8], at offset: Int) {
            for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int, width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: width - digits.count) + digits).utf8)
        }
        put(Array(name.utf8.prefix(100)), at: 0)
        put(octal(0o644, width: 7), at: 100)
        put(size ?? octal(contents.count, width: 11), at: 124)
        put(octal(0, width: 11), at: 136)
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        block[156] = kind.asciiValue ?? 0
        put(Array("ustar".utf8) + [0, 0x30, 0x30], at: 257)
        put(Array(prefix.utf8), at: 345)
        put(octal(block.reduce(0) { $0 + Int($1) }, width: 6) + [0], at: 148)
        bytes += block + contents
        bytes += [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    }

    /// Adds a pax header with its records.
    package mutating func addPax(_ records: [(String, String)]) {
        var text = ""
        for (key, value) in records {
            let rest = " \(key)=\(value)\n"
            var length = rest.utf8.count + 1
            while "\(length)".utf8.count + rest.utf8.count != length { length += 1 }
            text += "\(length)\(rest)"
        }
        add("PaxHeaders", Array(text.utf8), kind: "x")
    }
}
