#!/usr/bin/env python3
"""nginx before four `social serve` on one data directory, with the configuration that is in the repository.

    proxy_check.py [--social PATH] [--nginx PROGRAM] [--seconds 6] [--json]

Needs nginx. Proves, each in a step of its own: that what never changes comes from the cache of the proxy, whole and in
ranges, and is fetched once by many who ask at once; that each reader has one server; that reads fail for nobody when a server is
killed -9, and no acknowledged change is lost or made twice; that WebSockets and held requests go through and go on; that the
server which comes back is used again. Prints a row for each figure; exits 1 when a step failed.
"""
import argparse, collections, hashlib, os, socket, subprocess, sys, tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor

from measuring import percentile, print_rows
from web import Failure, Network, Server, Socket, request, require, until

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "../fixtures")
CONFIGURATION = os.path.join(HERE, "../Sources/SocialServe/Page/nginx.conf")
READERS = 40


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class Cluster:
    """The data directory, its servers, and nginx."""

    def __init__(self, options, folder):
        self.folder, self.rows = folder, []
        self.network = network = Network(os.path.abspath(options.social), folder)
        self.readers = [f"reader{number}" for number in range(READERS)]
        network.batch([["user", "create", handle] for handle in ["author", *self.readers]]
                      + [["follow", "add", handle, "author"] for handle in self.readers])
        network.batch([["post", "create", f"post {number}", "--by", "author"] for number in range(60)])
        [self.picture] = network.json("upload", "put", os.path.join(FIXTURES, "pictures/cat.png"), "--by", "author")
        noise = os.path.join(folder, "noise.bin")
        with open(noise, "wb") as file:
            file.write(os.urandom(3_500_000))
        [self.large] = network.json("upload", "put", noise, "--any", "--by", "author")
        self.film = network.json("video-segment", "cut", os.path.join(FIXTURES, "films/scenes.mp4"), "--by", "author")
        self.tokens = {handle: network.token(handle) for handle in ["author", *self.readers]}
        ports = free_ports(9)
        self.addresses, self.write_addresses, port = ports[:4], ports[4:8], ports[8]
        self.servers = [self.serve(number) for number in range(4)]
        self.url = f"http://127.0.0.1:{port}"
        self.nginx = subprocess.Popen([options.nginx, "-c", self.configure(port), "-p", folder], stderr=subprocess.PIPE)
        until(lambda: self.answers(), 10, "nginx answers")

    def serve(self, number):
        return Server(self.network, "--listen-writes", f"127.0.0.1:{self.write_addresses[number]}", "--readers", "1",
                      listen=f"127.0.0.1:{self.addresses[number]}", log=os.path.join(self.folder, f"serve{number}.log"))

    def configure(self, port):
        """The configuration as it is, but for ports and folders, and with a log of who answered what."""
        with open(CONFIGURATION) as file:
            text = file.read()
        for number in range(4):
            text = text.replace(f":{8081 + number} ", f":{self.addresses[number]} ")
            text = text.replace(f":{9081 + number} ", f":{self.write_addresses[number]} ")
        text = text.replace("listen 8080;", f"listen 127.0.0.1:{port};")
        text = text.replace("/var/cache/nginx/social", f"{self.folder}/cache")
        self.log = os.path.join(self.folder, "access.log")
        path = os.path.join(self.folder, "nginx.conf")
        with open(path, "w") as file:
            file.write(f"""daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log; worker_processes 1;
                {'user root;' if os.getuid() == 0 else ''}
                events {{ worker_connections 2048; }}
                http {{
                    log_format told '$request_method $request_uri $status $upstream_addr|$http_user_agent';
                    access_log {self.log} told;
                    client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
                    fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
                    {text}
                }}""")
        return path

    def answers(self):
        if self.nginx.poll() is not None:
            raise Failure(f"nginx: {self.nginx.stderr.read().decode()}")
        try:
            return request(self.url, "GET", "/health").status == 200
        except OSError:
            return False

    def get(self, path, reader=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return request(self.url, "GET", path, token=self.tokens.get(reader), headers=headers)

    def servers_by_agent(self):
        """Which server gave the answer to the last request of each user agent: the last of those that were asked."""
        time.sleep(0.2)
        with open(self.log) as file:
            lines = [line.rstrip("\n").split("|") for line in file]
        return {agent: told.split()[-1] for told, agent in lines}

    def close(self):
        self.nginx.terminate()
        self.nginx.wait()
        for server in self.servers:
            if server.is_running:
                server.stop()


def caching(cluster):
    picture, film = cluster.picture, cluster.film
    track = film["tracks"][0]["name"]
    paths = [f"/objects/{picture['object']}", f"/thumbnails/{picture['object']}/small", f"/video/{film['id']}/{track}/00001.m4s"]
    for path in paths:
        first, second = cluster.get(path), cluster.get(path)
        require(first.status == 200 and second.status == 200, f"{path}: {first.status}, {second.status}: {first.body[:200]}")
        require(first.headers["x-cache"] == "MISS" and second.headers["x-cache"] == "HIT", f"{path}: not kept")
        require(first.body == second.body, f"{path}: another answer from the cache")
        require("immutable" in second.headers["cache-control"], f"{path}: {second.headers['cache-control']}")
        again = cluster.get(path, If_None_Match=second.headers["etag"])
        require(again.status == 304 and not again.body, f"{path}: {again.status} for the same entity tag")
    require(hashlib.sha256(second.body and cluster.get(paths[0]).body).hexdigest() == picture["object"], "another object")
    moved = cluster.get(f"/media/{picture['id']}?size=small")
    require(moved.status == 302 and moved.headers["location"] == paths[1], f"{moved.status} {moved.headers}")
    cluster.rows.append(("immutable paths that come from the cache when asked for again", "of 3", [len(paths)], "all"))


def ranges(cluster):
    """A large file is kept in pieces of 1 MiB; any range is made of them."""
    path, size = f"/objects/{cluster.large['object']}", cluster.large["bytes"]
    end = cluster.get(path, Range="bytes=-1000")
    require(end.status == 206 and len(end.body) == 1000, f"{end.status}, {len(end.body)} bytes")
    whole = cluster.get(path)
    require(hashlib.sha256(whole.body).hexdigest() == cluster.large["object"], "the whole is another")
    require(whole.body[-1000:] == end.body, "the range is another")
    for first, last in ((0, 0), (1_048_575, 1_048_577), (2_000_000, 3_200_000)):
        piece = cluster.get(path, Range=f"bytes={first}-{last}")
        require(piece.status == 206 and piece.body == whole.body[first : last + 1], f"bytes {first}-{last} are others")
        require(piece.headers["content-range"] == f"bytes {first}-{last}/{size}", piece.headers["content-range"])
        require(piece.headers["x-cache"] == "HIT", "a piece was fetched again")
    require(cluster.get(path, Range=f"bytes={size}-").status == 416, "a range behind the end is answered")


def crowd(cluster):
    """Many ask at once for what the cache does not have: it is fetched once."""
    path = f"/thumbnails/{cluster.picture['object']}/medium"
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: cluster.get(path), range(50)))
    require(all(answer.status == 200 for answer in answers), "not all were answered")
    fetched = sum(answer.headers["x-cache"] == "MISS" for answer in answers)
    cluster.rows.append(("of 50 at once for a new thumbnail, fetched from a server", "", [fetched], 1))
    require(fetched == 1, f"it was fetched {fetched} times")


def hashing(cluster):
    """Each reader has one server, and all servers have readers; when one goes, only its readers move."""
    before = placed(cluster, "a")
    spread = collections.Counter(before.values())
    require(len(spread) == 4, f"only {len(spread)} of 4 servers have readers: {spread}")
    require(placed(cluster, "b") == before, "readers move while nothing happens")
    cluster.rows.append((f"readers of each server, of {READERS}", "", sorted(spread.values()), "all > 0"))


def revive(cluster, number):
    """Starts a server again, and waits until the proxy uses it for the readers that it had."""
    address = f"127.0.0.1:{cluster.addresses[number]}"
    cluster.servers[number] = cluster.serve(number)
    until(lambda: address in placed(cluster, "e").values(), 20, "the server that came back is used again", 1)


def placed(cluster, mark):
    """The server that answers each reader; a mark makes the requests findable in the log."""
    for reader in cluster.readers:
        answer = cluster.get("/v1/feed?limit=1", reader, User_Agent=f"{mark}-{reader}")
        require(answer.status == 200, f"{reader}: {answer.status} {answer.body[:200]}")
    servers = cluster.servers_by_agent()
    return {reader: servers[f"{mark}-{reader}"] for reader in cluster.readers}


class Load:
    """Readers who read and an author who posts, all the time, each asking anew at once."""

    def __init__(self, cluster, readers=6):
        self.cluster, self.stopped = cluster, threading.Event()
        self.statuses, self.times, self.posted, self.refused = collections.Counter(), [], [], 0
        self.threads = [threading.Thread(target=self.read, args=(number,)) for number in range(readers)]
        self.threads.append(threading.Thread(target=self.post))
        for thread in self.threads:
            thread.start()

    def read(self, number):
        turn = number
        while not self.stopped.is_set():
            turn += 1
            start = time.perf_counter()
            try:
                status = self.cluster.get("/v1/feed?limit=20", self.cluster.readers[turn % READERS]).status
            except OSError as error:
                status = type(error).__name__
            self.times.append(time.perf_counter() - start)
            self.statuses[status] += 1

    def post(self):
        number = 0
        while not self.stopped.is_set():
            text, answered = f"under load {number}", False
            while not answered and not self.stopped.is_set():
                try:
                    answer = request(self.cluster.url, "POST", "/v1/posts", {"text": text}, self.cluster.tokens["author"],
                                     {"Idempotency-Key": text})
                    answered = answer.status in (200, 201)
                except OSError:
                    pass
                self.refused += not answered
            if answered:
                self.posted.append(text)
            number += 1

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def failover(cluster, seconds):
    before = placed(cluster, "c")
    load = Load(cluster)
    time.sleep(seconds / 3)
    quiet = list(load.times)
    victim = 2
    cluster.servers[victim].kill()
    time.sleep(seconds / 3)
    after = placed(cluster, "d")
    time.sleep(seconds / 3)
    load.stop()
    address = f"127.0.0.1:{cluster.addresses[victim]}"
    moved = {reader for reader in cluster.readers if before[reader] != after[reader]}
    expected = {reader for reader in cluster.readers if before[reader] == address}
    bad = {status: number for status, number in load.statuses.items() if status != 200}
    rows = cluster.rows
    rows.append(("reads while one of four servers is killed -9", "", [sum(load.statuses.values())], None))
    rows.append(("  that failed", "", [sum(bad.values())], 0))
    rows.append(("  p50 / p99 / longest before", "ms", [1e3 * percentile(quiet, q) for q in (0.5, 0.99, 1)], None))
    rows.append(("  p50 / p99 / longest in all", "ms", [1e3 * percentile(load.times, q) for q in (0.5, 0.99, 1)], None))
    rows.append(("readers who moved to another server / of the dead one", "", [len(moved), len(expected)], "the same"))
    there = collections.Counter(post["text"] for post in cluster.network.json("post", "list", "--by", "author", "--all"))
    lost = [text for text in load.posted if there[text] == 0]
    doubled = [text for text, number in there.items() if number > 1]
    rows.append(("posts acknowledged meanwhile / refused and sent again", "", [len(load.posted), load.refused], None))
    rows.append(("  lost / doubled", "", [len(lost), len(doubled)], "0 / 0"))
    require(not bad, f"reads failed: {bad}")
    require(moved == expected, f"{len(moved)} readers moved, the dead server had {len(expected)}")
    require(not lost and not doubled, f"lost {lost[:3]}, doubled {doubled[:3]}")
    require(load.posted, "nothing was posted")
    revive(cluster, victim)


def sockets(cluster):
    """A WebSocket through the proxy; its server is killed, and it goes on by its cursor at another."""
    reader, url = cluster.readers[0], cluster.url.replace("http", "ws")
    line = Socket(f"{url}/v1/live", cluster.tokens[reader])
    welcome = line.receive_json(10)
    require(welcome["type"] == "welcome", f"{welcome}")

    def hear(text):
        start = time.monotonic()
        while True:
            told = line.receive_json(10)
            require(told is not None, "the WebSocket was closed")
            if told["type"] == "post" and told["item"]["text"] == text:
                return told["cursor"], 1e3 * (time.monotonic() - start)

    cluster.network.run("post", "create", "through the proxy", "--by", "author")
    cursor, took = hear("through the proxy")
    cluster.rows.append(("a post of another process, through nginx by WebSocket", "ms", [took], 100))
    number = cluster.addresses.index(int(placed(cluster, "f")[reader].split(":")[1]))
    cluster.servers[number].kill()
    try:
        while line.receive(10) is not None:
            pass
    except (ConnectionError, OSError):
        pass
    cluster.network.run("post", "create", "while the line was gone", "--by", "author")
    start = time.monotonic()
    line = Socket(f"{url}/v1/live?after={cursor}", cluster.tokens[reader])
    hear("while the line was gone")
    cluster.rows.append(("the same reader at another server: what was missed", "ms", [1e3 * (time.monotonic() - start)], None))
    line.close()
    revive(cluster, number)


def polling(cluster):
    """Held requests through the proxy come to the server that holds the session."""
    token = cluster.tokens[cluster.readers[1]]

    def poll(body):
        answer = request(cluster.url, "POST", "/v1/poll", body, token, timeout=70)
        require(answer.status == 200, f"{answer.status} {answer.body[:200]}")
        return answer.json

    session = poll({"rid": 100, "wait": 20, "hold": 1})
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(poll, {"sid": session["sid"], "rid": 101})
        time.sleep(0.5)
        require(not held.done(), "the request was not held")
        cluster.network.run("post", "create", "by polling", "--by", "author")
        start = time.monotonic()
        messages = held.result()["messages"]
    took = 1e3 * (time.monotonic() - start)
    require(any(told["type"] == "post" and told["item"]["text"] == "by polling" for told in messages), f"{messages}")
    cluster.rows.append(("a post of another process, through nginx by long polling", "ms", [took], 100))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--social", default=os.path.join(HERE, "../.build/release/social"))
    parser.add_argument("--nginx", default="nginx")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    failures = {}
    with tempfile.TemporaryDirectory(prefix="proxy-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(options, folder)
        steps = [caching, ranges, crowd, hashing, sockets, polling, lambda cluster: failover(cluster, options.seconds)]
        try:
            for name, step in zip(("caching", "ranges", "crowd", "hashing", "sockets", "polling", "failover"), steps):
                try:
                    step(cluster)
                except (Failure, OSError, KeyError) as failure:
                    failures[name] = f"{type(failure).__name__}: {failure}"
        finally:
            cluster.close()
    print_rows(cluster.rows, options.json)
    for name, failure in failures.items():
        print(f"FAILED {name}: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
