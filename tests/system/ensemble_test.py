"""Five onyxd on an ensemble of three ZooKeeper servers: its leader is killed, and all of it.

ONYX_LONG_S is how long the ensemble stays away, in seconds (default: a little longer than a session); ONYX_LEADERS how many leaders
are killed one after the other (1)."""
from cluster import *

SESSION_MS = 4000
AWAY_S = float(os.environ.get("ONYX_LONG_S", "5"))
LEADERS = int(os.environ.get("ONYX_LEADERS", "1"))


class OnAnEnsemble(ClusterTest):
    def open_zookeeper(self):
        return Ensemble()

    def start_five(self):
        daemons = self.start(5, peers=4, session_ms=SESSION_MS)
        self.wait_for_groups(5, *daemons)
        return daemons

    def test_a_killed_leader_moves_nothing(self):
        """F12."""
        daemons = self.start_five()
        job = daemons[0].submit(self.write("endless.edn", endless_job("endless", peers=4)))
        wait_for("it runs", lambda: self.written(daemons[1], job) > 0)
        before = self.status(daemons[0], job)
        pauses = []
        for number in range(LEADERS):
            leader = self.zookeeper.leader()
            killed = time.monotonic()
            leader.kill()
            # The pause is over when an entry gets into the log again, whoever's.
            accepted = daemons[number % 5].ctl("submit", str(self.trivial_job(f"after-{number}")))
            self.assertIn(accepted.returncode, (0, 7), accepted.stdout + accepted.stderr)
            pauses.append(time.monotonic() - killed)
            self.zookeeper.start()
        self.report("F12", max(pauses), 2, f"longest pause of {LEADERS} killed leaders")
        for daemon in daemons:
            status = self.status(daemon, job)
            self.assertEqual((status["state"], status["version"], status["restarts"]), ("running", before["version"], 0))
            self.assertEqual({group["id"] for group in self.groups(daemon)}, {self.group_of(d) for d in daemons})
        self.assertEqual(daemons[0].ctl("kill", job).returncode, 0)
        self.assertAgree(*daemons)

    def test_an_ensemble_that_is_away_for_longer_than_a_session(self):
        """F13."""
        daemons = self.start_five()
        job = self.start_slow_job(daemons[0])
        self.zookeeper.kill()
        self.hold(AWAY_S)
        for daemon in daemons:
            self.assertIsNone(daemon.process.poll(), "it has not crashed")
            self.assertEqual(daemon.ctl("version").returncode, 0, "it answers meanwhile")
        # What peers do without a session must not count.
        self.zookeeper.start()
        quorum = time.monotonic()
        self.within("F13", 10, "the job runs again",
                    lambda: daemons[0].ctl("job", "status", job).returncode == 0 and self.is_at_work(daemons[0], job), quorum)
        self.wait_for_groups(5, *daemons)
        self.assertCompletes(daemons[3], job)
        self.assertAgree(*daemons)

    def is_at_work(self, daemon, job):
        status = self.status(daemon, job)
        return status["state"] == "completed" or (status["state"] == "running" and self.written(daemon, job) > 0)


if __name__ == "__main__":
    main()
