// The names of video codecs in playlists (RFC 6381), from the settings in a sample entry: ISO/IEC 14496-15 annex E for
// H.264 and HEVC, and the bindings of AV1 and VP9 to ISO files.

/// Names video codecs.
enum VideoCodec {
    /// The name for a sample entry whose boxes begin at an offset; nil if the codec is not known here.
    static func name(_ entry: MovieBox, from offset: Int) throws(MovieError) -> String? {
        let format = entry.name.text
        func settings(_ name: FourCC) throws(MovieError) -> MovieBox {
            guard let box = try entry.child(name, from: offset) else {
                throw entry.error(.damaged, "it has no box \"\(name.text)\"")
            }
            return box
        }
        switch entry.name {
        case "avc1", "avc3":
            let box = try settings("avcC")
            return try format + "." + hex(box.u8(1)) + hex(box.u8(2)) + hex(box.u8(3))
        case "hvc1", "hev1": return try format + "." + hevc(settings("hvcC"))
        case "av01": return try format + "." + av1(settings("av1C"), colours(entry, offset))
        case "vp08", "vp09": return try format + "." + vp9(settings("vpcC"))
        default: return nil
        }
    }

    private static func hevc(_ box: MovieBox) throws(MovieError) -> String {
        let profile = try box.u8(1)
        var name = ["", "A", "B", "C"][profile >> 6] + String(profile & 31)
        // The compatible profiles, the lowest in the lowest bit.
        var (flags, reversed) = (try box.u32(2), UInt32(0))
        for _ in 0..<32 {
            reversed = reversed << 1 | flags & 1
            flags >>= 1
        }
        name += "." + String(reversed, radix: 16, uppercase: true)
        name += "." + (profile & 32 == 0 ? "L" : "H") + String(try box.u8(12))
        var constraints: [String] = []
        for offset in 6..<12 { constraints.append(String(try box.u8(offset), radix: 16, uppercase: true)) }
        while constraints.last == "0" { constraints.removeLast() }
        return ([name] + constraints).joined(separator: ".")
    }

    private static func av1(_ box: MovieBox, _ colours: (Int, Int, Int, Int)?) throws(MovieError) -> String {
        let (levels, form) = (try box.u8(1), try box.u8(2))
        let (profile, isHigh) = (levels >> 5, form & 0x40 != 0)
        let depth = isHigh ? (profile == 2 && form & 0x20 != 0 ? 12 : 10) : 8
        let name = "\(profile).\(two(levels & 31))\(form & 0x80 == 0 ? "M" : "H").\(two(depth))"
        let (mono, across, down, position) = (form >> 4 & 1, form >> 3 & 1, form >> 2 & 1, form & 3)
        let colour = colours ?? (1, 1, 1, 0)
        // The rest is left out where it says what is assumed anyway.
        if mono == 0, across == 1, down == 1, position == 0, colour == (1, 1, 1, 0) { return name }
        let chroma = "\(mono).\(across)\(down)\(across + down == 2 ? position : 0)"
        return "\(name).\(chroma).\(two(colour.0)).\(two(colour.1)).\(two(colour.2)).\(colour.3)"
    }

    private static func vp9(_ box: MovieBox) throws(MovieError) -> String {
        let form = try box.u8(6)
        let name = "\(two(try box.u8(4))).\(two(try box.u8(5))).\(two(form >> 4))"
        guard try box.u8(0) == 1, box.count >= 10 else { return name }
        let chroma = form >> 1 & 7
        let colour = (known(try box.u8(7)), known(try box.u8(8)), known(try box.u8(9)), form & 1)
        if chroma <= 1, colour == (1, 1, 1, 0) { return name }
        return "\(name).\(two(chroma)).\(two(colour.0)).\(two(colour.1)).\(two(colour.2)).\(two(colour.3))"
    }

    /// Primaries, transfer, matrix and range, if the entry has them.
    private static func colours(_ entry: MovieBox, _ offset: Int) throws(MovieError) -> (Int, Int, Int, Int)? {
        guard let box = try entry.child("colr", from: offset), FourCC(try box.u32(0)) == "nclx" else { return nil }
        return (known(try box.u16(4)), known(try box.u16(6)), known(try box.u16(8)), try box.u8(10) >> 7)
    }

    /// A colour that is not specified is the usual one.
    private static func known(_ code: Int) -> Int { code == 2 ? 1 : code }

    private static func hex(_ byte: Int) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
