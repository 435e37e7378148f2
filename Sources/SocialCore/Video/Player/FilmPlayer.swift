// A page that plays a film which was exported into a folder, and how a web server is told to serve it. The page loads
// nothing but the film's own files.

/// The files beside a film with which a browser plays it.
package struct FilmPlayer {
    /// The name of the page.
    package static let page = "index.html"
    private static let server = "nginx.conf"

    private let title: String

    /// The player of a film.
    package init(title: String) { self.title = title }

    /// The files, by their names.
    package var files: [(name: String, text: String)] { [(Self.page, html), (Self.server, Self.configuration)] }

    private var html: String {
        let title = title.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        let quoted = title.replacing("\"", with: "&quot;")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>
            \(Self.style)</style>
            </head>
            <body>
            <main>
            <h1>\(title)</h1>
            <video controls playsinline preload="metadata" aria-label="\(quoted)"></video>
            <canvas title="The segments of the film; a click goes there" aria-hidden="true"></canvas>
            <p role="alert" hidden></p>
            <form aria-label="Playing">
            <label>Quality <select name="quality"><option value="auto">auto</option></select></label>
            <label hidden>Sound <select name="sound"></select></label>
            <label>Speed <select name="speed"><option>0.5</option><option>0.75</option><option selected>1</option>
            <option>1.25</option><option>1.5</option><option>2</option></select></label>
            </form>
            <dl aria-label="What is being played">
            <div><dt>Shown</dt><dd data-of="shown">–</dd></div>
            <div><dt>Buffer</dt><dd data-of="buffer">–</dd></div>
            <div><dt>Network</dt><dd data-of="network">–</dd></div>
            <div><dt>Loaded</dt><dd data-of="loaded">–</dd></div>
            </dl>
            <p class="live" role="status"></p>
            <details>
            <summary>Keys</summary>
            <p><kbd>space</kbd> play or pause, <kbd>←</kbd> <kbd>→</kbd> 5 s, <kbd>J</kbd> <kbd>L</kbd> 10 s,
            <kbd>,</kbd> <kbd>.</kbd> segment, <kbd>↑</kbd> <kbd>↓</kbd> volume, <kbd>M</kbd> mute,
            <kbd>F</kbd> full screen, <kbd>0</kbd>–<kbd>9</kbd> tenths of the film, <kbd>Q</kbd> next quality</p>
            </details>
            </main>
            <script>
            \(Self.script)</script>
            </body>
            </html>

            """
    }

    private static let style = """
        :root { --ground: #fafafa; --card: #fff; --ink: #18181b; --pale: #71717a; --line: #e4e4e7; --mark: #2563eb }
        @media (prefers-color-scheme: dark) {
        :root { --ground: #111113; --card: #1b1b1f; --ink: #f4f4f5; --pale: #a1a1aa; --line: #2e2e34; --mark: #60a5fa }
        }
        * { box-sizing: border-box }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
        main { max-width: 62rem; margin: 0 auto; padding: 1.25rem }
        h1 { font-size: 1.25rem; font-weight: 650; margin: 0 0 .75rem; overflow-wrap: anywhere }
        video { display: block; width: 100%; max-height: 75vh; background: #000; border-radius: .6rem }
        canvas { display: block; width: 100%; height: 1.1rem; margin: .6rem 0; border-radius: .3rem; cursor: pointer }
        form { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin: .75rem 0 }
        label { color: var(--pale) }
        select { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line);
        border-radius: .4rem; padding: .2rem .4rem }
        :focus-visible { outline: 2px solid var(--mark); outline-offset: 2px }
        dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .5rem; margin: .75rem 0 }
        dl div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem }
        dt { color: var(--pale); font-size: .8rem } dd { margin: 0; font-variant-numeric: tabular-nums }
        kbd { border: 1px solid var(--line); border-radius: .25rem; padding: 0 .3rem; background: var(--card) }
        details { color: var(--pale) } [role=alert] { color: #dc2626; font-weight: 600 } [hidden] { display: none }
        .live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }

        """

    private static let configuration = """
        # Serves this folder with nginx: set the root, and include the file within http { }.
        server {
            listen 8080;
            root /srv/film;
            index \(page);

            types {
                text/html html;
                application/json json;
                application/vnd.apple.mpegurl m3u8;
                application/dash+xml mpd;
                video/mp4 mp4 m4s;
            }
            sendfile on;
            tcp_nopush on;
            max_ranges 1;

            # Segments never change: whoever has one need not ask again.
            location ~ \\.(m4s|mp4)$ {
                add_header Cache-Control "public, max-age=31536000, immutable";
                add_header Access-Control-Allow-Origin "*";
                add_header Access-Control-Expose-Headers "Content-Length, Content-Range";
            }

            # Playlists may be made anew when the film is cut again.
            location ~ \\.(m3u8|mpd|json|html)$ {
                gzip on;
                gzip_types application/json application/vnd.apple.mpegurl application/dash+xml;
                add_header Cache-Control "public, max-age=60";
                add_header Access-Control-Allow-Origin "*";
            }

            location = /\(server) {
                return 404;
            }
        }

        """
}
