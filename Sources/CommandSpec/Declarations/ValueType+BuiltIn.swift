// The notations that every command line needs. Numbers are checked for overflow; no notation reads two meanings
// into one word, and none needs a clock or the file system.

extension ValueType where Value == String {
    /// Any text, also empty.
    package static var text: ValueType<String> {
        ValueType(.text, placeholder: "TEXT", expecting: "text", format: { $0 }) { (word) throws(ValueError) in word }
    }

    /// A path of a file.
    package static var file: ValueType<String> { path(.file, "FILE", "a file name") }

    /// A path of a directory.
    package static var directory: ValueType<String> { path(.directory, "DIR", "a directory name") }

    /// One of the listed words.
    package static func choice(_ choices: [Choice], placeholder: String = "WORD") -> ValueType<String> {
        let names = choices.map(\.name)
        return ValueType(
            .choice(choices), placeholder: placeholder, expecting: oneOf(names), format: { $0 }
        ) { (word) throws(ValueError) in
            guard names.contains(word) else { throw misfit(word, among: names) }
            return word
        }
    }

    /// One of the listed words, which speak for themselves.
    package static func choice(_ names: String..., placeholder: String = "WORD") -> ValueType<String> {
        choice(names.map { Choice($0) }, placeholder: placeholder)
    }

    private static func path(_ kind: ValueKind, _ placeholder: String, _ expectation: String) -> ValueType<String> {
        ValueType(kind, placeholder: placeholder, expecting: expectation, format: { $0 }) { (word) throws(ValueError) in
            guard isPath(word) else { throw ValueError() }
            return word
        }
    }
}

extension ValueType where Value: CaseIterable & RawRepresentable<String> & Sendable {
    /// One of the cases of an enumeration, by raw value.
    package static func choice(of type: Value.Type, placeholder: String = "WORD") -> ValueType<Value> {
        let names = type.allCases.map(\.rawValue)
        return ValueType(
            .choice(names.map { Choice($0) }), placeholder: placeholder, expecting: oneOf(names), format: \.rawValue
        ) { (word) throws(ValueError) in
            guard let value = Value(rawValue: word) else { throw misfit(word, among: names) }
            return value
        }
    }
}

extension ValueType where Value: FixedWidthInteger & Sendable {
    /// A whole number in a range.
    package static func integer(
        in range: ClosedRange<Value> = Value.min...Value.max, placeholder: String = "N"
    ) -> ValueType<Value> {
        let minimum = range.lowerBound == Value.min && Value.isSigned ? nil : String(range.lowerBound)
        let maximum = range.upperBound == Value.max ? nil : String(range.upperBound)
        @Sendable func expectation() -> String {
            switch (minimum, maximum) {
            case (let low?, let high?): "a whole number from \(low) to \(high)"
            case (let low?, nil): "a whole number not below \(low)"
            case (nil, let high?): "a whole number not above \(high)"
            case (nil, nil): "a whole number"
            }
        }
        return ValueType(
            .integer(minimum: minimum, maximum: maximum), placeholder: placeholder, expecting: expectation(),
            format: { String($0) }
        ) { (word) throws(ValueError) in
            guard let value = Value(word), range.contains(value) else { throw ValueError() }
            return value
        }
    }
}

extension ValueType where Value == Double {
    /// A finite decimal number in a range.
    package static func number(
        in range: ClosedRange<Double>? = nil, placeholder: String = "X"
    ) -> ValueType<Double> {
        ValueType(
            .number, placeholder: placeholder,
            expecting: range.map { "a number from \($0.lowerBound) to \($0.upperBound)" } ?? "a number"
        ) { (word) throws(ValueError) in
            guard let value = Double(word), value.isFinite, range?.contains(value) ?? true else { throw ValueError() }
            return value
        }
    }
}

extension ValueType where Value == Int64 {
    /// A duration such as `250ms`, `20s`, `2m`, `24h` or `3d`, in milliseconds.
    package static var duration: ValueType<Int64> {
        ValueType(
            .duration, placeholder: "DURATION", expecting: "a duration such as 250ms, 20s, 2m, 24h or 3d",
            format: { write($0, in: durationUnits) }
        ) { (word) throws(ValueError) in
            try read(word, in: durationUnits)
        }
    }

    /// A size such as `512`, `64K`, `10M` or `2G`, in bytes; a unit is 1,024 times the one before.
    package static var size: ValueType<Int64> {
        ValueType(
            .size, placeholder: "SIZE", expecting: "a size such as 512, 64K, 10M or 2G",
            format: { write($0, in: sizeUnits) }
        ) { (word) throws(ValueError) in
            try read(word, in: sizeUnits)
        }
    }
}

extension ValueType where Value == FileOrDash {
    /// A path of a file, or `-` for the standard stream.
    package static var fileOrDash: ValueType<FileOrDash> {
        ValueType(
            .fileOrDash, placeholder: "FILE", expecting: "a file name or -", format: \.description
        ) { (word) throws(ValueError) in
            guard word != "-" else { return .dash }
            guard isPath(word) else { throw ValueError() }
            return .file(word)
        }
    }
}

extension ValueType where Value == KeyValue {
    /// A pair written `KEY=VALUE`; the key is not empty and ends at the first `=`.
    package static var keyValue: ValueType<KeyValue> {
        ValueType(
            .keyValue, placeholder: "KEY=VALUE", expecting: "a pair KEY=VALUE", format: \.description
        ) { (word) throws(ValueError) in
            guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")), equals > word.startIndex else {
                throw ValueError()
            }
            return KeyValue(key: String(word[..<equals]), value: String(word[word.utf8.index(after: equals)...]))
        }
    }
}

extension ValueType {
    /// A point in time; the client supplies the reading, since ages need its clock.
    package static func time(
        expecting expectation: String = "a time such as 2026-01-02, 2026-01-02T03:04:05Z or 24h",
        format: @escaping @Sendable (Value) -> String = { "\($0)" },
        parse: @escaping @Sendable (String) throws(ValueError) -> Value
    ) -> ValueType<Value> {
        ValueType(.time, placeholder: "TIME", expecting: expectation, format: format, parse: parse)
    }

    /// One or more values separated by commas, with no comma inside a value.
    package static func list<Element>(of element: ValueType<Element>) -> ValueType<Value> where Value == [Element] {
        ValueType(
            .list(element.kind), placeholder: element.placeholder + ",…",
            expecting: "\(element.expectation), or several separated by commas",
            format: { $0.map(element.format).joined(separator: ",") }
        ) { (word) throws(ValueError) in
            try readList(word, of: element)
        }
    }
}

/// A file, or the standard stream in its place.
package enum FileOrDash: Sendable, Hashable, CustomStringConvertible {
    /// `-`: standard input where a file is read, standard output where one is written.
    case dash
    /// A path.
    case file(String)

    /// The word as it was typed.
    package var description: String {
        switch self {
        case .dash: "-"
        case .file(let path): path
        }
    }
}

/// A pair typed as `KEY=VALUE`.
package struct KeyValue: Sendable, Hashable, CustomStringConvertible {
    /// What comes before the first `=`.
    package let key: String
    /// What comes after it; may be empty and may contain `=`.
    package let value: String

    /// The pair as it was typed.
    package var description: String { key + "=" + value }
}

/// The units of a notation, smallest first; the suffix may be empty.
private typealias Units = [(suffix: String, factor: Int64)]

private let durationUnits: Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
private let sizeUnits: Units = [("", 1), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40)]

/// Digits followed by one of the suffixes, nothing else.
private func read(_ word: String, in units: Units) throws(ValueError) -> Int64 {
    let digits = word.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let suffix = word[digits.endIndex...]
    guard !digits.isEmpty else { throw ValueError() }
    guard let unit = units.first(where: { $0.suffix == suffix }) else {
        let length = word.unicodeScalars.count
        let known = units.map(\.suffix).filter { !$0.isEmpty }.joined(separator: ", ")
        let detail = suffix.isEmpty ? "a unit is missing" : "units are \(known)"
        throw ValueError(detail, at: suffix.isEmpty ? nil : digits.count..<length)
    }
    guard let count = Int64(word[..<digits.endIndex]) else { throw ValueError("it is too large") }
    let (product, overflow) = count.multipliedReportingOverflow(by: unit.factor)
    guard !overflow else { throw ValueError("it is too large") }
    return product
}

/// The shortest exact notation: the largest unit that divides the amount.
private func write(_ amount: Int64, in units: Units) -> String {
    let unit = units.last { amount != 0 && amount.isMultiple(of: $0.factor) } ?? units[0]
    return "\(amount / unit.factor)\(unit.suffix)"
}

private func readList<Element>(_ word: String, of element: ValueType<Element>) throws(ValueError) -> [Element] {
    var values: [Element] = []
    var offset = 0
    for part in word.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false) {
        guard !part.isEmpty else { throw ValueError("a value is empty", at: offset..<offset + 1) }
        do {
            values.append(try element.parse(String(Substring(part))))
        } catch {
            let range = error.range.map { offset + $0.lowerBound..<offset + $0.upperBound }
            let before = word.unicodeScalars[..<part.startIndex]
            let after = word.unicodeScalars[part.endIndex...]
            let alternatives = error.alternatives.map { String(before) + $0 + String(after) }
            throw ValueError(error.detail, at: range ?? offset..<offset + part.count, alternatives: alternatives)
        }
        offset += part.count + 1
    }
    return values
}

/// A path can be opened only if it is not empty and no byte of it ends a C string.
private func isPath(_ word: String) -> Bool { !word.isEmpty && !word.utf8.contains(0) }

private func oneOf(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().dropFirst().reduce(names[0]) { $0 + ", " + $1 } + " or " + last
}

private func misfit(_ word: String, among names: [String]) -> ValueError {
    ValueError(alternatives: Suggestions.nearest(to: word, among: names))
}
