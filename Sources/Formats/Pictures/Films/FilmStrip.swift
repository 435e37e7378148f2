// Taking what films tell of their maker out of them, without moving a byte: boxes become free space of the same size,
// times become zero, and what is sampled of places and movements along the film is overwritten.

extension FilmMetadata {
    /// The boxes that a film or picture needs at its top level; everything else is made free.
    private static let needed: [FourCC] = [
        "ftyp", "styp", "moov", "moof", "mdat", "mfra", "sidx", "ssix", "prft", "pdin", "wide", "idat",
    ]

    static func stripped(_ file: FilePart) throws(PictureError) -> StrippedFile {
        var edit = FileEdit(file)
        try strip(file, in: &edit, keeping: [])
        return edit.finished()
    }

    /// Strips all boxes but those that are given and those that every film needs.
    static func strip(_ file: FilePart, in edit: inout FileEdit, keeping kept: [FourCC]) throws(PictureError) {
        var boxes = Boxes(file)
        while let box = try boxes.next() {
            if box.name == "moov" {
                try stripMovie(file, box.data, in: &edit)
            } else if !needed.contains(box.name), !kept.contains(box.name) {
                try edit.free(box)
            }
        }
    }

    private static func stripMovie(_ file: FilePart, _ movie: FilePart, in edit: inout FileEdit) throws(PictureError) {
        var boxes = Boxes(movie)
        while let box = try boxes.next() {
            switch box.name {
            case "cmov": throw PictureError(.unsupported, "the film's header is compressed")
            case "udta", "meta", "uuid", "free", "skip": try edit.free(box)
            case "mvhd": try clearTimes(box.data, in: &edit)
            case "trak":
                if let handler = try box.data.box("mdia", "hdlr")?.code(8), ["meta", "camm"].contains(handler) {
                    try clearSamples(file, box.data, in: &edit)
                    try edit.free(box)
                } else {
                    try stripTrack(box.data, in: &edit)
                }
            default: break
            }
        }
    }

    private static func stripTrack(_ track: FilePart, in edit: inout FileEdit) throws(PictureError) {
        var boxes = Boxes(track)
        while let box = try boxes.next() {
            switch box.name {
            case "udta", "meta", "free", "skip": try edit.free(box)
            case "tkhd": try clearTimes(box.data, in: &edit)
            case "mdia":
                if let header = try box.data.box("mdhd") { try clearTimes(header, in: &edit) }
            default: break
            }
        }
    }

    /// Clears when a film, a track or its media was made and changed.
    private static func clearTimes(_ header: FilePart, in edit: inout FileEdit) throws(PictureError) {
        try edit.overwrite(try header.part(4, 2 * times(header).width))
    }

    /// Clears the samples of a track, as its tables place them.
    private static func clearSamples(_ file: FilePart, _ track: FilePart, in edit: inout FileEdit) throws(PictureError)
    {
        guard let tables = try track.box("mdia", "minf", "stbl"), let sizes = try tables.box("stsz"),
            let runs = try tables.box("stsc")
        else { return }
        let wide = try tables.box("co64")
        let narrow = try tables.box("stco")
        guard let chunks = wide ?? narrow else { return }
        let width = wide == nil ? 4 : 8
        let sampleBytes = try sizes.big(4, 4)
        var samples = 0
        var run = 0
        let chunkCount = try chunks.big(4, 4)
        let runCount = try runs.big(4, 4)
        for chunk in 0..<chunkCount {
            // A run goes on until the first chunk of the next, counted from 1.
            if run + 1 < runCount, try runs.big(8 + 12 * (run + 1), 4) <= chunk + 1 { run += 1 }
            let count = try runs.big(8 + 12 * run + 4, 4)
            var (bytes, isTooMuch) = count.multipliedReportingOverflow(by: sampleBytes)
            guard !isTooMuch else { throw PictureError(.damaged, "a chunk of the film has too many samples") }
            if sampleBytes == 0 {
                for sample in samples..<samples + count { bytes += try sizes.big(12 + 4 * sample, 4) }
            }
            samples += count
            try edit.overwrite(try file.part(try chunks.big(8 + width * chunk, width), bytes))
        }
    }
}
