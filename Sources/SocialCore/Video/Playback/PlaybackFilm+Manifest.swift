// Films from JSON: the sizes of all segments in all qualities, as simulators of players exchange them.

package import Formats

extension PlaybackFilm {
    /// Reads the sizes of a film.
    ///
    /// The keys are those of Sabre: `bitrates_kbps`, `segment_sizes_bits` (for each segment an array by quality) and
    /// `segment_duration_ms`, or instead of the last `segment_durations_ms` with a number for each segment.
    ///
    /// - Throws: `DataError` where the text is no JSON or no film, or beyond `PlaybackLimits`.
    package init(manifest text: [UInt8]) throws(DataError) {
        let document = try JSONReader.parse(text)
        guard case .object = document else { throw Self.fault("expected a JSON object") }
        let bitrates = try Self.bitrates(document["bitrates_kbps"])
        let sizes = try Self.sizes(text, document["segment_sizes_bits"], qualities: bitrates.count)
        let durations = try Self.durations(text, document, count: sizes.count / bitrates.count)
        self.init(durations: durations, bitrates: bitrates, sizes: sizes)
        guard bits <= PlaybackLimits.filmBits else { throw Self.fault("the film is too large", .outOfRange) }
    }

    private static func bitrates(_ value: JSONValue?) throws(DataError) -> [Double] {
        guard let items = value?.array else { throw fault("\"bitrates_kbps\" must be an array of bit rates in kbit/s") }
        guard 1...PlaybackLimits.qualities ~= items.count else {
            throw fault("there may be 1 to \(PlaybackLimits.qualities) bit rates", .outOfRange)
        }
        var bitrates: [Double] = []
        for item in items {
            guard let rate = item.number, PlaybackLimits.bitrate ~= rate, rate > bitrates.last ?? 0 else {
                throw fault("\"bitrates_kbps\" must rise from number to number, and \(item.text) does not fit")
            }
            bitrates.append(rate)
        }
        return bitrates
    }

    private static func sizes(
        _ text: [UInt8], _ value: JSONValue?, qualities: Int
    ) throws(DataError) -> [Double] {
        guard value?.array?.isEmpty == false else {
            throw fault("\"segment_sizes_bits\" must be an array with an array for each segment")
        }
        var sizes: [Double] = []
        try forEachItem(text, "segment_sizes_bits") { (item) throws(DataError) in
            guard let row = item.value.array, row.count == qualities else {
                throw fault("expected an array of \(qualities) sizes, one for each bit rate", at: item)
            }
            for size in row {
                guard let bits = size.number, PlaybackLimits.segmentBits ~= bits else {
                    throw fault("expected sizes in bits, and \(size.text) is none", at: item)
                }
                sizes.append(bits)
            }
        }
        return sizes
    }

    private static func durations(
        _ text: [UInt8], _ document: JSONValue, count: Int
    ) throws(DataError) -> [Double] {
        let (one, each) = (document["segment_duration_ms"], document["segment_durations_ms"])
        guard (one == nil) != (each == nil) else {
            throw fault("either \"segment_duration_ms\" or \"segment_durations_ms\" must be there")
        }
        if let one {
            guard let time = one.number, PlaybackLimits.segmentMilliseconds ~= time else {
                throw fault("\"segment_duration_ms\" must be a number of milliseconds from 1 to 3600000")
            }
            return [Double](repeating: time, count: count)
        }
        guard each?.array?.count == count else {
            throw fault("\"segment_durations_ms\" must be an array with \(count) numbers, one for each segment")
        }
        var durations: [Double] = []
        try forEachItem(text, "segment_durations_ms") { (item) throws(DataError) in
            guard let time = item.value.number, PlaybackLimits.segmentMilliseconds ~= time else {
                throw fault("expected milliseconds from 1 to 3600000", at: item)
            }
            durations.append(time)
        }
        return durations
    }

    /// Reads an array of the document once more, so that errors have a place.
    private static func forEachItem(
        _ text: [UInt8], _ key: String, _ body: (JSONItemReader.Item) throws(DataError) -> Void
    ) throws(DataError) {
        var reader = JSONItemReader(text, key: key)
        var count = 0
        while let item = try reader.next() {
            count += 1
            guard count <= PlaybackLimits.segments else {
                throw fault("there are more than \(PlaybackLimits.segments) segments", .outOfRange, at: item)
            }
            try body(item)
        }
    }

    private static func fault(
        _ message: String, _ code: DataError.Code = .syntax, at item: JSONItemReader.Item? = nil
    ) -> DataError {
        DataError(code, line: item?.line ?? 1, column: item?.column ?? 1, message)
    }
}
