// Edge lists in the forms in which graphs are published.

import Formats
import Testing

@Suite("Edge lists are read")
struct EdgeListReaderTests {
    private func edges(_ text: String, _ heading: EdgeListReader.Heading = .automatic) throws -> [String] {
        var reader = EdgeListReader(LineReader(bytes: Array(text.utf8)), heading: heading)
        var edges: [String] = []
        while let edge = try reader.next() {
            let names = [edge.source, edge.target].map { String(decoding: $0, as: UTF8.self) }
            edges.append("\(edge.line):\(names[0])>\(names[1])")
        }
        return edges
    }

    @Test(
        "in every published form",
        arguments: [
            ("1 2\n3 4\n", ["1:1>2", "2:3>4"]),
            ("# SNAP\n# FromNodeId\tToNodeId\n1\t2\n\n% note\n3\t4", ["3:1>2", "6:3>4"]),
            ("id_1,id_2\n0,23977\r\n1,34526\r\n", ["2:0>23977", "3:1>34526"]),
            ("1,2\n3 , 4\n", ["1:1>2", "2:3>4"]),
            ("  1   2  0.5 1299\n", ["1:1>2"]),
            ("1,2,0.5,x\n", ["1:1>2"]),
            ("ana,bob\neve,dan\n", ["1:ana>bob", "2:eve>dan"]),
            ("ana,bob\n", ["1:ana>bob"]),
            ("source,target\nana,bob\n", ["2:ana>bob"]),
            ("Follower,Followee\n", []),
            ("", []), ("# only\n\n", []),
        ] as [(String, [String])])
    func forms(text: String, expected: [String]) throws {
        #expect(try edges(text) == expected)
    }

    @Test("with the heading that the caller knows of")
    func heading() throws {
        #expect(try edges("a b\nc d", .present) == ["2:c>d"])
        #expect(try edges("a,b\n1,2", .absent) == ["1:a>b", "2:1>2"])
    }

    @Test(
        "and faults are refused with their place",
        arguments: [
            ("1 2\n3\n", "2:2 syntax"), ("1,2\n,3\n", "2:1 syntax"), ("1,2\n 3,\n", "2:4 syntax"),
            ("1 2\n3 \u{0}4\n", "2:3 binary"), ("a,b\nc\n", "2:2 syntax"),
        ])
    func faults(text: String, expected: String) {
        #expect(place { _ = try edges(text) } == expected)
    }

    @Test("past a fault, with the columns of each name")
    func goesOn() throws {
        var reader = EdgeListReader(LineReader(bytes: Array("a,b\noops\n c  d\n".utf8)))
        #expect(try reader.next()?.line == 1)
        #expect(place { _ = try reader.next() } == "2:5 syntax")
        let edge = try reader.next()
        #expect(edge?.line == 3 && edge?.sourceColumn == 2 && edge?.targetColumn == 5)
        #expect(reader.lastLine.elementsEqual(" c  d".utf8))
    }

    @Test("without a trap, whatever the bytes")
    func randomBytes() {
        var random = SeededGenerator("edge random bytes")
        for _ in 0..<5_000 {
            var reader = EdgeListReader(random.lineReader(random.bytes("12ab, \t\n\r#%", length: 40)))
            var steps = 0
            while steps < 100 {
                steps += 1
                do {
                    guard let edge = try reader.next() else { break }
                    #expect(!edge.source.isEmpty && !edge.target.isEmpty, "seed \(random.seed)")
                } catch {
                    #expect(error.line > 0 && error.column > 0, "seed \(random.seed)")
                }
            }
            #expect(steps < 100, "seed \(random.seed)")
        }
    }
}
