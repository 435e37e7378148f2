// How is a film streamed? What is kept of one that was cut: its qualities, each cut into the same segments, and why it
// was cut where it was.
//
// Each track of a film is one object: a header, an index and its segments, one behind the other, as ISO/IEC 23000-19
// (CMAF) has them. A segment is a range of it with a hash of its own. So a film may be served as one file a track or as
// one file a segment, from the same bytes.

/// A film that was cut into segments.
package struct Film: Equatable, Sendable {
    /// What was asked for, in one line: the same of the same source makes the same film.
    package var request: String
    /// What it was made from.
    package var source: Source
    /// How it was to be cut.
    package var plan: CutPlan
    /// Which playlists it has, and of what form.
    package var form: Form
    /// Where its segments begin, in order: one for each segment.
    package var cuts: [Cut]
    /// Where scenes change, cut or not; only places that count as such.
    package var scenes: [SceneChange] = []
    /// Its tracks: those with pictures from the lowest quality to the highest, then those that sound.
    package var tracks: [Track]

    /// A film that was cut into segments.
    package init(
        request: String = "", source: Source, plan: CutPlan, form: Form, cuts: [Cut], scenes: [SceneChange] = [],
        tracks: [Track]
    ) {
        self.request = request
        self.source = source
        self.plan = plan
        self.form = form
        self.cuts = cuts
        self.scenes = scenes
        self.tracks = tracks
    }

    /// The original, which is kept.
    package struct Source: Equatable, Sendable {
        /// The hash of its bytes; nil for a film that was cut into a plain folder.
        package var object: ObjectHash?
        /// Its size.
        package var sizeBytes: Int

        /// The original of a film.
        package init(object: ObjectHash?, sizeBytes: Int) {
            self.object = object
            self.sizeBytes = sizeBytes
        }
    }

    /// Which playlists a film has.
    package struct Form: Equatable, Sendable {
        /// HTTP Live Streaming (RFC 8216).
        package var isHLS = true
        /// MPEG-DASH (ISO/IEC 23009-1).
        package var isDASH = true
        /// Whether a track is one file, of which segments are byte ranges.
        package var isSingleFile = false

        /// A form of playlists.
        package init(isHLS: Bool = true, isDASH: Bool = true, isSingleFile: Bool = false) {
            self.isHLS = isHLS
            self.isDASH = isDASH
            self.isSingleFile = isSingleFile
        }
    }

    /// A place at which the film was cut.
    package struct Cut: Equatable, Sendable {
        /// When, in milliseconds from the beginning of the film, rounded.
        package var milliseconds: Int64
        /// Why there.
        package var reason: Reason
        /// How much speaks for a change of scene there, from 0 to 1.
        package var sceneScore: Double

        /// A place at which a film was cut.
        package init(milliseconds: Int64, reason: Reason, sceneScore: Double = 0) {
            self.milliseconds = milliseconds
            self.reason = reason
            self.sceneScore = sceneScore
        }

        /// Why a film was cut at a place; the raw values are stable.
        package enum Reason: String, Sendable, CaseIterable {
            /// The film begins.
            case start
            /// Another scene begins.
            case scene
            /// It is near enough to the wanted duration.
            case target
            /// A longer segment was not allowed.
            case limit
            /// There was no other place at which a decoder can begin.
            case only
        }
    }

    /// One quality, or one sound, of a film.
    package struct Track: Equatable, Sendable {
        /// Its name, which is that of its folder: `low`, `medium`, `high`, `source`, `audio`.
        package var name: String
        /// What it is.
        package var kind: Kind
        /// Its codec as players want to know it (RFC 6381), such as `avc1.64001F`.
        package var codec: String
        /// Its language (BCP 47), or `und`.
        package var language: String
        /// How many of its units of time are a second.
        package var timescale: Int
        /// Its object: header, index and segments; nil for a film that was cut into a plain folder.
        package var object: StoredTrack?
        /// The header, which decoders need before any segment: from the beginning of the object.
        package var header: Part
        /// The index of the segments (`sidx`), which players of single files want: behind the header.
        package var index: Part
        /// Its segments, as many as the film has cuts.
        package var segments: [Segment]

        /// What a track is.
        package enum Kind: Equatable, Sendable {
            /// Pictures, with the pixels as they are shown, and pictures a second as a fraction.
            case video(width: Int, height: Int, frames: Int, perSeconds: Int)
            /// Sound, with channels and samples a second.
            case audio(channels: Int, sampleRate: Int)
        }

        /// One quality, or one sound, of a film.
        package init(
            name: String, kind: Kind, codec: String, language: String, timescale: Int, object: StoredTrack?,
            header: Part, index: Part, segments: [Segment]
        ) {
            self.name = name
            self.kind = kind
            self.codec = codec
            self.language = language
            self.timescale = timescale
            self.object = object
            self.header = header
            self.index = index
            self.segments = segments
        }

        /// Whether it has pictures.
        package var isVideo: Bool { if case .video = kind { true } else { false } }
        /// How long it is, in its units of time.
        package var duration: Int64 { segments.reduce(0) { $0 + $1.duration } }
        /// How many bytes it has, with header and index.
        package var sizeBytes: Int { segments.last?.part.range.upperBound ?? index.range.upperBound }
    }

    /// The object of a track.
    package struct StoredTrack: Equatable, Sendable {
        /// Its name.
        package var hash: ObjectHash
        /// By which parts of it are proved.
        package var checks: BlockChecks

        /// The object of a track.
        package init(hash: ObjectHash, checks: BlockChecks) {
            self.hash = hash
            self.checks = checks
        }
    }

    /// A part of an object.
    package struct Part: Equatable, Sendable {
        /// Where it begins.
        package var offset: Int
        /// How many bytes it has.
        package var sizeBytes: Int
        /// The hash of its bytes; nil for a film that was cut into a plain folder, without hashing anything.
        package var hash: ObjectHash?

        /// A part of an object.
        package init(offset: Int, sizeBytes: Int, hash: ObjectHash?) {
            self.offset = offset
            self.sizeBytes = sizeBytes
            self.hash = hash
        }

        /// Where it lies.
        package var range: Range<Int> { offset..<offset + sizeBytes }
    }

    /// A segment of a track.
    package struct Segment: Equatable, Sendable {
        /// Its bytes.
        package var part: Part
        /// When it begins, in units of time of the track, on the film's own line of time.
        package var start: Int64
        /// How long it is, in units of time of the track.
        package var duration: Int64
        /// How many of its bytes, from its beginning, a decoder needs to show its first picture.
        package var firstFrameBytes: Int

        /// A segment of a track.
        package init(part: Part, start: Int64, duration: Int64, firstFrameBytes: Int) {
            self.part = part
            self.start = start
            self.duration = duration
            self.firstFrameBytes = firstFrameBytes
        }
    }

    /// The tracks with pictures, from the lowest quality to the highest.
    package var videoTracks: [Track] { tracks.filter(\.isVideo) }
    /// The tracks that sound only.
    package var audioTracks: [Track] { tracks.filter { !$0.isVideo } }
    /// How long the film is, in milliseconds, rounded.
    package var durationMilliseconds: Int64 {
        tracks.map { ($0.duration * 1_000 + Int64($0.timescale / 2)) / Int64($0.timescale) }.max() ?? 0
    }
    /// How many bytes its tracks have together.
    package var sizeBytes: Int { tracks.reduce(0) { $0 + $1.sizeBytes } }
}

/// How a film is to be cut.
package struct CutPlan: Equatable, Sendable {
    /// How places are chosen.
    package enum Mode: String, Sendable, CaseIterable {
        /// As evenly as places at which a decoder can begin allow.
        case uniform
        /// Where scenes change, so that one that belongs together stays together.
        case content
    }

    /// How places are chosen.
    package var mode: Mode
    /// How long a segment is to be.
    package var targetMilliseconds: Int64
    /// No segment is shorter, unless there is no other way.
    package var leastMilliseconds: Int64
    /// No segment is longer, unless there is no other way.
    package var mostMilliseconds: Int64

    /// About four seconds a segment.
    package static let standard = CutPlan(
        mode: .uniform, targetMilliseconds: 4_000, leastMilliseconds: 250, mostMilliseconds: 6_000)

    /// How a film is to be cut.
    package init(mode: Mode, targetMilliseconds: Int64, leastMilliseconds: Int64, mostMilliseconds: Int64) {
        self.mode = mode
        self.targetMilliseconds = targetMilliseconds
        self.leastMilliseconds = leastMilliseconds
        self.mostMilliseconds = mostMilliseconds
    }
}
