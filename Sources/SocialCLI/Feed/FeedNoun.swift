// The verbs of `feed`.

internal import CommandSpec

enum FeedNoun {
    static let commands = [
        FeedShow.command, FeedWatch.command, FeedRegenerate.command, FeedPublish.command, FeedStatus.command,
        FeedVerify.command, FeedExplain.command, FeedSimulate.command,
    ]
}
