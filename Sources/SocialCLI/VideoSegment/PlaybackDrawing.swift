// A playing drawn as SVG: the bandwidth with the bit rates that were shown in it, and the buffer below, over one time.

internal import Glibc
internal import SocialCore
internal import Terminal

/// The drawing of a playing.
struct PlaybackDrawing {
    private static let width = 960.0
    private static let height = 440.0
    private static let left = 72.0
    private static let right = 944.0
    /// The edges of the two panels.
    private static let rates = (top: 64.0, bottom: 268.0)
    private static let levels = (top: 308.0, bottom: 396.0)
    /// Bandwidths are averaged over so many pixels.
    private static let grain = 2.0

    let timeline: PlaybackTimeline
    let title: String
    /// The bit rates at the lower and upper edge, in kbit/s.
    private let range: (low: Double, high: Double)
    private let levelMax: Double

    init(_ timeline: PlaybackTimeline, title: String) {
        self.timeline = timeline
        self.title = title
        let film = timeline.film
        range = (film.bitrates[0] / 2, film.bitrates[film.qualities - 1] * 2)
        levelMax = max(timeline.levels.map(\.level).max() ?? 0, 1) * 1.05
    }

    /// The whole document.
    var text: String {
        let parts = [head, axes, gaps, bandwidth, qualities, buffer, legend]
        return parts.reduce("") { $0 + $1 } + "</svg>\n"
    }

    // MARK: Places

    private func x(_ time: Double) -> Double {
        Self.left + min(max(time / timeline.end, 0), 1) * (Self.right - Self.left)
    }

    private func y(rate: Double) -> Double {
        let share = log(min(max(rate, range.low), range.high) / range.low) / log(range.high / range.low)
        return Self.rates.bottom - share * (Self.rates.bottom - Self.rates.top)
    }

    private func y(level: Double) -> Double {
        Self.levels.bottom - level / levelMax * (Self.levels.bottom - Self.levels.top)
    }

    private func n(_ number: Double) -> String { Drawing.number(number) }

    // MARK: Parts

    private var head: String {
        let size = "width=\"\(n(Self.width))\" height=\"\(n(Self.height))\""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) viewBox="0 0 \(n(Self.width)) \(n(Self.height))" role="img">
            <title>\(title)</title>
            <style>
            svg { background: #fff; font: 12px system-ui, "DejaVu Sans", sans-serif }
            text { fill: #444 } .title { fill: #111; font-size: 15px; font-weight: 600 }
            .grid { stroke: #e4e4e7; fill: none } .network { fill: #a1a1aa; fill-opacity: .3 }
            .quality { stroke: #2563eb; stroke-width: 2.5; fill: none; stroke-linejoin: round }
            .buffer { fill: #0d9488; fill-opacity: .3; stroke: #0d9488; stroke-width: 1.2 }
            .stall { fill: #dc2626; fill-opacity: .22 } .start { fill: #71717a; fill-opacity: .12 }
            .end { text-anchor: end } .middle { text-anchor: middle }
            @media (prefers-color-scheme: dark) {
            svg { background: #18181b } text { fill: #a1a1aa } .title { fill: #f4f4f5 } .grid { stroke: #333338 }
            .network { fill-opacity: .25 } .quality { stroke: #60a5fa } .stall { fill: #f87171; fill-opacity: .3 }
            .buffer { fill: #2dd4bf; fill-opacity: .25; stroke: #2dd4bf }
            }
            </style>
            <text class="title" x="\(n(Self.left))" y="24">\(title)</text>

            """
    }

    private var axes: String {
        var text = ""
        func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
            text += "<path class=\"grid\" d=\"M\(n(x1)) \(n(y1))L\(n(x2)) \(n(y2))\"/>\n"
        }
        func label(_ name: String, _ style: String, _ x: Double, _ y: Double) {
            text += "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\">\(name)</text>\n"
        }
        let tick = Drawing.tick(timeline.end / 1_000)
        var time = 0.0
        while time * 1_000 <= timeline.end {
            let place = x(time * 1_000)
            line(place, Self.rates.top, place, Self.rates.bottom)
            line(place, Self.levels.top, place, Self.levels.bottom)
            label(Drawing.name(seconds: time), "middle", place, Self.levels.bottom + 18)
            time += tick
        }
        // Where qualities lie close together, not all of them are named.
        var named = Double.infinity
        for rate in timeline.film.bitrates {
            let place = y(rate: rate)
            line(Self.left, place, Self.right, place)
            if named - place >= 13 {
                label("\(Int(rate).grouped)", "end", Self.left - 8, place + 4)
                named = place
            }
        }
        let step = Drawing.tick(levelMax / 1_000 * 2)
        var level = 0.0
        while level * 1_000 <= levelMax {
            let place = y(level: level * 1_000)
            line(Self.left, place, Self.right, place)
            label(Drawing.name(seconds: level), "end", Self.left - 8, place + 4)
            level += step
        }
        label("kbit/s", "end", Self.left - 8, Self.rates.top - 4)
        label("buffer", "end", Self.left - 8, Self.levels.top - 6)
        return text
    }

    private var gaps: String {
        timeline.gaps.reduce(into: "") { text, gap in
            let width = max(x(gap.upperBound) - x(gap.lowerBound), 1)
            text += "<rect class=\"\(gap.lowerBound == 0 ? "start" : "stall")\" x=\"\(n(x(gap.lowerBound)))\" "
            text += "y=\"\(n(Self.rates.top))\" width=\"\(n(width))\" "
            text += "height=\"\(n(Self.levels.bottom - Self.rates.top))\"/>\n"
        }
    }

    private var bandwidth: String {
        let count = Int((Self.right - Self.left) / Self.grain)
        var path = "M\(n(Self.left)) \(n(Self.rates.bottom))"
        var last = ""
        for (index, mean) in timeline.bandwidths(count).enumerated() {
            let place = n(y(rate: mean))
            if place != last { path += "H\(n(Self.left + Double(index) * Self.grain))V\(place)" }
            last = place
        }
        return "<path class=\"network\" d=\"\(path)H\(n(Self.right))V\(n(Self.rates.bottom))Z\"/>\n"
    }

    private var qualities: String {
        var path = ""
        var time = -Double.infinity
        for (stretch, segment) in zip(timeline.shown, timeline.outcome.segments) {
            let place = n(y(rate: timeline.film.bitrates[segment.quality]))
            path += stretch.lowerBound > time + 1 ? "M\(n(x(stretch.lowerBound))) \(place)" : "V\(place)"
            path += "H\(n(x(stretch.upperBound)))"
            time = stretch.upperBound
        }
        return "<path class=\"quality\" d=\"\(path)\"/>\n"
    }

    private var buffer: String {
        let path = timeline.levels.reduce("M\(n(Self.left)) \(n(Self.levels.bottom))") {
            $0 + "L\(n(x($1.time))) \(n(y(level: $1.level)))"
        }
        return "<path class=\"buffer\" d=\"\(path)L\(n(Self.right)) \(n(Self.levels.bottom))Z\"/>\n"
    }

    private var legend: String {
        let entries = [("network", "bandwidth"), ("quality", "bit rate shown"), ("start", "start"), ("stall", "stall")]
        var text = ""
        var place = Self.right - 372
        for (style, name) in entries {
            text +=
                style == "quality"
                ? "<path class=\"quality\" d=\"M\(n(place)) 42H\(n(place + 16))\"/>"
                : "<rect class=\"\(style)\" x=\"\(n(place))\" y=\"36\" width=\"16\" height=\"12\"/>"
            text += "<text x=\"\(n(place + 22))\" y=\"46\">\(name)</text>\n"
            place += 38 + Double(name.count) * 7
        }
        return text
    }
}
