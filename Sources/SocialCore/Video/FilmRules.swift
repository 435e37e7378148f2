// What holds for every film. Whoever makes one, or reads one that somebody else has written, has it checked here once;
// what is made of it later relies on that: no sum overflows, no name leads out of its folder, no text needs escaping.

extension Film {
    /// Makes sure that this can be a film.
    ///
    /// - Throws: `badFilm`, which names the place as in `film.json`.
    package func validate() throws(FilmError) {
        try require(1...Limits.filmTracks ~= tracks.count, "tracks", "there must be 1 to \(Limits.filmTracks)")
        try require(1...Limits.filmSegments ~= cuts.count, "cuts", "there must be 1 to \(Limits.filmSegments)")
        try require(source.sizeBytes >= 0, "source", "its size is negative")
        try require(
            [plan.targetMilliseconds, plan.leastMilliseconds, plan.mostMilliseconds].allSatisfy {
                0...Limits.filmMilliseconds ~= $0
            }, "plan", "its durations must be 0 to \(Limits.filmMilliseconds)")
        for (number, cut) in cuts.enumerated() {
            let place = "cuts[\(number)]"
            let earliest = number == 0 ? 0 : cuts[number - 1].milliseconds
            try require(earliest...Limits.filmMilliseconds ~= cut.milliseconds, place, "its time is out of order")
            try require(0...1 ~= cut.sceneScore, place, "its score must be 0 to 1")
        }
        try require(scenes.count <= Limits.filmScenes, "scenes", "there must be at most \(Limits.filmScenes)")
        for (number, scene) in scenes.enumerated() {
            try require(
                scene.picture >= 0 && 0...Limits.filmMilliseconds ~= scene.milliseconds && 0...1 ~= scene.score,
                "scenes[\(number)]", "its picture, time or score cannot be")
        }
        var names: Set<String> = []
        for (number, track) in tracks.enumerated() {
            let place = "tracks[\(number)]"
            try track.validate(at: place, cuts: cuts.count)
            try require(names.insert(track.name).inserted, place, "the name \"\(track.name)\" is there twice")
        }
    }
}

extension Film {
    /// Whether a track can be called so.
    package static func isName(_ name: String) -> Bool { Track.isPlain(name, 64, "-_") }
}

extension Film.Track {
    fileprivate func validate(at place: String, cuts: Int) throws(FilmError) {
        try requirePlain(name, 64, "-_", place, "name")
        try requirePlain(codec, 64, ".-_+", place, "codec")
        try requirePlain(language, 35, "-", place, "language")
        try require(1...Limits.filmTimescale ~= timescale, place, "its timescale must be 1 to \(Limits.filmTimescale)")
        switch kind {
        case .video(let width, let height, let frames, let perSeconds):
            try require(
                1...65_535 ~= width && 1...65_535 ~= height, place, "its width and height must be 1 to 65535")
            try require(
                1...Limits.filmTimescale ~= frames && 1...Limits.filmTimescale ~= perSeconds
                    && frames / perSeconds <= 1_000, place, "its frame rate must be a fraction of at most 1000")
        case .audio(let channels, let sampleRate):
            try require(
                1...255 ~= channels && 1...10_000_000 ~= sampleRate, place, "its channels or sample rate cannot be")
        }
        // Sound may begin later than the pictures, or go on behind the last.
        try require(
            isVideo ? segments.count == cuts : 1...Limits.filmSegments ~= segments.count, place,
            "it has \(segments.count) segments, and the film \(cuts) cuts")
        try validateParts(at: place)
        try validateTimes(at: place)
    }

    /// Header, index and segments lie one behind the other and are the whole object.
    private func validateParts(at place: String) throws(FilmError) {
        var end = 0
        for (part, name) in [(header, "header"), (index, "index")] {
            try require(
                part.offset == end && 1...Limits.filmTrackBytes ~= part.sizeBytes, "\(place).\(name)",
                "it does not lie where it must")
            end += part.sizeBytes
        }
        for (number, segment) in segments.enumerated() {
            let place = "\(place).segments[\(number)]"
            try require(
                segment.part.offset == end && 1...Limits.filmTrackBytes ~= segment.part.sizeBytes, place,
                "it does not lie behind the one before")
            try require(
                (isVideo ? 1 : 0)...segment.part.sizeBytes ~= segment.firstFrameBytes, place,
                "its first picture has more bytes than it has, or none")
            end += segment.part.sizeBytes
            try require(end <= Limits.filmTrackBytes, place, "the track is too large")
        }
        if let object {
            let size = object.checks.sizeBytes
            try require(end == size, place, "its parts have \(end) bytes, and its object \(size)")
        }
    }

    /// Segments follow one another without gaps.
    private func validateTimes(at place: String) throws(FilmError) {
        let latest = Limits.filmMilliseconds / 1_000 * Int64(timescale)
        var end = segments.first?.start ?? 0
        for (number, segment) in segments.enumerated() {
            let place = "\(place).segments[\(number)]"
            try require(segment.start == end && 0...latest ~= end, place, "it does not begin when the one before ends")
            try require(1...latest ~= segment.duration, place, "its duration cannot be")
            end += segment.duration
        }
        try require(end <= latest, place, "it is longer than \(Limits.filmMilliseconds) ms")
    }

    private func requirePlain(
        _ text: String, _ length: Int, _ signs: String, _ place: String, _ name: String
    ) throws(FilmError) {
        try require(
            Self.isPlain(text, length, signs), "\(place).\(name)",
            "it must be 1 to \(length) letters, digits or any of \(signs)")
    }

    fileprivate static func isPlain(_ text: String, _ length: Int, _ signs: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: signs.utf8.contains(byte)
            }
        }
        return isPlain && 1...length ~= text.utf8.count
    }
}

private func require(
    _ isRight: Bool, _ place: @autoclosure () -> String, _ message: @autoclosure () -> String
) throws(FilmError) {
    if !isRight { throw FilmError(.badFilm, "\(place()): \(message())") }
}
