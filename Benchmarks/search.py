#!/usr/bin/env python3
"""Search beside its peers, in the same run.

    search.py [--social PATH] [--bench PATH] [--data FOLDER] [--only ranking,typos,spelling,bulk,queries,commands,freshness]
              [--words FILE --frequencies FILE] [--quick] [--json]

Ranking is measured on the Cranfield collection through the real program: its 1,400 abstracts are posts, its 225 questions
are searched for. In-process figures come from `search-bench` (see SearchBench/). The peers are FTS5 of Python's SQLite and,
where it is installed (`pip install tantivy`), Tantivy. A ratio is ours over the peer's: for rates and quality above 1 is
better, for times below 1.
"""
import argparse, json, math, os, random, re, shutil, sqlite3, statistics, string, subprocess, sys, tempfile, time

from command_line import timed
from feed import Table
from measuring import percentile

PARTS = ("ranking", "typos", "spelling", "bulk", "queries", "commands", "freshness")


class Bench:
    def __init__(self, args, place):
        self.args, self.place, self.table = args, place, Table(args.json)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_")}
        with open(f"{args.data}/posts/tweets.txt") as file:
            posts = [line.rstrip("\n") for line in file]
        self.posts = posts if args.quick else posts * 3
        self.postsFile = f"{place}/posts.txt"
        with open(self.postsFile, "w") as file:
            file.writelines(post + "\n" for post in self.posts)
        chance = random.Random(7)
        self.queries = []
        while len(self.queries) < 400:
            words = re.findall(r"[A-Za-z]{3,}", chance.choice(posts))
            if len(words) > 1:
                first = chance.randrange(len(words) - 1)
                self.queries.append(f"{words[first]} {words[first + 1]}".lower())
        self.known = {}

    def social(self, data, *words, **options):
        done = subprocess.run([self.args.social, "--data", data, *map(str, words)], env=self.environment,
                              capture_output=True, text=True, **options)
        if done.returncode != 0:
            sys.exit(f"social {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def figures(self, *words):
        done = subprocess.run([self.args.bench, *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"search-bench {words[0]}: {done.stdout[-400:]}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def once(self, name, make):
        """What several parts need is made once."""
        if name not in self.known:
            self.known[name] = make()
        return self.known[name]

    def tweets(self):
        """A data directory with all posts, dealt to 50 accounts."""
        def make():
            data = f"{self.place}/tweets"
            self.social(data, "init", data)
            lines = "".join(json.dumps(["user", "create", f"author-{n}"]) + "\n" for n in range(50))
            self.social(data, "batch", "-", input=lines)
            self.social(data, "post", "import", self.postsFile, "--from", "text", "--by-all", "--over", "30d", "-q")
            return data
        return self.once("tweets", make)

    def indexed(self):
        return self.once("indexed", lambda: self.figures("index", self.postsFile, self.queriesFile()))

    def queriesFile(self):
        path = f"{self.place}/queries.txt"
        with open(path, "w") as file:
            file.writelines(query + "\n" for query in self.queries)
        return path


# MARK: Peers

class FTS5:
    name = "FTS5"

    def __init__(self, posts):
        self.base = sqlite3.connect(":memory:")
        self.base.execute("CREATE VIRTUAL TABLE post USING fts5(text, content='', tokenize='porter unicode61')")
        start = time.perf_counter()
        with self.base:
            self.base.executemany("INSERT INTO post(rowid, text) VALUES (?, ?)", enumerate(posts))
        self.rate = len(posts) / (time.perf_counter() - start)

    def search(self, query, kind):
        words = [f'"{word}"' for word in query.split()]
        text = {"ranked all": " ", "phrase": " "}.get(kind, " OR ").join(words)
        if kind == "phrase":
            text = f'"{query}"'
        order = "rowid DESC" if kind == "newest any" else "rank"
        self.base.execute(f"SELECT rowid FROM post WHERE post MATCH ? ORDER BY {order} LIMIT 10", (text,)).fetchall()


class Tantivy:
    name = "Tantivy"

    def __init__(self, posts):
        import tantivy
        schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem").build()
        self.index = tantivy.Index(schema)
        writer = self.index.writer(heap_size=500_000_000, num_threads=1)
        start = time.perf_counter()
        for post in posts:
            writer.add_document(tantivy.Document(text=post))
        writer.commit()
        writer.wait_merging_threads()
        self.rate = len(posts) / (time.perf_counter() - start)
        self.index.reload()
        self.searcher = self.index.searcher()

    def search(self, query, kind):
        if kind == "newest any":
            return False
        text = f'"{query}"' if kind == "phrase" else query
        parsed = self.index.parse_query(text, ["text"], conjunction_by_default=kind == "ranked all")
        self.searcher.search(parsed, 10, count=False)


def peers(b):
    def make():
        found = [FTS5(b.posts)]
        try:
            found.append(Tantivy(b.posts))
        except ImportError:
            pass
        return found
    return b.once("peers", make)


# MARK: Ranking

def records(path):
    """The records of a file in the format of SMART."""
    found, field = [], ""
    with open(path) as file:
        for line in file:
            if line.startswith(".I "):
                found.append({})
            elif re.fullmatch(r"\.[A-Z]\n", line):
                field = line[1]
            else:
                found[-1][field] = found[-1].get(field, "") + line
    return found


class Cranfield:
    def __init__(self, b, shards):
        self.data, self.b = f"{b.place}/cranfield-{shards}", b
        folder = f"{b.args.data}/search"
        abstracts = records(f"{folder}/cran.all.1400")
        self.questions = [record["W"] for record in records(f"{folder}/cran.qry")]
        self.relevant = [set() for _ in self.questions]
        with open(f"{folder}/cranqrel") as file:
            for line in file:
                question, abstract, grade = map(int, line.split())
                if grade > 0:
                    self.relevant[question - 1].add(abstract - 1)
        b.social(self.data, "init", self.data, "--shards", shards)
        b.social(self.data, "user", "create", "cranfield")
        path = f"{b.place}/cranfield.txt"
        with open(path, "w") as file:
            for abstract in abstracts:
                file.write(" ".join((abstract.get("T", "") + " " + abstract.get("W", "")).split()) + "\n")
        b.social(self.data, "post", "import", path, "--from", "text", "--by", "cranfield", "--over", "30d", "-q")
        ids = b.social(self.data, "post", "list", "--by", "cranfield", "--format", "ids").split()
        self.numbers = {id: number for number, id in enumerate(reversed(ids))}
        self.words = sorted({word for abstract in abstracts
                             for word in re.findall("[a-z]+", abstract.get("W", "").lower())})
        # Abstracts without a text are no posts.
        present = [n for n, a in enumerate(abstracts) if (a.get("T", "") + a.get("W", "")).strip()]
        self.numbers = {id: present[number] for id, number in self.numbers.items()}

    def measure(self, questions, *options):
        """Mean average precision and nDCG@10, relevance being yes or no."""
        def plain(text):
            # Without the signs of the query language.
            return " ".join(re.sub(r'["()+*:/?-]', " ", text).split())
        lines = "".join(json.dumps(["search", "posts", "--limit", "1400", "--fields", "id", *options, "--", plain(question)])
                        + "\n" for question in questions)
        answers = self.b.social(self.data, "batch", "-", input=lines).splitlines()
        precision = gain = 0.0
        for answer, relevant in zip(answers, self.relevant):
            found, total, discounted = 0, 0.0, 0.0
            for place, hit in enumerate(json.loads(answer)["result"]):
                if self.numbers[hit["id"]] in relevant:
                    found += 1
                    total += found / (place + 1)
                    discounted += 1 / math.log2(place + 2) if place < 10 else 0
            ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(relevant))))
            precision += total / max(1, len(relevant))
            gain += discounted / ideal if ideal else 0
        return precision / len(questions), gain / len(questions)


def cranfield(b, shards=1):
    return b.once(f"cranfield {shards}", lambda: Cranfield(b, shards))


def ranking(b):
    for shards in (1, 8):
        precision, gain = cranfield(b, shards).measure(cranfield(b, shards).questions, "--exact")
        b.table.add(f"Cranfield, mean average precision, shards: {shards} (peer: bm25s)", 100 * precision, "%", ">= 31.1", 31.09)
        b.table.add(f"Cranfield, nDCG@10, shards: {shards} (peer: bm25s)", 100 * gain, "%", ">= 38.8", 38.82)


def typos(b):
    """One random edit in every word of five letters or more."""
    collection = cranfield(b)
    chance = random.Random(11)

    def damaged(match):
        word = match[0]
        place = chance.randrange(len(word))
        letter = chance.choice(string.ascii_lowercase)
        kind = chance.randrange(4)
        if kind == 0:
            return word[:place] + letter + word[place:]
        if kind == 1:
            return word[:place] + word[place + 1:]
        if kind == 2 and place + 1 < len(word):
            return word[:place] + word[place + 1] + word[place] + word[place + 2:]
        return word[:place] + letter + word[place + 1:]

    questions = [re.sub("[a-z]{5,}", damaged, question.lower()) for question in collection.questions]
    clean, _ = collection.measure(collection.questions, "--exact")
    for name, options, goal in (("corrected", (), ">= 93"), ("as they are", ("--exact",), None)):
        precision, _ = collection.measure(questions, *options)
        b.table.add(f"Cranfield with an error in every longer word, {name}", 100 * precision / clean, "% of clean", goal or "")


def spelling(b):
    if not (b.args.words and b.args.frequencies):
        print("spelling: needs --words (such as /usr/share/dict/words) and --frequencies (a word and a count a line)")
        return
    pairs = f"{b.args.data}/search/wikipedia-misspellings.txt"
    for figure in b.figures("spelling", pairs, b.args.words, b.args.frequencies):
        if "top1" in figure:
            b.table.add("Wikipedia misspellings, first suggestion right (peer: aspell)", 100 * figure["top1"], "%", ">= 88", 88.0)
        if "wordsPerSecond" in figure:
            b.table.add("  speed (peer: aspell)", figure["wordsPerSecond"], "words/s", ">= 50,000", 1_900)


# MARK: Speed

def bulk(b):
    ours = next(figure for figure in b.indexed() if figure["figure"] == "index")
    for peer in peers(b):
        b.table.add(f"posts indexed in process (peer: {peer.name})", ours["postsPerSecond"], "posts/s", "", peer.rate)
    data = b.tweets()
    times = [timed([b.args.social, "--data", data, "search", "rebuild", "-q"], b.environment) for _ in range(5)]
    rate = len(b.posts) / statistics.median(times)
    tantivy = next((peer.rate for peer in peers(b) if peer.name == "Tantivy"), None)
    b.table.add("`search rebuild`, all of it (peer: Tantivy)", rate, "posts/s", ">= 130,000", tantivy)


def queries(b):
    goals = {"newest any": "<= 0.1 ms p50", "ranked any": "as close as can be"}
    for figure in b.indexed():
        if figure["figure"] != "query":
            continue
        kind = figure["kind"]
        for peer in peers(b) if kind != "prefix" else []:
            times = []
            for query in b.queries:
                own = []
                for _ in range(3):
                    start = time.perf_counter()
                    answered = peer.search(query, kind)
                    own.append(1e3 * (time.perf_counter() - start))
                if answered is not False:
                    times.append(statistics.median(own))
            if times:
                for name, q in (("p50", 0.5), ("p99", 0.99)):
                    b.table.add(f"{kind}, first 10, {name} (peer: {peer.name})", figure[f"{name}Milliseconds"], "ms",
                                goals.get(kind, "") if q == 0.5 else "", percentile(times, q))


def commands(b):
    data = b.tweets()
    b.social(data, "search", "rebuild", "-q")
    base = f"{b.place}/peer.db"
    peer = sqlite3.connect(base)
    peer.execute("CREATE VIRTUAL TABLE post USING fts5(text, tokenize='porter unicode61')")
    with peer:
        peer.executemany("INSERT INTO post(rowid, text) VALUES (?, ?)", enumerate(b.posts))
    peer.close()
    ours, theirs = [], []
    for query in b.queries[: 40 if b.args.quick else 200]:
        ours.append(1e3 * timed([b.args.social, "--data", data, "search", "posts", "--", query], b.environment))
        words = " OR ".join(f'"{word}"' for word in query.split())
        theirs.append(1e3 * timed(
            ["sqlite3", base, f"SELECT rowid, text FROM post WHERE post MATCH '{words}' ORDER BY rank LIMIT 20"], b.environment))
    for name, q in (("p50", 0.5), ("p99", 0.99)):
        b.table.add(f"`search posts` as a whole command, {name} (peer: sqlite3, FTS5)", percentile(ours, q), "ms",
                    "<= 6" if q == 0.5 else "", percentile(theirs, q))


def freshness(b):
    """A post is found by the very next command, also while many have not been written into the index."""
    data, missing, times = b.tweets(), 0, []
    count = 50 if b.args.quick else 400
    for number in range(count):
        b.social(data, "post", "create", f"freshness{number} of a post", "--by", "author-1")
        start = time.perf_counter()
        found = b.social(data, "search", "posts", f"freshness{number}", "--exact", "--format", "ids").split()
        times.append(1e3 * (time.perf_counter() - start))
        missing += len(found) != 1
    b.table.add(f"posts not found by the very next command, of {count}", missing, "posts", "0")
    b.table.add("  time of that command, p50", percentile(times, 0.5), "ms", "")
    b.table.add("  longest", max(times), "ms", "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--social", default=f"{here}/../.build/release/social")
    parser.add_argument("--bench", default=f"{here}/../.build/release/search-bench")
    parser.add_argument("--data", default=f"{here}/../../shared/data")
    parser.add_argument("--words")
    parser.add_argument("--frequencies")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    place = tempfile.mkdtemp(prefix="social-search-")
    try:
        b = Bench(args, place)
        for part in args.only.split(","):
            globals()[part](b)
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
