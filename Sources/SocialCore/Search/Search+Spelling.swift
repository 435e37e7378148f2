// What was probably meant by words that occur nowhere.

extension Search {
    /// Replaces words that occur nowhere, and says by what.
    func corrected(_ words: inout [String], _ segments: [LivingSegment]) throws -> [Correction] { [] }
}
