// One object as metrics for a monitoring system. Numbers become gauges, times gauges of seconds, texts labels.
//
// Source: OpenMetrics 1.0, the text format.

internal import CommandSpec
internal import Formats

/// Writes an object as metrics.
enum OpenMetrics {
    /// The metrics of an object: a cell for each field.
    ///
    /// A number that is not known is `NaN`, which no alarm compares with anything.
    static func text(_ fields: [Field], _ cells: [Cell]) -> String {
        var labels: [String] = []
        var text = ""
        for (field, cell) in zip(fields, cells) {
            let name = "social_\(field.name)"
            switch field.kind {
            case .integer, .number: text += gauge(name, field, cell == .null ? "NaN" : cell.plainText)
            case .boolean: text += gauge(name, field, cell == .bool(true) ? "1" : "0")
            case .time: text += gauge("\(name)_timestamp_seconds", field, seconds(cell))
            case .string: labels.append("\(field.name)=\"\(escaped(cell.plainText))\"")
            case .array, .object: break
            }
        }
        if !labels.isEmpty {
            let list = labels.joined(separator: ",")
            text = "# TYPE social info\n# HELP social what it is\nsocial_info{\(list)} 1\n" + text
        }
        return text + "# EOF\n"
    }

    private static func gauge(_ name: String, _ field: Field, _ value: String) -> String {
        "# TYPE \(name) gauge\n# HELP \(name) \(escaped(field.help))\n\(name) \(value)\n"
    }

    private static func seconds(_ cell: Cell) -> String {
        guard case .time(let time) = cell, let milliseconds = try? RFC3339.parse(time) else { return "NaN" }
        return "\(Double(milliseconds) / 1_000)"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n", "\r\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}
