// The entries of `stsd`: which codec, how large, how loud. The entry itself is only copied, except that the sound
// descriptions of QuickTime, which players of CMAF do not know, become those of ISO files.

/// Reads a sample entry.
struct SampleEntryReader {
    /// What it says.
    let entry: SampleEntry
    /// Why samples coded so cannot be packaged; nil if they can be.
    let refusal: MovieError?
    /// Which of the files that the track names has the samples, from 1.
    let reference: Int

    /// Reads the entry of a number, from 1, of a box `stsd`.
    init(_ entries: MovieBox, number: Int, kind: MediaMetadata.Track.Kind) throws(MovieError) {
        var found: MovieBox?
        var boxes = entries.children(from: 8)
        for _ in 0..<number {
            found = try boxes.next()
            if found == nil { break }
        }
        guard let box = found else {
            guard number == 1 else { throw entries.error(.damaged, "it has no entry \(number)") }
            entry = SampleEntry(format: "", bytes: [], codec: "")
            refusal = entries.error(.unsupported, "nothing says how the samples are coded")
            reference = 1
            return
        }
        reference = try box.u16(6)
        switch kind {
        case .video:
            let picture = try PictureEntry(box)
            (entry, refusal) = (picture.entry, picture.refusal)
        case .audio:
            // Version 1 of `stsd` is that of ISO files, in which version 1 of an entry is as long as version 0.
            let sound = try SoundEntry(box, isQuickTime: entries.u8(0) == 0)
            (entry, refusal) = (sound.entry, sound.refusal)
        case .text, .other:
            entry = SampleEntry(format: box.name.text, bytes: Array(box.whole), codec: box.name.text)
            let isKnown = kind == .text && ["wvtt", "stpp"].contains(box.name)
            refusal = isKnown ? nil : box.error(.unsupported, "tracks of this kind cannot be streamed")
        }
    }

    /// The entry with its size, and the data reference that headers of ours have.
    static func box(_ entry: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBig(entry.count, 4)
        bytes += entry[4..<14]
        bytes.appendBig(1, 2)
        return bytes + entry[16...]
    }

    /// Why a format is not packaged.
    static func unknown(_ box: MovieBox) -> MovieError {
        ["encv", "enca"].contains(box.name)
            ? box.error(.unsupported, "the samples are encrypted")
            : box.error(.unsupported, "the codec \"\(box.name.text)\" is not one that can be streamed")
    }
}

/// An entry of a video track (ISO/IEC 14496-12 §12.1.3).
private struct PictureEntry {
    let entry: SampleEntry
    let refusal: MovieError?

    private static let fieldBytes = 78

    init(_ box: MovieBox) throws(MovieError) {
        let (width, height) = (try box.u16(24), try box.u16(26))
        var aspect = (width: 1, height: 1)
        if let shape = try box.child("pasp", from: Self.fieldBytes) {
            let (across, down) = (Int(try shape.u32(0)), Int(try shape.u32(4)))
            if across > 0, down > 0 { aspect = (across, down) }
        }
        // QuickTime may end the boxes inside with four zeros.
        var boxes = box.children(from: Self.fieldBytes)
        var end = Self.fieldBytes
        while let child = try boxes.next() { end += child.whole.count }
        let whole = box.whole.prefix(box.whole.count - box.count + end)
        let codec = try VideoCodec.name(box, from: Self.fieldBytes)
        entry = SampleEntry(
            format: box.name.text, bytes: SampleEntryReader.box(Array(whole)), codec: codec ?? box.name.text,
            width: width, height: height, pixelAspect: aspect)
        refusal = codec == nil ? SampleEntryReader.unknown(box) : nil
    }
}

/// An entry of an audio track (ISO/IEC 14496-12 §12.2.3, and the sound descriptions of the QuickTime File Format).
private struct SoundEntry {
    let entry: SampleEntry
    let refusal: MovieError?

    init(_ box: MovieBox, isQuickTime: Bool) throws(MovieError) {
        let version = isQuickTime ? try box.u16(8) : 0
        let fieldBytes = [1: 44, 2: 64][version] ?? 28
        var settings: MovieBox?
        var boxes = box.children(from: fieldBytes)
        while settings == nil, let child = try boxes.next() {
            // QuickTime has the settings of a codec in a box of their own.
            settings =
                child.name == "wave" ? try Self.settings(child) : AudioCodec.settings.contains(child.name) ? child : nil
        }
        let sound = try settings.map { settings throws(MovieError) in try AudioCodec(box.name, settings) } ?? nil
        let declared = (channels: try box.u16(16), rate: Int(try box.u32(24) >> 16))
        let (channels, sampleRate) = (sound?.channels ?? declared.channels, sound?.sampleRate ?? declared.rate)
        var bytes = SampleEntryReader.box(Array(box.whole))
        if version > 0, let settings {
            bytes.replaceSubrange(16..., with: [0, 0, 0, 0, 0, 0, 0, 0])
            bytes.appendBig(channels, 2)
            bytes.appendBig(16, 2)
            bytes.appendBig(0, 4)
            bytes.appendBig(sampleRate < 1 << 16 ? sampleRate << 16 : 0, 4)
            bytes = SampleEntryReader.box(bytes + settings.whole)
        }
        entry = SampleEntry(
            format: box.name.text, bytes: bytes, codec: sound?.name ?? box.name.text, channels: channels,
            sampleRate: sampleRate)
        refusal = sound == nil ? SampleEntryReader.unknown(box) : nil
    }

    private static func settings(_ wave: MovieBox) throws(MovieError) -> MovieBox? {
        var boxes = wave.children()
        while let child = try boxes.next() {
            if AudioCodec.settings.contains(child.name) { return child }
        }
        return nil
    }
}
