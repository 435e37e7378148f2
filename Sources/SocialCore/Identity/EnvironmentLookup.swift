// The variables of the environment, for the few places of the core that ask for one.

internal import Glibc

/// Looks up a variable of the environment.
package typealias EnvironmentLookup = @Sendable (String) -> String?

/// The environment of this process.
package enum ProcessEnvironment {
    /// Looks up a variable of this process.
    package static let lookup: EnvironmentLookup = { name in
        // Safety: getenv returns a NUL-terminated string, which is copied at once; nobody here changes the environment.
        getenv(name).map { String(cString: $0) }
    }
}
