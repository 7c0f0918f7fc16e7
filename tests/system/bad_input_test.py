"""Bad input: a clear error, exit code 3, nothing written, and the daemon stays up."""
from onyx import *


class BadInput(DaemonTest):
    def assertRefused(self, text, *words, name="job.edn"):
        done = self.daemon.ctl("submit", str(self.write(name, text)))
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(self.daemon.json("job", "ls")["jobs"], [])
        self.assertEqual(len(self.daemon.json("log", "tail", "--from", "0")["entries"]), 2)  # the group and its peers
        self.assertAlive()

    def test_edn(self):
        self.assertRefused("{:workflow [[:in", "job.edn:1")
        self.assertRefused("[" * 1_000_000, "nest")
        self.assertRefused("#_" * 1_000_000, "job.edn:1")
        self.assertRefused("{:a 1 :a 2}", "job.edn:1:7")
        self.assertRefused('{:a "\x00"', "job.edn:1")

    def test_errors_have_a_caret_and_a_suggestion(self):
        job = chain_job("typo", "[{:n 1}]").replace(":onyx/fn :test/f", ":onyx/fn :test/g")
        self.assertRefused(job, "^^^^^^^", ":test/f")
        job = chain_job("typo", "[{:n 1}]").replace(":onyx/max-peers 1 :onyx/batch-size 10}]", ":onyx/max-pers 1 :onyx/batch-size 10}]")
        self.assertRefused(job, ":onyx/max-pers", ":onyx/max-peers")

    def test_all_errors_at_once(self):
        job = chain_job("bad", "[{:n 1}]").replace(":onyx/batch-size 10", ":onyx/batch-size 0")
        done = self.daemon.ctl("submit", str(self.write("job.edn", job)))
        self.assertEqual(done.stderr.count("error[CAT-04]"), 3, done.stderr)

    def test_functions(self):
        self.assertRefused(chain_job("eval", "[]", "(defn f [segment] (eval segment))"), "eval")
        self.assertRefused(chain_job("atom", "[]", "(defn f [segment] (swap! state inc))"), "swap!")
        self.assertRefused(chain_job("none", "[]", "(defn f [segment] (updat segment :n inc))"), "updat", "update")

    def test_what_this_version_lacks_is_named(self):
        job = chain_job("windows", "[{:n 1}]", extra=""":windows [{:window/id :w :window/task :f :window/type :global
            :window/aggregation :onyx.windowing.aggregation/count}]""")
        self.assertRefused(job, ":windows", "lacks")

    def test_limits_kill_the_job_not_the_daemon(self):
        for name, function, word in (
                ("steps", "(defn f [segment] (loop [] (recur)))", "steps"),
                ("depth", "(defn f [segment] (f segment))", "depth"),
                ("bytes", "(defn f [segment] (loop [s \"x\"] (recur (str s s))))", "bytes"),
                ("length", "(defn f [segment] {:n (count (range))})", "")):
            done = self.daemon.ctl("submit", str(self.write("job.edn", chain_job(name, "[{:n 1}]", function))), "--wait")
            self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
            self.assertIn(word, done.stderr + done.stdout)
            self.assertAlive()

    def test_command_line(self):
        done = self.daemon.ctl("sumbit", "job.edn")
        self.assertEqual(done.returncode, 2)
        self.assertIn("submit", done.stderr)
        done = self.daemon.ctl("submit", "job.edn", "--wiat")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--wait", done.stderr)
        self.assertEqual(self.daemon.ctl("submit", "/nonexistent.edn").returncode in (3, 5), True)
        done = self.daemon.ctl("version", "--addr", "unix:/nonexistent.sock")
        self.assertEqual(done.returncode, 8)
        self.assertIn("onyxd", done.stderr)


if __name__ == "__main__":
    main()
