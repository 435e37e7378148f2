// A page of mdoc under construction: headings, lists, displays, and the paragraph breaks between them, which may stand
// neither first in a section nor beside a list, or a checker complains.

/// Writes a page.
struct MdocWriter {
    /// The program, whose command lines are recognised in prose.
    let program: String
    private var lines: [String] = []
    /// Whether something stands above that the next paragraph must be set apart from.
    private var needsBreak = false

    init(program: String) {
        self.program = program
    }

    /// The whole page.
    var text: String { lines.map { $0 + "\n" }.joined() }

    /// What stands before the first section.
    mutating func head(name: String, section: Int, date: String, source: String) {
        lines.append(".\\\" Made from the declarations of the commands; do not edit.")
        macro("Dd", .markup(date))
        macro("Dt", .markup(name.uppercased()), .literal(String(section)))
        macro("Os", .markup(source))
    }

    /// Begins a section.
    mutating func section(_ title: String) {
        lines.append(".Sh " + Mdoc.text(title).source)
        needsBreak = false
    }

    /// Begins a section within a section.
    mutating func subsection(_ title: String) {
        lines.append(".Ss " + Mdoc.text(title).source)
        needsBreak = false
    }

    /// A line that calls a macro.
    mutating func macro(_ name: String, _ arguments: Mdoc...) {
        macro(name, arguments)
    }

    /// A line that calls a macro.
    mutating func macro(_ name: String, _ arguments: [Mdoc]) {
        lines.append("." + ([name] + arguments.map(\.argument)).joined(separator: " "))
    }

    /// A list: each item has a label, made of macros, and writes its own text.
    mutating func list<Item>(
        _ items: [Item], isCompact: Bool = false, label: (Item) -> [Mdoc],
        text: (inout MdocWriter, Item) -> Void
    ) {
        guard !items.isEmpty else { return }
        if isCompact, needsBreak { lines.append(".Pp") }
        lines.append(".Bl -tag -width Ds" + (isCompact ? " -compact" : ""))
        for item in items {
            macro("It", label(item))
            needsBreak = false
            text(&self, item)
        }
        lines.append(".El")
        needsBreak = true
    }

    /// Lines that are kept as they are.
    mutating func display(_ content: [String]) {
        lines.append(".Bd -literal -offset indent")
        lines += content.map { Mdoc.literal($0).line }
        lines.append(".Ed")
        needsBreak = true
    }

    /// A command line on a line of its own, with its placeholders.
    mutating func usage(_ words: [Mdoc]) {
        breakParagraph()
        macro("D1", [.markup("Nm"), .literal(program)] + words)
        needsBreak = true
    }

    /// Paragraphs, separated by blank lines; indented lines are kept as they are.
    mutating func prose(_ content: String) {
        var paragraph: [Substring] = []
        var kept: [String] = []
        let split: [Substring] = content.split(separator: "\n", omittingEmptySubsequences: false)
        for line in split + [""] {
            if line.first != " ", !kept.isEmpty {
                display(kept)
                kept = []
            }
            if line.isEmpty || line.first == " " {
                write(paragraph)
                paragraph = []
            } else {
                paragraph.append(line)
            }
            if line.first == " " { kept.append(String(line.drop { $0 == " " })) }
        }
    }

    /// An example: what it is for, and the line.
    mutating func example(_ example: Example) {
        prose(example.purpose + ":")
        display([example.line])
    }

    private mutating func write(_ paragraph: [Substring]) {
        guard !paragraph.isEmpty else { return }
        breakParagraph()
        var prose = MdocProse(program: program)
        lines += prose.lines(of: paragraph.joined(separator: " "))
        needsBreak = true
    }

    private mutating func breakParagraph() {
        if needsBreak { lines.append(".Pp") }
        needsBreak = false
    }
}
