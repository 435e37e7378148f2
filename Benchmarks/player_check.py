#!/usr/bin/env python3
"""Plays an exported film in a real browser, over a network that is slow at first.

    social video-segment export ana/film.mp4 site --player && python3 Benchmarks/player_check.py site [--shots DIR]

Needs chromium and chromedriver. Checks that pictures move, that the quality rises when the network gets faster, that a
chosen quality is shown, that seeking and the end work, and that the browser has nothing to complain of. Prints one JSON
object; exits 1 when something is wrong.
"""

import argparse
import base64
import functools
import http.server
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request


class Network:
    """How fast the server is, in bits a second, for all connections together; 0 knows no limit."""

    rate = 0
    lock = threading.Lock()

    @classmethod
    def send(cls, out, data):
        for start in range(0, len(data), 8192):
            piece = data[start : start + 8192]
            rate = cls.rate
            if rate:
                with cls.lock:
                    time.sleep(len(piece) * 8 / rate)
            out.write(piece)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder with byte ranges, as fast as the network is."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.translate_path(self.path)
        path = os.path.join(path, "index.html") if os.path.isdir(path) else path
        if self.path == "/favicon.ico":
            return self.answer(204, b"", {})
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            return self.answer(404, b"", {})
        headers = {"Content-Type": self.guess_type(path), "Accept-Ranges": "bytes"}
        wanted = self.headers.get("Range")
        if not wanted:
            return self.answer(200, data, headers)
        first, last = (int(number) for number in wanted.removeprefix("bytes=").split("-"))
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        self.answer(206, data[first : last + 1], headers)

    def answer(self, status, data, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            Network.send(self.wfile, data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # A download was given up.


class Browser:
    """Chromium, by the WebDriver protocol."""

    def __init__(self, port):
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = f"http://127.0.0.1:{port}/session"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--window-size=1100,980",
                     "--autoplay-policy=no-user-gesture-required"]
        wanted = {"goog:chromeOptions": {"args": arguments}, "goog:loggingPrefs": {"browser": "ALL"}}
        for _ in range(50):
            try:
                session = self.call("", {"capabilities": {"alwaysMatch": wanted}})
                break
            except urllib.error.URLError:
                time.sleep(0.2)
        self.base += "/" + session["sessionId"]

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def run(self, script):
        return self.call("/execute/sync", {"script": script, "args": []})

    def shot(self, path):
        if path:
            with open(path, "wb") as file:
                file.write(base64.b64decode(self.call("/screenshot")))

    def until(self, condition, seconds, what):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.run(f"return {condition}"):
                return True
            time.sleep(0.2)
        state = self.run(STATE)
        raise AssertionError(f"{what}: not within {seconds} s: {json.dumps(state)}")

    def close(self):
        self.driver.terminate()
        self.driver.wait()


VIDEO = "document.querySelector('video')"
STATE = f"""const v = {VIDEO}, p = window.player
return {{time: v.currentTime, width: v.videoWidth, shown: p?.current?.name, switches: p?.switches, ended: v.ended,
throughput: Math.round(p?.throughput ?? 0), buffer: p?.buffered(), error: v.error?.message,
alert: document.querySelector('[role=alert]').textContent,
frames: v.getVideoPlaybackQuality().totalVideoFrames, dropped: v.getVideoPlaybackQuality().droppedVideoFrames}}"""


def check(browser, url, shots, slow):
    def shot(name):
        browser.shot(shots and os.path.join(shots, f"{name}.png"))

    Network.rate = slow
    browser.call("/url", {"url": url})
    browser.until("window.player?.lines !== undefined", 20, "the page opens the film")
    tracks = browser.run("return player.pictures.map(({name}) => name)")
    browser.run(f"{VIDEO}.play()")
    browser.until(f"{VIDEO}.currentTime > 2", 40, "pictures move")
    first = browser.run(STATE)
    shot("slow")
    Network.rate = 0
    found = {"tracks": tracks, "slow": first}
    if len(tracks) > 1:
        browser.until(f"player.current?.name === '{tracks[-1]}'", 40, "the quality rises")
        found["fast"] = browser.run(STATE)
        shot("fast")
        browser.run(f"""const s = document.forms[0].elements.quality
s.value = '{tracks[0]}'; s.onchange()""")
        browser.until(f"player.current?.name === '{tracks[0]}'", 40, "a chosen quality is shown")
        found["chosen"] = browser.run(STATE)
    browser.call("/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
        "features": [{"name": "prefers-color-scheme", "value": "dark"}]}})
    time.sleep(0.5)
    shot("dark")
    browser.run(f"{VIDEO}.currentTime = {VIDEO}.duration - 2")
    browser.until(f"{VIDEO}.ended", 30, "a seek leads to the end")
    found["end"] = browser.run(STATE)
    browser.run(f"{VIDEO}.currentTime = 0; {VIDEO}.play()")
    browser.until(f"{VIDEO}.currentTime > 1 && !{VIDEO}.ended", 30, "it plays again from the beginning")
    found["complaints"] = [
        entry["message"] for entry in browser.call("/se/log", {"type": "browser"}) if entry["level"] != "INFO"]
    assert not found["complaints"], f"the browser complains: {found['complaints']}"
    assert not found["end"]["error"] and not found["end"]["alert"], "the player has failed"
    if len(tracks) > 1:
        assert first["shown"] == tracks[0], f"over {slow} bit/s it should begin with {tracks[0]}"
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--shots", help="write screenshots into this folder")
    parser.add_argument("--slow", type=int, default=1_500_000, help="bits a second of the network at first")
    parser.add_argument("--port", type=int, default=9517)
    options = parser.parse_args()
    if options.shots:
        os.makedirs(options.shots, exist_ok=True)
    handler = functools.partial(Handler, directory=options.folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = Browser(options.port)
    try:
        found = check(browser, f"http://127.0.0.1:{server.server_port}/", options.shots, options.slow)
        print(json.dumps({"ok": True, **found}, indent=2))
        return 0
    except AssertionError as failure:
        browser.shot(options.shots and os.path.join(options.shots, "failed.png"))
        print(json.dumps({"ok": False, "failure": str(failure)}, indent=2))
        return 1
    finally:
        browser.close()


sys.exit(main())
