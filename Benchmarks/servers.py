#!/usr/bin/env python3
"""A network on PostgreSQL servers beside the same network in files, on this machine alone, with everything synced to disk.

    servers.py [--social PATH] [--only import,batch,each,writers,pages,serve] [--stores 0,1,2,3] [--runs 3] [--seconds 5]
               [--quick] [--json]

The stores are one SQLite file, sixteen of them, one PostgreSQL server, and one with two standbys of which one must have a
commit; all are run in turn, and each figure is the median of the runs, with the least and the most. `import` takes a made-up
network in; `batch` posts from one process, commits shared; `each` posts from one process that waits for each commit; `writers`
posts from eight one-shot commands at once; `pages` reads first pages of feeds in one process; `serve` the same over HTTP (wrk).
`refused` is how many of these were answered with 503, and `bytes` what an imported row takes on the disk of the server or the
directory. `server` is the processor's time that the primary takes for each of the posts of `batch` and of `each`, and for each row
of `import`; it does not depend on how fast the program or the disk is. The program is one with PostgreSQL (`make postgresql`).
"""
import argparse, json, os, re, shutil, signal, statistics, subprocess, sys, tempfile, threading, time

from measuring import Writer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Cluster"))
from servers import Group  # noqa: E402

PARTS = ("import", "batch", "each", "writers", "pages", "serve")
UNITS = {"import": "rows/s", "batch": "posts/s", "each": "posts/s", "writers": "posts/s", "pages": "pages/s", "serve": "pages/s",
         "refused": "pages", "bytes": "bytes", "server import": "ms", "server batch": "ms", "server each": "ms"}
WRK = """
local tokens = {}
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = line end
function request()
  return wrk.format("GET", "/v1/feed", { ["Host"] = "bench", ["Authorization"] = "Bearer " .. tokens[math.random(#tokens)] })
end
"""


class Store:
    """A place for a network, made anew for each run."""

    def __init__(self, name, *, shards=1, standbys=None):
        self.name, self.shards, self.standbys = name, shards, standbys
        self.group = None

    def open(self, bench):
        """Makes an empty network in it."""
        self.data = tempfile.mkdtemp(prefix="data-", dir=bench.place)
        os.rmdir(self.data)
        words = ["--shards", str(self.shards)]
        if self.standbys is not None:
            self.folder = tempfile.mkdtemp(prefix="server-", dir=bench.place)
            os.chmod(self.folder, 0o755)
            self.group = Group(self.folder, "one", standbys=self.standbys)
            words = ["--store", self.group.address()]
        bench.run(None, "init", self.data, *words)

    def bytes(self):
        """How much the truth takes on disk."""
        if self.group:
            return int(self.group.servers[0].sql("SELECT pg_database_size('social')"))
        return sum(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(self.data) for name in names
                   if name.startswith("truth.sqlite"))

    def busy(self):
        """How many milliseconds of the processor's time the primary has taken so far."""
        if not self.group:
            return 0.0
        ticks, postmaster = 0, self.group.servers[0].pid()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    # What stands behind the name; the parent is the second, the times are from the twelfth on.
                    fields = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(pid) == postmaster:
                ticks += sum(map(int, fields[11:15]))
            elif int(fields[1]) == postmaster:
                ticks += sum(map(int, fields[11:13]))
        return 1e3 * ticks / os.sysconf("SC_CLK_TCK")

    def close(self):
        """Removes it."""
        if self.group:
            self.group.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
            self.group = None
        shutil.rmtree(self.data, ignore_errors=True)


STORES = [Store("SQLite, 1 shard"), Store("SQLite, 16 shards", shards=16), Store("PostgreSQL", standbys=0),
          Store("PostgreSQL, ANY 1 of 2", standbys=2)]


class Bench:
    def __init__(self, options, place):
        self.options, self.place = options, place
        self.social = os.path.abspath(options.social)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_")}
        self.figures = {}

    def run(self, data, *words, text=None):
        place = ["--data", data] if data else []
        done = subprocess.run([self.social, *place, *map(str, words)], env=self.environment, input=text, capture_output=True,
                              text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, words))}: exit {done.returncode}: {done.stderr}{done.stdout[-500:]}")
        return done.stdout

    def note(self, store, part, value):
        self.figures.setdefault((store.name, part), []).append(value)

    def charge(self, store, part, busy, count):
        if store.group:
            self.note(store, f"server {part}", (store.busy() - busy) / max(1, count))

    def timed(self, data, *words, text=None):
        start = time.perf_counter()
        self.run(data, *words, text=text)
        return time.perf_counter() - start

    # MARK: Parts

    def round(self, store, fixture, rows):
        """All parts on one store."""
        only, options = self.options.only, self.options
        store.open(self)
        before, busy = store.bytes(), store.busy()
        took = self.timed(store.data, "import", fixture, "--shift-to-now")
        if "import" in only:
            self.note(store, "import", rows / took)
            self.note(store, "bytes", (store.bytes() - before) / rows)
            self.charge(store, "import", busy, rows)
        self.run(store.data, "feed", "regenerate")
        handles = self.run(store.data, "user", "list", "--limit", 200, "--format", "ids").split()
        if "batch" in only:
            lines = "".join(json.dumps(["post", "create", f"post {n}", "--by", handles[n % 200]]) + "\n"
                            for n in range(options.posts))
            busy = store.busy()
            self.note(store, "batch", options.posts / self.timed(store.data, "batch", "-", text=lines))
            self.charge(store, "batch", busy, options.posts)
        if "each" in only:
            self.each(store, handles)
        if "writers" in only:
            self.writers(store, handles)
        if "pages" in only:
            self.pages(store, handles)
        if "serve" in only:
            self.serve(store, handles)
        store.close()

    def each(self, store, handles):
        writer = Writer(self.social, dict(self.environment, SOCIAL_DATA=store.data), "each", handles)
        for _ in range(20):
            writer.post()
        start, begun, busy = time.perf_counter(), writer.number, store.busy()
        while time.perf_counter() < start + self.options.seconds:
            writer.post()
        self.note(store, "each", (writer.number - begun) / (time.perf_counter() - start))
        self.charge(store, "each", busy, writer.number - begun)
        writer.stop()

    def writers(self, store, handles):
        until, counts = time.perf_counter() + self.options.seconds, [0] * 8

        def write(number):
            while time.perf_counter() < until:
                self.run(store.data, "post", "create", f"writer {number} {counts[number]}", "--by", handles[number],
                         "--lock-wait", "60s")
                counts[number] += 1

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.note(store, "writers", sum(counts) / (time.perf_counter() - start))

    def pages(self, store, handles):
        def lines(count):
            return "".join(json.dumps(["feed", "show", handles[n % 200], "--limit", "20", "--json"]) + "\n"
                           for n in range(count))

        few, many = 200, 200 + self.options.pages
        first = self.timed(store.data, "batch", "-", text=lines(few))
        self.note(store, "pages", (many - few) / max(1e-9, self.timed(store.data, "batch", "-", text=lines(many)) - first))

    def serve(self, store, handles):
        lines = "".join(json.dumps(["user", "token", handle, "--name", "bench"]) + "\n" for handle in handles)
        answers = self.run(store.data, "batch", "-", text=lines).splitlines()
        tokens, script = f"{self.place}/tokens", f"{self.place}/wrk.lua"
        with open(tokens, "w") as file:
            file.writelines(json.loads(answer)["result"]["token"] + "\n" for answer in answers)
        with open(script, "w") as file:
            file.write(WRK)
        server = subprocess.Popen([self.social, "--data", store.data, "serve", "--listen", "127.0.0.1:0"],
                                  env=self.environment, stdout=subprocess.PIPE, text=True)
        try:
            base = "http://127.0.0.1:" + server.stdout.readline().rsplit(":", 1)[1].strip()
            for seconds in (1, self.options.seconds):
                done = subprocess.run(["wrk", "-t1", "-c8", f"-d{int(seconds)}s", "-s", script, base + "/v1/feed"],
                                      env={**self.environment, "TOKENS": tokens}, capture_output=True, text=True)
            asked, took = re.search(r"(\d+) requests in ([\d.]+)s", done.stdout).groups()
            refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
            self.note(store, "serve", (int(asked) - int(refused.group(1) if refused else 0)) / float(took))
            self.note(store, "refused", int(refused.group(1) if refused else 0))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)

    # MARK: Results

    def report(self):
        for part in UNITS:
            for store in STORES:
                values = self.figures.get((store.name, part))
                if not values:
                    continue
                middle = statistics.median(values)
                if self.options.json:
                    print(json.dumps(dict(what=part, store=store.name, unit=UNITS[part], median=round(middle, 3),
                                          values=[round(value, 3) for value in values])))
                else:
                    print(f"{part:14} {store.name:24} {middle:14,.2f} {UNITS[part]:8} ({min(values):,.2f} to {max(values):,.2f})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--social", default=".build-pg/release/social-pg")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS))
    parser.add_argument("--stores", type=lambda text: [STORES[int(number)] for number in text.split(",")], default=STORES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--users", type=int, default=5_000)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--place", default=None, help="where the stores are made; otherwise in the temporary folder")
    parser.add_argument("--quick", action="store_true", help="see whether it works")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.runs, options.seconds, options.users, options.posts, options.pages = 1, 1, 200, 500, 200
    # Whoever is stopped takes the servers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    place = tempfile.mkdtemp(prefix="servers-", dir=options.place)
    os.chmod(place, 0o755)
    bench = Bench(options, place)
    try:
        fixture = f"{place}/fixture"
        with open(fixture, "w") as file:
            file.write(bench.run(None, "fixture", "generate", "--users", options.users, "--posts", options.posts, "--seed", 7))
        with open(fixture) as file:
            rows = sum(1 for _ in file)
        for _ in range(options.runs):
            for store in options.stores:
                bench.round(store, fixture, rows)
    finally:
        for store in STORES:
            if store.group:
                store.group.kill()
        shutil.rmtree(place, ignore_errors=True)
    bench.report()


if __name__ == "__main__":
    main()
