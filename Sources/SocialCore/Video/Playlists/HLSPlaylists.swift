// The playlists of a film for HTTP Live Streaming.
//
// Sources: RFC 8216; draft-pantos-hls-rfc8216bis, sections 4.4 (tags) and 6.2 (what servers must do).

internal import Formats

/// Writes the playlists of a film.
struct HLSPlaylists {
    private let film: Film
    /// The duration, rounded to seconds, that no segment of any track exceeds: all playlists must have the same.
    let targetSeconds: Int64

    /// The playlists of a film.
    init(_ film: Film) {
        self.film = film
        targetSeconds = film.tracks.reduce(1) { longest, track in
            track.segmentMicroseconds.reduce(longest) { max($0, ($1 + 500_000) / 1_000_000) }
        }
    }

    // MARK: The list of qualities

    /// Sounds that can stand in for one another: they differ in what is heard, not in how it is coded.
    private struct Group {
        var name: String
        var codec: String
        var channels: Int
        var tracks: [Film.Track]
        var rates: (peak: Int, average: Int)
    }

    /// The list of qualities, from the lowest to the highest.
    var master: String {
        var text = head
        let groups = groups
        let isLone = film.videoTracks.isEmpty && film.audioTracks.count == 1
        for group in groups where !isLone { text += renditions(group) }
        for track in film.videoTracks {
            if groups.isEmpty { text += variant(track, nil) }
            for group in groups { text += variant(track, group) }
        }
        if film.videoTracks.isEmpty {
            for group in groups { text += soundVariant(group, isLone: isLone) }
        }
        for track in film.videoTracks { text += keyFrameVariant(track) }
        return text
    }

    private var groups: [Group] {
        var groups: [Group] = []
        for track in film.audioTracks {
            guard case .audio(let channels, _) = track.kind else { continue }
            let rates = (track.rates.peak(targetSeconds: targetSeconds), track.rates.average)
            if let place = groups.firstIndex(where: { $0.codec == track.codec && $0.channels == channels }) {
                groups[place].tracks.append(track)
                groups[place].rates.peak = max(groups[place].rates.peak, rates.0)
                groups[place].rates.average = max(groups[place].rates.average, rates.1)
            } else {
                let name = groups.isEmpty ? "audio" : "audio-\(groups.count + 1)"
                groups.append(
                    Group(name: name, codec: track.codec, channels: channels, tracks: [track], rates: rates))
            }
        }
        return groups
    }

    private func renditions(_ group: Group) -> String {
        var text = ""
        var languages: Set<String> = []
        for (number, track) in group.tracks.enumerated() {
            text += "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"\(group.name)\",NAME=\"\(track.name)\""
            if track.language != "und" { text += ",LANGUAGE=\"\(track.language)\"" }
            // Of those that a player may choose by itself no two may look the same.
            let isChosen = languages.insert(track.language).inserted
            text += ",DEFAULT=\(number == 0 ? "YES" : "NO"),AUTOSELECT=\(isChosen ? "YES" : "NO")"
            text += ",CHANNELS=\"\(group.channels)\",URI=\"\(track.name)/\(FilmKey.playlist)\"\n"
        }
        return text
    }

    private func variant(_ track: Film.Track, _ group: Group?) -> String {
        guard case .video(let width, let height, let frames, let perSeconds) = track.kind else { return "" }
        let peak = track.rates.peak(targetSeconds: targetSeconds) + (group?.rates.peak ?? 0)
        let average = track.rates.average + (group?.rates.average ?? 0)
        let codecs = track.codec + (group.map { ",\($0.codec)" } ?? "")
        let frameRate = MovieTime(Int64(frames), perSeconds).ticks(1_000)
        var text = "#EXT-X-STREAM-INF:BANDWIDTH=\(peak),AVERAGE-BANDWIDTH=\(average),CODECS=\"\(codecs)\""
        text += ",RESOLUTION=\(width)x\(height),FRAME-RATE=\(FilmTime.seconds(milliseconds: frameRate))"
        if let group { text += ",AUDIO=\"\(group.name)\"" }
        return text + "\n\(track.name)/\(FilmKey.playlist)\n"
    }

    private func soundVariant(_ group: Group, isLone: Bool) -> String {
        var text = "#EXT-X-STREAM-INF:BANDWIDTH=\(group.rates.peak),AVERAGE-BANDWIDTH=\(group.rates.average)"
        text += ",CODECS=\"\(group.codec)\"\(isLone ? "" : ",AUDIO=\"\(group.name)\"")\n"
        return text + group.tracks.prefix(1).map { "\($0.name)/\(FilmKey.playlist)\n" }.joined()
    }

    private func keyFrameVariant(_ track: Film.Track) -> String {
        guard case .video(let width, let height, _, _) = track.kind else { return "" }
        let rates = track.keyFrameRates
        return "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=\(rates.peak(targetSeconds: targetSeconds))"
            + ",AVERAGE-BANDWIDTH=\(rates.average),CODECS=\"\(track.codec)\",RESOLUTION=\(width)x\(height)"
            + ",URI=\"\(track.name)/\(FilmKey.keyFrames)\"\n"
    }

    // MARK: The segments of a track

    /// The segments of a track.
    func playlist(of track: Film.Track) -> String {
        list(track, head + "\(timing)\(map(track))") { segment in
            film.form.isSingleFile ? segment.part.range : nil
        }
    }

    /// The first pictures of the segments of a track, for those who search.
    func keyFrames(of track: Film.Track) -> String {
        list(track, head + "\(timing)#EXT-X-I-FRAMES-ONLY\n\(map(track))") { segment in
            let start = film.form.isSingleFile ? segment.part.offset : 0
            return start..<start + segment.firstFrameBytes
        }
    }

    /// What every playlist begins with: 7 is what players expect of segments with a header of their own.
    private var head: String { "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n" }

    private var timing: String { "#EXT-X-TARGETDURATION:\(targetSeconds)\n#EXT-X-PLAYLIST-TYPE:VOD\n" }

    private func map(_ track: Film.Track) -> String {
        guard film.form.isSingleFile else { return "#EXT-X-MAP:URI=\"\(FilmKey.header)\"\n" }
        return "#EXT-X-MAP:URI=\"\(FilmKey.track)\",BYTERANGE=\"\(track.header.sizeBytes)@\(track.header.offset)\"\n"
    }

    /// - Parameter range: which bytes of the file are meant; nil for all.
    private func list(_ track: Film.Track, _ head: String, _ range: (Film.Segment) -> Range<Int>?) -> String {
        var text = head
        for (index, (segment, duration)) in zip(track.segments, track.segmentMicroseconds).enumerated() {
            text += "#EXTINF:\(FilmTime.seconds(microseconds: duration)),\n"
            if let range = range(segment) { text += "#EXT-X-BYTERANGE:\(range.count)@\(range.lowerBound)\n" }
            text += "\(film.form.isSingleFile ? FilmKey.track : FilmKey.segment(index))\n"
        }
        return text + "#EXT-X-ENDLIST\n"
    }
}

extension Film {
    /// The highest bit rate of a stretch of a track that is about as long as a segment, as HLS has it.
    package func peakBitrate(of track: Track) -> Int {
        track.rates.peak(targetSeconds: HLSPlaylists(self).targetSeconds)
    }
}
