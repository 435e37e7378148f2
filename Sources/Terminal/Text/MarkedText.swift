// A text of which parts stand out: what was found in it. It is cut so that the first such part stays in sight, because
// that is what somebody who searches looks for.

/// A text with marked parts, safe to show.
package struct MarkedText: Sendable {
    /// The characters, as they are shown.
    private struct Piece: Sendable {
        var text: String
        let isMarked: Bool
    }

    private var pieces: [Piece] = []
    /// The cells that it takes.
    private(set) var width = 0

    /// A text without marks.
    package init(_ text: String) { add(DisplayText.sanitise(text), isMarked: false) }

    /// A text with some parts marked.
    ///
    /// - Parameter marks: the parts, in Unicode scalars, ascending; a character of which a part is marked is marked.
    package init(_ text: String, marks: [Range<Int>]) {
        if marks.isEmpty {
            add(DisplayText.sanitise(text), isMarked: false)
            return
        }
        var rest = marks[...]
        var offset = 0
        var piece = ""
        var isMarked = false
        for character in text {
            let end = offset + character.unicodeScalars.count
            while let first = rest.first, first.upperBound <= offset { rest.removeFirst() }
            let isInside = rest.first.map { $0.lowerBound < end && !$0.isEmpty } ?? false
            if isInside != isMarked {
                add(DisplayText.sanitise(piece), isMarked: isMarked)
                piece = ""
                isMarked = isInside
            }
            piece.append(character)
            offset = end
        }
        add(DisplayText.sanitise(piece), isMarked: isMarked)
    }

    private init() {}

    private mutating func add(_ text: String, isMarked: Bool) {
        if text.isEmpty { return }
        width += text.cellWidth
        if let last = pieces.indices.last, pieces[last].isMarked == isMarked {
            pieces[last].text += text
        } else {
            pieces.append(Piece(text: text, isMarked: isMarked))
        }
    }

    /// The text, its marked parts in a style; nil for plain.
    func shown(_ style: Style?) -> String {
        pieces.reduce(into: "") { result, piece in
            result += piece.isMarked ? style?.apply(piece.text, isEnabled: true) ?? piece.text : piece.text
        }
    }

    /// The text, cut to at most so many cells, with `…` for what is missing; the first mark stays in sight.
    func truncated(toCells cells: Int) -> MarkedText {
        if width <= cells { return self }
        guard let first = pieces.firstIndex(where: \.isMarked) else {
            return MarkedText(pieces.reduce("") { $0 + $1.text }.truncated(toCells: cells))
        }
        let before = pieces[..<first].reduce("") { $0 + $1.text }
        let behind = width - before.cellWidth
        let isNear = before.cellWidth + min(pieces[first].text.cellWidth, cells / 2) < cells
        var result = MarkedText()
        // What leads to the mark gets a third of the room, or what is left of it.
        result.add(isNear ? before : before.suffix(ofCells: max(cells / 3, cells - behind)), isMarked: false)
        if result.width + behind <= cells {
            for piece in pieces[first...] { result.add(piece.text, isMarked: piece.isMarked) }
            return result
        }
        for piece in pieces[first...] {
            let kept = piece.text.prefix(ofCells: cells - 1 - result.width)
            result.add(kept, isMarked: piece.isMarked)
            if kept.utf8.count < piece.text.utf8.count { break }
        }
        result.add("…", isMarked: false)
        return result
    }
}

extension String {
    /// The beginning of the text, of at most so many cells.
    fileprivate func prefix(ofCells cells: Int) -> String {
        var used = 0
        return String(
            prefix { character in
                used += character.cellWidth
                return used <= cells
            })
    }

    /// The end of the text, of at most so many cells, with `…` for what is missing.
    fileprivate func suffix(ofCells cells: Int) -> String {
        guard cellWidth > cells else { return self }
        var used = 1
        let kept = reversed().prefix { character in
            used += character.cellWidth
            return used <= cells
        }
        return "…" + String(kept.reversed())
    }
}
