// Command lines: arguments, lines that are being typed, the file of defaults, and the words that values are.

internal import CommandSpec
internal import SocialCLI
internal import SocialCore

/// What reads command lines.
enum ArgumentParsers {
    static let all = [
        FuzzSubject("arguments", arguments), FuzzSubject("configuration", configuration), FuzzSubject("words", words),
    ]

    /// Every example of the manual, an argument a line.
    private static var examples: [String] {
        let specification = SocialSpecification.specification
        let lines = specification.examples + specification.commands.flatMap(\.examples)
        return lines.map { example in
            // Quotes stay together with what is in them; pipes are words like others.
            ShellWords.split(example.line, home: nil).dropFirst().joined(separator: "\n")
        }
    }

    private static var options: [String] {
        let specification = SocialSpecification.specification
        let flags = specification.commands.flatMap { $0.path } + specification.nouns.map(\.name)
        return Array(Set(flags)).sorted() + [
            "--", "-", "--json", "--format=", "--limit", "--limit=9", "-n", "--by", "--fields=id,text", "--data=",
            "--since", "24h", "--no-", "--help", "-hq", "=", ",", "@ana", "\n", "\n--",
        ]
    }

    private static func arguments() -> FuzzParser {
        let specification = SocialSpecification.specification
        return FuzzParser(texts: examples, words: options) { bytes in
            let words = String(decoding: bytes, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false
            ).map(String.init)
            _ = specification.globals(in: words)
            let query = specification.completion(after: Array(words.dropLast()), of: words.last ?? "")
            _ = query.candidates([Choice("ana", ""), Choice("--json", "")])
            do throws(UsageError) {
                switch try specification.parse(words) {
                case .run(let invocation): _ = UsageError.shellLine("social", words + invocation.command.path)
                case .help, .version: break
                }
                return true
            } catch {
                try FuzzFault.expect(!error.message.isEmpty, "a refusal says why")
                _ = error.rendered(program: "social")
                return false
            }
        }
    }

    private static func configuration() -> FuzzParser {
        let specification = SocialSpecification.specification
        let texts = [
            "# defaults\n--limit 50\nfeed show --limit=9\nfeed --json\n--quiet\n",
            "--data /tmp/x\r\n\tpost create --by ana\n",
        ]
        return FuzzParser(texts: texts, words: options) { bytes in
            let file = ConfigurationFile(String(decoding: bytes, as: UTF8.self), path: "x")
            _ = specification.globals(in: ["feed", "show", "ana"], configuration: file)
            do throws(UsageError) {
                _ = try specification.parse(["feed", "show", "ana"], configuration: file)
                return true
            } catch {
                _ = error.rendered(program: "social")
                return false
            }
        }
    }

    /// Ids, handles, places in lists, times, sizes: each text is read as each of them.
    private static func words() -> FuzzParser {
        let texts = [
            "ana", "Ana_Lena-9", "1234567890123456789", "0:3w5e11264sgsf:41,1:9gk2s0xq1vbn:7+1:3@1767323045000",
            "12.1234567890123456789", "3h", "250ms", "10M", "2026-01-02T03:04:05.678Z", "2026-01-02", "-3d", "1.5",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8", String(repeating: "0f", count: 32), "a=b", "id,text",
            "post/1234567890123456789", "#rrggbb", "3M,1M@20s,500K@40s",
        ]
        return FuzzParser(texts: texts, words: ["0", ":", ",", "+", "@", ".", "T", "Z", "-", "=", "/"]) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            func stays<Value: LosslessStringConvertible & Equatable>(_ value: Value?) throws -> Bool {
                guard let value else { return false }
                try FuzzFault.expect(Value(value.description) == value, "\(Value.self) is read as it is written")
                return true
            }
            var isTaken = try stays(OffsetVector(text))
            if let position = FeedTail.Position(text) {
                isTaken = true
                try FuzzFault.expect(
                    FeedTail.Position(position.description)?.description == position.description, "places are kept")
            }
            if let id = PostID(decimal: text) {
                isTaken = true
                try FuzzFault.expect(PostID(decimal: id.description) == id, "ids are kept")
                _ = (id.time, id.slot)
            }
            if let handle = try? Handle(text) {
                isTaken = true
                try FuzzFault.expect(try Handle(handle.display).display == handle.display, "handles are kept")
            }
            if let hash = ObjectHash(text) {
                isTaken = true
                try FuzzFault.expect(ObjectHash(hash.description) == hash, "hashes are kept")
            }
            let readings: [Bool] = [
                NotificationTail.Position(text) != nil, Search.Cursor(text) != nil, FeedCursor(text) != nil,
                AccessToken(text) != nil, AccessedResource(text) != nil, BandwidthTrace(schedule: text) != nil,
                MediaRecord.Look.colour(text) != nil, DurationText.parse(text) != nil, Hexadecimal.bytes(text) != nil,
                (try? ValueType<Int64>.duration.parse(text)) != nil, (try? ValueType<Int64>.size.parse(text)) != nil,
                (try? ValueType<KeyValue>.keyValue.parse(text)) != nil, !ShellWords.split(text, home: "/").isEmpty,
            ]
            return isTaken || readings.contains(true)
        }
    }
}
