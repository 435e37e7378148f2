// A folder of a test's own, in memory where the machine has such a place: a simulated disk is written a thousand times.

internal import Glibc
internal import SocialCore

/// A folder that goes when it is no longer needed.
package final class Folder {
    /// Where it lies.
    package let path: String

    /// Where folders are made: in memory where that has room, as nobody waits there for a sync.
    private static let root: String = {
        if let named = getenv("TMPDIR") { return String(cString: named) }
        let memory = "/dev/shm"
        return FileSystem().isWritable(memory) && FileSystem().freeBytes(at: memory) > 2 << 30 ? memory : "/tmp"
    }()

    /// A new folder.
    package init() throws { path = try Folder.make() }

    /// Makes a folder that somebody else removes.
    static func make() throws -> String {
        var template = Array("\(root)/social-test-XXXXXX".utf8CString)
        // Safety: mkdtemp writes into the template, which ends with a NUL and lives for the call.
        let isMade = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkdtemp($0) != nil } ?? false }
        guard isMade else { throw StorageError(errno: errno, while: "make a folder in \"\(root)\"") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Folder.removeAll(path) }

    /// Removes what lies at a path, with everything in it.
    package static func removeAll(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in (try? FileSystem().names(in: path)) ?? [] { removeAll("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    /// Copies a directory with everything in it, keeping modes.
    package static func copy(_ from: String, to path: String) throws {
        mkdir(path, 0o700)
        for name in try FileSystem().names(in: from) {
            let source = "\(from)/\(name)"
            var status = stat()
            guard lstat(source, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                try copy(source, to: "\(path)/\(name)")
            } else {
                try write("\(path)/\(name)", try FileSystem().contents(of: source))
            }
        }
    }

    /// Writes a file.
    package static func write(_ path: String, _ bytes: [UInt8]) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(errno: errno, while: "write \"\(path)\"") }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            // Safety: the buffer is valid for the call and holds `count - written` more bytes.
            let put = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            guard put > 0 else { throw StorageError(errno: errno, while: "write \"\(path)\"") }
            written += put
        }
    }

    /// Writes what a simulated disk holds below one directory to another.
    package static func write(_ image: SimulatedDisk.Image, from root: String, to path: String) throws {
        removeAll(path)
        mkdir(path, 0o700)
        for directory in image.directories { mkdir(path + directory.dropFirst(root.count), 0o700) }
        for file in image.files { try write(path + file.path.dropFirst(root.count), file.bytes) }
    }
}
