// Goes the way that players go: from a playlist to what it refers to.

internal import Formats

/// Follows the playlists of a film.
struct PlaylistWalk {
    let film: Film
    /// The files that are there, with their sizes.
    let sizes: [String: Int]

    /// Why a player would go astray.
    struct Fault: Error {
        let message: String
    }

    /// Follows a text, wherever it leads.
    func follow(_ text: FilmText, _ bytes: [UInt8]) throws {
        switch text {
        case .description: break
        case .master: try follow(try HLSMasterPlaylist(bytes))
        case .manifest: try follow(try DASHPresentation(bytes))
        case .playlist(let track): try follow(try HLSMediaPlaylist(bytes), film.tracks[track], isKeyFrames: false)
        case .keyFrames(let track): try follow(try HLSMediaPlaylist(bytes), film.tracks[track], isKeyFrames: true)
        }
    }

    private func expect(_ isRight: Bool, _ message: @autoclosure () -> String) throws(Fault) {
        if !isRight { throw Fault(message: message()) }
    }

    private func expect(_ key: String, has range: Range<Int>? = nil) throws(Fault) {
        guard let size = sizes[key] else { throw Fault(message: "it leads to \"\(key)\", which is not there") }
        try expect(range.map { $0.upperBound <= size } ?? true, "it leads behind the end of \"\(key)\"")
    }

    // MARK: HLS

    private func follow(_ playlist: HLSMasterPlaylist) throws(Fault) {
        let groups = Set(playlist.renditions.compactMap { $0["GROUP-ID"] })
        for rendition in playlist.renditions {
            try expect(rendition["NAME"] != nil && rendition["TYPE"] == "AUDIO", "a rendition has no name")
            try expect(rendition["URI"] ?? "")
        }
        for variant in playlist.variants {
            try expect(
                rate(variant.attributes) && variant.attributes["CODECS"] != nil, "a quality has no rate or codec")
            try expect(variant.attributes["AUDIO"].map(groups.contains) ?? true, "a quality refers to no group")
            try expect(variant.uri)
        }
        for quality in playlist.keyFrames {
            try expect(rate(quality), "a quality has no rate")
            try expect(quality["URI"] ?? "")
        }
        try expect(
            playlist.variants.count >= max(1, film.videoTracks.count), "not every quality of the film is in it")
    }

    /// Whether the rates can be.
    private func rate(_ attributes: [String: String]) -> Bool {
        guard let peak = Int(attributes["BANDWIDTH"] ?? ""), let average = Int(attributes["AVERAGE-BANDWIDTH"] ?? "")
        else { return false }
        return average > 0 && peak >= average
    }

    private func follow(_ playlist: HLSMediaPlaylist, _ track: Film.Track, isKeyFrames: Bool) throws(Fault) {
        try expect(playlist.version >= 6 && playlist.isOnDemand && playlist.isIndependent, "a tag is missing")
        try expect(playlist.holdsKeyFramesOnly == isKeyFrames, "it is not said right whether it is for searching")
        guard let map = playlist.map else { throw Fault(message: "there is no header") }
        try expect("\(track.name)/\(map.uri)", has: map.range)
        try expect(playlist.entries.count == track.segments.count, "it has \(playlist.entries.count) segments")
        var place: (uri: String, end: Int)?
        for entry in playlist.entries {
            let longest = playlist.targetSeconds * 1_000_000 + 500_000
            try expect(entry.microseconds < longest, "a segment is longer than the target duration")
            try expect("\(track.name)/\(entry.uri)", has: entry.range)
            if !isKeyFrames, let range = entry.range {
                if let place, place.uri == entry.uri {
                    try expect(place.end == range.lowerBound, "there is a gap between byte ranges")
                }
                place = (entry.uri, range.upperBound)
            }
        }
        let sum = playlist.entries.reduce(0) { $0 + $1.microseconds }
        let duration = MovieTime(track.duration, track.timescale).ticks(1_000_000)
        try expect(abs(sum - duration) <= 1, "its segments last \(sum) µs together instead of \(duration)")
    }

    // MARK: DASH

    private func follow(_ presentation: DASHPresentation) throws(Fault) {
        try expect(
            presentation.representations.map(\.id).sorted() == film.tracks.map(\.name).sorted(),
            "its qualities are not those of the film")
        for quality in presentation.representations {
            guard let track = film.tracks.first(where: { $0.name == quality.id }) else { continue }
            try expect(quality.timescale == track.timescale, "the units of time of \"\(quality.id)\" are others")
            if let file = quality.file {
                try expect(file, has: quality.index)
                try expect(file, has: quality.header)
                try expect(
                    quality.header?.upperBound == quality.index?.lowerBound,
                    "the index of \"\(quality.id)\" is not behind its header")
                continue
            }
            try expect(quality.initialization)
            try expect(
                quality.timeline.count == track.segments.count,
                "\"\(quality.id)\" has \(quality.timeline.count) segments")
            var time = track.segments.first?.start ?? 0
            for (index, segment) in quality.timeline.enumerated() {
                try expect(segment.start == time, "there is a gap or an overlap in \"\(quality.id)\"")
                try expect(quality.media(index))
                time += segment.duration
            }
            try expect(
                time == track.end && MovieTime(time, track.timescale).ticks(1_000) <= presentation.milliseconds,
                "\"\(quality.id)\" does not end when it should")
        }
    }
}
