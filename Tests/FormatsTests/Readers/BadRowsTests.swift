// Bad rows end an import or are left out, as the policy says.

import Formats
import Testing

@Suite("Bad rows")
struct BadRowsTests {
    private let fault = DataError(.syntax, line: 3, column: 2, "it is \"bad\"")

    @Test("stop an import")
    func stop() {
        let rows = BadRows(.stop, file: "f", keepsRows: true)
        let error = #expect(throws: FileError.self) { try rows.take(fault, [1]) }
        #expect(error?.description == "f:3:2: it is \"bad\"")
        #expect(throws: FileError.self) { try rows.pass(fault) }
        #expect(rows.count == 0 && rows.rows.isEmpty && rows.reasons.isEmpty)
    }

    @Test("are counted, and kept behind the heading with their reasons if that is wanted")
    func skip() throws {
        let kept = BadRows(.skip, file: "f", keepsRows: true) { _ in Issue.record("nothing is to be reported") }
        kept.heading = Array("a,b".utf8)
        try kept.pass(fault)
        #expect(kept.count == 0)
        for row in ["x", "y"] { try kept.take(fault, Array(row.utf8)[...]) }
        #expect(kept.count == 2)
        #expect(kept.rows == Array("a,b\nx\ny\n".utf8))
        let reason = #"{"file":"f","line":3,"column":2,"code":"syntax","message":"it is \"bad\""}"# + "\n"
        #expect(kept.reasons == Array((reason + reason).utf8))
        let counted = BadRows(.skip, file: "f")
        try counted.take(fault, [1])
        #expect(counted.count == 1 && counted.rows.isEmpty && counted.reasons.isEmpty)
    }

    @Test("are reported")
    func report() throws {
        var reported: [String] = []
        let rows = BadRows(.report, file: "f") { reported.append("\($0)") }
        try rows.take(fault, [1])
        rows.file = "g"
        try rows.take(fault, [1])
        #expect(reported == ["f:3:2: it is \"bad\"", "g:3:2: it is \"bad\""])
    }

    @Test("are none where nothing can be read any more", arguments: BadRows.Policy.allCases)
    func ends(policy: BadRows.Policy) {
        let rows = BadRows(policy, file: "f")
        #expect(throws: FileError.self) { try rows.take(DataError(.syntax, byteOffset: 7, "cut off"), [1]) }
        #expect(throws: FileError.self) { try rows.take(DataError(.source, line: 1, column: 1, "gone"), [1]) }
        #expect(rows.count == 0)
    }
}
