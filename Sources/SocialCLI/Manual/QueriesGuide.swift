// `social help queries`, social-queries(7): what a search query can say.

internal import CommandSpec
internal import SocialCore

enum QueriesGuide {
    static let guide = Guide(
        "queries", section: 7, "What a search query can say",
        discussion: """
            A query is what follows "social search posts" or "social search media". Words side by side rank posts, or \
            uploads: those with more of them, and with rarer ones, come first. A post needs one of up to seven words, \
            and of more a quarter. Quote a query for the shell where it holds quotes, parentheses or *, and put -- \
            before one that begins with -.
            """,
        parts: [language, filters, matching, corrections, errors],
        examples: [
            Example("social search posts '+one -\"one two\"'", "Demand a word and rule out a phrase"),
            Example("social search posts '(one OR two) AND tw*'", "Combine words and a prefix"),
            Example("social search posts 'from:bob since:2026-01-31 sort:recent'", "Use filters alone"),
            Example("social search media 'cat type:image since:24h'", "Find new pictures of something"),
            Example("social search explain '(one OR two) -three'", "See how a query is understood"),
        ])

    private static let language = Guide.Part(
        "LANGUAGE",
        rows: [
            Guide.Row("one two", "either; posts with both come first"),
            Guide.Row("+one", "every post found has the word"), Guide.Row("-one", "none has it; also NOT one"),
            Guide.Row("\"one two\"", "these words in this order"),
            Guide.Row("on*", "any word that begins so"),
            Guide.Row("one AND two", "both; the operators are in capitals"),
            Guide.Row("one OR two", "either; AND binds before OR"),
            Guide.Row("(one OR two) three", "parentheses, which may be nested"),
            Guide.Row("#tag", "the tag, not the bare word; the word finds the tag too"),
            Guide.Row("@ana", "posts that mention the account"),
        ])

    private static let filters = Guide.Part(
        "FILTERS",
        """
        Everything found meets all of them. They rank nothing, and work without any word. Those behind which posts or \
        media stands are for that only.
        """,
        rows: [
            Guide.Row("from:ana", "written or uploaded by the account"),
            Guide.Row("to:ana", "posts: answers the account, or mentions it"),
            Guide.Row("since:2026-01-31", "from that time on; a day, a time as RFC 3339 has it, or an age such as 24h"),
            Guide.Row("until:2026-01-31", "before that time"),
            Guide.Row("has:media has:link", "posts: with a picture, a film or sound; with an address"),
            Guide.Row("lang:en", "in a language, as far as it can be guessed: \(languages)"),
            Guide.Row("is:reply", "posts: answers another post"),
            Guide.Row("type:image type:jpeg", "media: of a kind, image, film or file; or of a type"),
            Guide.Row("sort:recent sort:top", "the order, unless --rank says another; top is for posts"),
        ])

    private static let languages = Language.allCases.map(\.rawValue).sorted().joined(separator: " ")

    private static let matching = Guide.Part(
        "WHAT IS ONE WORD",
        """
        Markup, character references and addresses are no text. Case makes no difference, and neither does how a \
        letter is put together from others; accents do. Words joined by a hyphen are words by themselves. English \
        words are found in all their forms, unless the \
        setting search.language is none; the commonest English words count only where a query has no others. Chinese, \
        Japanese and Korean text is found by any part of it that has two characters or more, and by one character as \
        the beginning of such a part. An emoji is a word with all that is joined to it, and a skin tone is also found \
        without it.
        """)

    private static let corrections = Guide.Part(
        "MISSPELLED WORDS",
        """
        Where a word occurs nowhere, and something very like it does, that is looked for instead, and the standard \
        error says so; otherwise it only says what may have been meant. Under a JSON format it is an object a word:

            {"note":{"code":"corrected","written":"wrold","meant":"world","query":"hello world"}}

        The code did_you_mean means that nothing was changed. Words in quotes are never corrected, and none with \
        --exact.
        """)

    private static let errors = Guide.Part(
        "MALFORMED QUERIES",
        """
        A query that cannot be understood exits with 64 and is shown with a caret; under a JSON format the error says \
        in query, start and end where, in Unicode code points as jq and Python count them. A query has at most \
        \(Limits.queryBytes) bytes and parentheses \(Limits.queryDepth) deep.
        """)
}
