"""What the programs that talk to `social serve` share: the server as a process, requests, WebSockets, and Chromium.

Nothing here needs a package: WebSockets (RFC 6455) and the DevTools protocol of the browser are spoken directly.
"""
import base64, hashlib, http.client, json, os, re, select, signal, socket, struct, subprocess, tempfile, time
import urllib.request


class Failure(Exception):
    """Something that was to hold does not."""


def require(holds, what):
    if not holds:
        raise Failure(what)


def until(condition, seconds, what, pause=0.05):
    """Waits until a condition has a true value, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise Failure(f"{what}: not within {seconds} s")


class Network:
    """A data directory with what makes it, by the program."""

    def __init__(self, social, folder):
        self.social, self.data = social, os.path.join(folder, "data")
        self.environment = dict(os.environ, SOCIAL_DATA=self.data, SWIFT_BACKTRACE="enable=no")
        self.environment.pop("SOCIAL_USER", None)
        self.run("init", self.data)

    def run(self, *words, stdin=None):
        done = subprocess.run([self.social, *words], env=self.environment, input=stdin, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"social {' '.join(words)}: exit {done.returncode}: {done.stderr}{done.stdout[-500:]}")
        return done.stdout

    def json(self, *words):
        return json.loads(self.run(*words, "--json"))

    def batch(self, lines, commit="group"):
        """Runs many commands in one process; each must succeed."""
        text = "".join(json.dumps(line) + "\n" for line in lines)
        words = ["batch", "-"] + (["--commit", "each"] if commit == "each" else [])
        return [json.loads(line)["result"] for line in self.run(*words, stdin=text).splitlines()]

    def token(self, handle):
        return self.json("user", "token", handle)["token"]


class Server:
    """One `social serve`, on a port that it chooses unless it is told one."""

    def __init__(self, network, *options, log=None, listen="127.0.0.1:0"):
        self.log = open(log or os.devnull, "ab")
        self.process = subprocess.Popen([network.social, "serve", "--listen", listen, *options],
                                        env=network.environment, stdout=subprocess.PIPE, stderr=self.log)
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], 30)
            byte = os.read(self.process.stdout.fileno(), 1) if ready else b""
            if not byte:
                self.kill()
                raise Failure("social serve said no address within 30 s")
            line += byte
        found = re.search(rb"http://([0-9.]+):(\d+)", line)
        require(found, f"social serve began with {line!r}")
        self.host, self.port = found[1].decode(), int(found[2])
        self.url = f"http://{self.host}:{self.port}"

    @property
    def is_running(self):
        return self.process.poll() is None

    def memory_bytes(self, what="VmRSS"):
        """How much memory it has now, or had at most (`VmHWM`)."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(rf"{what}:\s+(\d+) kB", file.read())[1]) * 1024

    def metric(self, *names):
        """The sum of the samples of a metric, by the first of some names that there is; None when there is none."""
        text = request(self.url, "GET", "/metrics").text
        for name in names:
            samples = re.findall(rf"^{re.escape(name)}(?:\{{[^}}]*\}})? (\S+)", text, re.MULTILINE)
            if samples:
                return sum(float(sample) for sample in samples)
        return None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=15):
        """Ends it as an administrator does; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


class Answer:
    """What came back for a request."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def request(url, method, path, body=None, token=None, headers=None, timeout=30):
    """One request on a connection of its own; a body that is no bytes is sent as JSON."""
    host, port = re.match(r"http://([^:/]+):(\d+)", url).groups()
    headers = dict(headers or {})
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection(host, int(port), timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def frame(data, opcode=1):
    """A WebSocket frame as clients send it: masked."""
    mask = os.urandom(4)
    size = len(data)
    head = bytes([0x80 | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += bytes([0x80 | 126]) + struct.pack(">H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", size)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], "little")
    return head + mask + (int.from_bytes(data, "little") ^ key).to_bytes(size, "little")


class Socket:
    """A WebSocket."""

    def __init__(self, url, token=None, timeout=30, headers=None):
        scheme, host, port, path = re.match(r"(ws|http)://([^:/]+):(\d+)(/.*)", url).groups()
        self.socket = socket.create_connection((host, int(port)), timeout)
        self.closed, self.left = None, b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
        lines += [f"Authorization: Bearer {token}"] if token else []
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self.socket.recv(4096)
            if not piece:
                raise Failure(f"no WebSocket: {head!r}")
            head += piece
        head, self.left = head.split(b"\r\n\r\n", 1)
        self.status = int(head.split()[1])
        if self.status != 101:
            raise Failure(f"no WebSocket: {head.splitlines()[0].decode()}")
        accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        require(base64.b64encode(accept) in head, "the WebSocket was accepted with a wrong key")

    def _read(self, size):
        while len(self.left) < size:
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError("the WebSocket has ended")
            self.left += piece
        data, self.left = self.left[:size], self.left[size:]
        return data

    def receive(self, timeout=None):
        """The next message as text; None when the other side closed, whose code is `closed` then."""
        if timeout is not None:
            self.socket.settimeout(timeout)
        message = b""
        while True:
            first, second = self._read(2)
            size = second & 127
            if size == 126:
                size = struct.unpack(">H", self._read(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self._read(8))[0]
            data, opcode = self._read(size), first & 15
            if opcode == 8:
                self.closed = struct.unpack(">H", data[:2])[0] if len(data) >= 2 else 1005
                return None
            if opcode == 9:
                self.socket.sendall(frame(data, 10))
            elif opcode != 10:
                message += data
                if first & 128:
                    return message.decode()

    def receive_json(self, timeout=None):
        text = self.receive(timeout)
        return None if text is None else json.loads(text)

    def send(self, value):
        self.socket.sendall(frame((value if isinstance(value, str) else json.dumps(value)).encode()))

    def close(self):
        try:
            self.socket.sendall(frame(struct.pack(">H", 1000), 8))
        except OSError:
            pass
        self.socket.close()


class Browser:
    """Chromium without a window, by its DevTools protocol."""

    def __init__(self, width=1400, height=900, program="chromium"):
        self.folder = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--remote-debugging-port=0",
             "--autoplay-policy=no-user-gesture-required", "--no-first-run", "--disable-background-networking",
             "--disable-features=LocalNetworkAccessChecks",
             f"--user-data-dir={self.folder.name}", f"--window-size={width},{height}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        place = os.path.join(self.folder.name, "DevToolsActivePort")
        until(lambda: os.path.exists(place) and open(place).read().count("\n") >= 1, 60, "chromium starts")
        with open(place) as file:
            port = int(file.readline())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=30) as answer:
            pages = [page for page in json.load(answer) if page["type"] == "page"]
        self.socket = Socket(pages[0]["webSocketDebuggerUrl"], timeout=120)
        self.number, self.events, self.complaints = 0, [], []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.size(width, height)

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        self.socket.send({"id": number, "method": method, "params": parameters})
        while True:
            told = self.socket.receive_json(120)
            require(told is not None, "the browser has gone")
            if told.get("id") == number:
                require("error" not in told, f"{method}: {told.get('error')}")
                return told["result"]
            self._hear(told)

    def _hear(self, told):
        """Keeps what the browser complains of."""
        method, what = told.get("method"), told.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Fetch.requestPaused":
            headers = [{"name": "Content-Type", "value": "text/html; charset=utf-8"}]
            self.number += 1
            self.socket.send({"id": self.number, "method": "Fetch.fulfillRequest", "params": {
                "requestId": what["requestId"], "responseCode": 200, "responseHeaders": headers, "body": self.page}})
        elif method == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{what['entry']['text']} {what['entry'].get('url', '')}")

    def size(self, width, height, is_mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=is_mobile)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def network(self, bits_per_second=None, latency=0, is_offline=False):
        """How fast the network is; None knows no limit."""
        bytes_per_second = -1 if bits_per_second is None else bits_per_second / 8
        self.call("Network.emulateNetworkConditions", offline=is_offline, latency=latency,
                  downloadThroughput=bytes_per_second, uploadThroughput=bytes_per_second)

    def replace_page(self, url, path):
        """Shows a file in place of what the server has under an address."""
        with open(path, "rb") as file:
            self.page = base64.b64encode(file.read()).decode()
        self.call("Fetch.enable", patterns=[{"urlPattern": url}])

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'", 30, f"{url} loads")

    def run(self, script):
        """The value of an expression in the page, awaited."""
        done = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in done:
            details = done["exceptionDetails"]
            raise Failure(f"{script[:200]}: {details.get('exception', {}).get('description') or details['text']}")
        return done["result"].get("value")

    def until(self, condition, seconds, what):
        return until(lambda: self.run(f"!!({condition})"), seconds, what)

    def press(self, key, text=None):
        keys = {"key": key, **({"text": text or key} if text or len(key) == 1 else {})}
        codes = {"Enter": 13, "Escape": 27, "Tab": 9}
        if key in codes:
            keys["windowsVirtualKeyCode"] = codes[key]
        if key == "Enter":
            keys["text"] = "\r"
        self.call("Input.dispatchKeyEvent", type="keyDown", **keys)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def write(self, text):
        """Types into what has the focus."""
        self.call("Input.insertText", text=text)

    def shot(self, path):
        if path:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            data = self.call("Page.captureScreenshot", format="png")["data"]
            with open(path, "wb") as file:
                file.write(base64.b64decode(data))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()
