"""The log at its edges, on a real ZooKeeper: gc under readers, a stranger's znode in it, another log version, many jobs and peers at once."""
from concurrent.futures import ThreadPoolExecutor

from cluster import *
from zookeeper import shell

JOBS = int(os.environ.get("ONYX_JOBS_AT_ONCE", "40"))
PEERS = int(os.environ.get("ONYX_PEERS_AT_ONCE", "200"))


class LogEdges(ClusterTest):
    def test_gc_while_daemons_read_lag_and_join(self):
        """F35."""
        daemons = self.start(3, peers=2, session_ms=10000)
        self.wait_for_groups(3, *daemons)
        laggard = daemons[2]
        self.suspend(laggard)
        for _ in range(15):
            self.assertEqual(daemons[0].ctl("peer", "add").returncode, 0)
        wait_for("it is behind", lambda: self.newest(daemons[1]) == self.newest(daemons[0]) > 20)
        self.assertEqual(daemons[1].ctl("gc").returncode, 0)
        joins = Daemon("--config", str(self.configuration(peers=2, session_ms=10000)), is_awaited=False)
        self.addCleanup(joins.close)
        self.daemons.append(joins)
        resumed = time.monotonic()
        self.resume(laggard)
        newest = self.newest(daemons[0])
        self.within("F35", 2, "a daemon that a gc has passed has caught up", lambda: self.has_read(laggard, newest), resumed)
        joins.await_ready()
        self.wait_for_groups(4, *self.daemons)
        # Another gc, while everybody is at the newest entry.
        self.assertEqual(joins.ctl("gc").returncode, 0)
        done = laggard.ctl("submit", str(self.trivial_job()), "--wait")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertAgree(*self.daemons)

    def has_read(self, daemon, position):
        shown = daemon.ctl("replica", "show", "-o", "json")
        return shown.returncode == 0 and json.loads(shown.stdout)["position"] >= position

    def test_a_znode_of_a_stranger_in_the_log(self):
        """F41: all stop and name the position; nothing more is written."""
        daemons = self.start(3, peers=2)
        self.wait_for_groups(3, *daemons)
        before = self.newest(daemons[0])
        shell(self.zookeeper.address, "create /onyx/t/log/stranger x")
        # The stranger took a number; the next entry makes the hole visible.
        daemons[0].ctl("peer", "add", "--timeout", "1s")
        for daemon in daemons:
            wait_for("it stops at the hole", lambda: self.has_logged(daemon, f"hole at position {before + 1} "))
        def refused():
            done = daemons[1].ctl("submit", str(self.trivial_job()))
            return done if done.returncode not in (0, 7) else None
        error = wait_for("requests are told", refused).stderr
        self.assertIn("NET-42", error)
        self.assertIn(f"position {before + 1}", error)
        # Their sessions end and are missed by nobody: whoever would write has stopped. But until it has come to the hole itself a
        # daemon may still write that one has left which was quicker.
        log = re.search(r"\[.*\]", shell(self.zookeeper.address, "ls /onyx/t/log")).group()
        self.assertLessEqual(len([name for name in log.split(",") if "entry-" in name]), before + 2 + len(daemons) - 1, log)
        for daemon in daemons:
            self.assertIsNone(daemon.process.poll())

    def test_a_daemon_of_another_log_version(self):
        """F37: it refuses to start, and the cluster does not notice."""
        first, = self.start(1)
        before = self.newest(first)
        address = self.zookeeper.address
        parameters = "/onyx/t/log-parameters/log-parameters"
        text = re.search(r"^\{.*\}$", shell(address, f"get {parameters}"), re.M).group()
        self.assertRegex(text, r":log-version \d+")
        # What a cluster of tomorrow's daemons would have written there.
        other = re.sub(r":log-version \d+", ":log-version 99", text)
        shell(address, f"set {parameters} '{other}'")
        tree = self.tree(address)
        done = subprocess.run([BIN / "onyxd", "--config", str(self.configuration()), "--listen", f"unix:{self.work}/x.sock"],
                              capture_output=True, text=True, timeout=GUARD_S)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("log version 99", done.stderr)
        self.assertEqual(self.tree(address), tree)
        self.assertEqual(self.newest(first), before)

    def tree(self, address):
        return sorted(line for line in shell(address, "ls -R /onyx/t").splitlines() if line.startswith("/onyx"))

    def test_many_jobs_at_once(self):
        """F32, a part of it: each is accepted once, and has the end that it must have."""
        daemons = self.start(5, peers=4)
        self.wait_for_groups(5, *daemons)
        path = self.trivial_job("many", segments=3)
        start = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(lambda n: daemons[n % 5].ctl("submit", "-q", str(path)).stdout.strip(), range(JOBS)))
        submitted = time.monotonic()
        self.assertEqual(len(set(ids)), JOBS)
        for daemon in daemons:
            wait_for("all are applied", lambda: len(daemon.json("job", "ls")["jobs"]) >= JOBS)
        applied = time.monotonic()
        done = daemons[0].ctl("await", *ids)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.report("F32", applied - submitted, 15, f"{JOBS} jobs (submitted within {submitted - start:.1f} s) are applied everywhere")
        entries = self.entries(daemons[1])
        for fn in ("submit-job", "complete-job"):
            subjects = [entry["subject"] for entry in entries if entry["fn"] == fn and not entry["rejected"]]
            self.assertEqual((len(subjects), len(set(subjects))), (JOBS, JOBS), fn)
        self.assertAgree(*daemons)

    def test_many_peers_at_once(self):
        """F33, a part of it: five daemons that join at once with all their peers."""
        start = time.monotonic()
        daemons = self.start(5, peers=PEERS // 5)
        self.wait_for_groups(5, *daemons)
        for daemon in daemons:
            wait_for("all peers are there", lambda: len(daemon.json("peer", "ls")["peers"]) == PEERS // 5 * 5)
        self.report("F33", time.monotonic() - start, 15, f"{PEERS} peers of 5 daemons, from exec, are in")
        self.assertLessEqual(self.newest(daemons[0]), 1200)
        job = daemons[2].submit(self.write("wide.edn", chain_job("wide", "[{:n 1} {:n 2}]", peers=PEERS,
                                                                 extra_f=f":onyx/min-peers {PEERS // 2}")))
        self.assertEqual(daemons[1].ctl("await", job).returncode, 0)
        self.assertAgree(*daemons)

    def test_a_job_that_cannot_run_says_why(self):
        daemons = self.start(3, peers=2)
        self.wait_for_groups(3, *daemons)
        done = daemons[0].ctl("submit", "-q", str(self.waiting_job("waits")))
        submitted = time.monotonic()
        self.assertEqual(done.returncode, 7, done.stderr)
        job = done.stdout.strip()
        for daemon in daemons:
            why = wait_for("it says why", lambda: (w := daemon.ctl("job", "why", job)).returncode == 0 and "900" in w.stdout and w.stdout)
            self.assertIn("6", why)
        self.report("why", time.monotonic() - submitted, 1, "all three daemons say why it waits")


if __name__ == "__main__":
    main()
