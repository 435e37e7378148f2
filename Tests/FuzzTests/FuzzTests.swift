// Every parser reads some thousand damaged inputs. What `make fuzz` does by the million under AddressSanitizer is done
// here for a moment, with other inputs each time.

import FuzzKit
import TestKit
import Testing

@Suite("Damaged inputs", .serialized)
struct FuzzTests {
    /// How long each parser gets, however many inputs it reads in it.
    private static let moment = Duration.milliseconds(100)
    /// How many inputs each reads at most.
    private static let most = TestRun.times(1_500)

    @Test("are taken or refused by every parser", arguments: FuzzSubject.all.map(\.name))
    func parsers(name: String) throws {
        let run = try FuzzRun(try #require(FuzzSubject.named(name)), seed: TestRun.seed)
        #expect(try run.readSeeds() > 0, "nothing that is right is taken")
        let start = ContinuousClock.now
        let limit = Self.moment * TestRun.times(2, usually: 1)
        let count = try run.read(0..<Self.most, while: { ContinuousClock.now - start < limit })
        #expect(count.inputs > 0)
        TestRun.report("\(name): \(count.inputs) inputs, \(count.taken) taken")
    }

    @Test("are the same for the same seed and number, and others for others")
    func repetition() throws {
        let subject = try #require(FuzzSubject.named("json"))
        let runs = try [1, 1, 2].map { try FuzzRun(subject, seed: $0) }
        let inputs = runs.map { run in (0..<200).map { run.input($0) } }
        #expect(inputs[0] == inputs[1])
        #expect(inputs[0] != inputs[2])
        #expect(Set(inputs[0]).count > 100)
    }

    @Test("for which a rule does not hold are found")
    func findings() throws {
        let parser = FuzzParser(texts: ["abc"], words: ["x"]) { bytes in
            try FuzzFault.expect(!bytes.contains(UInt8(ascii: "x")), "there is no x")
            return true
        }
        let run = FuzzRun("made up", parser, seed: 3)
        let finding = try #require(throws: FuzzFinding.self) { try run.read(0..<5_000) }
        #expect(finding.rule == "there is no x")
        #expect(run.input(finding.number) == finding.input)
        let least = finding.input.minimised { (try? run.look(at: $0)) == nil }
        #expect(least == Array("x".utf8))
    }
}
