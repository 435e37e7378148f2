// The form in which Twitter's archives and interfaces write times.

/// Reads times such as `Wed Oct 10 20:19:24 +0000 2018`.
enum TwitterTime {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The milliseconds since 1970; nil when it is no such time.
    static func parse(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[4].count == 5, let month = months.firstIndex(of: String(words[1])) else {
            return nil
        }
        // The same moment in the form of the internet, whose reader checks every field.
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        guard let day = Int(words[2]), day > 0 else { return nil }
        let zone = "\(words[4].prefix(3)):\(words[4].suffix(2))"
        return try? RFC3339.parse("\(words[5])-\(padded(month + 1))-\(padded(day))T\(words[3])\(zone)")
    }
}
