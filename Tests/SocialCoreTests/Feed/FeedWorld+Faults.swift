// What happens to a world besides what people do: time passes, settings change, processes end in the middle, the power
// fails, files are lost and damaged.

import TestKit
import Testing

@testable import SocialCore

extension FeedWorld {
    /// One turn of a long life: an operation, most often a change by somebody.
    ///
    /// - Returns: what was done.
    func turn() throws -> String {
        defer { network.context = context }
        switch chance.below(100) {
        case 0..<4:
            try signIn()
            return "sign-in"
        case 4..<7: return try passTime()
        case 7..<10: return try changeSetting()
        case 10..<16:
            try network.publish()
            return "publish"
        case 16:
            try settleModels()
            return "publish all \(try network.feeds.publish())"
        case 17, 18: return "regenerate \(try regenerate())"
        case 19:
            try settleModels()
            var plan = FeedRegeneration.Plan(onlyActive: chance.isOne(in: 2))
            if chance.isOne(in: 3) { plan.deadline = now }
            return "regenerate by plan \(try network.feeds.regenerate(nil, plan))"
        case 20:
            let some = (0..<3).compactMap { _ in chance.one(of: model.accounts)?.id }
            return "regenerate some \(try regenerate(some))"
        case 21: return "regenerate in full \(try regenerate(isFull: true))"
        case 22..<26:
            try reopen()
            return "reopen"
        case 26, 27: return try changeTogether()
        case 28: return try endInTheMiddle()
        case 29: return try losePower()
        case 30: return try loseFiles()
        case 31: return try damageFiles()
        default:
            try change()
            return "change"
        }
    }

    /// Time jumps, at times so far that everyone falls out of every window.
    private func passTime() throws -> String {
        let minutes = [1, 30, 8 * 60, 4 * 24 * 60, 40 * 24 * 60][[0, 0, 1, 1, 2, 2, 3, 4][chance.below(8)]]
        now = now.advanced(byMilliseconds: Int64(1 + chance.below(minutes * 60)) * 1_000)
        try reopen()
        return "time is \(now.milliseconds)"
    }

    private func changeSetting() throws -> String {
        let name = Settings.names[chance.below(Settings.names.count)]
        let choices =
            switch name {
            case "feed.capacity": ["1", "2", "5", "8", "13", "40"]
            case "feed.push-limit": ["0", "1", "2", "3", "5", "10000"]
            case "search.language": ["en", "none"]
            default: ["1m", "1h", "12h", "3d", "30d"]
            }
        let value = choices[chance.below(choices.count)]
        _ = try network.set(name, to: value)
        if name == "feed.capacity" { capacity = network.manifest.settings.feedCapacity }
        // Whether the process that changes it goes on, or others come to know of it.
        if chance.isOne(in: 2) { try reopen() }
        return "\(name) = \(value)"
    }

    /// Changes that share a commit.
    private func changeTogether() throws -> String {
        let count = 1 + chance.below(30)
        network.router.beginGroup()
        for _ in 0..<count { try change() }
        if chance.isOne(in: 2) { try network.router.flushGroup() }
        for _ in 0..<chance.below(4) { try change() }
        try network.router.endGroup()
        return "\(count) changes and more in a group"
    }

    // MARK: Faults

    private func endInTheMiddle() throws -> String {
        guard let disk else { return "nothing" }
        let (place, count) = (chance.below(6), chance.isOne(in: 3) ? chance.below(400) : chance.below(30))
        try settleModels()
        _ = try network.effects.settleAll()
        let applier = try Network(opening: directory.file("data"), context: context)
        let hasEnded = disk.ending(after: count) {
            switch place {
            case 0: _ = try applier.feeds.regenerate(nil, .init(isFull: true))
            case 1: _ = try applier.feeds.regenerate()
            case 2: _ = try applier.feeds.publish()
            default: try applier.publish()
            }
        }
        try reopen()
        return "work \(place) \(hasEnded ? "ends" : "would end") after \(count) changes"
    }

    private func losePower() throws -> String {
        guard let disk else { return "nothing" }
        try withNothingOpen { try disk.losePower(chance) }
        return "power cut"
    }

    /// Files go, are cut short, or come back as they were.
    private func loseFiles() throws -> String {
        guard let path = chance.one(of: try ViewDisk.views(of: directory.file("data")).filter(isBreakable)) else {
            return "nothing"
        }
        let bytes = try FileSystem().contents(of: path)
        let way = chance.below(4)
        try withNothingOpen {
            switch way {
            case 0: TemporaryDirectory.remove(path)
            case 1: try TemporaryDirectory.write([], to: path)
            case 2: try TemporaryDirectory.write(Array(bytes.prefix(chance.below(bytes.count))), to: path)
            default:
                if let kept, FileSystem().exists(kept.path) { try TemporaryDirectory.write(kept.bytes, to: kept.path) }
                kept = (path, bytes)
            }
        }
        return "\(name(of: path)) is lost in way \(way)"
    }

    /// Flips bits; what is read must be right at once.
    ///
    /// Then the caches are made anew, because a second damage could bring to light what the first one hid.
    private func damageFiles() throws -> String {
        guard let path = chance.one(of: try ViewDisk.views(of: directory.file("data")).filter(isBreakable)) else {
            return "nothing"
        }
        var bytes = try FileSystem().contents(of: path)
        guard !bytes.isEmpty else { return "nothing" }
        let end = [64, 1_024, bytes.count][chance.below(3)]
        for _ in 0...chance.below(6) { bytes[chance.below(min(end, bytes.count))] ^= UInt8(1 << chance.below(8)) }
        try withNothingOpen { try TemporaryDirectory.write(bytes, to: path) }
        try expectAllFeeds("damaged")
        try look("damaged \(name(of: path))")
        try network.publish()
        try expectFeeds("damaged and published")
        try withNothingOpen {
            for path in try ViewDisk.views(of: directory.file("data")) where isBreakable(path) {
                TemporaryDirectory.remove(path)
            }
        }
        return "\(name(of: path)) is damaged"
    }

    private func name(of path: String) -> String { path.split(separator: "/").suffix(2).joined(separator: "/") }

    private func isBreakable(_ path: String) -> Bool { !path.hasSuffix("/heads") }

    /// Changes files behind the back of processes that have all ended.
    private func withNothingOpen(_ body: () throws -> Void) throws {
        watcher = nil
        try reopen()
        try body()
        try disk?.noteFiles()
        try reopen()
    }
}
