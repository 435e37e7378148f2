// The tree that the rules are about, read once.

import Foundation

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
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// The lines without what follows `//`, each with its number from 1.
        ///
        /// A string that holds `//` is cut too, which hides nothing that a rule looks for.
        var code: [(number: Int, text: Substring)] {
            lines.enumerated().map {
                (
                    $0.offset + 1,
                    $0.element.firstRange(of: "//").map { [line = $0.element] in
                        line[..<$0.lowerBound]
                    } ?? $0.element
                )
            }
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
