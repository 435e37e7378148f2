// How much of a film is accepted. Films come from strangers: without limits a file of some kilobytes, or one that
// claims to have a billion samples, would take all memory.

/// The limits of films.
package enum MovieLimits {
    /// The largest box that is held in memory, such as `moov`, in bytes.
    package static let boxBytes = 512 << 20

    /// The most boxes that may follow one another outside of all others.
    package static let boxes = 1 << 20

    /// The most tracks.
    package static let tracks = 1_000

    /// The most samples of a track that each have a size of their own: 77 hours at 60 a second.
    package static let samples = 1 << 24

    /// The longest time that a track may last, and the latest that it may begin, in its own units.
    package static let ticks: Int64 = 1 << 52

    /// The largest segment, in bytes.
    package static let segmentBytes = 1 << 30

    /// The most samples of a segment, whose descriptions are in memory together.
    package static let segmentSamples = 1 << 20
}
