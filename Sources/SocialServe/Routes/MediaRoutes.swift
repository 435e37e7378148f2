// Bytes: uploads under their hashes, smaller pictures of them, and films as they are streamed. What has a hash in its
// address never changes, so clients and proxies may keep it for ever.

internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

enum MediaRoutes {
    static func route(_ path: [String]) -> Route? {
        switch (path[0], path.count) {
        case ("media", 2): Route(.upload, (.GET, .read { try find(path[1], $0, $1) }))
        case ("objects", 2): Route(.upload, (.GET, .read { try object(path[1], $0, $1) }))
        case ("thumbnails", 3): Route(.upload, (.GET, .make { try thumbnail(path[1], path[2], $0, $1) }))
        case ("video", 3...):
            Route(.upload, (.GET, .read { try film(path[1], path[2...].joined(separator: "/"), $0, $1) }))
        default: nil
        }
    }

    /// The films that were cut.
    static let films = Route(
        .upload,
        (
            .GET,
            .read { request, reader in
                reader.answer(try Words("video-segment", "list").list(request, "by"), for: request)
            }
        ))

    /// Says where the bytes of an upload are.
    private static func find(_ id: String, _ request: Request, _ reader: Reader) throws -> Answer {
        guard let id = MediaID(decimal: id) else { throw ServeError(.noSuchPath, "\"\(id)\" is no id of an upload") }
        let record = try reader.service.network().media.named(id)
        let hash = record.content.object
        let place: String
        switch request["size"] {
        case nil, "original": place = "/objects/\(hash)"
        case let size?:
            guard let size = Pictures.Size(rawValue: size) else {
                throw ServeError(.badParameter, "there is no size \"\(size)\"", hint: "there are small, medium, large")
            }
            place = "/thumbnails/\(hash)/\(size.rawValue)"
        }
        reader.count(.media(id), request["download"] == nil ? .view : .download, for: request)
        return Answer(
            .found, fields: [Answer.Field("Location", place), Answer.Field("Cache-Control", "public, max-age=60")])
    }

    private static func record(_ hash: String, _ reader: Reader) throws -> MediaRecord {
        guard let hash = ObjectHash(hash) else { throw ServeError(.noSuchPath, "\"\(hash)\" is no hash") }
        return try reader.service.network().media.named(hash)
    }

    /// The bytes of an upload.
    private static func object(_ hash: String, _ request: Request, _ reader: Reader) throws -> Answer {
        let record = try record(hash, reader)
        let object = try reader.service.network().pictures.content(of: record)
        let file = FixedFile(
            count: object.sizeBytes, type: record.content.type, tag: "\"\(hash)\"",
            unit: max(object.blockBytes, 256 << 10), read: object.read)
        var answer = file.answer(for: request)
        // Whatever was uploaded runs nothing and loads nothing, should a browser take it for a page.
        answer.fields.append(Answer.Field("Content-Security-Policy", "sandbox; default-src 'none'"))
        let kind = record.content.type.prefix { $0 != "/" }
        if !["image", "video", "audio"].contains(kind) || record.content.type.hasPrefix("image/svg") {
            answer.fields.append(
                Answer.Field("Content-Disposition", "attachment; filename=\"\(fileName(record.content.name))\""))
        }
        return answer
    }

    /// A file name that can stand in quotes.
    private static func fileName(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.map {
                    $0.isASCII && $0.value >= 0x20 && !"\"\\/".unicodeScalars.contains($0) ? $0 : "_"
                }))
    }

    /// A smaller picture of an upload.
    private static func thumbnail(
        _ hash: String, _ size: String, _ request: Request, _ reader: Reader
    ) throws -> Answer {
        guard let size = Pictures.Size(rawValue: size), size != .original else {
            throw ServeError(.noSuchPath, "there is no size \"\(size)\"", hint: "there are small, medium and large")
        }
        let rendition = try reader.service.network().pictures.rendition(of: record(hash, reader), size)
        let bytes = rendition.bytes
        let file = FixedFile(
            count: bytes.count, type: rendition.type, tag: "\"\(hash)-\(size.rawValue)\"", unit: max(1, bytes.count),
            read: { Array(bytes[$0]) })
        var answer = file.answer(for: request)
        answer.fields.append(Answer.Field("Content-Security-Policy", "sandbox; default-src 'none'"))
        return answer
    }

    /// A playlist, an initialisation or a segment of a film.
    private static func film(_ id: String, _ key: String, _ request: Request, _ reader: Reader) throws -> Answer {
        guard let id = MediaID(decimal: id) else { throw ServeError(.noSuchPath, "\"\(id)\" is no id of a film") }
        let film = try reader.film(id)
        guard let resource = film.resource(at: key) else {
            throw ServeError(.noSuchPath, "the film \(id) has no \"\(key)\"")
        }
        switch resource.content {
        case .text(let text): return Answer(type: resource.type, film.bytes(of: text)).tagged(for: request)
        case .bytes(let number, let range):
            let object = try reader.service.network().films.open(film.tracks[number])
            let start = range.lowerBound
            let file = FixedFile(
                count: range.count, type: resource.type, tag: "\"\(object.hash)-\(start)\"",
                unit: max(object.blockBytes, 256 << 10),
                read: { try object.read(start + $0.lowerBound..<start + $0.upperBound) })
            if request.method == .GET, request.header("range").map({ $0.hasPrefix("bytes=0-") }) ?? true {
                try reader.countSegment(of: id, key, for: request)
            }
            // A film can be cut again, and what was a segment is then another.
            return file.answer(for: request, isKept: film.segment(at: key) != nil)
        }
    }
}
