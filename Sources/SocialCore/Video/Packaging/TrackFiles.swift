// The files of a track in a plain folder: a header and a file a segment, or all of it in one file. Nothing is synced: a
// folder can be made again.

internal import Formats
internal import Glibc

/// Writes the files of a track.
final class TrackFiles {
    /// How much is collected before it is written.
    private static let bufferBytes = 1 << 20

    private let folder: String
    private let isSingleFile: Bool
    private var descriptor: Int32 = -1
    private var path = ""
    private var buffer: UnsafeMutableRawBufferPointer
    private var count = 0

    /// The files of a track, in a folder that is there.
    init(_ folder: String, isSingleFile: Bool) {
        self.folder = folder
        self.isSingleFile = isSingleFile
        // Safety: nothing is read of it that was not written before, and it goes with the writer.
        buffer = .allocate(byteCount: Self.bufferBytes, alignment: 16)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        buffer.deallocate()
    }

    /// Begins the file of a part, unless all are in one.
    func begin(_ part: TrackPart) throws {
        if isSingleFile, descriptor >= 0 { return }
        try finish()
        switch part {
        // Only a single file has room for an index.
        case .index: return
        case .header: path = "\(folder)/\(isSingleFile ? FilmKey.track : FilmKey.header)"
        case .segment(let index): path = "\(folder)/\(FilmKey.segment(index))"
        }
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        descriptor = try FileSystem.open(path, flags, mode: 0o666, while: "write \"\(path)\"", keepsMask: true)
    }

    /// Writes the next bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if descriptor < 0 { return }
        if bytes.count > buffer.count - count { try flush() }
        guard bytes.count <= buffer.count else {
            return try FileSystem.write(bytes, to: descriptor, while: "write \"\(path)\"")
        }
        // Safety: there is room for the bytes behind those that are there.
        UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// Ends the file that is open.
    func finish() throws {
        try flush()
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func flush() throws {
        if descriptor < 0 { return }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        try FileSystem.write(bytes, to: descriptor, while: "write \"\(path)\"")
        count = 0
    }
}
