// `social help exit-codes`, social-exit-codes(7): every exit status with the error codes that lead to it, read from the
// table that the program itself exits by.

internal import CommandSpec

enum ExitCodesGuide {
    static let guide = Guide(
        "exit-codes", section: 7, "What the exit statuses mean, and the codes of errors",
        discussion: """
            A script can rely on the numbers. They follow sysexits(3), except for 0 and 1, and for signals: a command \
            that a signal ends has the status that the shell gives it, 130 or 143.

            An error is reported on the standard error: what happened, and often a hint what to do. Under a JSON \
            format the report is one object with a code, which is stable, its status, the message, the hint or null, \
            and command lines that may have been meant:

                {"error":{"code":"no_such_user","exit":67,"message":"…","hint":"…","try":[["user","list"]]}}

            A reader whose output is closed stops and exits with 0, so that head(1) is no error; a change finishes its \
            work. Under --quiet nothing is printed when the status is 75.
            """,
        parts: [
            Guide.Part("STATUSES", rows: SocialSpecification.specification.exits.map(row)),
            Guide.Part(
                "RETRYING",
                """
                Only 75 asks for another try as it is. A change that may or may not have been stored is safe to repeat \
                with --idempotency-key; most other changes may be repeated anyway, and then print "changed": false.
                """),
        ],
        examples: [
            Example("social follow check bob ana || test $? -eq 1", "Act on an answer that may be no"),
            Example(
                "social user show nobody --json 2>&1 | jq -r .error.code || true", "Take the code of an error"),
        ])

    private static func row(_ exit: ExitStatus) -> Guide.Row {
        let codes = ExitTable.statuses.filter { $0.value == exit.status }.keys.sorted()
        let list = codes.isEmpty ? "" : ". Codes: \(codes.joined(separator: ", "))"
        return Guide.Row(String(exit.status), exit.meaning + list)
    }
}
