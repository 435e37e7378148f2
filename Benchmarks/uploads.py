#!/usr/bin/env python3
"""Uploads beside plain files, in the same run.

    uploads.py [--social PATH] [--bench PATH] [--place DIR] [--only store,put,bulk,get,hostile] [--quick] [--json]

`store` measures the object store in one process (`media-bench objects`), with its peer written there. The rest are whole
commands of the real program beside those of the shell. Ratios are ours over the peer's: of rates more than 1 is better,
of times less. Everything lies in one folder on a disk, not in memory.
"""
import argparse, json, os, resource, shutil, struct, subprocess, sys, tempfile, time, zlib

from feed import Table
from measuring import percentile

PARTS = ("store", "put", "bulk", "get", "hostile")


class Bench:
    def __init__(self, args, place):
        self.args, self.place, self.table = args, place, Table(args.json)
        self.data = f"{place}/data"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_")}
        self.environment["SOCIAL_DATA"] = self.data
        self.social("init", self.data)
        self.social("user", "create", "ana")

    def social(self, *words, **options):
        return subprocess.run([self.args.social, *map(str, words)], env=self.environment, check=True,
                              capture_output=True, **options).stdout

    def seconds(self, words, environment=None):
        start = time.perf_counter()
        subprocess.run(list(map(str, words)), env=environment, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    def file(self, name, size):
        path = f"{self.place}/{name}"
        with open(path, "wb") as file:
            file.write(os.urandom(size))
        return path


def store(b):
    for size, count in ((64 << 10, 512 if b.args.quick else 4_096),):
        folder = f"{b.place}/store"
        done = subprocess.run([b.args.bench, "objects", folder, str(count), str(size)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"media-bench objects: {done.stdout}{done.stderr}")
        puts, reads = (json.loads(line) for line in done.stdout.splitlines())
        b.table.add("durable 64 KiB puts in bulk (peer: file, fsync, rename, fsync)", puts["ours_per_s"], "puts/s",
                    ">= 2.5 x", puts["peer_per_s"])
        b.table.add("cached get of 64 KiB, in process (peer: open, read, close)", reads["ours_us"], "us", "<= 1.2 x",
                    reads["peer_us"])
        shutil.rmtree(folder)


def put(b):
    """One file of 1 MiB as a whole command, in turn with `cp` and `sync` of it."""
    ours, peers = [], []
    for number in range(9 if b.args.quick else 31):
        path = b.file(f"one-{number}", 1 << 20)
        ours.append(b.seconds([b.args.social, "upload", "put", path, "--any", "--by", "ana"], b.environment))
        copy = f"{b.place}/copy-{number}"
        peers.append(b.seconds(["sh", "-c", f"cp '{path}' '{copy}' && sync '{copy}'"]))
        for name in (path, copy):
            os.remove(name)
    b.table.add("durable put of 1 MiB, whole command, p50 (peer: cp and sync)", 1e3 * percentile(ours, 0.5), "ms",
                "<= 1.3 x", 1e3 * percentile(peers, 0.5))


def bulk(b):
    """Many files by one command: bytes that are no pictures, and JPEG pictures with and without a look at them."""
    count = 256 if b.args.quick else 2_048
    folder = f"{b.place}/bulk"
    os.makedirs(folder)
    paths = []
    for number in range(count):
        paths.append(b.file(f"bulk/{number}.bin", 64 << 10))
    names = "\n".join(paths).encode()
    words = [b.args.social, "upload", "put", "--files-from", "-", "--by", "ana", "-q", "--format", "ids"]
    start = time.perf_counter()
    subprocess.run(words + ["--any"], input=names, env=b.environment, check=True, stdout=subprocess.DEVNULL)
    ours = count / (time.perf_counter() - start)
    os.makedirs(f"{b.place}/plain")
    start = time.perf_counter()
    for number, path in enumerate(paths):
        with open(path, "rb") as source:
            content = source.read()
        target = f"{b.place}/plain/{number}"
        descriptor = os.open(target + ".new", os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(descriptor, content)
        os.fsync(descriptor)
        os.close(descriptor)
        os.rename(target + ".new", target)
        directory = os.open(f"{b.place}/plain", os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)
    peer = count / (time.perf_counter() - start)
    b.table.add("upload put of 64 KiB files in bulk, whole command", ours, "files/s", "(>= 2.5 x)", peer)
    try:
        from PIL import Image
    except ImportError:
        return
    pictures = []
    for number in range(64):
        path = f"{folder}/{number}.jpg"
        noise = Image.effect_noise((640, 480), 40 + number).convert("RGB")
        noise.save(path, quality=60)
        pictures.append(path)
    for extra, words_of in ((["--quick"], "without a look"), ([], "with a look")):
        names = "\n".join(pictures).encode()
        start = time.perf_counter()
        subprocess.run(words + extra + ["--caption", words_of], input=names, env=b.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rate = len(pictures) / (time.perf_counter() - start)
        size = sum(map(os.path.getsize, pictures)) // len(pictures) >> 10
        b.table.add(f"pictures of 640 x 480, {size} KiB, {words_of}", rate, "files/s", "")


def get(b):
    """A small file as a whole command, beside `cat`."""
    path = b.file("get.bin", 64 << 10)
    b.social("upload", "put", path, "--any", "--by", "ana")
    ours, peers = [], []
    for _ in range(20 if b.args.quick else 100):
        ours.append(b.seconds([b.args.social, "upload", "get", "ana/get.bin"], b.environment))
        peers.append(b.seconds(["cat", path]))
    b.table.add("upload get of 64 KiB, whole command, p50 (peer: cat)", 1e3 * percentile(ours, 0.5), "ms", "",
                1e3 * percentile(peers, 0.5))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def hostile(b):
    """Files that are made to do harm: each is refused with 65 and a message, within 256 MiB."""
    head = b"\x89PNG\r\n\x1a\n"

    def png(width, height, data, kind=6):
        return head + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)) \
            + chunk(b"IDAT", data) + chunk(b"IEND", b"")

    bomb = zlib.compressobj(9)
    zeros = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(600)) + bomb.flush()
    good = png(16, 16, zlib.compress(bytes(16 * 65)))
    wrong = bytearray(good)
    wrong[-20] ^= 1
    files = {
        "huge-size.png": png(100_000, 100_000, zlib.compress(b"")),
        "bomb.png": png(12_000, 12_500, zeros), "long-line.png": png(1 << 20, 90, zeros),
        "cut.png": good[:len(good) // 2], "checksum.png": bytes(wrong), "empty.png": b"",
        "cut.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF", "huge.gif": b"GIF89a\xff\xff\xff\xff\x00\x00\x00,",
        "boxes.mp4": struct.pack(">I", 24) + b"ftypisom\0\0\0\1isomavc1"
        + b"".join(struct.pack(">I", 1 << 20) + b"moov" for _ in range(4_000)),
        "endless.mp4": struct.pack(">I", 24) + b"ftypisom\0\0\0\1isomavc1" + struct.pack(">IIQ", 1, 0x6d6f6f76, 1 << 62),
    }
    largest, refused = 0, 0
    for name, content in files.items():
        path = f"{b.place}/{name}"
        with open(path, "wb") as file:
            file.write(content)
        done = subprocess.run(["/usr/bin/time", "-f", "%M", b.args.social, "upload", "put", path, "--by", "ana"],
                              env=b.environment, capture_output=True, text=True)
        lines = done.stderr.strip().splitlines()
        largest = max(largest, int(lines[-1]) / 1024)
        refused += done.returncode == 65
        if done.returncode != 65:
            print(f"{name}: exit {done.returncode}: {done.stderr}", file=sys.stderr)
    b.table.add(f"hostile files that are refused with 65, of {len(files)}", refused, "files", f"{len(files)}")
    b.table.add("  largest memory of the command", largest, "MiB", "<= 256")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--social", default=".build/release/social")
    parser.add_argument("--bench", default=".build/release/media-bench")
    parser.add_argument("--place", help="a folder on the disk that is to be measured")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    args.social, args.bench = os.path.abspath(args.social), os.path.abspath(args.bench)
    place = tempfile.mkdtemp(prefix="social-uploads-", dir=args.place)
    try:
        b = Bench(args, place)
        for part in args.only.split(","):
            globals()[part](b)
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
