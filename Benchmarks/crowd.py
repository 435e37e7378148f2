"""Thousands of clients in one process: HTTP/1.1 and WebSocket connections as asyncio protocols, with little memory each."""
import asyncio, base64, json, os, re

from web import frame

LENGTH = re.compile(rb"\r\ncontent-length:[ ]*(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ ]*chunked", re.IGNORECASE)
LATER = re.compile(rb"\r\nretry-after:[ ]*(\d+)", re.IGNORECASE)


class Reply:
    """What came back: its status, whether it says when to come again, its body."""

    __slots__ = ("status", "retry_after", "body")

    def __init__(self, status, retry_after, body):
        self.status, self.retry_after, self.body = status, retry_after, body


class HTTP(asyncio.Protocol):
    """A connection on which one request after the other is made."""

    def __init__(self):
        self.left, self.waiting, self.transport, self.is_open = b"", None, None, False

    @classmethod
    async def open(cls, host, port):
        _, connection = await asyncio.get_running_loop().create_connection(cls, host, port)
        return connection

    def connection_made(self, transport):
        self.transport, self.is_open = transport, True

    def connection_lost(self, error):
        self.is_open = False
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(ConnectionResetError("the server closed the connection"))

    def data_received(self, data):
        self.left = self.left + data if self.left else data
        end = self.left.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.left[: end + 2]
        length = LENGTH.search(head)
        if length:
            size = end + 4 + int(length[1])
            if len(self.left) < size:
                return
            body = self.left[end + 4 : size]
        elif CHUNKED.search(head):
            # Enough for answers that are not looked into.
            if not self.left.endswith(b"0\r\n\r\n"):
                return
            body, size = self.left[end + 4 :], len(self.left)
        else:
            body, size = b"", end + 4
        self.left = self.left[size:]
        later = LATER.search(head)
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(Reply(int(head[9:12]), later and int(later[1]), body))

    async def send(self, data):
        """Sends a request that is made already, and waits for the answer."""
        if not self.is_open:
            raise ConnectionResetError("the connection is closed")
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return await self.waiting

    def close(self):
        if self.transport:
            self.transport.close()


def request_bytes(method, path, token=None, body=None, headers=()):
    """A request as it is sent; a body is sent as JSON."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    data = b""
    if body is not None:
        data = json.dumps(body).encode()
        lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


class Listener(asyncio.Protocol):
    """A WebSocket that hands every text message to `hear`."""

    def __init__(self, token, path, hear):
        self.token, self.path, self.hear = token, path, hear
        self.left, self.is_open, self.code = b"", False, None
        self.ready = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(cls, host, port, token, hear, path="/v1/live"):
        loop = asyncio.get_running_loop()
        _, listener = await loop.create_connection(lambda: cls(token, path, hear), host, port)
        await asyncio.wait_for(listener.ready, 60)
        return listener

    def connection_made(self, transport):
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(request_bytes("GET", self.path, self.token, headers=(
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}")))

    def connection_lost(self, error):
        self.is_open = False
        if not self.ready.done():
            self.ready.set_exception(ConnectionResetError("no WebSocket"))

    def data_received(self, data):
        self.left = self.left + data if self.left else data
        if not self.ready.done():
            end = self.left.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self.left.startswith(b"HTTP/1.1 101"):
                self.ready.set_exception(ConnectionResetError(self.left.split(b"\r\n")[0].decode()))
                return
            self.left, self.is_open = self.left[end + 4 :], True
            self.ready.set_result(True)
        while len(self.left) >= 2:
            size, place = self.left[1] & 127, 2
            if size == 126:
                size, place = int.from_bytes(self.left[2:4], "big"), 4
            elif size == 127:
                size, place = int.from_bytes(self.left[2:10], "big"), 10
            if len(self.left) < place + size:
                return
            opcode, payload = self.left[0] & 15, self.left[place : place + size]
            self.left = self.left[place + size :]
            if opcode == 1:
                self.hear(self, payload)
            elif opcode == 9:
                self.transport.write(frame(payload, 10))
            elif opcode == 8:
                self.code = int.from_bytes(payload[:2], "big")
                self.transport.close()

    def send(self, value):
        self.transport.write(frame(json.dumps(value).encode()))

    def close(self):
        self.transport.close()
