"""An object store for tests: OpenStack Swift, which speaks S3 too. It is made in a folder, started, killed, started
again and gone at the end: one account, container and object server, one device, one copy, and a proxy before them with
its memcached.

usage: objects.py COMMAND [WORD ...]    runs a command with a store, whose address stands in SOCIAL_TEST_S3
"""

import atexit
import datetime
import hashlib
import hmac
import http.client
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

from servers import free_port

ACCESS_KEY, SECRET_KEY, REGION = "test:tester", "testing", "us-east-1"

# What each server of a kind has in its file, besides what all have.
PIPELINES = {
    "account": "[pipeline:main]\npipeline = account-server\n[app:account-server]\nuse = egg:swift#account\n",
    "container": "[pipeline:main]\npipeline = container-server\n[app:container-server]\nuse = egg:swift#container\n",
    "object": "[pipeline:main]\npipeline = object-server\n[app:object-server]\nuse = egg:swift#object\n",
    "proxy": f"""[pipeline:main]
pipeline = catch_errors gatekeeper cache bulk s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
error_suppression_interval = 0
[filter:s3api]
use = egg:swift#s3api
location = {REGION}
[filter:tempauth]
use = egg:swift#tempauth
user_{ACCESS_KEY.replace(":", "_")} = {SECRET_KEY} .admin
""" + "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n"
              for name in ("catch_errors", "gatekeeper", "bulk", "copy", "slo", "dlo")),
}


def signed(method, host, path, body):
    """The headers of a request, signed with Signature Version 4."""
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    content = hashlib.sha256(body).hexdigest()
    headers = {"host": host, "x-amz-content-sha256": content, "x-amz-date": stamp}
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join([method, path, "", lines, names, content])
    scope = f"{stamp[:8]}/{REGION}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = ("AWS4" + SECRET_KEY).encode()
    for word in scope.split("/"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = \
        f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, SignedHeaders={names}, Signature={signature}"
    return headers


class ObjectStore:
    """One store, with its files, settings and logs in FOLDER/objects."""

    def __init__(self, folder):
        if shutil.which("swift-proxy-server") is None:
            raise SystemExit("OpenStack Swift is not installed: apt-get install --no-install-recommends "
                             "swift-proxy swift-account swift-container swift-object memcached")
        self.folder = os.path.join(folder, "objects")
        self.devices = os.path.join(self.folder, "devices")
        self.ports = {kind: free_port() for kind in [*PIPELINES, "memcached"]}
        self.processes = {}
        atexit.register(self.kill)

    @property
    def endpoint(self):
        """Where it answers."""
        return f"127.0.0.1:{self.ports['proxy']}"

    def address(self, bucket):
        """How a data directory names a bucket."""
        return f"s3://{bucket}?endpoint=http://{self.endpoint}"

    @staticmethod
    def credentials():
        """What the environment of those who use it has to have."""
        return {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}

    def make(self):
        """Writes the settings and the rings, which say where everything lies."""
        os.makedirs(os.path.join(self.devices, "disk"))
        with open(os.path.join(self.folder, "swift.conf"), "w", encoding="ascii") as file:
            file.write("[swift-hash]\nswift_hash_path_suffix = tests\n[storage-policy:0]\nname = one\ndefault = yes\n")
        user = pwd.getpwuid(os.getuid()).pw_name
        for kind, pipeline in PIPELINES.items():
            if kind == "proxy":
                pipeline += f"[filter:cache]\nuse = egg:swift#memcache\n" \
                            f"memcache_servers = 127.0.0.1:{self.ports['memcached']}\n"
            with open(os.path.join(self.folder, f"{kind}.conf"), "w", encoding="ascii") as file:
                file.write(f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {self.ports[kind]}\nuser = {user}\n"
                           f"swift_dir = {self.folder}\ndevices = {self.devices}\nmount_check = false\nworkers = 0\n"
                           f"log_level = WARNING\nfallocate_reserve = 0\n{pipeline}")
            if kind != "proxy":
                self.ring(kind)
        return self

    def ring(self, kind):
        """Says that everything of a kind lies on the one device."""
        builder = os.path.join(self.folder, f"{kind}.builder")
        for words in (["create", "4", "1", "1"],
                      ["add", f"r1z1-127.0.0.1:{self.ports[kind]}/disk", "1"],
                      ["rebalance"]):
            done = subprocess.run(["swift-ring-builder", builder, *words], capture_output=True, text=True, check=False)
            # 1 is a warning: that one device is not many.
            if done.returncode > 1:
                raise RuntimeError(f"swift-ring-builder {' '.join(words)}: {done.stdout}{done.stderr}")

    def start(self):
        """Starts the servers, and waits until they answer."""
        user = pwd.getpwuid(os.getuid()).pw_name
        commands = {"memcached": ["memcached", "-l", "127.0.0.1", "-p", str(self.ports["memcached"]), "-u", user]}
        for kind in PIPELINES:
            commands[kind] = [f"swift-{kind}-server", os.path.join(self.folder, f"{kind}.conf"), "-v"]
        for kind, command in commands.items():
            with open(os.path.join(self.folder, f"{kind}.log"), "ab") as log:
                self.processes[kind] = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + 60
        # The buckets of an account are listed only when the account's server answers.
        while self.request("GET", "/") != 200:
            if time.monotonic() > until or any(process.poll() is not None for process in self.processes.values()):
                raise RuntimeError(f"the object store does not start: see the logs in {self.folder}")
            time.sleep(0.1)
        return self

    def kill(self):
        """Ends all servers at once."""
        for process in self.processes.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        self.processes = {}

    def ask(self, method, path, headers, body=b""):
        """The status, headers and body of the answer to a request; the status is None when there is no answer."""
        connection = http.client.HTTPConnection(self.endpoint, timeout=10)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except OSError:
            return None, {}, b""
        finally:
            connection.close()

    def request(self, method, path, body=b""):
        """The status of the answer to a request in the language of S3."""
        return self.ask(method, path, signed(method, self.endpoint, path, body), body)[0]

    def bucket(self, name):
        """Makes a bucket: how a data directory names it."""
        status = self.request("PUT", f"/{name}")
        if status != 200:
            raise RuntimeError(f"no bucket was made: {status}")
        return self.address(name)

    def keys(self, bucket, parts=False):
        """What lies in a bucket, or the parts of its objects, which S3 does not show: in the store's own language."""
        known = {"X-Auth-User": ACCESS_KEY, "X-Auth-Key": SECRET_KEY}
        _, headers, _ = self.ask("GET", "/auth/v1.0", known)
        place = urllib.parse.urlsplit(headers["X-Storage-Url"]).path
        suffix = "%2Bsegments" if parts else ""
        status, _, body = self.ask("GET", f"{place}/{bucket}{suffix}", {"X-Auth-Token": headers["X-Auth-Token"]})
        if status not in (200, 204, 404):
            raise RuntimeError(f"the bucket is not listed: {status} {body.decode()}")
        return [] if status == 404 else body.decode().splitlines()


def main():
    folder = tempfile.mkdtemp(prefix="social-objects-")
    store = ObjectStore(folder).make().start()
    try:
        environment = {**os.environ, **store.credentials(), "SOCIAL_TEST_S3": store.bucket("tests")}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        store.kill()
        if "SOCIAL_TEST_KEEP" not in os.environ:
            subprocess.run(["rm", "-rf", folder], check=False)


if __name__ == "__main__":
    sys.exit(main())
