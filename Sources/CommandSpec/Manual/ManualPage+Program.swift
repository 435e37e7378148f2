// The page of the program, which holds for all commands, and the pages of the guides.

extension Specification {
    /// The page of the program.
    var programPage: ManualPage {
        page(program, section: 1, abstract) { writer in
            writer.section("SYNOPSIS")
            let command: [Mdoc] = [.markup("Ar"), .literal("noun"), .markup("Ar"), .literal("verb")]
            writer.macro(
                "Nm", [.literal(program)] + optional("globals") + command + optional("options") + optional("operands"))
            writer.section("DESCRIPTION")
            writer.prose(discussion.isEmpty ? abstract + "." : discussion)
            writeCommands(to: &writer)
            writer.section("COMMAND LINE")
            writer.prose(grammar)
            writeOptions(to: &writer)
            writer.section("ENVIRONMENT")
            writer.list(variables) {
                [.markup("Ev"), .literal($0.name)]
            } text: {
                $0.prose($1.help + ".")
            }
            writer.section("EXIT STATUS")
            writer.exits(exits)
            writer.section("EXAMPLES")
            for example in examples { writer.example(example) }
        }
    }

    private func optional(_ name: String) -> [Mdoc] { Mdoc.optional([.markup("Ar"), .literal(name)]) }

    private func writeCommands(to writer: inout MdocWriter) {
        let visible = verbs.filter { !$0.isHidden }
        let topics =
            [
                ("NOUNS", nouns.map { ($0.name, 1, $0.abstract) }),
                ("VERBS", visible.map { ($0.verb, 1, $0.abstract) }),
                ("GUIDES", guides.map { ($0.name, $0.section, $0.abstract) }),
            ] as [(String, [(name: String, section: Int, abstract: String)])]
        for (title, pages) in topics where !pages.isEmpty {
            writer.section(title)
            writer.list(pages, isCompact: true) {
                [.markup("Xr"), .page(pageName($0.name)), .literal(String($0.section))]
            } text: {
                $0.prose($1.abstract + ".")
            }
        }
    }

    private func writeOptions(to writer: inout MdocWriter) {
        writer.section("OPTIONS")
        let visible = globals.declarations.filter { !$0.isHidden }
        writer.options(visible.filter { $0.category == nil } + visible.filter { $0.category != nil })
        for group in groups { writer.prose(group.sentence) }
    }

    /// The rules of the parser, which hold for every specification.
    private var grammar: String {
        """
        The global options may stand anywhere before "--"; the options of a command follow its words. A value is \
        written --name value, --name=value, -n value or -nvalue, and an option that needs one takes the next word, \
        whatever it begins with. One whose value is optional takes it only behind "=". Letters without values may \
        share a dash. Of an option that is given twice the last one counts, unless it may be repeated. Names are never \
        abbreviated. After "--" everything is an operand, and so is a lone "-", which stands for the standard input or \
        output wherever a file is expected.

        A value comes from the command line, else from the variable that the option names, else from the configuration \
        file, else it is the default. A configuration file has one option a line, without quotes; "#" begins a \
        comment. Words before the option confine it to a noun or a command:

            --format json
            feed show --limit 50

        Each command explains itself: "\(program) help", "\(program) help NOUN" and "\(program) help NOUN VERB" show \
        what these pages say, and "\(program) help --json" the same as data.
        """
    }
}

extension Specification {
    /// The page of a guide.
    func page(_ guide: Guide) -> ManualPage {
        page(pageName(guide.name), section: guide.section, guide.abstract) { writer in
            writer.section("DESCRIPTION")
            writer.prose(guide.discussion.isEmpty ? guide.abstract + "." : guide.discussion)
            for part in guide.parts {
                writer.section(part.title)
                writer.prose(part.prose)
                writer.list(part.rows) {
                    [.markup("Sy"), .literal($0.label)]
                } text: {
                    $0.prose($1.text)
                }
            }
            guard !guide.examples.isEmpty else { return }
            writer.section("EXAMPLES")
            for example in guide.examples { writer.example(example) }
        }
    }
}
