// The list of all that is fuzzed.

/// A parser by its name; it is made when it is needed, since some have large inputs to begin with.
package struct FuzzSubject: Sendable {
    /// The name.
    package let name: String
    /// Makes the parser.
    package let make: @Sendable () throws -> FuzzParser

    init(_ name: String, _ make: @escaping @Sendable () throws -> FuzzParser) {
        self.name = name
        self.make = make
    }

    /// The parser of a name; nil when there is none.
    package static func named(_ name: String) -> FuzzSubject? { all.first { $0.name == name } }

    /// All of them.
    package static let all: [FuzzSubject] =
        ArgumentParsers.all + TextParsers.all + RowParsers.all + QueryParsers.all + PictureParsers.all
        + FilmParsers.all + PlaylistParsers.all + LogParsers.all + ArchiveParsers.all + StoredParsers.all
        + DirectoryParsers.all
}
