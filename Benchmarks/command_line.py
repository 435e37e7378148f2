#!/usr/bin/env python3
"""The command line beside the sqlite3 shell: whole commands, interleaved run by run, on the same graph and posts.

    command_line.py [--social PATH] [--graph FILE] [--accounts 1000000] [--runs 200] [--shards 1,4,64] [--json]

Measures `version`, a one-shot feed of 20 hydrated posts, a one-shot durable post with fan-out (by an author with few
followers and by the one with most), `batch` (grouped, and each change durable on its own), imports, and the completion of
a handle among a million. The peer is the sqlite3 shell (for imports: SQLite through Python's module) doing the same work on
a database with the same accounts, edges and posts. Without --graph it draws a graph of its own with a power-law degree.

A ratio below 1 means that social needs less time than the peer (for rates: above 1 means more a second).
"""
import argparse, json, os, random, shutil, sqlite3, subprocess, sys, tempfile, time

from measuring import percentile


def edges_of(path):
    edges = []
    for line in open(path):
        parts = line.replace(",", " ").split()
        if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit():
            edges.append((int(parts[0]), int(parts[1])))
    return edges


def drawn_edges(accounts=20_000, seed=1):
    dice, edges = random.Random(seed), set()
    for a in range(1, accounts):
        for _ in range(4):
            b = int(a * dice.random() ** 3)
            if b != a:
                edges.add((a, b))
    return sorted(edges)


def timed(command, environment):
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    took = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{command}: exit {done.returncode}: {done.stderr.decode()}")
    return took


class Table:
    def __init__(self, as_json):
        self.as_json, self.rows = as_json, []

    def add(self, what, shards, ours, peer, unit, goal):
        ratio = ours / peer if peer else None
        row = dict(what=what, shards=shards, social=round(ours, 3), peer=peer and round(peer, 3), unit=unit,
                   ratio=ratio and round(ratio, 2), goal=goal)
        self.rows.append(row)
        if self.as_json:
            print(json.dumps(row), flush=True)
        else:
            peer_text = f"{peer:12.2f}" if peer else " " * 12
            ratio_text = f"{ratio:6.2f}" if ratio else " " * 6
            print(f"{what:46} {shards:>3} {ours:12.2f} {peer_text} {unit:8} {ratio_text}  {goal}", flush=True)


def compare(table, what, shards, ours, theirs, runs, environment, goal):
    """Runs both commands in turn; `ours` and `theirs` make the command of a run."""
    mine, peers = [], []
    for i in range(runs + 10):
        a, b = timed(ours(i), environment), timed(theirs(i), environment)
        if i >= 10:
            mine.append(a * 1e3)
            peers.append(b * 1e3)
    for name, q, aim in (("p50", .5, goal[0]), ("p99", .99, goal[1])):
        if aim is not None:
            table.add(f"{what}, {name}", shards, percentile(mine, q), percentile(peers, q), "ms", aim)


def peer_database(path, edges, texts):
    accounts = max(max(e) for e in edges) + 1
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("""
        pragma journal_mode = wal; pragma synchronous = full;
        create table account(id integer primary key, handle text unique);
        create table follow(src int, dst int, primary key(src, dst)) without rowid;
        create index followers on follow(dst, src);
        create table post(id integer primary key, author int, text text);
        create index by_author on post(author, id);
        create table feed(user int, post int, primary key(user, post)) without rowid;""")
    both = edges + [(b, a) for a, b in edges]
    start = time.perf_counter()
    db.execute("begin")
    db.executemany("insert into account values(?, ?)", ((i, f"u{i}") for i in range(accounts)))
    db.executemany("insert or ignore into follow values(?, ?)", both)
    db.execute("commit")
    follows = len(both) / (time.perf_counter() - start)
    start = time.perf_counter()
    db.execute("begin")
    db.executemany("insert into post values(?, ?, ?)",
                   (((500_000_000_000 + i * 7) << 22, i % accounts, text) for i, text in enumerate(texts)))
    db.execute("commit")
    posts = len(texts) / (time.perf_counter() - start)
    db.execute("begin")
    db.execute("insert or ignore into feed select f.src, p.id from post p join follow f on f.dst = p.author "
               "where p.id > (select id from post order by id desc limit 1 offset ?)", (2 * accounts,))
    db.execute("commit")
    db.execute("analyze")
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    return accounts, follows, posts


def complete(table, social, accounts, place, runs, environment):
    """What a shell waits for when somebody types the beginning of a handle and presses Tab."""
    data, peer, edges = f"{place}/many", f"{place}/many.db", f"{place}/many.txt"
    with open(edges, "w") as f:
        f.writelines(f"{i} {i + 1}\n" for i in range(accounts - 1))
    timed([social, "init", data], environment)
    timed([social, "--data", data, "follow", "import", edges, "--prefix", "u", "--create-users"], environment)
    db = sqlite3.connect(peer)
    db.execute("create table account(id integer primary key, handle text unique)")
    db.executemany("insert into account values(?, ?)", ((i, f"u{i}") for i in range(accounts)))
    db.commit()
    db.close()
    dice = random.Random(4)
    typed = [f"u{dice.randrange(accounts)}"[:dice.randrange(1, 8)] for _ in range(runs + 10)]
    page = "select handle from account where handle >= '%s' and handle < '%s~' order by handle limit 100"
    inside = dict(environment, SOCIAL_DATA=data)
    for prefix in typed:  # An empty answer is no error, and would be fast.
        line = [social, "__complete", "--", f"social feed show {prefix}"]
        offered = subprocess.run(line, capture_output=True, env=inside, text=True).stdout.split()
        if not offered or not all(handle.startswith(prefix) for handle in offered):
            sys.exit(f"{line}: offers {offered[:3]}")
    compare(table, f"completion of a handle among {accounts:,}", 1,
            lambda i: [social, "__complete", "--", f"social feed show {typed[i]}"],
            lambda i: ["sqlite3", peer, page % (typed[i], typed[i])], runs, inside, ("<= 20 ms", "<= 20 ms"))
    shutil.rmtree(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--social", default=".build/release/social")
    parser.add_argument("--graph")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--accounts", type=int, default=1_000_000, help="for the completion of a handle")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--shards", default="1,4,64")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    social = os.path.abspath(args.social)
    shared = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../shared/data/graphs/git_edges.csv")
    graph = args.graph or (shared if os.path.exists(shared) else None)
    edges = edges_of(graph) if graph else drawn_edges()
    texts = [f"a post of some ordinary length, number {i}" for i in range(args.posts)]
    place = tempfile.mkdtemp()
    try:
        run(args, social, edges, texts, place)
    finally:
        shutil.rmtree(place)


def run(args, social, edges, texts, place):
    table = Table(args.json)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_")}
    peer = f"{place}/peer.db"
    accounts, peer_follows, peer_posts = peer_database(peer, edges, texts)
    degree = [0] * accounts
    for a, b in edges:
        degree[a] += 1
        degree[b] += 1
    largest = max(range(accounts), key=lambda u: degree[u])
    median = sorted(u for u in range(accounts) if degree[u] == percentile([d for d in degree if d], .5))
    dice = random.Random(3)
    readers = [dice.choice([u for u in range(accounts) if degree[u] >= 3]) for _ in range(args.runs + 10)]
    graph_file, post_file, batch_file = f"{place}/edges.txt", f"{place}/posts.txt", f"{place}/batch.ndjson"
    accounts_file = f"{place}/accounts.ndjson"
    with open(accounts_file, "w") as f:
        f.writelines(json.dumps(["user", "create", f"u{i}"]) + "\n" for i in range(accounts))
    with open(graph_file, "w") as f:
        f.writelines(f"{a} {b}\n" for a, b in edges)
    with open(post_file, "w") as f:
        f.writelines(text + "\n" for text in texts)
    with open(batch_file, "w") as f:
        for i in range(50_000):
            f.write(json.dumps(["post", "create", texts[i % len(texts)], "--by", f"u{dice.randrange(accounts)}"]) + "\n")
    if not args.json:
        print(f"{accounts} accounts, {2 * len(edges)} follows, {len(texts)} posts, largest {degree[largest]} followers\n")
        print(f"{'':46} {'sh.':>3} {'social':>12} {'peer':>12} {'':8} {'ratio':>6}  goal")
    compare(table, "version (sqlite3 -version)", "-", lambda i: [social, "version"], lambda i: ["sqlite3", "-version"],
            args.runs, environment, ("<= 1.2", None))
    complete(table, social, args.accounts, place, args.runs, environment)
    for shards in args.shards.split(","):
        data = f"{place}/data{shards}"
        inside = dict(environment, SOCIAL_DATA=data)
        timed([social, "init", data, "--shards", shards], environment)
        timed([social, "batch", accounts_file], inside)
        took = timed([social, "follow", "import", graph_file, "--undirected", "--prefix", "u"], inside)
        table.add("import of follows", shards, 2 * len(edges) / took, peer_follows, "rows/s", ">= 500 k/s")
        shutil.rmtree(data)
        timed([social, "init", data, "--shards", shards], environment)
        took = timed([social, "follow", "import", graph_file, "--undirected", "--prefix", "u", "--create-users"], inside)
        table.add("import of follows, accounts made too", shards, 2 * len(edges) / took, peer_follows, "rows/s", "reported")
        took = timed([social, "post", "import", post_file, "--by-all", "--over", "3d"], inside)
        table.add("import of posts", shards, len(texts) / took, peer_posts, "rows/s", ">= 200 k/s")
        timed([social, "feed", "regenerate"], inside)
        feed = ("select p.id, a.handle, p.text from feed f join post p on p.id = f.post join account a on a.id = p.author "
                "where f.user = (select id from account where handle = 'u%d') order by f.post desc limit 20")
        main_goals = shards == "1"
        compare(table, "feed of 20, hydrated, JSON", shards,
                lambda i: [social, "feed", "show", f"u{readers[i]}", "--json"],
                lambda i: ["sqlite3", "-json", peer, feed % readers[i]], args.runs, inside,
                ("<= 1.0", "<= 1.2") if main_goals else ("reported", "reported"))
        serial = [(1 << 61) + int(shards) * 1_000_000]

        def post_in_peer(author):
            serial[0] += 1
            return ["sqlite3", peer, f"pragma synchronous=full; begin; insert into post values({serial[0]},{author},'hello'); "
                    f"insert into feed select src,{serial[0]} from follow where dst={author}; commit;"]

        compare(table, f"durable post, {degree[median[0]]} followers", shards,
                lambda i: [social, "post", "create", "hello", "--by", f"u{median[i % len(median)]}"],
                lambda i: post_in_peer(median[i % len(median)]), args.runs, inside,
                ("<= 1.0" if main_goals else "reported", None))
        # The goal's peer is the ordinary post above, not the shell's own post by the same author.
        mine, peers = [], []
        for i in range(max(30, args.runs // 4)):
            mine.append(timed([social, "post", "create", "hello", "--by", f"u{largest}"], inside) * 1e3)
            peers.append(timed(post_in_peer(median[i % len(median)]), inside) * 1e3)
        table.add(f"durable post, {degree[largest]} followers, p50 (peer: few)", shards, percentile(mine, .5),
                  percentile(peers, .5), "ms", "<= 3.0" if main_goals else "reported")
        took = timed([social, "batch", batch_file], inside)
        table.add("batch, durable posts in groups", shards, 50_000 / took, None, "posts/s", ">= 20 k/s")
        with open(batch_file) as f:
            few = f.readlines()[:5_000]
        with open(f"{place}/few.ndjson", "w") as f:
            f.writelines(few)
        took = timed([social, "batch", "--commit", "each", f"{place}/few.ndjson"], inside)
        table.add("batch, each post durable on its own", shards, len(few) / took, None, "posts/s", ">= 2 k/s")
        timed([social, "feed", "verify", "-q"], inside)
        shutil.rmtree(data)


if __name__ == "__main__":
    main()
