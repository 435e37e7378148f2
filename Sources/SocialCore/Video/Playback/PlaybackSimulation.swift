// The way in: a film, a buffer and a rule, played over as many traces as one likes.

/// The rules by name.
package enum PlaybackRuleName: String, CaseIterable, Sendable {
    case throughput
    case buffer
    case bola
    case bolaE = "bola-e"
    case dynamic
    case dynamicDash = "dynamic-dash"
    case hybrid
}

/// A player of one film with one rule, which works out beforehand what it can.
package struct PlaybackSimulation: Sendable {
    /// A rule before it has seen anything.
    private enum Prototype {
        case throughput(ThroughputRule)
        case buffer(BufferRule)
        case bola(BolaRule)
        case bolaE(BolaERule)
        case dynamic(DynamicRule)
        case dynamicDash(DynamicDashRule)
        case hybrid(HybridRule)
    }

    /// The film.
    package let film: PlaybackFilm
    private let capacity: PlaybackCapacity
    private let prototype: Prototype

    /// A player whose buffer has room for each segment of the film.
    package init(_ film: PlaybackFilm, _ rule: PlaybackRuleName, buffer capacity: PlaybackCapacity) {
        self.film = film
        self.capacity = capacity
        let time = capacity.milliseconds(film)
        prototype =
            switch rule {
            case .throughput: .throughput(ThroughputRule(film, bufferTime: time))
            case .buffer: .buffer(BufferRule(film, bufferTime: time))
            case .bola: .bola(BolaRule(film, bufferTime: time))
            case .bolaE: .bolaE(BolaERule(film, bufferTime: time))
            case .dynamic: .dynamic(DynamicRule(film, bufferTime: time))
            case .dynamicDash: .dynamicDash(DynamicDashRule(film, bufferTime: time))
            case .hybrid: .hybrid(HybridRule(film, bufferTime: time))
            }
    }

    /// Plays the film over a trace that can deliver it.
    ///
    /// - Parameter logs: whether the outcome tells of each segment.
    package func play(over trace: BandwidthTrace, logs: Bool = false) -> PlaybackOutcome {
        switch prototype {
        case .throughput(let rule): play(rule, trace, logs)
        case .buffer(let rule): play(rule, trace, logs)
        case .bola(let rule): play(rule, trace, logs)
        case .bolaE(let rule): play(rule, trace, logs)
        case .dynamic(let rule): play(rule, trace, logs)
        case .dynamicDash(let rule): play(rule, trace, logs)
        case .hybrid(let rule): play(rule, trace, logs)
        }
    }

    private func play(_ rule: some PlaybackRule, _ trace: BandwidthTrace, _ logs: Bool) -> PlaybackOutcome {
        var session = PlaybackSession(film, trace, capacity, rule, logs: logs)
        return session.play()
    }
}

/// How much may lie in the buffer of a player.
package enum PlaybackCapacity: Hashable, Sendable {
    /// So many milliseconds, with the segment that is being loaded.
    case milliseconds(Double)
    /// So many segments behind the one that plays.
    case segments(Int)

    /// How many milliseconds fit.
    func milliseconds(_ film: PlaybackFilm) -> Double {
        switch self {
        case .milliseconds(let most): most
        case .segments(let count): film.meanDuration * Double(count + 1)
        }
    }

    /// Whether there is room for each segment of a film.
    package func holds(_ film: PlaybackFilm) -> Bool {
        switch self {
        case .milliseconds(let most): film.durations.allSatisfy { $0 <= most }
        case .segments: true
        }
    }
}
