// A film that was cut drawn as SVG: its segments with the reasons why they begin there, how much spoke for a change of
// scene, and the bit rates of its tracks, over one time.

internal import SocialCore
internal import Terminal

/// The drawing of a film.
struct FilmDrawing {
    private static let width = 960.0
    private static let left = 84.0
    private static let right = 936.0
    /// The edges of the panels.
    private static let blocks = (top: 68.0, bottom: 104.0)
    private static let scores = (top: 132.0, bottom: 192.0)
    private static let rates = (top: 226.0, bottom: 396.0)
    private static let height = 440.0
    private static let reasons: [Film.Cut.Reason] = [.scene, .target, .limit, .only]

    private let film: Film
    private let title: String
    private let duration: Double
    private let rateMax: Double

    init(_ film: Film, title: String) {
        self.film = film
        self.title = Drawing.escaped(title)
        duration = max(1, Double(film.durationMilliseconds))
        rateMax = max(1, film.tracks.flatMap(\.bitrates).max() ?? 1) * 1.05
    }

    /// The whole document.
    var text: String { head + axes + segments + scores + bitrates + legend + "</svg>\n" }

    // MARK: Places

    private func x(_ milliseconds: Double) -> Double {
        Self.left + min(milliseconds / duration, 1) * (Self.right - Self.left)
    }

    private func y(rate: Double) -> Double {
        Self.rates.bottom - rate / rateMax * (Self.rates.bottom - Self.rates.top)
    }

    private func y(score: Double) -> Double {
        Self.scores.bottom - score * (Self.scores.bottom - Self.scores.top)
    }

    private func n(_ number: Double) -> String { Drawing.number(number) }

    // MARK: Parts

    private var head: String {
        let size = "width=\"\(n(Self.width))\" height=\"\(n(Self.height))\""
        let count = film.cuts.count
        let facts =
            "\(count.grouped) segment\(count == 1 ? "" : "s") in \(Drawing.name(seconds: duration / 1_000)), cut by "
            + "\(film.plan.mode.rawValue) for \(n(Double(film.plan.targetMilliseconds) / 1_000)) s"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) viewBox="0 0 \(n(Self.width)) \(n(Self.height))" role="img">
            <title>\(title)</title>
            <style>
            svg { background: #fff; font: 12px system-ui, "DejaVu Sans", sans-serif }
            text { fill: #52525b } .title { fill: #18181b; font-size: 15px; font-weight: 600 }
            .grid { stroke: #e4e4e7; fill: none } .end { text-anchor: end } .middle { text-anchor: middle }
            .start { fill: #a1a1aa } .scene { fill: #0d9488 } .target { fill: #3b82f6 } .limit { fill: #f59e0b }
            .only { fill: #dc2626 } .score { stroke: #0d9488; stroke-width: 1.5; fill: #0d9488 }
            .found { fill: none; stroke: #a1a1aa; stroke-width: 1.2 }
            .rate { fill: none; stroke-width: 1.8; stroke-linejoin: round }
            .r0 { stroke: #1d4ed8 } .r1 { stroke: #7c3aed } .r2 { stroke: #db2777 } .r3 { stroke: #ea580c }
            .sound { stroke: #71717a; stroke-dasharray: 4 3 }
            @media (prefers-color-scheme: dark) {
            svg { background: #18181b } text { fill: #a1a1aa } .title { fill: #f4f4f5 } .grid { stroke: #333338 }
            .start { fill: #71717a } .scene { fill: #2dd4bf } .score { stroke: #2dd4bf; fill: #2dd4bf }
            .target { fill: #60a5fa } .limit { fill: #fbbf24 } .only { fill: #f87171 }
            .r0 { stroke: #60a5fa } .r1 { stroke: #a78bfa } .r2 { stroke: #f472b6 } .r3 { stroke: #fb923c }
            .sound { stroke: #a1a1aa }
            }
            </style>
            <text class="title" x="\(n(Self.left))" y="26">\(title)</text>
            <text x="\(n(Self.left))" y="46">\(facts)</text>

            """
    }

    private var axes: String {
        var text = ""
        func grid(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
            text += "<path class=\"grid\" d=\"M\(n(x1)) \(n(y1))L\(n(x2)) \(n(y2))\"/>\n"
        }
        func label(_ name: String, _ style: String, _ x: Double, _ y: Double) {
            text += "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\">\(name)</text>\n"
        }
        let seconds = duration / 1_000
        for time in stride(from: 0, through: seconds, by: Drawing.tick(seconds)) {
            let place = x(time * 1_000)
            grid(place, Self.scores.top, place, Self.scores.bottom)
            grid(place, Self.rates.top, place, Self.rates.bottom)
            label(Drawing.name(seconds: time), "middle", place, Self.rates.bottom + 20)
        }
        for score in [0.0, 0.5, 1] {
            grid(Self.left, y(score: score), Self.right, y(score: score))
            label(n(score), "end", Self.left - 8, y(score: score) + 4)
        }
        let step = Self.step(rateMax)
        for rate in stride(from: 0, through: rateMax, by: step) {
            grid(Self.left, y(rate: rate), Self.right, y(rate: rate))
            label(Int(rate / 1_000).grouped, "end", Self.left - 8, y(rate: rate) + 4)
        }
        label("segments", "end", Self.left - 8, (Self.blocks.top + Self.blocks.bottom) / 2 + 4)
        label("scene score", "", Self.left, Self.scores.top - 8)
        label("kbit/s", "", Self.left, Self.rates.top - 8)
        return text
    }

    /// A round step of which at most five are in a range.
    private static func step(_ range: Double) -> Double {
        var power = 1_000.0
        while power * 50 < range { power *= 10 }
        return [1.0, 2, 5, 10].map { $0 * power }.first { range / $0 <= 5 } ?? 10 * power
    }

    private var segments: String {
        let ends = film.cuts.dropFirst().map(\.milliseconds) + [film.durationMilliseconds]
        return zip(film.cuts, ends).reduce(into: "") { text, entry in
            let (cut, end) = entry
            let (from, to) = (x(Double(cut.milliseconds)), x(Double(end)))
            // A gap parts the segments, unless there are too many.
            let width = to - from > 3 ? to - from - 1.5 : max(to - from, 0.3)
            text += "<rect class=\"\(cut.reason.rawValue)\" x=\"\(n(from))\" y=\"\(n(Self.blocks.top))\""
            text += " width=\"\(n(width))\" height=\"\(n(Self.blocks.bottom - Self.blocks.top))\""
            text += "\(width > 6 ? " rx=\"2\"" : "")>"
            text += "<title>\(Double(cut.milliseconds) / 1_000) s: \(cut.reason.rawValue), "
            text += "\(Double(end - cut.milliseconds) / 1_000) s long</title></rect>\n"
        }
    }

    /// What speaks for a change of scene: at each cut a pin, at other places a ring.
    private var scores: String {
        var text = ""
        let cuts = Set(film.cuts.map(\.milliseconds))
        for scene in film.scenes where !cuts.contains(scene.milliseconds) {
            let place = "cx=\"\(n(x(Double(scene.milliseconds))))\" cy=\"\(n(y(score: scene.score)))\""
            text += "<circle class=\"found\" \(place) r=\"3\"/>\n"
        }
        for cut in film.cuts where cut.sceneScore > 0 {
            let (place, top) = (n(x(Double(cut.milliseconds))), n(y(score: cut.sceneScore)))
            text += "<path class=\"score\" d=\"M\(place) \(n(Self.scores.bottom))V\(top)\"/>"
            text += "<circle class=\"score\" cx=\"\(place)\" cy=\"\(top)\" r=\"2.5\"/>\n"
        }
        return text
    }

    private var bitrates: String {
        film.tracks.enumerated().reduce(into: "") { text, entry in
            let (number, track) = entry
            var path = ""
            for (segment, rate) in zip(track.segments, track.bitrates) {
                let unit = 1_000 / Double(track.timescale)
                path += path.isEmpty ? "M\(n(x(Double(segment.start) * unit))) " : "V"
                path += "\(n(y(rate: rate)))H\(n(x(Double(segment.start + segment.duration) * unit)))"
            }
            text += "<path class=\"\(style(number, track))\" d=\"\(path)\"><title>\(track.name)</title></path>\n"
        }
    }

    private func style(_ number: Int, _ track: Film.Track) -> String {
        "rate \(track.isVideo ? "r\(number % 4)" : "sound")"
    }

    private var legend: String {
        var text = ""
        var place = Self.right
        func entry(_ name: String, _ y: Double, _ mark: (Double) -> String) {
            place -= 30 + Double(name.count) * 7
            text += mark(place) + "<text x=\"\(n(place + 20))\" y=\"\(n(y))\">\(name)</text>\n"
        }
        let present = Set(film.cuts.map(\.reason))
        for reason in Self.reasons.reversed() where present.contains(reason) {
            entry(reason.rawValue, 46) {
                "<rect class=\"\(reason.rawValue)\" x=\"\(n($0))\" y=\"36\" width=\"14\" height=\"12\" rx=\"2\"/>"
            }
        }
        place = Self.right
        let line = Self.rates.top - 12
        for (number, track) in film.tracks.enumerated().reversed() {
            entry(track.name, line + 4) {
                "<path class=\"\(style(number, track))\" d=\"M\(n($0)) \(n(line))h14\"/>"
            }
        }
        return text
    }
}
