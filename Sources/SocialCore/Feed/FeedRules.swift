// The decisions of hybrid delivery, in one place: whose posts are put into feeds, and whose feeds are kept up.

/// Who pushes, and who is pushed to, under some settings at some time.
package struct FeedRules: Sendable {
    /// The settings.
    package let settings: Settings
    /// The present time.
    package let now: Timestamp

    /// The rules under some settings at some time.
    package init(_ settings: Settings, at now: Timestamp) {
        self.settings = settings
        self.now = now
    }

    /// Whether the posts of an account are fetched when feeds are read, instead of being put into them.
    ///
    /// - Parameter followers: how many accounts follow it.
    package func isPulled(followers: Int) -> Bool { followers > settings.feedPushLimit }

    /// Whether a reader's feed is kept up.
    ///
    /// - Parameter time: when the reader was last active.
    package func keepsUp(readerActiveAt time: Timestamp) -> Bool {
        time >= now.advanced(byMilliseconds: -settings.feedActiveWindowMilliseconds)
    }

    /// The hour since which a reader must have been active for its feed to be kept up; cached feeds know hours only.
    var activeHour: Int {
        FeedRecord.hour(of: now.advanced(byMilliseconds: -settings.feedActiveWindowMilliseconds))
    }

    /// The oldest post that a cached feed is filled with.
    package var floor: PostID { FeedRules.floor(settings.feedCacheWindowMilliseconds, before: now) }

    /// The first post that is not older than a time before another.
    package static func floor(_ milliseconds: Int64, before time: Timestamp) -> PostID {
        PostID(rawValue: IdentityLayout.firstIdentifier(at: time.advanced(byMilliseconds: -milliseconds)))
    }
}
