// Which samples of a track become which segment, and how its times become those of the package.
//
// The time zero of a package is when the first of its tracks is presented. Pictures are decoded before they are
// shown, and what AAC is primed with is never presented: where a track so begins before zero, its decode times begin
// at zero, no composition offset is negative, and an edit list in the header says how much comes before. Negative
// offsets without an edit list would say the same, but ffmpeg (5.1) shows such pictures late against the sound,
// whereas browsers (Media Source), AVPlayer, ExoPlayer and ffmpeg all follow a list of one edit. A track that begins
// later than zero has later decode times, and nothing else: no player has to understand an empty edit.

/// How a track is packaged.
struct TrackPlan {
    /// The track.
    let track: MovieTrack
    /// The segments, with the boundary that each begins with.
    private(set) var segments: [(group: Int, segment: PackagedSegment)] = []
    /// How much of what is decoded first is not presented.
    private(set) var mediaStart: Int64 = 0

    /// The samples that are packaged.
    private let samples: Range<Int>
    /// When the first of them is presented, on the film's line of time.
    private let first: Int64
    /// The shortest time from decoding to presentation, which may be below zero.
    private let leastDelay: Int64
    /// What is added to decode times.
    private var decodeShift: Int64 = 0
    /// What is added to composition offsets.
    private var compositionShift: Int64 = 0

    /// Chooses the samples.
    init(_ track: MovieTrack) throws(MovieError) {
        if let refusal = track.refusal { throw refusal }
        self.track = track
        samples = Self.presented(track)
        guard !samples.isEmpty else {
            throw MovieError(.unsupported, "nothing of track \(track.number) is presented")
        }
        let sample = track.samples[samples.lowerBound]
        var first = track.presentationTime(of: sample)
        var leastDelay = first - sample.decodeTime
        if !track.samples.isInOrder {
            for sample in track.samples.samples(from: samples.lowerBound).prefix(samples.count) {
                let time = track.presentationTime(of: sample)
                first = min(first, time)
                leastDelay = min(leastDelay, time - sample.decodeTime)
            }
        }
        self.first = first
        self.leastDelay = leastDelay
    }

    /// When the track is presented first.
    var start: MovieTime {
        MovieTime(max(first, track.delay.ticks(track.timescale)), track.timescale)
    }

    /// When it ends, on the package's line of time.
    var end: Int64 { segments.last.map { $0.segment.start + $0.segment.duration } ?? 0 }

    /// Says when the package begins.
    mutating func begin(at origin: MovieTime) {
        let shift = origin.ticks(track.timescale)
        let firstDecodeTime = track.samples.decodeTime(of: samples.lowerBound)
        // When the first sample would be decoded if one were presented as soon as it is decoded.
        let begin = firstDecodeTime + leastDelay - shift
        mediaStart = max(0, -begin)
        decodeShift = max(0, begin) - firstDecodeTime
        // Decode time + composition offset - media start is the time on the package's line.
        compositionShift =
            track.delay.ticks(track.timescale) - track.presentationStart - shift + mediaStart - decodeShift
    }

    /// Some of the samples with the times that they have in the package.
    func packaged(_ range: Range<Int>) -> some Sequence<MovieSample> {
        track.samples.samples(from: range.lowerBound).prefix(range.count).lazy.map { sample in
            var sample = sample
            sample.decodeTime += decodeShift
            sample.compositionOffset += compositionShift
            return sample
        }
    }

    /// The samples that are presented, and those that these need: whatever somebody has cut away is not packaged.
    private static func presented(_ track: MovieTrack) -> Range<Int> {
        let (table, start) = (track.samples, track.presentationStart)
        var (first, end) = (0, table.count)
        if table.isAllSync {
            // What comes shortly before is needed by codecs whose packets overlap: 80 ms for Opus, a packet for AAC.
            let margin = start - Int64(track.timescale) / 10
            if margin > table.startTime { first = max(0, table.index(ofDecodeTime: margin) - track.preroll) }
        } else {
            for sync in table.syncSamples {
                guard table[sync].compositionTime <= start else { break }
                first = sync
            }
        }
        // A unit of the film more, as that is how exactly edit lists say it.
        let unit = MovieTime(1, track.delay.timescale).ticks(track.timescale) + 1
        while end > first, table[end - 1].compositionTime >= start + track.presentedDuration + unit { end -= 1 }
        return first..<end
    }
}

extension MovieTrack {
    /// When its first sample is presented, on the film's line of time.
    ///
    /// - Throws: why the track cannot be packaged.
    package func firstPresentation() throws(MovieError) -> MovieTime { try TrackPlan(self).start }
}

/// Cutting.
extension TrackPlan {
    /// Makes segments that begin with samples of the track, and returns when each but the first begins, for the other
    /// tracks.
    mutating func lead(cuts: [Int]) throws(MovieError) -> [MovieTime] {
        let cuts = cuts.filter { $0 > samples.lowerBound && $0 < samples.upperBound }
        try cut(at: cuts)
        var moments: [MovieTime] = []
        for (group, segment) in segments {
            // A cut without a segment of its own falls together with the next.
            while moments.count < group { moments.append(segment.startTime) }
        }
        while moments.count < cuts.count { moments.append(MovieTime(end, track.timescale)) }
        return moments
    }

    /// What stands before the samples of a segment.
    func fragment(_ segment: PackagedSegment) -> [UInt8] {
        var shape = FragmentShape()
        for sample in packaged(segment.samples) { shape.add(sample) }
        return shape.bytes(
            sequence: segment.index + 1, decodeTime: segment.decodeTime, samples: packaged(segment.samples))
    }

    /// Makes segments that begin with samples of the track; where one does not exist, or comes too late, there is none.
    private mutating func cut(at cuts: [Int]) throws(MovieError) {
        var groups = [(group: 0, range: samples)]
        for (index, cut) in cuts.enumerated() {
            guard cut > samples.lowerBound else {
                groups[0].group = index + 1
                continue
            }
            guard cut < samples.upperBound, let last = groups.last, cut > last.range.lowerBound else { continue }
            groups[groups.count - 1].range = last.range.lowerBound..<cut
            groups.append((index + 1, cut..<samples.upperBound))
        }
        var parts: [Part] = []
        for (group, range) in groups {
            let part = try Part(group, range, of: self)
            if let last = parts.last, part.start <= last.start {
                // Time has to go on from segment to segment.
                parts[parts.count - 1] = try Part(last.group, last.range.lowerBound..<range.upperBound, of: self)
            } else {
                parts.append(part)
            }
        }
        if parts.count > 1, let last = parts.last, last.end <= last.start {
            parts.removeLast()
            let before = parts.removeLast()
            parts.append(try Part(before.group, before.range.lowerBound..<last.range.upperBound, of: self))
        }
        for (index, part) in parts.enumerated() {
            let end = index + 1 < parts.count ? parts[index + 1].start : part.end
            let first = track.samples[part.range.lowerBound]
            segments.append(
                (
                    part.group,
                    PackagedSegment(
                        track: track.number, index: index, samples: part.range, timescale: track.timescale,
                        start: part.start, duration: max(0, end - part.start),
                        decodeTime: first.decodeTime + decodeShift, sizeBytes: part.shape.sizeBytes,
                        startsWithSync: first.isSync)
                ))
        }
    }

    /// Makes segments that begin with the samples nearest to moments.
    ///
    /// Each is compared with the moment itself, in whole numbers: what one segment is too long, the next is too short.
    mutating func cut(at times: [MovieTime]) throws(MovieError) {
        let table = track.samples
        let shift = decodeShift - mediaStart
        let isAllSync = table.isAllSync
        var cuts: [Int] = []
        for time in times {
            let before = table.index(ofDecodeTime: time.wholeTicks(track.timescale) - shift)
            let both = table.decodeTime(of: before) + table.decodeTime(of: before + 1) + 2 * shift
            let isLater = MovieTime(both, track.timescale) < MovieTime(2 &* time.value, time.timescale)
            var cut = before + (isLater ? 1 : 0)
            if !isAllSync {
                for sample in table.samples(from: cut) {
                    if sample.isSync { break }
                    cut += 1
                }
            }
            cuts.append(cut)
        }
        try self.cut(at: cuts)
    }

    /// A segment while the cuts are made.
    private struct Part {
        let group: Int
        let range: Range<Int>
        private(set) var shape = FragmentShape()
        /// When it is presented first.
        private(set) var start = Int64.max
        /// When the last of it has been presented.
        private(set) var end = Int64.min

        init(_ group: Int, _ range: Range<Int>, of plan: TrackPlan) throws(MovieError) {
            self.group = group
            self.range = range
            let place = "a segment of track \(plan.track.number)"
            guard range.count <= MovieLimits.segmentSamples else {
                throw MovieError(.tooLarge, "\(place) would have more than \(MovieLimits.segmentSamples) samples")
            }
            for sample in plan.packaged(range) {
                guard Int64(Int32.min)...Int64(Int32.max) ~= sample.compositionOffset else {
                    throw MovieError(
                        .unsupported, "\(place) has a sample that is shown long before or after it is decoded")
                }
                shape.add(sample)
                start = min(start, sample.compositionTime - plan.mediaStart)
                end = max(end, sample.compositionTime + sample.duration - plan.mediaStart)
            }
            // What is not presented takes no time.
            start = max(0, start)
            guard shape.sizeBytes <= MovieLimits.segmentBytes else {
                throw MovieError(.tooLarge, "\(place) would have more than \(MovieLimits.segmentBytes) bytes")
            }
        }
    }
}
