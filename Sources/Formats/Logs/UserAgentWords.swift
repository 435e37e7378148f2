// The words by which programs give themselves away in user agents. The list is our own, made from what such programs
// are and from what they commonly call themselves; all is in small letters.

/// The list, in a form in which it is found fast.
struct UserAgentWords {
    static let table = UserAgentWords()

    /// What a program is or does; parts of words count.
    private static let kinds =
        """
        bot|crawl|spider|slurp|scrape|harvest|fetch|archiv|extract|grabber|sucker|indexer|search engine|searchengine
        monitor|uptime|healthcheck|health check|health-check|checker|linkcheck|link check|validator|w3c_|scanner|xenu
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
        ezooms|portscout|binlar|robosourcer|mojeek
        """

    /// Readers of feeds that do not say so.
    private static let readers =
        """
        netnewswire|akregator|liferea|newsbeuter|newsboat|newsblur|newsgator|inoreader|oldreader|bloglovin|vienna/
        reeder|simplepie|magpie|netvibes|readkit|stringer|newsfox|sharpreader|blogbridge|planet/|venus|elfeed
        thunderbird
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
        rest-client|typhoeus|faraday|http_request|pear |snoopy|zend_|dart/|reqwest|hyper/|ureq|libsoup|indy library
        postman|insomnia|unirest|wininet|url control|webdav|davfs|cfnetwork|node.js|nodejs|lua-|erlang|haskell|jersey
        synapse|http_get|http::|apache-|gvfs|libfetch|powershell|msoffice|microsoft office|bits/
        """

    /// Browsers that a program drives.
    private static let headless = "phantomjs|slimerjs|puppeteer|playwright|zombie.js|htmlunit|splash|cypress|casperjs"

    /// What is passed over, though it may hold one of the words: a phone, a library inside a browser, browsers that
    /// name a page of their maker, and what every browser says.
    private static let harmless = "cubot|libwww-fm|http://bsalsa.com|http://www.bsalsa.com|mozilla/|compatible"

    /// The letters of all words, one after the other.
    private let letters: [UInt8]
    /// Where the letters of each word begin, and at the end how many there are.
    private let places: [Int]
    /// Whether each word is harmless.
    private let isHarmless: [Bool]
    /// Where the words of each bucket begin; a bucket is what the first two letters say.
    private let starts: [Int]

    private init() {
        let lists = [Self.kinds, Self.crawlers, Self.readers, Self.monitors, Self.libraries, Self.headless]
        let words = (Self.split(Self.harmless).map { ($0, true) } + lists.flatMap(Self.split).map { ($0, false) })
            .enumerated().map { (order: $0.offset, bucket: Self.bucket($0.element.0[...]), word: $0.element) }
            .sorted { ($0.bucket, $0.order) < ($1.bucket, $1.order) }
        var starts = [Int](repeating: 0, count: 1_025)
        for word in words { starts[word.bucket + 1] += 1 }
        for bucket in 1...1_024 { starts[bucket] += starts[bucket - 1] }
        self.starts = starts
        isHarmless = words.map(\.word.1)
        letters = words.flatMap(\.word.0)
        places = words.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.word.0.count) }
    }

    private static func split(_ list: String) -> [[UInt8]] {
        list.utf8.split { $0 == ASCII.newline || $0 == UInt8(ascii: "|") }.map { Array($0) }.filter { $0.count > 1 }
    }

    private static func bucket(_ text: ArraySlice<UInt8>) -> Int {
        text.prefix(2).reduce(0) { $0 << 5 | Int($1 & 31) }
    }

    /// Whether a text in small letters has one of the words, other than in what is harmless, or nothing else.
    func isBot(_ text: [UInt8]) -> Bool {
        var saysSomething = false
        var place = 0
        while place < text.count {
            var length = 1
            if place + 1 < text.count {
                let bucket = Int(text[place] & 31) << 5 | Int(text[place + 1] & 31)
                for word in starts[bucket]..<starts[bucket + 1] where has(text, place, word) {
                    guard isHarmless[word] else { return true }
                    length = places[word + 1] - places[word]
                    break
                }
            }
            if length == 1, ASCII.isLetter(text[place]) { saysSomething = true }
            place += length
        }
        return !saysSomething
    }

    /// Whether a word stands at a place of a text.
    private func has(_ text: [UInt8], _ place: Int, _ word: Int) -> Bool {
        let first = places[word]
        let length = places[word + 1] - first
        guard text.count - place >= length else { return false }
        for index in 0..<length where text[place + index] != letters[first + index] { return false }
        return true
    }
}
