// Clocks that are wrong, or that jump while a command runs: libfaketime between the program and the system.

internal import SocialCore

/// What a process with a wrong clock has in its environment.
package enum WrongClock {
    private static let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"

    /// Whether clocks can be wrong here.
    package static let isPossible = FileSystem().exists(library) && FileSystem().exists(Program.path)

    /// The library: only the time of day is wrong, as on a real machine.
    ///
    /// A name for memory that it shares is given: it would otherwise change the environment, which hides the arguments
    /// from Swift.
    private static let common = [
        "LD_PRELOAD=\(library)", "FAKETIME_SHARED=none none", "FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1",
    ]

    /// A clock that is ahead by so many seconds, or behind.
    package static func ahead(_ seconds: Int) -> [String] {
        common + ["FAKETIME=\(seconds < 0 ? "" : "+")\(seconds)s"]
    }

    /// A clock that is ahead by as much as a file says when it is looked at.
    package static func following(_ file: String) -> [String] {
        common + ["FAKETIME_TIMESTAMP_FILE=\(file)", "FAKETIME_NO_CACHE=1"]
    }

    /// Makes the clocks that follow a file jump.
    package static func jump(_ file: String, to seconds: Int) throws {
        // In one write: who looks in between sees the one or the other.
        try Folder.write("\(file).new", Array("\(seconds < 0 ? "" : "+")\(seconds)s\n".utf8))
        try FileSystem().rename("\(file).new", to: file)
    }
}
