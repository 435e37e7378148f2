// The command line that a request stands for. What clients send is always the value of an option or an operand behind
// `--`, never an option, and never the name of a file.

internal import SocialCLI

/// Words of a command line.
struct Words: Sendable {
    private(set) var options: [String]
    private var operands: [String] = []

    init(_ command: String...) { options = command }

    /// All words.
    var all: [String] { operands.isEmpty ? options : options + ["--"] + operands }

    /// The words with an option without a value.
    func with(_ option: String) -> Words {
        var words = self
        words.options.append("--\(option)")
        return words
    }

    /// The words with an option; the same without a value.
    func with(_ option: String, _ value: String?) -> Words {
        guard let value else { return self }
        var words = self
        words.options.append("--\(option)=\(value)")
        return words
    }

    /// The words with further operands.
    func operand(_ values: String...) -> Words {
        var words = self
        words.operands += values
        return words
    }

    /// The words with options from a query: those that are named, and `fields`.
    ///
    /// - Throws: `unknownParameter` for any other.
    func query(_ request: Request, _ names: String..., except others: [String] = []) throws -> Words {
        var words = self
        for (name, value) in request.query where !others.contains(name) {
            guard names.contains(name) || name == "fields" else {
                throw ServeError(
                    .unknownParameter, "there is no parameter \"\(name)\" here",
                    hint: "there are \((names + others + ["fields"]).sorted().joined(separator: ", "))")
            }
            words = words.with(name, value)
        }
        return words
    }

    /// The words with the paging of a list, of which nobody gets all at once.
    func list(_ request: Request, _ names: String..., except others: [String] = []) throws -> Words {
        var words = self
        let paging = ["limit", "after", "before"]
        for (name, value) in request.query where !others.contains(name) {
            guard names.contains(name) || paging.contains(name) || name == "fields" else {
                throw ServeError(
                    .unknownParameter, "there is no parameter \"\(name)\" here",
                    hint: "there are \((names + others + paging + ["fields"]).sorted().joined(separator: ", "))")
            }
            if name != "limit" { words = words.with(name, value) }
        }
        return words.with("limit", "\(try Words.limit(request))")
    }

    /// How many rows are asked for.
    static func limit(_ request: Request) throws -> Int {
        guard let text = request["limit"] else { return 20 }
        guard let limit = Int(text), (1...1_000).contains(limit) else {
            throw ServeError(.badParameter, "\"limit\" needs a whole number from 1 to 1000")
        }
        return limit
    }
}
