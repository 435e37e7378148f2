#!/usr/bin/env python3
"""Thousands of clients who listen: how much memory they cost, and how long it takes until the last one has a post.

    clients.py [--social PATH] [--clients 10000] [--polling 1000] [--posts 10] [--json]

Each client is an account of its own with a connection of its own, and follows one author; most listen by WebSocket, the
others by long polling (`--polling` of `--clients`). The author's posts are made by a request to the server and, in turn, by
another process in the same directory. Every client must get every post exactly once. The clients are one Python process on
the same machine: what it takes to read 10,000 messages is in the times. Exits 1 when a post was lost or doubled.
"""
import argparse, asyncio, json, os, re, resource, sys, tempfile, time

from crowd import HTTP, Listener, request_bytes
from measuring import percentile, print_rows
from web import Network, Server

HERE = os.path.dirname(os.path.abspath(__file__))
AT_ONCE = 200  # connections that are opened at the same time
NUMBER = re.compile(rb'"text":"delivery (\d+)"')


class Delivery:
    """One post, and when who got it."""

    def __init__(self, clients):
        self.times, self.doubled, self.seen, self.done, self.clients = [], 0, set(), asyncio.Event(), clients

    def arrived(self, client):
        if client in self.seen:
            self.doubled += 1
            return
        self.seen.add(client)
        self.times.append(time.perf_counter())
        if len(self.seen) == self.clients:
            self.done.set()


class Crowd:
    def __init__(self, server, tokens, polling):
        self.server, self.tokens, self.polling = server, tokens, polling
        self.deliveries, self.listeners, self.tasks, self.lost = {}, [], [], 0

    def hear(self, client, data):
        found = NUMBER.search(data)
        if found and b'"type":"post"' in data:
            self.deliveries[int(found[1])].arrived(client)

    async def open(self):
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(number, token):
            async with gate:
                if number < self.polling:
                    ready = asyncio.get_running_loop().create_future()
                    self.tasks.append(asyncio.create_task(self.poll(number, token, ready)))
                    await ready
                else:
                    self.listeners.append(await Listener.open(
                        self.server.host, self.server.port, token, lambda _, data: self.hear(number, data)))

        await asyncio.gather(*(one(number, token) for number, token in enumerate(self.tokens)))

    async def poll(self, number, token, ready):
        """Listens by requests that are held, each begun when the one before is answered."""
        rid = 1000
        try:
            line = await HTTP.open(self.server.host, self.server.port)
            reply = await line.send(request_bytes("POST", "/v1/poll", token, {"rid": rid, "wait": 50, "hold": 1}))
            sid = json.loads(reply.body)["sid"]
            ready.set_result(True)
            while True:
                rid += 1
                reply = await line.send(request_bytes("POST", "/v1/poll", token, {"sid": sid, "rid": rid}))
                if reply.status != 200:
                    raise ConnectionResetError(f"status {reply.status}: {reply.body[:200]}")
                for told in re.split(rb'(?=\{"type":)', reply.body):
                    self.hear(number, told)
        except asyncio.CancelledError:
            pass
        except Exception as error:
            self.lost += 1
            if not ready.done():
                ready.set_exception(error)

    async def deliver(self, number, act, seconds=60):
        """Makes a post; returns the milliseconds from its acknowledgement to the first, half, 99 % and the last."""
        delivery = self.deliveries[number] = Delivery(len(self.tokens))
        await act(f"delivery {number}")
        start = time.perf_counter()
        try:
            await asyncio.wait_for(delivery.done.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        await asyncio.sleep(0.3)
        return delivery, [1e3 * (percentile(delivery.times, q) - start) for q in (0, 0.5, 0.99, 1)]


def processor_seconds(process):
    with open(f"/proc/{process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(options, network, server, tokens, author):
    rows, failures = [], []
    before = server.memory_bytes()
    crowd = Crowd(server, tokens, options.polling)
    start = time.perf_counter()
    await crowd.open()
    took = time.perf_counter() - start
    await asyncio.sleep(2)
    opened = server.memory_bytes()
    rows.append(("clients held open: WebSocket / long polling", "", [len(tokens) - options.polling, options.polling], 10_000))
    rows.append(("opened at", "a second", [len(tokens) / took], None))
    rows.append(("memory of the server before / with all of them", "MiB", [before / 2**20, opened / 2**20], "< 1,024"))
    rows.append(("  for each of them", "KiB", [(opened - before) / 1024 / len(tokens)], None))
    busy, start = processor_seconds(server.process), time.perf_counter()
    await asyncio.sleep(5)
    share = (processor_seconds(server.process) - busy) / (time.perf_counter() - start)
    rows.append(("processor while nothing happens", "% of a core", [100 * share], None))

    line = await HTTP.open(server.host, server.port)

    async def by_request(text):
        reply = await line.send(request_bytes("POST", "/v1/posts", author, {"text": text}))
        if reply.status not in (200, 201):
            raise ConnectionResetError(f"the post was answered with {reply.status}: {reply.body[:200]}")

    async def by_process(text):
        process = await asyncio.create_subprocess_exec(
            network.social, "post", "create", text, "--by", "author", env=network.environment,
            stdout=asyncio.subprocess.DEVNULL)
        if await process.wait() != 0:
            raise ConnectionResetError("social post create failed")

    for name, act, first in (("by request", by_request, 0), ("by another process", by_process, options.posts)):
        spreads = []
        for number in range(first, first + options.posts):
            delivery, spread = await crowd.deliver(number, act)
            spreads.append(spread)
            if len(delivery.seen) != len(tokens) or delivery.doubled:
                failures.append(f"{name}: post {number} reached {len(delivery.seen)} of {len(tokens)}, "
                                f"{delivery.doubled} times twice")
        median = [percentile([spread[index] for spread in spreads], 0.5) for index in range(4)]
        rows.append((f"a post {name}: first / half / 99 % / last", "ms", median, None))
        rows.append(("  the worst of all posts: last", "ms", [max(spread[3] for spread in spreads)], None))
    rows.append(("memory of the server at most", "MiB", [server.memory_bytes("VmHWM") / 2**20], "< 1,024"))
    closed = crowd.lost + sum(not listener.is_open for listener in crowd.listeners)
    rows.append(("connections that the server closed meanwhile", "", [closed], 0))
    if closed:
        failures.append(f"{closed} connections were closed")
    for task in crowd.tasks:
        task.cancel()
    for listener in crowd.listeners:
        listener.close()
    return rows, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--social", default=os.path.join(HERE, "../.build/release/social"))
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--polling", type=int, default=1_000)
    parser.add_argument("--posts", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if options.clients + 100 > most:
        sys.exit(f"{options.clients} clients need more open files than the {most} that are allowed")
    with tempfile.TemporaryDirectory(prefix="clients-", ignore_cleanup_errors=True) as folder:
        network = Network(os.path.abspath(options.social), folder)
        handles = [f"c{number}" for number in range(options.clients)]
        network.batch([["user", "create", handle] for handle in ["author", *handles]])
        network.batch([["follow", "add", handle, "author"] for handle in handles])
        told = network.batch([["user", "token", handle] for handle in ["author", *handles]])
        author, *tokens = [one["token"] for one in told]
        server = Server(network, "--max-connections", str(options.clients + 1000), log=os.path.join(folder, "log"))
        try:
            rows, failures = asyncio.run(measure(options, network, server, tokens, author))
            if not server.is_running:
                failures.append("the server has ended by itself")
        finally:
            server.stop()
    print_rows(rows, options.json)
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
