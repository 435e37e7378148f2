// A text comes out of a man page as it went in, whatever it holds.

import CommandSpec
import Testing

@testable import CommandSpec

@Suite("Mdoc")
struct MdocTests {
    @Test("A line that would be a request is guarded", arguments: [".Sh NAME", "'quoted'", ".", "'"])
    func requests(text: String) {
        #expect(Mdoc.text(text).line == "\\&" + text)
    }

    @Test("Backslashes are written as escapes")
    func backslashes() {
        #expect(Mdoc.text(#"\fB and \n"#).line == #"\efB and \en"#)
        #expect(Mdoc.literal(#"\t"#).argument == #"\et"#)
    }

    @Test("A hyphen that is typed is a minus, one between letters is not")
    func hyphens() {
        #expect(Mdoc.text("a time-ordered id, - and -5").line == #"a time-ordered id, \- and \-5"#)
        #expect(Mdoc.literal("no-headings").argument == #"no\-headings"#)
    }

    @Test("What typography would change is kept where it is typed")
    func marks() {
        #expect(Mdoc.literal("~ ^ ` '").line == #"\(ti \(ha \(ga \(aq"#)
        #expect(Mdoc.text("it's").line == "it's")
    }

    @Test("What is not ASCII is written by its number")
    func unicode() {
        #expect(Mdoc.text("FILE… 😀").line == #"FILE\[u2026] \[u1F600]"#)
    }

    @Test("Arguments are neither macros nor marks nor several")
    func arguments() {
        #expect(["Fl", "Ar", "No", "."].map { Mdoc.literal($0).argument } == [#"\&Fl"#, #"\&Ar"#, #"\&No"#, #"\&."#])
        #expect(Mdoc.literal("two words").argument == "\"two words\"")
        #expect(Mdoc.literal("").argument == "\"\"")
        #expect(Mdoc.literal("a\"b").argument == #"a\(dqb"#)
        #expect(Mdoc.markup("Fl").argument == "Fl")
        #expect(["ID", "id", "Json"].map { Mdoc.literal($0).argument } == ["ID", "id", "Json"])
    }

    @Test("Options, variables, pages and quoted command lines are recognised in prose")
    func prose() {
        var prose = MdocProse(program: "app")
        let lines = prose.lines(
            of: "Give --dry-run, -q or APP_DATA. See \"app help feed\", app-data(5) and (--all); a \"word\" stays.")
        #expect(
            lines == [
                "Give", #".Fl \-dry\-run ,"#, ".Fl q", "or", ".Ev APP_DATA .", "See", ".Ql app help feed ,",
                #".Xr app-data 5"#, "and (--all); a \"word\" stays.".replacing("(--", with: #"(\-\-"#),
            ])
    }

    @Test("A sentence begins a line, an abbreviation does not end one")
    func sentences() {
        var prose = MdocProse(program: "app")
        #expect(prose.lines(of: "One. Two, e.g. three. Four") == ["One.", "Two, e.g. three.", "Four"])
    }
}
