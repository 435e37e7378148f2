// A place in a line of a log. All reading of its bytes is done here, and never behind the end.

internal import Glibc

/// Goes through a line.
struct LogCursor {
    // Safety: `start`, `position` and `end` lie within one buffer, in this order, which outlives the cursor; every
    // reading below compares with `end` before.
    let start: UnsafePointer<UInt8>
    private(set) var position: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    /// Whether the line has a backslash.
    let hasEscapes: Bool

    @inline(__always)
    init(_ start: UnsafePointer<UInt8>, upTo end: UnsafePointer<UInt8>, hasEscapes: Bool) {
        self.start = start
        position = start
        self.end = end
        self.hasEscapes = hasEscapes
    }

    /// A cursor on a field of a line, which counts columns from the line's beginning on.
    init(_ field: LogField, of line: LogCursor) {
        let first = field.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        start = line.start
        position = first ?? line.end
        end = first.map { $0 + field.count } ?? line.end
        hasEscapes = field.hasEscapes
    }

    /// Where the cursor stands, from 1.
    var column: Int { position - start + 1 }
    var isAtEnd: Bool { position == end }
    /// The bytes that are left.
    var remaining: Int { end - position }

    /// The next byte; a NUL at the end.
    @inline(__always)
    var next: UInt8 { position < end ? position.pointee : 0 }

    /// The byte `distance` behind the next; a NUL behind the end.
    @inline(__always)
    func byte(_ distance: Int) -> UInt8 { distance < remaining ? position[distance] : 0 }

    /// The eight bytes from `distance` on, of which the first is the lowest; nil if there are fewer.
    @inline(__always)
    func word(_ distance: Int) -> UInt64? {
        guard remaining - distance >= 8 else { return nil }
        return UInt64(littleEndian: UnsafeRawPointer(position + distance).loadUnaligned(as: UInt64.self))
    }

    /// Moves on, but not behind the end.
    @inline(__always)
    mutating func skip(_ count: Int) { position += min(count, remaining) }

    /// Goes back, or on, to a place that an earlier state of this cursor has been at.
    mutating func move(to other: LogCursor) { position = other.position }

    /// Steps over a byte if it is next.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < end, position.pointee == byte else { return false }
        position += 1
        return true
    }

    /// Steps over spaces and tabs.
    @inline(__always)
    mutating func skipBlanks() {
        while position < end, ASCII.isBlank(position.pointee) { position += 1 }
    }

    /// Steps over one digit.
    @inline(__always)
    mutating func digit() -> Int? {
        guard position < end, ASCII.isDigit(position.pointee) else { return nil }
        defer { position += 1 }
        return Int(position.pointee &- ASCII.zero)
    }

    /// The bytes before the next space, or before the end.
    @inline(__always)
    mutating func word() -> LogField {
        let first = position
        while position < end, position.pointee != ASCII.space { position += 1 }
        return field(from: first)
    }

    /// The bytes before the next quote, which is stepped over; nil if there is none.
    ///
    /// A quote behind a backslash does not count, unless that backslash is behind another.
    @inline(__always)
    mutating func quoted() -> LogField? {
        let first = position
        guard hasEscapes else {
            guard let quote = find(ASCII.quote, from: first) else { return nil }
            position = quote + 1
            return LogField(first, upTo: quote)
        }
        var current = first
        var hasEscapes = false
        while current < end, current.pointee != ASCII.quote {
            let isEscape = current.pointee == ASCII.backslash
            hasEscapes = hasEscapes || isEscape
            current += isEscape && end - current > 1 ? 2 : 1
        }
        guard current < end else { return nil }
        position = current + 1
        return LogField(first, upTo: current, hasEscapes: hasEscapes)
    }

    /// Where a byte comes next.
    @inline(__always)
    private func find(_ byte: UInt8, from first: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
        // Safety: memchr looks at the bytes before `end` only.
        memchr(first, Int32(byte), end - first).map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }
    }

    /// Moves to where a byte comes next; false, and the cursor stays, if it does not come.
    mutating func seek(_ byte: UInt8) -> Bool {
        guard let found = find(byte, from: position) else { return false }
        position = found
        return true
    }

    /// The number of the digits from here on; nil, and the cursor stays, if there is none, or it is too large.
    @inline(__always)
    mutating func number() -> Int64? {
        let first = position
        var value: Int64 = 0
        while position < end, ASCII.isDigit(position.pointee) {
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(Int64(position.pointee &- ASCII.zero))
            guard !overflows, !carries else {
                position = first
                return nil
            }
            value = sum
            position += 1
        }
        return position > first ? value : nil
    }

    /// A cursor so many bytes before this one; nil if that is before another.
    func back(_ count: Int, notBefore other: LogCursor) -> LogCursor? {
        guard position - other.position >= count else { return nil }
        var cursor = self
        cursor.position -= count
        return cursor
    }

    /// The milliseconds since 1970 of a timestamp of RFC 3339 that goes on to the end.
    func timestamp() throws(AccessLogFault) -> Int64 {
        // Safety: the bytes up to `end` outlive the call.
        let text = UnsafeBufferPointer(start: position, count: remaining)
        do {
            return try RFC3339.parse(text.span)
        } catch {
            throw AccessLogFault(.time, column: column + error.column - 1)
        }
    }

    /// The bytes from `other` up to the cursor, which is not before it.
    func field(since other: LogCursor) -> LogField { field(from: min(other.position, position)) }

    @inline(__always)
    private func field(from first: UnsafePointer<UInt8>) -> LogField {
        // Only a line with a backslash is looked at twice.
        let hasEscapes = hasEscapes && memchr(first, Int32(ASCII.backslash), position - first) != nil
        return LogField(first, upTo: position, hasEscapes: hasEscapes)
    }
}
