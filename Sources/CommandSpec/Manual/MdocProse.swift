// Prose with its meaning: options, variables, other pages and quoted command lines are recognised in the plain text of
// the declarations and marked, so that declarations need no markup of their own. Each sentence begins a line.

/// Turns a paragraph into lines of mdoc.
struct MdocProse {
    private let program: String
    private var result: [String] = []
    private var words: [String] = []

    init(program: String) {
        self.program = program
    }

    /// The lines of a paragraph.
    mutating func lines(of paragraph: String) -> [String] {
        var rest = paragraph.split(separator: " ")[...]
        while let word = rest.first {
            var used = 1
            if isQuote(word), let end = rest.firstIndex(where: endsQuote) {
                used = end - rest.startIndex + 1
                quote(rest.prefix(used))
            } else {
                add(word)
            }
            let endsSentence = rest.prefix(used).last?.last == "."
            rest = rest.dropFirst(used)
            if endsSentence, rest.first?.first.map({ $0.isUppercase || $0 == "\"" }) ?? false { flush() }
        }
        flush()
        return result
    }

    /// `"social`, as in `"social feed regenerate"`.
    private func isQuote(_ word: Substring) -> Bool {
        word == "\"\(program)" || word.hasPrefix("\"\(program)\"")
    }

    private func endsQuote(_ word: Substring) -> Bool {
        Affixed(word).core.hasSuffix("\"")
    }

    /// A quoted command line.
    private mutating func quote(_ quoted: ArraySlice<Substring>) {
        let last = Affixed(quoted.last ?? "")
        var typed = quoted.dropLast().map(String.init) + [String(last.core)]
        typed[0].removeFirst()
        typed[typed.count - 1].removeLast()
        macro("Ql", typed.map { .literal($0) }, last.suffix)
    }

    /// One word: marked if it is an option, a variable or another page.
    private mutating func add(_ word: Substring) {
        let parts = Affixed(word)
        let core = parts.core
        let marked: (name: String, arguments: [Mdoc])?
        // Most words are plain, which a byte tells sooner than a pattern.
        let bytes = core.utf8
        if bytes.first == UInt8(ascii: "-"), core.wholeMatch(of: /--?[a-z][a-z-]*/) != nil {
            marked = ("Fl", [.literal(String(core.dropFirst()))])
        } else if bytes.contains(UInt8(ascii: "_")), core.wholeMatch(of: /[A-Z]+_[A-Z_]+/) != nil {
            marked = ("Ev", [.literal(String(core))])
        } else if bytes.last == UInt8(ascii: ")"), let match = core.wholeMatch(of: /([a-z-]+)\(([1-8])\)/) {
            marked = ("Xr", [.page(String(match.output.1)), .literal(String(match.output.2))])
        } else {
            marked = nil
        }
        guard let marked, parts.prefix.isEmpty else { return words.append(String(word)) }
        macro(marked.name, marked.arguments, parts.suffix)
    }

    private mutating func macro(_ name: String, _ arguments: [Mdoc], _ suffix: Substring) {
        flush()
        let marks = suffix.map { Mdoc.markup(String($0)) }
        result.append("." + ([name] + (arguments + marks).map(\.argument)).joined(separator: " "))
    }

    private mutating func flush() {
        guard !words.isEmpty else { return }
        result.append(Mdoc.text(words.joined(separator: " ")).line)
        words = []
    }
}

/// A word and the marks around it: `(--limit),` is `--limit` between `(` and `),`.
private struct Affixed {
    let prefix: Substring
    let core: Substring
    let suffix: Substring

    init(_ word: Substring) {
        prefix = word.prefix { $0 == "(" }
        let rest = word.dropFirst(prefix.count)
        let bare = rest.reversed().drop { ".,:;".contains($0) }.count
        // A closing bracket belongs to the word if it was opened there, as in `social(1)`.
        let isOpened = rest.prefix(bare).contains("(")
        let core = rest.prefix(bare)
        self.core = core.last == ")" && !isOpened ? core.dropLast() : core
        suffix = rest.dropFirst(self.core.count)
    }
}
