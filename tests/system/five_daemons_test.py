"""Five onyxd on one real ZooKeeper: whichever of them is killed or stopped."""
from cluster import *

PEERS = 5  # of each of the two function tasks: 12 of the job's on daemons of 3


class FiveDaemons(ClusterTest):
    def start_five(self, **configuration):
        daemons = self.start(5, peers=3, **configuration)
        self.wait_for_groups(5, *daemons)
        return daemons

    def test_each_of_five_killed_in_turn_and_replaced(self):
        """F01, F03 as far as coordination goes: no job is lost or runs twice, and whoever is left agrees."""
        first = self.start_five()
        job = self.start_slow_job(first[0], peers=PEERS, count=4 * COUNT)
        for victim in first:
            witness = next(daemon for daemon in self.alive() if daemon is not victim)
            group = self.group_of(victim)
            killed = time.monotonic()
            victim.stop(signal.SIGKILL)
            self.within("F01", 2 + 3, "a killed daemon's work is elsewhere",
                        lambda: self.is_elsewhere(witness, job, group), killed)
            (heir,) = self.start(1, peers=3)
            self.wait_for_groups(5, *self.alive())
            wait_for("the job goes on", lambda: self.written(heir, job) > 0)
        alive = self.alive()
        self.assertCompletes(alive[3], job, count=4 * COUNT)
        self.assertGreaterEqual(self.status(alive[0], job)["restarts"], 5)
        self.assertEqual([entry["fn"] for entry in self.entries(alive[1])].count("submit-job"), 1)
        self.assertAgree(*alive)
        for daemon in alive:
            self.assertEqual(daemon.stop(), 0)

    def test_a_daemon_stopped_for_longer_than_its_session(self):
        """F05."""
        daemons = self.start_five()
        job = self.start_slow_job(daemons[0], peers=PEERS, count=3 * COUNT)
        zombie = daemons[4]
        group = self.group_of(zombie)
        stopped = time.monotonic()
        self.suspend(zombie)
        self.within("F05", 2 + 3, "a stopped daemon's work is elsewhere",
                    lambda: self.is_elsewhere(daemons[0], job, group), stopped)
        self.wait_for_groups(4, *daemons[:4])
        resumed = time.monotonic()
        self.resume(zombie)
        self.within("F05", 2, "it is back as another group",
                    lambda: group != self.own_group(zombie) in {g["id"] for g in self.groups(daemons[0]) if g["state"] == "ready"},
                    resumed)
        self.wait_for_groups(5, *daemons)
        self.assertCompletes(zombie, job, count=3 * COUNT)
        # Its own fence lets nothing out; what was on the way comes late, or not at all.
        stale = [group["stale"] for group in self.groups(daemons[0])]
        print(f"F05 refused as stale, by daemon: {stale}", file=sys.stderr, flush=True)
        self.assertAgree(*daemons)

    def test_a_daemon_stopped_for_less_than_half_of_its_session_moves_nothing(self):
        """F06. Longer than the silence that breaks a connection of daemons with shorter sessions."""
        daemons = self.start_five(session_ms=20_000)
        job = self.start_slow_job(daemons[0], peers=PEERS, count=5 * COUNT)
        before = self.status(daemons[0], job)
        used = set(sum(self.groups_of(daemons[0], job).values(), []))
        stopped = [daemon for daemon in daemons[1:] if self.group_of(daemon) in used][:2]
        self.assertEqual(len(stopped), 2)
        for daemon in stopped:
            self.suspend(daemon)
        self.hold(4.5)
        self.assertEqual(self.status(daemons[0], job)["state"], "running")
        for daemon in stopped:
            self.resume(daemon)
        self.assertCompletes(daemons[1], job, count=5 * COUNT)
        self.assertUntouched(job, daemons, before)
        self.assertEqual({group["id"] for group in self.groups(daemons[0])}, {self.group_of(daemon) for daemon in daemons})
        self.assertAgree(*daemons)


if __name__ == "__main__":
    main()
