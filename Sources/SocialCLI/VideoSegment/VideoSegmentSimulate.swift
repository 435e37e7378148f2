// `video-segment simulate`: how a film would play over networks that were recorded or made up.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum VideoSegmentSimulate {
    static let film = Operand(
        "SIZES|ID", .fileOrDash,
        help: "Sizes of segments as JSON (- reads the input), or a film that was cut")
    static let traces = Option(
        repeating: "trace", .file, configurable: false,
        help: "Play over a recorded network: JSON, or mahimahi's; a folder stands for the .json files in it")
    static let bandwidth = Option(
        "bandwidth", .bandwidthSchedule, configurable: false,
        help: "Play over a made-up network: 3M,1M@20s is 3 Mbit/s, and 1 from second 20 on")
    static let latency = Option(
        "latency", .duration, configurable: false,
        help: "The time from a request to its first bit; otherwise what a JSON trace says, or 100ms")
    static let rules = Option(
        repeating: "rule", .choice(of: PlaybackRuleName.self), help: "How qualities are chosen; otherwise hybrid")
    static let buffer = Option(
        "buffer", .playbackBuffer, default: .milliseconds(25_000),
        help: "How much is loaded ahead: a duration, or a number of segments behind the one that plays")
    static let length = Option(
        "length", .duration, configurable: false, help: "Cut or repeat the film so that it plays for so long")
    static let summary = Switch("summary", help: "Print a row for each rule: means of scores, sums of counts and times")
    static let perSegment = Switch("segments", help: "Tell what became of each segment, in the field segments")
    static let chart = Switch("chart", help: "Draw qualities, buffer and stalls over time with characters")
    static let drawing = Option(
        "svg", .fileOrDash, configurable: false, help: "Draw them into this file as SVG; - writes to the output")

    static let command = Command(
        ["video-segment", "simulate"], "Play a film over a recorded or made-up network",
        discussion: """
            A player loads the segments of a film one after the other, each in a quality that a rule chooses, and \
            plays meanwhile; when its buffer is empty it stalls. Nothing takes longer than its computation, and the \
            same input gives the same output. Up to the last digit results are those of the simulator Sabre.

            A film that was cut is known by its upload, or by its folder. SIZES is a JSON object: bitrates_kbps has \
            the bit rates of the qualities, segment_sizes_bits for each segment an array of its sizes, and \
            segment_duration_ms the time that each segment plays, or segment_durations_ms an array of these times. A \
            trace is a JSON array of objects with duration_ms, bandwidth_kbps and latency_ms, or a line for each \
            packet of 1,500 bytes with the millisecond at which it can be delivered (mahimahi). At its end a trace \
            begins again. With --bandwidth the last bandwidth stays.

            The rules: throughput loads what the network can deliver in time. buffer goes by the buffer alone \
            (BBA-0). bola weighs quality against the buffer (BOLA), bola-e too, and works with short buffers; dynamic \
            and dynamic-dash change between throughput and one of the two, the last as dash.js does. hybrid weighs \
            for each quality what may come: it knows the sizes of segments, takes the throughput of the last second \
            with the errors that this has had as a forecast, and knows what a buffer is worth later on.

            The score is the mean utility a second less 5 for each second of stalling, over all the time from the \
            first request to the end; the utility of a quality is the logarithm of its bit rate against the lowest.

            With --segments the field segments is an array of objects: segment, start_ms (in the film), quality (from \
            0), bitrate_kbps, bytes, requested_ms, arrived_ms, shown_ms, throughput_kbps, buffer_before_ms, \
            buffer_after_ms, stall_ms (since the segment before had arrived), abandoned (downloads) and switched.
            """,
        operands: [film],
        options: [traces, bandwidth, latency, rules, buffer, length, summary, perSegment, chart, drawing],
        groups: [
            ExclusiveGroup(traces, bandwidth, required: true),
            ExclusiveGroup(chart, drawing, summary, perSegment), ExclusiveGroup(chart, Globals.json, Globals.format),
        ],
        examples: [
            Example(
                "social video-segment simulate sizes.json --bandwidth 3M,500K@20s,5M@40s --chart",
                "See what a player does when the network fades"),
            Example(
                "social video-segment simulate sizes.json --trace trace.json --rule bola --rule hybrid",
                "Compare two rules on a recorded network"),
            Example(
                "social video-segment simulate sizes.json --trace trace.json --buffer 3 --segments --json "
                    + "| jq '.[0].segments[] | {segment, quality, stall_ms}'",
                "Read what became of each segment, with three segments loaded ahead"),
            Example(
                "social video-segment simulate sizes.json --trace trace.json --svg playing.svg",
                "Draw the playing as a picture"),
        ], fields: fields,
        exits: [
            ExitStatus(64, "the buffer has no room for the longest segment"),
            ExitStatus(65, "a file is no film or no trace, or the trace delivers too little"),
            ExitStatus(66, "there is no such file"),
        ], handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let film = try film(session)
        let networks = try networks(session, film)
        let names = line[rules].isEmpty ? [.hybrid] : line[rules]
        let players = names.map { (name: $0, player: PlaybackSimulation(film, $0, buffer: line[buffer])) }
        if line.isOn(chart) || line.isGiven(drawing) {
            let isDrawing = line.isGiven(drawing)
            guard players.count == 1, networks.count == 1 else {
                throw line.missing("only one rule over one trace can be drawn")
            }
            let outcome = players[0].player.play(over: networks[0].trace, logs: true)
            let timeline = PlaybackTimeline(film: film, trace: networks[0].trace, outcome: outcome)
            if isDrawing {
                let drawing = PlaybackDrawing(timeline, title: title(names[0], outcome))
                try session.writeBytes(to: line[Self.drawing]) { try $0(Array(drawing.text.utf8)[...]) }
            } else {
                _ = try session.world.output.write(timeline.chart(columns: session.world.terminal.columns))
            }
            return
        }
        try session.printList(fields) { emit in
            for (name, player) in players {
                var outcomes: [PlaybackOutcome] = []
                for network in networks {
                    let outcome = player.play(over: network.trace, logs: line.isOn(perSegment))
                    if line.isOn(summary) {
                        outcomes.append(outcome)
                    } else if try !emit(cells([outcome], film, name, trace: network.name)) {
                        return
                    }
                }
                if line.isOn(summary), try !emit(cells(outcomes, film, name, trace: nil)) { return }
            }
        }
    }

    /// What stands above a drawing.
    private static func title(_ rule: PlaybackRuleName, _ outcome: PlaybackOutcome) -> String {
        let score = (outcome.score * 1_000).rounded() / 1_000
        let bitrate = Int(outcome.averageBitrate.rounded()).grouped
        let time = Int(outcome.stalled.rounded()).grouped
        let stalls =
            switch outcome.stalls {
            case 0: "no stall"
            case 1: "1 stall of \(time) ms"
            default: "\(outcome.stalls) stalls of \(time) ms"
            }
        return "\(rule.rawValue): score \(score), \(bitrate) kbit/s, \(stalls)"
    }

    /// The film, as long as it is asked for.
    ///
    /// A film that was cut enters here too, by its upload or its folder.
    private static func film(_ session: Session) throws -> PlaybackFilm {
        let line = session.invocation
        var film = try named(try line[film], session)
        if let milliseconds = line[length] {
            guard let other = film.lasting(Double(milliseconds)) else {
                let most = PlaybackLimits.segments
                throw line.error(.invalidValue, "a film may have 1 to \(most) segments", about: length)
            }
            film = other
        }
        guard line[buffer].holds(film) else {
            throw line.error(.invalidValue, "the buffer has no room for the longest segment", about: buffer)
        }
        return film
    }

    private static func named(_ file: FileOrDash, _ session: Session) throws -> PlaybackFilm {
        if case .file(let path) = file {
            let files = FileSystem()
            if files.isDirectory(path) || (MediaReference(path) != nil && !files.exists(path)) {
                return PlaybackFilm(try session.film(path).film)
            }
        }
        do { return try PlaybackFilm(manifest: try session.bytes(of: file)) } catch let error as DataError {
            throw FileError(file: file.name, error)
        }
    }

    /// The traces, with the names of their files.
    private static func networks(
        _ session: Session, _ film: PlaybackFilm
    ) throws -> [(name: String, trace: BandwidthTrace)] {
        let line = session.invocation
        let wait = line[latency].map { Double($0) }
        if let wait, !(PlaybackLimits.latencyMilliseconds ~= wait) {
            throw line.error(.invalidValue, "a latency is at most a minute", about: latency)
        }
        if let schedule = line[bandwidth] {
            let trace = wait.map(schedule.trace.with) ?? schedule.trace
            return [(schedule.text, trace)]
        }
        let files = FileSystem()
        let paths = try line[traces].flatMap { path in
            guard files.isDirectory(path) else { return [path] }
            return try files.names(in: path).filter { $0.hasSuffix(".json") }.map { "\(path)/\($0)" }
        }
        guard !paths.isEmpty else { throw Failure("no_such_file", "there is no .json file in the folder") }
        return try paths.map { path in
            let trace: BandwidthTrace
            do { trace = try BandwidthTrace(text: try files.contents(of: path)) } catch let error as DataError {
                throw FileError(file: path, error)
            }
            guard trace.canDeliver(film) else {
                throw Failure("out_of_range", "\(path): the trace delivers too little for the film")
            }
            return (path.split(separator: "/").last.map(String.init) ?? path, wait.map(trace.with) ?? trace)
        }
    }
}
