// Dates, ranges and tags, as RFC 9110 has them.

import Formats
import NIOCore
import NIOHTTP1
import SocialCLI
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Answers")
struct AnswerTests {
    private func request(_ fields: [(String, String)], method: HTTPMethod = .GET) throws -> Request {
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: "/x", headers: HTTPHeaders(fields))
        return try #require(Request(head, address: "127.0.0.1"))
    }

    @Test("times are written as HTTP writes them")
    func dates() {
        // RFC 9110, section 5.6.7.
        #expect(AnswerHead.date(784_111_777_000) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(AnswerHead.date(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(AnswerHead.date(951_782_400_000) == "Tue, 29 Feb 2000 00:00:00 GMT")
    }

    @Test("a range means the bytes that it names, and what is no range means all")
    func ranges() throws {
        let cases: [(field: String, wanted: FixedFile.Wanted)] = [
            ("bytes=0-0", .part(0..<1)), ("bytes=2-", .part(2..<10)), ("bytes=-3", .part(7..<10)),
            ("bytes=-30", .part(0..<10)), ("bytes=0-99", .part(0..<10)), ("Bytes=1-2", .part(1..<3)),
            ("bytes=10-", .outside), ("bytes=-0", .outside), ("bytes=3-2", .all), ("bytes=0-1,3-4", .all),
            ("lines=0-1", .all), ("bytes=a-b", .all), ("bytes=", .all), ("bytes=+1-2", .all),
            ("bytes=0-9223372036854775807", .part(0..<10)), ("bytes=0-9223372036854775808", .all),
        ]
        for one in cases {
            #expect(
                FixedFile.range(try request([("Range", one.field)]), tag: "\"t\"", count: 10) == one.wanted,
                "\(one.field)")
        }
        let fields = [("Range", "bytes=0-1"), ("If-Range", "W/\"t\"")]
        #expect(FixedFile.range(try request(fields), tag: "\"t\"", count: 10) == .all)
        #expect(FixedFile.range(try request(fields, method: .HEAD), tag: "\"t\"", count: 10) == .all)
        #expect(FixedFile.range(try request([("Range", "bytes=0-0")]), tag: "\"t\"", count: 0) == .outside)
    }

    @Test("tags are compared weakly, each of a list")
    func tags() {
        let tag = EntityTag.text(of: [1, 2, 3])
        #expect(tag != EntityTag.text(of: [1, 2, 4]))
        #expect(EntityTag.matches(tag, "\"a\", \(tag) "))
        #expect(EntityTag.matches(tag, String(tag.dropFirst(2))))
        #expect(EntityTag.matches(tag, "*"))
        #expect(!EntityTag.matches(tag, nil) && !EntityTag.matches(tag, "\"a\""))
    }

    @Test("every code of the server has its exit status and its status")
    func codes() {
        let own: [ServeError.Code: Int] = [
            .unauthorized: 401, .forbidden: 403, .foreignOrigin: 403, .noSuchPath: 404, .itemNotFound: 404,
            .badMethod: 405, .tooSlow: 408, .bodyTooLarge: 413, .unsatisfiableRange: 416, .elsewhere: 421,
            .tooManyRequests: 429, .headTooLarge: 431, .overloaded: 503, .stopping: 503, .cannotListen: 503,
        ]
        for code in ServeError.Code.allCases {
            let exit = ExitTable.statuses[code.rawValue]
            #expect(exit != nil, "\(code) is not in the table")
            #expect(Status(errorCode: code.rawValue, exit: exit ?? 70).code == own[code] ?? 400, "\(code)")
        }
        #expect(Status(errorCode: "handle_taken", exit: 73).code == 409)
        #expect(Status(errorCode: "io_error", exit: 74).code == 500)
        #expect(Status(errorCode: "busy", exit: 75).code == 503)
        #expect(Status(errorCode: "bug", exit: 70).code == 500)
    }

    @Test("a value cannot begin another line of a head")
    func splitting() {
        var answer = Answer(type: "text/plain")
        answer.fields = [Answer.Field("Location", "/a\r\nSet-Cookie: x=y")]
        var buffer = ByteBuffer()
        AnswerHead(closes: false, date: "now").write(answer, to: &buffer)
        #expect(!String(buffer: buffer).contains("Set-Cookie"))
    }
}
