// The counters as OpenMetrics, for whoever watches the server.

/// A page of metrics.
struct MetricsText {
    private(set) var text = ""

    /// Adds a number that only grows.
    mutating func counter(_ name: String, _ help: String, _ value: Int) {
        text +=
            "# TYPE social_serve_\(name) counter\n# HELP social_serve_\(name) \(help)\n"
            + "social_serve_\(name)_total \(value)\n"
    }

    /// Adds numbers that only grow, one for each value of a label.
    mutating func counters(_ name: String, _ help: String, label: String, _ values: [(label: String, value: Int)]) {
        text += "# TYPE social_serve_\(name) counter\n# HELP social_serve_\(name) \(help)\n"
        for value in values { text += "social_serve_\(name)_total{\(label)=\"\(value.label)\"} \(value.value)\n" }
    }

    /// Adds a number that goes up and down.
    mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        text +=
            "# TYPE social_serve_\(name) gauge\n# HELP social_serve_\(name) \(help)\nsocial_serve_\(name) \(value)\n"
    }

    /// Adds how long answers took.
    mutating func durations(_ metrics: Metrics) {
        let name = "social_serve_answer_seconds"
        text += "# TYPE \(name) histogram\n# HELP \(name) how long answers took\n"
        var sum = 0
        for (power, counter) in metrics.durations.enumerated() {
            sum += counter.value
            let isLast = power == metrics.durations.count - 1
            let bound = isLast ? "+Inf" : "\(Double(1 << power) / 64_000)"
            text += "\(name)_bucket{le=\"\(bound)\"} \(sum)\n"
        }
        text += "\(name)_sum \(Double(metrics.durationNanoseconds.value) / 1_000_000_000)\n\(name)_count \(sum)\n"
    }

    /// All counters of a server, and how many jobs wait for its threads.
    init(_ metrics: Metrics, waiting: [(label: String, value: Int)]) {
        counter("connections", "connections taken", metrics.connections.value)
        gauge("open_connections", "connections that are open", metrics.openConnections.value)
        counter(
            "refused_connections", "connections refused because there were too many", metrics.refusedConnections.value)
        counter("requests", "requests begun", metrics.requests.value)
        counters(
            "answers", "answers by the first digit of their status", label: "class",
            (1...5).map { ("\($0)xx", metrics.answers[$0].value) })
        durations(metrics)
        counter("received_bytes", "bytes received", metrics.receivedBytes.value)
        counter("sent_bytes", "bytes sent", metrics.sentBytes.value)
        counter("shed", "requests refused because too many waited", metrics.shed.value)
        counter("limited", "requests refused because their client made too many", metrics.limited.value)
        counter("coalesced", "requests that were answered with another like them", metrics.coalesced.value)
        counters(
            "cache_hits", "what was found in a cache", label: "cache",
            [("pages", metrics.pageHits.value), ("posts", metrics.fragmentHits.value)])
        counters(
            "cache_misses", "what was not found in a cache", label: "cache",
            [("pages", metrics.pageMisses.value), ("posts", metrics.fragmentMisses.value)])
        counter("commits", "groups of changes made durable", metrics.commits.value)
        counter("changes", "changes made durable", metrics.groupedWrites.value)
        counter("accesses", "accesses counted", metrics.accesses.value)
        counter("lost_accesses", "accesses not counted because there were too many", metrics.lostAccesses.value)
        gauge("listeners", "readers who listen over WebSocket", metrics.listeners.value)
        gauge("polls", "readers who listen over long polling", metrics.polls.value)
        counter("pushed", "posts and notifications sent to listeners", metrics.pushed.value)
        counter("forwarded", "requests handed on to other servers", metrics.forwarded.value)
        counter("tasks", "tasks that this server has worked on", metrics.tasks.value)
        counter("unreadable", "requests that were no HTTP", metrics.unreadable.value)
        let name = "waiting"
        text += "# TYPE social_serve_\(name) gauge\n# HELP social_serve_\(name) jobs that wait for a thread\n"
        for pool in waiting { text += "social_serve_\(name){pool=\"\(pool.label)\"} \(pool.value)\n" }
        text += "# EOF\n"
    }
}
