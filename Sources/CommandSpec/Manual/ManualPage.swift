// The man pages: one of the program, one of each word that a line may begin with, one of each guide. They are made
// from the declarations that the parser works by, so they cannot say anything else.

/// A page of the manual, in the mdoc language (mdoc(7)).
package struct ManualPage: Sendable {
    /// Its name: `social-user`.
    package let name: String
    /// The section of the manual that it belongs to.
    package let section: Int
    /// The page.
    package let text: String

    /// The name of its file: `social-user.1`.
    package var fileName: String { "\(name).\(section)" }
}

extension Specification {
    /// All pages, the program's first; hidden commands have none.
    package func manualPages() -> [ManualPage] {
        let visible = verbs.filter { !$0.isHidden }
        return [programPage] + nouns.map(page) + visible.map(page) + guides.map(page)
    }

    /// The name of the page about a noun, a verb without noun or a guide.
    func pageName(_ word: String) -> String { "\(program)-\(word)" }

    /// A page about some commands, or a guide: the head, what the closure writes, and what to read next.
    func page(
        _ name: String, section: Int, _ abstract: String, _ body: (inout MdocWriter) -> Void
    ) -> ManualPage {
        var writer = MdocWriter(program: program)
        writer.head(name: name, section: section, date: date, source: "\(program) \(version)")
        writer.section("NAME")
        writer.macro("Nm", .page(name))
        // One piece of text, which follows the name.
        writer.macro("Nd", .markup(Mdoc.text(abstract.prefix(1).lowercased() + abstract.dropFirst()).source))
        body(&writer)
        writer.section("SEE ALSO")
        let others = references.filter { $0 != (name, section) }
        for (index, other) in others.enumerated() {
            let comma = index < others.count - 1 ? [Mdoc.markup(",")] : []
            writer.macro("Xr", [.page(other.name), .literal(String(other.section))] + comma)
        }
        return ManualPage(name: name, section: section, text: writer.text)
    }

    /// The pages that every page refers to, by section and then by name.
    private var references: [(name: String, section: Int)] {
        let known = [(program, 1)] + guides.map { (pageName($0.name), $0.section) }
        return known.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    }
}
