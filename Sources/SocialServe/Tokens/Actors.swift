// Who acts: the account of a token. The server remembers for a moment which tokens it has looked up, so that a request
// costs no look into the store; a token that was revoked is refused everywhere within two seconds.

internal import SocialCore
internal import Synchronization

/// An account that acts.
struct Actor: Sendable {
    let id: UserID
    /// The handle, as commands take it.
    let handle: String
}

/// The accounts behind the tokens of requests.
final class Actors: Sendable {
    private struct Known {
        var actor: Actor
        var untilNanoseconds: UInt64
    }

    private static let rememberedNanoseconds: UInt64 = 2_000_000_000
    private static let capacity = 65_536

    private let known = Mutex<[String: Known]>([:])

    /// The account of whoever asks; nil for nobody.
    ///
    /// - Throws: `unauthorized` for a token that does not count.
    func actor(of request: Request, in network: Network) throws -> Actor? {
        guard let (text, _) = request.token else { return nil }
        return try actor(ofToken: text, in: network)
    }

    /// The account of a token.
    ///
    /// - Throws: `unauthorized` when it does not count.
    func actor(ofToken text: String, in network: Network) throws -> Actor {
        let now = MonotonicClock.nanoseconds
        if let known = known.withLock({ $0[text] }), known.untilNanoseconds > now { return known.actor }
        guard let token = AccessToken(text), try network.tokens.knows(token),
            let account = try network.accounts.records(of: [token.account]).first ?? nil
        else {
            known.withLock { $0[text] = nil }
            throw ServeError(.unauthorized, "the token does not count", hint: "make one with \"social user token\"")
        }
        let actor = Actor(id: account.id, handle: account.handle.display)
        known.withLock { known in
            if known.count >= Actors.capacity { known = [:] }
            known[text] = Known(actor: actor, untilNanoseconds: now + Actors.rememberedNanoseconds)
        }
        return actor
    }

    /// The account of whoever asks.
    ///
    /// - Throws: `unauthorized` for nobody.
    func required(_ request: Request, in network: Network) throws -> Actor {
        if let actor = try actor(of: request, in: network) { return actor }
        throw ServeError(
            .unauthorized, "this needs a token",
            hint: "make one with \"social user token HANDLE\" and send it as Bearer")
    }
}
