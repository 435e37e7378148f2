// Which statements take more rows than one, and how they look then.
#if PostgreSQL

import TestKit
import Testing

@testable import SocialCore

@Suite("Insertions of many rows into PostgreSQL")
struct PostgreSQLInsertionTests {
    private func repeated(_ sql: String, _ times: Int) -> String? {
        let statement = PostgreSQLDialect.statement(sql, schema: "s", tables: ["follow"])
        return PostgreSQLRowPattern(statement)?.repeated(times).sql
    }

    @Test("Plain ones take more rows, with places that go on")
    func plain() {
        #expect(repeated("INSERT INTO follow VALUES (?, ?)", 2) == "INSERT INTO s.follow VALUES ($1, $2), ($3, $4)")
        #expect(
            repeated("INSERT INTO follow (a) VALUES (?) ON CONFLICT DO NOTHING", 3)
                == "INSERT INTO s.follow (a) VALUES ($1), ($2), ($3) ON CONFLICT DO NOTHING")
    }

    @Test("Others do not")
    func others() {
        for sql in [
            "INSERT INTO follow VALUES (1, ?)", "INSERT INTO follow VALUES (?2, ?1)", "DELETE FROM follow",
            "INSERT INTO follow VALUES (?) ON CONFLICT (a) DO UPDATE SET a = excluded.a",
            "INSERT INTO follow SELECT ?", "SELECT ?", "INSERT INTO follow VALUES (?, ?1)",
        ] {
            #expect(repeated(sql, 2) == nil, "\(sql)")
        }
    }
}

#endif
