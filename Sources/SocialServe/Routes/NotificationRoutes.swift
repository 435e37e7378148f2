// What others did that concerns whoever asks.

internal import SocialCore

enum NotificationRoutes {
    static func route(_ path: [String]) -> Route? { nil }
}
