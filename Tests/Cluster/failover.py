"""Writers go on while the server that takes their writes is killed and a standby is promoted: nothing that was
acknowledged may be lost, and nothing done twice.

usage: failover.py PROGRAM [--writers N] [--seconds S]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

from servers import Server, address


class Writer(threading.Thread):
    """Posts for one account, each post under a key of its own until it is acknowledged."""

    def __init__(self, program, data, name):
        super().__init__()
        self.program, self.data, self.name = program, data, name
        self.acknowledged = []
        self.times = []
        self.exits = {}
        self.stopping = threading.Event()

    def run(self):
        number = 0
        while not self.stopping.is_set():
            number += 1
            text = f"{self.name} {number}"
            words = ["post", "create", text, "--by", self.name, "--idempotency-key", f"key-{number}", "--json"]
            while True:
                done = subprocess.run(
                    [self.program, "--data", self.data, *words], capture_output=True, text=True, check=False)
                self.exits[done.returncode] = self.exits.get(done.returncode, 0) + 1
                if done.returncode == 0:
                    self.acknowledged.append((json.loads(done.stdout)["id"], text))
                    self.times.append(time.monotonic())
                    break
                if done.returncode not in (69, 75):
                    raise RuntimeError(f"exit {done.returncode}: {done.stderr}")
                time.sleep(0.05)


def social(program, data, *words):
    """What a command prints."""
    done = subprocess.run([program, "--data", data, *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def standbys(primary, others):
    """Says whose answer a commit waits for."""
    names = ", ".join(server.name for server in others)
    primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({names})'")
    primary.sql("SELECT pg_reload_conf()")


def fail_over(servers):
    """Kills the first server and promotes whichever of the others has received more: it, and the one that follows."""
    servers[0].kill()
    received = "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')"
    rest = sorted(servers[1:], key=lambda server: -int(server.sql(received)))
    rest[0].promote()
    for follower in rest[1:]:
        place = f"host=127.0.0.1 port={rest[0].port} user=social application_name={follower.name}"
        follower.sql(f"ALTER SYSTEM SET primary_conninfo = '{place}'")
        follower.sql("SELECT pg_reload_conf()")
    standbys(rest[0], rest[1:])
    return rest


def check(program, folders, writers):
    """What is wrong after everything."""
    problems = []
    for writer in writers:
        lines = social(program, folders[0], "post", "list", "--by", writer.name, "--all", "--format", "ndjson")
        stored = [(post["id"], post["text"]) for post in map(json.loads, lines.splitlines())]
        lost = set(writer.acknowledged) - set(stored)
        texts = [text for _, text in stored]
        doubled = {text for text in texts if texts.count(text) > 1}
        if lost:
            problems.append(f"{writer.name}: lost {sorted(lost)[:3]} and {len(lost)} in all")
        if doubled:
            problems.append(f"{writer.name}: twice {sorted(doubled)[:3]} and {len(doubled)} in all")
    for words in (["digest"], ["feed", "show", writers[0].name, "--format", "ids"], ["search", "posts", "1", "--format", "ids"]):
        answers = {social(program, folder, *words) for folder in folders}
        if len(answers) != 1:
            problems.append(f"the machines answer \"{' '.join(words)}\" differently")
    for folder in folders:
        social(program, folder, "verify", "--deep")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    place = tempfile.mkdtemp(prefix="social-cluster-")
    os.chmod(place, 0o755)
    one = Server(place, "one").make().start()
    one.sql("CREATE DATABASE social")
    servers = [one] + [Server(place, name).copy(one).start() for name in ("two", "three")]
    standbys(one, servers[1:])
    folders = [os.path.join(place, f"machine{number}") for number in (1, 2)]
    for folder in folders:
        subprocess.run(
            [options.program, "init", folder, "--store", address(*servers), "--shards", "8", "-q"], check=True)
    names = [f"writer{number}" for number in range(options.writers)]
    for name in names:
        social(options.program, folders[0], "user", "create", name)
    for name in names[1:]:
        social(options.program, folders[0], "follow", "add", names[0], name)
    writers = [Writer(options.program, folders[index % 2], name) for index, name in enumerate(names)]
    for writer in writers:
        writer.start()
    time.sleep(options.seconds / 2)
    killed = time.monotonic()
    fail_over(servers)
    promoted = time.monotonic()
    time.sleep(options.seconds / 2)
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join()
    problems = check(options.program, folders, writers)
    total = sum(len(writer.acknowledged) for writer in writers)
    after = min(min((t for t in writer.times if t > killed), default=float("inf")) for writer in writers)
    exits = {}
    for writer in writers:
        for code, count in writer.exits.items():
            exits[code] = exits.get(code, 0) + count
    print(f"{total} posts acknowledged by {len(writers)} writers on two machines; exits {exits}")
    print(f"promoted after {promoted - killed:.2f} s, the first post after the kill was acknowledged after "
          f"{after - killed:.2f} s")
    for problem in problems:
        print(f"PROBLEM {problem}")
    print("nothing lost, nothing done twice" if not problems else f"{len(problems)} problems")
    for server in servers:
        server.kill()
    subprocess.run(["rm", "-rf", place], check=False)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
