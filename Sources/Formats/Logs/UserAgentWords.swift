// The words by which programs give themselves away in user agents. The list is our own, made from what such programs
// are and from what they commonly call themselves; all is in small letters.

/// The list, in a form in which it is found fast.
struct UserAgentWords {
    static let table = UserAgentWords()

    /// What a program is or does; parts of words count.
    private static let kinds =
        """
        bot|crawl|spider|slurp|scrape|harvest|fetch|archiv|extract|grabber|sucker|indexer|search engine|searchengine
        monitor|uptime|healthcheck|health check|health-check|checker|linkcheck|link check|validator|w3c_|scanner
        feed|rss|podcast|newsreader|aggregator|preview|thumbnail|screenshot|prerender|headless|webdriver|selenium
        parser|proxy|download|offline|site-|website|http://|https://|www.|+http
        """

    /// Crawlers, archives, and what shows links in chats.
    private static let crawlers =
        """
        mediapartners|google favicon|google-|apis-google|facebookexternalhit|facebookcatalog|meta-external|whatsapp/
        ia_archiver|heritrix|nutch|httrack|teleport|webcopier|webzip|wget|yeti/|ichiro|teoma|ask jeeves|genieo|ltx71
        panscient|moreover|europarchive|embedly|iframely|skypeuri|vkshare|slack-|tumblr/|flipboard|pinterest/0|yandexim
        chatgpt|openai|oai-search|claude-|anthropic|perplexity|cohere-|ccbot|ahrefs|semrush|dataprovider|netcraft
        wordpress|drupal|yacy|summify|unwind|metauri|longurl|hatena|page2rss|blogtrottr|getprismatic|ning/|daum|bubing
        """

    /// Readers of feeds that do not say so.
    private static let readers =
        """
        netnewswire|akregator|liferea|newsbeuter|newsboat|newsblur|newsgator|inoreader|oldreader|bloglovin|vienna/
        reeder|simplepie|magpie|netvibes|readkit|stringer|newsfox|sharpreader|blogbridge|planet/|venus|elfeed|thunderbird
        """

    /// What watches servers, tests pages, or looks for holes.
    private static let monitors =
        """
        pingdom|statuscake|site24x7|newrelic|nagios|check_http|zabbix|monit/|icinga|datadog|gtmetrix|lighthouse
        pagespeed|kube-probe|googlehc|prometheus|blackbox|catchpoint|ptst/|speedcurve|ips-agent|masscan|zgrab|nmap
        nikto|sqlmap|nessus|acunetix|netsparker|wpscan|nuclei|censys|shodan|expanse|internet-measurement|dirbuster
        """

    /// Libraries, and tools of the command line.
    private static let libraries =
        """
        curl|python|urllib|httpx|aiohttp|requests/|java/|jakarta|httpclient|http client|http-client|okhttp|go http
        libwww|lwp|perl|ruby|php/|guzzle|axios|undici|got (|superagent|scrapy|mechanize|winhttp|restsharp|httpie|aria2
        rest-client|typhoeus|faraday|http_request|pear |snoopy|zend|dart/|reqwest|hyper/|ureq|libsoup|indy library
        postman|insomnia|unirest|wininet|url control|webdav|davfs|cfnetwork|node.js|nodejs|lua-|erlang|haskell|jersey
        synapse|http_get|http::|apache-|gvfs|libfetch|powershell|msoffice|microsoft office|bits/|lynx_probe
        """

    /// Browsers that a program drives.
    private static let headless = "phantomjs|slimerjs|puppeteer|playwright|zombie.js|htmlunit|splash|cypress|casperjs"

    /// What holds one of the words and is no program: phones, and browsers that name a page of their maker.
    private static let harmless =
        """
        cubot|http://bsalsa.com|http://www.bsalsa.com|embedded web browser from
        """

    private let words: [[UInt8]]
    /// Where the words of each bucket begin; a bucket is what the first two letters say.
    private let starts: [Int]
    private let harmless: [[UInt8]]

    private init() {
        let lists = [Self.kinds, Self.crawlers, Self.readers, Self.monitors, Self.libraries, Self.headless]
        words = lists.flatMap(Self.split).sorted { Self.bucket($0[0], $0[1]) < Self.bucket($1[0], $1[1]) }
        var starts = [Int](repeating: 0, count: 1_025)
        for word in words { starts[Self.bucket(word[0], word[1]) + 1] += 1 }
        for bucket in 1...1_024 { starts[bucket] += starts[bucket - 1] }
        self.starts = starts
        harmless = Self.split(Self.harmless)
    }

    private static func split(_ list: String) -> [[UInt8]] {
        list.utf8.split { $0 == ASCII.newline || $0 == UInt8(ascii: "|") }.map { Array($0) }.filter { $0.count > 1 }
    }

    private static func bucket(_ first: UInt8, _ second: UInt8) -> Int { Int(first & 31) << 5 | Int(second & 31) }

    /// Whether a text in small letters has one of the words, other than in what is harmless, which is wiped out.
    func isBot(_ text: inout [UInt8]) -> Bool {
        for phrase in harmless { Self.wipe(phrase, in: &text) }
        guard text.count > 1 else { return false }
        for place in 0..<text.count - 1 {
            let bucket = Self.bucket(text[place], text[place + 1])
            for index in starts[bucket]..<starts[bucket + 1] where text[place...].starts(with: words[index]) {
                return true
            }
        }
        return false
    }

    private static func wipe(_ phrase: [UInt8], in text: inout [UInt8]) {
        guard text.count >= phrase.count else { return }
        for place in 0...text.count - phrase.count where text[place...].starts(with: phrase) {
            for index in place..<place + phrase.count { text[index] = ASCII.space }
        }
    }
}
