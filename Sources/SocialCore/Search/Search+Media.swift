// Uploads by what is said about them, and by what they look like.

package import Formats

extension Search {
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
        let pages = try indexes.router.gather { try $0.media(by: nil, in: .all, limit: .max, fromOldest: false) }
        let found = pages.joined().compactMap { record -> LookAlike? in
            guard record.id != except, let look = record.content.look?.hash else { return nil }
            let distance = hashes.map { $0.distance(to: look) }.min() ?? .max
            return distance <= radius ? LookAlike(record: record, distance: distance) : nil
        }
        return Array(found.sorted { ($0.distance, $0.record.id) < ($1.distance, $1.record.id) }.prefix(limit))
    }
}
