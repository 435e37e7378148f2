// What somebody wants of a film that is to be cut.

/// How a film is to be cut, and in which qualities it is wanted.
package struct CutRequest: Equatable, Sendable {
    /// A quality that is there already.
    package struct File: Equatable, Sendable {
        /// What it is called.
        package var name: String
        /// Where it is.
        package var path: String

        /// A quality that is there already.
        package init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    /// How it is to be cut.
    package var plan: CutPlan
    /// Which playlists it gets.
    package var form: Film.Form
    /// In which qualities it is to be encoded; none: the source alone.
    package var rungs: [Rung] = []
    /// Qualities that are there already, besides the source.
    package var files: [File] = []
    /// Whether pictures are decoded to find scenes.
    package var isAnalyzed = false

    /// How a film is to be cut.
    package init(plan: CutPlan, form: Film.Form) {
        self.plan = plan
        self.form = form
    }

    /// All of it in one line: who asks for the same of the same film gets the same bytes.
    func text(files: [ObjectHash]) -> String {
        var words = [
            plan.mode.rawValue, "\(plan.targetMilliseconds)", "\(plan.leastMilliseconds)", "\(plan.mostMilliseconds)",
        ]
        words += zip(self.files, files).map { "\($0.name)=\($1)" }
        words += rungs.map(\.description)
        if isAnalyzed { words.append("analyze") }
        if !form.isHLS { words.append("no-hls") }
        if !form.isDASH { words.append("no-dash") }
        if form.isSingleFile { words.append("single-file") }
        return words.joined(separator: " ")
    }
}
