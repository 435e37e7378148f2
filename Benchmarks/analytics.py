#!/usr/bin/env python3
"""Counting accesses beside its peers, in the same run.

    analytics.py [--social PATH] [--bench PATH] [--log FILE] [--times N] [--events N] [--only logs,answers,made,viewers,warehouse,faults]
                 [--json]

`logs` counts LOG, repeated N times, as DuckDB does with a regular expression and GoAccess with its report; then again, when
nothing is new. Every count is compared with DuckDB's: of each path, kind and audience the sums must be equal. `answers` asks what
dashboards ask of those counts, in process. `made` counts made-up accesses to 100,000 resources and asks the same. `viewers` tells how
far estimates of viewers are off. `warehouse` loads `analytics export` into DuckDB and compares its answers with ours. `faults` replays,
rotates, copies and cuts off a log and kills who counts it at random, many times over. A ratio is ours over the peer's.
"""
import argparse, gzip, json, os, random, shutil, signal, statistics, subprocess, sys, tempfile, time

from feed import Table

PARTS = ("logs", "answers", "made", "viewers", "warehouse", "faults")

LINE = (r'^(\S+) \S+ (\S+) \[([^\]]+)\] "([A-Z]+) (\S+)[^"]*" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"')


class Bench:
    def __init__(self, args, place):
        self.args, self.place, self.table = args, place, Table(args.json)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_")}
        self.directory = None

    def social(self, data, *words, check=True):
        done = subprocess.run([self.args.social, "--data", data, *map(str, words)], env=self.environment,
                              capture_output=True, text=True)
        if check and done.returncode not in (0, 65):
            sys.exit(f"social {' '.join(map(str, words))}: {done.stderr}")
        return done

    def figures(self, *words):
        done = subprocess.run([self.args.bench, *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"analytics-bench {words[0]}: {done.stdout[-400:]}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def log(self):
        """The log, repeated."""
        path = f"{self.place}/access.log"
        if not os.path.exists(path):
            with open(self.args.log, "rb") as source, open(path, "wb") as out:
                text = source.read()
                for _ in range(self.args.times):
                    out.write(text)
        return path

    def lines(self):
        with open(self.log(), "rb") as file:
            return sum(1 for _ in file)

    def duckdb(self):
        """The log as a table of DuckDB, and how long that took."""
        import duckdb
        connection = duckdb.connect()
        connection.execute("SET threads = 2")
        start = time.perf_counter()
        connection.execute(
            f"""CREATE TABLE log AS SELECT p.ip, CAST(strptime(p.ts, '%d/%b/%Y:%H:%M:%S %z') AS TIMESTAMP) AS ts, p.method, p.target,
            CAST(p.status AS INT) status, p.agent FROM (SELECT regexp_extract(line, '{LINE}',
            ['ip', 'login', 'ts', 'method', 'target', 'status', 'bytes', 'referrer', 'agent']) p FROM
            read_csv('{self.log()}', columns = {{'line': 'VARCHAR'}}, delim = chr(1), quote = '', escape = '', header = false))
            WHERE p.ip <> ''""")
        return connection, time.perf_counter() - start


def part_logs(bench):
    lines = bench.lines()
    runs = []
    for number in range(3):
        directory = f"{bench.place}/counted{number}"
        runs.append((bench.figures("count", bench.log(), directory), directory))
    bench.directory = runs[0][1]
    ours = statistics.median(lines / found[0]["processor_seconds"] for found, _ in runs)
    wall = statistics.median(found[0]["lines_per_second"] for found, _ in runs)
    connection, duck = bench.duckdb()
    start = time.perf_counter()
    peer = None
    if shutil.which("goaccess"):
        subprocess.run(["goaccess", bench.log(), "--log-format=COMBINED", "-o", f"{bench.place}/report.json", "--no-progress"],
                       check=True, capture_output=True, env=bench.environment)
        peer = lines / (time.perf_counter() - start)
    bench.table.add("lines counted, beside GoAccess", wall / 1e3, "k/s", ">= 500 a core", peer and peer / 1e3)
    bench.table.add("lines counted, a second of one core", ours / 1e3, "k/s", ">= 500", None)
    bench.table.add("lines counted, beside DuckDB on two cores", wall / 1e3, "k/s", "", lines / duck / 1e3)
    bench.table.add("lines counted again", runs[0][0][1]["lines"], "lines", "0", None)
    subprocess.run([bench.args.social, "init", f"{bench.place}/shell"], check=True, capture_output=True, env=bench.environment)
    start = time.perf_counter()
    bench.social(f"{bench.place}/shell", "analytics", "import", bench.log())
    bench.table.add("the command, with its start and syncs", lines / (time.perf_counter() - start) / 1e3, "k/s", "", None)
    # Every path, whether it was found and whoever asked, has DuckDB's count.
    theirs = connection.execute(
        """SELECT CASE WHEN status >= 400 THEN 'error' WHEN status >= 300 AND status <> 304 THEN 'redirect'
        WHEN method <> 'GET' THEN 'other' ELSE 'view' END kind, count(*) FROM log GROUP BY kind ORDER BY kind""").fetchall()
    counted = json.loads(bench.social(bench.directory, "analytics", "count", "--json").stdout)
    mine = sorted((row["kind"], row["count"]) for row in counted)
    bench.table.add("kinds whose counts are DuckDB's", sum(a == b for a, b in zip(mine, theirs)), "kinds", f"{len(theirs)}", None)


def ask(bench, directory, goal):
    for found in bench.figures("ask", directory):
        bench.table.add(found["question"], found["median_ms"], "ms", goal, None)


def part_answers(bench):
    if bench.directory is None:
        bench.directory = f"{bench.place}/counted"
        bench.figures("count", bench.log(), bench.directory)
    ask(bench, bench.directory, "<= 1.5")
    connection, _ = bench.duckdb()
    for question, sql in (
            ("DuckDB: top 10", "SELECT target, count(*) c FROM log GROUP BY target ORDER BY c DESC LIMIT 10"),
            ("DuckDB: X by hour", "SELECT date_trunc('hour', ts) h, count(*) FROM log WHERE target = '/favicon.ico' GROUP BY h"),
            ("DuckDB: viewers by day", "SELECT date_trunc('day', ts) d, approx_count_distinct(ip) FROM log GROUP BY d")):
        times = []
        for _ in range(15):
            start = time.perf_counter()
            connection.execute(sql).fetchall()
            times.append(time.perf_counter() - start)
        bench.table.add(question, 1e3 * statistics.median(times), "ms", "", None)


def part_made(bench):
    directory = f"{bench.place}/made"
    for found in bench.figures("make", bench.args.events, 100_000, 30, directory):
        if found["figure"] == "make":
            bench.table.add(f"{found['events']:,} accesses to 100,000 resources counted", found["lines_per_second"] / 1e3, "k/s", "", None)
        else:
            bench.table.add("what they take", found["bytes_per_event"], "bytes each", "", None)
    ask(bench, directory, "<= 50")


def part_viewers(bench):
    for found in bench.figures("viewers"):
        bench.table.add(f"{found['viewers']:,} viewers: standard error", 100 * found["standard_error"], "%",
                        "0" if found["viewers"] < 1_000 else "<= 1.65", None)
        bench.table.add(f"{found['viewers']:,} viewers: bytes", found["bytes"], "bytes",
                        "<= 8192" if found["viewers"] < 1_000 else "<= 4096", None)


def part_warehouse(bench):
    import duckdb
    data = f"{bench.place}/house"
    subprocess.run([bench.args.social, "init", data, "--shards", "3"], check=True, capture_output=True, env=bench.environment)
    bench.social(data, "analytics", "import", bench.args.log)
    for form in ("csv", "ndjson"):
        path = f"{bench.place}/counts.{form}"
        with open(path, "w") as file:
            file.write(bench.social(data, "analytics", "export", "--format", form).stdout)
        theirs = duckdb.connect().execute(
            f"SELECT resource, sum(count), sum(amount) FROM '{path}' WHERE kind = 'view' GROUP BY resource ORDER BY 2 DESC, 1").fetchall()
        mine = json.loads(bench.social(data, "analytics", "top", "--kind", "view", "--limit", "100000", "--json").stdout)
        mine = [(row["resource"], row["count"], row["amount"]) for row in mine]
        same = sum(a == (b[0], int(b[1]), int(b[2])) for a, b in zip(mine, theirs))
        bench.table.add(f"{form}: resources of which DuckDB says the same", same, "resources", f"{len(theirs)}", None)


def part_faults(bench):
    """A log that is written, rotated, compressed, copied and cut off while those who count it are killed."""
    with open(bench.args.log, "rb") as file:
        source = file.read().splitlines(keepends=True)
    wrong = kills = commands = 0
    for life in range(bench.args.lives):
        chance = random.Random(life)
        data, folder = f"{bench.place}/life{life}", f"{bench.place}/logs{life}"
        os.mkdir(folder)
        subprocess.run([bench.args.social, "init", data], check=True, capture_output=True, env=bench.environment)
        log, written, rotated, half = f"{folder}/access.log", 0, 0, b""
        with open(log, "wb"):
            pass
        def take(last=False):
            done = [log] + [f"{folder}/{name}" for name in sorted(os.listdir(folder)) if name != "access.log"]
            chance.shuffle(done)
            command = [bench.args.social, "--data", data, "analytics", "import", "-q", *done]
            process = subprocess.Popen(command, env=bench.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if last:
                return process.wait()
            if chance.random() < 0.5:
                time.sleep(chance.random() * 0.02)
                process.send_signal(signal.SIGKILL)
            return process.wait()
        number = 0
        for _ in range(20):
            act = chance.random()
            if act < 0.4:
                with open(log, "ab") as file:
                    file.write(half)
                    half = b""
                    for _ in range(chance.randrange(300)):
                        # No two logs begin alike.
                        number += 1
                        line = source[chance.randrange(len(source))].replace(b"GET ", b"GET /%d" % number, 1)
                        if b'"GET /' not in line or line.count(b'"') != 6:
                            continue
                        written += 1
                        if chance.random() < 0.02:
                            file.write(line[:20])
                            half = line[20:]
                            break
                        file.write(line)
            elif act < 0.55:
                rotated += 1
                if chance.random() < 0.5:
                    os.rename(log, f"{folder}/old.{rotated}")
                else:
                    shutil.copy(log, f"{folder}/old.{rotated}")
                with open(log, "wb"):
                    pass
                with open(f"{folder}/old.{rotated}", "ab") as file:
                    file.write(half)
                    half = b""
                if chance.random() < 0.4:
                    with open(f"{folder}/old.{rotated}", "rb") as plain, gzip.open(f"{folder}/old.{rotated}.gz", "wb") as packed:
                        packed.write(plain.read())
                    os.remove(f"{folder}/old.{rotated}")
            else:
                commands += 1
                kills += take() < 0
        with open(log, "ab") as file:
            file.write(half)
        take(last=True)
        take(last=True)
        status = json.loads(bench.social(data, "analytics", "status", "--deep", "--json").stdout)
        wrong += status["events"] != written or bool(status["problems"])
        shutil.rmtree(data)
        shutil.rmtree(folder)
    bench.table.add(f"lives of a log, {kills} of {commands} commands killed, counted wrongly", wrong, f"of {bench.args.lives}", "0", None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--social", default=".build/release/social")
    parser.add_argument("--bench", default=".build/release/analytics-bench")
    parser.add_argument("--log", default="../shared/data/logs/apache_access.log")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--lives", type=int, default=50)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    args.social, args.bench, args.log = map(os.path.abspath, (args.social, args.bench, args.log))
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(args, place)
        for part in args.only.split(","):
            globals()[f"part_{part}"](bench)


main()
