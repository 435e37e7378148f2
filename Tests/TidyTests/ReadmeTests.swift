// The README and the documents speak of the program that there is. As long as there is none, there is nothing to
// compare.

import Testing

@Suite("README")
struct ReadmeTests {
    private static let readme = SourceTree.all.first { $0.path == "README.md" }

    /// The paths of the commands, as their declarations in the sources spell them.
    private static let commands: [String] = {
        var names: [String] = []
        for file in SourceTree.sources where file.path.hasPrefix("Sources/SocialCLI/") {
            for match in file.text.matches(of: /Command\(\s*\[((?:"[a-z-]+"(?:, )?)+)\]/) {
                names.append(String(match.output.1).replacing("\"", with: "").replacing(", ", with: " "))
            }
        }
        return names.sorted()
    }()

    @Test("commands are found")
    func commands() {
        #expect(Self.commands.contains("feed show"))
        #expect(Self.commands.contains("batch"))
        #expect(Self.commands.count > 20)
    }

    @Test("the README mentions every command", .enabled(if: readme != nil))
    func mentions() throws {
        let readme = try #require(Self.readme)
        for command in Self.commands {
            let isThere = readme.text.contains("social \(command)") || readme.text.contains("`\(command)`")
            #expect(isThere, "the README does not mention \"social \(command)\"")
        }
    }

    @Test("the README and the program agree on the version", .enabled(if: readme != nil))
    func version() throws {
        let readme = try #require(Self.readme)
        let declaration = SourceTree.sources.first { $0.path.hasSuffix("SocialSpecification.swift") }
        let match = try #require(declaration?.text.firstMatch(of: /let version = "([0-9.]+)"/))
        for mention in readme.text.matches(of: /\bsocial ([0-9]+\.[0-9.]*[0-9])/) {
            #expect(mention.output.1 == match.output.1)
        }
    }

    @Test("the files that documents name exist")
    func files() {
        let names = Set(SourceTree.all.map { String($0.path.split(separator: "/").last ?? "") })
        var count = 0
        for document in SourceTree.all where document.path.hasSuffix("/CommandLine.md") {
            for match in document.text.matches(of: /`([A-Za-z-]+\.(swift|txt))`/) {
                count += 1
                let name = String(match.output.1)
                #expect(name == "Name.swift" || name == "name.txt" || names.contains(name), "\(name) is no file")
            }
        }
        #expect(count > 40)
    }
}
