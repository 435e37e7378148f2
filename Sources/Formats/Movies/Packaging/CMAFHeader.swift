// The header of a CMAF track (ISO/IEC 23000-19 §7.3.1): a film without samples, which says how those of all segments
// are coded.

/// Writes headers.
enum CMAFHeader {
    /// The id of the only track.
    static let trackID = 1

    /// The header of a track that lasts `duration` and is presented from `mediaStart` on.
    static func bytes(_ track: MovieTrack, mediaStart: Int64, duration: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBox("ftyp") { box in
            for (name, version) in [("iso6" as FourCC, true), ("iso6", false), ("cmfc", false)] {
                box += name.bytes
                if version { box.appendBig(0, 4) }
            }
        }
        bytes.appendBox("moov") { box in
            box.appendBox("mvhd", version: 0) { header in
                header.appendBig(0, 8)
                header.appendBig(track.timescale, 4)
                header.appendBig(0, 4)
                // The usual speed and loudness, and no turning.
                header.appendBig(1 << 16, 4)
                header.appendBig(1 << 8, 2)
                header.appendBig(0, 10)
                for number in [1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30] { header.appendBig(number, 4) }
                for _ in 0..<3 { header.appendBig(0, 8) }
                header.appendBig(trackID + 1, 4)
            }
            append(track, mediaStart, to: &box)
            box.appendBox("mvex") { box in
                box.appendBox("mehd", version: 1) { $0.appendBig(Int(duration), 8) }
                box.appendBox("trex", version: 0) { box in
                    for number in [trackID, 1, 0, 0, 0] { box.appendBig(number, 4) }
                }
            }
        }
        return bytes
    }

    private static func append(_ track: MovieTrack, _ mediaStart: Int64, to box: inout [UInt8]) {
        box.appendBox("trak") { box in
            box.appendBox("tkhd", version: 0, flags: 3) { header in
                header.appendBig(0, 8)
                header.appendBig(trackID, 4)
                // No length, no layer, no group of alternatives.
                header.appendBig(0, 20 - 4)
                header.appendBig(0, 4)
                header.appendBig(track.kind == .audio ? 1 << 8 : 0, 2)
                header.appendBig(0, 2)
                for number in track.matrix { header.appendBig(Int(number), 4) }
                header.appendBig(Int(track.trackSize.width), 4)
                header.appendBig(Int(track.trackSize.height), 4)
            }
            if mediaStart > 0 {
                box.appendBox("edts") { box in
                    box.appendBox("elst", version: 1) { list in
                        list.appendBig(1, 4)
                        // Until the end, from there on, at the usual speed.
                        list.appendBig(0, 8)
                        list.appendBig(Int(mediaStart), 8)
                        list.appendBig(1 << 16, 4)
                    }
                }
            }
            box.appendBox("mdia") { appendMedia(track, to: &$0) }
        }
    }

    private static func appendMedia(_ track: MovieTrack, to box: inout [UInt8]) {
        let letters = track.language.utf8.map { Int($0) - 0x60 }
        let isPlain = letters.count == 3 && letters.allSatisfy { (1...26).contains($0) }
        box.appendBox("mdhd", version: 0) { header in
            header.appendBig(0, 8)
            header.appendBig(track.timescale, 4)
            header.appendBig(0, 4)
            // Without three letters, those of "und".
            header.appendBig(isPlain ? letters[0] << 10 | letters[1] << 5 | letters[2] : 0x55C4, 2)
            header.appendBig(0, 2)
        }
        let (handler, media): (FourCC, FourCC) =
            switch (track.kind, track.entry.format) {
            case (.video, _): ("vide", "vmhd")
            case (.audio, _): ("soun", "smhd")
            case (_, "stpp"): ("subt", "sthd")
            default: ("text", "nmhd")
            }
        box.appendBox("hdlr", version: 0) { header in
            header.appendBig(0, 4)
            header += handler.bytes
            header.appendBig(0, 8)
            header.appendBig(0, 5)
        }
        if !isPlain, track.language != "und" {
            box.appendBox("elng", version: 0) { $0 += Array(track.language.utf8) + [0] }
        }
        box.appendBox("minf") { box in
            box.appendBox(media, version: 0, flags: media == "vmhd" ? 1 : 0) { header in
                if media == "vmhd" { header.appendBig(0, 8) }
                if media == "smhd" { header.appendBig(0, 4) }
            }
            box.appendBox("dinf") { box in
                box.appendBox("dref", version: 0) { box in
                    box.appendBig(1, 4)
                    // The samples are in the same file.
                    box.appendBox("url ", version: 0, flags: 1) { _ in }
                }
            }
            box.appendBox("stbl") { box in
                box.appendBox("stsd", version: 0) { box in
                    box.appendBig(1, 4)
                    box += track.entry.bytes
                }
                for name in ["stts", "stsc", "stco"] as [FourCC] {
                    box.appendBox(name, version: 0) { $0.appendBig(0, 4) }
                }
                box.appendBox("stsz", version: 0) { $0.appendBig(0, 8) }
            }
        }
    }
}
