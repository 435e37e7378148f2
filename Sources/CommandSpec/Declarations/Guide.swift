// Guides explain what concerns many commands at once, such as the output formats. `help` shows one as a topic, and
// each has a man page of its own, so that both say the same.

/// A subject that is explained for its own sake.
package struct Guide: Sendable {
    /// A headed part of a guide.
    package struct Part: Sendable {
        /// Its heading.
        package let title: String
        /// Paragraphs, separated by blank lines; indented lines are kept as they are.
        package let prose: String
        /// Labels that are typed or printed as they stand, each with its explanation, below the paragraphs.
        package let rows: [Row]

        /// Describes a part.
        package init(_ title: String, _ prose: String = "", rows: [Row] = []) {
            self.title = title
            self.prose = prose
            self.rows = rows
        }
    }

    /// A label and its explanation.
    package struct Row: Sendable {
        /// What is typed or printed.
        package let label: String
        /// What it means.
        package let text: String

        /// Pairs a label with its explanation.
        package init(_ label: String, _ text: String) {
            self.label = label
            self.text = text
        }
    }

    /// The word after `help`.
    package let name: String
    /// The section of the manual: 5 for formats of files, 7 for everything else.
    package let section: Int
    /// One line: what it is about.
    package let abstract: String
    /// What leads the guide: paragraphs, separated by blank lines.
    package let discussion: String
    /// The parts in order.
    package let parts: [Part]
    /// What to try.
    package let examples: [Example]

    /// Declares a guide.
    package init(
        _ name: String, section: Int, _ abstract: String, discussion: String = "", parts: [Part],
        examples: [Example] = []
    ) {
        self.name = name
        self.section = section
        self.abstract = abstract
        self.discussion = discussion
        self.parts = parts
        self.examples = examples
    }
}
