// Programs are told from people, from what they say of themselves.

import Formats
import Testing

@Suite("User agents")
struct UserAgentsTests {
    private func isBot(_ agent: String, _ agents: inout UserAgents) -> Bool {
        withField(Array(agent.utf8)) { agents.isBot($0) }
    }

    @Test(
        "of programs are known",
        arguments: [
            "", "-", "42", "Mozilla/5.0", "Mozilla/4.0 (compatible;)", "curl/8.5.0", "Wget/1.21",
            "python-requests/2.31.0",
            "Go-http-client/2.0", "okhttp/4.12.0", "Java/17.0.1", "axios/1.6", "Apache-HttpClient/4.5 (Java/11)",
            "PHP/8.2",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "FeedBurner/1.0",
            "FreshRSS/1.2",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36",
            "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)", "UptimeRobot/2.0",
            "facebookexternalhit/1.1", "WhatsApp/2.23", "TelegramBot (like TwitterBot)", "kube-probe/1.29",
            "Pingdom.com_bot",
            "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Mobile Safari/537.36 (compatible; SomeBot/1)",
        ])
    func programs(agent: String) {
        var agents = UserAgents()
        #expect(isBot(agent, &agents))
    }

    @Test(
        "of browsers are people's",
        arguments: [
            "Mozilla/5.0 (Windows NT 10.0; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_2) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2",
            "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
            "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/99.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Linux; Android 11; Cubot Note 20) Gecko/99.0 Firefox/99.0",
            "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1; http://bsalsa.com)",
            "Lynx/2.8.9rel.1 libwww-FM/2.14",
            "Mozilla/5.0 (compatible; MSIE 10.0; Windows Phone 8.0; Trident/6.0; IEMobile/10.0; NOKIA; Lumia 920)",
            "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/34.1244; U; en) Presto/2.8.119 Version/11.10", "w3m/0.5.3",
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/400.0]", "Links (2.7; text)",
        ])
    func people(agent: String) {
        var agents = UserAgents()
        #expect(!isBot(agent, &agents))
    }

    @Test("are judged the same whether they are remembered or not")
    func memory() {
        var random = SeededGenerator("user agents")
        var agents = UserAgents()
        let pieces = [
            "Mozilla/5.0 ", "bot", "cu", "Cu", "CUBOT", "Fire", "fox ", "wget", "e", "-", "1", "é",
            String(repeating: "x", count: 300),
        ]
        let names = (0..<200).map { _ in random.text(pieces, length: 6) }
        for _ in 0..<3_000 {
            let name = names[random.below(names.count)]
            let small = name.lowercased()
            var rest = small
            for harmless in ["cubot", "mozilla/"] { rest = rest.replacing(harmless, with: " ") }
            // `x` repeated says something, and so does `e`; bytes of `é` are no letters.
            let expected = rest.contains("bot") || rest.contains("wget") || !rest.contains(/[a-z]/)
            #expect(isBot(name, &agents) == expected, "\(name), seed \(random.seed)")
        }
    }
}
