// Films that are cut, stored, found again, moved and collected.

import Formats
import Foundation
import SocialCore
import TestKit
import Testing

@Suite("Films")
struct FilmsTests {
    /// A network in a directory of its own, with ana and bob.
    private struct Scene {
        let directory: TemporaryDirectory
        let network: Network
        let ana: AccountRecord
        let bob: AccountRecord

        init(shards: Int = 1, replicas: [String] = [], context given: Context? = nil) throws {
            directory = try TemporaryDirectory()
            let context = given ?? Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
            var plan = Network.Plan(shards: shards)
            if !replicas.isEmpty { plan.replication = try Replication(places: replicas.map(directory.file)) }
            try Network.create(directory.file("network"), plan, context: context)
            network = try Network(opening: directory.file("network"), context: context)
            ana = try network.accounts.create(AccountDraft(handle: try Handle("ana"))).value
            bob = try network.accounts.create(AccountDraft(handle: try Handle("bob"))).value
        }

        func cut(_ request: CutRequest) throws -> Films.Outcome {
            try network.films.cut(Upload(path: FilmsTests.path), as: request, by: ana)
        }

        /// Everything that lies in the directory's object stores and folders for work.
        func objects() -> [String] {
            (FileManager.default.subpaths(atPath: directory.path) ?? []).filter { name in
                let parts = name.split(separator: "/")
                return parts.count > 2 && parts[parts.count - 3] == "objects" && parts[parts.count - 2].count == 2
                    || name.contains("/video/")
            }
        }
    }

    private static let path = Repository.path("fixtures/films/scenes.mp4")

    private static func request(
        _ mode: CutPlan.Mode = .uniform, target: Int64 = 4_000, files: [String] = []
    ) -> CutRequest {
        let plan = CutPlan(
            mode: mode, targetMilliseconds: target, leastMilliseconds: target / 16, mostMilliseconds: target * 3 / 2)
        var request = CutRequest(plan: plan, form: Film.Form())
        request.files = files.map { name in
            CutRequest.File(name: String(name.dropFirst(7)), path: Repository.path("fixtures/films/\(name).mp4"))
        }
        return request
    }

    /// The samples of a track, one after the other, without their places.
    private static func samples(_ movie: Movie, _ kind: MediaMetadata.Track.Kind) throws -> [MovieSample] {
        let track = try #require(movie.tracks.first { $0.kind == kind })
        return Array(track.samples).map { sample in
            var sample = sample
            sample.offset = 0
            return sample
        }
    }

    // MARK: Cutting

    @Test("are cut into tracks that have every sample of the original, in segments that fit together")
    func tracks() throws {
        let scene = try Scene()
        let outcome = try scene.cut(Self.request(.content))
        #expect(outcome.isNew && !outcome.lacksQualities)
        let film = outcome.film
        #expect(film.cuts.map(\.milliseconds) == [0, 1_200, 3_040, 7_440])
        #expect(film.cuts.map(\.reason) == [.start, .scene, .scene, .scene])
        #expect(film.scenes.map(\.picture) == [30, 76, 186])
        #expect(film.tracks.map(\.name) == ["source", "audio"])
        #expect(film.tracks.map(\.codec) == ["avc1.64000A", "mp4a.40.2"])
        #expect(try scene.network.films.film(of: outcome.record) == film)
        let original = try Movie(reading: FileBytes(Array(try Data(contentsOf: URL(fileURLWithPath: Self.path)))))
        for (track, kind) in zip(film.tracks, [MediaMetadata.Track.Kind.video, .audio]) {
            let object = try scene.network.films.open(track)
            let bytes = try object.read()
            #expect(ObjectHash(of: bytes) == track.object?.hash && bytes.count == track.sizeBytes)
            for part in [track.header, track.index] + track.segments.map(\.part) {
                #expect(ObjectHash(of: Array(bytes[part.range])) == part.hash)
            }
            let before = try Self.samples(original, kind).map { [$0.sizeBytes, Int($0.duration)] }
            let after = try Self.samples(try Movie(reading: FileBytes(bytes)), kind).map {
                [$0.sizeBytes, Int($0.duration)]
            }
            #expect(after == before)
            // Sound is cut within half of one of its frames.
            for (segment, cut) in zip(track.segments, film.cuts) {
                let milliseconds = Double(segment.start) * 1_000 / Double(track.timescale)
                #expect(abs(milliseconds - Double(cut.milliseconds)) <= (kind == .video ? 0.5 : 33))
            }
        }
    }

    @Test("are the same bytes for the same request, and others for another")
    func idempotence() throws {
        let (scene, other) = (try Scene(), try Scene(shards: 3))
        let first = try scene.cut(Self.request())
        #expect(!(try scene.cut(Self.request()).isNew))
        let elsewhere = try other.cut(Self.request())
        #expect(elsewhere.film == first.film && elsewhere.film.coded == first.film.coded)
        #expect(elsewhere.record.content.segmentation == first.record.content.segmentation)
        let second = try scene.cut(Self.request(.content))
        #expect(second.isNew && second.record.id == first.record.id && second.film != first.film)
        // The original, two tracks and what is said about them; those of the first are left.
        #expect(scene.objects().count == 7)
        #expect(try scene.network.uploads.keeping.collect().objects == 3)
        #expect(try scene.network.uploads.keeping.verify(isDeep: true).isEmpty)
        #expect(try scene.network.films.film(of: second.record) == second.film)
        _ = try scene.network.uploads.delete(second.record.id)
        #expect(scene.objects().isEmpty)
    }

    @Test("take qualities that are there, where their key pictures fit")
    func qualities() throws {
        let scene = try Scene()
        let film = try scene.cut(Self.request(.content, files: ["scenes-low"])).film
        #expect(film.tracks.map(\.name) == ["low", "source", "audio"])
        let starts = film.videoTracks.map { track in track.segments.map { $0.start * 1_000 / Int64(track.timescale) } }
        #expect(starts[0] == starts[1] && starts[0] == [0, 1_200, 3_040, 7_440])
        do {
            _ = try scene.cut(Self.request(files: ["scenes-even"]))
            Issue.record("files were taken that do not fit together")
        } catch let error as FilmError { #expect(error.code == .notAligned) }
    }

    @Test("are not made of what is no film, and then nothing is stored")
    func refusal() throws {
        let scene = try Scene()
        let file = scene.directory.file("cut-off.mp4")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.path))
        for count in [0, 7, 100, bytes.count - 100] {
            try bytes.prefix(count).write(to: URL(fileURLWithPath: file))
            #expect(throws: (any Error).self) {
                try scene.network.films.cut(Upload(path: file), as: Self.request(), by: scene.ana)
            }
        }
        let picture = Repository.path("fixtures/pictures/cat.png")
        #expect(throws: (any Error).self) {
            try scene.network.films.cut(Upload(path: picture), as: Self.request(), by: scene.ana)
        }
        #expect(try scene.network.media.page(by: nil, in: .all, limit: 9).allSatisfy { $0.content.name == "cat.png" })
        let uncut = try scene.network.uploads.put(Upload(path: Self.path), by: scene.ana).record
        do {
            _ = try scene.network.films.film(of: uncut)
            Issue.record("an upload that was not cut is a film")
        } catch let error as FilmError { #expect(error.code == .notCut) }
        #expect(throws: StoreError.self) {
            try scene.network.films.cut(uncut, as: Self.request(), by: scene.bob.id)
        }
    }

    @Test("a dry run cuts, and stores nothing")
    func dryRun() throws {
        var context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
        let scene = try Scene(context: context)
        context.isDryRun = true
        let outcome: Films.Outcome
        do {
            let dry = try Network(opening: scene.directory.file("network"), context: context)
            outcome = try dry.films.cut(Upload(path: Self.path), as: Self.request(), by: scene.ana)
        }
        #expect(outcome.isNew && scene.objects().isEmpty)
        let other = try Scene()
        #expect(try other.cut(Self.request()).film.tracks == outcome.film.tracks)
    }

    // MARK: Keeping

    @Test("go with their slots, and come back from a replica")
    func places() throws {
        let scene = try Scene(shards: 2, replicas: ["copy-a", "copy-b"])
        let made = try scene.cut(Self.request())
        for name in scene.objects() where name.hasPrefix("network/") {
            try FileManager.default.removeItem(atPath: scene.directory.file(name))
        }
        let record = try scene.network.media.named(made.record.id)
        #expect(try scene.network.films.film(of: record) == made.film)
        for track in made.film.tracks {
            #expect(ObjectHash(of: try scene.network.films.open(track).read()) == track.object?.hash)
        }
        let problems = try scene.network.uploads.keeping.verify(isDeep: true, isRepairing: true)
        #expect(problems.count == 4 && problems.allSatisfy { $0.isRepaired })
        #expect(try scene.network.uploads.keeping.verify(isDeep: true).isEmpty)
    }

    // MARK: Folders

    @Test("are written into plain folders too, in the same segments")
    func folders() throws {
        let scene = try Scene()
        let stored = try scene.cut(Self.request(.content)).film
        for isSingleFile in [false, true] {
            let folder = scene.directory.file("folder-\(isSingleFile)")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var request = Self.request(.content)
            request.form.isSingleFile = isSingleFile
            let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
            let film = try Films.cut(Self.path, as: request, into: folder, context: context).film
            for (track, other) in zip(film.tracks, stored.tracks) {
                let bytes = try scene.network.films.open(other).read()
                #expect(track.segments.map(\.start) == other.segments.map(\.start))
                if isSingleFile {
                    let file = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(track.name)/track.mp4"))
                    #expect(Array(file) == bytes)
                    continue
                }
                for (number, segment) in other.segments.enumerated() {
                    let name = "\(folder)/\(track.name)/0000\(number + 1).m4s"
                    #expect(Array(try Data(contentsOf: URL(fileURLWithPath: name))) == Array(bytes[segment.part.range]))
                }
            }
        }
    }
}
