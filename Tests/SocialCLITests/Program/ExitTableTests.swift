// Every way to fail has its exit status: the codes of all errors against the one table.

import CommandSpec
import Formats
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@Suite("The exit table")
struct ExitTableTests {
    /// The codes of all error types, in the order of their rooms.
    private static let codes: [(type: String, code: String)] =
        codes("StorageError", StorageError.Code.allCases) + codes("StoreError", StoreError.Code.allCases)
        + codes("ShardsError", ShardsError.Code.allCases) + codes("EventsError", EventsError.Code.allCases)
        + codes("AccountsError", AccountsError.Code.allCases)
        + codes("GraphError", GraphError.Code.allCases) + codes("PostsError", PostsError.Code.allCases)
        + codes("QueryError", QueryError.Code.allCases) + codes("FixtureError", FixtureError.Code.allCases)
        + codes("MediaError", MediaError.Code.allCases) + codes("ToolError", ToolError.Code.allCases)
        + codes("FilmError", FilmError.Code.allCases) + codes("AnalyticsError", AnalyticsError.Code.allCases)
        + codes("QueueError", QueueError.Code.allCases) + codes("ServicesError", ServicesError.Code.allCases)
        + codes("ImportError", ImportError.Code.allCases) + codes("BackupError", BackupError.Code.allCases)
        + codes("DataError", DataError.Code.allCases) + codes("UsageError", UsageError.Code.allCases)

    private static func codes(_ type: String, _ cases: [some RawRepresentable<String>]) -> [(String, String)] {
        cases.map { (type, $0.rawValue) }
    }

    /// The codes that the command line itself gives to a `Failure`.
    private static func ownCodes() throws -> [String] {
        var codes: [String] = []
        for file in try Repository.sources("Sources/SocialCLI") {
            for match in file.text.matches(of: /(?:Failure|self\.init)\(\s*"([a-z_]+)",/) {
                codes.append(String(match.output.1))
            }
        }
        return codes
    }

    /// The codes of the server, whose module is not one of the command line.
    private static func serverCodes() throws -> [String] {
        let files = try Repository.sources("Sources/SocialServe").filter {
            $0.text.contains("struct ServeError: RoomError")
        }
        return files.flatMap { file in
            file.text.matches(of: /case (\w+)(?: = "(\w+)")?\n/).map { String($0.output.2 ?? $0.output.1) }
        }
    }

    @Test("every code of every error has an exit status")
    func completeness() {
        #expect(Self.codes.count > 40)
        for (type, code) in Self.codes {
            #expect(ExitTable.statuses[code] != nil, "\(type) has the code \(code), which the table lacks")
        }
    }

    @Test("every error type of the core is looked at")
    func types() throws {
        let known = Set(Self.codes.map(\.type))
        for file in try Repository.sources("Sources/SocialCore") {
            for match in file.text.matches(of: /struct (\w+): RoomError/) {
                #expect(known.contains(String(match.output.1)), "the codes of \(match.output.1) are not tested")
            }
        }
    }

    @Test("codes of the command line itself have a status, and only a bug is a bug")
    func own() throws {
        let codes = try Self.ownCodes()
        #expect(codes.contains("declined"))
        for code in codes where code != "bug" {
            #expect(ExitTable.statuses[code] != nil, "the table lacks \(code)")
        }
        for (code, status) in ExitTable.statuses where status == ExitTable.bug { #expect(code == "undeclared") }
    }

    @Test("the table names no code that nobody gives")
    func strays() throws {
        let known = Set(Self.codes.map(\.code) + (try Self.ownCodes()) + (try Self.serverCodes()))
        for code in ExitTable.statuses.keys.sorted() { #expect(known.contains(code), "nobody gives \(code)") }
    }

    @Test("every status of the table stands in the help")
    func help() {
        let documented = Set(SocialSpecification.specification.exits.map { Int32($0.status) })
        for (code, status) in ExitTable.statuses.sorted(by: { $0.key < $1.key }) {
            #expect(documented.contains(status), "help does not explain \(status), the status of \(code)")
        }
    }
}
