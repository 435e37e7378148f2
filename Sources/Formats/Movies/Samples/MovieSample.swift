// One sample of a track: a picture, a packet of sound, a subtitle.

/// Where a sample lies in the file, when it is decoded, and what is known of it.
package struct MovieSample: Sendable, Equatable {
    /// Its place in the file.
    package var offset: Int
    /// Its size.
    package var sizeBytes: Int
    /// When it is decoded, in the timescale of its track.
    package var decodeTime: Int64
    /// How long it lasts.
    package var duration: Int64
    /// How long after its decode time it is shown.
    package var compositionOffset: Int64
    /// What is known of it.
    package var flags: SampleFlags

    /// When it is shown, in media time: before the edit list.
    package var compositionTime: Int64 { decodeTime + compositionOffset }
    /// Whether decoding can begin with it.
    package var isSync: Bool { flags.isSync }
}

/// What is known of a sample: the word of ISO/IEC 14496-12 §8.8.3.1, and in its reserved bits what sample groups say.
package struct SampleFlags: Sendable, Equatable {
    /// The bits.
    package let bits: UInt32

    /// Makes flags.
    package init(bits: UInt32) { self.bits = bits }

    /// Decoding can begin here, and nothing else is known.
    package static let sync = SampleFlags(bits: 0)
    /// Decoding cannot begin here, and nothing else is known.
    package static let notSync = SampleFlags(bits: 1 << 16)

    /// Decoding can begin here if what is shown earlier is left out, in a bit that files do not use.
    static let openAccess = SampleFlags(bits: 1 << 31)

    /// Whether decoding can begin with it, and all that follows in presentation is right.
    package var isSync: Bool { bits & Self.notSync.bits == 0 }
    /// Whether decoding can begin with it although it is no sync sample: what is shown before it, and is decoded after
    /// it, has to be left out (an open group of pictures; the group `rap ` of §10.4).
    package var isOpenAccess: Bool { bits & Self.openAccess.bits != 0 }
    /// The four bytes of a box, which say of every sample at least whether others are needed to decode it.
    var word: UInt32 {
        let known = bits & 0x0FFF_FFFF
        return dependsOn != 0 ? known : known | (isSync ? 2 : 1) << 24
    }
    /// What `is_leading` says: 0 unknown, 1 leading and not decodable after random access, 2 not leading, 3 leading
    /// and decodable.
    package var leading: Int { Int(bits >> 26 & 3) }
    /// What `sample_depends_on` says: 0 unknown, 1 depends on others, 2 on none.
    package var dependsOn: Int { Int(bits >> 24 & 3) }
    /// What `sample_is_depended_on` says: 0 unknown, 1 others may depend on it, 2 it can be left out.
    package var isDependedOn: Int { Int(bits >> 22 & 3) }
}
