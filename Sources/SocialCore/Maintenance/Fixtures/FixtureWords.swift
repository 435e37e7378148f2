// The words of fixtures, all our own: what made-up people are called and what they talk about. Common ones come first
// where the order matters, because they are drawn by Zipf's law. A change here changes the bytes of every fixture.

/// Lists of words.
enum FixtureWords {
    /// The first halves of handles, in order, so that handles can be made in order.
    static let adjectives = words(
        """
        able amber azure bold bright brisk calm candid cobalt copper coral crimson crisp curious dapper deft eager \
        early fabled fair fleet fond gilded glad golden happy hazel hidden humble ivory jolly keen late lively lucky \
        lunar merry mild misty modest nimble noble olive plain polar proud quick rapid ready ruby sandy scarlet \
        sharp silent sleek small snowy steady sunny swift tidy warm wild wise
        """)

    /// The second halves of handles, in order.
    static let animals = words(
        """
        ant badger bear beaver bison crab cricket crow dingo dolphin duck eagle egret elk ferret finch frog gecko \
        goat goose hare hawk hornet ibis jay kite lark lemur lizard llama magpie marten moose moth newt ocelot owl \
        panda pigeon pike puffin puma rabbit raven salmon seal shrike sloth snipe sparrow stoat stork swift tapir \
        thrush tiger trout turtle vole walrus whale wolf wren yak
        """)

    /// First names from many places.
    static let names = words(
        """
        Ana Bo Chioma Dimitri Élodie Farid Grete Hana Ibrahim Jovana Kofi Lucía Mei Nikolai Oluwaseun Priya Quentin \
        Rosa Søren Tomoko Ursula Vikram Wanjiru Ximena Yusuf Zofia Łukasz Ngọc 小林 지민 Мария Ελένη
        """)

    /// Where people are.
    static let towns = words(
        """
        Lisbon Nairobi Osaka Lima Kraków Tromsø Accra Hanoi Quito Izmir Galway Perth Lyon Pune Seoul Halifax
        """)

    /// What people talk about.
    static let things = words(
        """
        coffee train garden cat bread bike book rain song kitchen window letter map river museum notebook lamp \
        bridge dog sweater market library tea keyboard chess photo recipe tomato guitar balcony telescope lighthouse \
        puzzle kettle radio violin sourdough compass hammock beehive
        """)

    /// How things are.
    static let qualities = words(
        """
        new old small good quiet green long warm strange tiny blue perfect borrowed broken bright cold rusty \
        handmade crooked wooden noisy forgotten velvet
        """)

    /// What people do.
    static let deeds = words(
        """
        reading fixing painting watching baking walking drawing writing planting cleaning learning repairing sorting \
        testing knitting photographing translating tuning
        """)

    /// Where things are.
    static let places = words(
        """
        town park station beach harbour forest rooftop cinema attic workshop valley island orchard
        """)

    /// When things are.
    static let times = words(
        "today tonight tomorrow yesterday now again lately soon finally sometimes twice forever")

    /// What posts are about, as tags.
    static let tags = words(
        """
        news photo music food cats books garden travel cycling coding weather art history trains coffee science \
        chess birds bread maps film running night radio tea opensource rétro 日本
        """)

    /// Whole posts in scripts that are written, counted and laid out otherwise.
    static let phrases = [
        "今日はいい天気ですね", "新しい本を読みました", "猫が窓のそばで寝ている", "早上好，朋友们", "我们在河边散步", "茶还是咖啡？",
        "오늘은 바람이 시원하다", "빵을 구웠어요", "Доброе утро, соседи", "Сегодня весь день дождь", "Καλημέρα από το λιμάνι",
        "صباح الخير من المدينة", "Trời hôm nay đẹp quá", "Wóz jedzie przez żółte pole",
    ]

    /// Pictures, one of several scalars among them.
    static let pictures = ["😀", "🎉", "🌧️", "☕", "🐈", "📚", "🚲", "🌱", "❤️", "🍞", "👍🏽", "👩‍🔬", "🇵🇹", "✨", "🎻", "🗺️"]

    /// Sentences: a capital stands for a thing, a quality, a deed, a place or a time of the lists above.
    static let sentences = [
        "D the Q T W", "the T at the P is Q W", "W at the P with a T and a T", "who else is D W?",
        "finally done D my T",
        "lost my T somewhere between the P and the P", "D again, this time with a Q T", "a Q T is all I need W",
        "the Q T from the P still works", "does anyone have a T for the P?", "W I am D at the P",
        "note to self: no more D at the P", "the T, the T and the Q T", "it is too Q for D",
        "met a Q T on the way to the P", "W the P was Q and full of people", "I keep D the same T",
        "thinking about that Q T", "my T is Q but the P is not", "one T, a Q P, no plan", "is the T at the P still Q?",
    ]

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
