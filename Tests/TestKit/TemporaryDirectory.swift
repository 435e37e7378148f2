// A directory that goes with the object that made it.

internal import Glibc
internal import SocialCore

/// A fresh directory, removed with all that is in it when the object goes.
package final class TemporaryDirectory {
    /// Where it is.
    package let path: String

    /// Tests do the same whether other programs are installed or not; and waiting for one would take a thread from the
    /// other tests.
    private static let hidesTools: Bool = setenv("SOCIAL_TOOLS", "/nonexistent", 1) == 0

    /// Makes a directory that somebody else removes.
    package static func make() throws -> String {
        _ = hidesTools
        return try Folder.make()
    }

    /// Makes the directory.
    package init() throws { path = try Self.make() }

    deinit { TemporaryDirectory.remove(path) }

    /// The path of a name in the directory.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Removes a file, or a directory and all that is in it.
    package static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        let names = (try? FileSystem().names(in: path)) ?? []
        for name in names { remove("\(path)/\(name)") }
        rmdir(path)
    }
}

extension TemporaryDirectory {
    /// Puts bytes in the place of a file's, without a sync: what a test breaks need not be durable.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        // Safety: the buffer is valid for the call.
        let put = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard put == bytes.count else { throw StorageError(.ioError, "cannot write \"\(path)\"") }
    }

    /// Copies a directory and all that is in it to a new place.
    package static func copy(_ from: String, to path: String) throws {
        guard let names = try? FileSystem().names(in: from) else {
            return try write(try FileSystem().contents(of: from), to: path)
        }
        try FileSystem().makeDirectory(path)
        for name in names { try copy("\(from)/\(name)", to: "\(path)/\(name)") }
    }
}
