// The marks of an axis of values, at round numbers, and the names of numbers in charts.

/// An axis from zero to a round number, with marks in steps of 1, 2 or 5 times a power of ten.
package struct ValueAxis: Sendable {
    /// From one mark to the next.
    package let step: Double
    /// The steps from zero to the top; at least one.
    package let steps: Int

    /// The value at the upper end.
    package var top: Double { step * Double(steps) }
    /// The values of the marks, from zero.
    package var marks: [Double] { (0...steps).map { Double($0) * step } }

    /// An axis that reaches a value, or beyond.
    ///
    /// - Parameters:
    ///   - value: the largest value; what is not finite or not positive counts as nothing.
    ///   - stepsMax: the most steps that there may be.
    ///   - isWhole: whether marks may only stand at whole numbers.
    package init(reaching value: Double, stepsMax: Int, isWhole: Bool) {
        guard value.isFinite, value > 0 else {
            (step, steps) = (1, 1)
            return
        }
        let steps = Double(max(1, stepsMax))
        let least = min(max(value, 1e-9), 1e300) / steps
        var power = 1.0
        while power * 10 <= least { power *= 10 }
        while power > least { power /= 10 }
        // Powers of ten are not exact in binary: a hair's breadth decides nothing.
        let fit = [1.0, 2, 5, 10].map { $0 * power }.first { $0 * (1 + 1e-9) >= least } ?? 10 * power
        step = isWhole ? max(1, fit) : fit
        self.steps = max(1, Int((min(value, 1e300) / step * (1 - 1e-9)).rounded(.up)))
    }

    /// A number as a chart names it: `1,204`, `0.25`, from a million on `1.5M`.
    package static func name(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let sign = value < 0 ? "-" : ""
        let size = abs(value)
        if size >= 1e18 { return "\(value)" }
        for (unit, factor) in [("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6)] where size >= factor {
            return sign + digits(size / factor, places: 2) + unit
        }
        if size >= 999_999.5 { return "\(sign)1M" }
        return sign + digits(size, places: size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3)
    }

    /// A number in full, as far as it is whole: `1,500,000`.
    package static func fullName(_ value: Double) -> String {
        guard value == value.rounded(), let whole = Int(exactly: value), abs(value) < 1e15 else { return name(value) }
        return whole.grouped
    }

    /// A number of less than a million with so many places after the point, without zeros at the end.
    private static func digits(_ value: Double, places: Int) -> String {
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        var fraction = String(scaled % scale + scale).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return (scaled / scale).grouped + (fraction.isEmpty ? "" : ".\(fraction)")
    }
}
