// Whole pages, and which of them there are.

import CommandSpec
import Testing

@Suite("Man pages")
struct ManualPageTests {
    private let pages = Sample.specification.manualPages()

    @Test("There is a page of the program, of each noun, of each visible verb and of each guide")
    func names() {
        #expect(
            pages.map(\.fileName) == [
                "app.1", "app-user.1", "app-follow.1", "app-post.1", "app-feed.1", "app-config.1", "app-init.1",
                "app-status.1", "app-help.1", "app-version.1", "app-notations.7",
            ])
    }

    @Test("A verb without noun is described in full")
    func verb() throws {
        let page = try #require(pages.first { $0.name == "app-init" })
        #expect(
            page.text == #"""
                .\" Made from the declarations of the commands; do not edit.
                .Dd January 2, 2026
                .Dt APP-INIT 1
                .Os app 1.2.3
                .Sh NAME
                .Nm app-init
                .Nd make a data directory
                .Sh SYNOPSIS
                .Nm app Cm init Oo Ar DIR Oc
                .Sh DESCRIPTION
                Make a data directory.
                .Pp
                The options that all commands accept are described in
                .Xr app 1 .
                .Sh OPERANDS
                .Bl -tag -width Ds
                .It Oo Ar DIR Oc
                Where to make it.
                .El
                .Sh EXIT STATUS
                The statuses that all commands share are listed in
                .Xr app 1 .
                .Sh EXAMPLES
                Begin:
                .Bd -literal -offset indent
                app init
                .Ed
                .Sh SEE ALSO
                .Xr app 1 ,
                .Xr app-notations 7

                """#)
    }

    @Test("A noun's page has a section a verb, with everything that is declared of it")
    func noun() throws {
        let text = try #require(pages.first { $0.name == "app-feed" }).text
        let start = try #require(text.firstRange(of: ".Sh FEED SHOW\n"))
        let end = try #require(text.firstRange(of: ".Sh FEED PAGE\n"))
        #expect(
            text[start.upperBound..<end.lowerBound]
                == #"""
                .D1 Nm app Cm feed show Ar HANDLE Oo Ar DELTA Oc Oo Ar options Oc
                .Pp
                Show the feed of a user.
                .Pp
                Newest posts come first.
                .Pp
                Posts of blocked users are left out.
                .Ss OPERANDS
                .Bl -tag -width Ds
                .It Ar HANDLE
                Whose feed.
                .It Oo Ar DELTA Oc
                How far to shift.
                .El
                .Ss OPTIONS
                .Bl -tag -width Ds
                .It Fl n , Fl \-limit Ar N
                Show at most so many.
                Default: 20; environment: APP_LIMIT.
                .It Fl \-since Ar TIME
                Show what is newer.
                .It Fl t , Fl \-tag Ar TAG
                Show posts with this tag.
                May be repeated.
                .It Fl \-kinds Ar WORD,\[u2026]
                Show these kinds.
                Choices: text, media.
                .It Fl \-unread , Fl \-no\-unread
                Show only what is unread.
                .El
                .Ss JSON FIELDS
                .Bl -tag -width Ds -compact
                .It Va id
                The post (string)
                .It Va likes
                How many like it (integer)
                .It Va expires_at
                When it goes (time or null)
                .El
                .Ss EXIT STATUS
                .Bl -tag -width Ds -compact
                .It 67
                no such user
                .El
                .Ss EXAMPLES
                Read a feed:
                .Bd -literal -offset indent
                app feed show ada
                .Ed
                .Pp
                Take the texts only:
                .Bd -literal -offset indent
                app feed show ada \-\-json | jq \(aq.[].text\(aq
                .Ed

                """#.replacing("environment: APP_LIMIT.", with: "environment:\n.Ev APP_LIMIT ."))
    }

    @Test("A guide's rows and kept lines are set as they are")
    func guide() throws {
        let text = try #require(pages.first { $0.name == "app-notations" }).text
        #expect(text.contains(".Bd -literal -offset indent\n\\&.hidden \\-x\n.Ed\n.Pp\nNothing else.\n"))
        #expect(text.contains(".It Sy 20s\ntwenty seconds\n"))
        #expect(text.contains(".Dt APP-NOTATIONS 7\n"))
    }

    @Test("The program's page refers to all others")
    func program() throws {
        let text = try #require(pages.first).text
        for page in pages.dropFirst() {
            #expect(text.contains("Xr \(page.name) \(page.section)"), "\(page.name)")
        }
        #expect(!text.contains("complete"))
    }
}
