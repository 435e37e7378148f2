// The built program as people meet it: called from bash, as a process of its own.

import Foundation

/// Runs lines of bash in which `social` is the program that was just built.
package enum Shell {
    /// What a line left behind.
    package struct Outcome {
        /// Its standard output.
        package var output: String
        /// Its standard error.
        package var errors: String
        /// Its exit status.
        package var status: Int32
    }

    /// The folder of the built program: it lies beside the tests.
    package static let folder: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().path
        let isThere = FileManager.default.isExecutableFile(atPath: "\(beside)/social")
        return isThere ? beside : Repository.path(".build/debug")
    }()

    /// Whether a program is on the path of the tests.
    package static func has(_ program: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    /// Runs a line of bash; the first failure of a pipe is its status.
    package static func run(
        _ line: String, in directory: String, environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-o", "pipefail", "-c", line]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        process.environment = ["PATH": "\(folder):\(path)", "TMPDIR": directory, "LC_ALL": "C.UTF-8"]
            .merging(environment) { $1 }
        let place = "\(directory)/.shell-\(UInt64.random(in: 0 ... .max))"
        let files = ["\(place)-out", "\(place)-err"]
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        var handles: [FileHandle] = []
        for file in files {
            _ = FileManager.default.createFile(atPath: file, contents: nil)
            handles.append(try FileHandle(forWritingTo: URL(fileURLWithPath: file)))
        }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handles[0]
        process.standardError = handles[1]
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self) }
        return Outcome(output: texts[0], errors: texts[1], status: process.terminationStatus)
    }
}
