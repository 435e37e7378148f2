// Zip archives (PKWARE's APPNOTE 6.3, with its 64-bit form), read through their directory at the end, so that of an
// archive with gigabytes of media only the wanted entries are read. Nothing is ever written under an entry's name.

/// Reads the entries of a zip archive.
package struct ZipReader {
    /// One entry.
    package struct Entry: Equatable, Sendable {
        /// The name as the archive gives it.
        package let name: String
        /// The size of its contents.
        package let sizeBytes: Int
        fileprivate let storedBytes: Int
        fileprivate let method: Int
        fileprivate let isEncrypted: Bool
        fileprivate let checksum: Int
        fileprivate let offset: Int
    }

    /// Reads `count` bytes of the archive at an offset, or fewer where it ends before.
    package typealias RandomAccess = (_ offset: Int, _ count: Int) throws -> [UInt8]

    /// The entries in the order of the directory.
    package private(set) var entries: [Entry] = []

    private let read: RandomAccess

    /// Whether data that begins with these bytes is an archive.
    package static func isZip(_ head: some Sequence<UInt8>) -> Bool { head.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// Reads the directory of an archive.
    ///
    /// - Throws: a `DataError` with the place in the archive, or what `read` throws.
    package init(sizeBytes: Int, read: @escaping RandomAccess) throws {
        self.read = read
        let place = try Self.directory(sizeBytes, read)
        let directory = ZipFields(try read(place.offset, place.size), at: place.offset)
        var position = 0
        while position < place.size {
            guard try directory[position, 4] == 0x0201_4B50 else {
                throw DataError(.syntax, byteOffset: place.offset + position, "the archive's directory is damaged")
            }
            entries.append(try Self.entry(directory, position))
            let lengths = try directory[position + 28, 2] + directory[position + 30, 2] + directory[position + 32, 2]
            position += 46 + lengths
        }
    }

    /// The contents of an entry.
    ///
    /// - Throws: `outOfRange` when there are more than `limitBytes`.
    package func contents(of entry: Entry, limitBytes: Int) throws -> [UInt8] {
        func fault(_ message: String, _ code: DataError.Code = .syntax) -> DataError {
            DataError(code, byteOffset: entry.offset, "\"\(entry.name)\": \(message)")
        }
        guard entry.sizeBytes <= limitBytes, entry.storedBytes <= limitBytes else {
            throw fault("\(entry.sizeBytes) bytes, where \(limitBytes) are the limit", .outOfRange)
        }
        guard !entry.isEncrypted else { throw fault("it is encrypted") }
        let header = ZipFields(try read(entry.offset, 30), at: entry.offset)
        guard try header[0, 4] == 0x0403_4B50 else { throw fault("there is no such entry") }
        let start = entry.offset + 30 + (try header[26, 2]) + (try header[28, 2])
        let stored = try read(start, entry.storedBytes)
        guard stored.count == entry.storedBytes else { throw fault("the archive ends too early") }
        var bytes = stored
        if entry.method == 8 {
            bytes = []
            bytes.reserveCapacity(min(entry.sizeBytes, stored.count * 8))
            let inflater = Inflater(.none)
            var position = 0
            loop: while true {
                let before = (bytes.count, position)
                switch inflater.step(stored, &position, into: &bytes) {
                case .ended: break loop
                case .damaged(let why): throw fault("the compressed data is damaged: \(why)")
                case .goesOn:
                    guard before != (bytes.count, position) else { throw fault("the compressed data ends too early") }
                }
                guard bytes.count <= entry.sizeBytes else { throw fault("it is larger than the archive says") }
            }
        } else if entry.method != 0 {
            throw fault("it is compressed in a way that is not known (\(entry.method))")
        }
        guard bytes.count == entry.sizeBytes, Int(CRC32.of(bytes[...])) == entry.checksum else {
            throw fault("its checksum is wrong")
        }
        return bytes
    }

    /// Where the directory lies, as the record at the end says.
    private static func directory(_ sizeBytes: Int, _ read: RandomAccess) throws -> (offset: Int, size: Int) {
        // The record of 22 bytes may be followed by a comment of 65,535.
        let tailStart = max(0, sizeBytes - 22 - 65_535)
        let tail = ZipFields(try read(tailStart, sizeBytes - tailStart), at: tailStart)
        var index = tail.count - 22
        while index >= 0, try tail[index, 4] != 0x0605_4B50 { index -= 1 }
        guard index >= 0 else {
            throw DataError(.syntax, byteOffset: sizeBytes, "the archive has no directory: it ends too early")
        }
        var place = (offset: try tail[index + 16, 4], size: try tail[index + 12, 4])
        // The 64-bit form says in a record before where its own record lies.
        if place.offset == 0xFFFF_FFFF || place.size == 0xFFFF_FFFF, index >= 20, try tail[index - 20, 4] == 0x0706_4B50
        {
            let offset = try tail[index - 12, 8]
            let record = ZipFields(try read(offset, 56), at: offset)
            if try record[0, 4] == 0x0606_4B50 { place = (try record[48, 8], try record[40, 8]) }
        }
        guard place.offset <= sizeBytes, place.size <= sizeBytes - place.offset,
            place.size <= FormatLimits.directoryBytes
        else { throw DataError(.syntax, byteOffset: tailStart + index, "the archive's directory lies nowhere") }
        return place
    }

    private static func entry(_ directory: ZipFields, _ start: Int) throws(DataError) -> Entry {
        var sizes = [try directory[start + 24, 4], try directory[start + 20, 4], try directory[start + 42, 4]]
        let nameLength = try directory[start + 28, 2]
        var position = start + 46 + nameLength
        let end = position + (try directory[start + 30, 2])
        while position + 4 <= end {
            let length = try directory[position + 2, 2]
            if try directory[position, 2] == 1 {
                // The 64-bit form of those fields that have no room for their value, in this order.
                var field = position + 4
                for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
                    sizes[index] = try directory[field, 8]
                    field += 8
                }
            }
            position += 4 + length
        }
        return Entry(
            name: try directory.text(start + 46, nameLength), sizeBytes: sizes[0], storedBytes: sizes[1],
            method: try directory[start + 10, 2], isEncrypted: try directory[start + 8, 2] & 1 == 1,
            checksum: try directory[start + 16, 4], offset: sizes[2])
    }
}

/// Numbers, least byte first, in a part of the archive.
private struct ZipFields {
    private let bytes: [UInt8]
    private let base: Int

    init(_ bytes: [UInt8], at base: Int) {
        self.bytes = bytes
        self.base = base
    }

    var count: Int { bytes.count }

    /// The number of `width` bytes at `offset`.
    subscript(_ offset: Int, _ width: Int) -> Int {
        get throws(DataError) {
            var value: UInt64 = 0
            for byte in try slice(offset, width).reversed() { value = value << 8 | UInt64(byte) }
            return try check(value, offset)
        }
    }

    func text(_ offset: Int, _ length: Int) throws(DataError) -> String {
        String(decoding: try slice(offset, length), as: UTF8.self)
    }

    private func slice(_ offset: Int, _ length: Int) throws(DataError) -> ArraySlice<UInt8> {
        guard offset >= 0, offset + length <= bytes.count else {
            throw DataError(.syntax, byteOffset: base + bytes.count, "the archive ends too early")
        }
        return bytes[offset..<offset + length]
    }

    /// A size or place within what a file can have.
    private func check(_ value: UInt64, _ offset: Int) throws(DataError) -> Int {
        guard value < 1 << 48 else {
            throw DataError(.syntax, byteOffset: base + offset, "a number that makes no sense")
        }
        return Int(value)
    }
}
