"""The daemon as a process: its ready line, SIGTERM at rest and during a job, peers that come and go."""
import signal
import subprocess
import time

from onyx import *


class Lifecycle(DaemonTest):
    def test_ready_line(self):
        self.assertRegex(self.daemon.ready,
                         r"^onyxd ready api=unix:\S+ zookeeper=127\.0\.0\.1:\d+ group=[0-9a-f-]{36} peers=8$")

    def test_port_zero_is_reported(self):
        daemon = Daemon("--dev", listen="127.0.0.1:0")
        self.addCleanup(daemon.close)
        self.assertRegex(daemon.address, r"^127\.0\.0\.1:[1-9]\d*$")
        self.assertEqual(daemon.ctl("version").returncode, 0)

    def test_sigterm_at_rest(self):
        self.assertEqual(self.daemon.stop(), 0)

    def test_sigint_at_rest(self):
        self.assertEqual(self.daemon.stop(signal.SIGINT), 0)

    def test_sigterm_during_a_job(self):
        source = self.write("in.jsonl", "".join(f'{{"n":{n}}}\n' for n in range(200_000)))
        slow = "(defn f [segment] (assoc segment :sum (reduce + (range 300))))"
        id = self.daemon.submit(self.write("job.edn", file_job("slow", source, self.work / "out.jsonl", function=slow)))
        wait_for("it works", lambda: self.daemon.json("job", "status", id)["tasks"][0]["segments_in"] > 0)
        begin = time.monotonic()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(sorted(p.name for p in self.work.iterdir()), ["in.jsonl", "job.edn"])

    def test_peers_come_and_go_in_the_middle_of_a_file_job(self):
        source = self.write("in.jsonl", "".join(f'{{"n":{n},"text":"{n * 7919 % 1000}"}}\n' for n in range(40_000)))
        function = "(defn f [{:keys [n] :as segment}] (assoc segment :sum (reduce + (range (mod n 4000)))))"
        undisturbed = self.work / "undisturbed.jsonl"
        id = self.daemon.submit(self.write("a.edn", file_job("a", source, undisturbed, function=function)))
        self.assertEqual(self.daemon.ctl("await", id).returncode, 0)

        disturbed = self.work / "disturbed.jsonl"
        id = self.daemon.submit(self.write("b.edn", file_job("b", source, disturbed, function=function)))
        status = lambda: self.daemon.json("job", "status", id)
        for times in (1, 2, 3):
            wait_for("it works", lambda: status()["tasks"][0]["segments_in"] > 0)
            # A peer that works on the job goes, so the job starts over; a fast machine may be done before the third time.
            working = [p for p in self.daemon.json("peer", "ls")["peers"] if p["state"] == "working"]
            if not working:
                break
            self.assertEqual(self.daemon.ctl("peer", "add", "1").returncode, 0)
            removed = self.daemon.ctl("peer", "rm", working[0]["id"])
            self.assertEqual(removed.returncode, 0, removed.stderr)
            wait_for("it has started over", lambda: status()["restarts"] >= times or status()["state"] == "completed")
        self.assertGreaterEqual(status()["restarts"], 1)
        self.assertEqual(self.daemon.ctl("await", id).returncode, 0)
        self.assertEqual(disturbed.read_bytes(), undisturbed.read_bytes())
        self.assertEqual(len(self.daemon.json("peer", "ls")["peers"]), 8)


class Flags(unittest.TestCase):
    def run_daemon(self, *arguments):
        return subprocess.run([BIN / "onyxd", *arguments], capture_output=True, text=True, timeout=GUARD_S)

    def test_wrong_flags(self):
        for arguments in ((), ("--nonsense",), ("--dev", "--peers", "many")):
            done = self.run_daemon(*arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("onyxd --help", done.stderr)

    def test_address_that_is_not_loopback(self):
        done = self.run_daemon("--dev", "--listen", "0.0.0.0:0")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("127.0.0.1", done.stderr)

    def test_configuration_errors_have_a_caret(self):
        directory = Path(tempfile.mkdtemp(prefix="onyx-test-"))
        self.addCleanup(shutil.rmtree, directory)
        config = directory / "onyxd.edn"
        config.write_text('{:onyx/tenancy-id "t"\n :zookeeper/adress "127.0.0.1:1"\n'
                          ' :onyx.peer/job-scheduler :onyx.job-scheduler/balanced\n :onyxd/peers "four"}\n')
        done = self.run_daemon("--config", str(config))
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(f"{config}:2:2", done.stderr)
        self.assertIn(":zookeeper/address", done.stderr)
        self.assertIn(f"{config}:4:15", done.stderr)

    def test_limits_of_the_configuration_hold(self):
        directory = Path(tempfile.mkdtemp(prefix="onyx-test-"))
        self.addCleanup(shutil.rmtree, directory)
        config = directory / "onyxd.edn"
        config.write_text("{:onyxd/function-steps-max 1000}")
        job = directory / "job.edn"
        job.write_text(chain_job("steps", "[{:n 1}]", "(defn f [s] (assoc s :sum (reduce + (range 2000))))"))
        for arguments, code in (((), 0), (("--config", str(config)), 4)):
            daemon = Daemon("--dev", *arguments)
            done = daemon.ctl("submit", str(job), "--wait")
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            daemon.close()
        self.assertIn("steps", done.stdout + done.stderr)

    def test_missing_configuration(self):
        done = self.run_daemon("--config", "/nonexistent/onyxd.edn")
        self.assertEqual(done.returncode, 3)
        self.assertIn("/nonexistent/onyxd.edn", done.stderr)


if __name__ == "__main__":
    main()
