"""Uploads in an object store that others have written: put, read, read in parts, verified, repaired, removed and
collected, also when the store goes away or has lost or turned something.

usage: uploads.py PROGRAM
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

from machines import Machine
from objects import ObjectStore

BUCKET = "media"


class Checks:
    """What was found out."""

    def __init__(self):
        self.passed, self.failed = 0, 0

    def expect(self, what, found, wanted):
        """Notes whether something is as it should be."""
        if found == wanted:
            self.passed += 1
            return
        self.failed += 1
        shown = [value if len(str(value)) < 200 else f"{str(value)[:200]}…" for value in (found, wanted)]
        print(f"PROBLEM {what}: {shown[0]!r}, not {shown[1]!r}")


def named(machine):
    """The keys that the rows name."""
    return sorted({f"{row['object'][:2]}/{row['object'][2:]}" for row in machine.rows("upload", "list", "--all")})


def file(place, name, size):
    """Makes a file of chance: its path and bytes."""
    path, content = os.path.join(place, name), os.urandom(size)
    with open(path, "wb") as target:
        target.write(content)
    return path, content


def reading(checks, machine, store, place):
    """Uploads of one and of several parts come back whole, and in parts, when nothing is kept here."""
    sizes = {"empty.bin": 0, "one.bin": 1, "small.bin": 100_000, "whole.bin": 16 << 20, "parts.bin": (16 << 20) + 1,
             "large.bin": 40_000_000}
    contents = {}
    for name, size in sizes.items():
        path, contents[name] = file(place, name, size)
        machine.bytes("upload", "put", path, "--by", "ana", "--any")
    machine.bytes("upload", "put", os.path.join(place, "large.bin"), "--by", "ben", "--any", "--name", "again.bin")
    checks.expect("the store has what the rows name", sorted(store.keys(BUCKET)), named(machine))
    machine.forget_objects()
    for name, content in contents.items():
        checks.expect(f"{name} is read", machine.bytes("upload", "get", f"ana/{name}") == content, True)
    machine.forget_objects()
    for first, last in ((0, 0), (8 << 20, (8 << 20) + 9), ((8 << 20) - 5, (16 << 20) + 5), (39_999_990, 39_999_999)):
        part = machine.bytes("upload", "get", "ana/large.bin", "--range", f"{first}-{last}")
        checks.expect(f"bytes {first}-{last}", part == contents["large.bin"][first:last + 1], True)
    for words in ([], ["--deep"]):
        checks.expect(f"verify {words}", machine.run("upload", "verify", *words).returncode, 0)
    return contents


def damage(checks, machine, store, contents):
    """What the store has lost or turned is found, never given out, and put right from what is kept here."""
    key = next(f"/{BUCKET}/{row['object'][:2]}/{row['object'][2:]}" for row in machine.rows("upload", "list", "--all")
               if row["name"] == "small.bin")
    content = contents["small.bin"]
    for what in ("lost", "turned"):
        machine.forget_objects()
        if what == "lost":
            checks.expect("an object is removed behind our back", store.request("DELETE", key), 204)
        else:
            store.request("PUT", key, body=bytes([content[0] ^ 1]) + content[1:])
        got = machine.run("upload", "get", "ana/small.bin")
        checks.expect(f"what is {what} is not given", (got.returncode in (1, 65, 66, 74), got.stdout), (True, b""))
        checks.expect(f"what is {what} is found", machine.run("upload", "verify", "--deep").returncode, 1)
        path = os.path.join(os.path.dirname(machine.data), "small.bin")
        machine.bytes("upload", "put", path, "--by", "ana", "--any", "--name", f"{what}.bin")
        machine.run("upload", "verify", "--deep", "--repair")
        checks.expect(f"what was {what} is whole", machine.run("upload", "verify", "--deep").returncode, 0)
        checks.expect(f"what was {what} is read", machine.bytes("upload", "get", "ana/small.bin") == content, True)


def interruption(checks, machine, store, place):
    """An upload in parts is broken off: what it has left is collected, and the same bytes can be put again."""
    path, _ = file(place, "broken.bin", 120_000_000)
    command = [machine.program, "--data", machine.data, "upload", "put", path, "--by", "ana", "--any"]
    before = set(store.keys(BUCKET, parts=True))
    checks.expect("large objects lie there in parts", len(before) >= 5, True)
    with subprocess.Popen(command, env=machine.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not set(store.keys(BUCKET, parts=True)) - before:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    checks.expect("the upload was broken off", process.returncode, -signal.SIGKILL)
    checks.expect("gc runs", machine.run("upload", "gc").returncode, 0)
    checks.expect("gc leaves nothing of it", sorted(set(store.keys(BUCKET, parts=True)) - before), [])
    checks.expect("gc leaves what rows name", sorted(store.keys(BUCKET)), named(machine))
    machine.bytes("upload", "put", path, "--by", "ana", "--any")
    machine.bytes("upload", "delete", "ana/broken.bin", "--by", "ana", "--yes")
    machine.bytes("upload", "gc")
    checks.expect("the parts are removed with the object", sorted(set(store.keys(BUCKET, parts=True)) - before), [])


def absence(checks, machine, store, place, contents):
    """Without the store what is kept here is read, nothing is promised, and posts are written as always."""
    machine.bytes("upload", "get", "ana/small.bin")
    path, _ = file(place, "later.bin", 1_000)
    store.kill()
    kept = machine.bytes("upload", "get", "ana/small.bin")
    checks.expect("what is kept here is read", kept == contents["small.bin"], True)
    put = ["upload", "put", path, "--by", "ana", "--any"]
    checks.expect("a put without the store", machine.run(*put, AWS_MAX_ATTEMPTS="2").returncode, 75)
    checks.expect("a post without the store", machine.run("post", "create", "still here", "--by", "ana").returncode, 0)
    store.start()
    checks.expect("a put after that", machine.run(*put).returncode, 0)
    checks.expect("verify after that", machine.run("upload", "verify", "--deep").returncode, 0)


def refusals(checks, machine, store, place):
    """What is refused is said so, with the exit status that the manual gives."""
    machine.forget_objects()
    wrong = machine.run("upload", "get", "ana/small.bin", AWS_SECRET_ACCESS_KEY="wrong")
    checks.expect("a wrong key", (wrong.returncode, wrong.stdout), (77, b""))
    for what, address, status in (("a place that is used", store.address(BUCKET), 73),
                                  ("no bucket", store.address("nobody"), 67)):
        other = Machine(machine.program, os.path.join(place, "other"), machine.environment)
        done = subprocess.run([other.program, "init", other.data, "--objects", address],
                              capture_output=True, check=False, env=other.environment)
        checks.expect(what, done.returncode, status)


def main():
    place = tempfile.mkdtemp(prefix="social-cluster-")
    checks, store = Checks(), ObjectStore(place).make().start()
    try:
        machine = Machine(sys.argv[1], os.path.join(place, "machine"), store.credentials())
        machine.init("--shards", "2", "--objects", store.bucket(BUCKET))
        for name in ("ana", "ben"):
            machine.bytes("user", "create", name)
        contents = reading(checks, machine, store, place)
        damage(checks, machine, store, contents)
        interruption(checks, machine, store, place)
        absence(checks, machine, store, place, contents)
        refusals(checks, machine, store, place)
        for name in ("ana", "ben"):
            machine.bytes("user", "delete", name, "--erase", "--yes")
        machine.bytes("upload", "gc")
        left = store.keys(BUCKET) + store.keys(BUCKET, parts=True)
        checks.expect("nothing is left of those who are erased", left, [])
        machine.bytes("verify", "--deep")
    finally:
        store.kill()
        subprocess.run(["rm", "-rf", place], check=False)
    print(f"uploads in an object store: {checks.passed} checks passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
