// Zip archives for the tests of readers, byte by byte, so that they can be wrong in every way.

/// Builds a zip archive.
package struct ZipBuilder {
    private var entries: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// An empty archive.
    package init() {}

    /// Adds an entry, compressed unless it is said to be stored.
    package mutating func add(
        _ name: String, _ contents: [UInt8], isStored: Bool = false, checksum: UInt32? = nil, is64Bit: Bool = false
    ) {
        let data = isStored ? contents : Compressed.raw(contents)
        let offset = entries.count
        var fields =
            number(isStored ? 0 : 8, 2) + number(0, 4) + number(Int(checksum ?? Compressed.checksum(contents)), 4)
        let sizes = [data.count, contents.count]
        let local = sizes.flatMap { number($0, 4) } + number(name.utf8.count, 2)
        entries += number(0x0403_4B50, 4) + number(20, 2) + number(0, 2) + fields + local + number(0, 2)
        entries += Array(name.utf8) + data
        var extra: [UInt8] = []
        if is64Bit {
            extra = number(0x7777, 2) + number(1, 2) + [9] + number(1, 2) + number(24, 2)
            extra += [contents.count, data.count, offset].flatMap { number($0, 8) }
        }
        fields += sizes.flatMap { number(is64Bit ? 0xFFFF_FFFF : $0, 4) } + number(name.utf8.count, 2)
        directory += number(0x0201_4B50, 4) + number(20, 2) + number(20, 2) + number(0, 2) + fields
        directory += number(extra.count, 2) + number(3, 2) + number(0, 2) + number(0, 2) + number(0, 4)
        directory += number(is64Bit ? 0xFFFF_FFFF : offset, 4) + Array(name.utf8) + extra + Array("abc".utf8)
        count += 1
    }

    /// The archive with its directory.
    package func finished(comment: String = "", is64Bit: Bool = false) -> [UInt8] {
        var end: [UInt8] = []
        let place = number(directory.count, 8) + number(entries.count, 8)
        if is64Bit {
            end += number(0x0606_4B50, 4) + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8)
            end += number(count, 8) + number(count, 8) + place
            end += number(0x0706_4B50, 4) + number(0, 4) + number(entries.count + directory.count, 8) + number(1, 4)
        }
        end += number(0x0605_4B50, 4) + number(0, 4) + number(count, 2) + number(count, 2)
        end += number(is64Bit ? 0xFFFF_FFFF : directory.count, 4) + number(is64Bit ? 0xFFFF_FFFF : entries.count, 4)
        return entries + directory + end + number(comment.utf8.count, 2) + Array(comment.utf8)
    }

    private func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
