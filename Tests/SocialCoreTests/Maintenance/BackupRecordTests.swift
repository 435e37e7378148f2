// The record of a backup, as it could lie on a disk that somebody else has had: its hash is right, and its sizes are
// none that files can have.

import SocialCore
import Testing

@Suite("Records of backups")
struct BackupRecordTests {
    private static let head =
        #"{"social_backup":1,"id":"2026-02-01T00-00-00Z","created_ms":1,"digest":"","rows":0,"manifest":"{}"}"#

    /// The record with the lines of some objects of given sizes, and the hash of it all.
    private func record(_ sizes: [Int64]) throws -> BackupRecord {
        let hash = ObjectHash(of: [1])
        let lines = [Self.head] + sizes.map { #"{"object":"\#(hash)","bytes":\#($0),"folder":"objects"}"# }
        let text = lines.map { $0 + "\n" }.joined()
        return try BackupRecord(Array("\(text){\"sha256\":\"\(ObjectHash(of: text.utf8))\"}\n".utf8), path: "x")
    }

    @Test("are read with all their objects")
    func read() throws {
        #expect(try record([3, 4]).sizeBytes == 7)
        #expect(try record([]).objects.isEmpty)
    }

    @Test("whose sizes are more than can be counted are damaged")
    func sizes() throws {
        for sizes in [[Int64.max], [Int64.max - 1, 2], [1 << 62, 1 << 62], [-1]] {
            let error = #expect(throws: BackupError.self) { try record(sizes) }
            #expect(error?.code == .damagedBackup)
        }
    }

    @Test("a file of more blocks than can be counted is damaged")
    func blocks() {
        let lines = "\(Self.head)\n{\"file\":\"a\",\"bytes\":9223372036854775807,\"blocks\":[]}\n"
        let bytes = Array("\(lines){\"sha256\":\"\(ObjectHash(of: lines.utf8))\"}\n".utf8)
        #expect(throws: BackupError.self) { try BackupRecord(bytes, path: "x") }
    }
}
