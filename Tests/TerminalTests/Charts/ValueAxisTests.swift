// Round numbers, and their names.

import Terminal
import Testing

@Suite("An axis of values")
struct ValueAxisTests {
    @Test(
        "reaches its largest value in steps of 1, 2 or 5",
        arguments: [
            (0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (5, [0, 1, 2, 3, 4, 5]), (6, [0, 2, 4, 6]),
            (99, [0, 20, 40, 60, 80, 100]), (101, [0, 50, 100, 150]), (1_204, [0, 500, 1_000, 1_500]),
            (.nan, [0, 1]), (-4, [0, 1]), (.infinity, [0, 1]),
        ] as [(Double, [Double])])
    func marks(value: Double, expected: [Double]) {
        #expect(ValueAxis(reaching: value, stepsMax: 5, isWhole: true).marks == expected)
    }

    @Test("may have steps of less than one where counts are no whole numbers")
    func fractions() {
        #expect(ValueAxis(reaching: 0.3, stepsMax: 3, isWhole: false).steps == 3)
        #expect(ValueAxis(reaching: 0.3, stepsMax: 3, isWhole: true).marks == [0, 1])
    }

    @Test("has at most as many steps as it may, and no needless one")
    func bounds() {
        for exponent in -6...299 {
            for digit in [1.0, 1.7, 2, 3.3, 5, 7.9] {
                var value = digit
                for _ in 0..<abs(exponent) { value = exponent < 0 ? value / 10 : value * 10 }
                for most in 1...6 {
                    let axis = ValueAxis(reaching: value, stepsMax: most, isWhole: false)
                    #expect(axis.steps <= most && axis.top >= value * (1 - 1e-6), "\(value) \(most)")
                    #expect(axis.top - axis.step < value * (1 + 1e-6), "\(value) \(most)")
                }
            }
        }
    }

    @Test(
        "names its numbers",
        arguments: [
            (0, "0"), (0.25, "0.25"), (1.5, "1.5"), (99.96, "99.96"), (151.73, "151.7"), (1_204, "1,204"),
            (999_999, "999,999"), (999_999.9, "1M"), (1_500_000, "1.5M"), (20_000_000, "20M"), (3e9, "3G"),
            (1.25e12, "1.25T"), (-1_204, "-1,204"), (.nan, "–"),
        ] as [(Double, String)])
    func names(value: Double, expected: String) {
        #expect(ValueAxis.name(value) == expected)
    }

    @Test("names whole numbers in full where there is room")
    func fullNames() {
        #expect(ValueAxis.fullName(1_517_418) == "1,517,418")
        #expect(ValueAxis.fullName(1_517.5) == "1,518")
        #expect(ValueAxis.fullName(1e18) == "1e+18")
    }
}
