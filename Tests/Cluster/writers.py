"""Those who write while servers fail: each deed under a key of its own, again and again until it is acknowledged."""

import hashlib
import json
import os
import random
import struct
import threading
import time
import zlib

# A server is not there, or the outcome is unknown.
AGAIN = (69, 75)
# For how many seconds something is tried.
PATIENCE = 180
# Every so many uploads one goes up in parts.
LARGE_EVERY, LARGE_BYTES = 20, (16 << 20) + 1


class Writer(threading.Thread):
    """Works for one account on one machine."""

    kind = "post"
    pause = 0.0

    def __init__(self, machine, name, others, place):
        super().__init__(daemon=True)
        self.machine, self.name, self.others, self.place = machine, name, others, place
        self.dice = random.Random(name)
        # When something was acknowledged, and how commands ended.
        self.times, self.exits = [], {}
        self.problem = None
        self.stopping = threading.Event()

    def run(self):
        number = 0
        while not self.stopping.wait(self.pause):
            number += 1
            words, then = self.deed(number)
            row = self.insist(words)
            if row is None:
                return
            then(row)
            self.times.append(time.monotonic())

    def insist(self, words):
        """Runs a command until it succeeds: the record that it prints; None when it cannot succeed."""
        until = time.monotonic() + PATIENCE
        while True:
            done = self.machine.run(*words, "--format", "ndjson")
            self.exits[done.returncode] = self.exits.get(done.returncode, 0) + 1
            if done.returncode == 0:
                return json.loads(done.stdout)
            if done.returncode not in AGAIN or time.monotonic() > until:
                self.problem = f"{' '.join(words)}: exit {done.returncode}: {done.stderr.decode().strip()}"
                return None
            time.sleep(0.05)

    def deed(self, number):
        """The next command, and what is done with its answer."""
        raise NotImplementedError

    def check(self, machine):
        """What is wrong with what was acknowledged, seen from a machine."""
        raise NotImplementedError


def compared(name, acknowledged, stored):
    """What of some pairs of ids and texts was lost, and what is there twice."""
    problems = []
    lost = set(acknowledged) - set(stored)
    texts = [text for _, text in stored]
    doubled = len(texts) - len(set(texts))
    if lost:
        problems.append(f"{name}: {len(lost)} lost, such as {sorted(lost)[:3]}")
    if doubled:
        problems.append(f"{name}: {doubled} twice")
    return problems


class Poster(Writer):
    """Writes posts."""

    def __init__(self, *words):
        super().__init__(*words)
        self.acknowledged = []

    def deed(self, number):
        text = f"{self.name} {number}"
        words = ["post", "create", text, "--by", self.name, "--idempotency-key", f"post-{number}"]
        return words, lambda row: self.acknowledged.append((row["id"], text))

    def check(self, machine):
        rows = machine.rows("post", "list", "--by", self.name, "--all")
        return compared(self.name, self.acknowledged, [(row["id"], row["text"]) for row in rows])


class Follower(Writer):
    """Follows others, and follows them no longer."""

    kind = "follow"

    def __init__(self, *words):
        super().__init__(*words)
        self.acknowledged = set()

    def deed(self, number):
        other = self.dice.choice(self.others)

        def then(_):
            (self.acknowledged.discard if other in self.acknowledged else self.acknowledged.add)(other)

        return ["follow", "remove" if other in self.acknowledged else "add", self.name, other], then

    def check(self, machine):
        rows = machine.rows("follow", "list", self.name, "--all")
        stored = {row["handle"] for row in rows}
        if stored == self.acknowledged:
            return []
        return [f"{self.name}: follows {sorted(stored)}, not {sorted(self.acknowledged)}"]


def picture(dice):
    """A small picture that nobody has seen before."""
    width, height = 48, 32
    rows = b"".join(b"\0" + dice.randbytes(3 * width) for _ in range(height))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Uploader(Writer):
    """Uploads pictures and files, some of them in parts."""

    kind = "upload"
    pause = 0.2

    def __init__(self, *words):
        super().__init__(*words)
        self.acknowledged, self.objects = [], {}
        self.path = os.path.join(self.place, f"{self.name}.new")

    def deed(self, number):
        size = LARGE_BYTES if number % LARGE_EVERY == 0 else 20_000
        content = picture(self.dice) if number % 2 else self.dice.randbytes(size)
        with open(self.path, "wb") as file:
            file.write(content)
        name = f"{self.name}-{number}"
        words = ["upload", "put", self.path, "--by", self.name, "--name", name, "--any"]
        words += ["--idempotency-key", f"up-{number}"]

        def then(row):
            self.acknowledged.append((row["id"], name))
            self.objects[row["id"]] = row["object"]

        return words, then

    def check(self, machine):
        rows = machine.rows("upload", "list", "--by", self.name, "--all")
        problems = compared(self.name, self.acknowledged, [(row["id"], row["name"]) for row in rows])
        for number, wanted in self.objects.items():
            done = machine.run("upload", "get", number)
            if done.returncode != 0 or hashlib.sha256(done.stdout).hexdigest() != wanted:
                said = done.stderr.decode()
                problems.append(f"{self.name}: upload {number} is not read: exit {done.returncode} {said}")
        return problems


def longest_gap(writers, start, end, inside=False):
    """The longest time between two acknowledgements of a writer that touches a span, or lies in it, in seconds."""
    longest = 0.0
    for writer in writers:
        for before, after in zip(writer.times, writer.times[1:]):
            if (before > start and after < end) if inside else (after > start and before < end):
                longest = max(longest, after - before)
    return longest
