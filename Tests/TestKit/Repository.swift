// The tree that the tests belong to, for tests that read it.

import Foundation

/// The tree that the tests belong to.
package enum Repository {
    /// The root of the package.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The path of a file in the package.
    package static func path(_ name: String) -> String { "\(root)/\(name)" }

    /// The Swift files in a folder of the package, in the order of their paths.
    package static func sources(_ folder: String) throws -> [(path: String, text: String)] {
        let names = FileManager.default.enumerator(atPath: path(folder))?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".swift") }.sorted()
            .map { ("\(folder)/\($0)", try String(contentsOfFile: path("\(folder)/\($0)"), encoding: .utf8)) }
    }
}
