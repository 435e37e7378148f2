// Writing boxes: the size stands first and is known last.

extension [UInt8] {
    /// Appends a box, whose contents a body appends.
    mutating func appendBox(_ name: FourCC, _ body: (inout [UInt8]) -> Void) {
        let start = count
        appendBig(0, 4)
        append(contentsOf: name.bytes)
        body(&self)
        let size = count - start
        for index in 0..<4 { self[start + index] = UInt8(truncatingIfNeeded: size >> (24 - 8 * index)) }
    }

    /// Appends a box with a version and flags.
    mutating func appendBox(_ name: FourCC, version: Int, flags: UInt32 = 0, _ body: (inout [UInt8]) -> Void) {
        appendBox(name) { box in
            box.appendBig(version << 24 | Int(flags), 4)
            body(&box)
        }
    }
}
