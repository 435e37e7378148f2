#!/usr/bin/env python3
"""The queue from the shell: bursts that come in, and how fast they are worked off.

    queue.py [--social PATH] [--messages 1000000] [--json]

A burst of lines is pushed in one command, before anybody listens and again for one who does. They are taken and settled in commands
of a thousand, as a script does it, by one process and by four at once, each message once. `queue work` runs a program for each, on two
threads.
"""
import argparse, json, os, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--social", default=os.path.join(HERE, "../.build/release/social"))
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOCIAL_")}

    def report(figure, **values):
        text = " ".join(f"{key}={value:,.2f}" if isinstance(value, float) else f"{key}={value:,}" for key, value in values.items())
        print(json.dumps({"figure": figure, **values}) if options.json else f"{figure:40} {text}", flush=True)

    with tempfile.TemporaryDirectory(prefix="queue-") as place:
        def social(*words):
            done = subprocess.run([os.path.abspath(options.social), "--data", f"{place}/data", *words], env=environment,
                                  capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"social {' '.join(words)}: {done.stderr}")
            return done.stdout

        subprocess.run([os.path.abspath(options.social), "init", f"{place}/data"], env=environment, check=True, capture_output=True)
        with open(f"{place}/lines", "w") as file:
            file.writelines(f"message {number}\n" for number in range(options.messages))
        def timed(figure, *words):
            start = time.perf_counter()
            social(*words)
            report(figure, a_second=options.messages / (time.perf_counter() - start))

        timed("pushed in one command", "queue", "push", "jobs", "--lines", f"{place}/lines")
        timed("given to the first who listens", "queue", "pull", "jobs", "--lease", "1ms")
        timed("pushed for one who listens", "queue", "push", "jobs", "--lines", f"{place}/lines")

        def pull(count, taken):
            for _ in range(count):
                rows = [json.loads(line) for line in social("queue", "pull", "jobs", "--max", "1000", "--format", "ndjson").splitlines()]
                taken.extend(row["id"] for row in rows)
                if rows:
                    social("queue", "ack", "jobs", *(row["lease"] for row in rows))

        seen = []
        for workers in (1, 4):
            taken = [[] for _ in range(workers)]
            threads = [threading.Thread(target=pull, args=(40 // workers, part)) for part in taken]
            start = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            taken = sum(taken, [])
            seen += taken
            report(f"pulled and settled by {workers} at once", a_second=len(taken) / (time.perf_counter() - start))
        if len(seen) != len(set(seen)):
            sys.exit("a message was taken twice")
        start = time.perf_counter()
        settled = social("queue", "work", "jobs", "--exec", "true", "--jobs", "2", "--timeout", "5s", "--format", "ndjson")
        report("programs run by queue work", a_second=len(settled.splitlines()) / (time.perf_counter() - start))


if __name__ == "__main__":
    main()
