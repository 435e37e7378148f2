// What a backup consists of: one file of JSON lines that names the objects of each file, with a checksum at its end. It
// is written last, so a backup that is named is whole.

internal import Formats

/// One backup.
package struct BackupRecord: Equatable, Sendable {
    /// The format that this program writes; a larger number is refused.
    static let format: Int64 = 1

    /// A file of the data directory, as it was.
    package struct File: Equatable, Sendable {
        /// The path below the data directory.
        package var path: String
        /// Its size.
        package var sizeBytes: Int
        /// Its parts, each of which is an object of the place.
        package var blocks: [ObjectHash]
    }

    /// An object of the data directory.
    package struct Object: Equatable, Sendable {
        /// The folder of objects below the data directory in which it lay.
        package var folder: String
        /// Its name.
        package var hash: ObjectHash
        /// Its size.
        package var sizeBytes: Int
    }

    /// The name: the moment that it shows, such as `2026-11-22T17-44-58.123Z`.
    package var id: String
    /// The moment that it shows.
    package var createdAt: Timestamp
    /// The digest of the network, and the rows of it.
    package var digest: String
    /// How many rows of truth there are.
    package var rows: Int
    /// The manifest of the data directory, as its file was.
    var manifest: [UInt8] = []
    /// The files.
    package var files: [File] = []
    /// The objects of uploads and films.
    package var objects: [Object] = []

    /// Bytes of the files and objects.
    package var sizeBytes: Int { files.reduce(0) { $0 + $1.sizeBytes } + objects.reduce(0) { $0 + $1.sizeBytes } }

    /// A backup of a moment, without anything in it.
    init(at time: Timestamp, digest: Digest = Digest()) {
        id = String(RFC3339.format(time.milliseconds).map { $0 == ":" ? "-" : $0 })
        createdAt = time
        self.digest = digest.description
        rows = digest.rows
    }

    // MARK: Lines

    /// The bytes of the file.
    var encoded: [UInt8] {
        var json = JSONWriter(capacity: 256 + 96 * (objects.count + files.reduce(0) { $0 + $1.blocks.count }))
        func line(_ members: [(String, JSONValue)]) {
            json.value(.object(members.map { JSONValue.Member($0.0, $0.1) }))
            json.endLine()
        }
        line([
            ("social_backup", .integer(BackupRecord.format)), ("id", .string(id)),
            ("created_ms", .integer(createdAt.milliseconds)), ("digest", .string(digest)),
            ("rows", .integer(Int64(rows))),
            ("manifest", .string(String(decoding: manifest, as: UTF8.self))),
        ])
        for file in files {
            line([
                ("file", .string(file.path)), ("bytes", .integer(Int64(file.sizeBytes))),
                ("blocks", .array(file.blocks.map { .string($0.description) })),
            ])
        }
        for object in objects {
            line([
                ("object", .string(object.hash.description)), ("bytes", .integer(Int64(object.sizeBytes))),
                ("folder", .string(object.folder)),
            ])
        }
        let sum = ObjectHash(of: json.bytes)
        line([("sha256", .string(sum.description))])
        return json.bytes
    }

    /// The backup in the bytes of a file.
    ///
    /// - Throws: `damagedBackup`, `newerFormat`.
    package init(_ bytes: [UInt8], path: String) throws {
        let damaged = BackupError(.damagedBackup, "\"\(path)\" is damaged")
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard bytes.last == UInt8(ascii: "\n"), let last = lines.last, let first = lines.first,
            let end = try? JSONReader.parse(Array(last)),
            let sum = end["sha256"]?.string, ObjectHash(of: bytes[..<last.startIndex]).description == sum,
            let head = try? JSONReader.parse(Array(first)), let format = head["social_backup"]?.integer
        else { throw damaged }
        guard format <= BackupRecord.format else {
            throw StorageError(
                .newerFormat, "\"\(path)\" has format \(format), and this program knows up to \(BackupRecord.format)",
                hint: "use a newer social")
        }
        guard let id = head["id"]?.string, let time = head["created_ms"]?.integer, let digest = head["digest"]?.string,
            let rows = head["rows"]?.integer, let manifest = head["manifest"]?.string
        else { throw damaged }
        self.id = id
        createdAt = Timestamp(milliseconds: time)
        self.digest = digest
        self.rows = Int(rows)
        self.manifest = Array(manifest.utf8)
        var total = 0
        for line in lines.dropFirst().dropLast() {
            guard let value = try? JSONReader.parse(Array(line)), let size = value["bytes"]?.integer, size >= 0 else {
                throw damaged
            }
            let sum = total.addingReportingOverflow(Int(size))
            guard !sum.overflow, sum.partialValue <= Int.max - BackupRecord.blockBytes else { throw damaged }
            total = sum.partialValue
            if let path = value["file"]?.string, BackupRecord.isInside(path) {
                let blocks = value["blocks"]?.array?.compactMap { $0.string.flatMap { ObjectHash($0) } } ?? []
                guard blocks.count == BackupRecord.blockCount(sizeBytes: Int(size)) else { throw damaged }
                files.append(File(path: path, sizeBytes: Int(size), blocks: blocks))
            } else if let name = value["object"]?.string, let hash = ObjectHash(name),
                let folder = value["folder"]?.string, BackupRecord.isInside(folder)
            {
                objects.append(Object(folder: folder, hash: hash, sizeBytes: Int(size)))
            } else {
                throw damaged
            }
        }
    }

    /// Whether a path names something below the directory to which it belongs.
    private static func isInside(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }

    // MARK: Blocks

    /// Bytes of a block: neighbouring pages of a database that change together are kept together.
    static let blockBytes = 256 << 10

    /// How many blocks a file has.
    static func blockCount(sizeBytes: Int) -> Int { (sizeBytes + blockBytes - 1) / blockBytes }
}
