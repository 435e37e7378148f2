"""Runs a command with a fresh PostgreSQL server, whose address stands in SOCIAL_TEST_POSTGRESQL.

usage: conformance.py COMMAND [WORD ...]
"""

import os
import subprocess
import sys
import tempfile

from servers import Server, address


def main():
    folder = tempfile.mkdtemp(prefix="social-cluster-")
    os.chmod(folder, 0o755)
    # What a power cut would lose is not what these tests are about.
    server = Server(folder, "one", {"fsync": "off", "wal_level": "logical"}).make().start()
    server.sql("CREATE DATABASE social")
    try:
        environment = {**os.environ, "SOCIAL_TEST_POSTGRESQL": address(server)}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        server.kill()
        subprocess.run(["rm", "-rf", folder], check=False)


if __name__ == "__main__":
    sys.exit(main())
