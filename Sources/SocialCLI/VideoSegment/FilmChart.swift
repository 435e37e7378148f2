// A film that was cut drawn with characters: where it was cut and why, and the bit rates of its tracks over time.

internal import SocialCore
internal import Terminal

/// The chart of a film.
struct FilmChart {
    private static let columnsUsual = 80
    private static let cellsMin = 33
    private static let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    private let film: Film

    init(_ film: Film) { self.film = film }

    /// The lines of the chart.
    ///
    /// - Parameter columns: the cells of a line; nil off a terminal.
    func text(columns: Int?) -> String {
        let labelCells = max(film.tracks.map(\.name.count).max() ?? 0, "scenes".count)
        // Beside long names the chart is wider than a narrow terminal.
        let cells = max(Self.cellsMin, (columns ?? Self.columnsUsual) - labelCells - 1)
        let step = max(1, Double(film.durationMilliseconds)) / Double(cells)
        var text = ""
        func line(_ label: String, _ body: String) { text += Drawing.line(label, cells: labelCells, body) }
        for track in film.videoTracks.reversed() + film.audioTracks { line(track.name, rates(track, cells, step)) }
        line("cuts", marks(film.cuts.map { ($0.milliseconds, Self.mark($0.reason)) }, cells, step))
        line("scenes", marks(film.scenes.map { ($0.milliseconds, "▲") }, cells, step))
        line("", Drawing.axis(seconds: Double(film.durationMilliseconds) / 1_000, cells: cells))
        return text + "cuts: S scene, | target, L limit, O only\n"
    }

    private static func mark(_ reason: Film.Cut.Reason) -> Character {
        switch reason {
        case .start, .target: "|"
        case .scene: "S"
        case .limit: "L"
        case .only: "O"
        }
    }

    /// The bit rate in the middle of each cell, against the highest of its kind.
    private func rates(_ track: Film.Track, _ cells: Int, _ step: Double) -> String {
        let most = film.tracks.filter { $0.isVideo == track.isVideo }.flatMap { $0.bitrates }.max() ?? 1
        let rates = track.bitrates
        var index = 0
        return String(
            (0..<cells).map { cell in
                let time = (Double(cell) + 0.5) * step / 1_000 * Double(track.timescale)
                while index < track.segments.count,
                    Double(track.segments[index].start + track.segments[index].duration) <= time
                {
                    index += 1
                }
                guard index < track.segments.count, Double(track.segments[index].start) <= time else { return " " }
                return Self.blocks[max(1, Int((rates[index] / most * 8).rounded(.up)))]
            })
    }

    private func marks(_ marks: [(time: Int64, mark: Character)], _ cells: Int, _ step: Double) -> String {
        var line = [Character](repeating: " ", count: cells)
        for (time, mark) in marks { line[min(cells - 1, Int(Double(time) / step))] = mark }
        return String(line)
    }
}

extension Film.Track {
    /// The bits a second of each segment.
    var bitrates: [Double] {
        segments.map { Double($0.part.sizeBytes) * 8 * Double(timescale) / Double($0.duration) }
    }
}
