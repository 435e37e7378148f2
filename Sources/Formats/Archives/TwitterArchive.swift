// The posts of a Twitter archive: `data/tweets.js`, in older archives `tweet.js`, a script that gives a variable a JSON
// array. Observed from archives of 2019 to 2023; there is no specification.

/// Reads tweets.
enum TwitterArchive {
    /// Where the JSON begins: behind `window.YTD.tweets.part0 =`.
    static func listStart(_ bytes: [UInt8]) throws(DataError) -> Int {
        let head = bytes.prefix(256)
        if head.first(where: { $0 > ASCII.space }) == UInt8(ascii: "[") { return 0 }
        guard let equals = head.firstIndex(of: UInt8(ascii: "=")) else {
            throw DataError(.syntax, line: 1, column: 1, "expected `window.YTD.tweets.part0 = [`, as tweets.js begins")
        }
        return equals + 1
    }

    static func item(_ item: JSONItemReader.Item) throws(DataError) -> ArchiveItem {
        let tweet = item.value["tweet"] ?? item.value
        guard case .object = tweet else { throw item.fault("expected a tweet, which is an object") }
        guard let id = tweet["id_str"]?.string ?? tweet["id"]?.string, !id.isEmpty else {
            throw item.fault("the tweet has no \"id_str\"")
        }
        guard let full = tweet["full_text"]?.string ?? tweet["text"]?.string else {
            throw item.fault("the tweet has no \"full_text\"")
        }
        if full.hasPrefix("RT @") { return .other(.repost) }
        guard let created = tweet["created_at"]?.string else { throw item.fault("the tweet has no \"created_at\"") }
        guard let time = TwitterTime.parse(created) else {
            throw item.fault("\"created_at\": expected a time such as \"Wed Oct 10 20:19:24 +0000 2018\"")
        }
        let text = text(full, tweet["entities"])
        let media = (tweet["extended_entities"] ?? tweet["entities"])?["media"]?.array ?? []
        if text.isEmpty, media.isEmpty { return .other(.noText) }
        // The files of a tweet carry its number, and do not say which is which.
        let attachments = media.isEmpty ? [] : [ArchiveAttachment(key: id, alt: nil)]
        return .post(
            ArchivePost(
                key: "twitter:\(id)", text: text, timeMilliseconds: time,
                replyKey: tweet["in_reply_to_status_id_str"]?.string.map { "twitter:\($0)" },
                attachments: attachments))
    }

    /// The text with the addresses that were meant in the place of shortened ones, and without those of media.
    private static func text(_ full: String, _ entities: JSONValue?) -> String {
        var replacements: [String: String] = [:]
        for url in entities?["urls"]?.array ?? [] {
            if let short = url["url"]?.string, let long = url["expanded_url"]?.string { replacements[short] = long }
        }
        for media in entities?["media"]?.array ?? [] {
            if let short = media["url"]?.string { replacements[short] = "" }
        }
        var words: [Substring] = []
        // Twitter shortens every address: each is a word or the end of one.
        for word in CharacterReference.decodeAll(full).split(separator: " ", omittingEmptySubsequences: false) {
            words.append(replace(word, replacements))
        }
        var text = words.joined(separator: " ")[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// The word with each address that has a replacement replaced.
    private static func replace(_ word: Substring, _ replacements: [String: String]) -> Substring {
        guard !replacements.isEmpty else { return word }
        var result = ""
        var rest = word
        while let start = rest.firstRange(of: "http")?.lowerBound {
            var address = rest[start...].prefix(while: isAddressCharacter)
            // A full stop behind an address is none of it.
            while let last = address.last, !last.isLetter, !last.isNumber { address.removeLast() }
            result += rest[..<start] + (replacements[String(address)] ?? String(address))
            rest = rest[address.endIndex...]
        }
        return (result + rest)[...]
    }

    private static func isAddressCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || ":/.-_".contains(character))
    }
}
