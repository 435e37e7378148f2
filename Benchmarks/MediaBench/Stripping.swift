// Taking out of files what is nobody's business.

import Formats

/// Strips files into a folder, or says how fast it is.
enum Stripping {
    static func run(_ words: [String]) throws {
        var words = words
        guard let folder = try MediaBench.option("--into", in: &words) else { return try measure(words) }
        for path in words {
            let name = path.split(separator: "/").last.map { String($0) } ?? path
            do {
                let stripped = try MediaMetadata.stripped(MappedFile.bytes(path))
                try MappedFile.write("\(folder)/\(name)") { try stripped.forEachStep($0) }
                print(path, stripped.sizeBytes, stripped.isUnchanged ? "unchanged" : "stripped")
            } catch let error as PictureError {
                print(path, error.code.rawValue, error.message)
            }
        }
    }

    /// Strips files that are in memory, each as an upload would: pieces, then the whole.
    private static func measure(_ paths: [String]) throws {
        let files = try paths.map { Array(try MappedFile.bytes($0)) }
            .filter { (try? MediaMetadata.stripped($0)) != nil }
        guard !files.isEmpty else { throw Misuse() }
        let rounds = max(1, 20_000 / files.count)
        var sizeBytes = 0
        let time = try ContinuousClock().measure {
            for _ in 0..<rounds {
                for file in files { sizeBytes += try MediaMetadata.stripped(file).bytes.count }
            }
        }
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        let count = Double(rounds * files.count)
        MediaBench.say(
            "strip",
            [
                ("files", Double(files.count)), ("mean_bytes", (Double(sizeBytes) / count).rounded()),
                ("files_per_s", (count / seconds).rounded()),
            ])
    }
}
