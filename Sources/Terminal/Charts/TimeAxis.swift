// The marks of an axis of time. They stand where a day, a week, a month begins, not at every so many points, and their
// names never touch: the finest division that has room is taken. Below stands, where it changes, what the names leave
// out. Cells of a terminal and pixels of a drawing are the same to it.

/// The marks of an axis of time.
package struct TimeAxis: Sendable {
    /// A name below the axis.
    package struct Mark: Sendable, Equatable {
        /// The point at which the mark stands.
        package let index: Int
        /// The name.
        package let name: String
        /// Where the name begins.
        package let start: Double
    }

    /// The names of the points that are marked.
    package private(set) var marks: [Mark] = []
    /// What these leave out, at the first mark of each day, month or year.
    package private(set) var contexts: [Mark] = []

    /// Where names may stand, and how long they are.
    package struct Room {
        let range: ClosedRange<Double>
        let gap: Double
        let width: (String) -> Double

        /// Where names may stand, how far they are from each other at least, and how long a name is.
        package init(_ range: ClosedRange<Double>, gap: Double, width: @escaping (String) -> Double) {
            (self.range, self.gap, self.width) = (range, gap, width)
        }
    }

    /// Chooses marks.
    ///
    /// - Parameters:
    ///   - times: the points, ascending.
    ///   - places: where they are drawn, in the unit of the room; their middles.
    ///   - room: where names may stand.
    /// - Complexity: O(points).
    package init(_ times: [ChartTime], places: [Double], room: Room) {
        guard let first = times.first, times.count == places.count else { return }
        let spacing = Self.spacing(times)
        for rule in TimeRule.all where rule.milliseconds >= spacing {
            let indices = rule.indices(times, spacing: spacing, countMax: Int(room.range.length / (1 + room.gap)) + 1)
            guard let indices, !indices.isEmpty else { continue }
            guard let marks = Self.layout(indices.map { ($0, rule.name(times[$0])) }, places, room) else { continue }
            self.marks = marks
            contexts = Self.contexts(rule, marks, times, places, room)
            return
        }
        // Nothing begins within so short a time: the ends are named.
        let rule = TimeRule.ends(ChartTime.Precision(spacingMilliseconds: spacing))
        let ends = times.count > 1 ? [0, times.count - 1] : [0]
        let names = ends.map { ($0, rule.name(times[$0])) }
        marks = Self.layout(names, places, room) ?? Self.layout([(0, rule.name(first))], places, room) ?? []
        contexts = Self.contexts(rule, marks, times, places, room)
    }

    /// The shortest time from one point to the next; that of a single point is known by how round it is.
    static func spacing(_ times: [ChartTime]) -> Int64 {
        let gaps = zip(times, times.dropFirst()).map { one, next in
            let (gap, isTooLarge) = next.milliseconds.subtractingReportingOverflow(one.milliseconds)
            return isTooLarge ? .max : gap
        }
        if let least = gaps.filter({ $0 > 0 }).min() { return least }
        return times.first.map { $0.hour == 0 && $0.minute == 0 ? 86_400_000 : 60_000 } ?? 0
    }

    /// The names, each in the middle below its place as far as it has room; nil when two would touch.
    private static func layout(_ names: [(index: Int, name: String)], _ places: [Double], _ room: Room) -> [Mark]? {
        var marks: [Mark] = []
        var end = -Double.infinity
        for (index, name) in names {
            let width = room.width(name)
            let start = room.start(width: width, middle: places[index])
            guard width <= room.range.length, start >= end + room.gap else { return nil }
            marks.append(Mark(index: index, name: name, start: start))
            end = start + width
        }
        return marks
    }

    /// What the names leave out, where it changes; the first gives way to the second if they would touch.
    private static func contexts(
        _ rule: TimeRule, _ marks: [Mark], _ times: [ChartTime], _ places: [Double], _ room: Room
    ) -> [Mark] {
        var contexts: [Mark] = []
        var end = -Double.infinity
        var last: String?
        for mark in marks {
            let time = times[mark.index]
            guard let context = rule.context(time), context != last else { continue }
            last = context
            let isFirst = contexts.isEmpty || times[contexts[contexts.count - 1].index].year != time.year
            let name = rule.fullContext(time, isFirst: isFirst)
            let width = room.width(name)
            // It begins where the name above begins.
            let start = max(room.range.lowerBound, min(mark.start, room.range.upperBound - width))
            guard width <= room.range.length else { continue }
            if start < end + room.gap {
                guard contexts.count == 1, start == mark.start else { continue }
                let full = rule.fullContext(time, isFirst: true)
                guard start + room.width(full) <= room.range.upperBound else { continue }
                contexts = [Mark(index: mark.index, name: full, start: start)]
                end = start + room.width(full)
                continue
            }
            contexts.append(Mark(index: mark.index, name: name, start: start))
            end = start + width
        }
        return contexts
    }
}

extension TimeAxis.Room {
    /// Where a name begins that stands in the middle below a place, or as near to it as there is room.
    fileprivate func start(width: Double, middle: Double) -> Double {
        max(min(middle - width / 2, range.upperBound - width), range.lowerBound)
    }
}

extension ClosedRange<Double> {
    fileprivate var length: Double { upperBound - lowerBound }
}
