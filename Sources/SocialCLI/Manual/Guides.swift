// What concerns many commands at once: `social help data`, and the pages of sections 5 and 7 of the manual.

internal import CommandSpec

enum Guides {
    static var all: [Guide] {
        [
            DataGuide.guide, FormatsGuide.guide, QueriesGuide.guide, HTTPGuide.guide, ObjectsGuide.guide,
            ExitCodesGuide.guide,
        ]
    }
}
