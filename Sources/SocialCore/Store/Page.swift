// A piece of a list that is in the order of a key, cut by cursors in either direction.

/// The window strictly between two keys, and how much of it to take.
package struct Page<Key: Comparable & Sendable>: Sendable {
    /// The key before the window; nil: the list's beginning.
    package var after: Key?
    /// The key behind the window; nil: the list's end.
    package var before: Key?
    /// How many items at most.
    package var limit: Int

    /// A piece of a list; the defaults are all of it.
    package init(after: Key? = nil, before: Key? = nil, limit: Int = .max) {
        self.after = after
        self.before = before
        self.limit = limit
    }

    /// Whether the items nearest to the window's end are taken: someone pages back up.
    package var takesEnd: Bool { after == nil && before != nil }

    /// The items of this piece, from a list in order that may hold more.
    package func cut<Item>(_ items: [Item]) -> [Item] {
        Array(takesEnd ? items.suffix(limit) : items.prefix(limit))
    }

    /// The items of this piece, from those of several sources.
    package func merge<Item>(_ pages: [[Item]], key: (Item) -> Key) -> [Item] {
        if pages.count == 1 { return pages[0] }
        return cut(pages.joined().sorted { key($0) < key($1) })
    }
}
