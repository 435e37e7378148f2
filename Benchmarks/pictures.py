#!/usr/bin/env python3
"""Pictures beside their peers, in the same run: what an upload does to them.

    pictures.py --photographs FOLDER… [--media FOLDER] [--film FILE] [--only likeness,decode,strip,encode,memory] [--json]

The work is done by `media-bench` (see MediaBench/). Peers: Pillow (edits, decoding, encoding), pdqhash if it is installed,
exiftool, ffmpeg for the film. FOLDERs of photographs hold distinct pictures, such as those of the Debian packages
mate-backgrounds, plasma-workspace-wallpapers, lomiri-wallpapers and python3-skimage. The folder of media has sub-folders
`exif` and `pngsuite`. Percentages are of pictures that have a hash; a pair of distinct pictures within 31 bits is false.
"""
import argparse, glob, io, json, math, os, subprocess, sys, tempfile, time

import numpy
from PIL import Image, ImageEnhance, ImageOps

from feed import Table

PARTS = ("likeness", "decode", "strip", "encode", "memory")
NEAR = 31
Image.MAX_IMAGE_PIXELS = None


class Bench:
    def __init__(self, args, place):
        self.args, self.place, self.table = args, place, Table(args.json)

    def lines(self, *words, **options):
        return subprocess.run([self.args.bench, *words], capture_output=True, text=True, check=True, **options).stdout.splitlines()

    def figures(self, *words):
        return json.loads(self.lines(*words)[-1])

    def photographs(self):
        for folder in self.args.photographs:
            for path in sorted(glob.glob(f"{folder}/*")):
                try:
                    picture = Image.open(path).convert("RGB")
                except OSError:
                    continue
                picture.thumbnail((1000, 1000), Image.LANCZOS)
                if min(picture.size) >= 100:
                    yield os.path.basename(path), picture

    def raw(self, path, *words):
        """The pixels that ours gives, as an array of rows of red, green, blue and alpha; a text if it gives none."""
        answer = subprocess.run([self.args.bench, "decode", "--raw", *words, path], capture_output=True).stdout
        head, _, pixels = answer.partition(b"\n")
        if not head.split(b" ")[0].isdigit():
            return head.decode()
        width, height = map(int, head.split())
        return numpy.frombuffer(pixels, numpy.uint8).reshape(height, width, 4)


# MARK: Likeness

def again(picture, quality):
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality)
    return Image.open(data).convert("RGB")


def thumbnail(picture, side):
    small = picture.copy()
    small.thumbnail((side, side), Image.LANCZOS)
    return small


def cropped(picture, share):
    x, y = int(picture.width * share / 2), int(picture.height * share / 2)
    return picture.crop((x, y, picture.width - x, picture.height - y))


EDITS = [
    ("saved again as JPEG of quality 30", lambda p: again(p, 30), ">= 99"),
    ("scaled to 50 %", lambda p: p.resize((max(1, p.width // 2), max(1, p.height // 2)), Image.LANCZOS), ">= 99"),
    ("a thumbnail of 128 pixels", lambda p: thumbnail(p, 128), ">= 99"),
    ("brighter, × 1.3", lambda p: ImageEnhance.Brightness(p).enhance(1.3), ">= 99"),
    ("darker, × 0.7", lambda p: ImageEnhance.Brightness(p).enhance(0.7), ">= 99"),
    ("grey", lambda p: p.convert("L").convert("RGB"), ">= 99"),
    ("cropped by 5 %", lambda p: cropped(p, 0.05), "reported"),
    ("cropped by 15 %", lambda p: cropped(p, 0.15), "reported"),
    ("mirrored", ImageOps.mirror, "reported"),
    ("turned by 90°", lambda p: p.transpose(Image.ROTATE_90), "reported"),
    ("turned by 180°", lambda p: p.transpose(Image.ROTATE_180), "reported"),
]


def pdq(picture):
    bits, quality = PDQ.compute(numpy.asarray(picture))
    return numpy.asarray(bits, bool)


try:
    import pdqhash as PDQ
except ImportError:
    PDQ = None


def likeness(b):
    names, peers = [], [[] for _ in range(1 + len(EDITS))]
    files = [[] for _ in range(1 + len(EDITS))]
    for name, picture in b.photographs():
        names.append(name)
        for column, (_, edit, _) in enumerate([("", lambda p: p, "")] + EDITS):
            edited = edit(picture)
            path = f"{b.place}/{len(names)}-{column}.png"
            edited.save(path, compress_level=0)
            files[column].append(hashes(b, path))
            os.unlink(path)
            if PDQ:
                peers[column].append(pdq(edited))
    kept = [row for row, found in enumerate(files[0]) if len(found)]
    b.table.add("pictures with a hash", len(kept), "pictures", "", len(names) if PDQ else None)
    for column, (what, _, goal) in enumerate(EDITS, 1):
        ours = [len(files[column][row]) and (files[0][row][0] != files[column][row]).sum(axis=1).min() <= NEAR for row in kept]
        turned = [len(files[column][row]) and (files[0][row][0] != files[column][row][0]).sum() <= NEAR for row in kept]
        peer = [(peers[0][row] != peers[column][row]).sum() <= NEAR for row in kept] if PDQ else []
        is_turn = what.startswith(("mirrored", "turned"))
        b.table.add(what + (", eight variants" if is_turn else ""), 100 * numpy.mean(ours if is_turn else turned), "% found", goal,
                    100 * numpy.mean(peer) if PDQ else None)
    pairs = len(kept) * (len(kept) - 1) // 2
    mine = false_pairs([files[0][row][0] for row in kept])
    b.table.add(f"false pairs of {pairs}", len(mine), "pairs", "0", len(false_pairs([peers[0][row] for row in kept])) if PDQ else None)
    for one, other, distance in mine:
        print(f"    {distance} bits: {names[kept[one]]} | {names[kept[other]]}")


def hashes(b, path):
    """The hash of a file and those of its seven turned and mirrored forms, as bits; empty if it is flat."""
    words = b.lines("hash", "--variants", path)[0][len(path) + 1:].split()
    if words == ["flat"]:
        return []
    return numpy.array([[int(digit) for digit in f"{int(word, 16):0256b}"] for word in words], bool)


def false_pairs(bits):
    return [(i, j, int((bits[i] != bits[j]).sum())) for i in range(len(bits)) for j in range(i) if (bits[i] != bits[j]).sum() <= NEAR]


# MARK: Decoding

def decode(b):
    def compare(paths, tolerance):
        same, refused, other = 0, 0, []
        for path in paths:
            ours = b.raw(path, "--stored")
            try:
                theirs = reference(path)
            except Exception:
                theirs = None
            if isinstance(ours, str) or theirs is None:
                refused += isinstance(ours, str) and theirs is None
                if isinstance(ours, str) != (theirs is None):
                    other.append(os.path.basename(path))
            elif ours.shape == theirs.shape and numpy.abs(ours.astype(int) - theirs).max() <= tolerance(path):
                same += 1
            else:
                other.append(os.path.basename(path))
        return same, refused, other

    for what, pattern, tolerance in [
        # Pillow cuts 16 bits off where ours rounds them.
        ("PNG files as in Pillow", f"{b.args.media}/pngsuite/*.png", lambda path: 1 if path[-6:-4] == "16" else 0),
        ("JPEG files as in Pillow", f"{b.args.fixtures}/*.jpg", lambda path: 1 if "cmyk" in path else 0),
        ("JPEG files with Exif as in Pillow", f"{b.args.media}/exif/*.jpg", lambda path: 0),
    ]:
        paths = sorted(glob.glob(pattern))
        same, refused, other = compare(paths, tolerance)
        b.table.add(f"{what} (both refuse {refused}; other: {' '.join(other) or 'none'})", same, "files", f"{len(paths)}")
    jpegs = [path for folder in b.args.photographs for path in sorted(glob.glob(f"{folder}/*.jpg"))[:20]]
    if jpegs:
        same, refused, other = compare(jpegs, lambda path: 0)
        b.table.add(f"photographs in JPEG as in Pillow (other: {' '.join(other) or 'none'})", same, "files", f"{len(jpegs)}")


def reference(path):
    picture = Image.open(path)
    picture.load()
    if picture.mode.startswith("I"):
        wide = numpy.asarray(picture).astype(int)
        grey = (wide * 255 + 32895) >> 16
        alpha = numpy.where(wide == picture.info.get("transparency", -1), 0, 255)
        return numpy.stack([grey, grey, grey, alpha], axis=2)
    if picture.mode == "CMYK":
        picture = picture.convert("RGB")
    return numpy.asarray(picture.convert("RGBA")).astype(int)


# MARK: Stripping

# What may be left: the form of the picture itself, its orientation, and its colours.
KEPT_GROUPS = {"SourceFile", "ExifTool", "System", "File", "Composite", "JFIF", "PNG", "PNG-pHYs", "GIF", "RIFF", "ICC_Profile",
               "ICC-header", "ICC-view", "ICC-meas", "Adobe", "IFD0:Orientation", "IFD0:YCbCrPositioning"}


def strip(b):
    folder, out = f"{b.place}/told", f"{b.place}/stripped"
    os.makedirs(folder), os.makedirs(out)
    for number, (name, picture) in enumerate(b.photographs()):
        if number < 100:
            picture.thumbnail((220, 220))
            picture.save(f"{folder}/{number}.{('jpg', 'png', 'webp')[number % 3]}")
    told = sorted(glob.glob(f"{folder}/*"))
    picture = Image.new("RGB", (40, 30), "teal")
    picture.save(f"{b.place}/thumbnail.jpg")
    tags = ["-GPSLatitude=48.2", "-GPSLatitudeRef=N", "-GPSLongitude=16.3", "-GPSLongitudeRef=E", "-SerialNumber=123", "-LensSerialNumber=9",
            "-OwnerName=Ana", "-Artist=Ana", "-Copyright=Ana", "-UserComment=home", "-XMP:Creator=Ana", "-XMP:Location=home",
            "-DateTimeOriginal=2024:05:06 07:08:09", "-Orientation#=6", "-Make=Canon", "-Model=X1"]
    subprocess.run(["exiftool", "-q", "-q", "-overwrite_original", *tags, *told], check=False)
    jpegs = [path for path in told if path.endswith("jpg")]
    subprocess.run(["exiftool", "-q", "-q", "-overwrite_original", f"-ThumbnailImage<={b.place}/thumbnail.jpg", "-IPTC:City=home",
                    "-Comment=home", *jpegs], check=False)
    paths = told + sorted(glob.glob(f"{b.args.media}/exif/hopper*")) + sorted(glob.glob(f"{b.args.media}/exif/*gps*"))
    start = time.perf_counter()
    subprocess.run(["exiftool", "-q", "-q", "-all=", "-o", f"{b.place}/theirs/", *paths], check=False)
    peer = len(paths) / (time.perf_counter() - start)
    ours = b.figures("strip", *paths)
    b.table.add(f"stripping {len(paths)} files of {ours['mean_bytes']:,.0f} bytes", ours["files_per_s"], "files/s", ">= 3,000", peer)
    b.lines("strip", "--into", out, *paths)
    left = telling(out)
    b.table.add(f"kinds of tags that exiftool still finds ({' '.join(left) or 'none'})", len(left), "tags", "0", len(telling(folder)))
    same = upright = 0
    for path in paths:
        before, after = Image.open(path), Image.open(f"{out}/{os.path.basename(path)}")
        same += before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()
        upright += ImageOps.exif_transpose(before).convert("RGBA").tobytes() == ImageOps.exif_transpose(after).convert("RGBA").tobytes()
    b.table.add("  files whose pixels are the same", same, "files", f"{len(paths)}")
    b.table.add("  files that are still looked at the same way up", upright, "files", f"{len(paths)}")
    if b.args.film:
        b.lines("strip", "--into", out, b.args.film)
        digests = [subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-map", "0:a?", "-f", "framemd5", "-"],
                                  capture_output=True, text=True).stdout for path in (b.args.film, f"{out}/{os.path.basename(b.args.film)}")]
        b.table.add("  the film's frames and sound are the same (1 is yes)", digests[0] == digests[1] and len(digests[0]) > 500, "", "1")


def telling(folder):
    """The names of tags in the files of a folder that are about neither form nor colours."""
    answer = subprocess.run(["exiftool", "-j", "-a", "-u", "-G1", folder], capture_output=True, text=True).stdout
    tags = {tag for file in json.loads(answer) for tag in file}
    return sorted(tag for tag in tags if tag.split(":")[0] not in KEPT_GROUPS and tag not in KEPT_GROUPS)


# MARK: Encoding

def noise(one, other):
    error = ((numpy.asarray(one, float) - numpy.asarray(other, float)) ** 2).mean()
    return 10 * math.log10(255 ** 2 / max(error, 1e-9))


def encode(b):
    photographs = [picture for _, picture in b.photographs()][:24]
    for mode in ("RGB", "L"):
        for quality in (30, 60, 85, 95):
            gaps, sizes, speeds = [], [], []
            for picture in photographs:
                picture = picture.convert(mode)
                picture.save(f"{b.place}/picture.png", compress_level=1)
                speeds.append(b.figures("encode", str(quality), f"{b.place}/picture.jpg", f"{b.place}/picture.png")["megapixels_per_s"])
                data = io.BytesIO()
                picture.save(data, "JPEG", quality=quality)
                ours = Image.open(f"{b.place}/picture.jpg").convert(mode)
                gaps.append(noise(ours, picture) - noise(Image.open(data), picture))
                sizes.append(os.path.getsize(f"{b.place}/picture.jpg") / len(data.getvalue()))
            what = f"JPEG quality {quality}, {mode}"
            b.table.add(f"{what}: noise beside Pillow's, worst of {len(photographs)}", min(gaps), "dB", ">= -0.3")
            b.table.add(f"{what}: size beside Pillow's, largest ratio", max(sizes), "", "<= 1.05")
    b.table.add("JPEG encoding", numpy.median(speeds), "MP/s", "")


# MARK: Memory

def memory(b):
    random, side = numpy.random.default_rng(1), 10_000
    picture = Image.fromarray(random.integers(0, 255, (300, 300, 3), dtype=numpy.uint8)).resize((side, side), Image.BICUBIC)
    cut = picture.crop((0, 0, 8_180, 8_180))
    files = [
        ("JPEG 100 MP", picture, "jpg", dict(quality=90)),
        ("JPEG 100 MP, progressive 4:4:4", picture, "jpg", dict(quality=92, subsampling=0, progressive=True)),
        ("JPEG 67 MP, progressive CMYK", cut.convert("CMYK"), "jpg", dict(quality=92, progressive=True)),
        ("JPEG 16.7 MP, progressive CMYK", picture.crop((0, 0, 4_090, 4_090)).convert("CMYK"), "jpg", dict(quality=95, progressive=True)),
        ("PNG 100 MP", picture, "png", dict(compress_level=1)),
        ("GIF 100 MP, interlaced", picture.convert("P"), "gif", {}),
    ]
    for what, picture, kind, options in files:
        path = f"{b.place}/large.{kind}"
        picture.save(path, **options)
        process = subprocess.Popen([b.args.bench, "decode", "--fit", "2048", path], stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        name = f"{what} to 2048 pixels, with {os.path.getsize(path) / 2 ** 20:.0f} MiB of file"
        b.table.add(name, usage.ru_maxrss / 1024, "MiB", "<= 256")
        os.unlink(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default=".build/release/media-bench")
    parser.add_argument("--photographs", nargs="+", default=[])
    parser.add_argument("--media", default="shared/data/media")
    parser.add_argument("--fixtures", default="fixtures/pictures")
    parser.add_argument("--film")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    chosen = args.only.split(",")
    if unknown := set(chosen) - set(PARTS):
        sys.exit(f"no such part: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as place:
        for part in chosen:
            folder = f"{place}/{part}"
            os.mkdir(folder)
            globals()[part](Bench(args, folder))


if __name__ == "__main__":
    main()
