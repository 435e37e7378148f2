// Bytes that are no text, on their way out: to the standard output, or into a file that appears when it is whole.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

extension Session {
    /// Writes bytes to a file, or to the standard output for `-` and where none is named.
    ///
    /// - Parameter body: hands the bytes over piece by piece; when it throws, no file is there that was not before.
    func writeBytes(to target: FileOrDash?, _ body: ((ArraySlice<UInt8>) throws -> Void) throws -> Void) throws {
        if case .file(let path) = target {
            if context.isDryRun { return try body { _ in } }
            return try FileSystem().writeOut(path, body)
        }
        do {
            try body { bytes in
                if try world.output.write(Array(bytes)) == .closed { throw ReaderIsGone() }
            }
        } catch is ReaderIsGone {}
    }
}
