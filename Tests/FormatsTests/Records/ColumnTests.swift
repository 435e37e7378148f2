// The choice of fields.

import Formats
import Testing

@Suite("Fields are chosen")
struct ColumnTests {
    private let columns: [Column] = [Column("id", isIdentity: true), "author", "text"]

    @Test("all of them by default, else those asked for, in that order")
    func selection() throws {
        #expect(try Column.select(nil, from: columns) == [0, 1, 2])
        #expect(try Column.select(["text", "id"], from: columns) == [2, 0])
        #expect(try Column.select([], from: columns) == [])
    }

    @Test("and an unknown one is answered with those that exist")
    func unknown() {
        let error = #expect(throws: FieldError.self) { try Column.select(["id", "body"], from: columns) }
        #expect(error?.description == "unknown field \"body\"; there are id, author, text")
    }

    @Test("and none twice")
    func repeated() {
        let error = #expect(throws: FieldError.self) { try Column.select(["id", "id"], from: columns) }
        #expect(error?.reason == .repeated && error?.field == "id")
    }
}
