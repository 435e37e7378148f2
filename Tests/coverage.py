#!/usr/bin/env python3
"""How much of Sources the tests have visited, a room a row, as a table of Markdown.

    coverage.py REPORT [ROOM...]      REPORT is what "llvm-cov export" wrote; of each ROOM the files are listed too

Lines are those with code on them, regions the parts between two branches.
"""
import collections
import json
import sys


def room(path):
    """The folder of Sources to which a file belongs; of the core also the folder in it."""
    parts = path.split("/Sources/", 1)[-1].split("/")
    return "/".join(parts[:2]) if parts[0] == "SocialCore" and len(parts) > 2 else parts[0]


def share(done, count):
    return f"{100 * done / count:.1f} %" if count else "-"


def table(rows, heading):
    print(f"| {heading} | lines | visited | regions | visited |\n|---|---:|---:|---:|---:|")
    for name, (lines, lines_done, regions, regions_done) in rows:
        print(f"| {name} | {lines:,} | {share(lines_done, lines)} | {regions:,} | {share(regions_done, regions)} |")


def main():
    with open(sys.argv[1]) as report:
        files = json.load(report)["data"][0]["files"]
    rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
    single = {}
    for file in files:
        if "/Sources/" not in file["filename"] or "/checkouts/" in file["filename"]:
            continue
        summary = file["summary"]
        values = [
            summary["lines"]["count"], summary["lines"]["covered"], summary["regions"]["count"],
            summary["regions"]["covered"],
        ]
        single[file["filename"].split("/Sources/", 1)[1]] = values
        for name in (room(file["filename"]), "all"):
            rooms[name] = [one + other for one, other in zip(rooms[name], values)]
    names = sorted(name for name in rooms if name != "all")
    table([(name, rooms[name]) for name in [*names, "all"]], "room")
    for wanted in sys.argv[2:]:
        print()
        table(sorted(row for row in single.items() if row[0].startswith(wanted)), "file")


main()
