// Rows of numbers as small as a word.

import Terminal
import Testing

@Suite("A sparkline")
struct SparklineTests {
    @Test("goes from zero to its largest number, and leaves out what is not known")
    func heights() {
        #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.text([7, nil, 7, .nan]) == "█ █ ")
        #expect(Sparkline.text([0, 0, nil]) == "▁▁ ")
        #expect(Sparkline.text([-5, 7]) == "▁█")
        #expect(Sparkline.text([]) == "")
    }

    @Test("draws the means of neighbours when it has fewer cells than numbers")
    func merging() {
        #expect(Sparkline.text([0, 2, 13, 15], cells: 2) == "▂█")
        #expect(Sparkline.text([nil, nil, 3, nil], cells: 2) == " █")
        #expect(Sparkline.text([1, 2], cells: 5) == "▅█")
        #expect(Sparkline.text([1, 2], cells: 0) == "")
        for cells in 1...40 {
            #expect(Sparkline.text((0..<37).map(Double.init), cells: cells).count == min(cells, 37))
        }
    }
}
