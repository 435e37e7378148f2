// What the requests of a web server are accesses to. A server that serves this network's own addresses needs no rules:
// `/post/ID`, `/user/HANDLE`, `/media/ID`, `/video/ID/…`, `/tag/NAME` and `/search?q=WORDS` are known. Any other path
// is a resource by itself. Rules of one's own come first.

/// How requests are read as accesses.
package struct AccessRules {
    /// A rule of one's own: paths that match are accesses of a kind, and perhaps to another resource.
    ///
    /// Safety: the expression is not changed after it was made, and a command uses it on one thread.
    package struct Rule: @unchecked Sendable {
        let pattern: Regex<AnyRegexOutput>
        let kind: AccessKind
        /// With `$0` to `$9` for what was matched; nil for the path itself.
        let resource: String?

        /// A rule from a text such as `^/p/([0-9]+)=view` or `^/p/([0-9]+)=view:post/$1`.
        ///
        /// - Throws: `badAccess` when that is no rule.
        package init(_ text: String) throws(AnalyticsError) {
            guard let equals = text.lastIndex(of: "=") else {
                throw AnalyticsError(
                    .badAccess, "\"\(text)\" is no rule", hint: "write REGEX=KIND or REGEX=KIND:RESOURCE")
            }
            let parts = text[text.index(after: equals)...].split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = parts.first, let kind = AccessKind(String(first)), parts.last != "" else {
                throw AnalyticsError(
                    .badAccess, "\"\(parts.first ?? "")\" is no kind of access",
                    hint: "a kind is a word of a-z, 0-9 and - that begins with a letter")
            }
            do { pattern = try Regex(String(text[..<equals])) } catch {
                throw AnalyticsError(.badAccess, "\"\(text[..<equals])\" is no regular expression: \(error)")
            }
            self.kind = kind
            resource = parts.count == 2 ? String(parts[1]) : nil
        }

        /// What a path is an access to; nil when the rule is not about it.
        func access(_ path: String) -> (AccessedResource, AccessKind)? {
            guard let match = path.firstMatch(of: pattern) else { return nil }
            guard let resource else { return AccessedResource(path).map { ($0, kind) } }
            var name = ""
            var rest = resource[...]
            while let dollar = rest.firstIndex(of: "$") {
                name += rest[..<dollar]
                let next = rest.index(after: dollar)
                if next < rest.endIndex, let group = rest[next].wholeNumberValue, group < match.output.count {
                    name += match.output[group].substring ?? ""
                    rest = rest[rest.index(after: next)...]
                } else {
                    name += "$"
                    rest = rest[next...]
                }
            }
            return AccessedResource(name + rest).map { ($0, kind) }
        }
    }

    /// One's own rules, of which the first that matches counts.
    package var rules: [Rule] = []
    /// Whether viewers are told apart by address and browser, or by address alone.
    package var viewersHaveAgents = true
    /// The id of an account; nil when there is none of that handle.
    package var user: (Handle) throws -> UserID? = { _ in nil }
    /// A film by its id; nil when there is none.
    package var film: (MediaID) throws -> Film? = { _ in nil }

    /// Rules that know nothing but paths.
    package init() {}

    /// What one request counts as.
    struct Meaning {
        /// A resource, how it is accessed, and how much of it: nil for the bytes that were sent.
        typealias Part = (resource: AccessedResource, kind: AccessKind, amount: Int64?)

        /// What was asked for.
        var main: Part
        /// What is counted along with it.
        var others: [Part] = []
    }

    /// What a request for a path means, when it succeeds; nil when the path is no name of a resource.
    ///
    /// - Parameters:
    ///   - path: as `LogPath` has it.
    ///   - query: what stands behind the `?`.
    func meaning(of path: String, query: String) throws -> Meaning? {
        for rule in rules {
            if let (resource, kind) = rule.access(path) { return Meaning(main: (resource, kind, nil)) }
        }
        if let known = try known(path, query) { return known }
        return AccessedResource(path).map { Meaning(main: ($0, .view, nil)) }
    }

    /// What it counts as that a path was served just now, by whomever.
    package func accesses(to path: String, query: String = "", at time: Timestamp) throws -> [CountedAccess] {
        guard let meaning = try meaning(of: path, query: query) else { return [] }
        return ([meaning.main] + meaning.others).map {
            CountedAccess($0.resource, $0.kind, viewer: nil, at: time, amount: $0.amount ?? 0)
        }
    }

    /// What an address of this network means; nil when it is none.
    private func known(_ path: String, _ query: String) throws -> Meaning? {
        let parts = path.split(separator: "/", maxSplits: 2)
        if parts.count == 1, parts[0] == "search" {
            guard let words = AccessRules.value(of: "q", in: query), let search = AccessedResource.search(words) else {
                return nil
            }
            return Meaning(main: (search, .search, nil))
        }
        guard parts.count >= 2 else { return nil }
        let number = Int64(parts[1]).flatMap { $0 > 0 ? $0 : nil }
        switch parts[0] {
        case "post":
            guard let number else { return nil }
            return Meaning(main: (.post(PostID(rawValue: number)), .view, nil))
        case "media":
            guard let number else { return nil }
            let isKept = AccessRules.value(of: "download", in: query) != nil
            return Meaning(main: (.media(MediaID(rawValue: number)), isKept ? .download : .view, nil))
        case "user":
            guard parts.count == 2, let handle = try? Handle(String(parts[1])), let id = try user(handle) else {
                return nil
            }
            return Meaning(main: (.user(id), .profileView, nil))
        case "tag":
            guard parts.count == 2, let tag = AccessedResource.tag(AccessRules.decoded(parts[1])) else { return nil }
            return Meaning(main: (tag, .view, nil))
        case "video":
            guard let number, parts.count == 3 else { return nil }
            return try segment(of: MediaID(rawValue: number), String(parts[2]))
        default: return nil
        }
    }

    /// What it means that a file of a film was fetched.
    ///
    /// Each segment counts for its quality; one with pictures also as so much watched, the first as a start, and the
    /// last as a completion.
    private func segment(of id: MediaID, _ key: String) throws -> Meaning? {
        guard let film = try film(id), let (track, index) = film.segment(at: key),
            let rendition = AccessedResource.rendition(id, film.tracks[track].name)
        else { return nil }
        let isSeen = film.tracks[track].isVideo || !film.tracks.contains(where: \.isVideo)
        let milliseconds = film.milliseconds(ofSegment: index, in: track)
        var meaning = Meaning(main: (rendition, .segment, milliseconds))
        guard isSeen else { return meaning }
        meaning.others.append((.video(id), .watch, milliseconds))
        if index == 0 { meaning.others.append((.video(id), .start, 0)) }
        if index == film.tracks[track].segments.count - 1 { meaning.others.append((.video(id), .completion, 0)) }
        return meaning
    }

    /// The value of a name in a query.
    private static func value(of name: String, in query: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count == 2 ? decoded(parts[1]) : "" }
        }
        return nil
    }

    /// A text with its percent-encoding undone; what is no UTF-8 is replaced.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
