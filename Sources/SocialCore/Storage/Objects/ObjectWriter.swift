// The write service: puts bytes under their hash, so that they are there, whole, whatever happens after the put.
//
// One object is synced by itself: its bytes, then the names of its folder. Many are written in groups: all temporaries,
// one sync of the file system, all renames, one sync more.

/// Stores objects.
package struct ObjectWriter: Sendable {
    /// Objects that are made durable one by one; more are made durable together.
    static let singleCount = 3
    /// Objects of a group.
    static let groupCount = 256
    /// Bytes of a group, beyond which no further object is begun.
    static let groupBytes = 64 << 20

    /// How much of a stream is kept in memory: one that is no longer is not written where the object lies already.
    package var streamMemoryBytes = 4 << 20

    let layout: ObjectLayout
    let isShared: Bool
    let remote: RemoteObjects?
    let files: FileSystem
    let durable: DurableFolders

    init(layout: ObjectLayout, shared: Bool, remote: RemoteObjects?, files: FileSystem, durable: DurableFolders) {
        self.layout = layout
        isShared = shared
        self.remote = remote
        self.files = files
        self.durable = durable
    }

    /// Stores an object.
    ///
    /// - Throws: as `put` of several.
    package func put(_ item: ObjectSource) throws -> StoredObject { try put([item])[0] }

    /// Stores objects: when this returns, all of them are durable at their homes and in as many replica places as the
    /// quorum asks for; with a remote store, all of them are in it.
    ///
    /// An object that is there already is read and proved; a damaged one is replaced. When this throws, any of the
    /// objects may be there: garbage, unless somebody else has put the same.
    ///
    /// - Returns: one object for each source, in their order.
    /// - Throws: `quorumLost` when too few replica places can be written, `StorageError`s of the disk and of a remote
    ///   store, and what a source throws.
    package func put(_ items: [ObjectSource]) throws -> [StoredObject] {
        if items.count <= Self.singleCount {
            return try items.map { try group([$0][...], areTogether: false)[0] }
        }
        var stored: [StoredObject] = []
        stored.reserveCapacity(items.count)
        while stored.count < items.count {
            stored += try group(items[stored.count...].prefix(Self.groupCount), areTogether: true)
        }
        return stored
    }

    /// Stores the first of some objects, as many as a group has room for.
    private func group(_ items: ArraySlice<ObjectSource>, areTogether: Bool) throws -> [StoredObject] {
        let places = ObjectPlaces(shared: isShared, files: files, durable: durable, areTogether: areTogether)
        let group = ObjectGroup(
            count: items.count, layout: layout, places: places, streamMemoryBytes: streamMemoryBytes)
        try group.write(items)
        return try group.settle(remote)
    }
}
