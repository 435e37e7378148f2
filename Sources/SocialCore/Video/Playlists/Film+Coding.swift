// A film as JSON: `film.json` beside its playlists, which says all that is known of it. The same film has the same
// bytes. What follows from the rest is not there: where parts begin, because they lie one behind the other, and when
// segments begin, because each begins when the one before ends.

internal import Formats

extension Film {
    private static let format = "social-film"
    private static let version: Int64 = 1

    /// The film as JSON.
    package var coded: [UInt8] {
        var json = JSONWriter(capacity: 1_024 + 96 * tracks.reduce(0) { $0 + $1.segments.count })
        json.beginObject()
        json.member("format", .string(Self.format))
        json.member("version", .integer(Self.version))
        json.member("request", .string(request))
        json.member("source", ["object": source.object.json, "bytes": .integer(Int64(source.sizeBytes))])
        json.member(
            "plan",
            [
                "mode": .string(plan.mode.rawValue), "target_ms": .integer(plan.targetMilliseconds),
                "least_ms": .integer(plan.leastMilliseconds), "most_ms": .integer(plan.mostMilliseconds),
            ])
        json.member(
            "playlists",
            ["hls": .bool(form.isHLS), "dash": .bool(form.isDASH), "single_file": .bool(form.isSingleFile)])
        json.list("cuts", cuts) { cut in
            [.integer(cut.milliseconds), .string(cut.reason.rawValue), .number(cut.sceneScore)]
        }
        json.list("scenes", scenes) { scene in
            [
                .integer(scene.milliseconds), .integer(Int64(scene.picture)), .number(scene.score),
                .bool(scene.isEntrance),
            ]
        }
        json.key("tracks")
        json.beginArray()
        for track in tracks { track.write(to: &json) }
        json.endArray()
        json.endObject()
        json.endLine()
        return json.bytes
    }

    /// The film of some JSON.
    ///
    /// - Throws: `DataError` where it is no JSON, `FilmError` where what it says cannot be a film.
    package init(coded text: [UInt8]) throws {
        guard text.count <= Limits.filmDescriptionBytes else {
            throw FilmError(.badFilm, "the description is larger than \(Limits.filmDescriptionBytes) bytes")
        }
        let whole = Node(try JSONReader.parse(text))
        guard try whole["format"].text == Self.format, try whole["version"].integer == Self.version else {
            throw FilmError(.badFilm, "format: this is no film, or one of a later version")
        }
        let (source, plan, form) = (try whole["source"], try whole["plan"], try whole["playlists"])
        self.init(
            request: try whole["request"].text,
            source: Source(object: try source["object"].optionalHash, sizeBytes: try source["bytes"].count),
            plan: CutPlan(
                mode: try plan["mode"].choice(), targetMilliseconds: try plan["target_ms"].integer,
                leastMilliseconds: try plan["least_ms"].integer, mostMilliseconds: try plan["most_ms"].integer),
            form: Form(
                isHLS: try form["hls"].flag, isDASH: try form["dash"].flag, isSingleFile: try form["single_file"].flag),
            cuts: try whole["cuts"].items(Limits.filmSegments) { (node) throws(FilmError) in
                let items = try node.items(count: 3)
                return Cut(
                    milliseconds: try items[0].integer, reason: try items[1].choice(), sceneScore: try items[2].number)
            },
            scenes: try whole["scenes"].items(Limits.filmScenes) { (node) throws(FilmError) in
                let items = try node.items(count: 4)
                return SceneChange(
                    picture: try items[1].count, milliseconds: try items[0].integer, score: try items[2].number,
                    isEntrance: try items[3].flag)
            },
            tracks: try whole["tracks"].items(Limits.filmTracks, Track.init))
        try validate()
    }
}

extension Film.Track {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", .string(name))
        switch kind {
        case .video(let width, let height, let frames, let perSeconds):
            json.member("kind", "video")
            json.member("width", .integer(Int64(width)))
            json.member("height", .integer(Int64(height)))
            json.member("frame_rate", [.integer(Int64(frames)), .integer(Int64(perSeconds))])
        case .audio(let channels, let sampleRate):
            json.member("kind", "audio")
            json.member("channels", .integer(Int64(channels)))
            json.member("sample_rate", .integer(Int64(sampleRate)))
        }
        json.member("codec", .string(codec))
        json.member("language", .string(language))
        json.member("timescale", .integer(Int64(timescale)))
        json.member("start", .integer(segments.first?.start ?? 0))
        json.member("object", (object?.hash).json)
        json.member("checks", object.map { .string(Hexadecimal.text($0.checks.coded)) } ?? .null)
        json.member("header", [.integer(Int64(header.sizeBytes)), header.hash.json])
        json.member("index", [.integer(Int64(index.sizeBytes)), index.hash.json])
        json.list("segments", segments) { segment in
            [
                .integer(Int64(segment.part.sizeBytes)), .integer(segment.duration),
                .integer(Int64(segment.firstFrameBytes)), segment.part.hash.json,
            ]
        }
        json.endObject()
    }

    fileprivate init(_ node: Node) throws(FilmError) {
        let kind: Kind
        switch try node["kind"].text {
        case "video":
            let rate = try node["frame_rate"].items(count: 2)
            kind = .video(
                width: try node["width"].count, height: try node["height"].count, frames: try rate[0].count,
                perSeconds: try rate[1].count)
        case "audio": kind = .audio(channels: try node["channels"].count, sampleRate: try node["sample_rate"].count)
        default: throw try node["kind"].wrong("video or audio")
        }
        var end = 0
        func part(_ size: Node, _ hash: Node) throws(FilmError) -> Film.Part {
            let part = Film.Part(offset: end, sizeBytes: try size.count, hash: try hash.optionalHash)
            end += part.sizeBytes
            return part
        }
        let header = try node["header"].items(count: 2)
        let index = try node["index"].items(count: 2)
        let (headerPart, indexPart) = (try part(header[0], header[1]), try part(index[0], index[1]))
        var time = try node["start"].duration
        let segments = try node["segments"].items(Limits.filmSegments) { (node) throws(FilmError) in
            let items = try node.items(count: 4)
            let (start, duration) = (time, try items[1].duration)
            time += duration
            return Film.Segment(
                part: try part(items[0], items[3]), start: start, duration: duration,
                firstFrameBytes: try items[2].count)
        }
        let object = try node["object"].optionalHash.map { (hash) throws(FilmError) in
            guard let coded = Hexadecimal.bytes(try node["checks"].text),
                let checks = BlockChecks(coded: coded, sizeBytes: end)
            else { throw try node["checks"].wrong("the checks of an object of \(end) bytes") }
            return Film.StoredTrack(hash: hash, checks: checks)
        }
        self.init(
            name: try node["name"].text, kind: kind, codec: try node["codec"].text,
            language: try node["language"].text, timescale: try node["timescale"].count,
            object: object, header: headerPart, index: indexPart, segments: segments)
    }
}

/// A value of the JSON, with its place.
private struct Node {
    private let value: JSONValue
    private let place: String

    init(_ value: JSONValue, at place: String = "") {
        self.value = value
        self.place = place
    }

    subscript(key: String) -> Node {
        get throws(FilmError) {
            let inner = place.isEmpty ? key : "\(place).\(key)"
            guard let value = value[key] else { throw FilmError(.badFilm, "\(inner): it is missing") }
            return Node(value, at: inner)
        }
    }

    func items<Item>(_ limit: Int, _ body: (Node) throws(FilmError) -> Item) throws(FilmError) -> [Item] {
        guard let items = value.array, items.count <= limit else { throw wrong("an array of at most \(limit)") }
        var result: [Item] = []
        result.reserveCapacity(items.count)
        for (number, item) in items.enumerated() { result.append(try body(Node(item, at: "\(place)[\(number)]"))) }
        return result
    }

    func items(count: Int) throws(FilmError) -> [Node] {
        guard let items = value.array, items.count == count else { throw wrong("an array of \(count)") }
        return items.map { Node($0, at: place) }
    }

    var text: String { get throws(FilmError) { try known(value.string, "a text") } }
    var integer: Int64 { get throws(FilmError) { try known(value.integer, "an integer") } }
    var number: Double { get throws(FilmError) { try known(value.number, "a number") } }
    var flag: Bool { get throws(FilmError) { try known(value.bool, "true or false") } }
    var optionalHash: ObjectHash? {
        get throws(FilmError) {
            if value == .null { return nil }
            return try known(ObjectHash(try text), "64 hexadecimal digits, or null")
        }
    }

    /// A count, or a number of bytes: so small that not even the most of them together overflow.
    var count: Int { get throws(FilmError) { Int(try small(Int64(Limits.filmTrackBytes))) } }
    /// A duration in units of time, likewise.
    var duration: Int64 {
        get throws(FilmError) { try small(Limits.filmMilliseconds / 1_000 * Int64(Limits.filmTimescale) / 100) }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>() throws(FilmError) -> Choice {
        try known(Choice(rawValue: try text), Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }

    func wrong(_ expected: String) -> FilmError { FilmError(.badFilm, "\(place): expected \(expected)") }

    private func small(_ limit: Int64) throws(FilmError) -> Int64 {
        let value = try integer
        guard 0...limit ~= value else { throw wrong("0 to \(limit)") }
        return value
    }

    private func known<Value>(_ value: Value?, _ expected: String) throws(FilmError) -> Value {
        guard let value else { throw wrong(expected) }
        return value
    }
}

extension ObjectHash? {
    fileprivate var json: JSONValue { map { .string($0.description) } ?? .null }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: JSONValue) {
        key(name)
        self.value(value)
    }

    fileprivate mutating func list<Item>(_ name: String, _ items: [Item], _ json: (Item) -> [JSONValue]) {
        key(name)
        beginArray()
        for item in items { value(.array(json(item))) }
        endArray()
    }
}
