#!/usr/bin/env python3
"""Uses the page of a real `social serve` in a real browser, as somebody would, while other processes act.

    browser_check.py [--social PATH] [--film FILE] [--shots DIR] [--only WORD,…] [--chromium PROGRAM]

Needs chromium, and ffmpeg for the lower qualities of the film. Makes a network of its own in a temporary folder: accounts, posts, pictures,
a film. Each step says what it proves and fails on its own; prints one JSON object with what was found and how long things
took; exits 1 when a step failed. `--shots` writes pictures of the page; `--only` runs the steps whose name has one of the
words (signing in is always done).
"""
import argparse, json, os, subprocess, sys, tempfile, time, traceback

from web import Browser, Failure, Network, Server, request, require, until

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "../fixtures")
POSTS = 70
HOSTILE = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script> javascript:alert(1) \u202e"
# A WebSocket that never opens: what a page behind an old proxy sees.
NO_SOCKETS = "window.WebSocket = class { constructor() { setTimeout(() => this.onclose?.({}), 5) } close() {} send() {} }"


class Scene:
    """The network, its server, and the browser of ana."""

    def __init__(self, options, folder):
        self.options, self.folder, self.found = options, folder, {}
        self.network = network = Network(os.path.abspath(options.social), folder)
        people = ["ana", "bob", "cleo", *(f"guest{number}" for number in range(12))]
        network.batch([["user", "create", handle, "--name", handle.capitalize()] for handle in people]
                      + [["follow", "add", "ana", handle] for handle in ("bob", "cleo")])
        network.run("user", "update", "cleo", "--bio", HOSTILE)
        picture = os.path.join(FIXTURES, "pictures/cat.png")
        network.run("upload", "put", picture, "--by", "cleo", "--alt", "a cat asleep on a sofa")
        network.batch([["post", "create", f"Post number {number} about rain #weather", "--by", ("bob", "cleo")[number % 2]]
                       for number in range(POSTS)])
        network.run("post", "create", f"Hostile {HOSTILE}", "--by", "bob")
        network.run("post", "create", "A cat and @ana", "--by", "cleo", "--media", "cleo/cat.png")
        self.film = self.cut(options.film)
        network.run("post", "create", "A film", "--by", "bob", "--media", self.film["id"])
        self.mine = network.json("post", "create", "What ana says", "--by", "ana")["id"]
        self.token = network.token("ana")
        self.log = os.path.join(folder, "serve.log")
        self.server = Server(network, log=self.log)
        self.browser = Browser(1400, 900, options.chromium)
        if options.page:
            self.browser.replace_page("http://127.0.0.1:*/", options.page)

    def cut(self, film):
        """A film of three quarters of a minute in two qualities, or a short one where there is no ffmpeg."""
        long, network = os.path.join(self.folder, "film.mp4"), self.network
        try:
            subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "7", "-i", film, "-c", "copy", long], check=True)
        except (OSError, subprocess.CalledProcessError):
            return network.json("video-segment", "cut", os.path.join(FIXTURES, "films/scenes.mp4"), "--by", "bob")
        return network.json("video-segment", "cut", long, "--by", "bob", "--title", "A film", "--renditions", "low,high",
                            "--duration", "2s")

    def shot(self, name):
        if self.options.shots:
            self.browser.shot(os.path.join(self.options.shots, f"{name}.png"))

    def click(self, selector):
        self.browser.until(f"$('{selector}')", 10, f"there is {selector}")
        self.browser.run(f"void $('{selector}').click()")

    def go(self, place, condition):
        self.browser.run(f"void (location.hash = '{place}')")
        self.browser.until(condition, 15, f"the page shows {place}")

    def timed(self, condition, seconds, what, act):
        """Does something in another process; returns the milliseconds from its end until the page shows it."""
        self.browser.run("void (window.unloaded = 'no')")
        act()
        start = time.monotonic()
        self.browser.until(condition, seconds, what)
        require(self.browser.run("window.unloaded") == "no", "the page was loaded anew")
        return round((time.monotonic() - start) * 1000)

    def close(self):
        self.browser.close()
        self.server.stop()


def sign_in(scene):
    browser = scene.browser
    browser.open(scene.server.url + "/")
    browser.until("place !== null && all('.post').length >= 20", 20, "a visitor sees posts")
    scene.shot("visitor")
    scene.go("#/login", "$('input[type=password]')")
    browser.run("$('input[type=password]').focus()")
    browser.write("wrong" * 8)
    browser.press("Enter")
    browser.until("$('.said [role=alert]')", 10, "a wrong token is refused")
    browser.run("$('input[type=password]').select()")
    browser.write(scene.token)
    browser.press("Enter")
    browser.until("me?.handle === 'ana' && all('main .post').length >= 20", 20, "ana is signed in and sees her feed")
    scene.shot("home")


def scroll(scene):
    """The feed goes on as one scrolls, and is what the program prints."""
    browser = scene.browser
    scene.go("#/", "place === home && all('main .post').length >= 20")
    first = browser.run("all('main .post').length")
    for _ in range(60):
        browser.run("scrollTo(0, document.body.scrollHeight)")
        if browser.run("$('main').textContent.includes('That is all there is')"):
            break
        time.sleep(0.1)
    shown = browser.run("all('main .post').map((card) => card.post.id)")
    expected = scene.network.run("feed", "show", "ana", "--all", "--format", "ids").split()
    require(shown == expected, f"the page shows {len(shown)} posts, the program {len(expected)}, or in another order")
    browser.run("scrollTo(0, 0)")
    return {"at_first": first, "in_the_end": len(shown)}


def hostile(scene):
    """What users wrote stays text."""
    browser = scene.browser
    scene.go("#/@cleo", "place.title === 'Cleo'")
    require(browser.run("$('main .text').textContent") == HOSTILE, "the bio is not shown as it is")
    scene.go("#/", "place === home")
    found = browser.run("""all('main .post').filter((card) => card.post.text.startsWith('Hostile'))
        .map((card) => [$('.text', card).children.length, $('.text', card).textContent])""")
    require(found == [[0, f"Hostile {HOSTILE}"]], f"the hostile post became {found}")
    require(browser.run("window.hacked === undefined && !document.querySelector('img[src=x]')"), "a script has run")


def pictures(scene):
    browser = scene.browser
    scene.go("#/", "place === home")
    browser.run("all('main .post').find((card) => $('.picture', card)).scrollIntoView({ block: 'center' })")
    browser.until("$('main .picture img').complete && $('main .picture img').naturalWidth > 0", 15, "the thumbnail comes")
    require(browser.run("$('main .picture img').alt") == "a cat asleep on a sofa", "the thumbnail has another description")
    require("/thumbnails/" in browser.run("performance.getEntriesByType('resource').map((one) => one.name).join(' ')")
            or "size=medium" in browser.run("$('main .picture img').src"), "no thumbnail was asked for")
    scene.click("main .picture")
    browser.until("$('.viewer img').naturalWidth === 96", 15, "the whole picture is shown")
    require(browser.run("$('.viewer figcaption').textContent") == "a cat asleep on a sofa", "its description is missing")
    scene.shot("picture")
    browser.press("Escape")
    browser.until("!$('.viewer')", 5, "it closes")


def film(scene):
    """The film begins in the low quality over a slow network, rises with it, and stays in the one that is chosen."""
    browser = scene.browser
    tracks = [track["name"] for track in scene.film["tracks"] if track["kind"] == "video"]
    scene.go("#/", "place === home")
    browser.run("$('main .film').scrollIntoView({ block: 'center' })")
    browser.network(900_000)
    scene.click("main .film .start")
    video = "$('main .film video')"
    browser.until(f"{video}.currentTime > 1", 60, "pictures move")
    state = """(() => { const { film } = $('main .film'), video = $('main .film video'); return { time: video.currentTime,
        shown: film.current?.name, width: video.videoWidth, throughput: Math.round(film.throughput) } })()"""
    found = {"tracks": tracks, "slow": browser.run(state)}
    scene.shot("film-slow")
    browser.network(None)
    if len(tracks) > 1:
        require(found["slow"]["shown"] == tracks[0], f"over a slow network it shows {found['slow']['shown']}")
        browser.until(f"$('main .film').film.current?.name === '{tracks[-1]}'", 60, "the quality rises")
        until(lambda: browser.run(state)["width"] > found["slow"]["width"], 20, "the pictures become larger")
        found["fast"] = browser.run(state)
        scene.shot("film-fast")
        browser.run(f"""void (() => {{ const select = $('main .film select'); select.value = '{tracks[0]}'
            select.dispatchEvent(new Event('change')) }})()""")
        browser.until(f"$('main .film').film.current?.name === '{tracks[0]}'", 60, "a chosen quality is shown")
        found["chosen"] = browser.run(state)
    browser.run(f"void ({video}.currentTime = {video}.duration - 1)")
    browser.until(f"{video}.ended", 30, "a seek leads to the end")
    require(not browser.run(f"{video}.error"), "the player has failed")
    id = scene.film["id"]
    until(lambda: "segment" in scene.network.run("analytics", "count", f"video/{id}", "--json")
          or "watch" in scene.network.run("analytics", "count", f"video/{id}", "--json"), 10, "its segments are counted", 0.5)
    return found


def notification(scene):
    """Another process likes a post of ana: her page says so, without being loaded again."""
    browser = scene.browser
    browser.until("$('.state').dataset.is === 'live'", 20, "the page has a line")
    before = int(browser.run("$('#bell .badge').textContent") or 0)
    took = scene.timed(f"+$('#bell .badge').textContent === {before + 1} && $('.note[data-kind=like]')", 10,
                       "the badge counts one more", lambda: scene.network.run("post", "like", scene.mine, "--by", "bob"))
    text = browser.run("$('.note[data-kind=like] p').textContent")
    require("bob" in text and "liked" in text, f"it says {text!r}")
    scene.network.run("post", "like", scene.mine, "--by", "cleo")
    browser.until("$('.note[data-kind=like] p').textContent.includes('cleo')", 10, "the group grows")
    require(browser.run("all('.note[data-kind=like]').length") == 1, "the same post has two groups")
    scene.shot("notification")
    scene.click("#bell")
    browser.until("$('#bell .badge').hidden", 10, "opening it marks all as read")
    return {"milliseconds": took}


def posts(scene):
    """A post that another process writes waits behind the pill, and is shown when it is asked for."""
    browser = scene.browser
    scene.go("#/", "place === home")
    browser.until("$('.state').dataset.is === 'live'", 20, "the page has a line")
    took = scene.timed("!$('.pill').hidden && $('.pill').textContent === '1 new post'", 10, "the pill tells of a new post",
                       lambda: scene.network.run("post", "create", "Just now", "--by", "bob"))
    scene.network.run("post", "create", "And again", "--by", "cleo")
    browser.until("$('.pill').textContent === '2 new posts'", 10, "the pill counts")
    scene.shot("pill")
    require(browser.run("$('main .post').post.text") != "And again", "the page moved by itself")
    browser.press(".")
    browser.until("$('main .post').post.text === 'And again' && $('.pill').hidden", 5, "the new posts are on top")
    return {"milliseconds": took}


def writing(scene):
    """Posting with a picture, answering, liking, reposting, following: done by keyboard and button, proved by the program."""
    browser, network = scene.browser, scene.network
    scene.go("#/", "place === home")
    browser.run("$('.inline-writer textarea').focus()")
    browser.write("Hello @bob, from the page #first https://example.org/?a=1&b=2")
    browser.run("""(async () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 }), pen = canvas.getContext('2d')
        pen.fillStyle = '#37c'; pen.fillRect(0, 0, 320, 200); pen.fillStyle = '#fc3'; pen.fillRect(60, 40, 90, 90)
        const blob = await new Promise((done) => canvas.toBlob(done, 'image/png')), files = new DataTransfer()
        files.items.add(new File([blob], 'made.png', { type: 'image/png' }))
        const input = $('.inline-writer input[type=file]')
        input.files = files.files
        input.dispatchEvent(new Event('change')) })()""")
    browser.until("$('.chosen img')?.src.startsWith('data:')", 5, "the picture is shown before it is sent")
    browser.run("$('.chosen input').focus()")
    browser.write("a yellow square")
    scene.click(".inline-writer button.main")
    browser.until("$('main .post').post.text.startsWith('Hello @bob')", 15, "the own post is on top")
    browser.until("$('main .post .picture img')?.naturalWidth > 0", 15, "with its picture")
    scene.shot("posted")
    [post] = network.json("post", "list", "--by", "ana", "--limit", "1")
    require(post["text"].startswith("Hello @bob") and post["mentions"] == ["bob"] and len(post["media"]) == 1, f"{post}")
    require(network.json("upload", "show", post["media"][0])["alt"] == "a yellow square", "the description is lost")
    links = browser.run("all('.text a', $('main .post')).map((link) => link.getAttribute('href'))")
    require(links == ["#/@bob", "#/search?q=%23first", "https://example.org/?a=1&b=2"], f"links lead to {links}")

    other = browser.run("all('main .post').find((card) => card.post.author === 'bob').post.id")
    card = f"$('main .post[data-post=\"{other}\"]')"
    browser.run(f"{card}.focus()")
    browser.press("l")
    until(lambda: network.json("post", "show", other)["likes"] == 1, 10, "a like arrives")
    browser.until(f"$('[data-does=like]', {card}).getAttribute('aria-pressed') === 'true'", 5, "the heart is full")
    browser.press("l")
    until(lambda: network.json("post", "show", other)["likes"] == 0, 10, "the like is taken back")
    browser.press("t")
    until(lambda: network.json("post", "show", other)["reposts"] == 1, 10, "a repost arrives")
    browser.until("mine.reposts.get('%s')" % other, 5, "the repost is remembered")
    browser.press("t")
    until(lambda: network.json("post", "show", other)["reposts"] == 0, 10, "the repost is taken back")
    browser.press("r")
    browser.until("document.activeElement === $('dialog textarea')", 5, "the answer can be typed at once")
    browser.write("An answer from the page")
    browser.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", modifiers=2, windowsVirtualKeyCode=13)
    until(lambda: network.json("post", "show", other)["replies"] == 1, 10, "the answer arrives")
    scene.go(f"#/post/{other}", "place.title === 'Conversation' && all('main .post').length === 2")
    require(browser.run("all('main .post')[1].post.text") == "An answer from the page", "the conversation lacks it")
    scene.shot("conversation")

    scene.go("#/@guest3", "place.title === 'Guest3'")
    button = "[...all('main .card .row button')].at(-1)"
    browser.until(f"!{button}.disabled && {button}.textContent === 'Follow'", 10, "guest3 can be followed")
    browser.run(f"void {button}.click()")
    until(lambda: "guest3" in network.run("follow", "list", "ana", "--following"), 10, "the follow arrives")
    browser.until(f"{button}.textContent === 'Following'", 10, "the button says so")
    browser.run(f"void {button}.click()")
    until(lambda: "guest3" not in network.run("follow", "list", "ana", "--following"), 10, "the follow is taken back")
    scene.shot("profile")


def searching(scene):
    browser = scene.browser
    scene.go("#/search", "$('input[type=search]') === document.activeElement")
    browser.write("rain number")
    browser.until("all('main .post').length >= 20 && all('main .post mark').length > 0", 15, "posts are found as one types")
    marked = browser.run("[...new Set(all('main .post mark').map((mark) => mark.textContent.toLowerCase()))].sort()")
    require(set(marked) <= {"rain", "number"} and marked, f"marked are {marked}")
    scene.shot("search")
    browser.run("$('input[type=search]').select()")
    browser.write("guest1")
    scene.click("main .tabs [data-of=users]")
    browser.until("all('main .person').length > 0 && $('main .person .handle').textContent.startsWith('@guest1')", 15, "people are found")
    browser.run("$('input[type=search]').select()")
    browser.write("weath")
    scene.click("main .tabs [data-of=tags]")
    browser.until("$('main .feed b')?.textContent === 'weather'", 15, "tags are found")
    scene.click("main .feed a")
    browser.until("all('main .post').length >= 20", 15, "a tag leads to its posts")


def layout(scene):
    """Nothing is cut off at any width, in either colour; all that can be pressed has a name."""
    browser, found = scene.browser, {}
    for width, height in ((360, 740), (768, 900), (1400, 900)):
        browser.size(width, height, width < 500)
        for place in ("#/", "#/@cleo", "#/search?q=rain", f"#/post/{scene.mine}"):
            for scheme in ("light", "dark"):
                browser.scheme(scheme)
                browser.run(f"void (location.hash = '{place}')")
                time.sleep(0.4)
                wide = browser.run("document.documentElement.scrollWidth - innerWidth")
                require(wide <= 0, f"{place} is {wide} pixels too wide at {width}")
                name = {"#/": "home", "#/@cleo": "profile"}.get(place)
                if name:
                    scene.shot(f"{name}-{width}-{scheme}")
        nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
        roles = ("button", "link", "textbox", "searchbox", "combobox", "checkbox", "image", "Video")
        nameless = [node["role"]["value"] for node in nodes if not node.get("ignored")
                    and node.get("role", {}).get("value") in roles and not node.get("name", {}).get("value")]
        require(not nameless, f"without a name at {width}: {nameless}")
        found[f"named_at_{width}"] = sum(node.get("role", {}).get("value") in roles for node in nodes)
    browser.scheme("light")
    browser.size(1400, 900)
    return found


def reconnecting(scene):
    """The server goes and comes back: the page goes on from its cursor, and misses nothing."""
    browser, network, server = scene.browser, scene.network, scene.server
    scene.go("#/", "place === home")
    browser.until("$('.state').dataset.is === 'live'", 20, "the page has a line")
    if not browser.run("$('.pill').hidden"):
        browser.press(".")
    server.kill()
    browser.until("$('.state').dataset.is === 'off'", 20, "the page says that the line is gone")
    network.run("post", "create", "While nobody listened", "--by", "bob")
    scene.server = Server(network, log=scene.log, listen=f"{server.host}:{server.port}")
    start = time.monotonic()
    browser.until("!$('.pill').hidden && $('.pill').textContent === '1 new post'", 40, "what was missed is told")
    took = time.monotonic() - start
    browser.press(".")
    browser.until("$('main .post').post.text === 'While nobody listened'", 10, "and shown")
    return {"seconds_to_hear_again": round(took, 1)}


def polling(scene):
    """Without WebSockets the page listens by requests that are held."""
    browser = scene.browser
    script = browser.call("Page.addScriptToEvaluateOnNewDocument", source=NO_SOCKETS)["identifier"]
    browser.call("Page.reload")
    browser.until("$('.state')?.dataset.is === 'polling'", 30, "the page polls")
    took = scene.timed("!$('.pill').hidden", 10, "the pill tells of a post",
                       lambda: scene.network.run("post", "create", "By polling", "--by", "bob"))
    browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
    return {"milliseconds": took}


STEPS = [scroll, hostile, pictures, film, notification, posts, writing, searching, layout, reconnecting, polling]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--social", default=os.path.join(HERE, "../.build/release/social"))
    parser.add_argument("--film", default=os.path.join(HERE, "../../shared/data/video/bigbuckbunny.mp4"))
    parser.add_argument("--shots", help="write screenshots into this folder")
    parser.add_argument("--only", default="", help="run the steps whose names have one of these words")
    parser.add_argument("--chromium", default="chromium")
    parser.add_argument("--page", help="show this file in place of the page of the server")
    options = parser.parse_args()
    words, found, failures = [word for word in options.only.split(",") if word], {}, {}
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder:
        scene = Scene(options, folder)
        try:
            sign_in(scene)
            for step in STEPS:
                if words and not any(word in step.__name__ for word in words):
                    continue
                try:
                    found[step.__name__] = step(scene) or "as it should be"
                except (Failure, ConnectionError, TimeoutError) as failure:
                    failures[step.__name__] = str(failure)
                    scene.shot(f"failed-{step.__name__}")
            # A visitor is asked for a token, and what is switched off by a step is missed: that is no complaint.
            expected = ("401", "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE", "WebSocket", "ERR_CONNECTION_RESET")
            complaints = [text for text in scene.browser.complaints if not any(word in text for word in expected)]
            if complaints:
                failures["complaints"] = complaints
            if not scene.server.is_running:
                failures["server"] = "the server has ended by itself"
        finally:
            scene.close()
    print(json.dumps({"ok": not failures, "steps": found, "failures": failures}, indent=2))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
