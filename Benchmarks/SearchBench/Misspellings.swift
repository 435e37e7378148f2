// x
enum Misspellings { static func run(pairs: String, words: String, frequencies: String) {} }
