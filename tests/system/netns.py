"""A cluster's network in namespaces: every daemon in its own, joined by a bridge, on which ZooKeeper listens.

            host  ── bridge 10.77.x.1 ── ZooKeeper
                     │          │
              veth to ns 1   veth to ns 2 …         cut(), lossy(): nft rules inside a namespace

Only what goes to ZooKeeper passes here. The API and the data plane are Unix sockets, which namespaces do not separate.
Needs root (CAP_NET_ADMIN, CAP_SYS_ADMIN), iproute2 and nftables: `why_not()` says what is missing.
"""
from onyx import *


def run(*command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=GUARD_S)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
    return done.stdout


def why_not():
    """None when namespaces can be made here; else the reason, for skipTest()."""
    name = f"onyx-try-{os.getpid()}"
    for tool in ("ip", "nft"):
        if shutil.which(tool) is None:
            return f"no network namespaces: {tool} is not installed (packaging/packages.txt)"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode != 0:
        return f"no network namespaces: {made.stderr.strip()}; needs root with CAP_NET_ADMIN and CAP_SYS_ADMIN"
    try:
        filtered = subprocess.run(["ip", "netns", "exec", name, "nft", "add table inet try"], capture_output=True, text=True)
        return None if filtered.returncode == 0 else f"no packet filter in network namespaces: {filtered.stderr.strip()}"
    finally:
        subprocess.run(["ip", "netns", "del", name])


class Network:
    """`count` namespaces on a bridge."""

    def __init__(self, count):
        self.id = f"{os.getpid() % 100_000:05d}"
        self.bridge = f"onyxb{self.id}"
        third = os.getpid() % 250
        self.names = []
        run("ip", "link", "add", self.bridge, "type", "bridge")
        try:
            self.host = next(host for host in (f"10.77.{(third + n) % 250}.1" for n in range(250)) if host not in run("ip", "-4", "addr"))
            run("ip", "addr", "add", f"{self.host}/24", "dev", self.bridge)
            run("ip", "link", "set", self.bridge, "up")
            for number in range(count):
                self.add(number)
        except BaseException:
            self.close()
            raise

    def add(self, number):
        name, outside, inside = f"onyx{self.id}-{number}", f"onyx{self.id}o{number}", f"onyx{self.id}i{number}"
        run("ip", "netns", "add", name)
        self.names.append(name)
        run("ip", "link", "add", outside, "type", "veth", "peer", "name", inside)
        run("ip", "link", "set", inside, "netns", name)
        run("ip", "link", "set", outside, "master", self.bridge, "up")
        run("ip", "-n", name, "addr", "add", f"{self.host[:-1]}{number + 2}/24", "dev", inside)
        run("ip", "-n", name, "link", "set", inside, "up")
        run("ip", "-n", name, "link", "set", "lo", "up")

    def wrappers(self):
        """By namespace: the command that runs another in it, as the same process."""
        return [("ip", "netns", "exec", name) for name in self.names]

    def rule(self, number, verdict):
        """For all that crosses the namespace's border, in either direction; what is inside of it is let alone."""
        text = "add table inet onyx\ndelete table inet onyx\n"
        if verdict:
            text += ("table inet onyx {\n"
                     f" chain in {{ type filter hook input priority 0; iif != lo {verdict}; }}\n"
                     f" chain out {{ type filter hook output priority 0; oif != lo {verdict}; }}\n}}\n")
        run("ip", "netns", "exec", self.names[number], "nft", "-f", "-", stdin=text)

    def cut(self, number):
        """Nothing gets through, and nobody is told."""
        self.rule(number, "drop")

    def lossy(self, number, percent):
        self.rule(number, f"numgen random mod 100 < {percent} drop")

    def heal(self, number):
        self.rule(number, "")

    def close(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)  # and the pair of devices with it
        subprocess.run(["ip", "link", "del", self.bridge], capture_output=True)
