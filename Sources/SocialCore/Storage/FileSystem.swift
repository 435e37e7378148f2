// Files made, replaced, read and made durable: the only place that writes a file other than SQLite and `MappedFile`.

internal import Glibc

/// The file system, seen through the tap of the tests.
package struct FileSystem: Sendable {
    /// Sees every change; nil outside tests.
    package let tap: (any FileTap)?
    /// Whether nothing is to be written, even where it could be.
    private let isReadOnly: Bool

    /// The file system with an optional tap.
    package init(tap: (any FileTap)? = nil, isReadOnly: Bool = false) {
        self.tap = tap
        self.isReadOnly = isReadOnly
    }

    /// The file system in which views lie: those of a moment that has passed are not kept.
    init(ofViews context: Context) { self.init(tap: context.fileTap, isReadOnly: context.standbyStaleness != nil) }

    /// How much of a file is read at a time when its size is not known.
    private static let chunkBytes = 64 << 10

    /// The bytes of a whole file, or of a pipe such as a shell's `<(…)`.
    package func contents(of path: String) throws(StorageError) -> [UInt8] {
        let descriptor = try FileSystem.open(path, O_RDONLY | O_CLOEXEC, while: "read \"\(path)\"")
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StorageError(errno: errno, while: "read \"\(path)\"") }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw StorageError(.noSuchFile, "cannot read \"\(path)\": it is a directory")
        }
        var bytes: [UInt8] = []
        // The size is only a guess: a pipe has none, and a file may grow. One byte more meets the end at once.
        var chunkBytes = max(Int(status.st_size) + 1, FileSystem.chunkBytes)
        while true {
            var failure: Int32 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: chunkBytes) { buffer, count in
                // Safety: read fills at most as many bytes as the buffer has.
                let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                count = max(0, got)
                if got < 0 { failure = errno }
            }
            if failure == EINTR { continue }
            guard failure == 0 else { throw StorageError(errno: failure, while: "read \"\(path)\"") }
            if chunk.isEmpty { return bytes }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            chunkBytes = FileSystem.chunkBytes
        }
    }

    /// Whether something lies at a path.
    package func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether a directory lies at a path, or a link that leads to one.
    package func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The inode of a file; nil when there is none.
    package func inode(of path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    /// The device and the inode of a file; nil when there is none.
    package func identity(of path: String) -> (device: UInt64, inode: UInt64)? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return (UInt64(status.st_dev), UInt64(status.st_ino))
    }

    /// The size of a file in bytes; 0 when there is none.
    package func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Whether this process may write into a directory.
    package func isWritable(_ path: String) -> Bool { !isReadOnly && access(path, W_OK) == 0 }

    /// The names in a directory, sorted.
    package func names(in path: String) throws(StorageError) -> [String] {
        guard let handle = opendir(path) else { throw StorageError(errno: errno, while: "list \"\(path)\"") }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            // Safety: d_name is a NUL-terminated array inside the entry, valid until the next readdir.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The rights that a file or a directory gives; nil when there is none, or only a name that leads elsewhere.
    func mode(of path: String) -> UInt32? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return nil }
        return UInt32(status.st_mode & 0o777)
    }

    /// Takes rights away that a file or a directory should not give.
    func restrict(_ path: String, forbidden: UInt32) throws(StorageError) {
        guard let mode = mode(of: path) else { return }
        guard chmod(path, mode_t(mode & ~forbidden)) == 0 else {
            throw StorageError(errno: errno, while: "change the mode of \"\(path)\"")
        }
    }

    /// Makes a directory with mode 0700 (0770 when shared) if there is none; its name is durable afterwards.
    package func makeDirectory(_ path: String, shared: Bool = false) throws(StorageError) {
        if try makeDirectoryUnsynced(path, shared: shared) { try syncDirectory(FileSystem.parent(of: path)) }
    }

    /// Makes a directory if there is none, whose name may be gone after a power cut; whether it was made.
    func makeDirectoryUnsynced(_ path: String, shared: Bool) throws(StorageError) -> Bool {
        if exists(path) { return false }
        try tap?.willApply(.makeDirectory(path: path))
        guard mkdir(path, shared ? 0o770 : 0o700) == 0 || errno == EEXIST else {
            throw StorageError(errno: errno, while: "make the directory \"\(path)\"")
        }
        // The mask of the process takes the group's right away, and new files should be the group's too.
        if shared { chmod(path, 0o2770) }
        return true
    }

    /// Makes a directory in the place of whatever lies at a path.
    package func makeEmptyDirectory(_ path: String, shared: Bool) throws(StorageError) {
        try removeTree(path)
        try makeDirectory(path, shared: shared)
    }

    /// Makes sure that a directory can be filled with what is new: none is there, or an empty one.
    ///
    /// - Parameter known: names that do no harm.
    /// - Throws: `notEmpty` when something else lies there.
    package func requireEmpty(_ path: String, but known: [String] = []) throws(StorageError) {
        guard exists(path) else { return }
        guard isDirectory(path) else {
            throw StorageError(.notEmpty, "\"\(path)\" is no directory", hint: "choose another place")
        }
        if try !names(in: path).allSatisfy(known.contains) {
            throw StorageError(.notEmpty, "\"\(path)\" is not empty", hint: "choose another directory")
        }
    }

    /// Makes a directory that is not ours, if there is none, with the rights that its owner's mask gives.
    package func makeOutDirectory(_ path: String) throws(StorageError) {
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw StorageError(errno: errno, while: "make the directory \"\(path)\"")
        }
    }

    /// Whether a name leads elsewhere.
    package func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Makes a name for a directory that lies elsewhere.
    package func link(_ path: String, to directory: String) throws(StorageError) {
        try tap?.willApply(.makeDirectory(path: path))
        guard symlink(directory, path) == 0 else {
            throw StorageError(errno: errno, while: "make \"\(path)\" lead to \"\(directory)\"")
        }
        try syncDirectory(FileSystem.parent(of: path))
    }

    /// Makes sure that `makeDirectory` could make a directory, or that it is there, and that files can be made in it.
    package func requirePlace(for path: String) throws(StorageError) {
        let place = exists(path) ? path : FileSystem.parent(of: path)
        guard access(place, W_OK | X_OK) == 0 else {
            throw StorageError(errno: errno, while: "make the directory \"\(path)\"")
        }
    }

    /// Puts bytes in the place of a file, atomically and durably: whoever reads sees the old or the new bytes whole.
    package func replace(_ path: String, with bytes: [UInt8], shared: Bool = false) throws(StorageError) {
        let temporary = "\(path).new"
        try writeNew(temporary, bytes, shared: shared)
        try rename(temporary, to: path)
    }

    /// Puts bytes in the place of a file, atomically but not durably: after a power cut the old bytes, the new ones or
    /// none may be there.
    package func replaceUnsynced(
        _ path: String, with bytes: UnsafeRawBufferPointer, shared: Bool
    ) throws(StorageError) {
        let temporary = "\(path).new"
        let action = "write \"\(path)\""
        try makeEmptyFile(temporary, shared: shared)
        let descriptor = try FileSystem.open(temporary, O_WRONLY | O_CLOEXEC | O_NOFOLLOW, while: action)
        defer { close(descriptor) }
        try tap?.willApply(.write(path: temporary, offset: 0, bytes: Array(bytes)))
        do throws(StorageError) { try FileSystem.write(bytes, to: descriptor, while: action) } catch {
            // What could be written would keep the last space of a full disk.
            unlink(temporary)
            throw error
        }
        try tap?.willApply(.rename(from: temporary, to: path))
        guard Glibc.rename(temporary, path) == 0 else {
            throw StorageError(errno: errno, while: "rename \"\(temporary)\"")
        }
    }

    /// Makes an empty file with mode 0600 (0660 when shared) for another library to fill.
    package func makeEmptyFile(_ path: String, shared: Bool = false) throws(StorageError) {
        try tap?.willApply(.resize(path: path, size: 0))
        close(try FileSystem.openEmpty(path, shared: shared, while: "make \"\(path)\""))
    }

    /// Renames a file and makes the new name durable.
    package func rename(_ from: String, to path: String) throws(StorageError) {
        try tap?.willApply(.rename(from: from, to: path))
        guard Glibc.rename(from, path) == 0 else { throw StorageError(errno: errno, while: "rename \"\(from)\"") }
        try syncDirectory(FileSystem.parent(of: path))
    }

    /// Removes a file; none is no error.
    package func remove(_ path: String) throws(StorageError) {
        try tap?.willApply(.remove(path: path))
        guard unlink(path) == 0 || errno == ENOENT else {
            throw StorageError(errno: errno, while: "remove \"\(path)\"")
        }
    }

    /// Removes an empty directory; none is no error.
    package func removeDirectory(_ path: String) throws(StorageError) {
        try tap?.willApply(.remove(path: path))
        guard rmdir(path) == 0 || errno == ENOENT else {
            throw StorageError(errno: errno, while: "remove \"\(path)\"")
        }
    }

    /// Removes a directory with all that is in it, also where its name leads elsewhere; none is no error.
    ///
    /// Names in it that lead elsewhere go, and what they lead to stays.
    package func removeTree(_ path: String) throws(StorageError) {
        guard isDirectory(path) else { return try remove(path) }
        for name in try names(in: path) {
            let inner = "\(path)/\(name)"
            if isLink(inner) { try remove(inner) } else { try removeTree(inner) }
        }
        if isLink(path) { try remove(path) } else { try removeDirectory(path) }
    }

    /// Makes what another library has written into a file durable.
    package func sync(_ path: String) throws(StorageError) {
        try tap?.willApply(.sync(path: path))
        let descriptor = try FileSystem.open(path, O_RDONLY | O_CLOEXEC, while: "sync \"\(path)\"")
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError(errno: errno, while: "sync \"\(path)\"") }
    }

    /// Makes the names in a directory durable.
    package func syncDirectory(_ path: String) throws(StorageError) {
        try tap?.willApply(.syncDirectory(path: path))
        let descriptor = try FileSystem.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, while: "sync \"\(path)\"")
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError(errno: errno, while: "sync \"\(path)\"") }
    }

    /// The directory that a path lies in.
    package static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    private func writeNew(_ path: String, _ bytes: [UInt8], shared: Bool) throws(StorageError) {
        let action = "write \"\(path)\""
        try tap?.willApply(.resize(path: path, size: 0))
        let descriptor = try FileSystem.openEmpty(path, shared: shared, while: action)
        defer { close(descriptor) }
        try tap?.willApply(.write(path: path, offset: 0, bytes: bytes))
        try FileSystem.write(bytes, to: descriptor, while: action)
        try tap?.willApply(.sync(path: path))
        guard fsync(descriptor) == 0 else { throw StorageError(errno: errno, while: "sync \"\(path)\"") }
    }

    /// Writes a file that is not ours, where its owner wants it: a device or a pipe too, which stays what it is.
    ///
    /// - Parameter followsLinks: whether the owner has named it, and not only a name from which it is made.
    package func overwrite(
        _ path: String, with bytes: [UInt8], followsLinks: Bool = true
    ) throws(StorageError) {
        let action = "write \"\(path)\""
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW)
        let descriptor = try FileSystem.open(path, flags, mode: 0o666, while: action, keepsMask: true)
        defer { close(descriptor) }
        try FileSystem.write(bytes, to: descriptor, while: action)
    }

    /// Writes a file that is not ours piece by piece: a plain one is there whole or not at all.
    ///
    /// A device or a pipe is written as the pieces come.
    package func writeOut(_ path: String, _ body: ((ArraySlice<UInt8>) throws -> Void) throws -> Void) throws {
        let action = "write \"\(path)\""
        var status = stat()
        let isPlain = stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        let place = isPlain ? "\(path).\(getpid()).part" : path
        // What a process of the same number has left, or somebody who knew the name has put there, is not written.
        if isPlain { unlink(place) }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (isPlain ? O_EXCL | O_NOFOLLOW : O_TRUNC)
        let descriptor = try FileSystem.open(place, flags, mode: 0o666, while: action, keepsMask: true)
        defer { close(descriptor) }
        do {
            try body { bytes in
                // Safety: the buffer is valid for the call.
                try bytes.withUnsafeBytes { try FileSystem.write($0, to: descriptor, while: action) }
            }
            guard !isPlain || Glibc.rename(place, path) == 0 else { throw StorageError(errno: errno, while: action) }
        } catch {
            if isPlain { unlink(place) }
            throw error
        }
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, while action: String
    ) throws(StorageError) {
        // Safety: the buffer is valid for the call.
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(StorageError) in try write(buffer, to: descriptor, while: action) }
        }
        try result.get()
    }

    /// Writes all bytes to an open file.
    package static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, while action: String
    ) throws(StorageError) {
        var written = 0
        while written < bytes.count {
            // Safety: at least `count - written` bytes remain in the buffer.
            let put = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if put >= 0 { written += put } else if errno != EINTR { throw StorageError(errno: errno, while: action) }
        }
    }

    static func open(
        _ path: String, _ flags: Int32, mode: mode_t = 0, while action: String, keepsMask: Bool = false
    ) throws(StorageError)
        -> Int32
    {
        while true {
            let descriptor = Glibc.open(path, flags, mode)
            if descriptor >= 0 {
                // A shared file is the group's whatever the mask says; only its owner may say so, and need not twice.
                if flags & O_CREAT != 0, mode & 0o060 != 0, !keepsMask { fchmod(descriptor, mode) }
                return descriptor
            }
            if errno != EINTR { throw StorageError(errno: errno, while: action) }
        }
    }
}

extension FileSystem {
    /// The free bytes of the file system on which a path lies.
    package func freeBytes(at path: String) -> Int64 {
        var status = statvfs()
        return statvfs(path, &status) == 0 ? Int64(status.f_bavail) * Int64(status.f_frsize) : 0
    }

    /// A fresh directory of its own for temporary files.
    package func makeTemporaryDirectory() throws(StorageError) -> String {
        let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(root)/social-XXXXXX".utf8CString)
        // Safety: mkdtemp writes into the template, which ends with a NUL and lives for the call.
        let isMade = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkdtemp($0) != nil } ?? false }
        guard isMade else { throw StorageError(errno: errno, while: "make a temporary directory in \"\(root)\"") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The inodes of a few files, looked up again every few milliseconds only: for processes that ask all the time, where
/// nothing is wrong if a file that was replaced is noticed a moment later.
package struct InodeMemo {
    private static let staleNanoseconds: UInt64 = 5_000_000
    private let files: FileSystem
    private let isUsed: Bool
    private var known: [(inode: UInt64, at: UInt64)?] = []

    /// - Parameter isUsed: false looks each time.
    init(files: FileSystem, isUsed: Bool) {
        self.files = files
        self.isUsed = isUsed
    }

    /// Looks again when the file with a number is asked for next.
    mutating func forget(_ number: Int) { if number < known.count { known[number] = nil } }

    /// The inode of the file with a number; nil when there is none.
    mutating func inode(_ number: Int, of path: () -> String) -> UInt64? {
        guard isUsed else { return files.inode(of: path()) }
        let now = MonotonicClock.coarseNanoseconds
        if number < known.count, let known = known[number], now - known.at < InodeMemo.staleNanoseconds {
            return known.inode
        }
        while known.count <= number { known.append(nil) }
        let inode = files.inode(of: path())
        known[number] = inode.map { ($0, now) }
        return inode
    }
}
