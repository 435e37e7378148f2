// Makes CMAF tracks (ISO/IEC 23000-19) of the tracks of a film, without decoding anything: a header for each track, and
// segments that begin where they are told to. Players get the header and any segment, in any order.

/// Packages tracks of a film.
package struct MoviePackager<Source: MovieSource> {
    /// The segments of all tracks, in the order in which they are written: video 0, audio 0, video 1, and so on.
    package let segments: [PackagedSegment]
    private let source: Source
    private let plans: [TrackPlan]

    /// How much of the film is in memory at once.
    private static var windowBytes: Int { 1 << 20 }
    /// How much is handed to a sink at once, if it is put together from pieces.
    private static var pieceBytes: Int { 64 << 10 }

    /// Plans the segments.
    ///
    /// - Parameters:
    ///   - tracks: at most one of them video; in their order segments of the same time follow one another.
    ///   - cuts: the samples of the video track with which segments begin, increasing; the first sample need not be
    ///     named. All other tracks are cut at the samples nearest to where these are presented.
    ///   - times: further boundaries for the tracks without video, increasing and behind the last cut, on the line of
    ///     time of `PackagedSegment.start`; all boundaries if there is no video.
    ///   - origin: when the package begins, on the film's line of time, for tracks that are packaged by themselves and
    ///     belong together with others; otherwise when the first track is presented.
    package init(
        _ movie: Movie, from source: Source, tracks: [MovieTrack], cuts: [Int], times: [MovieTime] = [],
        origin: MovieTime? = nil
    ) throws(MovieError) {
        self.source = source
        guard tracks.count(where: { $0.kind == .video }) <= 1 else {
            throw MovieError(.unsupported, "a package has one track with pictures")
        }
        var plans: [TrackPlan] = []
        for track in tracks { plans.append(try TrackPlan(track)) }
        let origin = origin ?? plans.map(\.start).min() ?? .zero
        for index in plans.indices { plans[index].begin(at: origin) }
        var boundaries: [MovieTime] = []
        if let video = plans.firstIndex(where: { $0.track.kind == .video }) {
            boundaries = try plans[video].lead(cuts: checked(cuts, plans[video].track))
        }
        boundaries += times
        for (earlier, later) in zip(boundaries, boundaries.dropFirst()) where later < earlier {
            throw MovieError(.unsupported, "the boundaries of segments are not in their order")
        }
        for index in plans.indices where plans[index].track.kind != .video {
            try plans[index].cut(at: boundaries)
        }
        self.plans = plans
        var ordered: [(group: Int, segment: PackagedSegment)] = []
        for plan in plans { ordered += plan.segments }
        let places = Dictionary(uniqueKeysWithValues: tracks.enumerated().map { ($1.number, $0) })
        segments = ordered.sorted {
            ($0.group, places[$0.segment.track] ?? 0) < ($1.group, places[$1.segment.track] ?? 0)
        }.map(\.segment)

        func checked(_ cuts: [Int], _ track: MovieTrack) throws(MovieError) -> [Int] {
            var last = -1
            for cut in cuts {
                guard cut > last, cut < track.samples.count else {
                    throw MovieError(.unsupported, "a segment cannot begin with sample \(cut + 1) behind \(last + 1)")
                }
                let flags = track.samples[cut].flags
                guard flags.isSync || flags.isOpenAccess else {
                    throw MovieError(.unsupported, "sample \(cut + 1) needs others: no segment can begin with it")
                }
                last = cut
            }
            return cuts
        }
    }

    /// The header of a track, by its number.
    package func header(of track: Int) -> [UInt8] {
        guard let plan = plan(of: track) else { return [] }
        return CMAFHeader.bytes(plan.track, mediaStart: plan.mediaStart, duration: plan.end)
    }

    /// The box `sidx` (ISO/IEC 14496-12 §8.16.3) of a track, by its number: it stands between the header and the
    /// segments when these follow one another in one file.
    package func index(of track: Int) throws(MovieError) -> [UInt8] {
        guard let plan = plan(of: track), let first = plan.segments.first?.segment else { return [] }
        guard plan.segments.count <= UInt16.max else {
            throw MovieError(.tooLarge, "an index has at most \(UInt16.max) segments")
        }
        var bytes: [UInt8] = []
        bytes.appendBox("sidx", version: 1) { box in
            box.appendBig(CMAFHeader.trackID, 4)
            box.appendBig(plan.track.timescale, 4)
            box.appendBig(Int(first.start), 8)
            // The segments follow at once.
            box.appendBig(0, 8)
            box.appendBig(plan.segments.count, 4)
            for (_, segment) in plan.segments {
                box.appendBig(segment.sizeBytes, 4)
                box.appendBig(Int(segment.duration), 4)
                // Whether it begins with a point where players can begin: of type 1, all that follows is right.
                box.appendBig(segment.startsWithSync ? 0x9000_0000 : 0, 4)
            }
        }
        return bytes
    }

    /// Writes all headers, then all segments.
    package func package(to sink: inout some SegmentSink) throws {
        for plan in plans {
            try sink.header(track: plan.track.number, bytes: header(of: plan.track.number))
        }
        let window = SourceWindow(source, bytes: Self.windowBytes)
        // Where the next sample of each track lies.
        var next = plans.map { plan in plan.segments.first.map { offset(of: $0.segment, plan) } ?? .max }
        for segment in segments {
            guard let place = plans.firstIndex(where: { $0.track.number == segment.track }) else { continue }
            let following = segment.index + 1
            next[place] =
                following < plans[place].segments.count
                ? offset(of: plans[place].segments[following].segment, plans[place]) : .max
            try write(segment, plans[place], window, needed: next.min() ?? .max, to: &sink)
        }
    }

    /// Writes the segments of a track, by its number, without its header.
    package func write(segmentsOf track: Int, to sink: inout some SegmentSink) throws {
        guard let plan = plan(of: track) else { return }
        let window = SourceWindow(source, bytes: Self.windowBytes)
        for (_, segment) in plan.segments { try write(segment, plan, window, needed: .max, to: &sink) }
    }

    /// Writes one segment.
    package func write(_ segment: PackagedSegment, to sink: inout some SegmentSink) throws {
        guard let plan = plan(of: segment.track) else { return }
        let window = SourceWindow(source, bytes: Self.windowBytes)
        try write(segment, plan, window, needed: .max, to: &sink)
    }

    private func plan(of track: Int) -> TrackPlan? { plans.first { $0.track.number == track } }

    private func offset(of segment: PackagedSegment, _ plan: TrackPlan) -> Int {
        plan.track.samples[segment.samples.lowerBound].offset
    }

    private func write(
        _ segment: PackagedSegment, _ plan: TrackPlan, _ window: SourceWindow<Source>, needed: Int,
        to sink: inout some SegmentSink
    ) throws {
        try sink.begin(segment)
        var pending = plan.fragment(segment)
        /// Hands on what is pending, if there is not only little of it.
        func flush(_ most: Int) throws {
            guard pending.count > most else { return }
            try pending.withUnsafeBytes { try sink.write($0) }
            pending.removeAll(keepingCapacity: true)
        }
        func copy(_ range: Range<Int>) throws {
            var offset = range.lowerBound
            while offset < range.upperBound {
                offset += try window.read(at: offset, count: range.upperBound - offset, needed: min(needed, offset)) {
                    if $0.count >= Self.pieceBytes / 4 {
                        try flush(0)
                        try sink.write($0)
                    } else {
                        pending.append(contentsOf: $0)
                        try flush(Self.pieceBytes)
                    }
                }
            }
        }
        var run = 0..<0
        for sample in plan.packaged(segment.samples) {
            if sample.offset != run.upperBound {
                try copy(run)
                run = sample.offset..<sample.offset
            }
            run = run.lowerBound..<sample.offset + sample.sizeBytes
        }
        try copy(run)
        try flush(0)
        try sink.end()
    }
}
