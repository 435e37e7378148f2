// Counts as people read them, with a comma between groups of three digits. Only ever for people: data has no commas.

extension Int {
    /// The number with its digits in groups of three: `1,204`.
    package var grouped: String {
        let digits = String(magnitude)
        var result = self < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return result
    }
}
