// Where packaged films go: headers and segments come one after another, each in pieces, so that no segment is ever in
// memory as a whole.

/// A segment as it is known before a byte of it has been read.
package struct PackagedSegment: Sendable, Equatable {
    /// The number of its track (`MovieTrack.number`).
    package let track: Int
    /// Its place among the segments of its track, from 0.
    package let index: Int
    /// The samples of the track that it holds; never none.
    package let samples: Range<Int>
    /// How many units a second has.
    package let timescale: Int
    /// When its first picture or sound is presented; zero is the beginning of what was packaged.
    package let start: Int64
    /// How long it is presented, until the next one begins; the lengths of all add up exactly.
    package let duration: Int64
    /// When its first sample is decoded (`tfdt`).
    package let decodeTime: Int64
    /// Its size.
    package let sizeBytes: Int
    /// Whether decoding can begin with it.
    package let startsWithSync: Bool

    /// When it starts.
    package var startTime: MovieTime { MovieTime(start, timescale) }
    /// When it ends.
    package var endTime: MovieTime { MovieTime(start + duration, timescale) }
}

/// What takes a packaged film.
package protocol SegmentSink {
    /// Takes the header of a track, which a player needs before its segments; those of all tracks come first.
    mutating func header(track: Int, bytes: [UInt8]) throws
    /// A segment begins; its bytes follow.
    mutating func begin(_ segment: PackagedSegment) throws
    /// Takes the next bytes of the segment; they are gone when it returns.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws
    /// The segment is complete.
    mutating func end() throws
}
