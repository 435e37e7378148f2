"""PostgreSQL servers for tests: made in a folder, started, replicated, killed and promoted, and gone at the end."""

import atexit
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time


def tools():
    """The folder with the newest server that is installed."""
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    if not folders:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    return max(folders, key=lambda folder: float(folder.split("/")[4]))


def free_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """One server, with its data in FOLDER/data; the super user is called "social", and needs no password."""

    def __init__(self, folder, name, settings=None):
        self.folder = os.path.join(folder, name)
        self.name = name
        self.port = free_port()
        self.settings = settings or {}
        os.makedirs(self.folder, mode=0o755)
        if os.getuid() == 0:
            # PostgreSQL does not run as root.
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.data = os.path.join(self.folder, "data")
        atexit.register(self.kill)

    def run(self, *words, check=True):
        """Runs one of PostgreSQL's programs: what it prints."""
        command = [os.path.join(tools(), words[0]), *words[1:]]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--"] + command
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def make(self):
        """Makes an empty data folder."""
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "social", "-E", "UTF8", "--locale=C", "-k")
        return self

    def copy(self, primary):
        """Makes a standby of another server."""
        shutil.rmtree(self.data, ignore_errors=True)
        primary_name = f"host=127.0.0.1 port={primary.port} user=social application_name={self.name}"
        self.run("pg_basebackup", "-D", self.data, "-R", "-c", "fast", "-d", primary_name)
        return self

    def start(self):
        """Starts the server, and waits until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder,
            "max_connections": 200, "logging_collector": "off", **self.settings,
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self.run("pg_ctl", "-D", self.data, "-o", options, "-l", os.path.join(self.folder, "log"), "-w", "start")
        return self

    def pid(self):
        """The server's process; None when it does not run."""
        try:
            with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as file:
                return int(file.readline())
        except (FileNotFoundError, PermissionError, ValueError):
            return None

    def kill(self):
        """Ends the server at once, as a loss of power would."""
        pid = self.pid()
        if pid is None:
            return
        children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
        for process in [pid, *map(int, children.split())]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for _ in range(100):
            if not os.path.exists(f"/proc/{pid}"):
                break
            time.sleep(0.02)
        try:
            os.remove(os.path.join(self.data, "postmaster.pid"))
        except FileNotFoundError:
            pass

    def promote(self):
        """Makes a standby take writes."""
        self.run("pg_ctl", "-D", self.data, "-w", "promote")

    def sql(self, text, database="postgres"):
        """What a statement answers, its rows on lines, their columns with bars between."""
        words = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "social", "-d", database]
        return self.run(*words, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", text).strip()


class Group:
    """A primary and its standbys, of which one must have a commit before it is acknowledged."""

    def __init__(self, folder, name, standbys=2, settings=None):
        self.name = name
        one = Server(folder, f"{name}0", settings).make().start()
        one.sql("CREATE DATABASE social")
        rest = [Server(folder, f"{name}{number}", settings) for number in range(1, standbys + 1)]
        # The first takes writes.
        self.servers = [one] + [server.copy(one).start() for server in rest]
        self.members = list(self.servers)
        self.wait_for_any()

    def wait_for_any(self):
        """Says whose answer a commit waits for."""
        names = ", ".join(server.name for server in self.servers[1:])
        any_one = f"ANY 1 ({names})" if names else ""
        self.servers[0].sql(f"ALTER SYSTEM SET synchronous_standby_names = '{any_one}'")
        self.servers[0].sql("SELECT pg_reload_conf()")

    def fail_over(self):
        """Kills the primary and promotes the standby that has received most: it, and the other one that follows."""
        killed = self.servers[0]
        killed.kill()
        received = "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')"
        rest = sorted(self.servers[1:], key=lambda server: -int(server.sql(received)))
        rest[0].promote()
        for follower in rest[1:]:
            place = f"host=127.0.0.1 port={rest[0].port} user=social application_name={follower.name}"
            follower.sql(f"ALTER SYSTEM SET primary_conninfo = '{place}'")
            follower.sql("SELECT pg_reload_conf()")
        self.servers = rest
        self.wait_for_any()
        return killed

    def rejoin(self, server):
        """Makes a server that was killed a standby of the present primary."""
        server.copy(self.servers[0]).start()
        self.servers.append(server)
        self.wait_for_any()

    def address(self):
        """Where whichever of them takes writes is found."""
        return address(*self.members)

    def kill(self):
        """Ends all of them."""
        for server in self.members:
            server.kill()


def address(*servers, database="social"):
    """The address of whichever of some servers takes writes."""
    hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    more = "?target_session_attrs=read-write" if len(servers) > 1 else ""
    return f"postgresql://social@{hosts}/{database}{more}"
