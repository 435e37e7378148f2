// Edit lists (ISO/IEC 14496-12 §8.6.6): which part of a track is presented, and when. Of all that they can say, files
// use to say: wait, then present one part. That is what is understood here.

/// What the edit list of a track says.
struct EditList {
    /// How long nothing is presented first, in units of the film.
    private(set) var delay = 0
    /// The media time at which the presentation begins; nil if there is no edit list.
    private(set) var mediaStart: Int?
    /// How long it is presented, in units of the film; 0 until the end.
    private(set) var duration = 0
    /// Why the list cannot be followed; nil if it can be.
    private(set) var refusal: String?

    /// No edit list.
    init() {}

    /// Reads the box `elst`.
    init(_ box: MovieBox, filmScale: Int, trackScale: Int) throws(MovieError) {
        let isWide = try box.u8(0) == 1
        let width = isWide ? 8 : 4
        let count = try box.counted(4, width: 2 * width + 4)
        for index in 0..<count {
            let offset = 8 + index * (2 * width + 4)
            let length = try box.wide(offset, isWide: isWide)
            guard length <= MovieLimits.ticks - Int64(delay + duration) else {
                throw box.error(.damaged, "an edit lasts \(length) units")
            }
            let isEmpty = try isWide ? box.u64(offset + 8) == .max : box.u32(offset + 4) == .max
            if isEmpty {
                // What is empty at the end changes nothing; in between, it is a hole.
                if mediaStart == nil { delay += length } else if index < count - 1 { refusal = "holes" }
                continue
            }
            let start = try box.wide(offset + width, isWide: isWide)
            guard start <= MovieLimits.ticks else { throw box.error(.damaged, "an edit begins at \(start)") }
            if try box.u32(offset + 2 * width) != 1 << 16 { refusal = "another speed" }
            if let first = mediaStart {
                // Going on where the edit before has ended, as far as the film's units can say.
                let end = Int64(first) + MovieTime(Int64(duration), filmScale).ticks(trackScale)
                let unit = MovieTime(1, filmScale).ticks(trackScale) + 1
                if duration == 0 || (Int64(start) - end).magnitude > unit.magnitude { refusal = "several parts" }
                duration += length
            } else {
                mediaStart = start
                duration = length
            }
        }
        if count > 0, mediaStart == nil { refusal = "nothing at all" }
    }
}
