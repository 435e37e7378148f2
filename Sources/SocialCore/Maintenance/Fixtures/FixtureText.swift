// What made-up people write: sentences of our own words, with #tags, @mentions, links, pictures and other scripts in
// the proportions of a public timeline.

/// Makes texts.
struct FixtureText {
    private let things = FixtureSkew(count: FixtureWords.things.count, growth: FixtureSkew.zipf)
    private let qualities = FixtureSkew(count: FixtureWords.qualities.count, growth: FixtureSkew.zipf)
    private let deeds = FixtureSkew(count: FixtureWords.deeds.count, growth: FixtureSkew.zipf)
    private let tags = FixtureSkew(count: FixtureWords.tags.count, growth: FixtureSkew.zipf)
    private let sentences: [[Substring]] = FixtureWords.sentences.map { $0.split(separator: " ") }

    /// The text of a post.
    ///
    /// - Parameter mention: the handle of somebody who may be mentioned.
    func post(_ chance: inout FixtureChance, mention: (inout FixtureChance) throws -> String) rethrows -> String {
        var text = ""
        if chance.percent(12) { text += "@\(try mention(&chance)) " }
        if chance.percent(5) {
            text += chance.one(of: FixtureWords.phrases)
        } else {
            append(&chance, to: &text)
            while chance.percent(35) {
                text += text.utf8.last == UInt8(ascii: "?") ? " " : ". "
                append(&chance, to: &text)
            }
            if text.utf8.last != UInt8(ascii: "?") { text += [".", "!", "…", "", ""][chance.below(5)] }
        }
        if chance.percent(15) { text += " \(chance.one(of: FixtureWords.pictures))" }
        if chance.percent(10) {
            text += " https://example.org/\(FixtureWords.things[things.draw(&chance)])/\(chance.below(10_000))"
        }
        while chance.percent(25) { text += " #\(FixtureWords.tags[tags.draw(&chance)])" }
        return text
    }

    /// What somebody is called.
    func name(_ chance: inout FixtureChance) -> String {
        let second = chance.one(of: FixtureWords.animals)
        return "\(chance.one(of: FixtureWords.names)) \(second.prefix(1).uppercased())\(second.dropFirst())"
    }

    /// What somebody says about themselves.
    func biography(_ chance: inout FixtureChance) -> String {
        let (first, second) = (deeds.draw(&chance), things.draw(&chance))
        let tag = FixtureWords.tags[tags.draw(&chance)]
        return "\(FixtureWords.deeds[first]), \(FixtureWords.things[second]) and #\(tag) in the \(place(&chance))"
    }

    private func append(_ chance: inout FixtureChance, to text: inout String) {
        let isCapitalised = chance.percent(50)
        let start = text.endIndex
        for (index, word) in sentences[chance.below(sentences.count)].enumerated() {
            if index > 0 { text += " " }
            switch word.utf8.first {
            case UInt8(ascii: "T"): text += FixtureWords.things[things.draw(&chance)]
            case UInt8(ascii: "Q"): text += FixtureWords.qualities[qualities.draw(&chance)]
            case UInt8(ascii: "D"): text += FixtureWords.deeds[deeds.draw(&chance)]
            case UInt8(ascii: "P"): text += place(&chance)
            case UInt8(ascii: "W"): text += chance.one(of: FixtureWords.times)
            default:
                text += word
                continue
            }
            // A comma or a question mark may stand behind the letter.
            text += word.dropFirst()
        }
        if isCapitalised {
            let first = text[start].uppercased()
            text.replaceSubrange(start...start, with: first)
        }
    }

    private func place(_ chance: inout FixtureChance) -> String { chance.one(of: FixtureWords.places) }
}
