// Where a packaged track goes: its header, its index and its segments, one behind the other, each measured and, where
// it will be stored, hashed on its way.

internal import Crypto
internal import Formats

/// A part of a track.
enum TrackPart {
    /// What decoders need before any segment.
    case header
    /// Where the segments lie.
    case index
    /// A segment, counted from 0.
    case segment(Int)
}

/// Where the parts of a track lie.
struct TrackLayout {
    /// What decoders need before any segment.
    var header = Film.Part(offset: 0, sizeBytes: 0, hash: nil)
    /// The index behind the header.
    var index = Film.Part(offset: 0, sizeBytes: 0, hash: nil)
    /// The segments.
    var segments: [Film.Segment] = []
}

/// Takes one track of a film.
struct TrackSink: SegmentSink {
    /// What is known of the track by now.
    private(set) var layout = TrackLayout()
    private let samples: SampleTable
    private let isHashed: Bool
    private let start: (TrackPart) throws -> Void
    private let hand: (UnsafeRawBufferPointer) throws -> Void
    private var offset = 0
    private var hash: SHA256?
    private var current: PackagedSegment?

    /// A sink for a track.
    ///
    /// - Parameters:
    ///   - isHashed: whether each part is hashed.
    ///   - start: hears which part the next bytes belong to.
    ///   - hand: gets all bytes, in order.
    init(
        _ track: MovieTrack, isHashed: Bool, start: @escaping (TrackPart) throws -> Void = { _ in },
        hand: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) {
        samples = track.samples
        self.isHashed = isHashed
        self.start = start
        self.hand = hand
    }

    mutating func header(track: Int, bytes: [UInt8]) throws {
        try start(.header)
        layout.header = try part(bytes)
    }

    /// Takes the index, behind the header.
    mutating func index(_ bytes: [UInt8]) throws {
        try start(.index)
        layout.index = try part(bytes)
    }

    mutating func begin(_ segment: PackagedSegment) throws {
        try start(.segment(segment.index))
        current = segment
        hash = isHashed ? SHA256() : nil
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        hash?.update(bufferPointer: bytes)
        try hand(bytes)
    }

    mutating func end() throws {
        guard let segment = current else { return }
        let part = Film.Part(offset: offset, sizeBytes: segment.sizeBytes, hash: hash.map { ObjectHash($0.finalize()) })
        // The boxes before the samples, and the first of these.
        var sampleBytes = 0
        var firstBytes = 0
        for (number, sample) in samples.samples(from: segment.samples.lowerBound).prefix(segment.samples.count)
            .enumerated()
        {
            sampleBytes += sample.sizeBytes
            if number == 0 { firstBytes = sample.sizeBytes }
        }
        layout.segments.append(
            Film.Segment(
                part: part, start: segment.start, duration: segment.duration,
                firstFrameBytes: segment.sizeBytes - sampleBytes + firstBytes))
        offset += segment.sizeBytes
        current = nil
    }

    private mutating func part(_ bytes: [UInt8]) throws -> Film.Part {
        defer { offset += bytes.count }
        // Safety: the bytes are read within the call.
        try bytes.withUnsafeBytes { try hand($0) }
        let hash = isHashed ? ObjectHash(of: bytes) : nil
        return Film.Part(offset: offset, sizeBytes: bytes.count, hash: hash)
    }
}
