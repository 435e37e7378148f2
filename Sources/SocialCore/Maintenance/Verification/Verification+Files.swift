// What lies beside the databases: objects, films, replicas, what was put in quarantine, and who may read it all.

extension Verification {
    // MARK: Objects and films

    func verifyObjects() throws -> [Finding] {
        guard plan.deadline != nil else { return try network.verifyObjects(isDeep: plan.isDeep) }
        // Beginning anywhere, as long as there is time.
        var findings: [Finding] = []
        let newest = MediaID(rawValue: .max)
        let now = IdentityLayout.firstIdentifier(at: network.context.clock.now)
        let middle = MediaID(rawValue: 1 + Int64(network.context.random.next() % UInt64(now)))
        for range in [MediaID(rawValue: 1)...middle, MediaID(rawValue: middle.rawValue + 1)...newest] {
            var last = range.upperBound
            while true {
                if isOver { return findings + [unlooked(.objects)] }
                let page = try network.media.page(by: nil, in: range.lowerBound...last, limit: Limits.verifiedUploads)
                findings += try network.verifyObjects(isDeep: plan.isDeep, only: page)
                guard page.count == Limits.verifiedUploads, let end = page.last?.id, end > range.lowerBound else {
                    break
                }
                last = MediaID(rawValue: end.rawValue - 1)
            }
        }
        return findings
    }

    func verifyFilms() throws -> [Finding] {
        var findings: [Finding] = []
        let films = network.films
        do {
            try films.forEach { record in
                if isOver { throw OutOfTime() }
                do {
                    let film = try films.film(of: record)
                    let shelf = StoredFilm(film) { try films.open($0) }
                    let verification = FilmVerification(film, on: shelf, observer: network.context.observer)
                    findings += try verification.run(isDeep: plan.isDeep).map {
                        Finding($0, of: record.id.description)
                    }
                } catch {
                    guard let problem = FilmProblem(reading: error, isThere: true) else { throw error }
                    findings.append(Finding(problem, of: record.id.description))
                }
            }
        } catch is OutOfTime { findings.append(unlooked(.films)) }
        return findings
    }

    private struct OutOfTime: Error {}

    // MARK: Replicas

    func verifyReplicas() throws -> [Finding] {
        var findings: [Finding] = []
        for status in try network.replicaStatus(isDeep: plan.isDeep) {
            guard status.state != .ok, status.isLeader || status.state != .behind else { continue }
            findings.append(
                Finding(
                    code: "replica_\(status.state.rawValue)", severity: status.isLeader ? .damage : .stale,
                    place: "shard \(status.shard) in \(status.place)",
                    message: status.problem ?? "it has missed changes",
                    repair: ["replica", status.isTruthLost ? "promote" : "repair"]))
        }
        for place in network.replication.current?.places ?? [] {
            // A place that cannot be reached has been found above.
            guard let copy = try? Manifest.read(place), copy.map != network.router.map.current else { continue }
            findings.append(
                Finding(
                    code: "manifest_differs", severity: .stale, place: DataDirectory.manifestPath(place),
                    message: "the copy has another slot map than the data directory", repair: ["replica", "repair"]))
        }
        return findings
    }

    // MARK: Files

    func verifyFiles() throws -> [Finding] {
        let files = FileSystem()
        var findings: [Finding] = []
        if files.exists("\(network.directory)/heads"),
            Heads(directory: network.directory, writable: false, context: network.context) == nil
        {
            findings.append(
                Finding(
                    code: "heads_damaged", severity: .notice, place: "\(network.directory)/heads",
                    message: "the file of heads is damaged: every command opens every shard",
                    repair: Finding.recovery))
        }
        for case (let folder, let rows?) in Quarantine.contents(of: network.directory) {
            findings.append(
                Finding(
                    code: "quarantined", severity: .notice, place: folder,
                    message: "a damaged file is kept here; \(rows) rows that could not be proved are in rows.ndjson"))
        }
        try forEachFile { path in
            guard let mode = files.mode(of: path), mode & network.forbiddenMode != 0 else { return }
            findings.append(
                Finding(
                    code: "too_open", severity: .exposed, place: path,
                    message: "others may read or write it (mode \(String(mode, radix: 8)))", repair: Finding.recovery))
        }
        return findings
    }

    /// Calls a closure for everything in the data directory, but for the objects in it unless all bytes are wanted.
    func forEachFile(_ visit: (String) throws -> Void) throws {
        let files = FileSystem()
        func walk(_ path: String) throws {
            // A link to a shard's folder is one that `shard add --dir` made; others lead nowhere that is ours.
            try visit(path)
            guard files.isDirectory(path), !files.isLink(path) || isShard(path) else { return }
            if !plan.isDeep, path.hasSuffix("/objects") || path.hasSuffix("/thumbnails") { return }
            // A folder may be gone meanwhile.
            for name in (try? files.names(in: path)) ?? [] { try walk("\(path)/\(name)") }
        }
        try walk(network.directory)
    }

    private func isShard(_ path: String) -> Bool { FileSystem.parent(of: path) == "\(network.directory)/shards" }
}

extension Network {
    /// The bits of a mode that nothing in the data directory should have.
    var forbiddenMode: UInt32 { manifest.isShared ? 0o007 : 0o077 }
}
