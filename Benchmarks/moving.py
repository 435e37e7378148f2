#!/usr/bin/env python3
"""Slots that move under load: how long requests wait, and whether anything is lost.

    moving.py [--social PATH] [--users 20000] [--posts 300000] [--seconds 5] [--json]

Two processes post as fast as they are answered, each change durable on its own, while shards are added and removed and
one move is killed with SIGKILL in the middle and gone on with. Prints the time of the requests without and with a move
beside it, the longest time for which a slot could not be written, how fast slots and rows moved, and whether every
acknowledged post is there once. (Logical replication of PostgreSQL fenced writers for 1.9 s in the same move.)
"""
import argparse, collections, json, os, shutil, signal, subprocess, sys, tempfile, threading, time

from measuring import Writer, print_rows, spread_ms


def keep_posting(writer, done):
    while not done.is_set():
        writer.post()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--social", default=".build/release/social")
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--posts", type=int, default=300_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    social = os.path.abspath(options.social)
    folder = tempfile.mkdtemp(prefix="moving-")
    environment = dict(os.environ, SOCIAL_DATA=f"{folder}/network")

    def run(*words, check=True, stdin=None):
        done = subprocess.run([social, *words], env=environment, stdin=stdin, capture_output=True, text=True)
        if check and done.returncode != 0:
            sys.exit(f"{words}: exit {done.returncode}: {done.stderr}")
        return done.stdout

    def results(text):
        return json.loads(text)

    try:
        run("init", f"{folder}/network", "--shards", "4")
        with open(f"{folder}/fixture", "w") as out:
            subprocess.run([social, "fixture", "generate", "--users", str(options.users), "--posts", str(options.posts),
                            "--seed", "1"], env=environment, stdout=out, check=True)
        with open(f"{folder}/fixture") as fixture:
            run("import", "-", "--shift-to-now", "-q", stdin=fixture)
        run("feed", "regenerate", "-q")
        handles = run("user", "list", "--limit", "400", "--format", "ids").split()
        writers = [Writer(social, environment, f"w{n}", handles[n::2]) for n in range(2)]
        done = threading.Event()
        threads = [threading.Thread(target=keep_posting, args=(writer, done), daemon=True) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(options.seconds)
        begin = time.perf_counter()
        moves = []

        def move(*words, kill_after=None):
            start = time.perf_counter()
            process = subprocess.Popen([social, *words, "--json", "--lock-wait", "60s"], env=environment,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if kill_after is not None:
                time.sleep(kill_after)
                process.send_signal(signal.SIGKILL)
                process.wait()
                return
            out, errors = process.communicate()
            if process.returncode != 0:
                sys.exit(f"{words}: exit {process.returncode}: {errors}")
            moves.append((words, results(out), time.perf_counter() - start))

        move("shard", "add")
        move("shard", "add", kill_after=0.4)
        move("shard", "rebalance")
        move("shard", "remove", "0")
        end = time.perf_counter()
        time.sleep(options.seconds)
        done.set()
        for thread, writer in zip(threads, writers):
            thread.join()
            writer.stop()

        quiet = [took for writer in writers for at, took in writer.times if at < begin or at > end]
        moving = [took for writer in writers for at, took in writer.times if begin <= at <= end]
        said = sum(writer.number for writer in writers)
        texts = collections.Counter(
            line for line in run("post", "list", "--all", "--since", "1h", "--fields", "text", "--format", "tsv").split("\n")
            if line.startswith(("w0-", "w1-")))
        lost = said - len(texts)
        doubled = sum(count - 1 for count in texts.values())
        for words in (["shard", "verify"], ["verify"], ["feed", "regenerate", "-q"], ["feed", "verify"]):
            run(*words)
        rows = [
            ("requests without a move, p50 / p99 / longest", "ms", spread_ms(quiet), None),
            ("requests while slots move, p50 / p99 / longest", "ms", spread_ms(moving), "longest <= 100"),
            ("a slot could not be written, longest", "ms",
             [max(result["longest_wait_ms"] or 0 for _, result, _ in moves)], "<= 100"),
            ("acknowledged, lost, doubled", "posts", [said, lost, doubled], "0 lost, 0 doubled"),
            ("refused", "requests", [sum(writer.refused for writer in writers)], "0"),
        ]
        for words, result, took in moves:
            rows.append((f"{' '.join(words)}: {result['slots']} slots, {result['rows']} rows", "s", [took], None))
        print_rows(rows, options.json)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
