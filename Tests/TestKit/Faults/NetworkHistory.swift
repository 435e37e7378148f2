// A network that lives through random commands on a recorded disk, remembering what it had acknowledged when.

package import SocialCore

/// A recorded life of a data directory.
package final class NetworkHistory {
    /// The data directory.
    package let directory: String
    /// What it is made like.
    package let plan: Network.Plan
    /// The commands in order; the first step is `init`, which is none.
    package private(set) var commands: [NetworkCommand?] = [nil]
    /// The truth after each step; of the step before a cut everything must be there.
    package private(set) var truths: [Truth] = []
    /// The truths through which each step went: before it, after each of its commits, and after it.
    package private(set) var stages: [[Truth]] = []
    /// All that was done to the disk.
    package let record = DiskRecord()
    private let chance: Chance
    private var milliseconds: Int64 = 1_780_000_000_000

    /// A life that has not begun.
    package init(directory: String, plan: Network.Plan, _ chance: Chance) {
        self.directory = directory
        self.plan = plan
        self.chance = chance
    }

    /// The surroundings of a command at the present time of the history.
    ///
    /// - Parameter boot: tells the boots of the pretended machine apart.
    package func context(boot: UInt64 = 1, tap: (any FileTap)? = nil) -> Context {
        Context(
            clock: .fixed(Timestamp(milliseconds: milliseconds)), random: chance.source, lockWaitMilliseconds: 0,
            boot: .fixed(boot), fileTap: tap)
    }

    /// Makes the directory and runs a number of commands.
    package func live(_ count: Int) throws {
        let recorder = StageRecorder(directory: directory, context: context(), next: record)
        // Replicas lie beside the directory.
        try RecordingVFS.watching(FileSystem.parent(of: directory), record) {
            try Network.create(directory, plan, context: context(tap: record))
            var network = try Network(opening: directory, context: context(tap: recorder))
            truths.append(try Truth(of: network))
            stages.append(truths)
            record.acknowledge(0)
            for step in 1...max(1, count) {
                milliseconds += Int64(chance.percent(5) ? 3_600_000 : chance.below(2_000))
                let command = NetworkCommand.random(chance, in: truths[step - 1])
                commands.append(command)
                // Most commands are a process of their own.
                if chance.percent(60) { network = try Network(opening: directory, context: context(tap: recorder)) }
                try command.run(on: network)
                if chance.percent(85) { try network.publish() }
                truths.append(try Truth(of: network))
                stages.append([truths[step - 1]] + recorder.take() + [truths[step]])
                record.acknowledge(step)
            }
        }
    }
}
