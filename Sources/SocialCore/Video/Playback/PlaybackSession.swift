// A player that plays one film over one network: it asks the rule, loads, plays while it loads, and keeps the books.
// Up to the units it does what Sabre does (https://github.com/UMass-LIDS/sabre), so that results can be compared.

/// One playing of a film.
struct PlaybackSession<Rule: PlaybackRule> {
    /// A download can be given up each time that at least so much has arrived and so much time has passed.
    private static var progressBits: Double { 12_000 }
    private static var progressTime: Double { 50 }
    /// A segment that was given up so often is loaded to its end: no rule goes on for ever.
    private static var abandonedMax: Int { 100 }

    private let film: PlaybackFilm
    private let capacity: PlaybackCapacity
    private var network: PlaybackNetwork
    private var buffer: PlaybackBuffer
    private var rule: Rule
    private var estimate: ThroughputEstimate
    private var result = PlaybackOutcome()
    private let logs: Bool
    /// What happened since the last segment arrived.
    private var since = (abandoned: 0, stalled: 0.0)

    init(
        _ film: PlaybackFilm, _ trace: BandwidthTrace, _ capacity: PlaybackCapacity, _ rule: Rule, logs: Bool
    ) {
        self.film = film
        self.capacity = capacity
        network = PlaybackNetwork(trace)
        buffer = PlaybackBuffer(film)
        self.rule = rule
        estimate = ThroughputEstimate(segmentTime: film.meanDuration)
        self.logs = logs
    }

    /// Plays the film from its beginning to its end.
    mutating func play() -> PlaybackOutcome {
        begin()
        while buffer.end < film.count {
            let wait = buffer.waitForRoom(capacity)
            if wait > 0 {
                pause(wait)
                rule.waited(wait)
            }
            let choice = rule.choose(view(level: buffer.level))
            if choice.wait > 0 { pause(choice.wait) }
            load(choice.quality)
        }
        buffer.playOut()
        return outcome
    }

    /// The first segment comes in the lowest quality, whatever it takes; then playing begins.
    private mutating func begin() {
        let size = film.size(0, 0)
        let latency = network.request()
        let time = network.receive(size)
        buffer.start(latency + time)
        buffer.append(0)
        result.startup = latency + time
        result.bits = size
        estimate.add(time: time, throughput: size / time, latency: latency)
        let progress = PlaybackProgress(
            segment: 0, quality: 0, size: size, received: size, time: latency + time, latency: latency)
        rule.began(progress)
        if logs { log(progress, requested: 0, level: 0) }
    }

    private mutating func pause(_ milliseconds: Double) {
        buffer.play(milliseconds)
        network.pause(milliseconds)
    }

    private func view(level: Double) -> PlaybackView {
        PlaybackView(
            segment: buffer.end, level: level, throughput: estimate.throughput, latency: estimate.latency)
    }

    /// Loads the next segment, playing meanwhile, unless the rule gives it up.
    private mutating func load(_ quality: Int) {
        let (requested, level) = (buffer.now, buffer.level)
        let (progress, abandonedTo) = receive(quality)
        buffer.play(progress.time)
        result.bits += progress.received
        if abandonedTo != nil {
            result.abandoned += 1
        } else {
            buffer.append(quality)
            if logs { log(progress, requested: requested, level: level) }
            since = (result.abandoned, buffer.stalled)
        }
        rule.ended(progress, abandonedTo: abandonedTo, level: buffer.level)
        guard abandonedTo == nil else { return }
        estimate.add(
            time: progress.time - progress.latency, throughput: progress.throughput, latency: progress.latency)
    }

    /// Loads the next segment, and returns how it ended.
    private mutating func receive(_ quality: Int) -> (PlaybackProgress, abandonedTo: Int?) {
        let segment = buffer.end
        let size = film.size(segment, quality)
        let level = buffer.level
        let latency = network.request()
        var time = latency
        var received = 0.0
        var leastTime = Self.progressTime - latency
        while true {
            let part = network.receive(size - received, leastBits: Self.progressBits, leastTime: leastTime)
            time += part.time
            received += part.bits
            leastTime = Self.progressTime
            let progress = PlaybackProgress(
                segment: segment, quality: quality, size: size, received: received, time: time, latency: latency)
            guard received < size else { return (progress, nil) }
            guard result.abandoned - since.abandoned < Self.abandonedMax else { continue }
            if let quality = rule.abandon(progress, view(level: max(0, level - time))) { return (progress, quality) }
        }
    }

    /// Notes that a segment has arrived.
    private mutating func log(_ progress: PlaybackProgress, requested: Double, level: Double) {
        let segment = progress.segment
        var shown = buffer.now
        if let last = result.segments.last { shown = max(shown, last.shown + film.durations[segment - 1]) }
        result.segments.append(
            PlaybackOutcome.Segment(
                quality: progress.quality, bits: progress.size, requested: requested, arrived: buffer.now,
                shown: shown, throughput: progress.throughput, levelBefore: level, levelAfter: buffer.level,
                stalled: buffer.stalled - since.stalled, abandoned: result.abandoned - since.abandoned))
    }

    private var outcome: PlaybackOutcome {
        var outcome = result
        outcome.time = buffer.now
        outcome.filmTime = film.milliseconds
        outcome.utility = buffer.utility
        outcome.bitrate = buffer.bitrate
        outcome.stalled = buffer.stalled
        outcome.stalls = buffer.stalls
        outcome.switches = buffer.switches
        outcome.change = buffer.change
        return outcome
    }
}
