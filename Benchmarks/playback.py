#!/usr/bin/env python3
"""Adaptive playback beside its peers, in the same run.

    playback.py [--bench PATH] [--film FILE] [--traces FOLDER] [--seconds N] [--sabre sabre.py] [--json]

The work is done by `video-bench simulate` (see VideoBench/): a 25 s buffer, and the film cut or repeated to 600 s. The peers
are the rules that are published, as we have them. With `--sabre` the simulator that they come from (UMass-LIDS/sabre,
src/sabre.py) runs too: each of its scores is compared with ours, and its speed measured. Scores are means over the traces.
"""
import argparse, json, os, re, subprocess, sys, time

from feed import Table

SABRE = {"bola": "bola", "bola-e": "bolae", "throughput": "throughput", "dynamic": "dynamic", "dynamic-dash": "dynamicdash"}


def figures(args):
    words = [args.bench, "simulate", args.film, args.traces, str(args.seconds)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: {done.stdout[-400:]}{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def sabre(args, rule, trace):
    """The score that Sabre prints, to six digits."""
    words = [sys.executable, args.sabre, "-n", f"{args.traces}/{trace}", "-m", args.film, "-ml", str(args.seconds), "-a", rule]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"time average score: (\S+)", printed).group(1))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    data = os.path.join(here, "../../shared/data/traces")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default=os.path.join(here, "../.build/release/video-bench"))
    parser.add_argument("--film", default=f"{data}/bbb.json")
    parser.add_argument("--traces", default=f"{data}/3g")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--sabre")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    table, all = Table(args.json), figures(args)

    means = [figure for figure in all if figure["figure"] == "mean"]
    for variant in dict.fromkeys(mean["variant"] for mean in means):
        rules = {mean["rule"]: mean for mean in means if mean["variant"] == variant}
        ours = rules.pop("hybrid")
        best = max(rules, key=lambda rule: rules[rule]["score"])
        table.add(f"score, {variant}: hybrid beside {best}", ours["score"], "a second", "> best", rules[best]["score"])
        table.add("  stalling", ours["stall_ratio"] * 100, "%", "<= its", rules[best]["stall_ratio"] * 100)
        if variant == "as they are":
            for rule, mean in rules.items():
                table.add(f"  {rule}: score", mean["score"], "a second", "")
                table.add(f"  {rule}: stalling", mean["stall_ratio"] * 100, "%", "")

    speeds = {figure["rule"]: figure["sessions_per_second"] for figure in all if figure["figure"] == "speed"}
    if args.sabre:
        sessions = [figure for figure in all if figure["figure"] == "session" and figure["rule"] in SABRE]
        start = time.perf_counter()
        differences = [abs(sabre(args, SABRE[one["rule"]], one["trace"]) - one["score"]) for one in sessions]
        peer = len(sessions) / (time.perf_counter() - start)
        # Sabre prints six digits.
        agreeing = sum(difference <= 1e-6 for difference in differences)
        table.add("sessions whose score is Sabre's", agreeing, f"of {len(sessions)}", "all")
        table.add("simulated sessions, hybrid, one core", speeds["hybrid"], "a second", ">= 2,000", peer)
    else:
        table.add("simulated sessions, hybrid, one core", speeds["hybrid"], "a second", ">= 2,000")


main()
