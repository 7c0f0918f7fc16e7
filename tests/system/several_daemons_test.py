"""Several onyxd on one real ZooKeeper: one job's peers on all of them, and whatever may happen to one of them meanwhile."""
from onyx import *
from zookeeper import ZooKeeper


class SeveralDaemons(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-work-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.zookeeper = ZooKeeper()
        self.addCleanup(self.zookeeper.close)
        self.daemons = []

    def start(self, count, peers=5, tenancy="t"):
        for _ in range(count):
            path = self.work / f"onyxd-{len(self.daemons)}.edn"
            path.write_text(f'{{:onyx/tenancy-id "{tenancy}" :zookeeper/address "127.0.0.1:{self.zookeeper.port}"\n'
                            f' :onyx.peer/job-scheduler :onyx.job-scheduler/balanced :onyxd/peers {peers}\n'
                            f' :onyx.zookeeper/session-timeout-ms 2000 :onyxd/file-roots ["{self.work}"]}}\n')
            daemon = Daemon("--config", str(path))
            self.addCleanup(daemon.close)
            self.daemons.append(daemon)
        return self.daemons[-count:]

    def flights(self, daemon, name):
        """Runs the flights job in a directory of its own; gives its output files."""
        directory = self.work / name
        shutil.copytree(SOURCE / "examples/flights", directory)
        done = daemon.ctl("submit", str(directory / "job.edn"), "--wait")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return {path.name: path.read_bytes() for path in (directory / "out").iterdir()}

    def test_the_flights_job_on_three_daemons_gives_what_it_gives_on_one(self):
        (alone,) = self.start(1, peers=8, tenancy="alone")
        expected = self.flights(alone, "alone")
        self.assertEqual(expected["late.jsonl"].count(b"\n"), 4349)
        three = self.start(3, peers=3)
        self.assertEqual(self.flights(three[1], "three"), expected)
        # Nobody had peers enough to do it alone.
        for daemon in three:
            self.assertIn("data-plane connection open", daemon.log_text())


if __name__ == "__main__":
    main()
