// Lists that are printed a piece at a time: the options that all of them share, and the walk that these ask for.
// Each item carries a cursor; `--after` goes on further down the list, `--before` back up, in list order either way.

internal import CommandSpec
internal import SocialCore

/// The paging of one verb.
struct Paging<Cursor: Sendable>: Sendable {
    /// In which order the cursors of the list stand.
    enum Order: Sendable {
        case ascending, descending
    }

    private let order: Order
    /// Whether a limit holds unless another is said: for lists of which people want the beginning.
    private let isRanked: Bool
    let after: Option<Cursor?>
    let before: Option<Cursor?>

    init(_ cursor: ValueType<Cursor>, _ order: Order, isRanked: Bool = false) {
        self.order = order
        self.isRanked = isRanked
        after = Option("after", cursor.named("CURSOR"), configurable: false, help: "Continue after this cursor")
        before = Option("before", cursor.named("CURSOR"), configurable: false, help: "Go back up before this cursor")
    }

    /// The options, to be declared among the verb's.
    var options: [any OptionDeclaring] {
        [after, before, isRanked ? CommonOptions.limit : CommonOptions.listLimit, CommonOptions.all]
    }

    /// The group of options that contradict each other.
    var group: ExclusiveGroup { ExclusiveGroup(CommonOptions.listLimit, CommonOptions.all) }

    /// How many items a line asks for at most.
    func limit(_ line: Invocation) -> Int { CommonOptions.limit(line, isRanked: isRanked) }

    /// The cursors between which the items lie that a line asks for.
    func cursors(_ line: Invocation) -> (after: Cursor?, before: Cursor?) { (line[after], line[before]) }

    /// Whether a line goes down the list, so that what a limit cuts off is its end.
    func goesDown(_ line: Invocation) -> Bool { line[before] == nil }

    /// Walks over the items that a line asks for, in the order of the list, some at a time.
    ///
    /// - Parameters:
    ///   - window: the places of the cursors.
    ///   - place: where something stands in the list.
    ///   - fetch: reads one piece of the list, in its order; less than the limit means that there is no more.
    ///   - select: the items that are to be shown of what was read, in the same order.
    ///   - visit: takes the items, and says whether to go on.
    func forEach<Row, Place, Item>(
        _ line: Invocation, in window: Page<Place>, at place: (Row) -> Place,
        fetch: (Page<Place>) throws -> [Row], select: ([Row]) throws -> [Item], _ visit: ([Item]) throws -> Bool
    ) throws {
        var left = limit(line)
        if window.takesEnd, left < .max {
            _ = try visit(try end(of: window, left, place, fetch, select))
            return
        }
        // The beginning of a list that goes up to a cursor: what is read too much is cut off below.
        var page = Page(
            after: window.after, before: window.takesEnd ? nil : window.before,
            // The first piece is small, so that something is seen at once.
            limit: min(left, Limits.firstPageRows))
        while left > 0 {
            var rows = try fetch(page)
            let isLast = rows.count < page.limit
            if let end = window.before { rows = Array(rows.prefix { precedes(place($0), end) }) }
            let items = try select(rows).prefix(left)
            guard try visit(Array(items)), !isLast, let last = rows.last else { return }
            left -= items.count
            let size = min(max(left, Limits.firstPageRows), Limits.pageRows)
            page = Page(after: place(last), before: window.before, limit: size)
        }
    }

    /// The last items of a window, read from its end upwards.
    private func end<Row, Place, Item>(
        of window: Page<Place>, _ limit: Int, _ place: (Row) -> Place, _ fetch: (Page<Place>) throws -> [Row],
        _ select: ([Row]) throws -> [Item]
    ) throws -> [Item] {
        var page = window
        var pieces: [[Item]] = []
        var left = limit
        page.limit = min(left, Limits.firstPageRows)
        while left > 0 {
            let rows = try fetch(page)
            let items = try select(rows).suffix(left)
            pieces.append(Array(items))
            guard rows.count == page.limit, let first = rows.first else { break }
            left -= items.count
            page = Page(before: place(first), limit: min(max(left, Limits.firstPageRows), Limits.pageRows))
        }
        return pieces.reversed().flatMap { $0 }
    }

    private func precedes<Place: Comparable>(_ one: Place, _ other: Place) -> Bool {
        order == .ascending ? one < other : one > other
    }
}

extension Paging where Cursor: Comparable {
    /// Walks over a list whose places are its cursors, and of which everything is shown.
    func forEach<Item>(
        _ line: Invocation, cursor: (Item) -> Cursor, fetch: (Page<Cursor>) throws -> [Item],
        _ visit: ([Item]) throws -> Bool
    ) throws {
        try forEach(line, in: window(line), at: cursor, fetch: fetch, select: { $0 }, visit)
    }

    /// The window that a line asks for.
    func window(_ line: Invocation) -> Page<Cursor> { Page(after: line[after], before: line[before]) }
}
