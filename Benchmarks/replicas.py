#!/usr/bin/env python3
"""Three replicas with a write quorum of two: damaged one after the other while somebody writes and somebody reads.

    replicas.py [--social PATH] [--writes 10000] [--json]

One process posts, each change durable on its own, and in another processes read all the time. Meanwhile one replica after
the other is deleted, cut off or has bits flipped, and is repaired. In the end every acknowledged post must be there once,
all copies must be sound, and after the loss of the data directory itself as well. Prints also what a replicated write costs
beside one without replicas, in the same run.
"""
import argparse, collections, json, os, random, shutil, subprocess, sys, tempfile, threading, time

from measuring import Writer, percentile, print_rows, spread_ms


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--social", default=".build/release/social")
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    social, dice = os.path.abspath(options.social), random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="replicas-")
    data, places = f"{folder}/data", [f"{folder}/second", f"{folder}/third"]
    environment = dict(os.environ, SOCIAL_DATA=data)

    def run(*words, env=environment, check=True):
        done = subprocess.run([social, *words], env=env, capture_output=True, text=True)
        if check and done.returncode != 0:
            sys.exit(f"{words}: exit {done.returncode}: {done.stderr}{done.stdout[-500:]}")
        return done

    def damage(place):
        files = [os.path.join(root, name) for root, _, names in os.walk(place) for name in names
                 if name in ("truth.sqlite", "replica.log")]
        kind = dice.choice(["delete", "truncate", "flip"])
        if kind == "delete":
            shutil.rmtree(place)
        else:
            path = dice.choice([path for path in files if os.path.getsize(path) > 0])
            size = os.path.getsize(path)
            with open(path, "r+b") as file:
                if kind == "truncate":
                    file.truncate(dice.randrange(size))
                else:
                    for _ in range(8):
                        at = dice.randrange(size)
                        file.seek(at)
                        byte = file.read(1)
                        file.seek(at)
                        file.write(bytes([byte[0] ^ 1 << dice.randrange(8)]))
        return kind

    try:
        plain = dict(environment, SOCIAL_DATA=f"{folder}/plain")
        run("init", f"{folder}/plain", env=plain)
        run("user", "create", "ana", env=plain)
        run("init", data, "--shards", "2", "--replicas", "3", "--write-quorum", "2", "--read-quorum", "2",
            "--replica-dirs", ",".join(places))
        run("user", "create", "ana")
        alone = Writer(social, plain, "p", ["ana"])
        for _ in range(500):
            alone.post()
        alone.stop()
        writer = Writer(social, environment, "w", ["ana"])
        for _ in range(500):
            writer.post()
        quiet = len(writer.times)

        reads, failed, done = [], [], threading.Event()

        def read():
            while not done.is_set():
                start = time.perf_counter()
                result = run("post", "list", "--limit", "5", check=False)
                reads.append(time.perf_counter() - start)
                if result.returncode != 0:
                    failed.append(result.stderr)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        faults, repairs = collections.Counter(), []
        every = max(1, options.writes // 20)
        while writer.number < options.writes:
            for _ in range(every):
                writer.post()
            faults[damage(dice.choice(places))] += 1
            for _ in range(every // 4):
                writer.post()
            start = time.perf_counter()
            run("replica", "repair")
            repairs.append(time.perf_counter() - start)
        done.set()
        reader.join()
        writer.stop()

        def lost(env):
            texts = collections.Counter(
                line for line in run("post", "list", "--by", "ana", "--all", "--fields", "text", "--format", "tsv",
                                     env=env).stdout.split("\n") if line.startswith("w-"))
            return writer.number - len(texts), sum(texts.values()) - len(texts)

        missing, doubled = lost(environment)
        states = json.loads(run("replica", "status", "--deep", "--json", check=False).stdout)
        unsound = sum(row["state"] != "ok" for row in states)
        shutil.rmtree(data)
        recovered = dict(environment, SOCIAL_DATA=f"{folder}/recovered")
        run("init", f"{folder}/recovered", "--recover", *places, env=recovered)
        run("verify", env=recovered)
        missing_after, doubled_after = lost(recovered)
        rows = [
            ("a durable post without replicas, p50 / p99 / longest", "ms", spread_ms(alone.seconds), None),
            ("with three and a write quorum of two", "ms", spread_ms(writer.seconds[:quiet]), None),
            ("while replicas are lost and repaired", "ms", spread_ms(writer.seconds[quiet:]), None),
            ("deleted / cut off / flipped", "replicas", [faults[k] for k in ("delete", "truncate", "flip")], None),
            ("acknowledged, lost, doubled", "posts", [writer.number, missing, doubled], "0 lost"),
            ("refused", "posts", [writer.refused], "0"),
            ("reads, of which refused", "commands", [len(reads), len(failed)], "0 refused"),
            ("copies that are not sound in the end", "copies", [unsound], "0"),
            ("a repair, p50 / longest", "ms", [1e3 * percentile(repairs, q) for q in (0.5, 1)], None),
            ("lost, doubled after the data directory is gone too", "posts", [missing_after, doubled_after], "0"),
        ]
        print_rows(rows, options.json)
        for text in failed[:3]:
            print(text, file=sys.stderr)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
