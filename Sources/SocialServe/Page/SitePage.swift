// The page that a browser shows, as `index.html` beside this file has it; a test compares them.

/// The page of the server.
enum SitePage {
    static let html = """
        <!doctype html><html lang="en"><title>social</title><p>social

        """
}
