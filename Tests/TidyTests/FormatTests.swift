// The house configuration of `swift format` holds for every file.

import Foundation
import Testing

@Suite("Formatting")
struct FormatTests {
    @Test("swift format finds nothing to change and nothing to say")
    func lint() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["swift", "format", "lint", "--strict", "--parallel", "--configuration", ".swift-format", "--recursive"]
            + ["Sources", "Tests", "Package.swift"]
        process.currentDirectoryURL = URL(fileURLWithPath: SourceTree.root)
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let report = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(report)")
    }

    @Test("no line is longer than 120 characters")
    func lineLength() {
        for file in SourceTree.code {
            for (index, line) in file.lines.enumerated() where line.utf8.count > 120 && line.count > 120 {
                Issue.record("\(file.path):\(index + 1) has \(line.count) characters")
            }
        }
    }

    @Test("no file is longer than 450 lines")
    func fileLength() {
        for file in SourceTree.code where file.lines.count > 450 {
            Issue.record("\(file.path) has \(file.lines.count) lines")
        }
    }
}
