// A file in which an object comes in. Nobody takes it for an object, because it lies beside them; it becomes one by
// being renamed when all of it is durable, and goes when that does not happen.

internal import CStorage
internal import Crypto
internal import Glibc
internal import Synchronization

/// A file that is being written.
// Safety: whoever writes it hands it on when it is written, so one thread at a time has it.
final class TemporaryObject: @unchecked Sendable {
    /// The folder of objects in which it is.
    private(set) var folder: String
    private(set) var path: String
    private let files: FileSystem
    private var descriptor: Int32
    private var offset = 0
    /// Up to where the disk has been asked to begin.
    private var begun = 0
    private var isThere = true

    /// How much the disk is asked to begin with.
    private static let beginBytes = 256 << 10
    /// The numbers of this process's temporaries.
    private static let numbers = Atomic<UInt64>(0)

    /// Where the temporaries of a folder lie.
    static func incoming(_ folder: String) -> String { "\(folder)/incoming" }

    /// A name that nobody has used in this process.
    static func newPath(in folder: String) -> String {
        let number = numbers.add(1, ordering: .relaxed).newValue
        return "\(incoming(folder))/\(getpid())-\(number)"
    }

    /// Makes an empty file.
    init(in folder: String, shared: Bool, files: FileSystem) throws(StorageError) {
        self.folder = folder
        self.files = files
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        while true {
            path = Self.newPath(in: folder)
            // What a process left behind that had our number, or one on another machine.
            if files.exists(path) { continue }
            try files.tap?.willApply(.resize(path: path, size: 0))
            descriptor = Glibc.open(path, flags, shared ? 0o660 : 0o600)
            if descriptor >= 0 { break }
            guard errno == EEXIST || errno == EINTR else { throw StorageError(errno: errno, while: "make \"\(path)\"") }
        }
        if shared { fchmod(descriptor, 0o660) }
    }

    /// Gives a file that is there one name more; nil where that cannot be.
    init?(linking file: String, in folder: String, files: FileSystem) throws(StorageError) {
        self.folder = folder
        self.files = files
        descriptor = -1
        repeat { path = Self.newPath(in: folder) } while files.exists(path)
        isThere = try files.addName(path, to: file)
        if !isThere { return nil }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        // What cannot be removed now is removed with other garbage.
        if isThere { try? files.remove(path) }
    }

    /// Writes the next bytes, and lets the disk begin with what it can.
    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        try files.tap?.willApply(.write(path: path, offset: offset, bytes: Array(bytes)))
        try FileSystem.write(bytes, to: descriptor, while: "write \"\(path)\"")
        offset += bytes.count
        if offset - begun >= Self.beginBytes {
            social_begin_writing(descriptor, Int64(begun), Int64(offset - begun))
            begun = offset
        }
    }

    /// Writes what is in another file.
    ///
    /// - Returns: the hash of what was written.
    @discardableResult
    func write(contentsOf path: String) throws(StorageError) -> ObjectHash {
        guard let source = try ObjectFile.open(path) else {
            throw StorageError(.noSuchFile, "\"\(path)\" is gone")
        }
        defer { close(source) }
        var digest = SHA256()
        try ObjectFile.forEachChunk(of: source, path) { chunk throws(StorageError) in
            digest.update(bufferPointer: chunk)
            try write(chunk)
        }
        return ObjectHash(digest.finalize())
    }

    /// Says that nothing more is written; not synced.
    func finish() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    /// Makes what was written durable, and says that nothing more is written.
    func sync() throws(StorageError) {
        guard descriptor >= 0 else { return try files.sync(path) }
        try files.tap?.willApply(.sync(path: path))
        guard fdatasync(descriptor) == 0 else { throw StorageError(errno: errno, while: "sync \"\(path)\"") }
        finish()
    }

    /// Moves it beside the objects of another folder; false when that lies on another file system.
    func move(to other: String) throws(StorageError) -> Bool {
        if other == folder { return true }
        let place = Self.newPath(in: other)
        guard try files.moveUnsynced(path, to: place) else { return false }
        (folder, path) = (other, place)
        return true
    }

    /// Gives it its place; the name may be gone after a power cut.
    func rename(to place: String) throws(StorageError) {
        guard try files.moveUnsynced(path, to: place) else {
            throw StorageError(.ioError, "\"\(path)\" and \"\(place)\" lie on different file systems")
        }
        path = place
        isThere = false
    }
}
