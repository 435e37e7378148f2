// Inputs that are right: files of the repository, and what the program makes itself.

internal import SocialCore
internal import TestKit

/// Files to begin with.
enum Samples {
    /// The bytes of a file of the repository.
    static func file(_ name: String) throws -> [UInt8] {
        try FileSystem().contents(of: Repository.path(name))
    }

    /// The files in a folder of the repository whose names end so.
    static func files(_ folder: String, ending: String) throws -> [[UInt8]] {
        let names = try FileSystem().names(in: Repository.path(folder)).filter { $0.hasSuffix(ending) }
        return try names.sorted().map { try file("\(folder)/\($0)") }
    }

    /// Where the names of parts stand in a file.
    static func places(of names: [[UInt8]], in file: [UInt8]) -> [Int] {
        let firsts = Set(names.compactMap(\.first))
        return file.indices.dropLast(4).filter { place in
            firsts.contains(file[place]) && names.contains { file[place...].starts(with: $0) }
        }
    }
}
