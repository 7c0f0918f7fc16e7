"""Daemons of two builds in one cluster, of one log version: a rolling upgrade, and back (F38).

The other build is the onyxd at ONYX_OTHER_ONYXD (`tests/long.sh upgrade ONYXD`); without it nothing is done here.
"""
from cluster import *

OTHER = os.environ.get("ONYX_OTHER_ONYXD")


@unittest.skipUnless(OTHER, "ONYX_OTHER_ONYXD names no other onyxd")
class Upgrade(ClusterTest):
    def replica_at(self, daemon, position):
        done = daemon.ctl("replica", "show", "--at", str(position), "-o", "edn")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def assertEqualReplicas(self, old, new):
        """After every entry of the log, as both builds fold it."""
        newest = min(self.newest(old), self.newest(new))
        origin = max(daemon.json("cluster", "status")["log"]["origin"] for daemon in (old, new))
        for position in range(origin, newest + 1):
            self.assertEqual(self.replica_at(old, position), self.replica_at(new, position), f"after entry {position}")
        print(f"F38 equal replicas after each of {newest + 1 - origin} entries", file=sys.stderr, flush=True)

    def run_job(self, daemon, name, *others):
        """While it runs one of the others takes another's place."""
        job = self.start_slow_job(daemon, name)
        for leaves, binary in others:
            self.start(1, binary=binary)
            self.assertEqual(leaves.stop(), 0)
        alive = self.alive()
        self.wait_for_groups(len(alive), *alive)
        self.assertCompletes(alive[-1], job, name)
        return alive

    def test_a_rolling_upgrade_and_back(self):
        old = self.start(3, binary=OTHER)
        self.wait_for_groups(3, *old)
        # One after the other; both builds are in the ring meanwhile, and the job goes on.
        mixed = self.run_job(old[2], "first", (old[0], None), (old[1], None))
        self.assertEqualReplicas(old[2], mixed[-1])
        # A refused job, one that is killed, one that waits, a group that is drained, a daemon that is killed.
        self.assertNotEqual(mixed[-1].ctl("submit", str(self.write("bad.edn", "{:workflow [[:a :b]]}"))).returncode, 0)
        killed = mixed[-1].submit(self.write("endless.edn", endless_job("endless")))
        self.assertEqual(old[2].ctl("kill", killed).returncode, 0)
        old[2].ctl("submit", str(self.waiting_job("waiting")))
        drained = mixed[-1].json("group", "drain", self.group_of(old[2]))
        self.assertEqual(old[2].json("group", "undrain", self.group_of(old[2]))["peers"], drained["peers"])
        mixed[0].stop(signal.SIGKILL) if mixed[0] is not old[2] else mixed[1].stop(signal.SIGKILL)
        alive = self.alive()
        self.wait_for_groups(2, *alive)
        self.assertEqualReplicas(old[2], alive[-1])
        # And back.
        back = self.run_job(old[2], "back", (alive[-1], OTHER))
        (new,) = self.start(1)
        self.wait_for_groups(3, *back, new)
        self.assertEqualReplicas(back[0], new)
        self.assertEqual(new.ctl("gc").returncode, 0)
        self.assertEqualReplicas(back[0], new)
        self.assertAgree(*back, new)


if __name__ == "__main__":
    main()
