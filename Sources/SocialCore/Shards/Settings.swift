// The settings of a data directory: `social config get|set|list`.

/// The settings of a data directory.
package struct Settings: Equatable, Sendable {
    /// How many posts a cached feed holds.
    package var feedCapacity: Int
    /// How far back a cached feed is filled, in milliseconds.
    package var feedCacheWindowMilliseconds: Int64
    /// The posts of accounts with more followers are not put into feeds, but fetched when a feed is read.
    package var feedPushLimit: Int
    /// How long after it was last active an account's feed is kept up, in milliseconds.
    package var feedActiveWindowMilliseconds: Int64

    /// Which language's words are found in all their forms.
    package var searchLanguage: SearchLanguage

    /// A language whose words are reduced to their stems.
    package enum SearchLanguage: String, CaseIterable, Sendable {
        /// English, by Porter's rules.
        case english = "en"
        /// Words are found as they are written.
        case none
    }

    /// The settings of a new directory: 100 posts of the last three days, for those who were active in that time, of
    /// accounts with up to 10,000 followers.
    package static let standard = Settings(
        feedCapacity: 100, feedCacheWindowMilliseconds: 3 * 24 * 3_600_000, feedPushLimit: 10_000,
        feedActiveWindowMilliseconds: 3 * 24 * 3_600_000, searchLanguage: .english)

    /// The names of all settings, in the order in which they are listed.
    package static let names = [
        "feed.capacity", "feed.cache-window", "feed.push-limit", "feed.active-window", "search.language",
    ]

    /// The text of a setting; nil when there is none of that name.
    package subscript(name: String) -> String? {
        switch name {
        case "feed.capacity": String(feedCapacity)
        case "feed.cache-window": DurationText.format(feedCacheWindowMilliseconds)
        case "feed.push-limit": String(feedPushLimit)
        case "feed.active-window": DurationText.format(feedActiveWindowMilliseconds)
        case "search.language": searchLanguage.rawValue
        default: nil
        }
    }

    /// Changes a setting.
    ///
    /// - Throws: `badSetting` with what is allowed.
    package mutating func set(_ name: String, to text: String) throws(ShardsError) {
        switch name {
        case "feed.capacity": feedCapacity = try Settings.number(name, text, in: Limits.feedCapacity)
        case "feed.cache-window": feedCacheWindowMilliseconds = try Settings.duration(name, text)
        case "feed.push-limit": feedPushLimit = try Settings.number(name, text, in: Limits.feedPushLimit)
        case "feed.active-window": feedActiveWindowMilliseconds = try Settings.duration(name, text)
        case "search.language":
            guard let language = SearchLanguage(rawValue: text) else {
                throw ShardsError(.badSetting, "\"\(name)\" is en or none, not \"\(text)\"")
            }
            searchLanguage = language
        default:
            throw ShardsError(
                .noSuchSetting, "there is no setting \"\(name)\"",
                hint: "the settings are \(Settings.names.joined(separator: ", "))")
        }
    }

    private static func number(_ name: String, _ text: String, in range: ClosedRange<Int>) throws(ShardsError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw ShardsError(
                .badSetting, "\"\(name)\" is a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
        }
        return number
    }

    private static func duration(_ name: String, _ text: String) throws(ShardsError) -> Int64 {
        guard let duration = DurationText.parse(text), duration > 0 else {
            throw ShardsError(.badSetting, "\"\(name)\" is a duration such as 3d, not \"\(text)\"")
        }
        return duration
    }
}

/// Durations as people write them: `250ms 20s 2m 24h 3d`.
package enum DurationText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// The milliseconds of a duration; nil when the text is none.
    package static func parse(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), let unit = units.first(where: { $0.suffix == text.dropFirst(digits.count) })
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : product
    }

    /// The shortest text of a duration.
    package static func format(_ milliseconds: Int64) -> String {
        let unit = units.last { milliseconds % $0.milliseconds == 0 && milliseconds >= $0.milliseconds } ?? units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}
