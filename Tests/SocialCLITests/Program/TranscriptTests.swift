// The sessions of `fixtures/transcripts`: what each command line prints, byte by byte.

import TestKit
import Testing

@Suite("Transcripts")
struct TranscriptTests {
    @Test("a session prints what its transcript says", arguments: Transcript.all)
    func session(_ transcript: Transcript) throws {
        if let differences = try transcript.differences() { Issue.record("\(transcript.name):\n\(differences)") }
    }

    @Test("there are transcripts at all")
    func presence() {
        #expect(Transcript.all.count >= 10)
    }
}
