// Where the files of a film are: among the objects of a network, or in a plain folder to which they were exported.
// Whoever serves, exports or verifies a film does not mind which.

internal import Formats
internal import Glibc

/// A place that has the files of a film.
package protocol FilmShelf {
    /// How many bytes lie under a name; nil when nothing does.
    func sizeBytes(of resource: FilmResource) throws -> Int?
    /// Hands out a part of what lies under a name, piece by piece.
    func forEachChunk(
        of resource: FilmResource, in range: Range<Int>, _ body: (ArraySlice<UInt8>) throws -> Void) throws
}

extension FilmShelf {
    /// All bytes that lie under a name.
    package func bytes(of resource: FilmResource) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachChunk(of: resource, in: 0..<(try sizeBytes(of: resource) ?? 0)) { bytes += $0 }
        return bytes
    }
}

/// A film among the objects of a network: its texts are made when they are asked for.
package final class StoredFilm: FilmShelf {
    /// What is known of it.
    package let film: Film
    private let open: (Film.Track) throws -> OpenObject
    private var objects: [Int: OpenObject] = [:]

    /// A film whose tracks are objects.
    ///
    /// - Parameter open: opens the object of a track; asked once for each.
    package init(_ film: Film, open: @escaping (Film.Track) throws -> OpenObject) {
        self.film = film
        self.open = open
    }

    /// How many bytes lie under a name.
    package func sizeBytes(of resource: FilmResource) throws -> Int? {
        switch resource.content {
        case .text(let text): film.bytes(of: text).count
        case .bytes(_, let range): range.count
        }
    }

    /// Hands out a part of what lies under a name; every byte is proved before.
    package func forEachChunk(
        of resource: FilmResource, in range: Range<Int>, _ body: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        switch resource.content {
        case .text(let text): try body(film.bytes(of: text)[range])
        case .bytes(let track, let whole):
            let start = whole.lowerBound
            try object(track).forEachChunk(in: start + range.lowerBound..<start + range.upperBound, body)
        }
    }

    private func object(_ track: Int) throws -> OpenObject {
        if let known = objects[track] { return known }
        let object = try open(film.tracks[track])
        objects[track] = object
        return object
    }
}

/// A film in a plain folder.
package struct FilmFolder: FilmShelf {
    /// Where it is.
    package let path: String

    /// A folder, which need not be there yet.
    package init(_ path: String) { self.path = path }

    /// The film that the folder says it has.
    ///
    /// - Throws: `noSuchFile` when there is no `film.json`, and what is wrong with it.
    package func film() throws -> Film {
        let name = self.path(FilmKey.description)
        do { return try Film(coded: try FileSystem().contents(of: name)) } catch let error as DataError {
            throw FileError(file: name, error)
        } catch let error as FilmError {
            throw FilmError(error.code, "\"\(name)\": \(error.message)")
        }
    }

    /// How many bytes lie under a name; nil when there is no such file.
    package func sizeBytes(of resource: FilmResource) throws -> Int? {
        let path = path(resource.key)
        let files = FileSystem()
        return files.exists(path) && !files.isDirectory(path) ? files.size(of: path) : nil
    }

    /// Hands out a part of a file.
    package func forEachChunk(
        of resource: FilmResource, in range: Range<Int>, _ body: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        let file = try FileReader(path(resource.key))
        var start = range.lowerBound
        while start < range.upperBound {
            let bytes = try file.bytes(at: start, count: min(range.upperBound - start, FileReader.chunkBytes))
            if bytes.isEmpty { return }
            try body(bytes[...])
            start += bytes.count
        }
    }

    private func path(_ key: String) -> String { "\(path)/\(key)" }
}

extension FilmFolder {
    /// Fills the folder with the files of a film.
    ///
    /// What is referred to comes before what refers to it, and the description last: a folder without it is no film.
    ///
    /// - Parameters:
    ///   - extras: further files: a page that plays the film, for example.
    /// - Throws: `notEmpty` when something lies in the folder.
    package func fill(
        with film: Film, from shelf: some FilmShelf, extras: [(name: String, text: String)] = [],
        observer: (any RunObserver)? = nil
    ) throws {
        let files = FileSystem()
        try files.requireEmpty(path)
        try files.makeOutDirectory(path)
        observer?.begin("exporting", total: film.sizeBytes)
        defer { observer?.end() }
        for resource in film.resources {
            guard case .bytes = resource.content else { continue }
            guard let size = try shelf.sizeBytes(of: resource) else {
                throw StorageError(.noSuchFile, "\"\(resource.key)\" of the film is not there")
            }
            try put(resource.key) { write in
                try shelf.forEachChunk(of: resource, in: 0..<size) { bytes in
                    try write(bytes)
                    observer?.advance(by: bytes.count)
                }
            }
        }
        for extra in extras { try put(extra.name) { try $0(Array(extra.text.utf8)[...]) } }
        try describe(film)
    }

    /// Writes the playlists and the description of a film whose segments are there.
    package func describe(_ film: Film) throws {
        for resource in film.resources {
            guard case .text(let text) = resource.content else { continue }
            try put(resource.key) { try $0(film.bytes(of: text)[...]) }
        }
    }

    private func put(_ key: String, _ body: ((ArraySlice<UInt8>) throws -> Void) throws -> Void) throws {
        let path = path(key)
        try FileSystem().makeOutDirectory(FileSystem.parent(of: path))
        try FileSystem().writeOut(path, body)
    }
}
