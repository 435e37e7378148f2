// What `serve` was asked to do, as the server wants to know it. The server itself is a module of its own, of which the
// command line knows nothing but a hook.

package import SocialCore

/// A place at which a server listens.
package struct ServeAddress: Equatable, Sendable, CustomStringConvertible {
    /// A name or an address of this machine.
    package var host: String
    /// The port; 0 is any that is free.
    package var port: Int

    /// A place at which a server listens.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// An address as it is written: `HOST:PORT`, or `[HOST]:PORT` where the host has colons; nil when it is none.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        if host.isEmpty { return nil }
        self.init(host: String(host), port: Int(port))
    }

    /// The address as it is written.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What a server does.
package struct ServeOptions: Sendable {
    /// The data directory.
    package var directory: String
    /// The clock, chance and patience.
    package var context: Context
    /// Where it listens.
    package var address = ServeAddress(host: "127.0.0.1", port: 8_080)
    /// Where it takes changes and uploads, if not there.
    package var writeAddress: ServeAddress?
    /// The services that it runs; nil for all.
    package var services: Set<ServeService>?
    /// Threads that read.
    package var readers = 2
    /// Threads that write.
    package var writers = 1
    /// Connections that each listener takes.
    package var connections = 20_000
    /// Bytes of an upload.
    package var bodyBytes = 64 << 20
    /// Requests a second that a token or an address may make; nil for any number.
    package var rate: Int?
    /// How long what is under way may take when the server stops, in milliseconds.
    package var drainMilliseconds: Int64 = 10_000
    /// How long the head of a request may take to arrive, in milliseconds.
    package var headMilliseconds: Int64 = 10_000
    /// How long a connection may do nothing, in milliseconds.
    package var idleMilliseconds: Int64 = 75_000
    /// Bytes a second that an upload has to bring.
    package var uploadRate = 1_024
    /// How long it serves, in milliseconds; nil: until a signal comes.
    package var milliseconds: Int64?
    /// Whether what is shown is counted for analytics.
    package var counts = true

    /// A server with the usual limits.
    package init(directory: String, context: Context) {
        self.directory = directory
        self.context = context
    }
}

/// A part of the network that a server can run, by itself or beside others.
package enum ServeService: String, CaseIterable, Sendable {
    case timeline, fanout, graph, posts, users, search, upload, notifications
}
