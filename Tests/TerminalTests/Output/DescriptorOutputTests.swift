// The stream against real descriptors: a pipe with and without a reader, and a disk that is always full.

import Glibc
import Terminal
import Testing

@Suite("Output to a descriptor")
struct DescriptorOutputTests {
    /// The two ends of a new pipe.
    private func makePipe() throws -> (reading: Int32, writing: Int32) {
        Signals.ignorePipe()
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    private func read(_ descriptor: Int32, upTo count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = Glibc.read(descriptor, &bytes, count)
        return Array(bytes.prefix(max(0, got)))
    }

    @Test("waits until there is enough, or until it is flushed")
    func buffering() throws {
        let ends = try makePipe()
        let output = DescriptorOutput(ends.writing, capacityBytes: 8)
        #expect(try output.write("abc") == .open)
        #expect(try output.write("def") == .open)
        #expect(try output.write("ghi") == .open)
        #expect(read(ends.reading, upTo: 100) == Array("abcdef".utf8))
        try output.write("0123456789")
        #expect(read(ends.reading, upTo: 100) == Array("ghi0123456789".utf8))
        try output.write("end")
        try output.flush()
        #expect(read(ends.reading, upTo: 100) == Array("end".utf8))
        close(ends.reading)
        close(ends.writing)
    }

    @Test("goes out at once without a buffer")
    func unbuffered() throws {
        let ends = try makePipe()
        let output = DescriptorOutput(ends.writing, capacityBytes: 0)
        try output.write("x")
        #expect(read(ends.reading, upTo: 100) == Array("x".utf8))
        close(ends.reading)
        close(ends.writing)
    }

    @Test("is closed, and no error, when the reader has gone")
    func closed() throws {
        let ends = try makePipe()
        close(ends.reading)
        let output = DescriptorOutput(ends.writing)
        #expect(try output.write("kept") == .open)
        #expect(try output.flush() == .closed)
        #expect(try output.write([UInt8](repeating: 0, count: 1 << 20)) == .closed)
        #expect(output.state == .closed)
        close(ends.writing)
    }

    @Test("fails with the system's number when the disk is full")
    func full() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        let output = DescriptorOutput(descriptor)
        try output.write("x")
        let error = #expect(throws: OutputError.self) { try output.flush() }
        #expect(error?.errno == ENOSPC)
        #expect(error?.description == "cannot write the output: no space left on device")
        #expect(try output.flush() == .open)
        close(descriptor)
    }

    @Test("can be captured, and made to end at any byte")
    func captured() throws {
        let whole = CapturedOutput()
        #expect(try whole.write("a\n") == .open)
        #expect(try whole.flush() == .open)
        #expect(whole.text == "a\n")

        let short = CapturedOutput(limitBytes: 3, then: .closed)
        #expect(try short.write("abc") == .open)
        #expect(try short.write("d") == .closed)
        #expect(short.text == "abc")

        let full = CapturedOutput(limitBytes: 1, then: .errno(ENOSPC))
        #expect(throws: OutputError(errno: ENOSPC)) { try full.write("ab") }
        #expect(full.text == "a")
    }
}
