// A film as people name it: an upload that was cut, or a folder that has one.

internal import CommandSpec
internal import SocialCore

/// A film that was found.
struct NamedFilm {
    /// What is known of it.
    var film: Film
    /// Where its files are.
    var shelf: any FilmShelf
    /// Its upload; nil for one in a folder.
    var record: MediaRecord?
    /// The handle of who uploaded it.
    var author: String?
}

extension ValueType where Value == String {
    /// A film: an upload, or a folder.
    static var film: ValueType<String> {
        ValueType(.custom("media"), placeholder: "ID|DIR", expecting: "an upload that was cut, or a folder") {
            (word) throws(ValueError) in word
        }
    }
}

extension Session {
    /// The folder that a word names, itself or by its `film.json`; nil when there is none.
    func filmFolder(_ word: String) -> FilmFolder? {
        let files = FileSystem()
        if files.isDirectory(word) { return FilmFolder(word) }
        return word.hasSuffix(".json") && files.exists(word) ? FilmFolder(FileSystem.parent(of: word)) : nil
    }

    /// The film that a word names: a folder goes before an upload.
    func film(_ word: String) throws -> NamedFilm {
        if let folder = filmFolder(word) { return NamedFilm(film: try folder.film(), shelf: folder) }
        guard let reference = MediaReference(word) else {
            throw StorageError(
                .noSuchFile, "there is no folder \"\(word)\"",
                hint: "an upload is named by its id, HANDLE/FILENAME, its hash or key:KEY")
        }
        return try film(upload(reference))
    }

    /// The film of an upload.
    func film(_ record: MediaRecord) throws -> NamedFilm {
        let films = try network().films
        let author = try network().accounts.records(of: [record.author]).first ?? nil
        let film = try films.film(of: record)
        return NamedFilm(
            film: film, shelf: StoredFilm(film) { try films.open($0) }, record: record, author: author?.handle.display)
    }
}
