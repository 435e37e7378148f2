// The samples of a track in a few bytes each: what is the same for many is said once.

/// The samples of a track, in the order of decoding.
package struct SampleTable: Sendable, Sequence {
    /// When the first is decoded.
    package private(set) var startTime: Int64 = 0
    private var sizes = SampleSizes()
    private var places = SamplePlaces()
    private var durations = SampleRuns()
    /// The bits of signed numbers.
    private var compositions = SampleRuns()
    private var flags = SampleRuns()

    /// A table without samples.
    init() {}

    /// How many there are.
    package var count: Int { sizes.count }

    /// How many bytes all have together.
    package var totalBytes: Int { sizes.totalBytes }

    /// How long all last together.
    package var duration: Int64 { durations.sum }

    /// Whether decoding can begin with each sample.
    package var isAllSync: Bool { flags.allSatisfy { SampleFlags(bits: $0).isSync } }

    /// Whether all samples are shown when they are decoded.
    package var isInOrder: Bool { compositions.allSatisfy { $0 == 0 } }

    /// The samples with which decoding can begin; empty if it can with each (`isAllSync`).
    package var syncSamples: [Int] {
        var samples: [Int] = []
        if isAllSync { return samples }
        flags.forEachRun { first, count, bits in
            if SampleFlags(bits: bits).isSync { samples += first..<first + count }
        }
        return samples
    }

    /// The sample at an index that exists, found in a few dozen steps.
    package subscript(index: Int) -> MovieSample {
        precondition(index >= 0 && index < count)
        var iterator = samples(from: index)
        return iterator.step()
    }

    /// All samples, one after the other, faster than by their indices.
    package func makeIterator() -> Iterator { samples(from: 0) }

    /// The samples from one on.
    package func samples(from index: Int) -> Iterator { Iterator(self, from: Swift.max(0, index)) }

    /// The sample that is being decoded at a time; the first before all, the last behind all.
    package func index(ofDecodeTime time: Int64) -> Int { durations.index(ofSum: time - startTime) }

    /// When a sample is decoded; for their number, when the last one ends.
    package func decodeTime(of index: Int) -> Int64 { startTime + durations.sum(before: index) }

    /// How many samples that follow a sync sample, up to the next one, are shown before it: they need others from
    /// before it to be decoded, unless their flags say otherwise.
    package func leadingSamples(after index: Int) -> Int {
        guard index >= 0, index < count, !isInOrder else { return 0 }
        var iterator = samples(from: index)
        let time = iterator.step().compositionTime
        var leading = 0
        while let sample = iterator.next(), !sample.isSync { leading += sample.compositionTime < time ? 1 : 0 }
        return leading
    }

    /// Goes through samples.
    package struct Iterator: Sequence, IteratorProtocol {
        private let sizes: SampleSizes
        private let places: SamplePlaces
        private var durations: SampleRuns.Cursor
        private var compositions: SampleRuns.Cursor
        private var flags: SampleRuns.Cursor
        private var index: Int
        private var piece: Int
        private var pieceEnd: Int
        private var offset: Int
        private var time: Int64

        fileprivate init(_ table: SampleTable, from index: Int) {
            sizes = table.sizes
            places = table.places
            durations = table.durations.cursor(at: index)
            compositions = table.compositions.cursor(at: index)
            flags = table.flags.cursor(at: index)
            time = table.decodeTime(of: index)
            self.index = index
            guard index < table.count else {
                (piece, pieceEnd, offset) = (0, Int.max, 0)
                return
            }
            piece = places.piece(of: index)
            pieceEnd = places.first(ofPiece: piece + 1)
            offset = places.offset(ofPiece: piece) + sizes.sum(places.first(ofPiece: piece)..<index)
        }

        /// The next sample; nil behind the last.
        package mutating func next() -> MovieSample? { index < sizes.count ? step() : nil }

        /// The next sample, which exists.
        fileprivate mutating func step() -> MovieSample {
            if index == pieceEnd {
                piece += 1
                pieceEnd = places.first(ofPiece: piece + 1)
                offset = places.offset(ofPiece: piece)
            }
            let sample = MovieSample(
                offset: offset, sizeBytes: sizes[index], decodeTime: time, duration: Int64(durations.next()),
                compositionOffset: Int64(Int32(bitPattern: compositions.next())),
                flags: SampleFlags(bits: flags.next()))
            index += 1
            offset += sample.sizeBytes
            time += sample.duration
            return sample
        }
    }
}

/// Filling the table: times, places and flags each come on their own, and must be as many in the end.
extension SampleTable {
    /// Says when the first sample is decoded, before there is one.
    mutating func begin(at time: Int64) throws(MovieError) {
        guard time >= 0, time <= MovieLimits.ticks else {
            throw MovieError(.damaged, "a track begins at \(time)")
        }
        startTime = time
    }

    /// Says how many samples there will be with a size of their own.
    mutating func expect(sizes count: Int) { sizes.expect(count) }

    /// Says how many runs of the same composition offset there will be.
    mutating func expect(compositions count: Int) { compositions.expect(runs: Swift.min(count, self.count)) }

    /// Says at how many places samples will lie together.
    mutating func expect(places count: Int) { places.expect(Swift.min(count, self.count)) }

    /// Adds sizes, which the samples of a film of `limit` bytes cannot exceed.
    mutating func append(size: UInt32, count: Int, limit: Int) throws(MovieError) {
        // Samples of nothing count too: there cannot be more of them than the file has bytes.
        let (bytes, isTooMuch) = Swift.max(1, Int(size)).multipliedReportingOverflow(by: count)
        guard !isTooMuch, bytes <= limit - Swift.max(sizes.totalBytes, sizes.count), sizes.count + count < UInt32.max
        else {
            throw MovieError(.damaged, "the samples of a track are larger than the film")
        }
        try sizes.append(size, count: count)
    }

    /// Says that the next samples follow one another at a place.
    mutating func append(place: Int, count: Int, limit: Int) throws(MovieError) {
        guard count > 0 else { return }
        let next = places.count
        guard next + count <= sizes.count else {
            throw MovieError(.damaged, "there are more places than samples")
        }
        let bytes = sizes.sum(next..<next + count)
        guard place >= 0, place <= limit, bytes <= limit - place else {
            throw MovieError(
                .truncated,
                "the samples \(next + 1) to \(next + count) are beyond the end of the film, at byte \(limit)")
        }
        places.append(count, at: place, sizes: sizes)
    }

    /// Adds durations.
    mutating func append(duration: UInt32, count: Int) throws(MovieError) {
        let (length, isTooLong) = Int64(duration).multipliedReportingOverflow(by: Int64(count))
        guard !isTooLong, length <= MovieLimits.ticks - durations.sum else {
            throw MovieError(.tooLarge, "a track lasts more than \(MovieLimits.ticks) units")
        }
        durations.append(duration, count: count)
    }

    /// Adds composition offsets.
    mutating func append(composition: Int32, count: Int) {
        compositions.append(UInt32(bitPattern: composition), count: count)
    }

    /// Adds flags.
    mutating func append(flags bits: SampleFlags, count: Int) { flags.append(bits.bits, count: count) }

    /// How many durations, composition offsets and flags there are.
    var filled: (durations: Int, compositions: Int, flags: Int) { (durations.count, compositions.count, flags.count) }

    /// Makes the last sample last until a time, at which another one is decoded; false if it begins behind it.
    mutating func extend(to time: Int64) throws(MovieError) -> Bool {
        guard let last = durations.last else {
            try begin(at: time)
            return true
        }
        let (distance, isTooFar) = time.subtractingReportingOverflow(startTime + durations.sum)
        let length = Int64(last) + distance
        guard !isTooFar, length >= 0, length <= UInt32.max, distance <= MovieLimits.ticks - durations.sum else {
            return false
        }
        // A sample of no length is none that somebody meant: ffmpeg gives some fragments of one sample the time of the
        // one before, and goes on rightly afterwards.
        if length > 0 { durations.replaceLast(UInt32(length)) }
        return true
    }
}
