// The seam at which tests see, fail and simulate every change of a file. SQLite's own writes are seen by a recording
// VFS in the tests; everything else passes here.

/// One change of the file system, as the program asks for it.
package enum FileChange: Sendable {
    /// Bytes put at an offset of a file.
    case write(path: String, offset: Int, bytes: [UInt8])
    /// Bytes put at an offset of a mapped file: no call that could fail, and durable at any time from now on.
    case store(path: String, offset: Int, bytes: [UInt8])
    /// A file given a size.
    case resize(path: String, size: Int)
    /// A file's bytes made durable.
    case sync(path: String)
    /// A file given another name, replacing what was there.
    case rename(from: String, to: String)
    /// A file given one name more.
    case link(from: String, to: String)
    /// A file removed.
    case remove(path: String)
    /// A directory made.
    case makeDirectory(path: String)
    /// A directory's names made durable.
    case syncDirectory(path: String)
    /// Everything made durable that was done to the file system on which a path lies.
    case syncFileSystem(path: String)
}

/// Sees each change before it happens, and may refuse it.
package protocol FileTap: AnyObject, Sendable {
    /// Called before a change; throwing stands for the failure of the system call.
    func willApply(_ change: FileChange) throws(StorageError)
}
