// How lines of the sample can go on.

import CommandSpec
import Testing

@Suite("Completion")
struct CompletionQueryTests {
    private func query(_ line: String) -> CompletionQuery {
        var words = ShellWords.split(line, home: nil)
        let last = words.removeLast()
        return Sample.specification.completion(after: words, of: last)
    }

    /// The words that are offered; nil where something else than fixed words is.
    private func words(_ line: String) -> [String]? {
        let query = query(line)
        switch query.completion {
        case .choices(let choices): return query.candidates(choices).map(\.name)
        case .none: return []
        default: return nil
        }
    }

    @Test("The first word is a noun or a visible verb")
    func firstWords() {
        #expect(
            words("") == ["user", "follow", "post", "feed", "config", "init", "status", "help", "version"])
        #expect(words("f") == ["follow", "feed"])
        #expect(words("__") == [])
        #expect(words("--quiet --data x f") == ["follow", "feed"])
    }

    @Test("The second word is a verb of the noun; nothing follows what is no command")
    func verbs() {
        #expect(words("follow ") == ["add", "list", "block"])
        #expect(words("follow b") == ["block"])
        #expect(words("nonsense ") == [])
        #expect(words("follow nonsense ") == [])
    }

    @Test("Options are the command's, then the globals, and none twice unless it may be")
    func options() {
        #expect(
            words("feed show --") == [
                "--limit", "--since", "--tag", "--kinds", "--unread", "--no-unread", "--data", "--format", "--json",
                "--print0", "--quiet", "--verbose", "--color", "--config", "--no-config", "--help", "--version",
            ])
        #expect(words("feed show -n 3 --tag a -v --l") == [])
        #expect(words("feed show -n 3 --tag a -v --t") == ["--tag"])
        #expect(words("feed show -v --v") == ["--verbose", "--version"])
        #expect(words("feed show --unread --no-u") == [])
        #expect(words("post like -- --l") == [])
        #expect(words("--da") == ["--data"])
        #expect(words("feed show -n --l") == [], "the value of -n comes first")
    }

    @Test("What contradicts the line is not offered")
    func groups() {
        #expect(words("post create hello --t") == [])
        #expect(words("post create --t") == ["--text"])
        #expect(words("post create --text x --f") == ["--format"])
        #expect(words("status --json --f") == [])
        #expect(words("status --no-config --c") == ["--color"])
        #expect(words("post create --text x ")?.first == "--by", "the operand is excluded too")
    }

    @Test("Values are offered in every place where they may stand")
    func values() {
        #expect(words("feed show --format ") == ["table", "json", "csv"])
        #expect(words("feed show --format=j") == ["--format=json"])
        #expect(words("--color=a") == ["--color=auto", "--color=always"])
        #expect(words("--color a") == [], "an optional value is no word of its own")
        #expect(words("feed show --kinds text,") == ["text,media"])
        #expect(words("feed show --kinds=text,m") == ["--kinds=text,media"])
        #expect(words("feed show --nonsense=a") == [])
        #expect(words("feed show --quiet=a") == [])
        #expect(query("post create --expires ").completion == .none)
    }

    @Test("Files, directories and the client's own kinds are named, with what is settled of the word")
    func others() {
        #expect(query("post create --file ").completion == .files)
        let file = query("post create --file=a/b")
        #expect((file.completion, file.head, file.start) == (.files, "--file=", "a/b"))
        #expect(query("init ").completion == .directories)
        #expect(query("init a --da").completion != .directories)
        let handle = query("user show ad")
        #expect((handle.completion, handle.start) == (.custom("handle"), "ad"))
        #expect(handle.command?.name == "user show")
        #expect(query("follow add ada ").completion == .custom("handle"))
        #expect(query("user show -- ").completion == .custom("handle"))
        #expect(query("post import a.txt ").completion == .files)
    }

    @Test("Where there is nothing to offer for an operand, the options are")
    func nothing() {
        #expect(words("status ")?.first == "--data")
        #expect(words("user show ada ")?.first == "--data")
        #expect(words("user show ada x") == [])
        #expect(words("status -- ") == [])
    }

    @Test("Help is asked about everything there is")
    func help() {
        #expect(words("help f") == ["follow", "feed"])
        #expect(words("help n") == ["notations"])
        #expect(words("help feed ") == ["show", "page"])
        #expect(words("feed help ") == ["show", "page"])
        #expect(words("help feed show ") == [])
        #expect(words("help status ") == [])
    }
}
