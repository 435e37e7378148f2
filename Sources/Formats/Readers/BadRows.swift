// What becomes of the rows of an import that cannot be used: they end it before anything is changed, or they are
// counted, kept for later and left out.

/// A `DataError` with the file in which it is.
package struct FileError: Error, CustomStringConvertible {
    /// The name of the file.
    package let file: String
    /// What is wrong in it.
    package let error: DataError

    /// Makes an error.
    package init(file: String, _ error: DataError) {
        self.file = file
        self.error = error
    }

    /// `FILE:LINE:COLUMN: MESSAGE`.
    package var description: String { "\(file):\(error)" }
}

/// The bad rows of one import.
package final class BadRows {
    /// What is done with them.
    package enum Policy: String, CaseIterable, Sendable {
        /// The first one ends the import, before anything is changed.
        case stop
        /// They are counted and left out.
        case skip
        /// The same, and each is reported.
        case report
    }

    /// What is done with them.
    package let policy: Policy
    /// How many there are.
    package private(set) var count = 0
    /// The file that is being read.
    package var file: String
    /// The line that must stand before the rows for them to be read again: the heading of a CSV file.
    package var heading: [UInt8]?
    /// The rows as they stand in the file, one after the other.
    package private(set) var rows: [UInt8] = []
    /// For each row, a JSON object that says where it stands and what is wrong with it.
    package private(set) var reasons: [UInt8] = []

    private let keepsRows: Bool
    private let report: (FileError) throws -> Void

    /// Collects bad rows.
    ///
    /// - Parameters:
    ///   - keepsRows: whether `rows` and `reasons` are wanted.
    ///   - report: is told of each under the policy `report`.
    package init(
        _ policy: Policy, file: String, keepsRows: Bool = false, report: @escaping (FileError) throws -> Void = { _ in }
    ) {
        self.policy = policy
        self.file = file
        self.keepsRows = keepsRows
        self.report = report
    }

    /// Throws the error, unless the rows behind it can be read and bad rows are left out.
    package func pass(_ error: DataError) throws {
        if policy == .stop || error.endsReading { throw FileError(file: file, error) }
    }

    /// Leaves a row out, or throws the error.
    package func take(_ error: DataError, _ row: @autoclosure () -> ArraySlice<UInt8>) throws {
        try pass(error)
        count += 1
        if policy == .report { try report(FileError(file: file, error)) }
        guard keepsRows else { return }
        if rows.isEmpty, let heading { rows += heading + [ASCII.newline] }
        rows += row()
        rows.append(ASCII.newline)
        reasons += Self.reason(FileError(file: file, error))
    }

    /// Names the file in an error that is thrown while it is read.
    package func naming<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DataError { throw FileError(file: file, error) }
    }

    /// A JSON object that says where a row stands and what is wrong with it, with a newline.
    package static func reason(_ fault: FileError) -> [UInt8] {
        var writer = JSONWriter()
        writer.value([
            "file": .string(fault.file), "line": .integer(Int64(fault.error.line)),
            "column": .integer(Int64(fault.error.column)), "code": .string(fault.error.code.rawValue),
            "message": .string(fault.error.message),
        ])
        writer.endLine()
        return writer.bytes
    }
}
