// A disk that loses power. What was synced is kept. Of what was written since, each sector of 512 bytes keeps any
// number of its writes in their order, independently of all other sectors and files: so writes are kept, torn, dropped
// and reordered. Names made, changed and removed since the last sync of their directory may or may not have happened.
// A store into a mapping that is caught in the middle is torn at eight bytes.

package import SocialCore

/// The state of a recorded disk: what is durable, and what is only on its way.
package struct SimulatedDisk {
    static let sectorBytes = 512

    /// What a machine finds after it has come up again.
    package struct Image: Sendable {
        /// The directories, parents first.
        package var directories: [String] = []
        /// The files and their bytes.
        package var files: [(path: String, bytes: [UInt8])] = []
    }

    private struct Directory {
        var durable: [String: Entry] = [:]
        var pending: [[(name: String, entry: Entry?)]] = []

        mutating func sync() {
            for change in pending.joined() { durable[change.name] = change.entry }
            pending = []
        }
    }

    private enum Entry {
        case file(Int)
        case directory
    }

    private let root: String
    private var nodes: [SimulatedFile] = []
    private var directories: [String: Directory]
    /// The files as the running program sees them, by path.
    private var live: [String: Int] = [:]
    /// What a mapping made under a temporary name still calls its file after the rename.
    private var formerNames: [String: Int] = [:]

    /// An empty disk below a directory that is there.
    package init(root: String) {
        self.root = root
        directories = [root: Directory()]
    }

    /// Does a change.
    package mutating func apply(_ change: FileChange) {
        switch change {
        case .write(let path, let offset, let bytes):
            if let node = node(path) { nodes[node].write(.init(offset: offset, bytes: bytes, isMapped: false)) }
        case .store(let path, let offset, let bytes):
            if let node = node(path) { nodes[node].write(.init(offset: offset, bytes: bytes, isMapped: true)) }
        case .resize(let path, let size):
            if live[path] == nil {
                nodes.append(SimulatedFile())
                live[path] = nodes.count - 1
                formerNames[path] = nil
                rename([(path, .file(nodes.count - 1))])
            }
            if let node = live[path] { nodes[node].resize(size) }
        case .sync(let path): if let node = node(path) { nodes[node].sync() }
        case .rename(let from, let to):
            guard let node = live.removeValue(forKey: from) else { return }
            live[to] = node
            formerNames[from] = node
            if SimulatedDisk.parent(of: from) == SimulatedDisk.parent(of: to) {
                rename([(from, nil), (to, .file(node))])
            } else {
                // Two directories, each of which is on its way for itself.
                rename([(from, nil)])
                rename([(to, .file(node))])
            }
        case .link(let from, let to):
            guard let node = live[from] else { return }
            live[to] = node
            rename([(to, .file(node))])
        case .remove(let path): if live.removeValue(forKey: path) != nil { rename([(path, nil)]) }
        case .makeDirectory(let path):
            directories[path] = Directory()
            rename([(path, .directory)])
        case .syncDirectory(let path): directories[path]?.sync()
        case .syncFileSystem:
            for node in nodes.indices { nodes[node].sync() }
            for path in directories.keys { directories[path]?.sync() }
        }
    }

    private func node(_ path: String) -> Int? { live[path] ?? formerNames[path] }

    /// Changes names of one directory together.
    private mutating func rename(_ changes: [(path: String, entry: Entry?)]) {
        guard let first = changes.first else { return }
        let parent = SimulatedDisk.parent(of: first.path)
        directories[parent]?.pending.append(changes.map { (SimulatedDisk.name(of: $0.path), $0.entry) })
    }

    // MARK: Power cuts

    /// What is found when the power fails now.
    package func afterPowerCut(_ chance: Chance) -> Image {
        let mode = chance.below(100)
        // All, nothing, or each with a probability of its own for this cut.
        let percent = mode < 10 ? 100 : mode < 30 ? 0 : [5, 30, 50, 70, 95][chance.below(5)]
        var image = Image()
        collect(root, &image) { file in
            file.afterPowerCut(keeping: percent, chance)
        } names: { directory in
            var entries = directory.durable
            for group in directory.pending where chance.percent(percent) {
                for change in group { entries[change.name] = change.entry }
            }
            return entries
        }
        return image
    }

    /// What is found when the process is killed in the middle of one more change, and the machine stays up.
    package func afterKill(during change: FileChange?, _ chance: Chance) -> Image {
        var disk = self
        if case .store(let path, let offset, let bytes) = change, let node = node(path) {
            var torn = disk.nodes[node].current
            if bytes.count > FeedCache.recordHeaderBytes {
                SimulatedFile.copyWords(bytes, to: offset, of: &torn) { chance.percent(50) }
                // A change of a record begins with the clearing of its check and ends with the setting.
                SimulatedFile.copyWords([UInt8](repeating: 0, count: 8), to: offset + 48, of: &torn) { true }
            }
            disk.nodes[node] = SimulatedFile(durable: torn)
        }
        var image = Image()
        disk.collect(root, &image) {
            $0.current
        } names: { directory in
            var entries = directory.durable
            for change in directory.pending.joined() { entries[change.name] = change.entry }
            return entries
        }
        return image
    }

    private func collect(
        _ path: String, _ image: inout Image, _ bytes: (SimulatedFile) -> [UInt8],
        names: (Directory) -> [String: Entry]
    ) {
        guard let directory = directories[path] else { return }
        for (name, entry) in names(directory).sorted(by: { $0.key < $1.key }) {
            let place = "\(path)/\(name)"
            switch entry {
            case .file(let node): image.files.append((place, bytes(nodes[node])))
            case .directory:
                image.directories.append(place)
                collect(place, &image, bytes, names: names)
            }
        }
    }

    private static func parent(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    }

    private static func name(of path: String) -> String {
        String(path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...])
    }
}
