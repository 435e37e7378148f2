// Names of times that never touch, whatever the width and the span.

import Terminal
import Testing

@Suite("An axis of time")
struct TimeAxisTests {
    /// Names and contexts of an axis of so many cells, on two lines.
    private func lines(_ times: [ChartTime], cells: Int) -> [String] {
        let axis = axis(times, cells: cells)
        return [axis.marks, axis.contexts].map { marks in
            marks.reduce(into: "") { line, mark in
                line += String(repeating: " ", count: Int(mark.start.rounded(.down)) - line.count) + mark.name
            }
        }
    }

    private func axis(_ times: [ChartTime], cells: Int) -> TimeAxis {
        let places = times.indices.map { (Double($0) + 0.5) * Double(cells) / Double(times.count) }
        let room = TimeAxis.Room(0...Double(cells), gap: 2) { Double($0.cellWidth) }
        return TimeAxis(times, places: places, room: room)
    }

    @Test("names hours, and below them the days")
    func hours() {
        let day = lines((0..<24).map { .hours($0 + 24) }, cells: 72)
        #expect(day[0].hasSuffix("03:00    06:00    09:00    12:00    15:00    18:00    21:00"))
        #expect(day[1].isEmpty || day[1].contains("Fri 2 Jan 2026"))
        // Points drawn together do not begin at round times: the marks are called after these nevertheless.
        let odd = axis((0..<80).map { .hours($0 * 5) }, cells: 300).marks.map(\.name)
        #expect(odd.count > 10 && odd.allSatisfy { ["00:00", "06:00", "12:00", "18:00"].contains($0) })
        let week = lines((0..<168).map { .hours($0) }, cells: 168)
        #expect(week[0].split(separator: " ").allSatisfy { ["06:00", "12:00", "18:00", "00:00"].contains($0) })
        #expect(week[1].contains("Fri 2 Jan  ") && week[1].contains("Wed 7 Jan"))
    }

    @Test("names days, with their weekdays where there is room, then Mondays, then months, then years")
    func days() {
        func days(_ count: Int, from first: Int = 0) -> [ChartTime] { (0..<count).map { .hours(($0 + first) * 24) } }
        #expect(lines(days(7), cells: 72)[0].contains("Fri 2"))
        #expect(lines(days(7), cells: 34)[0] == " 1    2    3    4    5    6    7")
        #expect(lines(days(30), cells: 72)[1].contains("Jan 2026"))
        let weeks = axis(days(60), cells: 60)
        #expect(weeks.marks.map(\.name) == ["5", "12", "19", "26", "2", "9", "16", "23"])
        #expect(weeks.contexts.map(\.name) == ["Jan 2026", "Feb 2026"])
        let months = ["Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        #expect(axis(days(364, from: 1), cells: 72).marks.map(\.name) == months)
        #expect(axis(days(365), cells: 30).marks.map(\.name) == ["Jan", "Apr", "Jul", "Oct"])
        #expect(axis(days(3_650), cells: 30).marks.map(\.name).contains("2030"))
    }

    @Test("names the ends when nothing begins between them, and a single point")
    func ends() {
        let axis = axis([.minutes(61), .minutes(62), .minutes(63)], cells: 14)
        #expect(axis.marks.map(\.name) == ["01:01", "01:03"])
        #expect(axis.contexts.map(\.name) == ["Thu 1 Jan 2026"])
        #expect(lines([.hours(24)], cells: 9)[0].contains("Fri 2"))
        #expect(self.axis([], cells: 9).marks.isEmpty)
    }

    @Test("lets no names touch, nor leave their room")
    func overlap() {
        for step in [1, 60, 360, 1_440, 10_080, 43_200, 525_600] {
            for count in [1, 2, 3, 7, 24, 31, 60, 168, 400] {
                let times = (0..<count).map { ChartTime.minutes($0 * step + 3 * step) }
                for cells in [16, 20, 31, 72, 113, 292] where cells >= count || step < 1_440 {
                    let axis = axis(times, cells: cells)
                    for marks in [axis.marks, axis.contexts] {
                        var end = -2.0
                        for mark in marks {
                            #expect(mark.start >= max(0, end + 2), "\(step) \(count) \(cells) \(marks)")
                            end = mark.start + Double(mark.name.count)
                        }
                        #expect(end <= Double(cells), "\(step) \(count) \(cells) \(marks)")
                    }
                }
            }
        }
    }
}
