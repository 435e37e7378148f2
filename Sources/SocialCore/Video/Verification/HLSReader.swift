// Playlists of HLS as a strict player reads them, which trusts nobody's word that they are right. Only the tags are
// known that `HLSPlaylists` writes; any other is an error.
//
// Source: RFC 8216, sections 4.1 to 4.3.

internal import Formats

/// A list of segments.
struct HLSMediaPlaylist {
    /// A segment, or the first picture of one.
    struct Entry {
        var microseconds: Int64
        var uri: String
        var range: Range<Int>?
    }

    private(set) var version = 1
    private(set) var targetSeconds: Int64 = 0
    private(set) var isOnDemand = false
    private(set) var isIndependent = false
    private(set) var holdsKeyFramesOnly = false
    private(set) var map: (uri: String, range: Range<Int>?)?
    private(set) var entries: [Entry] = []
    private(set) var isEnded = false

    /// Reads a playlist.
    init(_ text: [UInt8]) throws(DataError) {
        var lines = try HLSLines(text)
        var duration: Int64?
        var range: Range<Int>?
        while let line = lines.next() {
            if isEnded { throw lines.wrong("there is more behind the end") }
            switch line.name {
            case "EXT-X-VERSION": version = Int(try lines.integer(line.value))
            case "EXT-X-TARGETDURATION": targetSeconds = try lines.integer(line.value)
            case "EXT-X-PLAYLIST-TYPE": isOnDemand = line.value == "VOD"
            case "EXT-X-INDEPENDENT-SEGMENTS": isIndependent = true
            case "EXT-X-I-FRAMES-ONLY": holdsKeyFramesOnly = true
            case "EXT-X-MAP":
                let attributes = try lines.attributes(line.value)
                guard map == nil, let uri = attributes["URI"] else { throw lines.wrong("one EXT-X-MAP has one URI") }
                map = (uri, try attributes["BYTERANGE"].map { (text) throws(DataError) in try lines.range(text) })
            case "EXTINF": duration = try lines.microseconds(line.value)
            case "EXT-X-BYTERANGE": range = try lines.range(line.value)
            case "EXT-X-ENDLIST": isEnded = true
            case "":
                guard let microseconds = duration.take() else { throw lines.wrong("EXTINF is missing") }
                entries.append(Entry(microseconds: microseconds, uri: line.value, range: range.take()))
            default: throw lines.wrong("unknown tag \"\(line.name)\"")
            }
        }
        let isLengthPossible = 1...Limits.filmMilliseconds / 1_000 ~= targetSeconds
        guard isEnded, isLengthPossible, duration == nil, range == nil else {
            throw lines.wrong("the playlist is not complete")
        }
    }
}

/// A list of qualities.
struct HLSMasterPlaylist {
    /// A quality: what is said of it, and where its segments are listed.
    struct Variant {
        var attributes: [String: String]
        var uri: String
    }

    private(set) var variants: [Variant] = []
    private(set) var renditions: [[String: String]] = []
    private(set) var keyFrames: [[String: String]] = []

    /// Reads a list.
    init(_ text: [UInt8]) throws(DataError) {
        var lines = try HLSLines(text)
        var attributes: [String: String]?
        while let line = lines.next() {
            switch line.name {
            case "EXT-X-VERSION", "EXT-X-INDEPENDENT-SEGMENTS": break
            case "EXT-X-MEDIA": renditions.append(try lines.attributes(line.value))
            case "EXT-X-STREAM-INF": attributes = try lines.attributes(line.value)
            case "EXT-X-I-FRAME-STREAM-INF": keyFrames.append(try lines.attributes(line.value))
            case "":
                guard let known = attributes.take() else { throw lines.wrong("EXT-X-STREAM-INF is missing") }
                variants.append(Variant(attributes: known, uri: line.value))
            default: throw lines.wrong("unknown tag \"\(line.name)\"")
            }
        }
        guard !variants.isEmpty, attributes == nil else { throw lines.wrong("the playlist is not complete") }
    }
}

/// The lines of a playlist: tags with what they say, and addresses, whose name is empty.
private struct HLSLines {
    private let lines: [Substring]
    private var number = 1

    init(_ text: [UInt8]) throws(DataError) {
        guard let text = String(validating: text, as: UTF8.self) else {
            throw DataError(.invalidUTF8, line: 1, column: 1, "the playlist is not UTF-8")
        }
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "#EXTM3U", lines.last == "" else { throw wrong("this is no playlist") }
    }

    mutating func next() -> (name: String, value: String)? {
        while number < lines.count {
            let line = lines[number]
            number += 1
            if line.isEmpty { continue }
            guard line.hasPrefix("#") else { return ("", String(line)) }
            let parts = line.dropFirst().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        return nil
    }

    func wrong(_ message: String) -> DataError { DataError(.syntax, line: number, column: 1, message) }

    func integer(_ text: some StringProtocol) throws(DataError) -> Int64 {
        guard let number = Int64(text), number >= 0 else { throw wrong("\"\(text)\" is no number") }
        return number
    }

    /// `4.004000,`.
    func microseconds(_ text: String) throws(DataError) -> Int64 {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let digits = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, digits.count == 2, digits[1].count == 6, digits[0].count <= 9 else {
            throw wrong("\"\(text)\" is no duration with six decimals")
        }
        return try integer(digits[0]) * 1_000_000 + integer(digits[1])
    }

    /// `COUNT@START`.
    func range(_ text: String) throws(DataError) -> Range<Int> {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw wrong("\"\(text)\" is no range of bytes") }
        let (count, start) = (try integer(parts[0]), try integer(parts[1]))
        guard count > 0, start <= Limits.filmTrackBytes, count <= Limits.filmTrackBytes else {
            throw wrong("\"\(text)\" is no range of bytes")
        }
        return Int(start)..<Int(start + count)
    }

    /// `NAME=VALUE,NAME="VALUE"`.
    func attributes(_ text: String) throws(DataError) -> [String: String] {
        var result: [String: String] = [:]
        var rest = text[...]
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { throw wrong("an attribute has no value") }
            let name = String(rest[..<equals])
            rest = rest[equals...].dropFirst()
            let isQuoted = rest.first == "\""
            if isQuoted { rest = rest.dropFirst() }
            let value = rest.prefix { $0 != (isQuoted ? "\"" : ",") }
            rest = rest.dropFirst(value.count)
            if isQuoted {
                guard rest.first == "\"" else { throw wrong("a quote is not closed") }
                rest = rest.dropFirst()
            }
            guard result.updateValue(String(value), forKey: name) == nil else {
                throw wrong("the attribute \"\(name)\" is there twice")
            }
            guard rest.isEmpty || rest.first == "," && rest.count > 1 else { throw wrong("expected a comma") }
            rest = rest.dropFirst()
        }
        return result
    }
}
