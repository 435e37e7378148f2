"""What measurements beside a load share: a process that posts, percentiles, and the rows in which results are printed."""
import json, subprocess, sys, time


def percentile(values, q):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * q))] if ordered else 0.0


def spread_ms(seconds):
    """The median, the 99th percentile and the longest of some times, in milliseconds."""
    return [1e3 * percentile(seconds, q) for q in (0.5, 0.99, 1)]


class Writer:
    """One process that posts, a line after the other, each change durable on its own."""

    def __init__(self, social, environment, name, handles):
        # How many posts were acknowledged; when each request began and how long it took; how many were refused.
        self.name, self.handles, self.number, self.times, self.refused = name, handles, 0, [], 0
        self.process = subprocess.Popen(
            [social, "batch", "-", "--commit", "each", "--keep-going", "--lock-wait", "60s", "--format", "ndjson"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True, bufsize=1)

    def post(self):
        """Posts and waits for the answer; after a refusal the next call tries the same post again."""
        text = f"{self.name}-{self.number}"
        author = self.handles[self.number % len(self.handles)]
        start = time.perf_counter()
        self.process.stdin.write(json.dumps(["post", "create", text, "--by", author, "--idempotency-key", text]) + "\n")
        answer = self.process.stdout.readline()
        self.times.append((start, time.perf_counter() - start))
        if answer and '"error"' not in answer:
            self.number += 1
            return
        self.refused += 1
        if not answer:
            sys.exit("the writer has ended")

    @property
    def seconds(self):
        return [took for _, took in self.times]

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def print_rows(rows, as_json):
    """Prints rows of what was measured, the unit, the values, and what was asked for or None."""
    for what, unit, values, goal in rows:
        if as_json:
            print(json.dumps(dict(what=what, unit=unit, values=[round(value, 3) for value in values], goal=goal)))
        else:
            text = " / ".join(f"{value:,.1f}".rstrip("0").rstrip(".") for value in values)
            print(f"{what:58} {text:>26} {unit:9}" + (f" (asked: {goal})" if goal else ""))
