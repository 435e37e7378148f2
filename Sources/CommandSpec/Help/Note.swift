// What there is to say of an option or an operand beside its line of help: choices, default, variable. Help shows it
// in brackets, man pages as sentences.

/// A remark about a parameter: `default: 20`.
struct Note {
    /// What the value is, as help shows it.
    let label: String
    let value: String?
    /// What the value is, spelled out.
    let name: String
    /// Whether the value is a list, which may be broken over lines.
    var isList = false

    init(_ label: String, _ value: String? = nil, name: String? = nil) {
        self.label = label
        self.value = value
        self.name = name ?? label
    }
}

extension ValueKind {
    /// The words that may be written.
    var notes: [Note] {
        guard !choices.isEmpty else { return [] }
        var note = Note("choices", choices.map(\.name).joined(separator: ", "))
        note.isList = true
        return [note]
    }
}

extension OptionDeclaration {
    /// Everything beside the line of help.
    var notes: [Note] {
        var notes = kind?.notes ?? []
        if isRepeatable || isCounting { notes.append(Note("may be repeated")) }
        if let bareText { notes.append(Note("without a value", bareText)) }
        if let defaultText { notes.append(Note("default", defaultText.isEmpty ? "empty" : defaultText)) }
        if let environment { notes.append(Note("env", environment, name: "environment")) }
        return notes
    }
}
