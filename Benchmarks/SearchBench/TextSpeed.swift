// How fast posts become terms.

import Formats
import SocialCore

/// Times the tokenizer.
enum TextSpeed {
    static func run(_ posts: [String]) {
        let ascii = posts.filter { (90...110).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 < 0x80 } }
        for (name, texts) in [("all posts", posts), ("ASCII posts of about 100 bytes", ascii)] {
            for stems in [false, true] {
                var tokenizer = Tokenizer(.index, stems: stems)
                var list = TermList()
                var terms = 0
                let seconds = SearchBench.seconds {
                    terms = 0
                    for text in texts {
                        list.removeAll()
                        tokenizer.tokenize(text, into: &list)
                        terms += list.terms.count
                    }
                }
                SearchBench.say(
                    "text",
                    [
                        ("posts", .string(name)), ("stems", .bool(stems)), ("count", .integer(Int64(texts.count))),
                        ("terms", .integer(Int64(terms))),
                        ("microsecondsEach", .rounded(seconds * 1e6 / Double(max(1, texts.count)))),
                    ])
            }
        }
    }
}
