"""Debian's ZooKeeper as a process, for the system tests."""
import socket

from onyx import *


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class ZooKeeper:
    """Debian's ZooKeeper on a free port, in a temporary directory."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="onyx-zookeeper-"))
        self.port = free_port()
        (self.directory / "zoo.cfg").write_text(
            f"tickTime=500\ndataDir={self.directory}\nclientPort={self.port}\nclientPortAddress=127.0.0.1\n"
            "admin.enableServer=false\n4lw.commands.whitelist=ruok\n")
        self.log = open(self.directory / "log", "w")
        self.start()

    def start(self):
        jars = ":".join(str(p) for p in Path("/usr/share/java").glob("*.jar"))
        self.process = subprocess.Popen(["java", "-cp", jars, "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                                         str(self.directory / "zoo.cfg")], stdout=self.log, stderr=self.log)
        wait_for("ZooKeeper answers", self.is_ok)

    def is_ok(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as s:
                s.sendall(b"ruok")
                return s.recv(4) == b"imok"
        except OSError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        self.kill()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)
