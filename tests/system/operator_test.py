"""The operator's view through the real binaries: what the cluster is, was, and would be, and why."""
import json

from onyx import *
from terminal import Terminal

FORMATS = ("table", "wide", "json", "ndjson", "edn", "name")


class Operator(DaemonTest):
    arguments = ("--dev", "--peers", "4")

    def assertFormats(self, *command):
        """Every format answers, and says something."""
        for format in FORMATS:
            done = self.daemon.ctl(*command, "-o", format)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(done.stdout.strip(), f"{command} -o {format} is empty")
            if format == "json":
                self.assertEqual(json.loads(done.stdout)["v"], 1)


class History(Operator):
    def setUp(self):
        super().setUp()
        self.job = self.daemon.submit(self.write("endless.edn", endless_job("endless")))
        self.submitted = self.daemon.json("job", "status", self.job)["position"]

    def test_the_replica_now_and_then(self):
        now = self.daemon.json("replica", "show")
        self.assertEqual([j["id"] for j in now["replica"]["jobs"]], [self.job])
        self.assertEqual(len(now["replica"]["peers"]), 4)
        then = self.daemon.json("replica", "show", "--at", str(self.submitted - 1))
        self.assertEqual(then["position"], self.submitted - 1)
        self.assertEqual(then["replica"]["version"], self.submitted - 1)
        self.assertEqual(then["replica"]["jobs"], [])
        self.assertEqual(self.daemon.json("replica", "show", "--at", str(now["position"])), now)
        self.assertFormats("replica", "show", "--at", str(self.submitted))

    def test_difference_of_two_replicas(self):
        diff = self.daemon.json("replica", "diff", str(self.submitted - 1), str(self.submitted))
        self.assertEqual([(c["change"], c["path"]) for c in diff["changes"]], [("added", ["jobs", self.job])])
        back = self.daemon.json("replica", "diff", str(self.submitted), str(self.submitted - 1))
        self.assertEqual([(c["change"], c["path"]) for c in back["changes"]], [("removed", ["jobs", self.job])])
        self.daemon.ctl("kill", self.job)
        since = self.daemon.json("replica", "diff", str(self.submitted))
        self.assertIn(("added", ["finished", self.job]), [(c["change"], c["path"]) for c in since["changes"]])
        self.assertFormats("replica", "diff", str(self.submitted - 1), str(self.submitted))

    def test_an_entry_with_its_effect(self):
        entry = self.daemon.json("log", "show", str(self.submitted))
        self.assertEqual(entry["entry"]["fn"], "submit-job")
        self.assertEqual(entry["by"], "client")
        self.assertEqual(entry["diff"]["change"], "job-submitted")
        self.assertEqual(len(entry["diff"]["moves"]), 3)
        self.assertEqual([c["path"] for c in entry["changes"]], [["jobs", self.job]])
        group = self.daemon.json("group", "ls")["groups"][0]["id"]
        self.assertEqual(self.daemon.json("log", "show", "0")["writer"], group)
        self.assertFormats("log", "show", str(self.submitted))

    def test_what_a_gc_would_collect_is_what_it_collects(self):
        self.assertEqual(self.daemon.ctl("kill", self.job).returncode, 0)
        before = self.daemon.json("replica", "show")
        said = self.daemon.json("gc", "--dry-run")
        self.assertEqual([(j["id"], j["name"], j["state"]) for j in said["jobs"]], [(self.job, "endless", "killed")])
        self.assertEqual((said["position"], said["origin"]), (before["position"] + 1,) * 2)
        self.assertEqual(said["dropped"], [])
        self.assertFormats("gc", "--dry-run")
        self.assertEqual(self.daemon.json("replica", "show"), before)  # no entry was written
        self.assertFalse(self.daemon.json("log", "show", "1")["origin"])
        done = self.daemon.json("gc")
        for key in ("position", "origin_before", "origin", "entries_deleted", "jobs_forgotten"):
            self.assertEqual(said[key], done[key], key)
        self.assertEqual(self.daemon.json("gc", "--dry-run")["jobs"], [])

    def test_after_a_gc_what_was_before_is_gone_and_says_so(self):
        origin = self.daemon.json("gc")["origin"]
        for command in (("replica", "show", "--at", "1"), ("replica", "diff", "1", str(origin)), ("log", "show", "1")):
            done = self.daemon.ctl(*command)
            self.assertEqual(done.returncode, 5, done.stdout)
            self.assertIn("NET-40", done.stderr)
            self.assertIn(f"the log begins at its origin, entry {origin}", done.stderr)
        self.assertTrue(self.daemon.json("log", "show", str(origin))["origin"])
        at_origin = self.daemon.json("replica", "show", "--at", str(origin))
        self.assertEqual([j["id"] for j in at_origin["replica"]["jobs"]], [self.job])
        self.daemon.ctl("kill", self.job)
        since = self.daemon.json("replica", "diff", str(origin))
        self.assertIn(["finished", self.job], [c["path"] for c in since["changes"]])

    def test_an_entry_that_is_not_there_yet(self):
        for command in (("replica", "show", "--at", "900"), ("replica", "diff", "0", "900"), ("log", "show", "900")):
            done = self.daemon.ctl(*command)
            self.assertEqual(done.returncode, 5, done.stdout)
            self.assertIn("there is no entry 900 yet", done.stderr)
        self.assertEqual(self.daemon.ctl("log", "show", "last").returncode, 2)


class OnATerminal(Operator):
    """What people see, and what a script gets."""

    def ctl(self, *arguments, **environment):
        return Terminal([BIN / "onyxctl", *arguments], self.work,
                        {**os.environ, "ONYX_ADDR": self.daemon.address, "TERM": "xterm", **environment})

    def shown(self, *arguments, **environment):
        terminal = self.ctl(*arguments, **environment)
        self.assertEqual(terminal.wait(), 0, terminal.text)
        return terminal.text

    def test_colours(self):
        os.environ.pop("NO_COLOR", None)
        self.daemon.submit(self.write("job.edn", endless_job("endless")))
        coloured = "\x1b["
        self.assertIn(coloured, self.shown("job", "ls"))
        self.assertIn(coloured, self.shown("job", "ls", NO_COLOR=""))
        for plain in (self.shown("job", "ls", NO_COLOR="1"), self.shown("job", "ls", TERM="dumb"), self.shown("job", "ls", "--color", "never"),
                      self.daemon.ctl("job", "ls").stdout, self.daemon.ctl("job", "ls", environment={"CLICOLOR_FORCE": "0"}).stdout):
            self.assertIn("running", plain)
            self.assertNotIn(coloured, plain)
        self.assertIn(coloured, self.daemon.ctl("job", "status", "endless", "--color", "always").stdout)
        self.assertIn(coloured, self.daemon.ctl("job", "status", "endless", environment={"CLICOLOR_FORCE": "1"}).stdout)
        # Each stream for itself: stderr is a terminal, stdout is none.
        both = Terminal(["bash", "-c", f"{BIN}/onyxctl job status endless > {self.work}/out; {BIN}/onyxctl job status nobody"], self.work,
                        {**os.environ, "ONYX_ADDR": self.daemon.address, "TERM": "xterm"})
        both.wait()
        self.assertIn(coloured, both.text)
        self.assertNotIn(coloured, (self.work / "out").read_text())

    def test_data_and_talk_are_two_streams(self):
        hello = str(SOURCE / "examples/hello/job.edn")
        done = self.daemon.ctl("submit", hello, "--wait")
        self.assertRegex(done.stdout, r"^✓ hello [0-9a-f]{8} completed in .*\n$")
        self.assertRegex(done.stderr, r"^job hello [0-9a-f]{8} accepted \(log entry \d+\)\n")
        self.assertNotIn("\x1b", done.stderr)
        quiet = self.daemon.ctl("submit", hello, "--wait", "-q")
        self.assertEqual(quiet.stderr, "")
        self.assertRegex(quiet.stdout, r"^[0-9a-f-]{36}\n")
        for format in ("json", "ndjson", "edn"):
            done = self.daemon.ctl("submit", hello, "--wait", "-o", format)
            self.assertEqual((done.returncode, done.stdout.count("\n") if format != "edn" else 1), (0, 1), done.stdout)
        refused = self.daemon.ctl("job", "status", "nobody")
        self.assertEqual((refused.returncode, refused.stdout), (5, ""))

    def test_submit_until_it_runs(self):
        done = self.daemon.ctl("submit", "--wait=running", str(self.write("job.edn", endless_job("endless"))))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^endless [0-9a-f]{8} is running on 3 peers\n$")
        stuck = self.daemon.ctl("submit", "--wait=running", "--timeout", "300ms", str(self.write("big.edn", endless_job("big", 90))))
        self.assertEqual(stuck.returncode, 124, stuck.stderr)

    def test_progress_is_drawn_over_and_ctrl_c_detaches(self):
        self.daemon.submit(self.write("job.edn", endless_job("endless")))
        terminal = self.ctl("await", "endless")
        terminal.read_until(r"endless [0-9a-f]{8}  running[^\n]*\n(.*\n)*.*\x1b\[4A\x1b\[J")  # four lines, once more
        terminal.type(b"\x03")
        self.assertEqual(terminal.wait(), 130)
        *_, last = terminal.lines()
        self.assertRegex(last, r"detached; [0-9a-f]{8} goes on\.  follow with  onyxctl await [0-9a-f]{8}$")
        self.assertEqual(self.daemon.json("job", "status", "endless")["state"], "running")

    def test_kill_all_asks(self):
        job = self.daemon.submit(self.write("job.edn", endless_job("endless")))
        refused = self.daemon.ctl("kill", "--all")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--yes", refused.stderr)
        for answer, code in ((b"n\n", 2), (b"y\n", 0)):
            self.assertEqual(self.daemon.json("job", "status", job)["state"], "running")
            terminal = self.ctl("kill", "--all")
            terminal.read_until(r"kill 1 job\? \[y/N\] ")
            terminal.type(answer)
            self.assertEqual(terminal.wait(), code, terminal.text)
        self.assertEqual(self.daemon.json("job", "status", job)["state"], "killed")

    def test_the_log_of_one_job(self):
        job = self.daemon.submit(self.write("job.edn", endless_job("endless")))
        self.assertEqual(self.daemon.ctl("submit", "--wait", str(SOURCE / "examples/hello/job.edn"), "--timeout", "100ms").returncode, 124)
        self.daemon.ctl("kill", job)
        entries = self.daemon.json("log", "tail", "--job", "endless")["entries"]
        self.assertEqual([entry["fn"] for entry in entries], ["submit-job", "kill-job"])
        everything = self.daemon.json("log", "tail", "--since", "1h")["entries"]
        self.assertEqual([entry["position"] for entry in everything], list(range(len(everything))))
        self.assertEqual(self.daemon.json("log", "tail", "--since", "0s", "--job", job)["entries"], [])


class Why(Operator):
    """Each reason that real daemons can be brought into; the others are in tests/unit/daemon/scheduling/explain_test.cpp."""

    def waiting(self, name, job):
        """Submits a job that cannot run now; gives what `job why` says."""
        done = self.daemon.ctl("submit", str(self.write(f"{name}.edn", job)))
        self.assertEqual(done.returncode, 7, done.stdout + done.stderr)
        return self.daemon.json("job", "why", name)

    def with_scheduler(self, scheduler):
        self.daemon.close()
        config = self.write("onyxd.edn", f"{{:onyx.peer/job-scheduler :onyx.job-scheduler/{scheduler}}}")
        self.daemon = Daemon("--dev", "--peers", "8", "--config", str(config))
        self.addCleanup(self.daemon.close)

    def test_fewer_peers_than_its_minimum(self):
        why = self.waiting("big", endless_job("big", peers=7))
        self.assertEqual(why["reason"], "not-enough-peers")
        self.assertEqual(why["text"], "waits: it needs 9 peers, the cluster has 4: 5 more")
        self.assertEqual((why["peers_needed"], why["peers_total"], why["peers_free"]), (9, 4, 4))
        self.assertEqual([(n["task"], n["min_peers"]) for n in why["needs"]], [("in", 1), ("f", 7), ("out", 1)])
        self.assertEqual(why["unblock"], ["onyxctl peer add 5"])
        text = self.daemon.ctl("job", "why", "big").stdout
        self.assertIn("  waits: it needs 9 peers, the cluster has 4: 5 more\n", text)
        self.assertIn("  needs 9 peers   in 1 · f 7 · out 1\n  free  4 of 4\n", text)
        self.assertFormats("job", "why", "big")

    def test_a_tag_that_nobody_has(self):
        why = self.waiting("tagged", endless_job("tagged").replace(":onyx/fn :test/f ", ":onyx/fn :test/f :onyx/required-tags [:gpu] "))
        self.assertEqual(why["reason"], "missing-tags")
        self.assertEqual(why["text"], "waits: task f needs 1 peer with the tags :gpu, the cluster has 0")

    def test_others_hold_the_peers(self):
        first = self.daemon.submit(self.write("first.edn", endless_job("first")))
        why = self.waiting("second", endless_job("second"))
        self.assertEqual(why["reason"], "held-by-others")
        self.assertEqual(why["text"], "waits: it needs 3 peers, 1 is free, other jobs hold the rest")
        self.assertEqual([(h["job"]["id"], h["peers"], h["min_peers"]) for h in why["holders"]], [(first, 3, 3)])
        self.assertEqual(why["unblock"], ["onyxctl peer add 2", "wait for a job to end", f"onyxctl kill {first[:8]}"])
        self.daemon.ctl("kill", first)
        self.assertEqual(self.daemon.json("job", "why", "second")["reason"], "running")

    def test_a_job_without_limits_leaves_nothing_under_greedy(self):
        self.with_scheduler("greedy")
        self.daemon.submit(self.write("all.edn", endless_job("all").replace(":onyx/fn :test/f :onyx/n-peers 1", ":onyx/fn :test/f")))
        why = self.waiting("second", endless_job("second"))
        self.assertEqual(why["reason"], "held-by-others")
        self.assertIn("0 are free", why["text"])
        self.assertIn("the greedy job scheduler serves earlier jobs first", why["text"])

    def test_submitted_and_not_placed_is_said_within_a_second(self):
        job = self.write("big.edn", endless_job("big", peers=7))
        began = time.monotonic()
        done = self.daemon.ctl("submit", str(job))
        took = time.monotonic() - began
        self.assertEqual(done.returncode, 7)
        self.assertRegex(done.stdout, r"^job big [0-9a-f]{8} accepted \(log entry \d+\) · waiting\n\n"
                                      r"  needs 9 peers   in 1 · f 7 · out 1\n  free  4 of 4\n"
                                      r"  unblock with    onyxctl peer add 5\n  follow          onyxctl job why [0-9a-f]{8}\n$")
        # Of a whole process; with a sanitizer, or on a machine that has other things to do, it takes longer.
        print(f"said why after {took:.3f} s")
        self.assertLess(took, 1 if "release" in str(BIN) else 30)
        quiet = self.daemon.ctl("submit", "-q", str(job))
        self.assertEqual(quiet.returncode, 7)
        self.assertRegex(quiet.stdout, r"^[0-9a-f-]{36}\n$")

    def test_placed_but_a_task_does_not_start(self):
        self.daemon.submit(self.write("job.edn", chain_job(
            "shy", "[{:n 1}]", "(defn f [segment] segment) (defn not-yet [event lifecycle] false)"
            " (def calls {:lifecycle/start-task? not-yet})",
            extra=":lifecycles [{:lifecycle/task :f :lifecycle/calls :test/calls}]")))
        text = ("is starting: 0 of 3 peers run; task in passes on the first barrier;"
                " task f waits for its :lifecycle/start-task? hook; task out waits for the first barrier")
        why = lambda: self.daemon.json("job", "why", "shy")
        wait_for("the others have come as far as they can", lambda: why()["text"] == text)
        why = why()
        self.assertEqual(why["reason"], "starting")
        self.daemon.ctl("kill", "shy")
        self.assertEqual(self.daemon.json("job", "why", "shy")["reason"], "killed")

    def test_nobody_knows_a_job_that_was_never_submitted(self):
        done = self.daemon.ctl("job", "why", "00000000-0000-4000-8000-00000000dead")
        self.assertEqual(done.returncode, 5)

    def test_failed_again_and_again_killed_and_completed(self):
        job = chain_job("stubborn", "[{:n 1}]", "(defn f [segment] (throw (ex-info \"again\" {})))"
                        " (defn handle [event lifecycle phase e] :restart)"
                        " (def calls {:lifecycle/handle-exception handle})",
                        extra=":lifecycles [{:lifecycle/task :f :lifecycle/calls :test/calls}]")
        self.daemon.submit(self.write("job.edn", job))
        text = wait_for("it has failed", lambda: (lambda t: t if "after a failure" in t else "")(
            self.daemon.json("job", "why", "stubborn")["text"]))
        self.assertRegex(text, r"^runs on 3 peers, started over \d+ times?, \d+ of them after a failure, the last: .*again")
        self.daemon.ctl("kill", "stubborn", "--reason", "enough of it")
        self.assertEqual(self.daemon.json("job", "why", "stubborn")["text"], "was killed: enough of it")
        self.assertEqual(self.daemon.ctl("submit", "--wait", str(SOURCE / "examples/hello/job.edn")).returncode, 0)
        self.assertEqual(self.daemon.json("job", "why", "hello")["text"], "has completed")


class Cluster(Operator):
    def test_the_cluster_at_a_glance(self):
        before = self.daemon.json("cluster", "status")
        self.assertEqual(before["peers"], {"total": 4, "busy": 0, "idle": 4, "not_joined": 0})
        self.daemon.submit(self.write("endless.edn", endless_job("endless")))
        self.assertEqual(self.daemon.ctl("submit", str(self.write("big.edn", endless_job("big", 9)))).returncode, 7)
        self.assertEqual(self.daemon.ctl("submit", "--wait", str(SOURCE / "examples/hello/job.edn"),
                                         "--timeout", "100ms").returncode, 124)
        self.daemon.ctl("kill", "hello")
        status = self.daemon.json("cluster", "status")
        self.assertEqual(status["jobs"], {"running": 1, "waiting": 1, "completed": 0, "killed": 1})
        self.assertEqual(status["peers"]["busy"], 3)
        self.assertEqual(status["log"]["position"], status["log"]["newest"])
        self.assertEqual([g["state"] for g in status["groups"]], ["ready"])
        self.assertEqual(status["job_scheduler"], "balanced")
        self.assertFormats("cluster", "status")

    def test_a_group(self):
        self.daemon.submit(self.write("endless.edn", endless_job("endless")))
        group = self.daemon.json("group", "show")
        self.assertEqual(group["session"], "connected")
        self.assertEqual(group["group"]["state"], "ready")
        self.assertEqual(len(group["peers"]), 4)
        self.assertEqual(sorted(p.get("task", "") for p in group["peers"]), ["", "f", "in", "out"])
        id = group["group"]["id"]
        self.assertEqual(self.daemon.json("group", "show", id[:8]), group)
        self.assertEqual(self.daemon.ctl("group", "show", "nobody").returncode, 5)
        self.assertFormats("group", "show", id)

    def test_drained_it_stays_and_answers(self):
        id = self.daemon.json("group", "show")["group"]["id"]
        job = self.daemon.submit(self.write("endless.edn", endless_job("endless")))
        done = self.daemon.ctl("group", "drain", id[:8])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, rf"^group {id[:8]} drained \(log entry \d+\) · 4 peers released\n"
                                      rf"bring them back with  onyxctl group undrain {id[:8]}\n$")
        self.assertEqual([(g["state"], g["peers"], g["host"]) for g in self.daemon.json("group", "ls")["groups"]],
                         [("drained", 0, self.daemon.json("version")["daemon"]["host"])])
        self.assertEqual(self.daemon.json("group", "show")["group"]["state"], "drained")
        self.assertEqual([g["state"] for g in self.daemon.json("cluster", "status")["groups"]], ["drained"])
        why = self.daemon.json("job", "why", job)
        self.assertEqual(why["reason"], "drained")
        self.assertEqual(why["text"], "waits: it needs 3 peers, the cluster has 0; 4 more belong to drained groups")
        self.assertEqual(why["unblock"][0], f"onyxctl group undrain {id[:8]}")
        refused = self.daemon.ctl("peer", "add", "2")
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn("error[NET-43]", refused.stderr)
        self.assertIn(f"onyxctl group undrain {id[:8]}", refused.stderr)
        before = self.daemon.json("log", "tail", "-n", "1")
        again = self.daemon.json("group", "drain", id)
        self.assertTrue(again["already"])
        self.assertEqual(self.daemon.json("log", "tail", "-n", "1"), before)
        back = self.daemon.json("group", "undrain", id)
        self.assertEqual((back["peers"], back["already"], back["group"]["state"]), (4, False, "ready"))
        wait_for("it runs again", lambda: self.daemon.json("job", "why", job)["reason"] == "running")
        self.assertTrue(self.daemon.json("group", "undrain", id)["already"])
        unknown = self.daemon.ctl("group", "drain", "nobody")
        self.assertEqual(unknown.returncode, 5)
        self.assertIn(id, unknown.stderr)

    def test_drained_to_stop_the_daemon_ends(self):
        self.daemon.submit(self.write("endless.edn", endless_job("endless")))
        done = self.daemon.ctl("group", "drain", "--stop", self.daemon.json("group", "show")["group"]["host"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("its daemon leaves the cluster now and ends", done.stdout)
        self.assertEqual(self.daemon.process.wait(GUARD_S), 0)


class Simulate(Operator):
    """What would be, on the live replica; and it is as it was afterwards."""

    def setUp(self):
        super().setUp()
        self.group = self.daemon.json("group", "show")["group"]["id"]
        self.job = self.daemon.submit(self.write("first.edn", endless_job("first")))
        self.before = self.daemon.json("replica", "show")
        self.addCleanup(lambda: self.assertEqual(self.daemon.json("replica", "show"), self.before))

    def simulate(self, *steps):
        return self.daemon.json("cluster", "simulate", *steps)

    def test_a_group_is_lost(self):
        found = self.simulate("--lose", self.group[:8])
        self.assertEqual(found["position"], self.before["position"])
        self.assertEqual(found["peers"]["before"], {"total": 4, "busy": 3, "idle": 1})
        self.assertEqual(found["peers"]["after"], {"total": 0, "busy": 0, "idle": 0})
        (job,) = found["jobs"]
        self.assertEqual((job["before"], job["after"], job["reason"]), ("running", "waiting", "no-peers"))
        self.assertEqual(job["text"], "waits: it needs 3 peers, the cluster has none")
        self.assertEqual([(t["task"], t["before"], t["after"]) for t in job["tasks"]], [("in", 1, 0), ("f", 1, 0), ("out", 1, 0)])
        self.assertEqual([m["change"] for m in found["moves"]], ["leaves"] * 4)

    def test_a_job_is_submitted_and_peers_come_before_it(self):
        second = str(self.write("second.edn", endless_job("second")))
        alone = self.simulate("--submit", second)
        self.assertEqual([(j["after"], j["reason"]) for j in alone["jobs"]],
                         [("running", "running"), ("waiting", "held-by-others")])
        self.assertEqual(alone["jobs"][1]["text"], "waits: it needs 3 peers, 1 is free, other jobs hold the rest")
        self.assertNotIn("before", alone["jobs"][1])
        with_peers = self.simulate("--add-peers", "2", "--submit", second)
        self.assertEqual([j["peers_after"] for j in with_peers["jobs"]], [3, 3])
        self.assertEqual(with_peers["jobs"][1]["after"], "running")
        self.assertEqual(sorted(m["change"] for m in with_peers["moves"]), ["comes", "comes", "starts"])
        text = self.daemon.ctl("cluster", "simulate", "--add-peers", "2", "--submit", second).stdout
        self.assertIn("nothing is changed\n", text)
        self.assertIn("peers  4 → 6   3 → 6 busy · 1 → 0 idle\n", text)
        self.assertIn("new → running", text)
        self.assertFormats("cluster", "simulate", "--add-peers", "2")

    def test_what_makes_no_sense(self):
        unknown = self.daemon.ctl("cluster", "simulate", "--lose", "nobody")
        self.assertEqual(unknown.returncode, 5)
        self.assertIn(self.group, unknown.stderr)
        self.assertEqual(self.daemon.ctl("cluster", "simulate").returncode, 2)
        twice = self.daemon.ctl("cluster", "simulate", "--lose", self.group, "--add-peers", "1")
        self.assertEqual(twice.returncode, 1)
        self.assertIn("error[NET-44]", twice.stderr)
        self.assertIn("step 2, add-virtual-peers", twice.stderr)
        bad = endless_job("bad").replace(":test/f", ":test/g")
        self.assertEqual(self.daemon.ctl("cluster", "simulate", "--submit", str(self.write("bad.edn", bad))).returncode, 3)


if __name__ == "__main__":
    main()
