#!/usr/bin/env python3
"""The network over HTTP under load, on this machine alone.

    serve.py [--social PATH] [--seconds N] [--clients N] [--only pages,uploads,mixed,health,listeners] [--json]

`pages` reads first pages of feeds of 20 posts with wrk, with the tokens of many readers; `uploads` does the same while pictures go
up, and `mixed` while posts are written too, and they say how many of those were stored. `health` asks for nothing, which tells what wrk and the sockets take.
`listeners` holds clients open over WebSocket and long polling, writes posts that all of them follow, and says how long it takes until
the last has heard of one, and how much memory the server has. Everything runs on the same cores, wrk included.
"""
import argparse, asyncio, base64, json, os, re, resource, shutil, signal, statistics, subprocess, sys, tempfile, threading, time
import urllib.request

PARTS = ("pages", "uploads", "mixed", "health", "listeners")
SCRIPT = """
local tokens = {}
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = line end
local n = 0
local threads = 0
function setup(thread) threads = threads + 1; thread:set("number", threads) end
function init() math.randomseed(number) end
function request()
  return wrk.format("GET", "/v1/feed", { ["Host"] = "bench", ["Authorization"] = "Bearer " .. tokens[math.random(#tokens)] })
end
"""


class Bench:
    def __init__(self, args, place):
        self.args, self.place = args, place
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_")}
        self.data = f"{place}/data"

    def social(self, *words, text=None):
        done = subprocess.run([self.args.social, "--data", self.data, *map(str, words)], env=self.environment,
                              input=text, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"social {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def prepare(self):
        fixture = self.social("fixture", "generate", "--users", self.args.users, "--posts", self.args.posts, "--seed", 7)
        subprocess.run([self.args.social, "init", self.data], env=self.environment, check=True, capture_output=True)
        self.social("import", "-", "--shift-to-now", text=fixture)
        self.social("feed", "regenerate")
        handles = self.social("user", "list", "--limit", self.args.readers, "--format", "ids").split()
        lines = "".join(json.dumps(["user", "token", handle, "--name", "bench"]) + "\n" for handle in handles)
        answers = [json.loads(line) for line in self.social("batch", "-", text=lines).splitlines()]
        self.handles = handles
        self.tokens = [answer["result"]["token"] for answer in answers]
        with open(f"{self.place}/tokens", "w") as file:
            file.write("\n".join(self.tokens) + "\n")
        with open(f"{self.place}/wrk.lua", "w") as file:
            file.write(SCRIPT)

    def begin(self, *words):
        self.server = subprocess.Popen([self.args.social, "--data", self.data, "serve", "--listen", "127.0.0.1:0", *words],
                                       env=self.environment, stdout=subprocess.PIPE, text=True)
        self.port = int(self.server.stdout.readline().rsplit(":", 1)[1])
        self.base = f"http://127.0.0.1:{self.port}"

    def end(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(60)

    def memory(self):
        with open(f"/proc/{self.server.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024

    def hits(self):
        """How many of a hundred looks into each cache found what they looked for."""
        text = urllib.request.urlopen(self.base + "/metrics").read().decode()
        rates = {}
        for cache in ("pages", "posts"):
            hits, misses = (int(re.search(rf'cache_{kind}_total{{cache="{cache}"}} (\d+)', text).group(1)) for kind in ("hits", "misses"))
            rates[f"{cache}_percent"] = 100 * hits / max(1, hits + misses)
        return rates

    def wrk(self, path=None):
        words = ["wrk", "-t2", f"-c{self.args.clients}", f"-d{self.args.seconds}s", "--latency"]
        if path is None:
            words += ["-s", f"{self.place}/wrk.lua"]
        done = subprocess.run([*words, self.base + (path or "/v1/feed")], capture_output=True, text=True,
                              env={**self.environment, "TOKENS": f"{self.place}/tokens"})
        units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
        found = dict(re.findall(r"(50|90|99)%\s+([\d.]+(?:us|ms|s))", done.stdout))
        def milliseconds(text):
            number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
            return float(number) * units[unit]
        errors = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
        return {"per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1)),
                "p50_ms": milliseconds(found["50"]), "p99_ms": milliseconds(found["99"]),
                "errors": int(errors.group(1)) if errors else 0}

    def report(self, name, figures, goal=""):
        text = " ".join(f"{key}={value:.2f}" if isinstance(value, float) else f"{key}={value}" for key, value in figures.items())
        print(json.dumps({"figure": name, **figures}) if self.args.json else f"{name:34} {text} {goal}", flush=True)

    def pages(self):
        self.begin(*self.args.serve)
        self.wrk()
        self.report("feed pages", self.wrk(), "(goal: >= 10000/s, p99 <= 20 ms)")
        self.report("  found in the caches", self.hits())
        self.report("  memory of the server", {"mib": self.memory()})
        self.end()

    def health(self):
        self.begin(*self.args.serve)
        self.report("nothing at all", self.wrk("/health"))
        self.end()

    def uploads(self):
        self.beside({"uploads"}, "feed pages beside uploads")

    def mixed(self):
        self.beside({"uploads", "posts"}, "feed pages beside changes")

    def beside(self, kinds, name):
        self.begin(*self.args.serve)
        stop, counts = threading.Event(), {"uploads": 0, "posts": 0, "failed": 0}
        picture = open(self.args.picture, "rb").read()
        def send(path, body, key, pause):
            number = 0
            while not stop.is_set():
                number += 1
                token = self.tokens[number % len(self.tokens)]
                request = urllib.request.Request(self.base + path, data=body(number), method="POST",
                                                 headers={"Authorization": f"Bearer {token}"})
                try:
                    urllib.request.urlopen(request, timeout=30).read()
                    counts[key] += 1
                except Exception:
                    counts["failed"] += 1
                time.sleep(pause)
        changes = {"uploads": ("/v1/uploads?name=a.png", lambda n: picture),
                   "posts": ("/v1/posts", lambda n: json.dumps({"text": f"post {n}"}).encode())}
        threads = [threading.Thread(target=send, args=(*changes[kind], kind, 0.02)) for kind in kinds]
        for thread in threads:
            thread.start()
        figures = self.wrk()
        stop.set()
        for thread in threads:
            thread.join()
        self.report(name, {**figures, **counts}, "(goal: >= 10000/s, p99 <= 20 ms)")
        self.report("  found in the caches", self.hits())
        self.end()

    def listeners(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        author = self.handles[0]
        lines = "".join(json.dumps(["follow", "add", handle, author]) + "\n" for handle in self.handles[1:])
        self.social("batch", "-", "--keep-going", text=lines)
        self.begin(*self.args.serve)
        before = self.memory()
        asyncio.run(self.listen(author, before))
        self.end()

    async def listen(self, author, before):
        heard, ready = {}, asyncio.Semaphore(200)
        tokens = self.tokens[1:]
        count = self.args.listeners
        async def socket_client(index):
            token = tokens[index % len(tokens)]
            async with ready:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 14)
                key = base64.b64encode(os.urandom(16)).decode()
                writer.write((f"GET /v1/live HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nUpgrade: websocket\r\n"
                              f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
                await reader.readuntil(b"\r\n\r\n")
                await reader.readuntil(b'"welcome"')
            connected.append(index)
            while True:
                data = await reader.read(1 << 14)
                if not data:
                    return
                for number in re.findall(rb"bench post (\d+)", data):
                    heard.setdefault(int(number), []).append(time.perf_counter())
        connected = []
        tasks = [asyncio.create_task(socket_client(index)) for index in range(count)]
        start = time.perf_counter()
        while len(connected) < count and time.perf_counter() - start < 120:
            await asyncio.sleep(0.1)
        self.report("listeners", {"open": len(connected), "seconds": time.perf_counter() - start})
        self.report("  memory of the server", {"mib": self.memory(), "before_mib": before}, "(goal: < 1024 MiB)")
        spans = []
        for number in range(5):
            begun = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                self.args.social, "--data", self.data, "post", "create", f"bench post {number}", "--by", author,
                env=self.environment, stdout=asyncio.subprocess.DEVNULL)
            await process.wait()
            written = time.perf_counter()
            for _ in range(600):
                if len(heard.get(number, [])) >= len(connected):
                    break
                await asyncio.sleep(0.05)
            times = heard.get(number, [written])
            spans.append((times[0] - written, max(times) - written, len(heard.get(number, []))))
        self.report("  from the commit to the listeners", {
            "first_ms": statistics.median(span[0] for span in spans) * 1000,
            "last_ms": statistics.median(span[1] for span in spans) * 1000, "heard": min(span[2] for span in spans)})
        for task in tasks:
            task.cancel()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--social", default=f"{here}/../.build/release/social")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=1_000)
    parser.add_argument("--listeners", type=int, default=10_000)
    parser.add_argument("--picture", default=f"{here}/../fixtures/pictures/cat.png")
    parser.add_argument("--serve", nargs="*", default=[], help="further words for serve, without their dashes")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    args.social = os.path.abspath(args.social)
    args.serve = [f"--{word}" for word in args.serve]
    if not shutil.which("wrk"):
        sys.exit("wrk is needed: apt-get install wrk")
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(args, place)
        bench.prepare()
        for part in args.only.split(","):
            getattr(bench, part)()


if __name__ == "__main__":
    main()
