// What drawings have in common, whether of characters or in SVG: the marks of their axes, numbers and texts in them.

internal import Terminal

/// Helps to draw.
enum Drawing {
    /// A step in seconds between marks of an axis, of which there are not many over so many seconds.
    static func tick(_ span: Double) -> Double {
        [1.0, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600].first { span / $0 <= 8 } ?? 86_400
    }

    /// A time as an axis names it.
    static func name(seconds: Double) -> String {
        let whole = Int(seconds)
        if whole < 60 { return "\(whole)s" }
        let rest = whole % 60
        return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
    }

    /// The axis of so many seconds in a line of so many cells.
    static func axis(seconds: Double, cells: Int) -> String {
        var text = ""
        for time in stride(from: 0, through: seconds, by: tick(seconds)) {
            let column = Int(time / max(seconds, 0.001) * Double(cells))
            let name = name(seconds: time)
            guard column >= text.count, column + name.count <= cells else { continue }
            text += String(repeating: " ", count: column - text.count) + name
        }
        return text
    }

    /// A line of a chart behind its name, for which there are so many cells.
    static func line(_ label: String, cells: Int, _ body: String) -> String {
        let end = body.lastIndex { $0 != " " }.map { body.index(after: $0) } ?? body.startIndex
        let indent = String(repeating: " ", count: cells - label.cellWidth)
        return indent + label + (end == body.startIndex ? "" : " ") + body[..<end] + "\n"
    }

    /// A number with at most one digit after the point.
    static func number(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        let rest = abs(tenths % 10)
        return "\(tenths < 0 && tenths > -10 ? "-" : "")\(tenths / 10)\(rest == 0 ? "" : ".\(rest)")"
    }

    /// A text as it stands in SVG and HTML; what a terminal would obey or hide, and XML forbids, becomes visible.
    static func escaped(_ text: String) -> String {
        DisplayText.sanitise(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    /// About how many pixels a text takes, rather too many than too few: nobody knows which font will be there.
    static func width(_ text: String, size: Double) -> Double {
        text.reduce(0) { $0 + width($1, size: size) }
    }

    /// About how many pixels a character takes.
    static func width(_ character: Character, size: Double) -> Double {
        let ems =
            switch character {
            case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", "/", "(", ")", "[", "]", "f", "t", "r", " ":
                0.39
            case "m", "w", "M", "W", "%", "@", "…": 0.98
            case "A"..."Z", "&": 0.76
            case "\0"..."\u{7F}": 0.64
            default: character.cellWidth > 1 ? Double(character.cellWidth) * 0.55 : 0.72
            }
        return ems * size
    }

    /// A text that takes at most so many pixels, shortened in its middle.
    static func fitted(_ text: String, width room: Double, size: Double) -> String {
        text.elided(room: room) { width($0, size: size) }
    }
}
