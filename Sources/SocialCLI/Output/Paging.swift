// Lists that are printed a piece at a time: the options that all of them share, and the walk that these ask for.
// Each item carries a cursor; `--after` goes on further down the list, `--before` back up, in list order either way.

internal import CommandSpec
internal import SocialCore

/// The paging of one verb.
struct Paging<Cursor: Comparable & Sendable>: Sendable {
    /// In which order the cursors of the list stand.
    enum Order: Sendable {
        case ascending, descending
    }

    private let order: Order
    /// Whether a limit holds unless another is said: for lists of which people want the beginning.
    private let isRanked: Bool
    private let after: Option<Cursor?>
    private let before: Option<Cursor?>

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
    func limit(_ line: Invocation) -> Int {
        if line.isOn(CommonOptions.all) { return .max }
        return isRanked ? line[CommonOptions.limit] : line[CommonOptions.listLimit] ?? .max
    }

    /// Whether a line goes down the list, so that what a limit cuts off is its end.
    func goesDown(_ line: Invocation) -> Bool { line[before] == nil }

    /// Walks over the items that a line asks for, in the order of the list, some at a time.
    ///
    /// - Parameters:
    ///   - cursor: the cursor of an item.
    ///   - fetch: reads one piece of the list, in its order; fewer items than the limit mean that there are no more.
    ///   - visit: takes the items, and says whether to go on.
    func forEach<Item>(
        _ line: Invocation, cursor: (Item) -> Cursor, fetch: (Page<Cursor>) throws -> [Item],
        _ visit: ([Item]) throws -> Bool
    ) throws {
        var window = Page(after: line[after], before: line[before])
        let limit = limit(line)
        if window.takesEnd, limit < .max {
            _ = try visit(try end(of: window, limit, cursor, fetch))
            return
        }
        let end = window.before
        // The beginning of a list that goes up to a cursor: what is read too much is cut off here.
        if window.takesEnd { window.before = nil }
        var left = limit
        // The first piece is small, so that something is seen at once.
        window.limit = min(left, Limits.firstPageRows)
        while window.limit > 0 {
            var items = try fetch(window)
            let isLast = items.count < window.limit
            if let end { items = Array(items.prefix { precedes(cursor($0), end) }) }
            guard try visit(items), !isLast, let last = items.last else { return }
            left -= items.count
            window = Page(after: cursor(last), before: end, limit: min(left, Limits.pageRows))
        }
    }

    /// The last items of a window, read from its end upwards.
    private func end<Item>(
        of window: Page<Cursor>, _ limit: Int, _ cursor: (Item) -> Cursor, _ fetch: (Page<Cursor>) throws -> [Item]
    ) throws -> [Item] {
        var window = window
        var pieces: [[Item]] = []
        var left = limit
        while left > 0 {
            window.limit = min(left, Limits.pageRows)
            let items = try fetch(window)
            pieces.append(items)
            guard items.count == window.limit, let first = items.first else { break }
            left -= items.count
            window.before = cursor(first)
        }
        return pieces.reversed().flatMap { $0 }
    }

    private func precedes(_ one: Cursor, _ other: Cursor) -> Bool {
        order == .ascending ? one < other : one > other
    }
}
