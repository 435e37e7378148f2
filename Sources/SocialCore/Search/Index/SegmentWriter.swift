// Makes a segment from terms that come in the order of their bytes, each with its postings: the end of building one
// from texts and of merging several.

/// Collects the sections of a segment.
struct SegmentWriter {
    private let lengths: [UInt16]
    private var termBytes: [UInt8] = []
    private var termStarts: [UInt32] = [0]
    /// Two words a term: its first block, and how many documents have it.
    private var terms: [UInt32] = []
    private var blocks: [UInt32] = []
    private var data: [UInt8] = []
    private var positions: [UInt8] = []
    private var wordBytes: [UInt8] = []
    private var wordStarts: [UInt32] = [0]
    private var wordFrequencies: [UInt32] = []

    /// A segment of documents with so many terms each.
    init(lengths: [UInt16]) { self.lengths = lengths }

    /// The postings of one term, in buffers that are used again.
    struct Postings {
        /// The documents, ascending.
        var documents: [UInt32] = []
        /// How often each has the term.
        var frequencies: [UInt32] = []
        /// Where in each: so many as the frequencies say, ascending within a document; none for markers.
        var positions: [UInt32] = []

        /// Forgets all and keeps the memory.
        mutating func removeAll() {
            documents.removeAll(keepingCapacity: true)
            frequencies.removeAll(keepingCapacity: true)
            positions.removeAll(keepingCapacity: true)
        }
    }

    /// Adds a term behind all that were added before.
    mutating func add(_ text: ArraySlice<UInt8>, _ postings: Postings) {
        termBytes.append(contentsOf: text)
        termStarts.append(UInt32(truncatingIfNeeded: termBytes.count))
        terms.append(UInt32(truncatingIfNeeded: blocks.count / PostingBlock.words))
        terms.append(UInt32(truncatingIfNeeded: postings.documents.count))
        var place = 0
        lengths.withUnsafeBufferPointer { lengths in
            postings.documents.withUnsafeBufferPointer { documents in
                postings.frequencies.withUnsafeBufferPointer { frequencies in
                    var previous = -1
                    for start in stride(from: 0, to: documents.count, by: PostingBlock.limit) {
                        let range = start..<min(start + PostingBlock.limit, documents.count)
                        let block = PostingBlock(
                            UnsafeBufferPointer(rebasing: documents[range]),
                            UnsafeBufferPointer(rebasing: frequencies[range]), lengths: lengths, after: previous,
                            positions: positions.count, into: &data)
                        blocks += block.encoded
                        previous = Int(block.last)
                        if postings.positions.isEmpty { continue }
                        for index in range {
                            var before: UInt32 = 0
                            for _ in 0..<frequencies[index] {
                                Varint.append(postings.positions[place] - before, to: &positions)
                                before = postings.positions[place]
                                place += 1
                            }
                        }
                    }
                }
            }
        }
    }

    /// Adds a word as people write it, behind all that were added before.
    mutating func add(word: ArraySlice<UInt8>, frequency: UInt32) {
        wordBytes.append(contentsOf: word)
        wordStarts.append(UInt32(truncatingIfNeeded: wordBytes.count))
        wordFrequencies.append(frequency)
    }

    /// The segment.
    ///
    /// - Parameters:
    ///   - ids: the documents' ids, newest first.
    ///   - pictures: those of them that are pictures, in the same order.
    ///   - hasSpelling: whether words can be looked up by what may have been written for them at once; otherwise that
    ///     is prepared when it is needed.
    mutating func finish(
        ids: [Int64], pictures: [(document: UInt32, picture: DocumentPicture)] = [], hasSpelling: Bool
    ) -> PackedFile {
        data.append(contentsOf: repeatElement(0, count: PostingBlock.padding))
        let meta: [UInt64] = [
            UInt64(ids.count), lengths.reduce(0) { $0 + UInt64($1) }, UInt64(terms.count / 2),
            UInt64(wordFrequencies.count),
        ]
        let spelling =
            hasSpelling
            ? DeletionIndex.sectionSizes(starts: wordStarts.span, bytes: wordBytes.span)
            : Array(repeating: 0, count: DeletionIndex.sectionCount)
        let pictures = PictureSections(pictures, documents: ids.count)
        let sizes = [
            8 * meta.count, 8 * ids.count, 2 * lengths.count, 4 * termStarts.count, termBytes.count,
            4 * terms.count, 4 * blocks.count, data.count, positions.count, 4 * wordStarts.count, wordBytes.count,
            4 * wordFrequencies.count,
        ]
        let file = PackedFile(sectionSizes: sizes + pictures.sizes + spelling)
        func put<Element: BitwiseCopyable>(_ section: Int, _ elements: [Element]) {
            _ = file.place(section, of: Element.self).update(fromContentsOf: elements)
        }
        put(Segment.Section.meta, meta)
        put(Segment.Section.ids, ids)
        put(Segment.Section.lengths, lengths)
        put(Segment.Section.termStarts, termStarts)
        put(Segment.Section.termBytes, termBytes)
        put(Segment.Section.terms, terms)
        put(Segment.Section.blocks, blocks)
        put(Segment.Section.data, data)
        put(Segment.Section.positions, positions)
        put(Segment.Section.wordStarts, wordStarts)
        put(Segment.Section.wordBytes, wordBytes)
        put(Segment.Section.wordFrequencies, wordFrequencies)
        pictures.write(into: file)
        if hasSpelling {
            DeletionIndex.write(
                starts: wordStarts.span, bytes: wordBytes.span, into: file, from: Segment.Section.spelling)
        }
        return file
    }
}
