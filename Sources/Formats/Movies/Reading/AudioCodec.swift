// The names of audio codecs in playlists (RFC 6381), and how many channels at what rate the settings of a codec say,
// which is right more often than what the sample entry says.

/// What the settings of an audio codec say.
struct AudioCodec {
    /// The boxes that hold the settings of the codecs.
    static let settings: [FourCC] = ["esds", "dOps", "dfLa", "dac3", "dec3"]

    /// The name in playlists.
    let name: String
    /// The number of channels; nil if only the sample entry says it.
    private(set) var channels: Int?
    /// How many times a second the sound is sampled; nil if only the sample entry says it.
    private(set) var sampleRate: Int?

    /// Reads settings; nil if the codec is not known here.
    init?(_ format: FourCC, _ box: MovieBox) throws(MovieError) {
        switch (format, box.name) {
        case ("mp4a", "esds"):
            guard let stream = try ElementaryStream(box) else { return nil }
            (name, channels, sampleRate) = (stream.name, stream.channels, stream.sampleRate)
        case ("Opus", "dOps"):
            name = "opus"
            channels = try box.u8(1)
            sampleRate = 48_000
        case ("fLaC", "dfLa"):
            name = "fLaC"
            // Behind the version and the head of a block, which has to be the one with the properties of the stream.
            guard try box.u8(4) & 0x7F == 0 else { throw box.error(.damaged, "it does not begin with the stream") }
            let fields = try box.u32(18)
            sampleRate = Int(fields >> 12)
            channels = Int(fields >> 9 & 7) + 1
        case ("ac-3", "dac3"):
            name = "ac-3"
            let fields = try box.u16(0) << 8 | box.u8(2)
            Self.dolby(&self, rate: fields >> 22, mode: fields >> 11 & 7, low: fields >> 10 & 1)
        case ("ec-3", "dec3"):
            name = "ec-3"
            let fields = try box.u16(2) << 8 | box.u8(4)
            Self.dolby(&self, rate: fields >> 22, mode: fields >> 9 & 7, low: fields >> 8 & 1)
        default: return nil
        }
    }

    /// ETSI TS 102 366 §F.4 and §F.6.
    private static func dolby(_ codec: inout AudioCodec, rate: Int, mode: Int, low: Int) {
        codec.sampleRate = [48_000, 44_100, 32_000, nil][rate & 3]
        codec.channels = [2, 1, 2, 3, 3, 4, 4, 5][mode] + low
    }
}

/// The descriptors in a box `esds` (ISO/IEC 14496-1 §7.2.6), and the settings of AAC in them (ISO/IEC 14496-3 §1.6.2).
private struct ElementaryStream {
    let name: String
    private(set) var channels: Int?
    private(set) var sampleRate: Int?

    private static let rates = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
    ]

    init?(_ box: MovieBox) throws(MovieError) {
        var offset = 4
        guard try Self.descriptor(box, &offset) == 3 else {
            throw box.error(.damaged, "it does not begin with a stream")
        }
        let flags = try box.u8(offset + 2)
        offset += 3
        if flags & 0x80 != 0 { offset += 2 }
        if flags & 0x40 != 0 { offset += 1 + (try box.u8(offset)) }
        if flags & 0x20 != 0 { offset += 2 }
        guard try Self.descriptor(box, &offset) == 4 else { throw box.error(.damaged, "it does not name a codec") }
        let kind = try box.u8(offset)
        let prefix = "mp4a." + String(kind, radix: 16, uppercase: true)
        guard kind == 0x40 else {
            // AAC and layers 1 to 3 of MPEG-2 and MPEG-1, AC-3 and E-AC-3.
            guard [0x66, 0x67, 0x68, 0x69, 0x6B, 0xA5, 0xA6].contains(kind) else { return nil }
            name = prefix
            return
        }
        offset += 13
        guard try Self.descriptor(box, &offset) == 5 else { throw box.error(.damaged, "it has no settings of AAC") }
        var bits = Bits(box: box, offset: 8 * offset)
        var type = try bits.objectType()
        sampleRate = try bits.rate(Self.rates)
        let layout = try bits.next(4)
        var isStereo = false
        if type == 5 || type == 29 {
            // The core follows, which is sampled half as often.
            isStereo = type == 29
            sampleRate = try bits.rate(Self.rates)
            _ = try bits.objectType()
        } else if type == 2, layout != 0, let better = try? bits.extended(Self.rates) {
            // Players that know no better take it for what it was before.
            (type, sampleRate) = (better.type, better.rate ?? sampleRate)
            isStereo = type == 29
        }
        if layout > 0 { channels = isStereo && layout == 1 ? 2 : [layout, 8][layout == 7 ? 1 : 0] }
        name = prefix + "." + String(type)
    }

    /// The tag of a descriptor; the offset goes behind its head.
    private static func descriptor(_ box: MovieBox, _ offset: inout Int) throws(MovieError) -> Int {
        let tag = try box.u8(offset)
        offset += 1
        for _ in 0..<4 {
            offset += 1
            if try box.u8(offset - 1) & 0x80 == 0 { break }
        }
        return tag
    }
}

/// The bits of a box, the highest of each byte first.
private struct Bits {
    let box: MovieBox
    /// In bits.
    var offset: Int

    mutating func next(_ count: Int) throws(MovieError) -> Int {
        var value = 0
        for _ in 0..<count {
            value = value << 1 | (try box.u8(offset / 8) >> (7 - offset % 8)) & 1
            offset += 1
        }
        return value
    }

    mutating func objectType() throws(MovieError) -> Int {
        let type = try next(5)
        return type == 31 ? 32 + (try next(6)) : type
    }

    mutating func rate(_ rates: [Int]) throws(MovieError) -> Int? {
        let index = try next(4)
        return index == 15 ? try next(24) : index < rates.count ? rates[index] : nil
    }

    /// What is said behind the settings of AAC-LC for players that know more (§1.6.5): HE-AAC, of version 2 if stereo.
    mutating func extended(_ rates: [Int]) throws(MovieError) -> (type: Int, rate: Int?)? {
        _ = try next(1)
        if try next(1) == 1 { _ = try next(14) }
        _ = try next(1)
        guard try next(11) == 0x2B7, try objectType() == 5, try next(1) == 1 else { return nil }
        let rate = try rate(rates)
        let isStereo = (try? next(11)) == 0x548 && (try? next(1)) == 1
        return (isStereo ? 29 : 5, rate)
    }
}
