// Films that were never filmed: tracks of chance bytes, cut at chance times, with everything that is known of a film
// that was cut. They play nothing; what writes and reads playlists does not mind.

package import SocialCore

/// A film with the bytes of its tracks.
package struct MadeFilm: Sendable {
    /// What is known of it.
    package var film: Film
    /// The bytes of each track.
    package var objects: [[UInt8]]

    /// Pictures in so many qualities and so many sounds, cut alike at so many places.
    package init(_ chance: inout Chance, videos: Int, sounds: Int, segments: Int, form: Film.Form = Film.Form()) {
        let frames = chance.one(of: [(24, 1), (25, 1), (30_000, 1_001), (60, 1)]) ?? (25, 1)
        // How many pictures each segment has.
        let pictures = (0..<segments).map { _ in 1 + chance.below(200) }
        var tracks: [Film.Track] = []
        objects = []
        for number in 0..<videos {
            let height = 180 * (number + 1)
            let unit = Int64(chance.one(of: [1, 512, 1_000]) ?? 1)
            let kind = Film.Track.Kind.video(
                width: height * 16 / 9, height: height, frames: frames.0, perSeconds: frames.1)
            let durations = pictures.map { Int64($0 * frames.1) * unit }
            let (track, bytes) = Self.track(
                &chance, "v\(number)", kind, "avc1.64001F", frames.0 * Int(unit), start: 0, durations)
            tracks.append(track)
            objects.append(bytes)
        }
        for number in 0..<sounds {
            let rate = chance.one(of: [44_100, 48_000]) ?? 48_000
            var (durations, time, cut) = ([Int64](), Int64(0), 0)
            for count in pictures {
                cut += count * frames.1
                let next = max(time + 1_024, Int64((cut * rate / frames.0 + 512) / 1_024 * 1_024))
                durations.append(next - time)
                time = next
            }
            let (track, bytes) = Self.track(
                &chance, "a\(number)", .audio(channels: 2, sampleRate: rate), "mp4a.40.2", rate,
                start: chance.isOne(in: 4) ? 100 : 0, durations)
            tracks.append(track)
            objects.append(bytes)
        }
        var cuts: [Film.Cut] = []
        for (index, segment) in (tracks.first?.segments ?? []).enumerated() {
            let reason = index == 0 ? .start : chance.one(of: Film.Cut.Reason.allCases) ?? .target
            cuts.append(
                Film.Cut(
                    milliseconds: segment.start * 1_000 / Int64(tracks[0].timescale), reason: reason,
                    sceneScore: Double(chance.below(101)) / 100))
        }
        film = Film(
            source: Film.Source(object: ObjectHash(of: [1]), sizeBytes: 1_000_000),
            plan: CutPlan(
                mode: .content, targetMilliseconds: 4_000, leastMilliseconds: 1_000, mostMilliseconds: 8_000),
            form: form, cuts: cuts, tracks: tracks)
    }

    /// Any film.
    package init(_ chance: inout Chance) {
        let videos = chance.below(4)
        var form = Film.Form()
        form.isSingleFile = chance.percent(50)
        self.init(
            &chance, videos: videos, sounds: videos == 0 ? 1 + chance.below(3) : chance.below(4),
            segments: 1 + chance.below(30), form: form)
    }

    private static func track(
        _ chance: inout Chance, _ name: String, _ kind: Film.Track.Kind, _ codec: String, _ timescale: Int,
        start: Int64, _ durations: [Int64]
    ) -> (Film.Track, [UInt8]) {
        var bytes: [UInt8] = []
        func part(_ size: Int) -> Film.Part {
            let piece = (0..<size).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
            defer { bytes += piece }
            return Film.Part(offset: bytes.count, sizeBytes: size, hash: ObjectHash(of: piece))
        }
        let (header, index) = (part(30 + chance.below(30)), part(12 + chance.below(30)))
        var time = start
        var segments: [Film.Segment] = []
        for duration in durations {
            let size = 1 + chance.below(300)
            segments.append(
                Film.Segment(
                    part: part(size), start: time, duration: duration, firstFrameBytes: 1 + chance.below(size)))
            time += duration
        }
        let track = Film.Track(
            name: name, kind: kind, codec: codec, language: chance.one(of: ["und", "en", "de-CH"]) ?? "und",
            timescale: timescale,
            object: Film.StoredTrack(hash: ObjectHash(of: bytes), checks: BlockChecks(of: bytes)), header: header,
            index: index, segments: segments)
        return (track, bytes)
    }
}

extension MadeFilm: FilmShelf {
    /// How many bytes lie under a name.
    package func sizeBytes(of resource: FilmResource) -> Int? { bytes(of: resource).count }

    /// Hands out a part of what lies under a name, in pieces.
    package func forEachChunk(
        of resource: FilmResource, in range: Range<Int>, _ body: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        let bytes = bytes(of: resource)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 100) {
            try body(bytes[start..<min(start + 100, range.upperBound)])
        }
    }

    private func bytes(of resource: FilmResource) -> [UInt8] {
        switch resource.content {
        case .text(let text): film.bytes(of: text)
        case .bytes(let track, let range): Array(objects[track][range])
        }
    }
}
