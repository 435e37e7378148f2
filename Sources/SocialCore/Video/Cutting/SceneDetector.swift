// Where do scenes change? Asked of the sizes of pictures and of where key pictures were put, without decoding.
//
// Encoders put a key picture where a scene begins, and otherwise where the last one is as long ago as they were told to
// wait at most. So a key picture that came earlier than it had to is a change of scene (x264 and its kin; research of
// encoders' rate control calls it "scenecut"). Where key pictures stand in a fixed grid this says nothing; then only a
// picture that is much larger than those around it does, because it could not be told from those before.

internal import Glibc

/// Finds changes of scene in what is known of pictures.
package struct SceneDetector {
    /// How many pictures on both sides a picture is compared with.
    private static let window = 8
    /// How much larger than those around it a picture between key pictures is that begins a scene.
    private static let outlier = 5.0

    private let pictures: PictureTimes

    /// A detector for the pictures of a film.
    package init(_ pictures: PictureTimes) { self.pictures = pictures }

    /// How much speaks for a change of scene at each entrance, from 0 to 1; 0 for the first.
    ///
    /// Cost: a look at each entrance and at the sizes around it.
    package func entranceScores() -> [Double] {
        let entrances = pictures.entrances
        var scores = [Double](repeating: 0, count: entrances.count)
        guard entrances.count > 1 else { return scores }
        let interval = regularInterval()
        for index in entrances.indices.dropFirst() {
            let gap = entrances[index].picture - entrances[index - 1].picture
            let change = changeOfSizes(at: entrances[index].picture)
            if let interval, isRegular(entrances[index].picture, gap, interval) {
                // It had to be there: only what comes after it tells whether it is another scene.
                scores[index] = min(0.45, 0.3 * change)
            } else {
                scores[index] = min(1, 0.8 + 0.2 * change)
            }
        }
        return scores
    }

    /// All changes of scene: at entrances, and between them where a picture is much larger than those around it.
    package func scenes() -> [SceneChange] {
        var scenes: [SceneChange] = []
        let scores = entranceScores()
        for (entrance, score) in zip(pictures.entrances, scores) where score >= SceneChange.threshold {
            scenes.append(
                SceneChange(
                    picture: entrance.picture, milliseconds: pictures.milliseconds(entrance.time), score: score,
                    isEntrance: true))
        }
        // In films of key pictures only, sizes say how much there is to see, and not what changes.
        let isIntraOnly = 2 * pictures.entrances.count > pictures.sizes.count
        return isIntraOnly ? scenes : (scenes + outliers()).sorted { $0.picture < $1.picture }
    }

    /// Changes of scene in decoded pictures: those that differ from the one before much more than those around them do.
    static func scenes(
        in differences: [(milliseconds: Double, difference: Double)], _ pictures: PictureTimes
    ) -> [SceneChange] {
        let shown = pictures.times.indices.sorted { pictures.times[$0] < pictures.times[$1] }
        let isEntrance = Set(pictures.entrances.map(\.picture))
        var scenes: [SceneChange] = []
        // The first picture has none before it.
        for index in differences.indices.dropFirst() where index < shown.count {
            let difference = differences[index].difference
            let around = max(1, index - window)..<min(differences.count, index + 1 + window)
            let others = around.reduce(0) { $0 + ($1 == index ? 0 : differences[$1].difference) }
            let usual = max(0.01, others / Double(max(1, around.count - 1)))
            guard difference > 0.1, difference > 3 * usual else { continue }
            let picture = shown[index]
            scenes.append(
                SceneChange(
                    picture: picture, milliseconds: pictures.milliseconds(pictures.times[picture]),
                    score: min(1, 0.5 + difference / 2), isEntrance: isEntrance.contains(picture)))
        }
        return scenes
    }

    // MARK: Intervals

    /// The number of pictures after which the encoder had to put a key picture: the longest distance, if it is there
    /// more than once; nil when all are irregular.
    private func regularInterval() -> Int? {
        let entrances = pictures.entrances
        let gaps = zip(entrances.dropFirst(), entrances).map { $0.picture - $1.picture }
        guard let longest = gaps.max() else { return nil }
        let count = gaps.count { isNear($0, longest) }
        return count > 1 ? longest : nil
    }

    /// Whether a key picture stands as far behind the last as it may, or in the grid of such distances.
    private func isRegular(_ picture: Int, _ gap: Int, _ interval: Int) -> Bool {
        if isNear(gap, interval) { return true }
        let rest = picture % interval
        return min(rest, interval - rest) <= (interval >= 24 ? 1 : 0)
    }

    private func isNear(_ gap: Int, _ interval: Int) -> Bool { abs(gap - interval) <= (interval >= 24 ? 1 : 0) }

    // MARK: Sizes

    /// How much the sizes of pictures differ before and behind one, as the logarithm of their ratio.
    private func changeOfSizes(at picture: Int) -> Double {
        let before = mean(max(0, picture - Self.window)..<picture)
        let behind = mean(picture + 1..<min(pictures.sizes.count, picture + 1 + Self.window))
        guard before > 0, behind > 0 else { return 0 }
        return min(1, abs(log(behind / before)) / 2)
    }

    private func mean(_ range: Range<Int>) -> Double {
        guard !range.isEmpty else { return 0 }
        return Double(pictures.sizes[range].reduce(0) { $0 + UInt64($1) }) / Double(range.count)
    }

    /// Pictures between entrances that are much larger than those around them.
    private func outliers() -> [SceneChange] {
        let sizes = pictures.sizes
        guard sizes.count > 2 * Self.window, let first = pictures.entrances.first else { return [] }
        var isEntrance = [Bool](repeating: false, count: sizes.count)
        for entrance in pictures.entrances where entrance.picture < sizes.count { isEntrance[entrance.picture] = true }
        // A picture that could not be told from those before is about as large as a key picture.
        let keys = pictures.entrances.map { sizes[$0.picture] }.sorted()
        let key = Double(keys[keys.count / 2])
        var scenes: [SceneChange] = []
        var last = first.picture
        for picture in sizes.indices {
            if isEntrance[picture] { last = picture }
            let size = Double(sizes[picture])
            guard size > 0.4 * key, !isEntrance[picture], picture - last > Self.window else { continue }
            let around = max(0, picture - Self.window)..<min(sizes.count, picture + 1 + Self.window)
            var others: [UInt32] = []
            for other in around where other != picture && !isEntrance[other] { others.append(sizes[other]) }
            let largest = others.sorted().suffix(2).first.map { Double($0) } ?? 0
            guard size > Self.outlier * max(1, mean(around)) * 0.6, size > 1.8 * largest else { continue }
            scenes.append(
                SceneChange(
                    picture: picture, milliseconds: pictures.milliseconds(pictures.times[picture]),
                    score: min(0.9, 0.4 + size / key / 2), isEntrance: false))
            last = picture
        }
        return scenes
    }
}
