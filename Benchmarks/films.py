#!/usr/bin/env python3
"""Films packaged for streaming, beside ffmpeg, in the same run.

    films.py [--film FILE] [--only identity,speed] [--json]

`identity` makes small films with ffmpeg, one for each codec and shape of file, packages them with `media-bench package`, and decodes
both: pictures must have the same hashes and be presented at the same times, sound must be the same to the bit.
`speed` packages FILE, or a film of ten minutes made for it, into a plain folder, unsynced, beside `ffmpeg -c copy -f hls`.
"""
import argparse, glob, json, os, re, subprocess, sys, tempfile, time
from fractions import Fraction

from feed import Table

PARTS = ("identity", "speed")

PICTURES = "testsrc2=size=320x180:rate={rate}:duration={length}"
SOUND = "sine=frequency=440:sample_rate={sample_rate}:duration={length}"
H264 = "-c:v libx264 -preset fast -g 24 -bf 3 -pix_fmt yuv420p"
AAC = "-c:a aac -b:a 96k"

# Name, what the film is made with, the end of its name, and how the sources are changed.
FILMS = [
    ("H.264 with B-frames, AAC with priming", f"{H264} {AAC}", "mp4", {}),
    ("H.264, moov in front", f"{H264} {AAC} -movflags faststart", "mp4", {}),
    ("H.264 at 24000/1001, AAC at 44,100", f"{H264} {AAC}", "mp4", dict(rate="24000/1001", sample_rate=44100)),
    ("H.264 with open groups", f"{H264} -x264-params open-gop=1 {AAC}", "mp4", {}),
    ("H.264 without B-frames", f"{H264} -bf 0 {AAC}", "mp4", {}),
    ("H.264 of varying frame rate", f"{H264} -vf select=not(eq(mod(n\\,7)\\,3)) -fps_mode vfr {AAC}", "mp4", {}),
    ("QuickTime, H.264, AAC", f"{H264} {AAC}", "mov", {}),
    ("HEVC, Opus", "-c:v libx265 -x265-params log-level=none:keyint=24 -tag:v hvc1 -c:a libopus", "mp4", {}),
    ("HEVC with hev1, FLAC", "-c:v libx265 -x265-params log-level=none:keyint=24 -tag:v hev1 -c:a flac -strict -2", "mp4", {}),
    ("AV1, Opus", "-c:v libaom-av1 -cpu-used 8 -row-mt 1 -g 24 -c:a libopus", "mp4", {}),
    ("VP9, Opus", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 24 -c:a libopus", "mp4", {}),
    ("AC-3", f"{H264} -c:a ac3", "mp4", {}),
    ("E-AC-3", f"{H264} -c:a eac3", "mp4", {}),
    ("MP3", f"{H264} -c:a libmp3lame", "mp4", {}),
    ("sound only", f"{AAC}", "m4a", dict(pictures=False)),
    ("pictures only", f"{H264}", "mp4", dict(sound=False)),
    ("fragments from key frames", f"{H264} {AAC} -movflags frag_keyframe+empty_moov", "mp4", {}),
    ("fragments, counted from the moof", f"{H264} {AAC} -movflags frag_keyframe+empty_moov+default_base_moof", "mp4", {}),
    # Without sound: ffmpeg 5.1 gives some packets the time of the one before, and leaves them out when it decodes the file.
    ("fragments of one sample", f"{H264} -movflags frag_every_frame+empty_moov", "mp4", dict(sound=False)),
    ("fragments behind a delayed moov", f"{H264} {AAC} -movflags frag_keyframe+delay_moov", "mp4", {}),
    ("fragments with samples in moov", f"{H264} {AAC} -movflags frag_keyframe", "mp4", {}),
    # Here ffmpeg 5.1 shows the pictures of the source two frames late: those with negative composition offsets in fragments.
    ("fragments as CMAF", f"{H264} {AAC} -movflags cmaf", "mp4", dict(late=Fraction(2, 30))),
    ("negative composition offsets", f"{H264} {AAC} -movflags negative_cts_offsets", "mp4", {}),
    ("pictures delayed", f"{H264} {AAC}", "mp4", dict(picture_delay=0.35)),
    ("sound delayed", f"{H264} {AAC}", "mp4", dict(sound_delay=0.35)),
    ("sound longer than pictures", f"{H264} {AAC}", "mp4", dict(sound_length=14)),
]


class Bench:
    def __init__(self, args, place):
        self.args, self.place, self.table = args, place, Table(args.json)

    def package(self, film, *words):
        folder = tempfile.mkdtemp(dir=self.place)
        answer = subprocess.run([self.args.bench, "package", *words, film, folder], capture_output=True, text=True)
        if answer.returncode:
            sys.exit(f"{film}: {answer.stdout}{answer.stderr}")
        return folder, json.loads(answer.stdout.splitlines()[-1])


def ffmpeg(*words):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *words], check=True, stdout=subprocess.PIPE).stdout


def make(path, options, length=10, rate="30", sample_rate=48000, pictures=True, sound=True, picture_delay=0, sound_delay=0,
         sound_length=None, late=0):
    words = []
    if pictures:
        words += ["-itsoffset", str(picture_delay), "-f", "lavfi", "-i", PICTURES.format(rate=rate, length=length)]
    if sound:
        words += ["-itsoffset", str(sound_delay), "-f", "lavfi"]
        words += ["-i", SOUND.format(sample_rate=sample_rate, length=sound_length or length)]
    ffmpeg(*words, *options.split(), path)


# MARK: Identity

def frames(path, kind):
    """When each picture is presented, and its hash."""
    answer = ffmpeg("-copyts", "-i", path, "-map", f"0:{kind}:0", "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "framemd5", "-")
    unit, found = None, []
    for line in answer.decode().splitlines():
        if line.startswith("#tb 0:"):
            unit = Fraction(line.split(":")[1].strip())
        elif line and line[0] != "#":
            fields = [field.strip() for field in line.split(",")]
            found.append((int(fields[2]) * unit, int(fields[3]) * unit, fields[5]))
    return found


def samples(path):
    """When the sound begins, and all of it."""
    first = frames(path, "a")[0][0]
    # Sample after sample, whatever the times say: ffmpeg leaves out sound that seems to come twice.
    sound = ffmpeg("-i", path, "-map", "0:a:0", "-af", "asetpts=N/SR/TB", "-f", "f32le", "-c:a", "pcm_f32le", "-")
    rate, channels = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels", "-of", "csv=p=0", path],
        check=True, capture_output=True, text=True).stdout.strip().split(",")[:2]
    return first, int(rate), 4 * int(channels), sound


def joined(folder, track):
    path = f"{folder}/{track}.joined.mp4"
    with open(path, "wb") as whole:
        for part in [f"{folder}/{track}-init.mp4"] + sorted(
                glob.glob(f"{folder}/{track}-*.m4s"), key=lambda name: int(re.findall(r"-(\d+)\.m4s", name)[0])):
            whole.write(open(part, "rb").read())
    return path


def same_pictures(source, package, origin):
    ours = [(when + origin, digest) for when, _, digest in package]
    theirs = [(when, digest) for when, _, digest in source]
    if [digest for _, digest in ours] != [digest for _, digest in theirs]:
        return f"pictures differ ({len(ours)} of {len(theirs)})"
    furthest = max(abs(a - b) for (a, _), (b, _) in zip(ours, theirs))
    return None if furthest <= Fraction(1, 2000) else f"pictures are presented {float(furthest):.4f} s too early or late"


def same_sound(source, package, origin):
    (first, rate, width, theirs), (other, _, _, ours) = source, package
    # What comes before the other begins is not compared: ffmpeg leaves out priming in whole films, not in fragments.
    shift = round((first - (other + origin)) * rate) * width
    ours, theirs = (ours[shift:], theirs) if shift >= 0 else (ours, theirs[-shift:])
    if abs(shift) > 8192 * width:
        return f"sound begins {shift // width} samples earlier"
    length = min(len(ours), len(theirs))
    if abs(len(ours) - len(theirs)) > 4096 * width:
        return f"sound has {len(ours) // width} samples of {len(theirs) // width}"
    return None if ours[:length] == theirs[:length] else "sound differs"


def identity(b):
    failed = 0
    for number, (name, options, ending, changes) in enumerate(FILMS):
        path = f"{b.place}/{number}.{ending}"
        make(path, options, **changes)
        faults = []
        for single in (False, True):
            folder, figures = b.package(path, "--seconds", "2", *(["--single"] if single else []))
            has = [kind for kind in ("v", "a") if changes.get({"v": "pictures", "a": "sound"}[kind], True)]
            files = {kind: f"{folder}/{track + 1}.mp4" if single else joined(folder, track + 1) for track, kind in enumerate(has)}
            pictures = [(when - changes.get("late", 0), *rest) for when, *rest in frames(path, "v")] if "v" in has else None
            sound = samples(path) if "a" in has else None
            origin = min(([pictures[0][0]] if pictures else []) + ([max(Fraction(0), sound[0])] if sound else []))
            if pictures:
                faults.append(same_pictures(pictures, frames(files["v"], "v"), origin))
            if sound:
                faults.append(same_sound(sound, samples(files["a"]), origin))
        found = sorted({fault for fault in faults if fault})
        failed += len(found) > 0
        b.table.add(f"{name}: {'; '.join(found) or 'the same'}"[:90], figures["segments"], "segments", "same")
    b.table.add("films that are not the same after packaging", failed, "films", "0")


# MARK: Speed

def speed(b):
    film = b.args.film
    if not film:
        film = f"{b.place}/film.mp4"
        make(f"{b.place}/part.mp4", f"{H264} -b:v 1500k {AAC}", length=20)
        ffmpeg("-stream_loop", "29", "-i", f"{b.place}/part.mp4", "-c", "copy", film)
    ours, theirs = [], []
    for _ in range(5):
        ours.append(b.package(film)[1])
        folder = tempfile.mkdtemp(dir=b.place)
        start = time.perf_counter()
        process = subprocess.Popen(
            ["ffmpeg", "-v", "error", "-i", film, "-c", "copy", "-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", "4",
             "-hls_playlist_type", "vod", f"{folder}/film.m3u8"])
        _, _, usage = os.wait4(process.pid, 0)
        theirs.append(dict(seconds=time.perf_counter() - start, memory=usage.ru_maxrss / 1024, cpu=usage.ru_utime + usage.ru_stime))
    def best(runs, key):
        return min(key(run) for run in runs)
    size = f"{os.path.getsize(film) / 1e6:.0f} MB"
    b.table.add(f"{size} packaged", best(ours, lambda run: run["seconds"]), "s", "<= 0.5", best(theirs, lambda run: run["seconds"]))
    b.table.add(f"{size} packaged, processor", best(ours, lambda run: run["user_seconds"] + run["system_seconds"]), "s", "<= 0.15 s",
                best(theirs, lambda run: run["cpu"]))
    b.table.add(f"{size} packaged, memory", max(run["memory_mib"] for run in ours), "MiB", "<= 16", best(theirs, lambda run: run["memory"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default=".build/release/media-bench")
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
