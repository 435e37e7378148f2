// Files that never change, whole or in part (RFC 9110, section 14).

internal import NIOHTTP1
internal import SocialCore

/// Something of a known size that never changes under its name.
struct FixedFile {
    let count: Int
    let type: String
    /// A strong tag: the file's name is its hash.
    let tag: String
    /// Pieces are read up to multiples of it.
    let unit: Int
    let read: (Range<Int>) throws -> [UInt8]

    /// How long clients may keep it: a year, the longest that they keep anything.
    static let cacheControl = "public, max-age=31536000, immutable"

    /// The answer to a request for it.
    ///
    /// - Parameter isKept: whether it never changes under this address.
    func answer(for request: Request, isKept: Bool = true) -> Answer {
        var answer = Answer(type: type)
        answer.fields = [
            Answer.Field("ETag", tag), Answer.Field("Cache-Control", isKept ? FixedFile.cacheControl : "no-cache"),
            Answer.Field("Accept-Ranges", "bytes"),
        ]
        if EntityTag.matches(tag, request.header("if-none-match")) {
            answer.status = .notModified
            answer.type = nil
            return answer
        }
        switch FixedFile.range(request, tag: tag, count: count) {
        case .all: answer.body = .stream(BodyStream(0..<count, unit: unit, piece: read))
        case .part(let range):
            answer.status = Status(206)
            answer.fields.append(
                Answer.Field("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(count)"))
            answer.body = .stream(BodyStream(range, unit: unit, piece: read))
        case .outside:
            var answer = Answer(ServeError(.unsatisfiableRange, "there are only \(count) bytes"))
            answer.fields.append(Answer.Field("Content-Range", "bytes */\(count)"))
            return answer
        }
        return answer
    }

    /// What of a file is asked for.
    enum Wanted: Equatable {
        case all
        case part(Range<Int>)
        case outside
    }

    /// What of a file a request asks for: one range or all; several ranges are answered with all, as anyone may.
    static func range(_ request: Request, tag: String, count: Int) -> Wanted {
        guard request.method == .GET, let field = request.header("range"), field.lowercased().hasPrefix("bytes=") else {
            return .all
        }
        if let condition = request.header("if-range"), condition != tag { return .all }
        let parts = field.dropFirst("bytes=".count).filter { $0 != " " }.split(
            separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return .all }
        switch (Int(parts[0]), Int(parts[1])) {
        case (let first?, let last?):
            if last < first { return .all }
            return first < count ? .part(first..<min(count, last == .max ? count : last + 1)) : .outside
        case (let first?, nil) where parts[1].isEmpty: return first < count ? .part(first..<count) : .outside
        case (nil, let last?) where parts[0].isEmpty:
            return last > 0 && count > 0 ? .part(max(0, count - last)..<count) : .outside
        default: return .all
        }
    }
}
