// A thread that writes. Small changes that come about the same time share a commit, and each is answered when that is
// durable; so a crowd of writers waits for the disk once, and nobody is told what a power cut could take back.

internal import SocialCLI
internal import SocialCore

/// What a thread that writes works with.
final class Writer: PoolWorker {
    typealias Reply = @Sendable (Answer) -> Void

    /// How long an answer may wait for others that come along.
    private static let gatheringNanoseconds: UInt64 = 2_000_000
    /// How many changes share a commit at most.
    private static let groupChanges = 1_024

    let site: Site
    let service: CommandService
    /// Answers to changes that are not durable yet.
    private var held: [(answer: Answer, reply: Reply)] = []
    /// How many the last group had: where people come one by one, nobody waits for another.
    private var lastGroup = 1

    init(_ site: Site) {
        self.site = site
        service = CommandService(site.options.directory, context: site.options.context, groups: true)
    }

    private(set) var deadlineNanoseconds: UInt64?
    private(set) var latestNanoseconds: UInt64?

    func rest() { settle() }

    func finish() {
        settle()
        try? service.finish()
    }

    /// The account of a token.
    func actor(ofToken text: String) throws -> Actor { try site.actors.actor(ofToken: text, in: service.network()) }

    /// The account of whoever asks.
    func required(_ request: Request) throws -> Actor { try site.actors.required(request, in: service.network()) }

    /// Runs a command, and answers when what it changed is durable.
    func answer(_ words: Words, input: [UInt8] = [], status: Status = .ok, _ reply: @escaping Reply) {
        let outcome = service.run(words.all, input: input, settling: { [self] in try settleThrowing() })
        hold(Answer(outcome, status: outcome.code == nil ? status : .ok), reply)
    }

    /// Answers when what was changed is durable.
    func hold(_ answer: Answer, _ reply: @escaping Reply) {
        guard service.isPending else { return reply(answer) }
        held.append((answer, reply))
        if held.count >= Writer.groupChanges { return settle() }
        if deadlineNanoseconds == nil {
            let now = MonotonicClock.nanoseconds
            latestNanoseconds = now + Writer.gatheringNanoseconds
            // What waits already is taken along in any case.
            deadlineNanoseconds = lastGroup > 1 ? latestNanoseconds : now
        } else if held.count >= lastGroup {
            // As many as came last time are here: who waits longer waits for nobody.
            deadlineNanoseconds = MonotonicClock.nanoseconds
        }
    }

    /// Makes what was changed durable, and says so.
    func settle() { try? settleThrowing() }

    private func settleThrowing() throws {
        deadlineNanoseconds = nil
        latestNanoseconds = nil
        let answers = held
        held = []
        guard service.isPending else {
            for (answer, reply) in answers { reply(answer) }
            return
        }
        do { try service.settle() } catch {
            // Each of them may be stored or not.
            let failure = Answer(CommandService.unknownOutcome(error))
            for (_, reply) in answers { reply(failure) }
            throw error
        }
        lastGroup = max(1, answers.count)
        site.metrics.commits.add()
        site.metrics.groupedWrites.add(answers.count)
        for (answer, reply) in answers { reply(answer) }
        service.publish()
    }
}
