// What a text says besides its words: whom it mentions, its tags and its links. Found when it is read; nothing is kept.

/// The entities of a text, each once, in the order in which they first stand.
package struct PostText: Equatable, Sendable {
    /// Handles after `@`, as they were written.
    package private(set) var mentions: [Handle] = []
    /// Tags after `#`, lower-cased.
    package private(set) var tags: [String] = []
    /// Addresses that begin with `http://` or `https://`.
    package private(set) var links: [String] = []

    /// Reads a text.
    ///
    /// - Complexity: O(length); a text without `@`, `#` and `://` is only searched through.
    package init(_ text: String) {
        guard text.utf8.contains(where: { $0 == 0x40 || $0 == 0x23 || $0 == 0x3A }) else { return }
        let scalars = Array(text.unicodeScalars)
        var index = 0
        // A sign in the middle of a word, as in an address of mail, begins nothing.
        var isAtStart = true
        while index < scalars.count {
            let scalar = scalars[index]
            var end = index + 1
            if isAtStart, scalar == "@" { end = mention(scalars, index) }
            if isAtStart, scalar == "#" { end = tag(scalars, index) }
            if isAtStart, scalar == "h" { end = link(scalars, index) }
            isAtStart = end == index + 1 ? !PostText.isWord(scalar) : false
            index = end
        }
    }

    /// The end of the mention that begins at an index, or the next index.
    private mutating func mention(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
        var end = start + 1
        while end < scalars.count, scalars[end].isASCII,
            PostText.isWord(scalars[end]) || scalars[end] == "." || scalars[end] == "-"
        {
            end += 1
        }
        while end > start + 1, scalars[end - 1] == "." || scalars[end - 1] == "-" { end -= 1 }
        guard let handle = try? Handle(PostText.text(scalars[start + 1..<end])) else { return start + 1 }
        if !mentions.contains(handle) { mentions.append(handle) }
        return end
    }

    /// The end of the tag that begins at an index, or the next index: letters, digits, marks and `_`, not all digits.
    private mutating func tag(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
        var end = start + 1
        while end < scalars.count, PostText.isWord(scalars[end]) { end += 1 }
        let word = scalars[start + 1..<end]
        guard word.contains(where: { $0.properties.numericType == nil }) else { return start + 1 }
        let tag = PostText.key(ofTag: PostText.text(word))
        if !tags.contains(tag) { tags.append(tag) }
        return end
    }

    /// The end of the link that begins at an index, or the next index: up to a blank, without closing punctuation.
    private mutating func link(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: { scalars[start...].starts(with: $0.unicodeScalars) }) else {
            return start + 1
        }
        let host = start + scheme.unicodeScalars.count
        var end = host
        while end < scalars.count, !scalars[end].properties.isWhitespace, !"<>\"".unicodeScalars.contains(scalars[end])
        {
            end += 1
        }
        while end > host, PostText.isClosing(scalars[host..<end]) { end -= 1 }
        guard end > host else { return start + 1 }
        let link = PostText.text(scalars[start..<end])
        if !links.contains(link) { links.append(link) }
        return end
    }

    /// Whether the last sign belongs to the sentence around a link: punctuation, or a bracket that was opened before.
    private static func isClosing(_ link: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let last = link.last else { return false }
        if ".,;:!?'".unicodeScalars.contains(last) { return true }
        return last == ")" && !link.contains("(") || last == "]" && !link.contains("[")
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            let value = scalar.value
            return value == 0x5F || 0x30...0x39 ~= value || 0x41...0x5A ~= value || 0x61...0x7A ~= value
        }
        let category = scalar.properties.generalCategory
        switch category {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .nonspacingMark, .spacingMark:
            return true
        default: return false
        }
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    /// The form in which tags are compared, with or without `#`.
    package static func key(ofTag tag: String) -> String {
        (tag.utf8.first == 0x23 ? String(tag.dropFirst()) : tag).lowercased()
    }
}
