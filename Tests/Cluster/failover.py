"""Writers go on while servers fail: two machines with one network, whose shards lie on two groups of PostgreSQL
servers, each a primary and two standbys, and whose uploads lie in an object store. Shards move to the second group, the
primary of each group is killed and a standby promoted, and the object store is killed and started again. Nothing that
was acknowledged may be lost, nothing done twice, and both machines must show the same.

usage: failover.py PROGRAM [--writers N] [--seconds S] [--no-add] [--json]
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from machines import Machine
from objects import ObjectStore
from servers import Group
from writers import Follower, Poster, Uploader, longest_gap

QUIET = "nothing"
KINDS = ("post", "follow", "upload")
SETTINGS = {"wal_level": "logical", "max_wal_senders": 40, "max_replication_slots": 40,
            "max_logical_replication_workers": 20, "max_worker_processes": 40}


class Course:
    """What happens while they write, one thing after the other."""

    def __init__(self, pause):
        self.pause, self.events, self.problems = pause, [], []
        # What "shard add" says of itself.
        self.moved = {}

    def rest(self, what):
        """Lets the writers write undisturbed."""
        start = time.monotonic()
        time.sleep(self.pause)
        self.events.append((what, start, time.monotonic()))

    @contextlib.contextmanager
    def event(self, what):
        """Notes when something begins and ends."""
        print(f"{what} …", file=sys.stderr, flush=True)
        start = time.monotonic()
        yield
        self.events.append((what, start, time.monotonic()))
        time.sleep(self.pause)

    def gaps(self, writers):
        """What each event cost: for each kind of deed the longest time between two acknowledgements of one writer."""
        rows = []
        for what, start, end in self.events:
            row = {"event": what, "seconds": round(end - start, 2)}
            for kind in KINDS:
                some = [writer for writer in writers if writer.kind == kind]
                row[kind] = round(longest_gap(some, start, end, inside=what == QUIET), 2)
            rows.append(row)
        return rows


def add_server(course, machine, group):
    """Adds a group of servers and moves its share of the shards there."""
    with course.event("shards move to group two"):
        done = machine.run("shard", "add", "--store", group.address(), "--json", "--yes")
    if done.returncode != 0:
        course.problems.append(f"shard add: exit {done.returncode} {done.stderr.decode().strip()}")
        return
    summary = json.loads(done.stdout)
    course.moved = {"shards": len(summary["transfers"]), "rows": summary["rows"], "wait": summary["longest_wait_ms"]}


def kill_primary(course, group):
    """Kills a primary and promotes a standby; then the one that was killed comes back as a standby."""
    with course.event(f"primary of group {group.name} killed"):
        killed = group.fail_over()
    with course.event("it comes back as a standby"):
        group.rejoin(killed)


def restart_objects(course, store):
    """Kills the object store, and starts it after a while."""
    with course.event("object store killed and started"):
        store.kill()
        time.sleep(2)
        store.start()


def check(machines, writers):
    """What is wrong in the end."""
    problems = [writer.problem for writer in writers if writer.problem]
    for machine in machines:
        # What an upload is read from is the object store.
        machine.forget_objects()
        for writer in writers:
            problems += [f"{os.path.basename(machine.data)}: {problem}" for problem in writer.check(machine)]
    for words in (["digest"], ["feed", "show", "reader0", "--limit", "500", "--format", "ids"],
                  ["feed", "show", "reader1", "--limit", "500", "--format", "ids"],
                  ["search", "posts", "writer0", "--limit", "50", "--format", "ids"],
                  ["search", "posts", "7", "--limit", "50", "--format", "ids"],
                  ["notification", "list", "star0", "--format", "json"], ["post", "list", "--all", "--format", "ids"],
                  ["upload", "list", "--all", "--format", "ids"]):
        answers = {machine.bytes(*words) for machine in machines}
        if len(answers) != 1:
            problems.append(f"the machines answer \"{' '.join(words)}\" differently")
        if answers == {b""}:
            problems.append(f"\"{' '.join(words)}\" finds nothing")
    for machine in machines:
        for words in (["verify", "--deep"], ["upload", "verify", "--deep"]):
            done = machine.run(*words)
            if done.returncode != 0:
                said = (done.stdout + done.stderr).decode()
                problems.append(f"{' '.join(words)}: exit {done.returncode} {said}")
    return problems


def network(program, place, group, store):
    """Two machines with one network of eight shards."""
    machines = [Machine(program, os.path.join(place, f"machine{number}"), store.credentials()) for number in (1, 2)]
    media = store.bucket("media")
    for machine in machines:
        machine.init("--store", group.address(), "--shards", "8", "--objects", media)
    return machines


def people(machines, place, count):
    """Writers of each kind on both machines, readers who follow those who post, and some who only have followers."""
    stars, readers = [f"star{number}" for number in range(6)], ["reader0", "reader1"]
    kinds = (Poster, Poster, Uploader, Follower)
    writers = [kinds[number // 2 % 4](machines[number % 2], f"writer{number}", stars, place) for number in range(count)]
    lines = [["user", "create", name] for name in stars + readers + [writer.name for writer in writers]]
    authors = [writer.name for writer in writers if writer.kind == "post"]
    lines += [["follow", "add", reader, author] for reader in readers for author in authors]
    path = os.path.join(place, "lines")
    with open(path, "w", encoding="ascii") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    machines[0].bytes("batch", path)
    return writers


def report(options, course, writers, problems):
    """Prints what came of it: the exit status."""
    exits, done = {}, {kind: 0 for kind in KINDS}
    for writer in writers:
        done[writer.kind] += len(writer.times)
        for status, count in writer.exits.items():
            exits[status] = exits.get(status, 0) + count
    if options.json:
        print(json.dumps({"acknowledged": done, "exits": exits, "events": course.gaps(writers),
                          "moved": course.moved, "problems": problems}))
        return 1 if problems else 0
    print(f"acknowledged to {len(writers)} writers on two machines: "
          + ", ".join(f"{count} {kind}s" for kind, count in done.items()) + f"; exits {exits}")
    print(f"{'the longest wait of a writer around an event, in seconds':58}" + "".join(f"{kind:>8}" for kind in KINDS))
    for row in course.gaps(writers):
        what = f"{row['event']} ({row['seconds']:.1f} s)"
        print(f"  {what:56}" + "".join(f"{row[kind]:8.2f}" for kind in KINDS))
    if course.moved:
        print("moved: {shards} shards, {rows} rows; writers waited at most {wait} ms".format(**course.moved))
    for problem in problems:
        print(f"PROBLEM {problem}")
    print("nothing lost, nothing done twice" if not problems else f"{len(problems)} problems")
    return 1 if problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60, help="how long they write undisturbed, in all")
    parser.add_argument("--no-add", action="store_true", help="leave the second group out")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    # Whoever is stopped takes the servers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    place = tempfile.mkdtemp(prefix="social-cluster-")
    os.chmod(place, 0o755)
    store = ObjectStore(place).make().start()
    groups = [Group(place, name, settings=SETTINGS) for name in ("one", "two")[:1 if options.no_add else 2]]
    try:
        machines = network(os.path.abspath(options.program), place, groups[0], store)
        writers = people(machines, place, options.writers)
        course = Course(options.seconds / (2 + 2 * len(groups) + len(groups[1:])))
        for writer in writers:
            writer.start()
        course.rest(QUIET)
        for group in groups[1:]:
            add_server(course, machines[0], group)
        for group in groups:
            kill_primary(course, group)
        restart_objects(course, store)
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join()
        print("checking …", file=sys.stderr, flush=True)
        problems = course.problems + check(machines, writers)
    finally:
        for group in groups:
            group.kill()
        store.kill()
        subprocess.run(["rm", "-rf", place], check=False)
    return report(options, course, writers, problems)


if __name__ == "__main__":
    sys.exit(main())
