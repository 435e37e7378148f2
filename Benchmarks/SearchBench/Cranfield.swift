// The Cranfield collection: 1,400 abstracts, 225 questions, and which of the abstracts answer which.

import Formats
import Glibc
import SocialCore

/// Measures ranking settings on Cranfield.
enum Cranfield {
    static func run(folder: String) {
        let documents = records(SearchBench.lines("\(folder)/cran.all.1400"))
        let queries = records(SearchBench.lines("\(folder)/cran.qry")).map { $0["W"] ?? "" }
        var relevant = [[Int: Int]](repeating: [:], count: queries.count + 1)
        for line in SearchBench.lines("\(folder)/cranqrel") {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            if numbers.count == 3, numbers[2] > 0 { relevant[numbers[0]][numbers[1] - 1] = 5 - numbers[2] }
        }
        runDamaged(documents, queries, relevant)
        for stems in [false, true] {
            var tokenizer = Tokenizer(.index, stems: stems)
            var index = MemoryIndex()
            for document in documents {
                index.add([
                    (terms(document["T"] ?? "", &tokenizer), 1), (terms(document["W"] ?? "", &tokenizer), 1),
                ])
            }
            var plain = Tokenizer(.query)
            let contents = queries.map { query in
                let kept = terms(query, &plain).filter { !StopWords.contains($0) }.joined(separator: " ")
                return terms(kept, &tokenizer)
            }
            for (name, questions) in [("all", queries.map { terms($0, &tokenizer) }), ("content", contents)] {
                for settings in settings {
                    for hasMinimum in [false, true] {
                        let (map, gain) = measure(index, questions, relevant, settings, hasMinimum)
                        SearchBench.say(
                            "cranfield",
                            [
                                ("stems", .bool(stems)), ("words", .string(name)), ("minimumMatch", .bool(hasMinimum)),
                                ("k1", .rounded(settings.saturation)), ("b", .rounded(settings.lengthShare)),
                                ("map", .rounded(map)), ("ndcg10", .rounded(gain)),
                                ("ships", .bool(stems && hasMinimum && name == "content" && settings == .shipped)),
                            ])
                    }
                }
            }
        }
    }

    /// Measures what ships on queries with an error in every longer word, with and without correction.
    private static func runDamaged(_ documents: [[String: String]], _ queries: [String], _ relevant: [[Int: Int]]) {
        var plain = Tokenizer(.query)
        var tokenizer = Tokenizer(.index, stems: true)
        var index = MemoryIndex()
        for document in documents {
            index.add([(terms(document["T"] ?? "", &tokenizer), 1), (terms(document["W"] ?? "", &tokenizer), 1)])
        }
        var damage = DamagedQueries(documents.map { terms($0["W"] ?? "", &plain) })
        let clean = queries.map { terms($0, &plain).filter { !StopWords.contains($0) } }
        let damaged = clean.map { $0.map { damage.damaged($0) } }
        let corrected = damaged.map { $0.map { damage.corrected($0) } }
        for (name, words) in [("clean", clean), ("damaged", damaged), ("corrected", corrected)] {
            let questions = words.map { terms($0.joined(separator: " "), &tokenizer) }
            let (map, gain) = measure(index, questions, relevant, .shipped, true)
            SearchBench.say(
                "cranfield with errors",
                [("queries", .string(name)), ("map", .rounded(map)), ("ndcg10", .rounded(gain))])
        }
    }

    private static let settings = [0.9, 1.2, 1.6, 2.0, 2.4, 3.0].flatMap { saturation in
        [0.4, 0.6, 0.7, 0.75].map { BM25(saturation: saturation, lengthShare: $0) }
    }

    private static func terms(_ text: String, _ tokenizer: inout Tokenizer) -> [String] {
        var list = TermList()
        tokenizer.tokenize(text, into: &list)
        return list.terms.map { list.text(of: $0) }
    }

    /// The records of a file in the format of SMART: `.I` begins one, `.T` and others its fields.
    private static func records(_ lines: [String]) -> [[String: String]] {
        var records: [[String: String]] = []
        var field = ""
        for line in lines {
            if line.hasPrefix(".I ") {
                records.append([:])
            } else if line.utf8.count == 2, line.hasPrefix(".") {
                field = String(line.dropFirst())
            } else if !records.isEmpty {
                records[records.count - 1][field, default: ""] += line + "\n"
            }
        }
        return records
    }

    /// Mean average precision and nDCG@10, relevance being yes or no.
    private static func measure(
        _ index: MemoryIndex, _ queries: [[String]], _ relevant: [[Int: Int]], _ settings: BM25,
        _ hasMinimum: Bool
    ) -> (map: Double, gain: Double) {
        var precision = 0.0
        var gain = 0.0
        for (number, query) in queries.enumerated() {
            let wanted = relevant[number + 1]
            var found = 0
            var sum = 0.0
            var discounted = 0.0
            let minimum = hasMinimum ? QueryGroup.minimumMatch(of: Set(query).count) : 1
            let hits = index.search(query, minimumMatch: minimum, settings: settings)
            for (place, hit) in hits.enumerated() where wanted[hit.document] != nil {
                found += 1
                sum += Double(found) / Double(place + 1)
                if place < 10 { discounted += 1 / log2(Double(place + 2)) }
            }
            let ideal = (0..<min(10, wanted.count)).reduce(0.0) { $0 + 1 / log2(Double($1 + 2)) }
            precision += sum / Double(max(1, wanted.count))
            gain += ideal > 0 ? discounted / ideal : 0
        }
        return (precision / Double(queries.count), gain / Double(queries.count))
    }
}
