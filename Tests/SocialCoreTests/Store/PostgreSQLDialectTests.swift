// The SQL of the operations in PostgreSQL's words. Whether a server takes it is for the conformance tests to say.

import Testing

@testable import SocialCore

@Suite("SQL is put into PostgreSQL's words")
struct PostgreSQLDialectTests {
    private func translated(_ sql: String) -> PostgreSQLDialect.Statement {
        PostgreSQLDialect.statement(sql, schema: "s7", tables: ["post", "follower", "follow", "progress", "slot"])
    }

    @Test("Places get numbers, those without one the next after the largest")
    func places() {
        let sql = "SELECT id FROM post WHERE author = ? AND id > ? AND id < ? AND kind = ?5 LIMIT ?4"
        let expected = "SELECT id FROM s7.post WHERE author = $1 AND id > $2 AND id < $3 AND kind = $5 LIMIT $4"
        #expect(translated(sql) == .init(sql: expected, placeCount: 5))
        #expect(translated("SELECT ?2, ?, ?1").sql == "SELECT $2, $3, $1")
        #expect(translated("SELECT 1").placeCount == 0)
    }

    @Test("Tables get their schema, and columns of the same name do not")
    func tables() {
        let join = "SELECT follower.follower FROM follower JOIN follow ON follow.follower = follower.follower"
        #expect(
            translated(join).sql
                == "SELECT follower.follower FROM s7.follower JOIN s7.follow ON follow.follower = follower.follower")
        let upsert = "INSERT INTO progress VALUES (?1) ON CONFLICT (key) DO UPDATE SET done = excluded.done"
        #expect(
            translated(upsert).sql
                == "INSERT INTO s7.progress VALUES ($1) ON CONFLICT (key) DO UPDATE SET done = excluded.done")
        #expect(translated("UPDATE slot SET slot = 1").sql == "UPDATE s7.slot SET slot = 1")
        #expect(translated("WITH counted AS (SELECT 1) SELECT * FROM counted").sql.hasSuffix("FROM counted"))
    }

    @Test("What only SQLite's planner hears is left out, and quoted texts stay as they are")
    func words() {
        #expect(
            translated("SELECT id FROM post INDEXED BY post_by_author WHERE id = ?").sql
                == "SELECT id FROM s7.post WHERE id = $1")
        #expect(translated("SELECT offset FROM post").sql == "SELECT \"offset\" FROM s7.post")
        #expect(translated("SELECT 'FROM post ?', ?").sql == "SELECT 'FROM post ?', $1")
    }

    @Test("Tables have 64-bit numbers, bytes, and texts in the order of their bytes")
    func schema() {
        let sql = "CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB NOT NULL, x TEXT, offset INTEGER) WITHOUT ROWID;"
        let expected =
            "CREATE TABLE t (n BIGINT PRIMARY KEY, b BYTEA NOT NULL, x TEXT COLLATE \"C\", \"offset\" BIGINT);"
        #expect(PostgreSQLDialect.tables(sql) == expected.replacing(");", with: ") ;"))
        #expect(PostgreSQLDialect.names(in: sql) == ["t"])
        #expect(PostgreSQLDialect.names(in: SQLiteSchema.statements).isSuperset(of: ["shard", "post", "part"]))
    }
}

@Suite("Addresses of PostgreSQL servers")
struct PostgreSQLAddressTests {
    @Test(
        "What is no address, or tells a secret, is refused",
        arguments: [
            "", "host", "http://host/db", "postgresql://ada:secret@host/db", "postgresql://ada:@host/db",
            "postgresql://host/db?password=secret", "postgresql://host/db?a=b&sslpassword=x", "postgresql://ho st/db",
            "postgresql://host/d\u{1B}b",
        ])
    func refused(text: String) {
        #expect(throws: StoreError.self) { try PostgreSQLAddress(text) }
    }

    @Test(
        "Addresses stay as they are",
        arguments: [
            "postgresql://", "postgres://ada@host:5433/db", "postgresql://a,b:5433/db?target_session_attrs=read-write",
            "postgresql:///db?host=/run/postgresql", "postgresql://[::1]:5432/db",
        ])
    func taken(text: String) throws {
        #expect(try PostgreSQLAddress(text).text == text)
    }
}
