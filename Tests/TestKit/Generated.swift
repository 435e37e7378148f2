// Files that are made by the program and checked in: they must be what it makes now, no more and no fewer.

import Foundation

/// Generated files of the repository.
package enum Generated {
    /// What differs between files, by name, and a folder of the repository; empty when all is well.
    ///
    /// With `RECORD=1` in the environment the folder is written afresh instead.
    package static func differences(_ files: [String: String], in folder: String) throws -> [String] {
        let manager = FileManager.default
        let place = Repository.path(folder)
        let present = try manager.contentsOfDirectory(atPath: place).sorted()
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            for name in present where files[name] == nil { try manager.removeItem(atPath: "\(place)/\(name)") }
            for (name, text) in files { try text.write(toFile: "\(place)/\(name)", atomically: true, encoding: .utf8) }
            return []
        }
        let stale = present.filter { files[$0] == nil }.map { "\(folder)/\($0) is no longer made" }
        let changed = try files.keys.sorted().filter { name in
            try !present.contains(name) || String(contentsOfFile: "\(place)/\(name)", encoding: .utf8) != files[name]
        }
        return stale + changed.map { "\(folder)/\($0) is not what is made now; RECORD=1 writes it" }
    }
}
