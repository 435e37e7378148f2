// `help --json`: one command's document in full, and the shape of the whole.

import CommandSpec
import Testing

@Suite("The specification as JSON")
struct SpecificationDocumentTests {
    @Test("A command is described with keys in declared order and nothing left out")
    func command() throws {
        let specification = Specification(
            program: "app", version: "1", abstract: "A \"small\" app",
            nouns: [
                Noun("post", "What people write", isMain: true) {
                    [
                        Command(
                            ["post", "get"], "Get a/b",
                            operands: [Operand("ID", .integer(in: 1...9), help: "Which")],
                            options: [
                                Option(
                                    "as", short: "a", .choice("x", "y"), default: "x", environment: "AS", help: "How")
                            ],
                            examples: [Example("app post get 1", "Get it")],
                            fields: [Field("id", .string, "The id")], exits: [ExitStatus(67, "no such post")],
                            isChange: true)
                    ]
                }
            ])
        let post = try #require(specification.command(["post", "get"]))
        let document = specification.document(.command(post))
        let start = try #require(document.firstRange(of: "\"nouns\""))
        let noType = "\"placeholder\":null,\"type\":null,\"default\":null,\"bare\":null"
        let noMore = "\"repeatable\":false,\"counting\":false,\"negation\":null"
        let kind = "\"minimum\":null,\"maximum\":null"
        #expect(
            document.hasPrefix(
                "{\"spec\":1,\"program\":\"app\",\"version\":\"1\",\"abstract\":\"A \\\"small\\\" app\","))
        #expect(document.contains("{\"name\":\"help\",\"short\":\"h\",\"takes\":\"nothing\",\(noType),\(noMore),"))
        #expect(
            document[start.lowerBound...] == """
                "nouns":[{"name":"post","abstract":"What people write","discussion":"","main":true,"verbs":["get"]}],\
                "commands":[{"path":["post","get"],"abstract":"Get a/b","discussion":"",\
                "usage":"post get ID [options]","change":true,\
                "operands":[{"name":"ID","required":true,"repeated":false,\
                "type":{"kind":"integer","minimum":"1","maximum":"9","choices":null,"element":null},"help":"Which"}],\
                "options":[{"name":"as","short":"a","takes":"value","placeholder":"WORD",\
                "type":{"kind":"choice",\(kind),\
                "choices":[{"name":"x","help":""},{"name":"y","help":""}],"element":null},\
                "default":"x","bare":null,\(noMore),"environment":"AS","configurable":true,"category":null,\
                "help":"How","detail":""}],"groups":[],\
                "examples":[{"line":"app post get 1","purpose":"Get it"}],\
                "fields":[{"name":"id","type":"string","nullable":false,"help":"The id"}],\
                "exits":[{"status":67,"meaning":"no such post"}]}],"guides":[]}
                """)
    }

    @Test("The whole document lists every visible command once")
    func whole() {
        let document = Sample.specification.document()
        for command in Sample.specification.commands {
            let path = command.path.map { "\"\($0)\"" }.joined(separator: ",")
            let count = document.ranges(of: "{\"path\":[\(path)],").count
            #expect(count == (command.isHidden ? 0 : 1), "\(command.name)")
        }
        #expect(document.contains("{\"members\":[\"TEXT\",\"--text\",\"--file\"],\"required\":true}"))
        #expect(document.contains("\"kind\":\"list\""))
        #expect(!document.contains("\n"))
    }
}
