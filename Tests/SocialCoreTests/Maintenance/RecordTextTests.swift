// The lines of records in an export: what is written is read back as it was, and whatever is wrong is found where it
// stands, before anything of it is stored.

import Formats
import Testing

@testable import SocialCore

@Suite("The text of records")
struct RecordTextTests {
    private static let header = "{\"type\":\"social\",\"version\":2,\"shard_by\":\"user\"}\n"
    private static let time = Timestamp(milliseconds: 1_767_225_600_001)

    /// What reading a line behind the header ends with: `LINE:COLUMN: MESSAGE`, or nil when it ends well.
    private func problem(_ line: String, header: String = RecordTextTests.header) throws -> String? {
        do {
            var decoder = try ExportDecoder(LineReader(bytes: Array((header + line + "\n").utf8)))
            while try decoder.next() != nil {}
            return nil
        } catch let error as DataError { return "\(error)" }
    }

    private static func message() -> MessageRecord {
        var message = MessageRecord(
            [0xFF, 0], priority: 9, part: Slot(masking: 5), pushedAt: time, dueAt: time, attempts: 2,
            account: UserID(rawValue: 7))
        message.n = 3
        return message
    }

    private static func count(_ viewers: Int) -> CountRecord {
        var count = CountRecord(.post(PostID(rawValue: 5)), .view, .bots, .day(20_000))
        var keys = (0..<UInt64(viewers)).map { $0 << 20 }
        let sketch = ViewerSketch(of: &keys)
        for grain in [RollupGrain.day, .minute] {
            count.add(
                RollupEntry(
                    resource: .all, buckets: [.init(index: 0, tally: Tally(count: 1, amount: 0))],
                    viewers: [.init(hour: 0, sketch: sketch)]), grain)
        }
        count.add(
            RollupEntry(
                resource: .all, buckets: [.init(index: 1_439, tally: Tally(count: 2, amount: .max))], viewers: []),
            .minute)
        return count
    }

    @Test("every kind of record is written in its own way, and read back")
    func records() throws {
        let message = Self.message()
        func delivery(_ consumer: Int64, _ state: DeliveryState, until: Timestamp? = nil) -> DeliveryRecord {
            DeliveryRecord(
                n: 3, consumer: consumer, state: state,
                rank: until?.milliseconds ?? DeliveryRecord.rank(message.priority, message.n), part: message.part,
                attempts: 1, lease: state == .dead ? DeliveryRecord.untold : 0, worker: "w", failure: "\"no\"")
        }
        var topic = TopicRecord(name: "a.b")
        topic.last = 9
        var forgotten = CountRecord(.unnamed, .download, .people, .before)
        forgotten.add(
            RollupEntry(resource: .all, buckets: [.init(index: 0, tally: Tally(count: 7, amount: 1))], viewers: []),
            .day)
        var source = SourceRecord(name: "/var/log/access.log", at: Self.time)
        (source.head, source.tail, source.headBytes, source.tailBytes) = (.max, 1, 1_024, 20)
        (source.offset, source.lines, source.events, source.rejected) = (1 << 40, 3, 2, 1)
        let account = UserID(rawValue: 7)
        let records: [RecordRow] =
            RecordRow.attributeKinds.map {
                .attribute(AttributeRecord($0, "all", of: account, [1, 0xFE], at: Self.time))
            } + [
                .topic(topic, consumers: []),
                .topic(
                    topic, consumers: [.init(number: 1, name: "c", done: 8), .init(number: 4, name: "d", done: 0)]),
                .message(message, topic: "a.b", deliveries: []),
                .message(
                    message, topic: "a.b",
                    deliveries: [delivery(1, .ready), delivery(2, .dead), delivery(3, .delayed, until: Self.time)]),
                .messageKey("k \"é\"", topic: "a.b", n: 2, fingerprint: .min), .count(Self.count(1)),
                .count(Self.count(999)), .count(Self.count(3_000)), .count(forgotten), .source(source),
                .countKey("k", fingerprint: .max),
            ]
        var encoder = ExportEncoder()
        encoder.header(.post, rows: 0, hasRecords: true)
        for record in records { encoder.record(record) }
        encoder.end(records: Int64(records.count))
        var decoder = try ExportDecoder(LineReader(bytes: encoder.bytes))
        #expect(decoder.hasRecords && decoder.rows == 0)
        for record in records { #expect(try decoder.next() == .record(record), "\(record.title)") }
        #expect(decoder.records == nil)
        #expect(try decoder.next() == nil)
        #expect(decoder.records == Int64(records.count))
    }

    @Test("a program that knows no records refuses them, and so does an export that has none")
    func versions() throws {
        #expect(ExportEncoder.recordsVersion > ExportEncoder.version)
        let line = #"{"type":"count-key","key":"k","fingerprint":"1"}"#
        #expect(try problem(line) == nil)
        let old = Self.header.replacing("\"version\":2", with: "\"version\":1")
        #expect(try problem(line, header: old) == #"2:2: there are no rows of type "count-key""#)
    }

    private static let bucket =
        #"{"type":"count","resource":"/a","kind":"view","audience":"people","day":"2026-01-02","buckets":"#

    @Test(
        "a wrong line is found with its column",
        arguments: [
            (#"{"type":"token","user_id":"5"}"#, #"2:2: there are no rows of type "token""#),
            (
                #"{"type":"notice","user_id":"5","name":"","text":"x","changed_at":"2026-01-01"}"#,
                #"2:32: "name" is empty"#
            ),
            (
                #"{"type":"notice","user_id":"5","name":"n","text":"x","hex":"00","changed_at":"2026-01-01"}"#,
                #"2:54: one of "text" and "hex" is needed, and the latter in hexadecimal digits"#
            ),
            (
                #"{"type":"topic","topic":"a","last":-1,"consumers":[]}"#,
                #"2:29: "last" is none from 0 to 281474976710656"#
            ),
            (
                #"{"type":"topic","topic":"a","last":1,"consumers":[{"number":0,"name":"c","done":0}]}"#,
                "2:38: the consumers are not in the order of their numbers, each with its name"
            ),
            (
                #"{"type":"topic","topic":"a","last":1,"consumers":[{"number":1,"name":"c","done":0,"x":1}]}"#,
                #"2:83: "x" does not belong here"#
            ),
            (bucket + "[[7,0,1,0]]}", #"2:86: "buckets" has something that is no bucket of a day"#),
            (bucket + "[[60,30,1,0]]}", #"2:86: "buckets" has something that is no bucket of a day"#),
            (bucket + "[[1,1440,1,0]]}", #"2:86: "buckets" has something that is no bucket of a day"#),
            (bucket + "[[1,0,0,0]]}", #"2:86: "buckets" has something that is no bucket of a day"#),
            (bucket + "[[1,5,1,0],[1,5,1,0]]}", #"2:86: "buckets" are not in the order of their lengths and times"#),
            (bucket + "[]}", "2:86: nothing is counted"),
            (
                bucket + #"[[1,0,1,0]],"viewers":[[1,0,"AQB"]]}"#,
                #"2:108: "viewers" has something that is no set of viewers"#
            ),
            (
                bucket + #"[[1,0,1,0]],"viewers":[[60,0,"AQABAAAAAAA="]]}"#,
                "2:108: there are viewers of what is not counted"
            ),
            (
                #"{"type":"count","resource":"/a","kind":"view","audience":"all"}"#,
                #"2:47: "audience" is neither people nor bots"#
            ),
            (
                #"{"type":"count","resource":"/a","kind":"view","audience":"people","day":"2026-01-02T01:00:00Z"}"#,
                #"2:67: "day" is no day from 1970 on, such as 2026-01-02"#
            ),
            (
                #"{"type":"end","records":0}"# + "\n" + #"{"type":"end","records":0}"#,
                "3:2: nothing stands behind the end"
            ),
        ])
    func faults(line: String, message: String) throws {
        #expect(try problem(line) == message)
    }

    @Test("a delivery that cannot be is refused")
    func deliveries() throws {
        func line(_ deliveries: String) -> String {
            """
            {"type":"message","topic":"a","n":1,"text":"x","priority":4,"part":0,"attempts":1,\
            "pushed_at":"2026-01-01","due_at":"2026-01-01","deliveries":[\(deliveries)]}
            """
        }
        func delivery(_ consumer: Int, _ state: String, _ until: String = "null") -> String {
            #"{"consumer":\#(consumer),"state":"\#(state)","until":\#(until),"attempts":0,"worker":"","failure":""}"#
        }
        #expect(try problem(line(delivery(1, "ready") + "," + delivery(2, "dead"))) == nil)
        #expect(try problem(line(delivery(1, "delayed", "\"2026-01-01\""))) == nil)
        for wrong in [
            delivery(0, "ready"), delivery(1, "leased"), delivery(1, "ready", "\"2026-01-01\""), delivery(1, "delayed"),
            delivery(1, "ready") + "," + delivery(1, "dead"),
        ] { #expect(try problem(line(wrong)) != nil, "\(wrong)") }
    }
}
