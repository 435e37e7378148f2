#!/usr/bin/env python3
"""Four `social serve` at full load, one of which is killed: what happens to the other three.

    herd.py [--social PATH] [--connections 4000] [--seconds 20] [--processes 2] [--json]

Connections are spread over four servers on one data directory, each asking anew as soon as it is answered: for the same
public pages and searches, and for its own feed, while an author posts, which makes every cached page old. In the middle one
server is killed -9; its clients run to the others all at once. What is asked for: none of the three falls; what they cannot
do they refuse with 503 and Retry-After instead of letting it pile up; what many ask for at once is made once; and whoever is
answered is answered in bounded time. Exits 1 when that does not hold. The clients run on the same machine and take their
share of its processors: rates are no measure of the servers alone.
"""
import argparse, asyncio, collections, json, multiprocessing, os, random, resource, sys, tempfile, time

from crowd import HTTP, request_bytes
from measuring import percentile, print_rows
from web import Failure, Network, Server, request, require

HERE = os.path.dirname(os.path.abspath(__file__))
READERS = 500
WORDS = ["rain", "coffee", "lamp", "forest", "train", "paper", "window", "river"]
BOUND_MS = 3_000  # beyond this an answer is of no use to whoever reads


def paths(dice):
    """What is asked for: mostly what many ask for."""
    turn = dice.random()
    if turn < 0.35:
        return "/v1/posts?limit=20"
    if turn < 0.65:
        return f"/v1/search/posts?q={dice.choice(WORDS)}&limit=20"
    return "/v1/feed?limit=20"


class Client:
    """One connection: it asks, waits for the answer, and asks anew, at another server when its own is gone."""

    def __init__(self, number, addresses, tokens, told):
        self.dice = random.Random(number)
        self.address, self.addresses = addresses[number % len(addresses)], addresses
        self.token, self.told, self.line = tokens[number % len(tokens)], told, None

    async def run(self, end):
        loop, told = asyncio.get_running_loop(), self.told
        while loop.time() < end:
            try:
                if self.line is None or not self.line.is_open:
                    self.line = await asyncio.wait_for(HTTP.open(*self.address), 10)
                start = loop.time()
                reply = await asyncio.wait_for(
                    self.line.send(request_bytes("GET", paths(self.dice), self.token)), 30)
            except (OSError, asyncio.TimeoutError) as error:
                told["errors"][f"{self.address[1]} {type(error).__name__}"] += 1
                if self.line:
                    self.line.close()
                self.line = None
                self.address = self.dice.choice(self.addresses)
                await asyncio.sleep(self.dice.random() * 0.2)
                continue
            told["answers"].append((start, loop.time() - start, reply.status, self.address[1]))
            if reply.status == 503:
                told["polite"] += reply.retry_after is not None
                # A tenth of what is asked for: clients that are only half polite keep the load up.
                await asyncio.sleep(self.dice.random() * 0.2)


def crowd(number, processes, connections, addresses, tokens, seconds, pipe):
    """A process with its share of the clients; sends what they saw as rows of start, duration, status and port."""
    told = {"answers": [], "errors": collections.Counter(), "polite": 0}

    async def run():
        end = asyncio.get_running_loop().time() + seconds
        clients = [Client(one, addresses, tokens, told) for one in range(number, connections, processes)]

        async def begin(client, delay):
            await asyncio.sleep(delay)
            await client.run(end)

        await asyncio.gather(*(begin(client, index / len(clients) * 2) for index, client in enumerate(clients)))

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(run())
    pipe.send((told["answers"], dict(told["errors"]), told["polite"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--social", default=os.path.join(HERE, "../.build/release/social"))
    parser.add_argument("--connections", type=int, default=4_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    failures, rows = [], []
    with tempfile.TemporaryDirectory(prefix="herd-", ignore_cleanup_errors=True) as folder:
        network = Network(os.path.abspath(options.social), folder)
        dice = random.Random(1)
        handles = [f"reader{number}" for number in range(READERS)]
        network.batch([["user", "create", handle] for handle in ["author", *handles]]
                      + [["follow", "add", handle, "author"] for handle in handles])
        network.batch([["post", "create", f"{number} {' '.join(dice.choices(WORDS, k=12))}", "--by", "author"]
                       for number in range(2_000)])
        author, *tokens = [told["token"] for told in network.batch([["user", "token", one] for one in ["author", *handles]])]
        servers = [Server(network, "--max-connections", str(options.connections), log=os.path.join(folder, f"log{number}"))
                   for number in range(4)]
        addresses = [(server.host, server.port) for server in servers]
        try:
            measure(options, network, servers, addresses, author, tokens, rows, failures)
        finally:
            for server in servers:
                if server.is_running:
                    server.stop()
    print_rows(rows, options.json)
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if failures else 0


def measure(options, network, servers, addresses, author, tokens, rows, failures):
    pipes, processes = [], []
    began = time.monotonic()
    for number in range(options.processes):
        ours, theirs = multiprocessing.Pipe(False)
        process = multiprocessing.Process(target=crowd, args=(
            number, options.processes, options.connections, addresses, tokens, options.seconds, theirs))
        process.start()
        pipes.append(ours)
        processes.append(process)
    posted, refused, killed, memory = 0, 0, None, 0
    while time.monotonic() - began < options.seconds - 1:
        time.sleep(0.2)
        alive = [server for server in servers if server.is_running]
        memory = max([memory, *(server.memory_bytes() for server in alive)])
        if killed is None and time.monotonic() - began > options.seconds / 2:
            coalesced = sum(server.metric("social_serve_coalesced_total") or 0 for server in servers[:3])
            # Clocks of processes of one machine are the same one.
            killed = time.monotonic()
            servers[3].kill()
        try:
            status = request(alive[0].url, "POST", "/v1/posts", {"text": f"rain {posted}"}, author, timeout=10).status
            posted, refused = posted + (status in (200, 201)), refused + (status == 503)
        except OSError:
            refused += 1
    answers, errors, polite = [], collections.Counter(), 0
    for pipe, process in zip(pipes, processes):
        one, other, more = pipe.recv()
        answers += one
        errors.update(other)
        polite += more
        process.join()
    after_coalesced = sum(server.metric("social_serve_coalesced_total") or 0 for server in servers[:3])
    shed_metric = sum(server.metric("social_serve_shed_total") or 0 for server in servers[:3])

    good = [answer for answer in answers if answer[2] == 200]
    shed = [answer for answer in answers if answer[2] == 503]
    other = collections.Counter(answer[2] for answer in answers if answer[2] not in (200, 503))
    # The first two seconds are those in which the clients come.
    phases = (("before", began + 2, killed), ("after", killed, began + options.seconds))
    for name, first, last in phases:
        part = [answer for answer in good if first <= answer[0] < last]
        times = [1e3 * took for _, took, _, _ in part]
        rows.append((f"answered {name} one of four was killed", "a second", [len(part) / (last - first)], None))
        rows.append(("  p50 / p99 / longest", "ms", [percentile(times, q) for q in (0.5, 0.99, 1)], None))
        rows.append(("  refused with 503", "a second",
                     [sum(first <= answer[0] < last for answer in shed) / (last - first)], None))
        if percentile(times, 0.99) > BOUND_MS:
            failures.append(f"p99 {name} the kill is {percentile(times, 0.99):.0f} ms")
    rows.append(("503 with Retry-After / all 503", "", [polite, len(shed)], "the same"))
    rows.append(("  refused by the three, as they count", "", [shed_metric], None))
    rows.append(("requests that shared an answer in the making: before / in all", "", [coalesced, after_coalesced], "> 0"))
    rows.append(("other answers", "", [sum(other.values())], 0))
    foreign = {name: number for name, number in errors.items() if not name.startswith(f"{addresses[3][1]} ")}
    rows.append(("failed connections to the dead server / to the others", "",
                 [sum(errors.values()) - sum(foreign.values()), sum(foreign.values())], "any / 0"))
    rows.append(("posts made meanwhile / refused", "", [posted, refused], None))
    rows.append(("largest memory of a server", "MiB", [memory / 2**20], None))
    running = sum(server.is_running for server in servers[:3])
    rows.append(("servers that still run", "of 3", [running], 3))
    if running != 3:
        failures.append("a server fell with the one that was killed")
    if polite != len(shed):
        failures.append("some 503 had no Retry-After")
    if other:
        failures.append(f"other answers: {dict(other)}")
    if foreign:
        failures.append(f"connections to living servers failed: {foreign}")
    if after_coalesced == 0:
        failures.append("nothing was coalesced")


if __name__ == "__main__":
    sys.exit(main())
