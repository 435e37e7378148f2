#!/usr/bin/env python3
"""The long run of everything that tries to break a data directory, as one table.

    torture.py [--scale 20] [--minutes 1] [--seed N] [--only power,storm]

Runs the test suites that kill, cut the power, fail the disk, crowd and set clocks wrong with their full numbers of points,
and prints what each tried, how often, with which seed, and how many findings there were. Exits with 1 when there was one.
A finding is found again with the seed: SOCIAL_TEST_SEED=N swift test --filter SUITE.
"""
import argparse, os, random, re, subprocess, sys

# What is done, the suite, and by how much of the scale its usual numbers are multiplied: points differ in what they cost.
SUITES = [
    ("verbs", "every writing verb is in a scene", "WritingVerbTests", 0),
    ("kill", "killed at system calls and at random times", "SocialProcessTests.KillTests", 1),
    ("power", "power cuts and writes cut off in the middle", "SocialProcessTests.PowerCutTests", 0.5),
    ("fault", "EIO, ENOSPC and sudden death at each change", "SocialProcessTests.InjectedFaultTests", 1),
    ("import", "imports stopped at each change and killed", "SocialProcessTests.ImportFaultTests", 0.5),
    ("disk", "full, read-only and damaged directories", "SocialProcessTests.DiskStateTests", 0),
    ("move", "moves of slots killed and under load", "SocialProcessTests.ShardMoveTests", 0.5),
    ("replica", "replicas deleted, cut off, flipped", "SocialProcessTests.ReplicaTests", 0.2),
    ("loop", "processes killed side by side", "SocialProcessTests.KillLoopTests", 0.5),
    ("crowd", "many processes at once", "SocialProcessTests.(CrowdTests|MintingCrowdTests|WorkerTests)", 0),
    ("storm", "fifty writers, kills, moves, backups, checkpoints", "SocialProcessTests.StormTests", 0),
    ("clock", "clocks that are wrong and that jump", "SocialProcessTests.ClockTests", 0.5),
    ("model", "random command lines beside plain arrays", "SocialCLITests.SimulationTests", 1),
]


def run(suite, scale, options):
    """Runs a suite: what it reports, how many findings there were, and whether it ran to its end."""
    environment = dict(
        os.environ, SOCIAL_TEST_SCALE=str(max(1, round(scale * options.scale))), SOCIAL_TEST_SEED=str(options.seed),
        SOCIAL_TEST_MINUTES=str(options.minutes))
    command = ["nice", "swift", "test", "--skip-build", "--filter", suite]
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    reports = re.findall(r"^    (.*); SOCIAL_TEST_SEED=\d+$", result.stdout, re.MULTILINE)
    findings = re.findall(r"^✘ Test .* recorded an issue.*$(?:\n↳ .*)*", result.stdout, re.MULTILINE)
    # A suite of which nothing ran has found out nothing.
    hasRun = re.search(r"Test run with [1-9]\d* test", result.stdout) is not None
    if result.returncode != 0 and not findings or not hasRun:
        findings.append(f"the suite did not end well:\n{result.stdout[-2000:]}")
    return reports, findings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=20)
    parser.add_argument("--minutes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.randrange(1, 10**9))
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    only = [name for name in options.only.split(",") if name]
    total = 0
    print(f"seed {options.seed}, scale {options.scale:g}, minutes {options.minutes}", flush=True)
    for name, what, suite, scale in SUITES:
        if only and name not in only:
            continue
        reports, findings = run(suite, scale, options)
        total += len(findings)
        print(f"{name:8} {what}: {len(findings)} findings", flush=True)
        for report in reports:
            print(f"         {report}")
        for finding in findings:
            print(f"         FOUND {finding}", flush=True)
    print(f"{total} findings, seed {options.seed}")
    sys.exit(1 if total else 0)


if __name__ == "__main__":
    main()
