// The sheet of paper of a chart: its size, its colours for light and dark, and what stands at its head. The colours of
// the counts, blue and amber, differ for every kind of sight, also in grey.

internal import Terminal

/// The frame of a chart in SVG.
struct ChartSheet {
    /// Its width in pixels.
    static let width = 960.0
    /// The blank at its sides.
    static let margin = 32.0
    /// Where the right margin begins.
    static let right = width - margin

    let title: String
    let subtitle: String
    /// What the chart says, for those who cannot see it.
    let description: String
    let height: Double

    /// Numbers to stand at the right of the title.
    var facts: [TimeChart.Fact] = []

    /// The beginning of the document, up to the parts of the chart.
    var head: String {
        let size = "width=\"\(Self.n(Self.width))\" height=\"\(Self.n(height))\""
        let attributes = "\(size) viewBox=\"0 0 \(Self.n(Self.width)) \(Self.n(height))\" role=\"img\""
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" version="1.1" \(attributes) aria-labelledby="title desc">
            <title id="title">\(Drawing.escaped(title))</title>
            <desc id="desc">\(Drawing.escaped(description))</desc>
            <style>\(Self.style)</style>
            <defs><pattern id="gap" width="7" height="7" patternUnits="userSpaceOnUse" \
            patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern></defs>
            <rect class="ground" width="100%" height="100%"/>

            """ + titles
    }

    /// The end of the document.
    static let tail = "</svg>\n"

    private var titles: String {
        var text = ""
        var place = Self.right
        for fact in facts.reversed() {
            let note = fact.detail.isEmpty ? fact.name : "\(fact.name), \(fact.detail)"
            text += Self.text(fact.text, "fact end", place, 38)
            text += Self.text(note, "end", place, 57)
            place -= max(Drawing.width(fact.text, size: 18), Drawing.width(note, size: 12)) + 28
        }
        let room = max(place - Self.margin, 120)
        text += Self.text(Drawing.fitted(title, width: room, size: 17), "title", Self.margin, 38)
        if !subtitle.isEmpty {
            text += Self.text(Drawing.fitted(subtitle, width: room, size: 12), "", Self.margin, 57)
        }
        return text
    }

    /// An entry of a legend: the sign at a place, and the name behind it.
    struct Sign {
        let name: String
        /// The mark, 16 pixels wide, whose left end is at a place and whose middle is at a height.
        let mark: (_ x: Double, _ y: Double) -> String
    }

    /// A legend that ends at the right margin.
    static func legend(_ signs: [Sign], y: Double) -> String {
        var text = ""
        var place = right
        for sign in signs.reversed() {
            let name = Drawing.fitted(sign.name, width: 180, size: 12)
            place -= Drawing.width(name, size: 12)
            text += Self.text(name, "", place, y + 4)
            text += sign.mark(place - 23, y)
            place -= 23 + 22
        }
        return text
    }

    /// The sign of an area.
    static func swatch(_ style: String) -> (Double, Double) -> String {
        { "<rect class=\"\(style)\" x=\"\(n($0 + 2))\" y=\"\(n($1 - 6))\" width=\"12\" height=\"12\" rx=\"3\"/>\n" }
    }

    /// A text at a place.
    static func text(_ text: String, _ style: String, _ x: Double, _ y: Double) -> String {
        let kind = style.isEmpty ? "" : " class=\"\(style)\""
        return "<text\(kind) x=\"\(n(x))\" y=\"\(n(y))\">\(Drawing.escaped(text))</text>\n"
    }

    /// A number in a drawing.
    static func n(_ number: Double) -> String { Drawing.number(number) }

    private static let style = """

        text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; \
        fill: #63636e; font-variant-numeric: tabular-nums }
        .ground { fill: #fff } .title { fill: #18181b; font-size: 17px; font-weight: 600 }
        .fact { fill: #27272a; font-size: 18px; font-weight: 600 } .strong { fill: #27272a } .label { font-size: 13px }
        .end { text-anchor: end } .middle { text-anchor: middle } .faint { fill: #8e8e99 }
        .grid { stroke: #ececf0; fill: none } .base { stroke: #b9b9c3; fill: none } .track { fill: #f4f4f6 }
        .value { fill: #2f6fed } .secondary { fill: #f2a93b } .area { fill-opacity: .28 } .span { fill-opacity: .1 }
        .edge { fill: none; stroke: #2f6fed; stroke-width: 1.6; stroke-linejoin: round }
        .edge.upper { stroke: #d98a12 }
        .halo { fill: none; stroke: #fff; stroke-width: 4; stroke-opacity: .55; stroke-linejoin: round }
        .previous { fill: none; stroke: #52525b; stroke-width: 1.6; stroke-dasharray: 5 4; stroke-linejoin: round }
        .hatch { stroke: #dcdce2; stroke-width: 2; fill: none } .gap { fill: url(#gap) }
        .hit { fill: #18181b; fill-opacity: 0 } g:hover > .hit { fill-opacity: .06 }
        @media (prefers-color-scheme: dark) {
        text { fill: #a1a1aa } .ground { fill: #18181b } .title, .fact { fill: #f4f4f5 } .strong { fill: #e4e4e7 }
        .faint { fill: #85858f } .grid { stroke: #2b2b30 } .base { stroke: #52525b } .track { fill: #222226 }
        .value { fill: #5b9bff } .secondary { fill: #fbbf4d } .area { fill-opacity: .32 } .span { fill-opacity: .14 }
        .edge { stroke: #5b9bff } .edge.upper { stroke: #fbbf4d } .previous { stroke: #d4d4d8 }
        .halo { stroke: #18181b } .hatch { stroke: #34343a } .hit { fill: #fff }
        }

        """
}
