#!/usr/bin/env python3
"""The feed engine beside its peers, on the same graph and the same number of posts, in the same run.

    feed.py [--social PATH] [--bench PATH] [--peers FILE] [--graphs FOLDER] [--only fanout,page,…] [--quick] [--json]

Makes data directories with `social`, measures them with `feed-bench` (see FeedBench/), runs the peers (Redis and SQLite
in `feed_peers.py`, a cached page in SQLite here), and prints a table. A ratio is ours over the peer's: for rates above 1
is better, for times and bytes below 1. Parts: imports, fanout, page, pull, regenerate, depth, mix, million.

Accounts of the million have as many followees and followers as LinkBench's distribution (real degrees of Facebook's
graph) says: its first table, `nlinks`, gives for a number of links the share of accounts, in percent, that have no more.
Each account draws both degrees, and the ends are paired by chance; pairs of an account with itself, and repeated pairs,
are left out.
"""
import argparse, bisect, json, os, random, shutil, signal, sqlite3, subprocess, sys, tempfile, time

from command_line import edges_of, timed
from measuring import percentile

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.path.join(HERE, "../../shared")
PARTS = ("imports", "fanout", "page", "pull", "regenerate", "depth", "mix", "million")


class Table:
    def __init__(self, as_json):
        self.as_json = as_json
        if not as_json:
            print(f"{'':58} {'ours':>12} {'peer':>12} {'unit':14} {'ratio':>6}  goal")

    def add(self, what, ours, unit, goal, peer=None):
        ratio = ours / peer if peer else None
        if self.as_json:
            print(json.dumps(dict(what=what, ours=round(ours, 4), peer=peer and round(peer, 4), unit=unit,
                                  ratio=ratio and round(ratio, 3), goal=goal)), flush=True)
        else:
            peer_text = f"{peer:12,.2f}" if peer else " " * 12
            ratio_text = f"{ratio:6.2f}" if ratio else " " * 6
            print(f"{what:58} {ours:12,.2f} {peer_text} {unit:14} {ratio_text}  {goal}", flush=True)


class Bench:
    """What all parts need: the programs, a place, the peers' figures, and data directories made once and copied."""

    def __init__(self, args, place):
        self.args, self.place, self.table = args, place, Table(args.json)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_")}
        self.peers, self.rates, self.small = {}, {}, {}

    def social(self, data, *words):
        return timed([self.args.social, "--data", data, *map(str, words)], self.environment)

    def measure(self, scenario, data, **options):
        words = [self.args.bench, scenario, data]
        for name, value in options.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        done = subprocess.run(words, capture_output=True, text=True, env=self.environment)
        if done.returncode != 0:
            sys.exit(f"{' '.join(words)}: {done.stdout[-400:]}{done.stderr}")
        figures = [json.loads(line) for line in done.stdout.splitlines()]
        return {figure.pop("figure"): figure for figure in figures}

    def copy(self, data, name, views="keep"):
        """A copy of a directory; of its views all are kept, only the feeds, or none, so that a run must make them."""
        target = f"{self.place}/{name}"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(data, target)
        kept = {"keep": None, "feeds": ("truth.", "records.", "feed.cache", "views.lock"),
                "none": ("truth.", "records.", "views.lock")}[views]
        for folder in os.scandir(f"{target}/shards"):
            for file in os.scandir(folder.path):
                if kept and not file.name.startswith(kept):
                    os.unlink(file.path)
        return target

    def posts_file(self, count):
        path = f"{self.place}/posts-{count}.txt"
        if not os.path.exists(path):
            with open(path, "w") as f:
                f.writelines(f"a post of some ordinary length, which is number {i} of {count}\n" for i in range(count))
        return path

    def network(self, name, edges, capacity, posts=0, undirected=True, over="1d"):
        """A directory with a graph, empty cached feeds, and then posts that no cache has seen."""
        data = f"{self.place}/{name}"
        self.social(".", "init", data)
        self.social(data, "config", "set", "feed.capacity", capacity)
        took = self.social(data, "follow", "import", edges, *(["--undirected"] if undirected else []), "--prefix", "u",
                           "--create-users", "-q")
        self.rates[name] = took
        self.social(data, "feed", "regenerate", "-q")
        if posts:
            self.social(data, "post", "import", self.posts_file(posts), "--by-all", "--over", over, "-q")
        return data

    def edges_file(self, graph):
        """An edge list without a heading, and how many lines and accounts it has."""
        edges = edges_of(f"{self.args.graphs}/{graph}")
        path = f"{self.place}/{graph}.txt"
        with open(path, "w") as f:
            f.writelines(f"{a} {b}\n" for a, b in edges)
        return path, len(edges), len({end for edge in edges for end in edge})

    def github(self):
        """The GitHub graph with ten posts an account, made once."""
        path, lines, accounts = self.edges_file("git_edges.csv")
        if not os.path.exists(f"{self.place}/github"):
            self.network("github", path, 800, posts=accounts * self.args.per)
        return f"{self.place}/github", path, lines, accounts

    def filled(self):
        """The same, with all feeds cached."""
        github = self.github()[0]
        data = f"{self.place}/filled"
        if not os.path.exists(data):
            self.copy(github, "filled", "feeds")
            self.social(data, "feed", "regenerate", "-q")
        return data

    def peer(self, form, key, **match):
        """A figure of `feed_peers.py`, which runs once a peer."""
        if form not in self.peers:
            per = self.args.redis_per if form == "redis" else self.args.per
            words = [sys.executable, self.args.peers, form, f"{self.args.graphs}/git_edges.csv", "--per", str(per)]
            done = subprocess.run(words, capture_output=True, text=True)
            self.peers[form] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        found = [f[key] for f in self.peers[form] if key in f and all(f.get(k) == v for k, v in match.items())]
        return max(found) if found else None


def remove_feeds(data):
    """Takes the cached feeds away, and leaves other views."""
    for folder in os.scandir(f"{data}/shards"):
        for file in os.scandir(folder.path):
            if file.name.startswith("feed.cache"):
                os.unlink(file.path)


# MARK: Parts

def imports(b):
    path, lines, accounts = b.edges_file("git_edges.csv")
    data = f"{b.place}/imports"
    b.social(".", "init", data)
    names = f"{b.place}/names.txt"
    with open(names, "w") as f:
        f.writelines(f"{i} {i + 1}\n" for i in range(accounts - 1))
    b.social(data, "follow", "import", names, "--prefix", "u", "--create-users", "-q")
    took = b.social(data, "follow", "import", path, "--undirected", "--prefix", "u", "-q")
    b.table.add("import of follows, both directions", 2 * lines / took, "rows/s", ">= 500 k/s",
                b.peer("sqlite", "rows_per_s", work="load follows"))
    took = b.social(data, "post", "import", b.posts_file(100_000), "--by-all", "--over", "1d", "-q")
    b.table.add("import of 100,000 posts", 100_000 / took, "rows/s", ">= 200 k/s",
                b.peer("sqlite", "rows_per_s", work="load posts"))
    shutil.rmtree(data)


def fanout(b):
    redis = b.peer("redis", "deliveries_per_s")
    data = b.github()[0]
    for name, views, goal in (("feeds empty, from the log", "feeds", ">= 10 x Redis"),
                              ("no caches, from the truth", "none", ">= 10 x Redis")):
        runs = [b.measure("fanout", b.copy(data, "run", views), capacity=800, check=int(i == 0))
                for i in range(b.args.runs)]
        figure = max((run["batch fan-out"] for run in runs), key=lambda f: f["deliveries_per_s"])
        b.small[f"fanout {views}"] = figure["deliveries_per_s"]
        b.table.add(f"batch fan-out, {name} (peer: best Redis form)", figure["deliveries_per_s"], "deliveries/s", goal,
                    redis)
        b.table.add(f"  memory of it, {figure['deliveries']:,} deliveries", figure["mebibytes"], "MiB", "reported")
    entry = runs[0]["bytes an entry"]
    b.table.add(f"bytes an entry, {entry['full_feeds']:,} feeds full", entry["bytes_per_entry"], "bytes", "reported")
    # Where every feed is full: as many posts an account as a feed holds are enough.
    reed = b.edges_file("socfb-Reed98.edges")
    for capacity in (100, 800):
        full = b.network("full", reed[0], capacity, posts=reed[2] * capacity)
        entry = b.measure("fanout", full, capacity=capacity)["bytes an entry"]
        b.table.add(f"bytes an entry at capacity {capacity} ({entry['full_feeds']} feeds full)",
                    entry["bytes_per_entry"], "bytes", "<= 9", 18)
        shutil.rmtree(full)


def page(b):
    figures = b.measure("page", b.filled(), reads=20_000)["hydrated page"]
    b.small["page"] = figures["p50_us"]
    peer = sqlite_page(b)
    for q, goal in (("p50_us", "<= 15 us"), ("p99_us", "<= 60 us")):
        b.table.add(f"hydrated page of 20, in process, {q[:3]}", figures[q], "us", goal, peer[q])


def sqlite_page(b):
    """A cached page in SQLite: rows of (user, post), joined with the posts."""
    edges = edges_of(f"{b.args.graphs}/git_edges.csv")
    accounts = max(max(e) for e in edges) + 1
    db = sqlite3.connect(f"{b.place}/page.db", isolation_level=None)
    db.executescript("pragma journal_mode=wal; pragma synchronous=normal; create table follow(src int,dst int,primary "
                     "key(src,dst)) without rowid; create index followers on follow(dst,src); create table post(id "
                     "integer primary key,author int,text text); create table feed(user int,post int,primary "
                     "key(user,post)) without rowid; begin;")
    db.executemany("insert or ignore into follow values(?,?)", edges + [(y, x) for x, y in edges])
    db.executemany("insert into post values(?,?,?)", (((500_000_000_000 + i * 7) << 22, i % accounts, f"a post of some "
                   f"ordinary length, which is number {i}") for i in range(4 * accounts)))
    db.execute("insert or ignore into feed select f.src, p.id from post p join follow f on f.dst = p.author")
    db.execute("commit")
    db.execute("analyze")
    dice, times = random.Random(3), []
    query = "select p.id,p.author,p.text from feed f join post p on p.id=f.post where f.user=? order by f.post desc limit 20"
    for i in range(12_000):
        reader, start = dice.randrange(accounts), time.perf_counter()
        db.execute(query, (reader,)).fetchall()
        if i >= 2_000:
            times.append((time.perf_counter() - start) * 1e6)
    db.close()
    return dict(p50_us=percentile(times, .5), p99_us=percentile(times, .99))


def pull(b):
    data = b.copy(b.filled(), "run")
    remove_feeds(data)
    figures = b.measure("pull", data)
    heavy = figures["pull 20, heaviest reader"]
    b.small["pull"] = figures["pull 20"]["p50_us"]
    b.table.add(f"pull 20 for a reader who follows {heavy['follows']:,}, p50", heavy["p50_us"] / 1e3, "ms",
                "<= 0.1 x SQL", b.peer("sqlite", "p50_ms", work="pull 20, heaviest reader"))
    for q in ("p50", "p99"):
        b.table.add(f"pull 20, any reader, {q}", figures["pull 20"][f"{q}_us"] / 1e3, "ms", "reported",
                    b.peer("sqlite", f"{q}_ms", work="pull 20"))


def regenerate(b):
    data = b.copy(b.filled(), "run")
    figures = b.measure("regenerate", data, runs=b.args.runs)
    full, after = figures["regenerate, full"], figures["regenerate after 1 % of authors posted"]
    b.small["regenerate"] = full["seconds"]
    b.table.add("regenerate all feeds, full", full["seconds"], "s", "<= 0.2 x SQL",
                b.peer("sqlite", "seconds", work="rebuild every feed, cap 800"))
    b.table.add("regenerate after 1 % of authors posted (peer: our full)", after["seconds"], "s", "<= 0.05",
                full["seconds"])
    compared = figures["incremental against full"]
    b.table.add("  feeds whose ids differ from a full regeneration", compared["feeds_with_other_ids"], "feeds", "0")
    b.table.add("  feeds whose lower bound differs", compared["feeds_with_other_bounds"], "feeds", "0")
    # In turn a full run beside whole caches, and one that begins with none.
    whole = b.social(data, "feed", "regenerate", "--full", "-q")
    dice, rest, clean = random.Random(1), ([], []), 0
    for number in range(2 * b.args.kills):
        if number % 2:
            remove_feeds(data)
        running = subprocess.Popen([b.args.social, "--data", data, "feed", "regenerate", "--full", "-q"],
                                   env=b.environment)
        time.sleep(whole * dice.random())
        running.send_signal(signal.SIGKILL)
        running.wait()
        rest[number % 2].append(b.social(data, "feed", "regenerate", "-q"))
        clean += subprocess.run([b.args.social, "--data", data, "feed", "verify", "-q"], env=b.environment,
                                stdout=subprocess.DEVNULL).returncode == 0
    b.table.add(f"kill -9 while regenerating, {2 * b.args.kills} times: clean", clean, "times", f"{2 * b.args.kills}")
    b.table.add("  the run after it, slowest (peer: a whole run)", max(rest[0]), "s", "reported", whole)
    b.table.add("  the same where there were no caches, median", percentile(rest[1], .5), "s", "resumes", whole)


def depth(b):
    data = b.copy(b.filled(), "run")
    b.social(data, "config", "set", "feed.capacity", 100)
    b.social(data, "feed", "regenerate", "-q")
    figures = b.measure("depth", data, pages=1_000)
    last, first = figures["last page beyond the cache"], figures["first page of the deep reader"]
    follows = figures["pages beyond the cache"]["follows"]
    b.table.add(f"page {last['depth']} beyond the cache ({follows:,} followees), p50", last["p50_us"] / 1e3, "ms",
                "<= 1 ms", first["p50_us"] / 1e3)
    b.table.add("  any page beyond the cache, p99", figures["pages beyond the cache"]["p99_us"] / 1e3, "ms", "reported")
    shallow, deep = [], []
    show = [b.args.social, "--data", data, "feed", "show", last["handle"], "--json"]
    for i in range(60):
        one, other = timed(show, b.environment), timed([*show, "--after", last["cursor"]], b.environment)
        if i >= 10:
            shallow.append(one * 1e3)
            deep.append(other * 1e3)
    b.table.add("  the same as whole commands, p50 (peer: the first page)", percentile(deep, .5), "ms", "<= 2 x",
                percentile(shallow, .5))


def mix(b):
    for graph, label in (("socfb-Reed98.edges", "Reed98"), ("git_edges.csv", "GitHub")):
        path, _, accounts = b.edges_file(graph)
        first = None
        for posts in b.args.mix_posts:
            data = b.network("mix", path, 100, posts=posts, over="2d")
            b.social(data, "feed", "regenerate", "-q")
            figures = b.measure("mix", data, seconds=b.args.seconds, writer_thread=1)
            rate = figures["60/30/10 mix"]["operations_per_s"]
            b.table.add(f"60/30/10 mix, {label}, {posts:,} posts (peer: the fewest)", rate, "operations/s",
                        ">= 100 k/s, flat", first)
            first = first or rate
            b.small.setdefault(f"mix {label}", rate)
            for kind in ("home read", "profile read", "post, acknowledged"):
                row = figures[kind]
                b.table.add(f"  {kind}: p50", row["p50_us"], "us", "<= 5 ms" if kind.startswith("post") else "reported")
                b.table.add(f"  {kind}: p99 (p99.9 {row['p999_us']:,.0f}, max {row['max_us']:,.0f})", row["p99_us"], "us",
                            "reported")
            shutil.rmtree(data)


def linkbench_degrees(path):
    """The cumulative shares of the table `nlinks`, and the number of links of each."""
    shares, links = [], []
    for line in open(path):
        words = line.split()
        if len(words) == 1:
            if links:
                break
            continue
        links.append(int(words[0]))
        shares.append(float(words[1]))
    return shares, links


def linkbench_edges(path, accounts, out, seed=1):
    shares, links = linkbench_degrees(path)
    dice = random.Random(seed)

    def degree():
        return min(links[min(bisect.bisect_left(shares, dice.random() * 100), len(links) - 1)], accounts - 1)

    followers = [u for u in range(accounts) for _ in range(degree())]
    followees = [u for u in range(accounts) for _ in range(degree())]
    dice.shuffle(followees)
    edges = {(a, b) for a, b in zip(followers, followees) if a != b}
    # Whoever has no edge at all must still be there.
    alone = set(range(accounts)).difference(*({end for edge in edges for end in edge},))
    edges.update((u, (u + 1) % accounts) for u in alone)
    with open(out, "w") as f:
        f.writelines(f"{a} {b}\n" for a, b in sorted(edges))
    return len(edges)


def million(b):
    path = f"{b.place}/linkbench.txt"
    count = linkbench_edges(f"{b.args.graphs}/linkbench-distribution.dat", b.args.accounts, path)
    data = b.network("million", path, 100, posts=b.args.accounts * b.args.per, undirected=False)
    b.table.add(f"{b.args.accounts:,} accounts: import of {count:,} follows", count / b.rates["million"], "rows/s", "reported")
    fan = b.measure("fanout", b.copy(data, "run", "none"), capacity=100, check=0)["batch fan-out"]
    b.table.add("  fan-out, no caches (peer: the small graph)", fan["deliveries_per_s"], "deliveries/s", ">= 0.5 x",
                b.small.get("fanout none"))
    b.table.add("  memory of it", fan["mebibytes"], "MiB", "<= 1,024")
    data = f"{b.place}/run"
    small, large = (b.measure("million", place) for place in (b.copy(b.filled(), "small"), data))
    for name, unit in (("page, any reader", "us"), ("durable post with fan-out, any author", "us"), ("sign-in", "us")):
        for q in ("p50", "p99"):
            b.table.add(f"  {name}, {q} (peer: the small graph)", large[name][f"{q}_us"], unit, "<= 2 x",
                        small[name][f"{q}_us"])
    b.table.add("  memory of these operations", large["peak memory"]["mebibytes"], "MiB", "<= 1,024")
    figures = b.measure("mix", data, seconds=b.args.seconds, writer_thread=1)
    b.table.add("  60/30/10 mix (peer: GitHub)", figures["60/30/10 mix"]["operations_per_s"], "operations/s", ">= 0.5 x",
                b.small.get("mix GitHub"))
    b.table.add("  memory of it", figures["peak memory"]["mebibytes"], "MiB", "<= 1,024")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--social", default=".build/release/social")
    parser.add_argument("--bench", default=".build/release/feed-bench")
    parser.add_argument("--peers", default=f"{SHARED}/bench/feed_peers.py")
    parser.add_argument("--graphs", default=f"{SHARED}/data/graphs", help="with git_edges.csv, socfb-Reed98.edges and "
                        "linkbench-distribution.dat")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="fewer runs, posts and accounts")
    parser.add_argument("--per", type=int, default=10, help="posts an account of the GitHub graph")
    parser.add_argument("--redis-per", type=int, default=1, help="the same for Redis, whose slower forms take minutes")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=10, help="of each mix")
    parser.add_argument("--mix-posts", default="1000000,10000000")
    parser.add_argument("--accounts", type=int, default=1_000_000, help="of the large graph")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.quick:
        args.runs, args.kills, args.seconds, args.mix_posts, args.accounts = 1, 3, 3, "100000,1000000", 100_000
    args.mix_posts = [int(n) for n in args.mix_posts.split(",")]
    args.social, args.bench = os.path.abspath(args.social), os.path.abspath(args.bench)
    for path in (args.peers, f"{args.graphs}/git_edges.csv"):
        if not os.path.exists(path):
            sys.exit(f"there is no {path}: say where with --peers and --graphs")
    place = tempfile.mkdtemp()
    try:
        bench = Bench(args, place)
        for part in args.only.split(","):
            if part not in PARTS:
                sys.exit(f"there is no part \"{part}\": the parts are {', '.join(PARTS)}")
            globals()[part](bench)
            shutil.rmtree(f"{place}/run", ignore_errors=True)
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
