// The tree that the rules are about, read once.

import Foundation
import Glibc

/// The files of the repository.
enum SourceTree {
    /// The root of the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// A text file.
    struct File: Sendable {
        /// The path below the root.
        let path: String
        /// What it holds.
        let text: String

        /// The lines, without their ends.
        let lines: [Substring]
        /// The lines without what follows `//`, each with its number from 1.
        ///
        /// A string that holds `//` is cut too, which hides nothing that a rule looks for.
        let code: [(number: Int, text: Substring)]

        init(path: String, text: String) {
            self.path = path
            self.text = text
            lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)
            code = lines.enumerated().map { ($0.offset + 1, $0.element.prefix(upTo: "//")) }
        }

        /// The room of the core that the file belongs to; nil outside its rooms.
        var room: String? {
            let parts = path.split(separator: "/")
            return parts.count > 3 && parts[1] == "SocialCore" ? String(parts[2]) : nil
        }
    }

    /// The Swift files of `Sources`.
    static let sources = files(in: "Sources").filter { $0.path.hasSuffix(".swift") }
    /// All files of `Sources` and `Tests` that are code.
    static let code = (files(in: "Sources") + files(in: "Tests")).filter { file in
        [".swift", ".c", ".h"].contains { file.path.hasSuffix($0) }
    }
    /// All text files that belong to the repository: code, fixtures, and what lies at the root.
    static let all = ["Sources", "Tests", "fixtures", "Benchmarks", "docs", ".github"].flatMap(files) + rootFiles

    private static func files(in folder: String) -> [File] {
        let names = FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String } ?? []
        return names.filter { !$0.contains(".build") }.sorted().compactMap { file("\(folder)/\($0)") }
    }

    private static var rootFiles: [File] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        // The lock file is made by the package manager.
        return names.filter { $0 != "Package.resolved" && $0 != ".git" }.sorted().compactMap(file)
    }

    private static func file(_ path: String) -> File? {
        guard let bytes = FileManager.default.contents(atPath: "\(root)/\(path)") else { return nil }
        return String(validating: bytes, as: UTF8.self).map { File(path: path, text: $0) }
    }
}

extension Substring {
    /// Whether a word is part of it: found byte by byte, a hundred times faster than by characters.
    func has(_ word: String) -> Bool { place(of: word) != nil }

    /// What comes before a word; all of it where that does not occur.
    func prefix(upTo word: String) -> Substring { place(of: word).map { Substring(utf8.prefix($0)) } ?? self }

    /// How many bytes come before a word.
    private func place(of word: String) -> Int? {
        utf8.withContiguousStorageIfAvailable { bytes in
            word.utf8.withContiguousStorageIfAvailable { word -> Int? in
                guard let start = bytes.baseAddress, let wanted = word.baseAddress else { return nil }
                var place = 0
                while place + word.count <= bytes.count {
                    // Safety: both buffers live for the call, and no more is looked at than is left of the first one.
                    let first = memchr(start + place, Int32(word[0]), bytes.count - word.count - place + 1)
                    guard let first else { return nil }
                    place = UnsafeRawPointer(first) - UnsafeRawPointer(start)
                    if memcmp(first, wanted, word.count) == 0 { return place }
                    place += 1
                }
                return nil
            } ?? nil
        } ?? nil
    }
}
