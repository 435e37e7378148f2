// One small film whose every text is written out in the tests.

import SocialCore

enum FilmFixture {
    /// Two qualities of 24000/1001 pictures a second and a sound, in segments of 4.004, 4.004 and 1.001 s.
    static func film(isSingleFile: Bool = false) -> Film {
        let durations: [Int64] = [96_096, 96_096, 24_024]
        let sound: [Int64] = [192_512, 191_488, 48_128]
        return Film(
            source: Film.Source(object: hash(1), sizeBytes: 9_000),
            plan: CutPlan(
                mode: .content, targetMilliseconds: 4_000, leastMilliseconds: 1_000, mostMilliseconds: 6_000),
            form: Film.Form(isSingleFile: isSingleFile),
            cuts: [
                Film.Cut(milliseconds: 0, reason: .start),
                Film.Cut(milliseconds: 4_004, reason: .scene, sceneScore: 0.75),
                Film.Cut(milliseconds: 8_008, reason: .target, sceneScore: 0.125),
            ],
            tracks: [
                track(
                    "low", .video(width: 640, height: 360, frames: 24_000, perSeconds: 1_001), "avc1.4D401E", "und",
                    24_000, durations, [1_000, 2_000, 300]),
                track(
                    "high", .video(width: 1_280, height: 720, frames: 24_000, perSeconds: 1_001), "avc1.64001F", "und",
                    24_000, durations, [4_000, 6_000, 900]),
                track(
                    "audio", .audio(channels: 2, sampleRate: 48_000), "mp4a.40.2", "en", 48_000, sound,
                    [800, 790, 200]),
            ])
    }

    static func hash(_ number: UInt8) -> ObjectHash { ObjectHash(of: [number]) }

    private static func track(
        _ name: String, _ kind: Film.Track.Kind, _ codec: String, _ language: String, _ timescale: Int,
        _ durations: [Int64], _ sizes: [Int]
    ) -> Film.Track {
        var (time, offset) = (Int64(0), 140)
        let segments = zip(durations, sizes).map { duration, size in
            defer {
                time += duration
                offset += size
            }
            return Film.Segment(
                part: Film.Part(offset: offset, sizeBytes: size, hash: hash(UInt8(truncatingIfNeeded: size))),
                start: time, duration: duration, firstFrameBytes: size / 4)
        }
        return Film.Track(
            name: name, kind: kind, codec: codec, language: language, timescale: timescale,
            object: Film.StoredTrack(hash: hash(2), checks: BlockChecks(of: [UInt8](repeating: 0, count: offset))),
            header: Film.Part(offset: 0, sizeBytes: 100, hash: hash(3)),
            index: Film.Part(offset: 100, sizeBytes: 40, hash: hash(4)), segments: segments)
    }
}
