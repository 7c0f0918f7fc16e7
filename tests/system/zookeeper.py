"""Debian's ZooKeeper as processes, for the system tests: one server, or an ensemble; and a look into it from outside."""
import socket

from onyx import *


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def free_port():
    return free_ports(1)[0]


def java(*arguments):
    jars = ":".join(str(p) for p in Path("/usr/share/java").glob("*.jar"))
    # One processor's worth of threads and little memory: several of them share the machine with what is tested.
    return ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", jars, *arguments]


def shell(address, *commands):
    """Runs commands of ZooKeeper's own client, as any other user of the servers would; gives what it printed."""
    done = subprocess.run(java("org.apache.zookeeper.ZooKeeperMain", "-server", address), input="\n".join(commands) + "\nquit\n",
                          capture_output=True, text=True, timeout=GUARD_S)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Server:
    """One server on a free port, in a temporary directory. Call start(); it may be killed and started again."""

    def __init__(self, host="127.0.0.1", more=""):
        self.host, self.port = host, free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="onyx-zookeeper-"))
        (self.directory / "zoo.cfg").write_text(
            f"tickTime=500\ninitLimit=20\nsyncLimit=10\ndataDir={self.directory}\n"
            f"clientPort={self.port}\nclientPortAddress={host}\nmaxClientCnxns=0\n"
            f"maxSessionTimeout=40000\nadmin.enableServer=false\n4lw.commands.whitelist=ruok,srvr\n{more}")
        self.log = open(self.directory / "log", "w")
        self.process = None

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def spawn(self, *properties):
        self.process = subprocess.Popen(java(*properties, "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(self.directory / "zoo.cfg")),
                                        stdout=self.log, stderr=self.log)

    def start(self, *properties):
        """With properties for java, "-Dname=value"."""
        self.spawn(*properties)
        wait_for("ZooKeeper serves", self.mode)

    def ask(self, word):
        """A four-letter word's answer; empty when there is none."""
        try:
            with socket.create_connection((self.host, self.port), timeout=1) as s:
                s.sendall(word.encode())
                answer = b""
                while piece := s.recv(4096):
                    answer += piece
                return answer.decode()
        except OSError:
            return ""

    def mode(self):
        """leader, follower or standalone; None while it does not serve."""
        found = re.search(r"Mode: (\w+)", self.ask("srvr"))
        return found and found.group(1)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.is_running():
            self.kill()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


class ZooKeeper(Server):
    """One server, running."""

    def __init__(self, host="127.0.0.1"):
        super().__init__(host)
        self.start()


class Ensemble:
    """Several servers that agree; all run."""

    def __init__(self, count=3):
        ports = free_ports(2 * count)
        members = "".join(f"server.{n + 1}=127.0.0.1:{ports[2 * n]}:{ports[2 * n + 1]}\n" for n in range(count))
        self.servers = [Server(more=members) for _ in range(count)]
        for number, server in enumerate(self.servers, 1):
            (server.directory / "myid").write_text(str(number))
        self.start()

    @property
    def address(self):
        return ",".join(server.address for server in self.servers)

    def start(self):
        """Whoever does not run; all of them serve afterwards."""
        for server in self.servers:
            if not server.is_running():
                server.spawn()
        for server in self.servers:
            wait_for("a server of the ensemble serves", server.mode)

    def leader(self):
        return wait_for("there is a leader", lambda: next((s for s in self.servers if s.is_running() and s.mode() == "leader"), None))

    def kill(self):
        for server in self.servers:
            if server.is_running():
                server.kill()

    def close(self):
        for server in self.servers:
            server.close()
