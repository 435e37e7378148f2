// Settings and durations: what is accepted, what is refused, and that texts come back.

import SocialCore
import Testing

@Suite("Settings and durations")
struct SettingsTests {
    @Test(
        "Durations are read and written in their largest whole unit",
        arguments: [
            ("0ms", 0, "0ms"), ("250ms", 250, "250ms"), ("1000ms", 1_000, "1s"), ("20s", 20_000, "20s"),
            ("60s", 60_000, "1m"), ("90m", 5_400_000, "90m"), ("24h", 86_400_000, "1d"), ("3d", 259_200_000, "3d"),
            ("007s", 7_000, "7s"),
        ])
    func durations(text: String, milliseconds: Int64, shortest: String) {
        #expect(DurationText.parse(text) == milliseconds)
        #expect(DurationText.format(milliseconds) == shortest)
    }

    @Test(
        "These are no durations",
        arguments: [
            "", "3", "d", "-1s", "+1s", "1.5h", "1 s", "1sec", "1S", "٣d", "106751991168d", "9223372036854775808ms",
        ])
    func noDurations(text: String) { #expect(DurationText.parse(text) == nil) }

    @Test("A setting keeps what is allowed and refuses the rest")
    func settings() throws {
        var settings = Settings.standard
        #expect(Settings.names.map { settings[$0] } == ["100", "3d", "10000", "3d", "en"])
        try settings.set("feed.capacity", to: "1")
        try settings.set("feed.cache-window", to: "36h")
        #expect(settings.feedCapacity == 1 && settings.feedCacheWindowMilliseconds == 129_600_000)
        try settings.set("feed.push-limit", to: "0")
        try settings.set("feed.active-window", to: "2h")
        #expect(settings.feedPushLimit == 0 && settings.feedActiveWindowMilliseconds == 7_200_000)
        try settings.set("search.language", to: "none")
        #expect(settings.searchLanguage == .none)
        let before = settings
        for (name, text) in [
            ("feed.capacity", "0"), ("feed.capacity", "10001"), ("feed.capacity", "x"), ("feed.capacity", ""),
            ("feed.cache-window", "0s"), ("feed.cache-window", "3"), ("feed.cache-window", "-3d"),
            ("feed.push-limit", "-1"), ("feed.active-window", "0d"), ("search.language", "xx"),
        ] { #expect(throws: ShardsError.self, "\(name) \(text)") { try settings.set(name, to: text) } }
        #expect(throws: ShardsError.self) { try settings.set("feed.colour", to: "1") }
        #expect(settings == before && settings["feed.colour"] == nil)
    }
}
