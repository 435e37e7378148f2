// What a verification says of one thing that is not as it should be.

/// Something that is not as it should be.
package struct Finding: Equatable, Sendable {
    /// How bad it is.
    package enum Severity: String, Sendable {
        /// Truth or records are lost or altered.
        case damage
        /// A view or a copy is wrong; it can be made again.
        case stale
        /// Others may read or write what is not theirs.
        case exposed
        /// Nothing is wrong; somebody should know all the same.
        case notice
    }

    /// A stable name for scripts.
    package var code: String
    /// How bad it is.
    package var severity: Severity
    /// Where it is.
    package var place: String
    /// What was found.
    package var message: String
    /// The arguments of the command that repairs it; nil when a backup is needed.
    package var repair: [String]?
    /// Whether it was repaired since.
    package var isRepaired = false

    /// Whether somebody has to do something.
    package var isOpen: Bool { severity != .notice && !isRepaired }

    /// The command that repairs whatever can be repaired.
    package static let recovery = ["verify", "--repair"]
}

extension Finding {
    /// What was found out about a film.
    package init(_ problem: FilmProblem, of film: String) {
        self.init(
            code: problem.code.rawValue, severity: .damage, place: "\(film)/\(problem.place)", message: problem.message)
    }
}
