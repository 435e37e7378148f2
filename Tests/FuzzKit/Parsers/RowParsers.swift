// Files of rows: NDJSON, CSV, edges of a graph, posts, and the export of a network.

internal import Formats
internal import SocialCore
internal import TestKit

/// What reads rows.
enum RowParsers {
    static let all = [
        FuzzSubject("ndjson", ndjson), FuzzSubject("csv", csv), FuzzSubject("edges", edges),
        FuzzSubject("rows", rows), FuzzSubject("export", export),
    ]

    /// Reads until there is no more; an error uses something up, so there is an end.
    private static func drain(_ bytes: [UInt8], _ next: () throws(DataError) -> Bool) throws -> Bool {
        var (turns, isRight) = (0, true)
        while true {
            turns += 1
            try FuzzFault.expect(turns <= bytes.count + 3, "reading ends")
            do throws(DataError) { if try !next() { return isRight } } catch { isRight = false }
        }
    }

    private static func ndjson() -> FuzzParser {
        let lines = TextParsers.documents.joined(separator: "\n")
        return FuzzParser(texts: [lines, lines + "\r\n\n", "{}\n[1]\n\"a\"\n"], words: TextParsers.pieces) { bytes in
            var isRight = true
            for shape in [NDJSONReader.Shape.any, .object, .array] {
                var reader = NDJSONReader(LineReader(bytes: bytes, limitBytes: 200), expecting: shape)
                // No document has only lines of every shape.
                let isOfShape = try drain(bytes) { () throws(DataError) in try reader.next() != nil }
                if shape == .any { isRight = isOfShape }
                _ = reader.lastLine.count
            }
            return isRight
        }
    }

    private static let table = "id,text,at\r\n1,\"a \"\"b\"\", c\",2026-01-02T03:04:05Z\n2,\"two\nlines\",\n\n3,,x\n"

    private static func csv() -> FuzzParser {
        let words = ["\"", "\"\"", ",", "\t", "\n", "\r\n", "\r", "'=1", "'+", "text", "by"]
        return FuzzParser(texts: [table, "a\tb\n\"c\td\"\te\n", "x\n", "\"\"\n"], words: words) { bytes in
            var isRight = true
            for (separator, limit) in [(UInt8(ascii: ","), 1 << 20), (UInt8(ascii: "\t"), 64)] {
                var reader = CSVReader(LineReader(bytes: bytes), separator: separator, limitBytes: limit)
                isRight =
                    try drain(bytes) { () throws(DataError) in
                        guard let record = try reader.next() else { return false }
                        for field in record.fields { _ = CellEscaping.unguarded(field.text) }
                        return true
                    } && isRight
                _ = reader.lastRecord.count
            }
            return isRight
        }
    }

    private static func edges() -> FuzzParser {
        let texts = ["# a\n1 2\n2\t3 x\n\"a b\",c,0.5\n", "source,target\nana,bob\nbob,ana\n", "id_1,id_2\n0,1\n0,2\n"]
        return FuzzParser(texts: texts, words: [",", "\t", " ", "\"", "#", "%", "\n", "\r\n", "9"]) { bytes in
            var isRight = true
            for heading in [EdgeListReader.Heading.automatic, .present, .absent] {
                var reader = EdgeListReader(LineReader(bytes: bytes), heading: heading)
                isRight =
                    try drain(bytes) { () throws(DataError) in
                        guard let edge = try reader.next() else { return false }
                        _ = (edge.source.count, edge.target.count, edge.row.count)
                        return true
                    } && isRight
                _ = reader.lastLine.count
            }
            return isRight
        }
    }

    private static func rows() -> FuzzParser {
        let lines = #"{"text":"a","by":"ana","at":"2026-01-02T03:04:05Z"}"# + "\n" + #"{"text":"b","at":null}"# + "\n"
        return FuzzParser(texts: [lines, table], words: TextParsers.pieces + ["text", "at", ",", "\n"]) { bytes in
            var isRight = true
            for form in FieldReader.Form.allCases {
                guard var reader = try? FieldReader(form, LineReader(bytes: bytes), requiring: "text") else { continue }
                isRight =
                    try drain(bytes) { () throws(DataError) in
                        guard let record = try reader.next() else { return false }
                        _ = try (record.text("text"), record.time("at"))
                        return true
                    } && isRight
                _ = (reader.lastRecord.count, reader.heading?.count)
            }
            return isRight
        }
    }

    private static func export() throws -> FuzzParser {
        let world = try SampleWorld()
        let lines = world.run("export --with-records").output
        let words =
            TextParsers.pieces + ["user", "post", "media", "hex", "count"].map { "\"\($0)\"" } + ["\"version\":1"]
        return FuzzParser(seeds: [lines], words: words.map { Array($0.utf8) }) { bytes in
            guard var decoder = try? ExportDecoder(LineReader(bytes: bytes)) else { return false }
            var (turns, isRight) = (0, true)
            while true {
                turns += 1
                try FuzzFault.expect(turns <= bytes.count + 3, "reading ends")
                do {
                    guard let row = try decoder.next() else { return isRight }
                    switch row {
                    case .truth(let row): _ = (row.digest, row.slot, row.title)
                    case .record(let record):
                        // What was read is written as it was read.
                        var encoder = ExportEncoder()
                        encoder.header(.user, hasRecords: true)
                        encoder.record(record)
                        var again = try ExportDecoder(LineReader(bytes: encoder.bytes))
                        try FuzzFault.expect(again.next() == .record(record), "\(record.title) is read back")
                    }
                } catch let fault as FuzzFault { throw fault } catch { isRight = false }
            }
        }
    }
}
