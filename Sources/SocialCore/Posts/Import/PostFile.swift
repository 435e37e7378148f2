// What a file of posts is: told by its first bytes, or by the names in a folder or an archive.

package import Formats

/// What a file of posts turns out to be.
package enum PostFile: Sendable {
    /// Rows of a form.
    case rows(PostForm)
    /// The archive of another network.
    case archive(Archive)

    /// What a file is.
    ///
    /// - Returns: nil when its first bytes do not say; then it may be plain text.
    package static func recognise(_ input: InputFile) throws -> PostFile? {
        try input.naming { try recogniseBytes(of: input) }
    }

    private static func recogniseBytes(of input: InputFile) throws -> PostFile? {
        let head = try input.head(4_096)
        if ZipReader.isZip(head.raw) {
            let names = try input.zip().entries.map(\.name)
            return try archive(input.name) { archive in names.contains { archive.isList($0) } }
        }
        if TarReader.isTar(head.inflated[...]) {
            var tar = TarReader(try input.open())
            while let entry = try tar.next() {
                for archive in Archive.allCases where entry.isFile && archive.isList(entry.name) {
                    return .archive(archive)
                }
            }
            throw unknownArchive(input.name)
        }
        let text = String(decoding: head.inflated, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if text.hasPrefix("window.YTD.") { return .archive(.twitter) }
        if text.hasPrefix("{") {
            let isOutbox = text.contains("\"orderedItems\"") || text.contains("\"OrderedCollection\"")
            return isOutbox ? .archive(.mastodon) : .rows(.ndjson)
        }
        let name = input.name.lowercased()
        if name.hasSuffix(".csv") || name.hasSuffix(".csv.gz") { return .rows(.csv) }
        return nil
    }

    /// What a folder is.
    package static func recognise(folder: String) throws -> PostFile {
        try archive(folder) { try !$0.lists(inFolder: folder).isEmpty }
    }

    private static func archive(_ name: String, _ isThere: (Archive) throws -> Bool) throws -> PostFile {
        for archive in Archive.allCases where try isThere(archive) { return .archive(archive) }
        throw unknownArchive(name)
    }

    private static func unknownArchive(_ name: String) -> PostsError {
        PostsError(
            .noArchive,
            "\"\(name)\": there is neither \"outbox.json\" (Mastodon) nor \"data/tweets.js\" (Twitter) in it")
    }
}

extension Archive {
    /// Whether an entry of an archive, or a file of a folder, is a list of posts.
    func isList(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        switch self {
        case .mastodon: return name == "outbox.json"
        case .twitter: return name.wholeMatch(of: /tweets?(-part[0-9]+)?\.js/) != nil
        }
    }

    /// The paths of the lists of posts in a folder.
    func lists(inFolder folder: String) throws -> [String] {
        let files = FileSystem()
        var paths: [String] = []
        for place in [folder, "\(folder)/data"] where files.isDirectory(place) {
            paths += try files.names(in: place).filter(isList).map { "\(place)/\($0)" }
        }
        return paths
    }

    /// The lists of posts of an archive, each with the name under which errors speak of it, one after the other.
    func forEachList(in source: ArchiveSource, _ visit: (String, [UInt8]) throws -> Void) throws {
        var count = 0
        func give(_ name: String, _ bytes: [UInt8]) throws {
            count += 1
            try visit(name, bytes)
        }
        switch source {
        case .folder(let path):
            for list in try lists(inFolder: path) { try give(list, InputFile(path: list).contents()) }
        case .file(let input):
            let head = try input.head(512)
            if ZipReader.isZip(head.raw) {
                let zip = try input.zip()
                for entry in zip.entries where isList(entry.name) {
                    let bytes = try zip.contents(of: entry, limitBytes: FormatLimits.documentBytes)
                    try give("\(input.name):\(entry.name)", bytes)
                }
            } else if TarReader.isTar(head.inflated[...]) {
                var tar = TarReader(try input.open())
                while let entry = try tar.next() {
                    guard entry.isFile, isList(entry.name) else { continue }
                    try give("\(input.name):\(entry.name)", tar.contents(limitBytes: FormatLimits.documentBytes))
                }
            } else {
                try give(input.name, input.contents())
            }
        }
        if count == 0 { throw PostsError(.noArchive, "\"\(source.name)\": there is no \"\(listName)\" in it") }
    }

    /// Calls a closure for each file of an archive that belongs to posts, with its key and what reads it.
    ///
    /// Cost: a walk through the whole archive.
    func forEachAttachment(
        in source: ArchiveSource, _ visit: (_ key: String, _ name: String, _ read: () throws -> [UInt8]) throws -> Void
    ) throws {
        let limit = Limits.pipedUploadBytes
        func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
        switch source {
        case .folder(let root):
            let files = FileSystem()
            var folders = [root]
            while let folder = folders.popLast() {
                for entry in try files.names(in: folder) {
                    let path = "\(folder)/\(entry)"
                    if files.isLink(path) { continue }
                    if files.isDirectory(path) {
                        folders.append(path)
                    } else if let key = attachmentKey(ofFile: path) {
                        try visit(key, entry) { try files.contents(of: path) }
                    }
                }
            }
        case .file(let input):
            let head = try input.head(512)
            if ZipReader.isZip(head.raw) {
                let zip = try input.zip()
                for entry in zip.entries {
                    guard let key = attachmentKey(ofFile: entry.name) else { continue }
                    try visit(key, name(entry.name)) { try zip.contents(of: entry, limitBytes: limit) }
                }
            } else if TarReader.isTar(head.inflated[...]) {
                var tar = TarReader(try input.open())
                while let entry = try tar.next() {
                    guard entry.isFile, let key = attachmentKey(ofFile: entry.name) else { continue }
                    try visit(key, name(entry.name)) { try tar.contents(limitBytes: limit) }
                }
            }
        }
    }

    private var listName: String {
        switch self {
        case .mastodon: "outbox.json"
        case .twitter: "data/tweets.js"
        }
    }
}

/// Where the archive of another network lies.
package enum ArchiveSource {
    /// A list of posts alone, or the archive as a zip or tar file.
    case file(InputFile)
    /// The unpacked archive.
    case folder(String)

    /// The name under which errors speak of it.
    package var name: String {
        switch self {
        case .file(let input): input.name
        case .folder(let path): path
        }
    }
}
