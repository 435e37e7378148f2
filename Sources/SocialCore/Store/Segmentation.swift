// What a film has become that was cut for streaming, as far as truth must know: which objects must be kept for it. What
// they are stands in one of them.

/// The objects of a film that was cut into segments.
package struct Segmentation: Equatable, Sendable {
    /// An object.
    package struct Part: Equatable, Sendable {
        /// Its name.
        package var object: ObjectHash
        /// Its size.
        package var sizeBytes: Int64

        /// An object.
        package init(object: ObjectHash, sizeBytes: Int64) {
            self.object = object
            self.sizeBytes = sizeBytes
        }
    }

    /// The object that says what the others are.
    package var manifest: Part
    /// Checks of the manifest's blocks.
    package var checks: [UInt8]
    /// One object a track.
    package var tracks: [Part]

    /// The objects of a film.
    package init(manifest: Part, checks: [UInt8], tracks: [Part]) {
        self.manifest = manifest
        self.checks = checks
        self.tracks = tracks
    }

    /// All objects, each once, in order.
    package var parts: [Part] {
        var parts: [Part] = []
        for part in ([manifest] + tracks).sorted(by: { $0.object < $1.object }) where part != parts.last {
            parts.append(part)
        }
        return parts
    }

    /// How many bytes the tracks have.
    package var sizeBytes: Int64 { tracks.reduce(0) { $0 + $1.sizeBytes } }

    // MARK: Coding

    private static let partBytes = 40

    /// How many tracks there are, the parts with the manifest first, and its checks.
    package var coded: [UInt8] {
        var bytes = [UInt8(truncatingIfNeeded: tracks.count)]
        for part in [manifest] + tracks {
            bytes += part.object.bytes
            withUnsafeBytes(of: part.sizeBytes.littleEndian) { bytes += $0 }
        }
        return bytes + checks
    }

    /// A film from its coded form; nil when it is none.
    package init?(coded: [UInt8]) {
        guard let count = coded.first, count <= Limits.filmTracks else { return nil }
        let end = 1 + (Int(count) + 1) * Self.partBytes
        guard coded.count >= end else { return nil }
        var parts: [Part] = []
        for start in stride(from: 1, to: end, by: Self.partBytes) {
            guard let object = ObjectHash(bytes: Array(coded[start..<start + 32])) else { return nil }
            let size = coded[start + 32..<start + 40].reversed().reduce(0) { $0 << 8 | Int64($1) }
            guard 0...Int64(Limits.filmTrackBytes) ~= size else { return nil }
            parts.append(Part(object: object, sizeBytes: size))
        }
        self.init(manifest: parts[0], checks: Array(coded[end...]), tracks: Array(parts.dropFirst()))
        guard BlockChecks(coded: checks, sizeBytes: Int(manifest.sizeBytes)) != nil else { return nil }
    }
}
