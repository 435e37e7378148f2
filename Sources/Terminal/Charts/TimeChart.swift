// Counts over time, to be drawn with characters (`text`) or as a picture (in the command line's own module). What all
// drawings share lives here: the data, its sums, and how many points become few columns.
//
//     let chart = TimeChart(
//         title: "ana/cat.jpg", unit: "views", interval: "hour", points: points,
//         names: .init(value: "people", secondary: "bots", previous: "the week before"))
//     output.write(chart.text(columns: 80, usesColor: true))
//
// The room: `Sparkline` is a line of eight heights; `TimeChart` columns over time; `TopChart` bars with shares, and
// `BarChart` plain ones; `ValueAxis` and `TimeAxis` place the marks, for characters and pixels alike.

/// Counts over time.
package struct TimeChart: Sendable {
    /// What was counted in an interval.
    package struct Point: Sendable {
        /// When the interval begins.
        package var time: ChartTime
        /// The count; nil when there is no data, which is not zero.
        package var value: Double?
        /// What is counted beside it and drawn on top, such as bots.
        package var secondary: Double
        /// The count of the same interval in a period before.
        package var previous: Double?

        /// Makes a point; a number that is negative or not finite is none.
        package init(_ time: ChartTime, _ value: Double?, secondary: Double = 0, previous: Double? = nil) {
            self.time = time
            self.value = Self.usable(value)
            self.secondary = Self.usable(secondary) ?? 0
            self.previous = Self.usable(previous)
        }

        private static func usable(_ value: Double?) -> Double? {
            value.flatMap { $0.isFinite && $0 >= 0 ? min($0, 1e300) : nil }
        }

        /// Both counts; nil when there is no data.
        package var whole: Double? { value.map { $0 + secondary } }
    }

    /// What the counts are called; nil for what the chart does not have.
    package struct Names: Sendable {
        /// What the counts are.
        package let value: String?
        /// What those on top of them are.
        package let secondary: String?
        /// Which period is compared with.
        package let previous: String?

        /// Names for the counts, those on top of them, and those of the period before.
        package init(value: String? = nil, secondary: String? = nil, previous: String? = nil) {
            self.value = value.map(DisplayText.sanitise)
            self.secondary = secondary.map(DisplayText.sanitise)
            self.previous = previous.map(DisplayText.sanitise)
        }
    }

    /// What several points become when there are more than columns.
    package enum Merging: Sendable {
        /// Their mean, whose unit is that of the points.
        case mean
        /// Their sum.
        case sum
        /// The largest.
        case largest

        fileprivate func callAsFunction(_ values: [Double]) -> Double? {
            if values.isEmpty { return nil }
            return switch self {
            case .mean: values.reduce(0) { $0 + $1 / Double(values.count) }
            case .sum: min(values.reduce(0, +), 1e300)
            case .largest: values.max()
            }
        }
    }

    /// What all points add up to.
    package enum Total: Sendable {
        /// The sum of their counts.
        case sum
        /// A number that the caller knows: unique viewers of days do not add up to those of a week.
        case known(Double)
        /// Nothing that could be told.
        case none
    }

    /// What stands above.
    package let title: String
    /// What stands below the title; may be empty.
    package let subtitle: String
    /// What is counted, in the plural: `views`.
    package let unit: String
    /// What a point is: `hour`.
    package let interval: String
    /// The counts, by ascending time.
    package let points: [Point]
    /// What they are called.
    package let names: Names
    /// Whether a second count is drawn on top of the first.
    package let isStacked: Bool
    /// Whether there is a period before to compare with.
    package let isCompared: Bool
    /// Whether there are intervals without data.
    package let hasGaps: Bool
    /// How exactly the times of points are named.
    package let precision: ChartTime.Precision
    let merging: Merging
    let total: Total

    /// Makes a chart; texts may be a stranger's.
    package init(
        title: String, subtitle: String = "", unit: String, interval: String, points: [Point], names: Names = Names(),
        merging: Merging = .mean, total: Total = .sum
    ) {
        self.title = DisplayText.sanitise(title)
        self.subtitle = DisplayText.sanitise(subtitle)
        self.unit = DisplayText.sanitise(unit)
        self.interval = DisplayText.sanitise(interval)
        self.points = points
        self.names = names
        self.merging = merging
        self.total = total
        isStacked = names.secondary != nil || points.contains { $0.secondary > 0 }
        isCompared = points.contains { $0.previous != nil }
        hasGaps = points.contains { $0.value == nil }
        precision = ChartTime.Precision(spacingMilliseconds: TimeAxis.spacing(points.map(\.time)))
    }
}

// MARK: - What drawings share

extension TimeChart {
    /// Neighbouring points that are drawn as one.
    package struct Column: Sendable {
        /// The points that it stands for.
        package let range: Range<Int>
        /// What is drawn.
        package let point: Point
        /// The largest count among them.
        package let most: Double?
    }

    /// A number worth telling, with its name.
    package struct Fact: Sendable {
        /// `total`, `peak` or `mean`.
        package let name: String
        /// The number, for people.
        package let text: String
        /// More about it, such as when the peak was; may be empty.
        package let detail: String
    }

    /// The points, drawn together where they are more than so many columns.
    ///
    /// Means and largest values use all the columns, and some of them stand for one point more than others; sums all
    /// stand for as many, except the last.
    package func columns(most: Int) -> [Column] {
        let (count, most) = (points.count, max(1, most))
        if count <= most {
            return points.enumerated().map { Column(range: $0..<$0 + 1, point: $1, most: $1.whole) }
        }
        let group = (count + most - 1) / most
        let ranges: [Range<Int>] =
            switch merging {
            case .sum: stride(from: 0, to: count, by: group).map { $0..<min($0 + group, count) }
            case .mean, .largest: (0..<most).map { $0 * count / most..<($0 + 1) * count / most }
            }
        return ranges.map { range in
            let part = points[range]
            let known = part.filter { $0.value != nil }
            let point = Point(
                part[range.lowerBound].time, merging(known.compactMap(\.value)),
                secondary: merging(known.map(\.secondary)) ?? 0, previous: merging(part.compactMap(\.previous)))
            return Column(range: range, point: point, most: known.compactMap(\.whole).max())
        }
    }

    /// What a column stands for, when it is not one point; nil when all are.
    package func note(_ columns: [Column]) -> String? {
        let sizes = columns.map(\.range.count)
        guard let least = sizes.min(), let most = sizes.max(), most > 1 else { return nil }
        let size = least == most || merging == .sum ? most.grouped : "\(least.grouped)–\(most.grouped)"
        let what =
            switch merging {
            case .mean: "the mean of"
            case .sum: "the sum of"
            case .largest: "the largest of"
            }
        return "a column is \(what) \(size) \(interval)s"
    }

    /// The axis that has room for all that is drawn.
    package func axis(_ columns: [Column], stepsMax: Int, showsMost: Bool = false) -> ValueAxis {
        let values = columns.flatMap { column in
            [column.point.whole, column.point.previous, showsMost ? column.most : nil].compactMap { $0 }
        }
        let isWhole = points.allSatisfy { ($0.whole ?? 0).isWhole && ($0.previous ?? 0).isWhole }
        return ValueAxis(reaching: values.max() ?? 0, stepsMax: stepsMax, isWhole: isWhole)
    }

    /// Total, peak and mean; nothing when there is no data.
    package var facts: [Fact] {
        let known = points.compactMap { point in point.whole.map { (point.time, $0) } }
        guard let first = known.first else { return [] }
        let peak = known.dropFirst().reduce(first) { $1.1 > $0.1 ? $1 : $0 }
        let mean = known.reduce(0) { $0 + $1.1 / Double(known.count) }
        var facts: [Fact] = []
        func add(_ name: String, _ value: Double, _ detail: String) {
            facts.append(Fact(name: name, text: ValueAxis.fullName(value), detail: detail))
        }
        switch total {
        case .sum: add("total", known.reduce(0) { $0 + $1.1 }, "")
        case .known(let value): add("total", value, "")
        case .none: break
        }
        add("peak", peak.1, peak.1 > 0 ? peak.0.name(precision) : "")
        facts.append(Fact(name: "mean", text: ValueAxis.name(mean), detail: ""))
        return facts
    }
}

extension Double {
    fileprivate var isWhole: Bool { self == rounded() }
}
