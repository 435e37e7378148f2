// A network with a server before it, and the same commands beside it that people would run.

import Formats
import Foundation
import SocialCLI
import SocialCore
import TestKit

@testable import SocialServe

/// A world of commands whose directory is served.
final class ServedWorld {
    let world: CommandWorld
    let server: Server
    private var hasStopped = false

    /// Makes a directory with the accounts ana and bob, who follow each other, and a post of each, and serves it.
    init(_ change: (inout ServeOptions) -> Void = { _ in }) throws {
        world = try CommandWorld()
        world.prepare()
        var options = ServeOptions(directory: world.path(".social"), context: Context(lockWaitMilliseconds: 5_000))
        options.address = ServeAddress(host: "127.0.0.1", port: 0)
        options.readers = 2
        options.drainMilliseconds = 2_000
        change(&options)
        server = try Server(options)
    }

    deinit { stop() }

    func stop() {
        if !hasStopped { server.stop() }
        hasStopped = true
    }

    /// A connection.
    func wire(waitSeconds: Int = 10) throws -> Wire { try Wire(port: server.address.port, waitSeconds: waitSeconds) }

    /// Makes one request on a connection of its own.
    func ask(
        _ method: String, _ path: String, token: String? = nil, fields: [String] = [], body: String? = nil
    ) throws -> Wire.Response {
        let wire = try wire()
        try wire.send(method, path, token: token, fields: fields, body: body.map { Array($0.utf8) })
        return try wire.response(isHead: method == "HEAD")
    }

    /// Asks for something.
    func get(_ path: String, token: String? = nil, fields: [String] = []) throws -> Wire.Response {
        try ask("GET", path, token: token, fields: fields)
    }

    /// A token of an account.
    func token(_ handle: String, name: String = "test") throws -> String {
        // The world's chance is seeded by the count of its commands, so names and tokens differ.
        let outcome = world.run(["user", "token", handle, "--name", name, "--json"])
        return try JSONReader.parse(outcome.output)["token"]?.string ?? ""
    }

    /// What a command prints under `--json`.
    func command(_ words: String...) -> String { world.run(words + ["--json"]).text }

    /// The id of the newest post.
    func newest() -> String { world.run("post list --limit 1 --format ids").text.trimmingCharacters(in: .newlines) }
}

/// Waits until something is so, for a moment at most.
func eventually(_ isSo: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<500 {
        if try isSo() { return true }
        usleep(10_000)
    }
    return false
}
