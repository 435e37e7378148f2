// How fast posts become terms.

import Formats
import SocialCore

/// Times the tokenizer.
enum TextSpeed {
    static func run(_ posts: [String]) {
        let ascii = posts.filter { (90...110).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 < 0x80 } }
        for (name, texts) in [("all posts", posts), ("ASCII posts of about 100 bytes", ascii)] {
            for (stems, guesses) in [(false, false), (true, false), (false, true)] {
                var tokenizer = Tokenizer(.index, stems: stems)
                var list = TermList()
                var terms = 0
                var english = 0
                let seconds = SearchBench.seconds {
                    terms = 0
                    english = 0
                    for text in texts {
                        list.removeAll()
                        tokenizer.tokenize(text, into: &list)
                        terms += list.terms.count
                        if guesses, LanguageGuess.language(of: list) == .english { english += 1 }
                    }
                }
                SearchBench.say(
                    "text",
                    [
                        ("posts", .string(name)), ("stems", .bool(stems)), ("guessesLanguage", .bool(guesses)),
                        ("count", .integer(Int64(texts.count))), ("terms", .integer(Int64(terms))),
                        ("english", .integer(Int64(english))),
                        ("microsecondsEach", .rounded(seconds * 1e6 / Double(max(1, texts.count)))),
                    ])
            }
        }
    }
}
