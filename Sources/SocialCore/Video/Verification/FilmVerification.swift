// Is a film all right? That every file is there and has the bytes that were cut, that playlists say what is known of
// the film, and that a player who knows nothing but them finds its way: they are read back and followed.

internal import Formats

/// Something of a film that is not as it should be.
package struct FilmProblem: Equatable, Sendable {
    /// The kinds of problem; the raw values are stable.
    package enum Code: String, Sendable, CaseIterable {
        /// There is no such file.
        case fileMissing = "film_file_missing"
        /// The bytes are not those that were cut.
        case fileDamaged = "film_file_damaged"
        /// A playlist, or the description, does not say what is known of the film.
        case textDiffers = "film_text_differs"
        /// A playlist leads players astray.
        case playlistWrong = "film_playlist_wrong"
        /// Qualities are not cut at the same times.
        case notAligned = "film_not_aligned"
        /// A segment does not hold what is said of it.
        case segmentWrong = "film_segment_wrong"
    }

    /// Which kind it is.
    package var code: Code
    /// The file.
    package var place: String
    /// What was found.
    package var message: String

    init(code: Code, place: String, message: String) {
        self.code = code
        self.place = place
        self.message = message
    }

    /// The problem of a film whose description cannot be read; nil when the error is another one.
    ///
    /// - Parameter isThere: whether there is a place in which the film should be.
    package init?(reading error: any Error, isThere: Bool) {
        let (code, message): (Code, String)
        switch error {
        case let error as FileError: (code, message) = (.fileDamaged, "\(error.error)")
        case let error as DataError: (code, message) = (.fileDamaged, "\(error)")
        case let error as FilmError where error.code == .badFilm: (code, message) = (.fileDamaged, error.message)
        case let error as StorageError where error.code == .damaged: (code, message) = (.fileDamaged, error.message)
        case let error as StorageError where error.code == .noSuchFile && isThere:
            (code, message) = (.fileMissing, error.message)
        default: return nil
        }
        self.init(code: code, place: FilmKey.description, message: message)
    }
}

/// Verifies a film.
package struct FilmVerification {
    let film: Film
    let shelf: any FilmShelf
    let observer: (any RunObserver)?

    /// A verification of a film on a shelf.
    package init(_ film: Film, on shelf: any FilmShelf, observer: (any RunObserver)? = nil) {
        self.film = film
        self.shelf = shelf
        self.observer = observer
    }

    /// All problems; none when everything is all right.
    ///
    /// - Parameter isDeep: whether segments are taken apart too.
    package func run(isDeep: Bool) throws -> [FilmProblem] {
        observer?.begin("verifying", total: film.sizeBytes)
        defer { observer?.end() }
        var problems = alignmentProblems
        var sizes: [String: Int] = [:]
        var isWhole = true
        for resource in film.resources {
            guard let size = try shelf.sizeBytes(of: resource) else {
                problems.append(FilmProblem(code: .fileMissing, place: resource.key, message: "it is not there"))
                isWhole = false
                continue
            }
            sizes[resource.key] = size
            guard case .bytes(let track, let range) = resource.content else { continue }
            if let problem = try problem(resource, size, film.tracks[track], range) {
                problems.append(problem)
                isWhole = false
            }
        }
        for resource in film.resources where sizes[resource.key] != nil {
            if case .text(let text) = resource.content { problems += try self.problems(resource, text, sizes) }
        }
        // What was altered need not be taken apart to know that.
        return isDeep && isWhole ? try problems + SegmentInspection(film, shelf).run() : problems
    }

    // MARK: Bytes

    /// What is wrong with the bytes of a file.
    private func problem(
        _ resource: FilmResource, _ size: Int, _ track: Film.Track, _ range: Range<Int>
    ) throws -> FilmProblem? {
        func damage(_ message: String) -> FilmProblem {
            FilmProblem(code: .fileDamaged, place: resource.key, message: message)
        }
        guard size == range.count else { return damage("it has \(size) bytes instead of \(range.count)") }
        for part in track.parts(in: range) {
            guard let expected = part.hash else { continue }
            let hash = ContentHash()
            let start = part.offset - range.lowerBound
            do {
                try shelf.forEachChunk(of: resource, in: start..<start + part.sizeBytes) { hash.add($0) }
            } catch let error as StorageError where [.damaged, .noSuchFile].contains(error.code) {
                return damage(error.message)
            }
            observer?.advance(by: part.sizeBytes)
            if hash.text != expected.description {
                return damage("bytes \(start) to \(start + part.sizeBytes - 1) are not those that were cut")
            }
        }
        return nil
    }

    // MARK: Times

    /// Qualities between which players change have to be cut at the same times.
    private var alignmentProblems: [FilmProblem] {
        guard let first = film.videoTracks.first else { return [] }
        return film.videoTracks.dropFirst().compactMap { track in
            let index = zip(first.segments, track.segments).enumerated().first { _, pair in
                MovieTime(pair.0.start, first.timescale) != MovieTime(pair.1.start, track.timescale)
            }?.offset
            guard let index else { return nil }
            return FilmProblem(
                code: .notAligned, place: "\(track.name)/\(FilmKey.segment(index))",
                message: "it does not begin when that of \"\(first.name)\" does")
        }
    }

    // MARK: Texts

    private func problems(
        _ resource: FilmResource, _ text: FilmText, _ sizes: [String: Int]
    ) throws -> [FilmProblem] {
        var problems: [FilmProblem] = []
        let bytes = try shelf.bytes(of: resource)
        let expected = film.bytes(of: text)
        if bytes != expected {
            let same = zip(bytes, expected).prefix { $0 == $1 }
            let line = same.reduce(1) { $1.0 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
            problems.append(
                FilmProblem(
                    code: .textDiffers, place: resource.key, message: "line \(line) is not what is known of the film"))
        }
        let walk = PlaylistWalk(film: film, sizes: sizes)
        do {
            try walk.follow(text, bytes)
        } catch let error as DataError {
            problems.append(FilmProblem(code: .playlistWrong, place: resource.key, message: "\(error)"))
        } catch let error as PlaylistWalk.Fault {
            problems.append(FilmProblem(code: .playlistWrong, place: resource.key, message: error.message))
        }
        return problems
    }
}

extension Film.Track {
    /// The parts of its object that lie in a range, which begins and ends with one.
    func parts(in range: Range<Int>) -> [Film.Part] {
        ([header, index] + segments.map(\.part)).filter { range.contains($0.offset) }
    }
}
