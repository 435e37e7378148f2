// Plain text of the small HTML in which fediverse servers publish posts: paragraphs, line breaks, links, mentions and
// hashtags. No tree is built and nothing is refused: whatever is no tag is text.

/// Makes plain text of HTML.
package enum HTMLText {
    /// The text of a fragment of HTML.
    ///
    /// Paragraphs are separated by a blank line. A link that shows a shortened form of its address becomes the whole
    /// address; another one keeps its text, with the address behind it in brackets; mentions and hashtags keep their
    /// text alone.
    ///
    /// - Complexity: O(bytes).
    package static func plain(_ html: String) -> String {
        var converter = HTMLConverter(Array(html.utf8))
        return converter.run()
    }
}

/// Goes once through the fragment.
private struct HTMLConverter {
    private let html: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    /// White space that is written before the next text, and not at all when none comes.
    private var newlines = 0
    private var hasSpace = false
    /// The link that is open.
    private var link: Link?
    /// How deeply text with white space of its own is nested.
    private var verbatimDepth = 0
    /// Nothing from here on is a tag: one that begins is never closed.
    private var hasNoMoreTags = false

    private struct Link {
        let address: String
        /// Whether its text is meant as it stands: a mention or a hashtag.
        let isName: Bool
        /// Where in the output its text begins; nil while there is none.
        var start: Int?
    }

    init(_ html: [UInt8]) { self.html = html }

    mutating func run() -> String {
        while position < html.count {
            let byte = html[position]
            if byte == UInt8(ascii: "<"), !hasNoMoreTags, takeTag() { continue }
            if byte == UInt8(ascii: "&"), let (scalar, end) = CharacterReference.decode(html, at: position) {
                position = end
                write(Array(String(scalar).utf8)[...])
                continue
            }
            position += 1
            if isSpace(byte) { space(byte) } else { write(html[position - 1..<position]) }
        }
        closeLink()
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: Text

    private func isSpace(_ byte: UInt8) -> Bool {
        ASCII.isBlank(byte) || byte == ASCII.newline || byte == ASCII.carriageReturn
    }

    private mutating func space(_ byte: UInt8) {
        guard verbatimDepth > 0 else { return hasSpace = true }
        if byte == ASCII.newline { newlines += 1 } else if byte != ASCII.carriageReturn { write([byte]) }
    }

    private mutating func write(_ bytes: ArraySlice<UInt8>) {
        if newlines > 0 {
            if !output.isEmpty { output += repeatElement(ASCII.newline, count: newlines) }
        } else if hasSpace, !output.isEmpty {
            output.append(ASCII.space)
        }
        newlines = 0
        hasSpace = false
        if link != nil, link?.start == nil { link?.start = output.count }
        output += bytes
    }

    /// Begins a new line, with `blank` lines before it.
    private mutating func block(blank: Int) { newlines = max(newlines, blank + 1) }

    // MARK: Tags

    /// Steps over the tag that begins here; false when it is none.
    private mutating func takeTag() -> Bool {
        let next = position + 1 < html.count ? html[position + 1] : 0
        if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") { return skipDeclaration() }
        let isClosing = next == ASCII.slash
        let first = position + (isClosing ? 2 : 1)
        guard first < html.count, ASCII.isLetter(html[first]) else { return false }
        guard let tag = HTMLTag(html, from: first) else {
            hasNoMoreTags = true
            return false
        }
        position = tag.end
        if isClosing { close(tag.name) } else { open(tag) }
        return true
    }

    /// Steps over a comment, which ends with `-->`, or a declaration, which ends with `>`.
    private mutating func skipDeclaration() -> Bool {
        let isComment = html[position...].starts(with: "<!--".utf8)
        var index = position + (isComment ? 4 : 2)
        while index < html.count {
            if html[index] == UInt8(ascii: ">"), !isComment || html[index - 2..<index].elementsEqual("--".utf8) {
                position = index + 1
                return true
            }
            index += 1
        }
        hasNoMoreTags = true
        return false
    }

    private mutating func open(_ tag: HTMLTag) {
        switch tag.name {
        case "br": newlines = min(newlines + 1, 100)
        case "a":
            closeLink()
            let kinds = (tag.attribute("class") ?? "").split(separator: " ")
            let isName = kinds.contains { $0 == "mention" || $0 == "hashtag" || $0 == "u-url" }
            link = tag.attribute("href").map { Link(address: $0, isName: isName) }
        case "li":
            block(blank: 0)
            write(Array("-".utf8)[...])
            hasSpace = true
        case "pre":
            block(blank: 1)
            verbatimDepth += 1
        case "script", "style": skipContents(of: tag.name)
        default: separate(tag.name)
        }
    }

    private mutating func close(_ name: String) {
        switch name {
        case "a": closeLink()
        case "pre":
            verbatimDepth = max(0, verbatimDepth - 1)
            block(blank: 1)
        default: separate(name)
        }
    }

    /// Keeps what stands in a block apart from what stands around it.
    private mutating func separate(_ name: String) {
        switch name {
        case "p", "blockquote", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr": block(blank: 1)
        case "div", "li", "tr", "dt", "dd": block(blank: 0)
        case "td", "th": hasSpace = true
        default: break
        }
    }

    /// Passes over what is no text of the post.
    private mutating func skipContents(of name: String) {
        while position < html.count {
            guard html[position...].starts(with: "</".utf8) else {
                position += 1
                continue
            }
            let tag = HTMLTag(html, from: position + 2)
            position = tag?.end ?? html.count
            if tag?.name == name { return }
        }
    }

    private mutating func closeLink() {
        guard let link = link.take(), link.address.hasPrefix("http://") || link.address.hasPrefix("https://") else {
            return
        }
        let address = Array(link.address.utf8)
        guard let start = link.start else { return write(address[...]) }
        let text = String(decoding: output[start...], as: UTF8.self)
        if link.isName || text.hasPrefix("#") || text.hasPrefix("@") { return }
        if Self.shows(text, link.address) {
            output.replaceSubrange(start..., with: address)
        } else {
            output += Array(" (\(link.address))".utf8)
        }
    }

    /// Whether a text is an address, also without its scheme or cut off.
    private static func shows(_ text: String, _ address: String) -> Bool {
        let bare = address.dropFirst(address.hasPrefix("https://") ? 8 : 7)
        if text.hasSuffix("…") { return [address[...], bare].contains { $0.hasPrefix(text.dropLast()) } }
        return [address, String(bare)].contains { $0 == text || $0 == "\(text)/" }
    }
}

/// A tag: its name and its attributes.
private struct HTMLTag {
    let name: String
    /// Where the text goes on.
    let end: Int
    private var attributes: [(name: String, value: String)] = []

    /// The tag whose name begins at `first`; nil when it is never closed.
    init?(_ html: [UInt8], from first: Int) {
        func word(_ index: inout Int, until isEnd: (UInt8) -> Bool) -> String {
            let start = index
            while index < html.count, !isEnd(html[index]) { index += 1 }
            return String(decoding: html[start..<index], as: UTF8.self)
        }
        func isGap(_ byte: UInt8) -> Bool { byte <= ASCII.space || byte == ASCII.slash }
        let close = UInt8(ascii: ">")
        let equals = UInt8(ascii: "=")
        var index = first
        name = word(&index) { isGap($0) || $0 == close }.lowercased()
        while true {
            while index < html.count, isGap(html[index]) { index += 1 }
            guard index < html.count else { return nil }
            if html[index] == close { break }
            let key = word(&index) { isGap($0) || $0 == close || $0 == equals }.lowercased()
            while index < html.count, html[index] <= ASCII.space { index += 1 }
            var value = ""
            if index < html.count, html[index] == equals {
                index += 1
                while index < html.count, html[index] <= ASCII.space { index += 1 }
                guard index < html.count else { return nil }
                let quote = html[index]
                if quote == ASCII.quote || quote == ASCII.apostrophe {
                    index += 1
                    value = word(&index) { $0 == quote }
                    index += 1
                } else {
                    value = word(&index) { $0 <= ASCII.space || $0 == close }
                }
            }
            attributes.append((key, value))
        }
        end = index + 1
    }

    /// The value of an attribute.
    func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name }.map { CharacterReference.decodeAll($0.value) }
    }
}
