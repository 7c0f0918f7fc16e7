"""onyxd --config on a real ZooKeeper: the flights job, and restarts of the daemon. Several daemons: several_daemons_test."""
import subprocess

from onyx import *
from zookeeper import ZooKeeper, free_port


class RealZooKeeper(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.zookeeper = ZooKeeper()
        cls.addClassCleanup(cls.zookeeper.close)

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-work-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)

    def configuration(self, tenancy, roots):
        path = self.work / f"{tenancy}.edn"
        path.write_text(f'{{:onyx/tenancy-id "{tenancy}"\n :zookeeper/address "127.0.0.1:{self.zookeeper.port}"\n'
                        f' :onyx.peer/job-scheduler :onyx.job-scheduler/balanced\n :onyxd/peers 8\n'
                        f' :onyxd/file-roots ["{roots}"]}}\n')
        return path

    def daemon(self, tenancy, roots):
        daemon = Daemon("--config", str(self.configuration(tenancy, roots)))
        self.addCleanup(daemon.close)
        return daemon

    def test_the_flights_job(self):
        examples = self.work / "examples"
        shutil.copytree(SOURCE / "examples/flights", examples)
        daemon = self.daemon("flights", self.work)
        done = daemon.ctl("submit", str(examples / "job.edn"), "--wait")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = {n: len((examples / f"out/{n}.jsonl").read_text().splitlines()) for n in ("late", "on-time", "early")}
        self.assertEqual(lines, {"late": 4349, "on-time": 5931, "early": 9720})

    def test_a_restarted_daemon_knows_its_jobs_and_runs_what_was_running(self):
        first = self.daemon("restart", self.work)
        completed = first.submit(self.write("a.edn", chain_job("a", "[{:n 1}]")))
        self.assertEqual(first.ctl("await", completed).returncode, 0)
        jobs = first.json("job", "ls")["jobs"]
        self.assertEqual([(j["numbers_lost"], j["tasks"][0]["segments_out"]) for j in jobs], [(False, 1)])
        never = first.ctl("submit", "-q", str(self.write("never.edn", endless_job("never", peers=99)))).stdout.strip()
        first.ctl("kill", never)
        running = first.submit(self.write("b.edn", endless_job("b")))
        self.assertEqual(first.stop(), 0)
        second = self.daemon("restart", self.work)
        self.assertEqual(second.ctl("await", completed).returncode, 0)
        status = second.json("job", "status", completed)
        self.assertEqual((status["numbers_lost"], status["tasks"][0].get("segments_out")), (True, None))
        text = second.ctl("job", "status", completed).stdout
        self.assertIn("its numbers went with a daemon that has stopped", text)
        self.assertNotIn(" in · ", text)
        self.assertFalse(second.json("job", "status", never)["numbers_lost"], "it has never run")
        wait_for("it runs again", lambda: second.json("job", "status", running)["state"] == "running")
        self.assertEqual(second.ctl("kill", running).returncode, 0)

    def test_a_killed_daemon_is_replaced(self):
        first = self.daemon("killed", self.work)
        running = first.submit(self.write("b.edn", endless_job("b")))
        first.stop(signal.SIGKILL)
        second = self.daemon("killed", self.work)
        wait_for("the dead one is gone", lambda: len(second.json("group", "ls")["groups"]) == 1)
        wait_for("it runs again", lambda: second.json("job", "status", running)["state"] == "running")

    def test_files_outside_the_roots_are_refused(self):
        inside = self.work / "inside"
        inside.mkdir()
        daemon = self.daemon("roots", inside)
        source = self.write("in.jsonl", '{"n":1}\n')
        (inside / "link.jsonl").symlink_to(source)
        for path in (source, inside / "link.jsonl", inside / "../in.jsonl"):
            done = daemon.ctl("submit", str(self.write("job.edn", file_job("out", path, inside / "o.jsonl"))), "--wait")
            self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
            self.assertIn(":onyxd/file-roots", done.stdout + done.stderr)

    def test_with_credentials_the_tenancy_is_nobody_elses(self):
        secret = self.write("auth", "onyx:secret\n")
        secret.chmod(0o600)
        for tenancy in ("closed", "open"):
            path = self.configuration(tenancy, self.work)
            if tenancy == "open":
                self.daemon(tenancy, self.work).stop()
            path.write_text(path.read_text().replace(":onyxd/peers", f':onyxd/zookeeper-auth-file "{secret}" :onyxd/peers'))
            if tenancy == "closed":
                daemon = Daemon("--config", str(path))
                self.addCleanup(daemon.close)
                id = daemon.submit(self.write("a.edn", chain_job("a", "[{:n 1}]")))
                self.assertEqual(daemon.ctl("await", id).returncode, 0)
                self.refused("without credentials", self.configuration(tenancy, self.work), "NET-51")
                path.write_text(path.read_text().replace(":onyxd/peers", f':onyxd/zookeeper-auth-file "{secret}" :onyxd/peers'))
                secret.chmod(0o644)
                self.refused("a secret that others can read", path, "CFG-11")
                secret.chmod(0o600)
            else:
                said = self.refused("a tree that was open", path, "NET-52")
                self.assertIn("setAcl -R /onyx/open", said)
                path.write_text(path.read_text().replace(":onyxd/peers", ":onyxd/zookeeper-open? true :onyxd/peers"))
                daemon = Daemon("--config", str(path))
                self.addCleanup(daemon.close)

    def refused(self, why, path, code):
        done = subprocess.run([BIN / "onyxd", "--config", str(path)], capture_output=True, text=True, timeout=GUARD_S)
        self.assertNotEqual(done.returncode, 0, why)
        self.assertIn(code, done.stderr, why)
        self.assertNotIn("secret", done.stderr)
        return done.stderr

    def test_no_zookeeper(self):
        path = self.work / "none.edn"
        path.write_text(f'{{:onyx/tenancy-id "none" :zookeeper/address "127.0.0.1:{free_port()}"\n'
                        ' :onyx.peer/job-scheduler :onyx.job-scheduler/balanced}\n')
        done = subprocess.run([BIN / "onyxd", "--config", str(path)], capture_output=True, text=True, timeout=GUARD_S)
        self.assertEqual(done.returncode, 8, done.stderr)
        self.assertIn("127.0.0.1:", done.stderr)

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path


if __name__ == "__main__":
    main()
