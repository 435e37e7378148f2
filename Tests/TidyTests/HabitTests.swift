// Habits of the house that a machine can check.

import Testing

@Suite("Habits")
struct HabitTests {
    @Test("nothing is left to do, and nothing traps on purpose")
    func words() {
        // Put together, so that this file does not hold them.
        let everywhere = ["TO" + "DO", "FIX" + "ME"]
        let inSources = ["try" + "!", "fatal" + "Error", "as" + "! ", "precondition" + "Failure"]
        for file in SourceTree.code {
            for (index, line) in file.lines.enumerated() {
                for word in everywhere where line.has(word) {
                    Issue.record("\(file.path):\(index + 1) has \(word)")
                }
                guard file.path.hasPrefix("Sources/") else { continue }
                for word in inSources where line.has(word) {
                    Issue.record("\(file.path):\(index + 1) has \(word)")
                }
            }
        }
    }

    @Test("sources do not import Foundation")
    func foundation() {
        for file in SourceTree.sources {
            for (number, line) in file.code where line.has("import") && line.contains(/import (\w+ )?Foundation/) {
                Issue.record("\(file.path):\(number): \(line)")
            }
        }
    }

    @Test("every file says first what lives in it")
    func openings() {
        for file in SourceTree.code where !file.text.hasPrefix("// ") {
            Issue.record("\(file.path) does not begin with a comment")
        }
    }

    @Test("every declaration that leaves its module has a documentation comment")
    func documentation() {
        let attribute = /\s*@\w+(\([^)]*\))?\s*/
        for file in SourceTree.sources {
            let lines = file.lines
            for (index, line) in lines.enumerated() {
                guard line.has("package ") || line.has("public "),
                    line.contains(/^\s*(@\w+(\([^)]*\))? )*(package|public) (?!import|extension)/)
                else { continue }
                var above = index - 1
                while above >= 0, lines[above].wholeMatch(of: attribute) != nil { above -= 1 }
                let isDocumented = above >= 0 && lines[above].contains(/^\s*\/\/\//)
                if !isDocumented { Issue.record("\(file.path):\(index + 1): \(line)") }
            }
        }
    }

    @Test("no file names a place on somebody's machine")
    func machinePaths() {
        let folders = ["work", "root", "home", "Users"].map { "/\($0)/" }
        for file in SourceTree.all {
            for (index, line) in file.lines.enumerated() {
                for folder in folders where isPath(folder, in: line) {
                    Issue.record("\(file.path):\(index + 1): \(line)")
                }
            }
        }
    }

    /// Whether a folder at the root of a file system is named, not one of that name further down.
    private func isPath(_ folder: String, in line: Substring) -> Bool {
        line.has(folder)
            && line.ranges(of: folder).contains { range in
                guard range.lowerBound > line.startIndex else { return true }
                let before = line[line.index(before: range.lowerBound)]
                return !before.isLetter && !before.isNumber && !"._-}/)".contains(before)
            }
    }
}
