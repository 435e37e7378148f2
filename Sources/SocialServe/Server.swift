// Who talks to the network from outside? The façade of the server: `social serve` calls it, and it returns when the
// server has stopped. Event loops hold the connections and decode what comes; threads with a network of their own read
// and write; nothing waits for anything of another kind.

internal import Glibc
internal import NIOCore
internal import NIOPosix
package import SocialCLI
internal import SocialCore
internal import Terminal

/// A server that runs.
package final class Server {
    private let core: ServerCore
    private let group: MultiThreadedEventLoopGroup
    private let loops: [NIOLoopBound<LoopState>]
    private var listeners: [Listener] = []
    private var tasks: [RepeatedTask] = []
    private var fanOut: FanOut?

    /// Serves until a signal comes, or until the time is over that the options name.
    package static func run(_ options: ServeOptions, _ world: World) throws {
        Signals.install()
        let server = try Server(options)
        _ = try world.output.write("listening on http://\(server.address)\n")
        if let address = server.writeAddress { _ = try world.output.write("taking changes on http://\(address)\n") }
        _ = try world.output.flush()
        let end = options.milliseconds.map { MonotonicClock.nanoseconds + UInt64($0) * 1_000_000 }
        while Signals.interrupted == nil, end.map({ MonotonicClock.nanoseconds < $0 }) ?? true { _ = poll(nil, 0, 50) }
        server.stop()
    }

    /// Begins to serve.
    ///
    /// - Throws: `cannotListen`.
    package init(_ options: ServeOptions) throws {
        Server.raiseFileLimit()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, Parallel.width))
        self.group = group
        core = try ServerCore(Site(options))
        loops = try group.makeIterator().map { loop in
            try loop.submit { NIOLoopBound(LoopState(), eventLoop: loop) }.wait()
        }
        Server.clearSpool(core.spoolFolder)
        do {
            listeners.append(
                try Listener(options.address, isForWrites: options.writeAddress == nil, core, group, loops))
            if let address = options.writeAddress {
                listeners.append(try Listener(address, isForWrites: true, core, group, loops))
            }
        } catch {
            for listener in listeners { listener.close() }
            core.hub.stop()
            core.crew.stop(core.directory)
            try? group.syncShutdownGracefully()
            throw error
        }
        for loop in loops {
            tasks.append(
                loop.eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(500), delay: .milliseconds(500)) { _ in
                    loop.value.sweep()
                })
        }
        if core.site.runs(.fanout) { fanOut = try FanOut(core.site) }
        let (crew, polls, directory) = (core.crew, core.polls, core.directory)
        directory.begin(address)
        tasks.append(
            group.next().scheduleRepeatedTask(
                initialDelay: .zero, delay: .seconds(ServiceDirectory.heartbeatSeconds)
            ) { _ in crew.refresh(directory) })
        tasks.append(
            group.next().scheduleRepeatedTask(initialDelay: .milliseconds(250), delay: .milliseconds(250)) { _ in
                polls.sweep()
            })
        tasks.append(
            group.next().scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                crew.countAccesses()
            })
    }

    /// Where it listens.
    package var address: ServeAddress { listeners.first?.address ?? core.site.options.address }

    /// Where it takes changes, if not there.
    package var writeAddress: ServeAddress? { listeners.count > 1 ? listeners[1].address : nil }

    /// Takes no further connections, ends what is under way, as far as that can be waited for, and closes everything.
    package func stop() {
        if core.site.isStopping { return }
        core.site.stop()
        for listener in listeners { listener.close() }
        core.polls.end("the server stops")
        for loop in loops { loop.eventLoop.execute { loop.value.drain() } }
        let end = MonotonicClock.nanoseconds + UInt64(max(0, core.site.options.drainMilliseconds)) * 1_000_000
        while MonotonicClock.nanoseconds < end, openConnections > 0 { _ = poll(nil, 0, 10) }
        for loop in loops { loop.eventLoop.execute { loop.value.abandon() } }
        for task in tasks { task.cancel() }
        fanOut?.join()
        core.hub.stop()
        core.crew.stop(core.directory)
        try? group.syncShutdownGracefully()
    }

    private var openConnections: Int {
        loops.reduce(0) { sum, loop in sum + ((try? loop.eventLoop.submit { loop.value.count }.wait()) ?? 0) }
    }

    /// As many open files as the system lets this process have: each connection is one.
    private static func raiseFileLimit() {
        var limit = rlimit()
        // Safety: the structure lives for both calls.
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Removes what servers that are no more have left behind.
    private static func clearSpool(_ folder: String) {
        let files = FileSystem()
        for name in (try? files.names(in: folder)) ?? [] {
            guard let process = name.split(separator: "-").first.flatMap({ pid_t($0) }) else { continue }
            if process == getpid() || kill(process, 0) != 0 { try? files.remove("\(folder)/\(name)") }
        }
    }
}
