// What of a film lies under which name: the keys by which players, web servers and object stores ask for its playlists
// and segments. A key is a path below the film's own folder, and never changes:
//
//     film.json master.m3u8 manifest.mpd
//     NAME/playlist.m3u8 NAME/iframes.m3u8 NAME/init.mp4 NAME/00001.m4s …
//
// of which the last two are `NAME/track.mp4` where a track is a single file.

internal import Formats

/// Something of a film that has a name.
package struct FilmResource: Equatable, Sendable {
    /// What it is.
    package enum Content: Equatable, Sendable {
        /// A text that is made of what is known of the film.
        case text(FilmText)
        /// Bytes of the object of a track, by its number.
        case bytes(track: Int, Range<Int>)
    }

    /// Its name: a path below the film's folder.
    package let key: String
    /// What it is.
    package let content: Content
    /// Its media type.
    package let type: String
}

/// A text that is made of what is known of a film.
package enum FilmText: Equatable, Sendable {
    /// All that is known of it, as JSON.
    case description
    /// The list of its qualities for HLS.
    case master
    /// The description of the whole for DASH.
    case manifest
    /// The segments of a track for HLS.
    case playlist(track: Int)
    /// The first pictures of the segments of a track for HLS.
    case keyFrames(track: Int)
}

/// The names of the files of a film.
enum FilmKey {
    static let description = "film.json"
    static let master = "master.m3u8"
    static let manifest = "manifest.mpd"
    static let playlist = "playlist.m3u8"
    static let keyFrames = "iframes.m3u8"
    static let header = "init.mp4"
    static let track = "track.mp4"

    /// Digits of the number of a segment, at least.
    static let digits = 5
    private static let ending = ".m4s"

    /// The name of a segment, which counts from 0 here and from 1 there.
    static func segment(_ index: Int) -> String { number(index) + ending }

    /// The number in that name.
    static func number(_ index: Int) -> String {
        let number = "\(index + 1)"
        return String(repeating: "0", count: max(0, digits - number.utf8.count)) + number
    }

    /// Which segment a name means; nil when it is the name of none.
    static func segment(named name: some StringProtocol) -> Int? {
        guard name.hasSuffix(ending), let number = Int(name.dropLast(ending.count)), number > 0,
            segment(number - 1) == name
        else { return nil }
        return number - 1
    }
}

extension Film {
    /// Everything that has a name: first what is referred to, then what refers to it, the description last.
    package var resources: [FilmResource] {
        var resources: [FilmResource] = []
        for (number, track) in tracks.enumerated() { resources += media(number, track) }
        for (number, track) in tracks.enumerated() where form.isHLS {
            resources.append(resource(.playlist(track: number)))
            if track.isVideo { resources.append(resource(.keyFrames(track: number))) }
        }
        if form.isHLS { resources.append(resource(.master)) }
        if form.isDASH { resources.append(resource(.manifest)) }
        return resources + [resource(.description)]
    }

    /// What lies under a name; nil when nothing does.
    ///
    /// - Complexity: O(tracks).
    package func resource(at key: String) -> FilmResource? {
        switch key {
        case FilmKey.description: return resource(.description)
        case FilmKey.master: return form.isHLS ? resource(.master) : nil
        case FilmKey.manifest: return form.isDASH ? resource(.manifest) : nil
        default: break
        }
        let words = key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2, let number = tracks.firstIndex(where: { $0.name == words[0] }) else { return nil }
        let track = tracks[number]
        switch words[1] {
        case FilmKey.playlist: return form.isHLS ? resource(.playlist(track: number)) : nil
        case FilmKey.keyFrames: return form.isHLS && track.isVideo ? resource(.keyFrames(track: number)) : nil
        case FilmKey.track: return form.isSingleFile ? whole(number, track) : nil
        case FilmKey.header: return form.isSingleFile ? nil : header(number, track)
        default:
            guard !form.isSingleFile, let index = FilmKey.segment(named: words[1]), index < track.segments.count
            else { return nil }
            return segment(index, number, track)
        }
    }

    /// Which segment of which track lies under a name; nil when that is no segment.
    package func segment(at key: String) -> (track: Int, segment: Int)? {
        let words = key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2, !form.isSingleFile, let track = tracks.firstIndex(where: { $0.name == words[0] }),
            let index = FilmKey.segment(named: words[1]), index < tracks[track].segments.count
        else { return nil }
        return (track, index)
    }

    /// How long a segment plays, in milliseconds: sums of them are off by less than one.
    package func milliseconds(ofSegment index: Int, in track: Int) -> Int64 {
        let segment = tracks[track].segments[index]
        let timescale = tracks[track].timescale
        let end = MovieTime(segment.start + segment.duration, timescale).wholeTicks(1_000)
        return end - MovieTime(segment.start, timescale).wholeTicks(1_000)
    }

    /// A text, with its name.
    package func resource(_ text: FilmText) -> FilmResource {
        let (key, type) =
            switch text {
            case .description: (FilmKey.description, "application/json")
            case .master: (FilmKey.master, Self.playlistType)
            case .manifest: (FilmKey.manifest, "application/dash+xml")
            case .playlist(let track): ("\(tracks[track].name)/\(FilmKey.playlist)", Self.playlistType)
            case .keyFrames(let track): ("\(tracks[track].name)/\(FilmKey.keyFrames)", Self.playlistType)
            }
        return FilmResource(key: key, content: .text(text), type: type)
    }

    /// Where a segment lies, or the header where none is named: a file, and which of its bytes.
    func place(ofSegment index: Int?, inTrack number: Int) -> (resource: FilmResource, range: Range<Int>) {
        let track = tracks[number]
        let part = index.map { track.segments[$0].part } ?? track.header
        if form.isSingleFile { return (whole(number, track), part.range) }
        return (index.map { segment($0, number, track) } ?? header(number, track), 0..<part.sizeBytes)
    }

    /// The bytes of a text.
    package func bytes(of text: FilmText) -> [UInt8] {
        switch text {
        case .description: coded
        case .master: Array(HLSPlaylists(self).master.utf8)
        case .manifest: Array(DASHManifest(self).text.utf8)
        case .playlist(let track): Array(HLSPlaylists(self).playlist(of: tracks[track]).utf8)
        case .keyFrames(let track): Array(HLSPlaylists(self).keyFrames(of: tracks[track]).utf8)
        }
    }

    private static let playlistType = "application/vnd.apple.mpegurl"

    private func media(_ number: Int, _ track: Track) -> [FilmResource] {
        if form.isSingleFile { return [whole(number, track)] }
        return [header(number, track)] + track.segments.indices.map { segment($0, number, track) }
    }

    private func whole(_ number: Int, _ track: Track) -> FilmResource {
        track.resource(FilmKey.track, .bytes(track: number, 0..<track.sizeBytes))
    }

    private func header(_ number: Int, _ track: Track) -> FilmResource {
        track.resource(FilmKey.header, .bytes(track: number, track.header.range))
    }

    private func segment(_ index: Int, _ number: Int, _ track: Track) -> FilmResource {
        track.resource(FilmKey.segment(index), .bytes(track: number, track.segments[index].part.range))
    }
}

extension Film.Track {
    fileprivate func resource(_ name: String, _ content: FilmResource.Content) -> FilmResource {
        FilmResource(key: "\(self.name)/\(name)", content: content, type: isVideo ? "video/mp4" : "audio/mp4")
    }
}
