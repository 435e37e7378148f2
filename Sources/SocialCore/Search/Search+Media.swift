// Uploads by what is said about them, and by what they look like.

package import Formats

extension Search {
    /// In which order uploads are found, unless by how much they look alike.
    package enum MediaRank: String, CaseIterable, Sendable {
        /// The newest first.
        case recent
        /// Those that answer best by their words.
        case relevance
    }

    /// What is asked about uploads.
    package struct MediaRequest: Sendable {
        /// The query, in the query language; empty where the rest says enough.
        package var query: String
        /// The order; nil: what the query says, else by relevance.
        package var rank: MediaRank?
        /// How many uploads at most.
        package var limit: Int
        /// Where an earlier page ended.
        package var after: Cursor?
        /// Who is asking: does not see those whom it blocks or mutes, nor who blocks it.
        package var viewer: UserID?
        /// Whether words that occur nowhere are replaced by what was probably meant.
        package var corrects = true
        /// A kind or media type, as people call it.
        package var type: String?
        /// How many pixels they are wide at least.
        package var minWidth = 0
        /// How many pixels they are high at least.
        package var minHeight = 0
        /// Fingerprints that they have to look like, the nearest first; nil: that makes no difference.
        package var like: [PictureHash]?
        /// An upload that is left out.
        package var except: MediaID?

        /// A question.
        package init(_ query: String = "", rank: MediaRank? = nil, limit: Int = 20, after: Cursor? = nil) {
            self.query = query
            self.rank = rank
            self.limit = limit
            self.after = after
        }

        /// The query, understood; one that says nothing, where the rest says enough.
        ///
        /// - Throws: `QueryError` where it cannot be understood.
        package func understood() throws(QueryError) -> Query {
            let isBlank = query.utf8.allSatisfy { $0 <= 0x20 }
            if isBlank, like != nil || !demands.isEmpty { return Query(root: QueryGroup(), order: nil) }
            return try QueryParser.parse(query, of: .media)
        }

        /// What is demanded beside the query.
        fileprivate var demands: [SearchPlan.Leaf] {
            var demands: [SearchPlan.Leaf] = []
            if let type {
                let name = MediaKind.name(type)
                demands.append(.marker(Segment.term(.type(name)), name: "type:\(name)"))
            }
            if minWidth > 0 || minHeight > 0 {
                demands.append(.pixels(width: UInt32(clamping: minWidth), height: UInt32(clamping: minHeight)))
            }
            return demands
        }
    }

    /// An upload that was found.
    package struct FoundMedia: Sendable {
        /// The upload.
        package var record: MediaRecord
        /// In how many of 256 bits its fingerprint differs from what was asked for.
        package var distance: Int?
    }

    /// The uploads that answer a question.
    ///
    /// - Throws: `QueryError` where the query cannot be understood, `noSuchAccount` where it names nobody.
    package func media(_ request: MediaRequest) throws -> Answer<FoundMedia> {
        let query = try request.understood()
        return try indexes.whileSound {
            var answer: Answer<FoundMedia> = try answer(
                query, on: .media, demands: request.demands, corrects: request.corrects)
            let run = answer.run
            let hidden = try unseen(by: request.viewer)
            if let like = request.like {
                let matching = try alike(like, PictureHash.nearDistance, run, isAnything: query.root == QueryGroup())
                answer.all = matching.count
                try fill(&answer, limit: request.limit, after: request.after?.document) { wanted, after in
                    Array(matching.drop { document in after.map { document >= $0 } ?? false }.prefix(wanted))
                } hits: { found in
                    try records(found, hidden, request.except).map { document, record in
                        let found = FoundMedia(record: record, distance: Self.bits - document.score)
                        return Hit(item: found, cursor: Cursor(place: document.score, id: record.id))
                    }
                }
                return answer
            }
            let isRecent = request.rank.map { $0 == .recent } ?? (query.order == .recent)
            try fill(&answer, limit: request.limit, after: request.after?.document) { wanted, after in
                try isRecent ? run.newest(wanted, after: after?.id) : run.best(wanted, after: after)
            } hits: { found in
                try records(found, hidden, request.except).map { document, record in
                    Hit(document, FoundMedia(record: record), isScored: !isRecent)
                }
            }
            return answer
        }
    }

    /// What was found, read from the truth; without what has gone since, or is hidden.
    private func records(
        _ found: [ScoredDocument], _ hidden: Set<UserID>, _ except: MediaID?
    ) throws -> [(document: ScoredDocument, record: MediaRecord)] {
        zip(found, try media.records(of: found.map { MediaID(rawValue: $0.id) })).compactMap { document, record in
            guard let record, record.id != except, !hidden.contains(record.author) else { return nil }
            return (document, record)
        }
    }

    // MARK: Look-alikes

    /// An upload that looks like something.
    package struct LookAlike: Sendable {
        /// The upload.
        package var record: MediaRecord
        /// In how many of 256 bits the fingerprints differ.
        package var distance: Int
    }

    /// The uploads whose pictures look like something, the nearest first.
    ///
    /// - Parameters:
    ///   - hashes: fingerprints of what is looked for: of one picture, or of one in all ways in which it can be turned.
    ///   - radius: in how many bits they may differ, at most 31.
    ///   - except: an upload that is left out.
    package func similar(
        to hashes: [PictureHash], radius: Int = PictureHash.nearDistance, limit: Int, except: MediaID? = nil
    ) throws -> [LookAlike] {
        try indexes.whileSound {
            var rest = try near(hashes, radius).sorted { ($0.value, $0.key) < ($1.value, $1.key) }[...]
            var found: [LookAlike] = []
            while found.count < limit, !rest.isEmpty {
                let part = rest.prefix(limit - found.count + 1)
                rest = rest.dropFirst(part.count)
                for case (let record?, let distance) in zip(
                    try media.records(of: part.map { MediaID(rawValue: $0.key) }), part.map(\.value))
                where record.id != except { found.append(LookAlike(record: record, distance: distance)) }
            }
            return Array(found.prefix(limit))
        }
    }

    /// How many bits a fingerprint has; uploads are placed by how many are the same.
    private static let bits = 256

    /// The uploads near any of some fingerprints, with how far they are.
    private func near(_ hashes: [PictureHash], _ radius: Int) throws -> [Int64: Int] {
        let radius = min(radius, LikenessIndex.largestRadius)
        var distances: [Int64: Int] = [:]
        for living in try indexes.living(.media) {
            var found: [UInt32: Int] = [:]
            for hash in hashes {
                try living.segment.near(hash, radius: radius) { document, distance in
                    if living.dead.contains(document) { return }
                    found[document] = min(found[document] ?? .max, distance)
                }
            }
            for (document, distance) in found { distances[try living.segment.id(document)] = distance }
        }
        return distances
    }

    /// The uploads that look like something and answer a run: the nearest first, of those as near the newest.
    ///
    /// - Parameter isAnything: whether nothing but the likeness was asked for.
    private func alike(
        _ hashes: [PictureHash], _ radius: Int, _ run: SearchRun, isAnything: Bool
    ) throws -> [ScoredDocument] {
        let distances = try near(hashes, radius)
        let ids = Array(distances.keys)
        let isFree = isAnything && run.plan.isEmpty
        let matching = isFree ? ids : run.plan.isEmpty ? [] : try run.scored(ids).map(\.id)
        return matching.map { ScoredDocument(score: Self.bits - (distances[$0] ?? 0), id: $0) }.sorted(by: >)
    }
}
