"""The operator's view through the real binaries: what the cluster is, was, and would be, and why."""
import json

from onyx import *

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


if __name__ == "__main__":
    main()
