// The description of a film for MPEG-DASH: one set of qualities to change between for each kind of picture coding, and
// one set for each sound.
//
// Sources: ISO/IEC 23009-1:2022, clause 5 and the schema in annex B (elements in its order), profiles 8.4 (live: a file
// a segment) and 8.3 (on demand: a file a track).

internal import Formats

/// Writes the manifest of a film.
struct DASHManifest {
    private let film: Film
    /// What a player is to have before it begins, in milliseconds: the longest segment, rounded up.
    let bufferMilliseconds: Int64

    /// The manifest of a film.
    init(_ film: Film) {
        self.film = film
        bufferMilliseconds = film.tracks.reduce(1) { longest, track in
            let duration = MovieTime(track.segments.map(\.duration).max() ?? 0, track.timescale)
            let time = duration.ticks(1_000)
            return max(longest, MovieTime(time, 1_000) < duration ? time + 1 : time)
        }
    }

    /// Tracks between which players may change.
    private struct AdaptationSet {
        var tracks: [Film.Track]
        /// Whether it is what is heard unless another is chosen; nil where that is no question.
        var isMain: Bool?
    }

    /// The manifest.
    var text: String {
        let profile = film.form.isSingleFile ? "isoff-on-demand" : "isoff-live"
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:\(profile):2011\""
        text += " type=\"static\" mediaPresentationDuration=\"\(Self.duration(film.endMilliseconds))\""
        text += " minBufferTime=\"\(Self.duration(bufferMilliseconds))\">\n  <Period id=\"0\" start=\"PT0S\">\n"
        for (number, set) in sets.enumerated() { text += self.text(of: set, number) }
        return text + "  </Period>\n</MPD>\n"
    }

    private var sets: [AdaptationSet] {
        var sets: [AdaptationSet] = []
        for track in film.videoTracks {
            let coding = track.codec.prefix { $0 != "." }
            if let place = sets.firstIndex(where: { $0.tracks[0].codec.prefix { $0 != "." } == coding }) {
                sets[place].tracks.append(track)
            } else {
                sets.append(AdaptationSet(tracks: [track]))
            }
        }
        return sets
            + film.audioTracks.enumerated().map { number, track in
                AdaptationSet(tracks: [track], isMain: film.audioTracks.count > 1 ? number == 0 : nil)
            }
    }

    private func text(of set: AdaptationSet, _ number: Int) -> String {
        guard let first = set.tracks.first else { return "" }
        let kind = first.isVideo ? "video" : "audio"
        var text = "    <AdaptationSet id=\"\(number)\" contentType=\"\(kind)\""
        if first.language != "und" { text += " lang=\"\(first.language)\"" }
        text += " mimeType=\"\(kind)/mp4\""
        if film.form.isSingleFile {
            text += " subsegmentAlignment=\"true\" subsegmentStartsWithSAP=\"1\">\n"
        } else {
            text += " segmentAlignment=\"true\" startWithSAP=\"1\">\n"
        }
        if let isMain = set.isMain {
            text += "      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"\(isMain ? "main" : "alternate")\"/>\n"
        }
        // Qualities that are cut alike, as they should be, say once where.
        let timelines = set.tracks.map(timeline)
        let isShared =
            !film.form.isSingleFile && set.tracks.allSatisfy { $0.timescale == first.timescale }
            && timelines.allSatisfy { $0 == timelines[0] }
        if isShared { text += template(first, timelines[0], indent: "      ") }
        for (track, timeline) in zip(set.tracks, timelines) {
            text += representation(track, isShared ? nil : timeline)
        }
        return text + "    </AdaptationSet>\n"
    }

    private func representation(_ track: Film.Track, _ timeline: String?) -> String {
        var text = "      <Representation id=\"\(track.name)\" codecs=\"\(track.codec)\""
        text += " bandwidth=\"\(track.rates.steady(bufferMilliseconds: bufferMilliseconds))\""
        var inner = ""
        switch track.kind {
        case .video(let width, let height, let frames, let perSeconds):
            text += " width=\"\(width)\" height=\"\(height)\""
            text += " frameRate=\"\(frames)\(perSeconds == 1 ? "" : "/\(perSeconds)")\" sar=\"1:1\""
        case .audio(let channels, let sampleRate):
            text += " audioSamplingRate=\"\(sampleRate)\""
            inner += "        <AudioChannelConfiguration schemeIdUri=\"urn:mpeg:dash:23003:3:"
            inner += "audio_channel_configuration:2011\" value=\"\(channels)\"/>\n"
        }
        if film.form.isSingleFile {
            inner += single(track)
        } else if let timeline {
            inner += template(track, timeline, indent: "        ")
        }
        return text + (inner.isEmpty ? "/>\n" : ">\n\(inner)      </Representation>\n")
    }

    /// Where a track that is a single file has its index and its header: HTTP counts the last byte in.
    private func single(_ track: Film.Track) -> String {
        func range(_ part: Film.Part) -> String { "\(part.offset)-\(part.offset + part.sizeBytes - 1)" }
        return """
                    <BaseURL>\(track.name)/\(FilmKey.track)</BaseURL>
                    <SegmentBase timescale="\(track.timescale)" indexRange="\(range(track.index))">
                      <Initialization range="\(range(track.header))"/>
                    </SegmentBase>

            """
    }

    private func template(_ track: Film.Track, _ timeline: String, indent: String) -> String {
        var text = "\(indent)<SegmentTemplate timescale=\"\(track.timescale)\""
        text += " initialization=\"$RepresentationID$/\(FilmKey.header)\""
        text += " media=\"$RepresentationID$/$Number%0\(FilmKey.digits)d$.m4s\" startNumber=\"1\">\n"
        text += "\(indent)  <SegmentTimeline>\n"
        for line in timeline.split(separator: "\n") { text += "\(indent)    \(line)\n" }
        return text + "\(indent)  </SegmentTimeline>\n\(indent)</SegmentTemplate>\n"
    }

    /// A line for each run of segments of the same duration.
    private func timeline(_ track: Film.Track) -> String {
        var text = ""
        var index = 0
        while index < track.segments.count {
            let segment = track.segments[index]
            let count = track.segments[index...].prefix { $0.duration == segment.duration }.count
            let start = index == 0 ? " t=\"\(segment.start)\"" : ""
            let repeats = count > 1 ? " r=\"\(count - 1)\"" : ""
            text += "<S\(start) d=\"\(segment.duration)\"\(repeats)/>\n"
            index += count
        }
        return text
    }

    /// A duration as XML Schema writes it.
    static func duration(_ milliseconds: Int64) -> String { "PT\(FilmTime.seconds(milliseconds: milliseconds))S" }
}

extension Film {
    /// When the last of its tracks ends, in milliseconds.
    var endMilliseconds: Int64 { tracks.map { MovieTime($0.end, $0.timescale).ticks(1_000) }.max() ?? 0 }
}
