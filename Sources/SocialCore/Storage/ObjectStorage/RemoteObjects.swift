// Objects whose durable home is an object store of others; the folders of the data directory are then a cache in front
// of it. What the store gives is believed only where it has the hash that is its name, or the checks that are kept with
// the record. One place in a store belongs to one data directory: nobody else puts or removes there.

internal import Crypto
internal import Synchronization

/// The objects of a data directory in an object store.
package final class RemoteObjects: Sendable {
    /// Up to how many bytes an object is fetched whole and kept; of a larger one what is read is fetched.
    package static let wholeBytes = 16 << 20
    /// How often something is fetched that is not what it should be.
    static let fetches = 3

    /// Where they are.
    package let address: S3Address
    private let patience: S3Patience
    private let environment: EnvironmentLookup
    private let made = Mutex<S3Client?>(nil)

    /// Objects at an address; nothing is asked, and nobody is looked for, before one is needed.
    package init(
        _ address: S3Address, patience: S3Patience = .standard,
        environment: @escaping EnvironmentLookup = ProcessEnvironment.lookup
    ) {
        self.address = address
        self.patience = patience
        self.environment = environment
    }

    /// Requests at once.
    package var width: Int { patience.width }

    func client() throws(StorageError) -> S3Client {
        try made.withLock { made throws(StorageError) in
            if let made { return made }
            let client = try S3Client(address, patience, environment)
            made = client
            return client
        }
    }

    /// How an object is named to people.
    package func place(of hash: ObjectHash) -> String { address.place(of: address.key(of: hash)) }

    // MARK: Looking

    /// What the store says about an object, without reading it.
    ///
    /// - Parameter sizeBytes: how large it must be, where that is known.
    package func look(_ hash: ObjectHash, sizeBytes: Int?) throws(StorageError) -> ObjectProof {
        guard let head = try client().head(address.key(of: hash)) else { return .missing }
        if let sizeBytes, head.sizeBytes != sizeBytes { return .wrongSize }
        if let sum = head.sha256, sum != hash.bytes { return .damaged }
        return .sound
    }

    /// Reads an object whole and hashes it.
    package func prove(_ hash: ObjectHash, sizeBytes: Int?) throws(StorageError) -> ObjectProof {
        guard let head = try client().head(address.key(of: hash)) else { return .missing }
        if let sizeBytes, head.sizeBytes != sizeBytes { return .wrongSize }
        var proof = ObjectProof.damaged
        // What was turned on the way is not damaged there.
        for _ in 0..<Self.fetches where proof == .damaged {
            proof = try Self.typed { try read(hash, head.sizeBytes) { _ in } }
        }
        return proof
    }

    // MARK: Reading

    /// A part of an object, unproved; nil when the object is not there, shorter when the store gives less.
    func read(_ hash: ObjectHash, _ range: Range<Int>) throws(StorageError) -> [UInt8]? {
        try client().get(address.key(of: hash), range)
    }

    /// Fetches an object whole and proves it, into what takes it: what holds it, or nil when it is not there.
    ///
    /// - Throws: `damaged` when the store gives something else each time.
    func fetch<Target>(
        _ hash: ObjectHash, sizeBytes: Int, _ make: () throws(StorageError) -> Target,
        _ add: (inout Target, ArraySlice<UInt8>) throws(StorageError) -> Void
    ) throws(StorageError) -> Target? {
        for _ in 0..<Self.fetches {
            var target = try make()
            switch try Self.typed({ try read(hash, sizeBytes) { try add(&target, $0) } }) {
            case .sound: return target
            case .missing: return nil
            case .damaged, .wrongSize: continue
            }
        }
        throw damaged(hash)
    }

    /// The error of an object that the store does not give as it is.
    func damaged(_ hash: ObjectHash) -> StorageError {
        StorageError(
            .damaged, "what the object store gives for \"\(place(of: hash))\" is not the object",
            hint: "run \"social upload verify --deep --repair\"")
    }

    /// Reads an object part by part and hashes it.
    func read(_ hash: ObjectHash, _ sizeBytes: Int, _ add: ObjectSink) throws -> ObjectProof {
        let (client, key) = (try client(), address.key(of: hash))
        var digest = SHA256()
        var ranges = stride(from: 0, to: sizeBytes, by: S3Client.partBytes).map {
            $0..<min($0 + S3Client.partBytes, sizeBytes)
        }[...]
        if ranges.isEmpty { ranges = [0..<0] }
        while !ranges.isEmpty {
            let some = Array(ranges.prefix(S3Client.partWidth))
            ranges = ranges.dropFirst(some.count)
            let parts = try Parallel.gather(some.count, atOnce: S3Client.partWidth) { try client.get(key, some[$0]) }
            for (range, part) in zip(some, parts) {
                guard let part else { return .missing }
                guard part.count == range.count else { return .wrongSize }
                // Safety: the bytes are read within the call.
                part.withUnsafeBytes { digest.update(bufferPointer: $0) }
                try add(part[...])
            }
        }
        return ObjectHash(digest.finalize()) == hash ? .sound : .damaged
    }

    // MARK: Writing

    /// Puts an object that lies in a file, unless it is there already: whether it was not.
    ///
    /// - Parameter isForced: whether it is put even where the store says that it has it.
    func put(
        _ hash: ObjectHash, file path: String, sizeBytes: Int, isForced: Bool = false
    ) throws(StorageError) -> Bool {
        if !isForced, try look(hash, sizeBytes: sizeBytes) == .sound { return false }
        let (client, key, files) = (try client(), address.key(of: hash), FileSystem())
        @Sendable func part(_ range: Range<Int>) throws(StorageError) -> [UInt8] {
            try files.withFile(path) { (file, _) throws(StorageError) in try FileSystem.read(file, range, of: path) }
        }
        guard sizeBytes > S3Client.singleBytes else {
            let bytes = try part(0..<sizeBytes)
            guard ObjectHash(of: bytes) == hash else { throw Self.changed(path) }
            try client.put(key, bytes, hash: hash)
            return true
        }
        try Self.typed {
            try client.putParts(key, sizeBytes: sizeBytes) { range in
                let bytes = try part(range)
                guard bytes.count == range.count else { throw Self.changed(path) }
                return bytes
            }
        }
        guard try client.head(key)?.sizeBytes == sizeBytes else {
            throw client.strange("has put the parts of \"\(key)\" together wrongly")
        }
        return true
    }

    private static func changed(_ path: String) -> StorageError {
        StorageError(.damaged, "\"\(path)\" is not what was written to it")
    }

    /// Removes objects, if they are there.
    package func remove(_ hashes: [ObjectHash]) throws(StorageError) {
        if hashes.isEmpty { return }
        let client = try client()
        _ = try Self.typed {
            try Parallel.gather(hashes.count, atOnce: patience.width) { [address] in
                try client.delete(address.key(of: hashes[$0]))
            }
        }
    }

    // MARK: Everything

    /// Names everything that lies there, sorted by hash, with its size.
    package func forEachObject(_ body: (ObjectKeeper.Found, Int) throws -> Void) throws {
        let client = try client()
        var next: String?
        repeat {
            let page = try client.list(address.keyPrefix, after: next)
            for (key, size) in page.keys {
                let name = key.dropFirst(address.keyPrefix.count)
                let hash = ObjectHash(name.filter { $0 != "/" })
                try body(
                    hash.flatMap { $0.path == name ? .object($0) : nil } ?? .stranger(path: address.place(of: key)),
                    size)
            }
            next = page.next
        } while next != nil
    }

    /// Forgets uploads of objects that were broken off, while nobody puts: how many there were.
    package func abortUploads() throws(StorageError) -> Int {
        let client = try client()
        var count = 0
        var last: [S3Upload] = []
        while true {
            let uploads = try client.uploads(address.keyPrefix).filter { upload in
                let name = upload.key.dropFirst(address.keyPrefix.count)
                return ObjectHash(name.filter { $0 != "/" })?.path == String(name)
            }
            // A store that goes on naming them has its reasons.
            guard !uploads.isEmpty, uploads != last else { return count }
            for upload in uploads { try client.abort(upload) }
            count += uploads.count
            last = uploads
        }
    }

    /// Makes sure that the place is there, empty, and can be written and read.
    ///
    /// - Throws: `notEmpty`, `badObjectStore` where nothing that is removed would be gone, and what requests throw.
    package func probe() throws(StorageError) {
        let (client, key) = (try client(), "\(address.keyPrefix)social-probe")
        let present = try client.list(address.keyPrefix, after: nil, limit: 2)
        if let other = present.keys.first(where: { $0.key != key }) {
            throw StorageError(
                .notEmpty, "\"\(address.place(of: other.key))\" lies there already",
                hint: "a place in an object store belongs to one data directory: name another prefix or bucket")
        }
        let bytes = Array("social\n".utf8)
        let isVersioned = try client.put(key, bytes, hash: ObjectHash(of: bytes))
        let back = try client.get(key, 0..<bytes.count)
        try client.delete(key)
        guard back == bytes else { throw client.strange("does not give back what was put") }
        guard !isVersioned else {
            throw StorageError(
                .badObjectStore, "the bucket \"\(address.bucket)\" keeps former versions, so nothing could be erased",
                hint: "use a bucket without versioning")
        }
    }

    /// What a closure throws, as an error of this room.
    private static func typed<Result>(_ body: () throws -> Result) throws(StorageError) -> Result {
        do { return try body() } catch let error as StorageError { throw error } catch {
            throw StorageError(.ioError, "\(error)")
        }
    }
}
