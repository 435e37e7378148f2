// `upload get`: the bytes of an upload, or a smaller picture of it.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UploadGet {
    static let size = Option(
        "size", .choice(of: Pictures.Size.self), default: .original,
        help: "small fits into 160 pixels, medium into 640, large into 1600")
    static let range = Option(
        "range", .byteRange, configurable: false,
        help: "Only these bytes: A-B counted from 0, A- or -COUNT from the end")
    static let output = Option(
        "output", short: "o", .fileOrDash, configurable: false, help: "Write to this file; - writes to a terminal too")

    static let command = Command(
        ["upload", "get"], "Write the bytes of an upload",
        discussion: """
            Every byte is proved before it is given out; what is damaged in one place is read from a replica. Smaller \
            sizes are JPEG, or PNG where parts are transparent or there are few colours; they are made when they are \
            asked for first, and kept. Those of WebP, AVIF, HEIC and films need ffmpeg.
            """,
        operands: [UploadNoun.id], options: [size, range, output, CommonOptions.by, AccessRecording.option],
        examples: [
            Example("social upload get ana/cat.png -o copy.png", "Write it to a file"),
            Example("social upload get ana/cat.png --size small | wc -c", "Make a thumbnail"),
            Example("social upload get ana/cat.png --range 0-15 | od -c", "Print the first 16 bytes"),
        ],
        exits: [
            ExitStatus(65, "the range lies outside, or there is no picture"), UploadNoun.missing, UploadNoun.noTool,
            UploadNoun.damaged,
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let record = try session.upload(try line[UploadNoun.id])
        let target = line[output]
        if target == nil, session.world.terminal.isOutput {
            throw line.missing("a terminal cannot show bytes", hint: "write them to a file with -o FILE, or give -o -")
        }
        let pictures = try session.network().pictures
        var recording = try AccessRecording(session, viewer: session.viewer())
        var givenBytes = 0
        try session.writeBytes(to: target) { out in
            func write(_ bytes: ArraySlice<UInt8>) throws {
                try out(bytes)
                givenBytes += bytes.count
            }
            if line[size] == .original {
                let object = try pictures.content(of: record)
                let bytes = try range(line, count: object.sizeBytes)
                try object.forEachChunk(in: bytes) { try write($0) }
            } else {
                let bytes = try pictures.rendition(of: record, line[size]).bytes
                try write(bytes[try range(line, count: bytes.count)])
            }
        }
        recording?.add(.media(record.id), .download, amount: givenBytes)
        recording?.finish()
    }

    private static func range(_ line: Invocation, count: Int) throws -> Range<Int> {
        guard let range = line[range] else { return 0..<count }
        guard let bytes = range.resolved(count: count) else {
            throw Failure("out_of_range", "there are only \(count) bytes")
        }
        return bytes
    }
}

/// A part of some bytes, as HTTP counts it (RFC 9110, section 14.1.2).
enum ByteRange: Sendable {
    case from(Int, through: Int?)
    case last(Int)

    /// The bytes that are meant of so many; nil when there are none.
    func resolved(count: Int) -> Range<Int>? {
        switch self {
        case .from(let first, let last):
            guard first < count else { return nil }
            return first..<min(count, (last ?? count - 1) + 1)
        case .last(let number): return number > 0 && count > 0 ? max(0, count - number)..<count : nil
        }
    }
}

extension ValueType where Value == ByteRange {
    /// A range of bytes.
    static var byteRange: ValueType<ByteRange> {
        ValueType(
            .custom("range"), placeholder: "A-B", expecting: "a range of bytes such as 0-99, 100- or -50"
        ) { (word) throws(ValueError) in
            let parts = word.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { 48...57 ~= $0 } }) else {
                throw ValueError()
            }
            switch (Int(parts[0]), Int(parts[1])) {
            case (let first?, let last?) where first <= last && last < .max: return .from(first, through: last)
            case (let first?, nil) where parts[1].isEmpty: return .from(first, through: nil)
            case (nil, let count?) where parts[0].isEmpty: return .last(count)
            default: throw ValueError()
            }
        }
    }
}
