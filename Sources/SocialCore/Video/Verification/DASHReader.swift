// Manifests of DASH as a player reads them: a small strict reader of XML, and what it says of each quality. Only the
// elements are looked at that `DASHManifest` writes.

internal import Formats

/// A quality, as the manifest has it.
struct DASHRepresentation {
    var id: String
    var timescale: Int
    /// When segments begin and how long they are, where each is a file.
    var timeline: [(start: Int64, duration: Int64)] = []
    /// The names of the header and of segments, where each is a file.
    var initialization = ""
    var media = ""
    /// The file and the parts of it that are the index and the header, where it is a single one.
    var file: String?
    var index: Range<Int>?
    var header: Range<Int>?

    /// The name of a segment, counted from 0.
    func media(_ index: Int) -> String {
        media.replacing("$RepresentationID$", with: id)
            .replacing("$Number%0\(FilmKey.digits)d$", with: FilmKey.number(index))
    }
}

/// A manifest, as a player reads it.
struct DASHPresentation {
    private(set) var milliseconds: Int64 = 0
    private(set) var representations: [DASHRepresentation] = []

    /// Reads a manifest.
    init(_ text: [UInt8]) throws(DataError) {
        let root = try XMLElement(text)
        guard root.name == "MPD", root["type"] == "static", root.children.count == 1,
            let duration = root["mediaPresentationDuration"].flatMap(Self.milliseconds),
            let period = root.children.first
        else { throw Self.wrong("this is no manifest of one period with a duration") }
        milliseconds = duration
        for set in period.children {
            let shared = set.children.first { $0.name == "SegmentTemplate" }
            for child in set.children where child.name == "Representation" {
                representations.append(try Self.representation(child, shared))
            }
        }
    }

    private static func wrong(_ message: String) -> DataError { DataError(.syntax, line: 1, column: 1, message) }

    /// `PT634.567S`.
    private static func milliseconds(_ text: String) -> Int64? {
        guard text.hasPrefix("PT"), text.hasSuffix("S") else { return nil }
        let parts = text.dropFirst(2).dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count <= 9, parts[1].count == 3, let seconds = Int64(parts[0]),
            let thousandths = Int64(parts[1]), seconds >= 0, thousandths >= 0
        else { return nil }
        return seconds * 1_000 + thousandths
    }

    private static func representation(
        _ element: XMLElement, _ shared: XMLElement?
    ) throws(DataError) -> DASHRepresentation {
        guard let id = element["id"], Int(element["bandwidth"] ?? "") ?? 0 > 0 else {
            throw wrong("a representation has no id or bandwidth")
        }
        if let base = element.children.first(where: { $0.name == "SegmentBase" }) {
            guard let timescale = Int(base["timescale"] ?? ""), let index = base["indexRange"].flatMap(range),
                let header = base.children.first?["range"].flatMap(range),
                let file = element.children.first(where: { $0.name == "BaseURL" })?.text
            else { throw wrong("the single file of \"\(id)\" is not described") }
            return DASHRepresentation(id: id, timescale: timescale, file: file, index: index, header: header)
        }
        guard let template = element.children.first(where: { $0.name == "SegmentTemplate" }) ?? shared,
            let timescale = Int(template["timescale"] ?? ""), let media = template["media"],
            let initialization = template["initialization"], template["startNumber"] == "1"
        else { throw wrong("the segments of \"\(id)\" are not described") }
        return DASHRepresentation(
            id: id, timescale: timescale, timeline: try timeline(template),
            initialization: initialization.replacing("$RepresentationID$", with: id), media: media)
    }

    private static func timeline(_ template: XMLElement) throws(DataError) -> [(start: Int64, duration: Int64)] {
        var timeline: [(start: Int64, duration: Int64)] = []
        for run in template.children.first?.children ?? [] {
            guard run.name == "S", let duration = Int64(run["d"] ?? ""), 1..<1 << 60 ~= duration,
                let repeats = Int(run["r"] ?? "0"), 0...Limits.filmSegments ~= repeats,
                let start = run["t"].map({ Int64($0) }) ?? (timeline.last.map { $0.start + $0.duration } ?? 0),
                timeline.count + repeats < Limits.filmSegments
            else { throw wrong("a segment of a timeline cannot be") }
            for number in 0...repeats {
                let (time, isTooLarge) = duration.multipliedReportingOverflow(by: Int64(number))
                guard !isTooLarge, time < 1 << 60, 0..<1 << 60 ~= start else {
                    throw wrong("a segment of a timeline cannot be")
                }
                timeline.append((start + time, duration))
            }
        }
        return timeline
    }

    private static func range(_ text: String) -> Range<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Int(parts[0]), let last = Int(parts[1]), first >= 0, last >= first,
            last < Limits.filmTrackBytes
        else { return nil }
        return first..<last + 1
    }
}

/// An element of XML, without comments, sections and references, of which there are none here.
struct XMLElement {
    private(set) var name = ""
    private(set) var attributes: [String: String] = [:]
    private(set) var children: [XMLElement] = []
    private(set) var text = ""

    /// What an attribute says.
    subscript(attribute: String) -> String? { attributes[attribute] }

    /// Reads a document.
    init(_ bytes: [UInt8]) throws(DataError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DataError(.invalidUTF8, line: 1, column: 1, "the manifest is not UTF-8")
        }
        var rest = text[...]
        guard rest.hasPrefix("<?xml "), let end = rest.firstIndex(of: ">") else { throw Self.wrong(text, rest) }
        rest = rest[end...].dropFirst()
        self = try XMLElement(&rest, of: text, depth: 0)
        guard rest.allSatisfy(\.isWhitespace) else { throw Self.wrong(text, rest) }
    }

    private init(_ rest: inout Substring, of text: String, depth: Int) throws(DataError) {
        rest = rest.drop(while: \.isWhitespace)
        guard depth < 16, rest.first == "<", let end = rest.firstIndex(of: ">") else { throw Self.wrong(text, rest) }
        var head = rest[..<end].dropFirst()
        let isEmpty = head.last == "/"
        if isEmpty { head = head.dropLast() }
        let name = head.prefix { !$0.isWhitespace }
        guard name.first?.isLetter == true else { throw Self.wrong(text, rest) }
        self.name = String(name)
        var words = head.dropFirst(name.count).drop(while: \.isWhitespace)
        while !words.isEmpty {
            let key = words.prefix { $0 != "=" }
            let value = words.dropFirst(key.count + 2).prefix { $0 != "\"" }
            guard words.dropFirst(key.count).hasPrefix("=\""), !value.contains(where: { "<&".contains($0) }),
                attributes.updateValue(String(value), forKey: String(key)) == nil,
                words.count >= key.count + value.count + 3
            else { throw Self.wrong(text, rest) }
            words = words.dropFirst(key.count + value.count + 3).drop(while: \.isWhitespace)
        }
        rest = rest[end...].dropFirst()
        if isEmpty { return }
        while true {
            let content = rest.prefix { $0 != "<" }
            self.text += content
            rest = rest.dropFirst(content.count)
            if rest.hasPrefix("</") { break }
            children.append(try XMLElement(&rest, of: text, depth: depth + 1))
        }
        guard rest.hasPrefix("</\(name)>") else { throw Self.wrong(text, rest) }
        rest = rest.dropFirst(name.count + 3)
    }

    private static func wrong(_ text: String, _ rest: Substring) -> DataError {
        let line = text[..<rest.startIndex].reduce(1) { $1 == "\n" ? $0 + 1 : $0 }
        return DataError(.syntax, line: line, column: 1, "this cannot be read as XML")
    }
}
