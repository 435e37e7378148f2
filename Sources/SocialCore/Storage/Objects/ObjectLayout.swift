// Where objects lie. The store of objects knows nothing of shards, slots and accounts; whoever does tells it here.

/// The folders of objects.
package struct ObjectLayout: Sendable {
    /// The folder in which an object is kept, such as `DIR/shards/0003/objects`.
    ///
    /// It is made when it is needed; the folder that it lies in must be there.
    package var home: @Sendable (ObjectHash) -> String
    /// All folders of the data directory that may hold objects: homes, and others in which one may still lie that has
    /// not followed its slot.
    package var folders: [String]
    /// The folder of an object in each replica place.
    ///
    /// A place cannot be reached when what its folder lies in is not there.
    package var copies: @Sendable (ObjectHash) -> [String]
    /// All folders of replica places that may hold objects.
    package var copyFolders: [String]
    /// In how many places an object must lie before it counts as stored, its home included.
    package var writeQuorum: Int

    /// A layout; without replicas only the first two are needed.
    package init(
        home: @escaping @Sendable (ObjectHash) -> String, folders: [String],
        copies: @escaping @Sendable (ObjectHash) -> [String] = { _ in [] }, copyFolders: [String] = [],
        writeQuorum: Int = 1
    ) {
        self.home = home
        self.folders = folders
        self.copies = copies
        self.copyFolders = copyFolders
        self.writeQuorum = writeQuorum
    }

    /// The number-th folder in which an object may lie, the likeliest first; nil when there is no further.
    ///
    /// A folder may come more than once.
    func candidate(_ number: Int, for hash: ObjectHash) -> String? {
        if number == 0 { return home(hash) }
        var rest = number - 1
        if rest < folders.count { return folders[rest] }
        rest -= folders.count
        let copies = copies(hash)
        if rest < copies.count { return copies[rest] }
        rest -= copies.count
        return rest < copyFolders.count ? copyFolders[rest] : nil
    }

    /// The folders in which an object may lie, each once.
    func candidates(for hash: ObjectHash) -> [String] {
        var folders: [String] = []
        var number = 0
        while let folder = candidate(number, for: hash) {
            if !folders.contains(folder) { folders.append(folder) }
            number += 1
        }
        return folders
    }
}
