#!/usr/bin/env python3
"""Clients that are slow, greedy, broken or malicious, while somebody well-behaved goes on reading.

    hostile.py [--social PATH] [--loris 300] [--fuzz 3000] [--seed 1] [--only WORD,…] [--json]

Each case is sent as raw bytes over a connection of its own, and the status, or that the connection is closed, is compared with
what HTTP (RFC 9110, RFC 9112) and WebSocket (RFC 6455) ask for. Meanwhile another client reads a feed: none of its requests
may fail, and it should not notice. In the end the server must still run, hold no more memory and no file of a broken upload.
Exits 1 when something was otherwise.
"""
import argparse, os, random, re, signal, socket, struct, sys, tempfile, threading, time

from measuring import percentile, print_rows
from web import Failure, Network, Server, Socket, frame, request, require, until

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = b"Host: localhost\r\n"
CLOSED = "closed"


def raw(server, data, timeout=20, half=False):
    """Sends bytes; returns the statuses that came back, and `closed` when the server closed without one."""
    with socket.create_connection((server.host, server.port), timeout) as line:
        try:
            line.sendall(data)
            if half:
                line.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        line.settimeout(timeout)
        got = b""
        try:
            while True:
                piece = line.recv(65536)
                if not piece:
                    break
                got += piece
                if not half and complete(got):
                    break
        except (TimeoutError, ConnectionError) as error:
            if not got and isinstance(error, TimeoutError):
                return ["nothing"]
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)] or [CLOSED]


def complete(data):
    """Whether an answer is there as a whole."""
    head, mark, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return bool(mark) and length is not None and len(body) >= int(length[1])


def get(path=b"/health", fields=b"", version=b"HTTP/1.1"):
    return b"GET " + path + b" " + version + b"\r\n" + HOST + fields + b"\r\n"


def post(body, fields=b"", path=b"/v1/session", length=None):
    size = len(body) if length is None else length
    return (b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n" + fields
            + b"Content-Length: %d\r\n\r\n" % size + body)


# What is sent, and which statuses are right; a server may always close instead of explaining.
REFUSED = {400, CLOSED}
CASES = [
    ("a plain request", get(), {200}),
    ("garbage", os.urandom(300).replace(b"\r", b"x").replace(b"\n", b"x") + b"\r\n\r\n", REFUSED),
    ("a TLS greeting", bytes.fromhex("16030100c8010000c40303") + bytes(200), REFUSED | {"nothing"}),
    ("an HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", REFUSED | {505}),
    ("an unknown version", get(version=b"HTTP/9.9"), REFUSED | {505}),
    ("an unknown method", b"BREW /v1/posts HTTP/1.1\r\n" + HOST + b"\r\n", {405, 501, 400, CLOSED}),
    ("a method that is not allowed", b"DELETE /v1/feed HTTP/1.1\r\n" + HOST + b"\r\n", {405}),
    ("no host", b"GET /health HTTP/1.1\r\n\r\n", REFUSED | {200}),
    ("an unknown path", get(b"/nothing/here"), {404}),
    ("a path with dots", get(b"/objects/../../../../etc/passwd"), {400, 404}),
    ("a path with coded dots", get(b"/objects/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), {400, 404}),
    ("a path with a coded zero", get(b"/v1/users/ana%00"), {400, 404}),
    ("a path with a broken code", get(b"/v1/users/%zz"), {400, 404}),
    ("a path that is no UTF-8", get(b"/v1/users/%ff%fe"), {400, 404}),
    ("a path of 15,000 bytes", get(b"/" + b"a" * 15_000), {404, 414, 431, 400}),
    ("a head of 200 kB in one field", get(fields=b"X: " + b"a" * 200_000 + b"\r\n"), {431, CLOSED}),
    ("5,000 fields", get(fields=b"".join(b"X-%d: y\r\n" % number for number in range(5_000))), {431, CLOSED}),
    ("a field without a colon", get(fields=b"Nonsense\r\n"), REFUSED),
    ("a field with a zero", get(fields=b"X: a\x00b\r\n"), REFUSED | {200}),
    ("a space before the colon", get(fields=b"Content-Length : 5\r\n"), REFUSED),
    ("a folded field", get(fields=b"X: a\r\n b\r\n"), REFUSED | {200}),
    ("two lengths", post(b"{}", fields=b"Content-Length: 5\r\n"), REFUSED),
    ("a negative length", post(b"", length=-5), REFUSED),
    ("a length that is no number", b"POST /v1/session HTTP/1.1\r\n" + HOST + b"Content-Length: many\r\n\r\n", REFUSED),
    ("a length beyond 64 bits", post(b"", length=10**30), REFUSED | {413}),
    ("a length and chunks", post(b"0\r\n\r\n", fields=b"Transfer-Encoding: chunked\r\n"), REFUSED),
    ("an unknown coding", b"POST /v1/session HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: cow\r\n\r\n", REFUSED | {501}),
    ("a broken chunk", b"POST /v1/session HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", REFUSED),
    ("a body that is no JSON", post(b"{nonsense"), {400}),
    ("JSON that is deep", post(b"[" * 100_000), {400, 413}),
    ("JSON that is no UTF-8", post(b'{"token":"\xff\xfe"}'), {400, 401}),
    ("a JSON body of 2 MiB", post(b'{"token":"' + b"a" * (2 << 20) + b'"}'), {413, CLOSED}),
    ("an announced body of a terabyte", post(b"", length=1 << 40), {413, CLOSED}),
    ("a token of nonsense", get(b"/v1/me", b"Authorization: Bearer \xff\xfe\x01\r\n"), {401, 400, CLOSED}),
    ("a long token", get(b"/v1/me", b"Authorization: Bearer " + b"A" * 8_000 + b"\r\n"), {401}),
    ("a range of nonsense", get(b"/", b"Range: bytes=9-1,-,a-b\r\n"), {200, 206, 416}),
    ("ten thousand ranges", get(b"/", b"Range: bytes=" + b",".join(b"%d-%d" % (n, n) for n in range(1_500)) + b"\r\n"),
     {200, 206, 416, 431}),
    ("a limit of nonsense", get(b"/v1/posts?limit=99999999999999999999"), {400}),
    ("a limit below one", get(b"/v1/posts?limit=-1"), {400}),
    ("a cursor of nonsense", get(b"/v1/posts?after=%27%20OR%201=1%20--"), {400, 404}),
    ("an unknown parameter", get(b"/v1/posts?nonsense=1"), {400, 200}),
    ("a query of brackets", get(b"/v1/search/posts?q=" + b"(" * 5_000), {400, 414, 431}),
    ("a query of SQL", get(b"/v1/search/posts?q=%27;DROP%20TABLE%20posts;--"), {200, 400}),
    ("a WebSocket of a wrong version", get(b"/v1/live", b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
     b"Sec-WebSocket-Version: 7\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), {400, 426, 401, CLOSED}),
    ("a WebSocket without a key", get(b"/v1/live", b"Upgrade: websocket\r\nConnection: Upgrade\r\n"), {400, 401, 426, CLOSED}),
]


class Bystander:
    """Somebody who reads all the time."""

    def __init__(self, server, token):
        self.server, self.token, self.times, self.failed = server, token, [], []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while not self.stopped.is_set():
            start = time.perf_counter()
            try:
                answer = request(self.server.url, "GET", "/v1/feed?limit=20", token=self.token, timeout=20)
                if answer.status != 200:
                    self.failed.append(f"{answer.status}: {answer.body[:200]}")
            except OSError as error:
                self.failed.append(repr(error))
            self.times.append(time.perf_counter() - start)
            time.sleep(0.01)

    def stop(self):
        self.stopped.set()
        self.thread.join()


class Attack:
    def __init__(self, options, folder):
        self.options, self.rows, self.failures = options, [], []
        self.network = network = Network(os.path.abspath(options.social), folder)
        network.batch([["user", "create", "ana"], ["user", "create", "bob"], ["follow", "add", "ana", "bob"]]
                      + [["post", "create", f"post {number}", "--by", "bob"] for number in range(50)])
        noise = os.path.join(folder, "noise.bin")
        with open(noise, "wb") as file:
            file.write(os.urandom(24 << 20))
        [self.large] = network.json("upload", "put", noise, "--any", "--by", "bob")
        self.token, self.other = network.token("ana"), network.token("bob")
        self.server = Server(network, "--head-timeout", "4s", "--idle-timeout", "8s", "--min-upload-rate", "4K",
                             log=os.path.join(folder, "log"))

    def expect(self, name, found, right):
        if found not in right:
            self.failures.append(f"{name}: {found}, and right were {sorted(map(str, right))}")

    def cases(self):
        for name, data, right in CASES:
            self.expect(name, raw(self.server, data)[0], right)
        self.rows.append(("malformed and oversized requests", "", [len(CASES)], None))

    def smuggling(self):
        """What stands behind a refused request is never taken for one."""
        hidden = b"GET /v1/me HTTP/1.1\r\n" + HOST + b"\r\n"
        for name, fields in (("length and chunks", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
                             ("two lengths", b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(hidden)),
                             ("a coded length", b"Content-Length: +0\r\n")):
            found = raw(self.server, b"POST /v1/session HTTP/1.1\r\n" + HOST + fields + b"\r\n" + hidden, half=True, timeout=12)
            if len(found) > 1:
                self.failures.append(f"smuggling by {name}: answered {found}")

    def pipelining(self):
        """A hundred requests at once are answered in their order."""
        paths = [b"/health" if number % 3 else b"/nothing" for number in range(100)]
        data = b"".join(get(path) for path in paths[:-1]) + get(paths[-1], b"Connection: close\r\n")
        found = raw(self.server, data, half=True)
        right = [200 if path == b"/health" else 404 for path in paths]
        if found != right:
            self.failures.append(f"pipelining: {len(found)} answers, or another order")
        self.rows.append(("pipelined requests answered in order", "", [len(found)], 100))

    def loris(self):
        """Hundreds of heads that come a byte a second."""
        lines, began = [], time.monotonic()
        for _ in range(self.options.loris):
            line = socket.create_connection((self.server.host, self.server.port), 10)
            line.setblocking(False)
            line.send(b"GET /health HTTP/1.1\r\nHost: loc")
            lines.append(line)
        closed = {}
        while len(closed) < len(lines) and time.monotonic() - began < 25:
            time.sleep(0.5)
            for line in lines:
                if line in closed:
                    continue
                try:
                    data = line.recv(1000)
                    closed[line] = (time.monotonic() - began, data)
                except BlockingIOError:
                    try:
                        line.send(b"a")
                    except OSError:
                        closed[line] = (time.monotonic() - began, b"")
                except OSError:
                    closed[line] = (time.monotonic() - began, b"")
        for line in lines:
            line.close()
        told = sum(b" 408 " in data for _, data in closed.values())
        self.rows.append(("slow heads closed / told so with 408", "", [len(closed), told], self.options.loris))
        if closed:
            self.rows.append(("  the last of them after (4 s are allowed)", "s", [max(when for when, _ in closed.values())], 4))
        if len(closed) < len(lines):
            self.failures.append(f"loris: {len(lines) - len(closed)} of {len(lines)} connections are still open")

    def uploads(self):
        """Uploads that come too slowly, stop in the middle, or are larger than they may be."""
        head = (b"POST /v1/uploads?name=slow.png HTTP/1.1\r\n" + HOST + b"Authorization: Bearer " + self.token.encode()
                + b"\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n")
        with socket.create_connection((self.server.host, self.server.port), 30) as line:
            start, status = time.monotonic(), None
            line.sendall(head % 1_000_000)
            line.settimeout(0.5)
            while time.monotonic() - start < 40 and status is None:
                try:
                    line.sendall(b"x" * 16)
                    got = line.recv(1000)
                    status = int(got.split()[1]) if got else CLOSED
                except TimeoutError:
                    continue
                except OSError:
                    status = CLOSED
        self.expect("an upload of 32 bytes a second", status, {408, CLOSED})
        self.rows.append(("an upload that comes too slowly is given up after", "s", [time.monotonic() - start], None))
        for size in (10, 100_000):
            with socket.create_connection((self.server.host, self.server.port), 10) as line:
                line.sendall(head % 1_000_000 + os.urandom(size))
        self.expect("an upload of 65 MiB", raw(self.server, head % (65 << 20) + bytes(1 << 20))[0], {413, CLOSED})
        until(lambda: not self.staged(), 10, f"what broken uploads left is removed: {self.staged()}")

    def staged(self):
        """Files of uploads that are under way."""
        found = []
        for folder, _, names in os.walk(self.network.data):
            if re.search(r"stag|spool|upload|incoming|serve", os.path.basename(folder)):
                found += [os.path.join(folder, name) for name in names if os.path.getsize(os.path.join(folder, name)) > 0]
        return found

    def readers(self):
        """Clients that ask for a large file and do not read it."""
        before, lines = self.server.memory_bytes(), []
        for _ in range(50):
            line = socket.create_connection((self.server.host, self.server.port), 10)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.sendall(get(f"/objects/{self.large['object']}".encode()))
            lines.append(line)
        time.sleep(3)
        grown = (self.server.memory_bytes() - before) / 2**20
        for line in lines:
            line.close()
        self.rows.append(("memory for 50 clients who do not read 24 MiB each", "MiB", [grown], "< 100"))
        if grown > 100:
            self.failures.append(f"readers: {grown:.0f} MiB for 50 clients who do not read")

    def frames(self):
        """WebSocket frames that are wrong, and the codes with which they are answered."""
        long = b"a" * 70_000
        cases = [("no mask", b"\x81\x02hi", {1002}), ("a reserved bit", b"\xc1" + frame(b"hi")[1:], {1002}),
                 ("an unknown opcode", frame(b"hi", 3), {1002}), ("a long ping", frame(b"a" * 126, 9), {1002}),
                 ("a ping in pieces", bytes([0x09]) + frame(b"hi")[1:], {1002}),
                 ("a continuation of nothing", frame(b"hi", 0), {1002}), ("bytes", frame(b"hi", 2), {1003}),
                 ("no UTF-8", frame(b"\xff\xfe"), {1007}), ("a message of 70,000 bytes", frame(long), {1009}),
                 ("an announced message of an exabyte", b"\x81\xff" + struct.pack(">Q", 1 << 60) + bytes(4), {1009, 1002}),
                 ("many pieces of 1,000 bytes", bytes([0x01]) + frame(long[:1000])[1:]
                  + b"".join(bytes([0x00]) + frame(long[:1000])[1:] for _ in range(80)), {1009}),
                 ("no JSON", frame(b"{nonsense"), {1007, 1003, 1008, 1002, "answered"}),
                 ("a close with a wrong code", frame(struct.pack(">H", 99), 8), {1002, 99}),
                 ("a close", frame(struct.pack(">H", 1000), 8), {1000})]
        for name, data, right in cases:
            line = Socket(f"{self.server.url}/v1/live", self.token, timeout=10)
            try:
                line.receive_json(10)
                line.socket.sendall(data)
                told = line.receive(10)
                found = line.closed if told is None else "answered"
            except (ConnectionError, TimeoutError, OSError) as error:
                found = CLOSED if isinstance(error, ConnectionError) else "nothing"
            line.socket.close()
            # Closing the connection at once is right too, though it explains nothing.
            self.expect(f"frames, {name}", found, right | {CLOSED, 1006})
        self.rows.append(("wrong WebSocket frames", "", [len(cases)], None))

    def deaf(self):
        """A listener who does not read is closed, and the others go on."""
        deaf = Socket(f"{self.server.url}/v1/live", self.token, timeout=30)
        deaf.receive_json(10)
        good = Socket(f"{self.server.url}/v1/live", self.token, timeout=30)
        good.receive_json(10)
        text, number, before = "x" * 9_900, 0, self.server.memory_bytes()
        for number in range(900):
            answer = request(self.server.url, "POST", "/v1/posts", {"text": f"{number} {text}"}, self.other)
            if answer.status == 503:
                time.sleep(1)
                continue
            require(answer.status in (200, 201), f"{answer.status} {answer.body[:200]}")
            while True:
                told = good.receive_json(10)
                if told["type"] == "post" and told["item"]["text"].startswith(f"{number} "):
                    break
        code = None
        try:
            while deaf.receive(5) is not None:
                pass
            code = deaf.closed
        except TimeoutError:
            code = "still open"
        except (ConnectionError, OSError):
            code = CLOSED
        self.expect("a listener who does not read 9 MB", code, {1013, CLOSED})
        self.rows.append(("memory after a listener did not read 9 MB", "MiB",
                          [(self.server.memory_bytes() - before) / 2**20], None))
        good.close()

    def fuzzing(self):
        """Requests with bytes changed, doubled and left out by chance."""
        dice = random.Random(self.options.seed)
        seeds = [data for _, data, _ in CASES if len(data) < 3_000]
        seeds += [get(b"/v1/feed?limit=5", b"Authorization: Bearer " + self.token.encode() + b"\r\n"),
                  post(b'{"text":"fuzz"}', path=b"/v1/posts"), post(b'{"rid":1,"wait":1,"hold":1}', path=b"/v1/poll")]
        for _ in range(self.options.fuzz):
            data = bytearray(dice.choice(seeds))
            for _ in range(dice.randint(1, 8)):
                at = dice.randrange(len(data) + 1)
                match dice.randrange(4):
                    case 0: data[at:at] = dice.choice([b"\r\n", b"\x00", b":", b"%", b"\xff", b" ", b"0", b"HTTP/1.1"])
                    case 1: del data[at : at + dice.randint(1, 20)]
                    case 2: data[at : at + 1] = bytes([dice.randrange(256)])
                    case 3: data[at:at] = data[max(0, at - dice.randint(1, 40)) : at]
            try:
                with socket.create_connection((self.server.host, self.server.port), 5) as line:
                    line.sendall(bytes(data))
                    line.settimeout(0.02)
                    line.recv(4096)
            except OSError:
                pass
        self.rows.append(("requests changed by chance", "", [self.options.fuzz], None))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--social", default=os.path.join(HERE, "../.build/release/social"))
    parser.add_argument("--loris", type=int, default=300)
    parser.add_argument("--fuzz", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    words = [word for word in options.only.split(",") if word]
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        attack = Attack(options, folder)
        server = attack.server
        # What is measured first and last is the same job: a page of a feed.
        for _ in range(50):
            request(server.url, "GET", "/v1/feed?limit=20", token=attack.token)
        before, bystander = server.memory_bytes(), Bystander(server, attack.token)
        try:
            for step in (attack.cases, attack.smuggling, attack.pipelining, attack.frames, attack.loris, attack.uploads,
                         attack.readers, attack.fuzzing, attack.deaf):
                if words and not any(word in step.__name__ for word in words):
                    continue
                try:
                    step()
                except (Failure, OSError, ConnectionError) as failure:
                    attack.failures.append(f"{step.__name__}: {type(failure).__name__}: {failure}")
                if not server.is_running:
                    attack.failures.append(f"the server has ended during {step.__name__}")
                    break
        finally:
            bystander.stop()
            rows = attack.rows
            rows.append(("feeds read by a bystander meanwhile / failed", "",
                         [len(bystander.times), len(bystander.failed)], "0 failed"))
            rows.append(("  p50 / p99 / longest", "ms", [1e3 * percentile(bystander.times, q) for q in (0.5, 0.99, 1)], None))
            if server.is_running:
                rows.append(("memory of the server before / after", "MiB",
                             [before / 2**20, server.memory_bytes() / 2**20], None))
                if server.stop() not in (0, -signal.SIGTERM, 128 + signal.SIGTERM):
                    attack.failures.append("the server did not stop when it was asked to")
            if bystander.failed:
                attack.failures.append(f"a bystander was refused: {bystander.failed[:3]}")
    print_rows(attack.rows, options.json)
    for failure in attack.failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if attack.failures else 0


if __name__ == "__main__":
    sys.exit(main())
