// What is said of uploads and films in an export of somebody else: sizes that no file can have are refused where they
// come in, so that nothing that adds them up has to fear them.

import SocialCore
import Testing

@Suite("What is said of films")
struct SegmentationTests {
    private let object = ObjectHash(of: [1])

    private func film(manifest: Int64, tracks: [Int64]) -> Segmentation {
        func part(_ size: Int64) -> Segmentation.Part { Segmentation.Part(object: object, sizeBytes: size) }
        return Segmentation(
            manifest: part(manifest), checks: [UInt8](repeating: 7, count: 8), tracks: tracks.map(part))
    }

    @Test("is read as it was written")
    func coding() {
        let film = film(manifest: 9, tracks: [1, 2])
        #expect(Segmentation(coded: film.coded) == film)
        #expect(film.sizeBytes == 3)
        #expect(Segmentation(coded: Array(film.coded.dropLast())) == nil)
    }

    @Test("with sizes that cannot be is refused")
    func sizes() {
        for size in [Int64.max, Int64.max - 65_000, 1 << 62, -1] {
            #expect(Segmentation(coded: film(manifest: size, tracks: []).coded) == nil)
            #expect(Segmentation(coded: film(manifest: 9, tracks: [size, size]).coded) == nil)
        }
    }

    @Test("of uploads likewise")
    func uploads() throws {
        func content(_ size: Int64) -> MediaRecord.Content {
            MediaRecord.Content(name: "a", type: "image/png", object: object, sizeBytes: size)
        }
        try Media.check(content(Int64(Limits.uploadBytes)))
        for size in [Int64.max, Int64(Limits.uploadBytes) + 1, -1] {
            #expect(throws: MediaError.self) { try Media.check(content(size)) }
        }
    }
}
