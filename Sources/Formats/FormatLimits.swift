// Every size that this module refuses to exceed, in one place. Input comes from strangers' archives: without limits
// one long line or one deep document would take the memory or the stack.

/// The limits of the readers.
package enum FormatLimits {
    /// The longest line that `LineReader` and what is built on it accept, and the longest CSV record, in bytes.
    package static let lineBytes = 16 << 20

    /// The longest line of a web server's access log, in bytes; servers limit a request to a hundredth of it.
    package static let accessLogLineBytes = 1 << 20

    /// The longest path that is kept of a request, in bytes; what is behind it is cut off.
    package static let requestPathBytes = 2_048

    /// The largest JSON document that is read whole, such as an archive's list of posts, in bytes.
    package static let documentBytes = 1 << 30

    /// How many times larger than its compressed form inflated data may be, beyond the first `inflateFreeBytes`: text
    /// shrinks by ten, a decompression bomb by a thousand.
    package static let inflateRatio = 200

    /// What may be inflated whatever the ratio, in bytes.
    package static let inflateFreeBytes = 64 << 20

    /// The longest name of an entry of an archive, in bytes.
    package static let entryNameBytes = 64 << 10

    /// The largest directory of a zip archive, in bytes.
    package static let directoryBytes = 64 << 20

    /// How deeply arrays and objects may be nested; the parser and the release of a value recurse this deep.
    package static let jsonDepth = 256

    /// The largest XML document, in bytes; a list of a thousand names has a third of it.
    package static let xmlBytes = 4 << 20

    /// How deeply elements of XML may be nested.
    package static let xmlDepth = 32

    /// How many elements an XML document may have.
    package static let xmlElements = 100_000

    /// The size from which a caller of an encoder should hand its bytes to the output, in bytes.
    package static let flushBytes = 64 << 10
}
