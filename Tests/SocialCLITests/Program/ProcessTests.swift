// What only a real process meets: descriptors that are closed, arguments that are no text, devices, and a terminal.

import Foundation
import TestKit
import Testing

@Suite("The program as a process", .enabled(if: Shell.has("bash")))
struct ProcessTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
    }

    private func shell(_ line: String) throws -> Shell.Outcome { try Shell.run(line, in: world.directory) }

    @Test("a closed standard output is an I/O error, and no file of the data directory takes its place")
    func closedOutput() throws {
        for line in ["social user list >&-", "social user create cleo >&-", "social user list >&- 2>&-"] {
            #expect(try shell(line).status == 74, "\(line)")
        }
        #expect(try shell("social feed regenerate -q >&- 2>&-").status == 0)
        #expect(try shell("social verify --json").output == "[]\n")
        #expect(try shell("social user list --format ids").output == "ana\nbob\ncleo\n")
    }

    @Test("a closed standard input cannot be read")
    func closedInput() throws {
        let outcome = try shell("social post create - --by ana <&-")
        #expect(outcome.status == 74)
        #expect(outcome.errors == "social: error: cannot read the standard input: bad file descriptor\n")
    }

    @Test("a full device is an I/O error")
    func fullDevice() throws {
        let outcome = try shell("social user list > /dev/full")
        #expect(outcome.status == 74)
        #expect(outcome.errors == "social: error: cannot write the output: no space left on device\n")
    }

    @Test("a pipe whose reader leaves is no failure")
    func earlyReader() throws {
        let lines = (0..<20_000).map { "line \($0)\n" }.joined()
        #expect(world.run("post import - --from text --by ana", input: lines).status == 0)
        let outcome = try shell("social post list --fields text | head -1")
        #expect(outcome.output == "text\n")
        #expect(outcome.errors == "")
        #expect(outcome.status == 0)
    }

    @Test("a watched feed prints what another process posts, and ends with its reader")
    func watch() throws {
        let post = "while kill -0 $! 2> /dev/null; do social post create live --by ana > /dev/null; done; wait $!"
        let outcome = try shell("timeout -s KILL 60 social feed watch bob --limit 1 --fields text & \(post)")
        #expect(outcome.output == "{\"text\":\"live\"}\n")
        #expect(outcome.status == 0)
        // Nothing is ever printed here: only the closed pipe can tell it.
        #expect(try shell("timeout -s KILL 60 social feed watch bob | true; exit ${PIPESTATUS[0]}").status == 0)
    }

    @Test("an argument that is no UTF-8 is bad data, with its place")
    func badArgument() throws {
        let plain = try shell("social user show $'caf\\xe9'")
        #expect(plain.status == 65)
        #expect(plain.errors == "social: error: argument 3: invalid UTF-8 at byte 3\n")
        #expect(try shell("social --json user show $'\\xff'").errors.hasPrefix("{\"error\":{\"code\":\"invalid_utf8\""))
    }

    @Test("pipes of the shell are files")
    func substitution() throws {
        let outcome = try shell("social post import <(printf 'one\\ntwo\\n') --by ana --json")
        #expect(outcome.output.hasPrefix("{\"posts\":2,\"present\":0,"))
        #expect(outcome.errors == "")
    }

    @Test("a terminal gets a table as wide as it is", .enabled(if: Shell.has("script")))
    func terminal() throws {
        world.run(["post", "create", "猫は好きですか、それとも犬ですか", "--by", "ana"])
        let line = "stty cols 40; social post list --by ana --limit 1 --fields author,text,cursor --color never"
        let outcome = try shell("TERM=dumb script -qec '\(line)' /dev/null")
        #expect(outcome.output.hasPrefix("AUTHOR  TEXT         CURSOR\r\nana     猫は好きで…  "))
    }

    @Test("a lock that another process holds is waited for, and then reported", .enabled(if: Shell.has("flock")))
    func busy() throws {
        let held = "flock .social/shards/0000/truth.lock"
        let plain = try shell("\(held) social --lock-wait 20ms post create hi --by ana")
        #expect(plain.status == 75)
        #expect(plain.errors.hasPrefix("social: error: another process holds \""))
        // A busy directory is no news to cron, and readers wait for nobody.
        let quiet = try shell("\(held) social --lock-wait 0ms post create hi --by ana -q")
        #expect(quiet.status == 75)
        #expect(quiet.errors == "")
        #expect(try shell("\(held) social --lock-wait 0ms post list --format ids").status == 0)
        // A line of a batch waits as long as the batch was told to.
        let line = "'[\"post\",\"create\",\"hi\",\"--by\",\"ana\"]'"
        let batch = try shell("\(held) social --lock-wait 20ms batch - <<< \(line)")
        #expect(batch.status == 75)
        #expect(batch.output.contains("\"code\":\"busy\""))
    }

    @Test("two processes that write at once both succeed")
    func crowd() throws {
        let line = "for i in 1 2 3; do social post create $i --by ana > /dev/null || exit 1; done"
        let outcome = try shell("(\(line)) & one=$!; (\(line)) & two=$!; wait $one && wait $two")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try shell("social post list --by ana --format ids").output.split(separator: "\n").count == 7)
    }
}
