// Errors that only the program can find, when the line itself is right: a field that there is not, an option that goes
// with others. They look like those of the parser.

extension Invocation {
    /// An error about the value of a parameter.
    ///
    /// - Parameters:
    ///   - part: the element of a list that is to blame; nil: the whole value.
    ///   - alternatives: what may have been meant instead of that part, best first.
    package func error(
        _ code: UsageError.Code, _ message: String, about parameter: any Parameter, part: String? = nil,
        hint: String? = nil, alternatives: [String] = []
    ) -> UsageError {
        let binding =
            switch parameter.reference {
            case .option(let long): options.bindings.entries.last { $0.name == long }
            case .operand(let name): operands.entries.last { $0.name == name }
            }
        let origin = binding?.origin ?? .default
        guard var place = binding?.place else {
            let prefix = origin == .default ? "" : "\(origin): "
            return UsageError(code, prefix + message, hint: hint, origin: origin)
        }
        let bytes = Array(words[place.word].utf8)
        if let part {
            let elements = bytes[place.bytes].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            if let range = elements.last(where: { $0.elementsEqual(part.utf8) })?.indices {
                place = Place(word: place.word, bytes: range)
            }
        }
        let suggestions = alternatives.map { alternative in
            let word = bytes[..<place.bytes.lowerBound] + alternative.utf8 + bytes[place.bytes.upperBound...]
            return words.replacing(place.word, with: String(decoding: word, as: UTF8.self))
        }
        return UsageError(
            code, message, hint: hint, origin: origin, excerpt: Excerpt(program: program, words: words, place: place),
            suggestions: suggestions)
    }

    /// An error about something that the line lacks.
    package func missing(_ message: String, hint: String? = nil) -> UsageError {
        let end = Excerpt(source: .line(program: program, words: words), word: words.count, range: 0..<1)
        return UsageError(.missingOperand, message, hint: hint, excerpt: end)
    }

    /// A field that the objects of the command do not have.
    package func unknownField(_ field: String, in fields: Option<[String]?>) -> UsageError {
        let known = command.fields.map(\.name)
        return error(
            .unknownField,
            "\"\(command.name)\" has no field \(quoted(field)); there are \(known.joined(separator: ", "))",
            about: fields, part: field, alternatives: Suggestions.nearest(to: field, among: known))
    }
}
