"""Machines of a network, which are data directories and what runs the program on them."""

import json
import os
import subprocess


class Machine:
    """One data directory, and the environment of those who work with it."""

    def __init__(self, program, data, environment=None):
        self.program, self.data = program, data
        self.environment = {**os.environ, **(environment or {})}
        self.environment.pop("SOCIAL_DATA", None)

    def run(self, *words, **more):
        """Runs a command, however it ends; what it prints is bytes."""
        command = [self.program, "--data", self.data, *words]
        return subprocess.run(command, capture_output=True, check=False, env={**self.environment, **more})

    def init(self, *words):
        """Makes the data directory."""
        command = [self.program, "init", self.data, "--quiet", *words]
        done = subprocess.run(command, capture_output=True, check=False, env=self.environment)
        if done.returncode != 0:
            raise RuntimeError(f"init: exit {done.returncode}: {done.stderr.decode()}")
        return self

    def bytes(self, *words):
        """What a command prints that must succeed."""
        done = self.run(*words)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}: {(done.stdout + done.stderr).decode()}")
        return done.stdout

    def text(self, *words):
        """The same, as text."""
        return self.bytes(*words).decode()

    def rows(self, *words):
        """The records that a command prints."""
        return [json.loads(line) for line in self.text(*words, "--format", "ndjson").splitlines()]

    def forget_objects(self):
        """Empties the folders in which objects of an object store are kept."""
        for root, _, files in os.walk(os.path.join(self.data, "shards"), topdown=False):
            if f"{os.sep}objects{os.sep}" in root + os.sep:
                for name in files:
                    os.remove(os.path.join(root, name))
