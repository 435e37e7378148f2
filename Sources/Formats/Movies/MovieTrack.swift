// One track of a film: pictures, sound, text or anything else that goes along a line of time.

/// A track of a film.
///
/// A sample is presented at its decode time + its composition offset − `presentationStart` + `delay`; what comes out
/// below the delay, such as the priming of an audio codec, is decoded and not presented.
package struct MovieTrack: Sendable {
    /// Its place among the tracks, from 1.
    package let number: Int
    /// The name that the file knows it by, not zero.
    package let id: UInt32
    /// What it holds.
    package let kind: MediaMetadata.Track.Kind
    /// How many units a second has; all times of the track are in such units, unless they say otherwise.
    package let timescale: Int
    /// The language: a tag of BCP 47 if the file has one, otherwise three letters of ISO 639-2; `und` if not known.
    package let language: String
    /// How its samples are coded.
    package let entry: SampleEntry
    /// Its samples.
    package let samples: SampleTable
    /// The media time at which the presentation begins, as the edit list says.
    package let presentationStart: Int64
    /// How long after the beginning of the film the track begins, in units of the film.
    package let delay: MovieTime
    /// How long the track is presented, without the delay.
    package let presentedDuration: Int64
    /// How many samples before one have to be decoded so that it sounds right, as far as the file says.
    package let preroll: Int
    /// The width and height of the pictures as the track wants them shown, in 1/65536 of a pixel, before its matrix.
    package let trackSize: (width: UInt32, height: UInt32)
    /// How the pictures are turned: nine numbers, as in `tkhd`.
    package let matrix: [UInt32]
    /// Why the track cannot be packaged, such as encryption or an unknown codec; nil if it can be.
    package let refusal: MovieError?

    /// When a sample is presented; samples below the delay are not.
    package func presentationTime(of sample: MovieSample) -> Int64 {
        sample.compositionTime - presentationStart + delay.ticks(timescale)
    }
}
