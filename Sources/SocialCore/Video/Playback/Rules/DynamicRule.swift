// Throughput while the buffer is short, BOLA when it is not: the two mixtures of dash.js and of its paper.

/// DYNAMIC with BOLA (Spiteri, Sitaraman and Sparacio, MMSys 2018).
struct DynamicRule: PlaybackRule {
    /// The level between the two rules, in milliseconds.
    private static let threshold = 10_000.0

    private var bola: BolaRule
    private var throughput: ThroughputRule
    private var usesBola = false

    init(_ film: PlaybackFilm, bufferTime: Double) {
        bola = BolaRule(film, bufferTime: bufferTime)
        throughput = ThroughputRule(film, bufferTime: bufferTime)
    }

    mutating func choose(_ view: PlaybackView) -> PlaybackChoice {
        let byBuffer = bola.choose(view)
        let byRate = throughput.choose(view)
        if usesBola {
            if view.level < Self.threshold, byBuffer.quality < byRate.quality { usesBola = false }
        } else if view.level > Self.threshold, byBuffer.quality >= byRate.quality {
            usesBola = true
        }
        return usesBola ? byBuffer : byRate
    }

    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int? {
        throughput.abandon(progress, view)
    }
}

/// The mixture that dash.js ships: with BOLA-E, and two thresholds.
struct DynamicDashRule: PlaybackRule {
    /// BOLA-E is left below the first and taken up above the second level, in milliseconds.
    private static let thresholds = (5_000.0, 10_000.0)

    private var bola: BolaERule
    private var throughput: ThroughputRule
    private var usesBola = false

    init(_ film: PlaybackFilm, bufferTime: Double) {
        bola = BolaERule(film, bufferTime: bufferTime)
        throughput = ThroughputRule(film, bufferTime: bufferTime)
    }

    mutating func choose(_ view: PlaybackView) -> PlaybackChoice {
        usesBola = usesBola ? view.level >= Self.thresholds.0 : view.level > Self.thresholds.1
        return usesBola ? bola.choose(view) : throughput.choose(view)
    }

    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int? {
        usesBola ? bola.abandon(progress, view) : throughput.abandon(progress, view)
    }

    mutating func waited(_ milliseconds: Double) { bola.waited(milliseconds) }

    mutating func ended(_ progress: PlaybackProgress, abandonedTo: Int?, level: Double) {
        bola.ended(progress, abandonedTo: abandonedTo, level: level)
    }
}
