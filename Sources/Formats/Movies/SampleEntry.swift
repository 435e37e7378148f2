// How the samples of a track are coded: an entry of the box `stsd` (ISO/IEC 14496-12 §8.5.2).

/// The description of a codec and its settings.
package struct SampleEntry: Sendable {
    /// The four characters that name the coding, such as `avc1`.
    package let format: String
    /// The whole box as it goes into a CMAF header: that of the file, byte for byte, if that is an ISO file.
    package let bytes: [UInt8]
    /// The codec for a playlist (RFC 6381), such as `avc1.64001F`; the format if the codec is not known here.
    package let codec: String
    /// The width in pixels as coded; 0 for what is no video.
    package let width: Int
    /// The height in pixels as coded; 0 for what is no video.
    package let height: Int
    /// The shape of a pixel: its width and height; 1 and 1 unless the entry says otherwise.
    package let pixelAspect: (width: Int, height: Int)
    /// The number of channels; 0 for what is no audio.
    package let channels: Int
    /// How many times a second the sound is sampled; 0 for what is no audio.
    package let sampleRate: Int

    /// The width in square pixels that the pictures are shown with, before they are turned.
    package var displayWidth: Int {
        let (width, isTooWide) = width.multipliedReportingOverflow(by: pixelAspect.width)
        return isTooWide || pixelAspect.height < 1 ? self.width : (width + pixelAspect.height / 2) / pixelAspect.height
    }

    /// Makes an entry.
    init(
        format: String, bytes: [UInt8], codec: String, width: Int = 0, height: Int = 0,
        pixelAspect: (width: Int, height: Int) = (1, 1), channels: Int = 0, sampleRate: Int = 0
    ) {
        self.format = format
        self.bytes = bytes
        self.codec = codec
        self.width = width
        self.height = height
        self.pixelAspect = pixelAspect
        self.channels = channels
        self.sampleRate = sampleRate
    }
}
