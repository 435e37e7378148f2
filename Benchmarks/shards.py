#!/usr/bin/env python3
"""Ids and shards beside their peers, in the same run.

    shards.py [--social PATH] [--bench PATH] [--only ids,crowd,keys,moves,load,listing] [--quick] [--json]

What happens in one process is measured by `shard-bench` (see ShardBench/), with peers written there: Snowflake, jump
hash, a ring of 100 points a shard. Many processes are the real program. A ratio is ours over the peer's: for rates above 1
is better, for times below 1.
"""
import argparse, datetime, json, os, shutil, subprocess, sys, tempfile

from command_line import timed
from feed import Table
from measuring import percentile

PARTS = ("ids", "crowd", "keys", "moves", "load", "listing")


class Bench:
    def __init__(self, args, place):
        self.args, self.place, self.table = args, place, Table(args.json)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_")}

    def figures(self, scenario, *words):
        done = subprocess.run([self.args.bench, scenario, *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"shard-bench {scenario}: {done.stdout[-400:]}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def social(self, data, *words, **options):
        return subprocess.run([self.args.social, "--data", data, *map(str, words)], env=self.environment, check=True,
                              capture_output=True, text=True, **options).stdout


def one(figures, **match):
    return next(f for f in figures if all(f[k] == v for k, v in match.items()))


# MARK: Parts

def ids(b):
    figures = b.figures("ids", 5_000_000 if b.args.quick else 50_000_000)
    peer = one(figures, figure="minting", minter="snowflake")
    for minter in ("all slots in turn", "one slot"):
        ours = one(figures, figure="minting", minter=minter)
        b.table.add(f"minting, clock read for each id, {minter} (peer: Snowflake)", ours["ids_per_s"] / 1e6, "M ids/s",
                    ">= 20", peer["ids_per_s"] / 1e6)
        b.table.add("  ids that are not above the last of their slot", ours["not_increasing"], "ids", "0")


def crowd(b):
    """Processes at once, every other one with a clock that is 10 s behind, and then as many that all are."""
    data, posts, count = f"{b.place}/crowd", 50, b.args.processes
    authors = [f"author-{n}" for n in range(8)]
    now = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)

    def clock(seconds):
        return (now + datetime.timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")

    b.social(".", "init", data, "--shards", 4)
    for author in authors:
        b.social(data, "user", "create", author, "--now", clock(0))

    def stage(seconds):
        """Posts by all processes together: each one's ids, in the order in which it was told them."""
        running = []
        for number in range(count):
            lines = "".join(json.dumps(["post", "create", f"{number} {n}", "--by", authors[(number + n) % 8]]) + "\n"
                            for n in range(posts))
            path = f"{b.place}/lines-{number}"
            with open(path, "w") as f:
                f.write(lines)
            running.append(subprocess.Popen(
                [b.args.social, "--data", data, "--now", clock(seconds[number % len(seconds)]), "--lock-wait", "60s",
                 "batch", path], env=b.environment, stdout=subprocess.PIPE, text=True))
        results = [process.communicate()[0] for process in running]
        if any(process.returncode for process in running):
            sys.exit("a process of the crowd failed")
        return [[int(json.loads(line)["result"]["id"]) for line in result.splitlines()] for result in results]

    first, second = stage([20, 10]), stage([10])
    told = [id for process in first + second for id in process]
    slot = lambda id: id >> 10 & 4095
    highest, disorder = {}, 0
    for id in (id for process in first for id in process):
        highest[slot(id)] = max(id, highest.get(slot(id), 0))
    for process in second:
        disorder += sum(id <= highest.get(slot(id), 0) for id in process)
    for process in first + second:
        last = {}
        for id in process:
            disorder += id <= last.get(slot(id), 0)
            last[slot(id)] = id
    peer = one(b.figures("ids", 1_000), figure="clock stepped back")
    b.table.add(f"{count} processes, clocks 10 s apart, {len(told):,} posts: duplicates (peer: Snowflake)",
                len(told) - len(set(told)), "ids", "0", peer["duplicates"])
    b.table.add("  ids out of order in their slot", disorder, "ids", "0")


def keys(b):
    figures = b.figures("keys", 200_000 if b.args.quick else 1_000_000)
    for shards in (8, 64):
        ours = one(figures, strategy="slot map", shards=shards)
        for peer in ("jump", "ring"):
            theirs = one(figures, strategy=peer, shards=shards)
            b.table.add(f"key to shard, {shards} shards (peer: {peer})", ours["nanoseconds"], "ns", "<= 10",
                        theirs["nanoseconds"])


def moves(b):
    figures = b.figures("moves", 200_000 if b.args.quick else 1_000_000)
    slots = one(figures, strategy="slots", unit="slots")
    ours, jump, ring = (one(figures, strategy=s, unit="keys") for s in ("slots", "jump", "ring"))
    b.table.add("64 shards, fullest over mean, counted in slots", slots["balance"], "", "<= 1.02")
    b.table.add("  counted in keys (peer: jump)", ours["balance"], "", "reported", jump["balance"])
    b.table.add("  counted in keys (peer: ring)", ours["balance"], "", "reported", ring["balance"])
    b.table.add("one more shard, moved over ideal, counted in slots", slots["moved_over_ideal"], "", "<= 1.02")
    b.table.add("  counted in keys (peer: jump)", ours["moved_over_ideal"], "", "reported", jump["moved_over_ideal"])
    b.table.add("  counted in keys (peer: ring)", ours["moved_over_ideal"], "", "reported", ring["moved_over_ideal"])
    b.table.add("  keys that move between shards which were there", ours["between_old"], "keys", "0")


def load(b):
    figure = b.figures("loads", 1_000_000 if b.args.quick else 10_000_000)[0]
    b.table.add("counting one read of a slot", figure["one_nanoseconds"], "ns", "reported")
    b.table.add("  a page of 20", figure["page_of_20_nanoseconds"], "ns", "<= 1 % of a page")
    b.table.add("  the first page of a process, which maps the file", figure["first_page_microseconds"], "us",
                "<= 1 % of a command")


def listing(b):
    """`shard list` with and without a large network, and `shard hottest`, which reads everything."""
    small, large = f"{b.place}/small", f"{b.place}/large"
    b.social(".", "init", small, "--shards", 4)
    b.social(".", "init", large, "--shards", 4)
    posts = 100_000 if b.args.quick else 1_000_000
    fixture = f"{b.place}/fixture"
    with open(fixture, "w") as f:
        subprocess.run([b.args.social, "fixture", "generate", "--users", str(posts // 20), "--posts", str(posts)],
                       env=b.environment, check=True, stdout=f)
    b.social(large, "import", fixture, "-q")
    fields = "shard,slots,reads,writes,bytes,share,head"
    for words, goal in ((["list", "--fields", fields], "<= 2 x"), (["list"], "reported"), (["hottest"], "reported")):
        times = [percentile([timed([b.args.social, "--data", data, "shard", *words], b.environment) * 1e3
                             for _ in range(b.args.runs)], .5) for data in (large, small)]
        what = f"shard {words[0]}{' without what is counted' if words[1:] else ''}"
        b.table.add(f"{what}, {posts:,} posts (peer: an empty network)", times[0], "ms", goal, times[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--social", default=".build/release/social")
    parser.add_argument("--bench", default=".build/release/shard-bench")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="fewer ids, keys and posts")
    parser.add_argument("--processes", type=int, default=64, help="of the crowd")
    parser.add_argument("--runs", type=int, default=9, help="of each command")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    args.social, args.bench = os.path.abspath(args.social), os.path.abspath(args.bench)
    place = tempfile.mkdtemp()
    try:
        bench = Bench(args, place)
        for part in args.only.split(","):
            if part not in PARTS:
                sys.exit(f"there is no part \"{part}\": the parts are {', '.join(PARTS)}")
            globals()[part](bench)
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
