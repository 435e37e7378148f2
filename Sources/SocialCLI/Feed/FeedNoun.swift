// The verbs of `feed`.

internal import CommandSpec

enum FeedNoun {
    static let commands = [FeedShow.command, FeedWatch.command, FeedRegenerate.command, FeedStatus.command, FeedVerify.command]
}
