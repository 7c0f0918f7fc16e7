"""Five onyxd in network namespaces of their own, one of which is cut off from ZooKeeper, or has a bad line to it.

The API and the data plane are Unix sockets, so a daemon that ZooKeeper no longer hears is still heard by the others: the worst case.
ONYX_LONG_S is how long the line flaps, in seconds (default 8)."""
from cluster import *
from netns import Network, why_not

SESSION_MS = 4000
FLAPS_S = float(os.environ.get("ONYX_LONG_S", "8"))


class Partition(ClusterTest):
    def open_zookeeper(self):
        if reason := why_not():
            self.skipTest(reason)
        self.network = Network(5)
        self.addCleanup(self.network.close)
        return ZooKeeper(self.network.host)

    def start_five(self, session_ms=SESSION_MS):
        daemons = self.start(5, self.network.wrappers(), peers=4, session_ms=session_ms)
        self.wait_for_groups(5, *daemons)
        return daemons

    def test_a_daemon_that_is_cut_off_from_zookeeper(self):
        """F07."""
        daemons = self.start_five()
        job = self.start_slow_job(daemons[0], count=4 * COUNT)
        # Whoever writes the output: it would be the worst to have twice.
        victim = self.daemon_of(self.groups_of(daemons[0], job)["out"][0])
        others = [daemon for daemon in daemons if daemon is not victim]
        group = self.group_of(victim)
        number = daemons.index(victim)
        cut = time.monotonic()
        self.network.cut(number)
        self.within("F07", SESSION_MS / 1000 + 3, "its work is elsewhere",
                    lambda: self.is_elsewhere(others[0], job, group), cut)
        self.wait_for_groups(4, *others)
        wait_for("it knows that it is out", lambda: self.has_logged(victim, "zookeeper session dead"))
        self.assertIsNone(victim.process.poll())
        healed = time.monotonic()
        self.network.heal(number)
        self.within("F07", 5, "it is back as another group",
                    lambda: group != self.own_group(victim) in {g["id"] for g in self.groups(others[0]) if g["state"] == "ready"},
                    healed)
        self.assertCompletes(victim, job, count=4 * COUNT)
        self.assertEqual([entry["fn"] for entry in self.entries(others[0])].count("complete-job"), 1)
        self.wait_for_groups(5, *daemons)
        self.assertAgree(*daemons)

    def test_a_line_that_comes_and_goes(self):
        """F10: a second of it, a second without."""
        daemons = self.start_five()
        job = daemons[0].submit(self.write("endless.edn", endless_job("endless", peers=8)))
        wait_for("it runs", lambda: self.written(daemons[1], job) > 0)
        since = self.newest(daemons[0])
        start = time.monotonic()
        while time.monotonic() < start + FLAPS_S:
            self.network.cut(4)
            self.hold(1)
            self.network.heal(4)
            self.hold(1)
        self.assertCalm("a line that flaps", daemons, job, since, time.monotonic() - start)

    def test_a_line_that_loses_a_third(self):
        """F10."""
        daemons = self.start_five()
        job = daemons[0].submit(self.write("endless.edn", endless_job("endless", peers=8)))
        wait_for("it runs", lambda: self.written(daemons[1], job) > 0)
        since = self.newest(daemons[0])
        start = time.monotonic()
        self.network.lossy(4, 30)
        self.hold(FLAPS_S)
        self.network.heal(4)
        self.assertCalm("a line that loses 30 %", daemons, job, since, time.monotonic() - start)

    def assertCalm(self, what, daemons, job, since, took_s):
        """Few entries were written meanwhile, and all is well afterwards."""
        entries = self.newest(daemons[0]) - since
        self.report("F10", entries / len(daemons) / max(took_s, 60) * 60, 20, f"{what}: log entries", "a minute and daemon")
        self.assertLessEqual(entries / len(daemons), 20 * max(1, took_s / 60), self.entries(daemons[0], since))
        self.wait_for_groups(5, *daemons)
        self.assertEqual(daemons[4].ctl("kill", job).returncode, 0)
        done = daemons[4].ctl("submit", str(self.trivial_job("after")), "--wait")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertAgree(*daemons)


if __name__ == "__main__":
    main()
