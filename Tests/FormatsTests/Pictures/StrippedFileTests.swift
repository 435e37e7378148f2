// A stripped file is told in pieces, and what was not touched is not copied.

import TestKit
import Testing

@testable import Formats

@Suite("Stripped files")
struct StrippedFileTests {
    @Test("of films point to all that is untouched, and hold only what is new")
    func films() throws {
        for film in [MediaSamples.film, MediaSamples.webm, MediaSamples.heic] {
            let stripped = try MediaMetadata.stripped(film)
            var (kept, new) = (0, 0)
            for piece in stripped.pieces {
                if case .source(let range) = piece { kept += range.count }
                if case .bytes(let bytes) = piece { new += bytes.count }
            }
            #expect(!stripped.isUnchanged && stripped.sizeBytes == film.count)
            #expect(kept > film.count / 3 && new < 100)
        }
    }

    @Test("come in steps of at most the wanted size, whole and in order")
    func steps() throws {
        var random = SeededGenerator("stripped steps")
        for file in [MediaSamples.film, MediaSamples.jpeg, MediaSamples.gif] {
            let stripped = try MediaMetadata.stripped(file)
            let size = 1 + random.below(60)
            var bytes: [UInt8] = []
            stripped.forEachStep(ofBytes: size) {
                #expect(!$0.isEmpty && $0.count <= size)
                bytes += $0
            }
            #expect(bytes == stripped.bytes, "seed \(random.seed)")
        }
    }

    @Test("take changes in any order, and of those that lie over each other the first")
    func changes() throws {
        var random = SeededGenerator("stripped changes")
        for _ in 0..<500 {
            let bytes = (0..<1 + random.below(60)).map { _ in UInt8(1 + random.below(200)) }
            let file = FilePart(FileBytes(bytes))
            var edit = FileEdit(file)
            var isOver = [Bool](repeating: false, count: bytes.count)
            for _ in 0..<random.below(4) {
                let start = random.below(bytes.count)
                let part = try file.part(start, random.below(min(9, bytes.count - start) + 1))
                try edit.overwrite(part, with: Array(repeating: 255, count: random.below(4)))
                for index in part.range { isOver[index] = true }
            }
            let changed = edit.finished().bytes
            #expect(changed.count == bytes.count)
            for index in bytes.indices {
                #expect(isOver[index] == (changed[index] != bytes[index]), "seed \(random.seed)")
            }
        }
    }

    @Test("whose tables name one place again and again are refused")
    func allowance() throws {
        let file = FilePart(FileBytes([UInt8](repeating: 1, count: 10)))
        var edit = FileEdit(file)
        for _ in 0..<4 { try edit.overwrite(file) }
        #expect(throws: PictureError.self) { try edit.overwrite(try file.part(0, 1)) }
    }

    @Test("can be of memory that somebody else keeps, for as long as it is looked at")
    func kept() throws {
        final class Owner: Sendable {
            let onRelease: @Sendable () -> Void
            init(_ onRelease: @escaping @Sendable () -> Void) { self.onRelease = onRelease }
            deinit { onRelease() }
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: MediaSamples.jpeg.count, alignment: 1)
        memory.copyBytes(from: MediaSamples.jpeg)
        nonisolated(unsafe) let kept = memory
        let file = FileBytes(UnsafeRawBufferPointer(memory), keptBy: Owner { kept.deallocate() })
        let stripped = try MediaMetadata.stripped(file)
        let expected = try MediaMetadata.stripped(MediaSamples.jpeg).bytes
        #expect(stripped.bytes == expected)
        #expect(file.elementsEqual(MediaSamples.jpeg) && FileBytes([]).isEmpty)
    }
}
