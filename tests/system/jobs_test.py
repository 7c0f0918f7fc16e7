"""Jobs through the real binaries: two at once, kill, the same id twice, unknown ids, 200 in a row, gc while tailing."""
import json
import signal
import uuid

from onyx import *


class Jobs(DaemonTest):
    def state_of(self, job):
        return self.daemon.json("job", "status", job)["state"]

    def test_hello_completes_and_its_output_can_be_read(self):
        done = self.daemon.ctl("submit", str(SOURCE / "examples/hello/job.edn"), "--wait")
        self.assertEqual(done.returncode, 0, done.stderr)
        output = self.daemon.ctl("job", "output", "hello", "out")
        self.assertIn('"HELLO, ADA!"', output.stdout)
        self.assertEqual(len(output.stdout.strip().splitlines()), 4)

    def test_two_jobs_at_once(self):
        ids = [self.daemon.submit(self.write(f"{n}.edn", chain_job(f"job-{n}", f"[{{:n {n}}} {{:n {n + 10}}}]")))
               for n in (1, 2)]
        for id in ids:
            self.assertEqual(self.daemon.ctl("await", id).returncode, 0)
        for n, id in enumerate(ids, 1):
            output = self.daemon.ctl("job", "output", id, "out").stdout
            self.assertEqual(output.split("\n")[:2], [f"{{:n {n}}}", f"{{:n {n + 10}}}"])

    def test_kill_while_running(self):
        id = self.daemon.submit(self.write("endless.edn", endless_job("endless")))
        wait_for("the job runs", lambda: self.daemon.json("job", "status", id)["tasks"][0]["segments_in"] > 1000)
        waiting = self.daemon.start_ctl("await", id)
        killed = self.daemon.ctl("kill", id)
        self.assertEqual(killed.returncode, 0, killed.stderr)
        self.assertEqual(waiting.wait(GUARD_S), 4)
        waiting.communicate()
        self.assertEqual(self.state_of(id), "killed")
        idle = lambda: all(p["state"] == "idle" for p in self.daemon.json("peer", "ls")["peers"])
        wait_for("every peer is idle", idle)
        again = self.daemon.ctl("kill", id)
        self.assertEqual(again.returncode, 0, again.stderr)

    def test_kill_ends_a_function_without_end(self):
        job = chain_job("loops", "[{:n 1}]", "(defn f [segment] (loop [i 0] (recur (if (= i 5) 0 (inc i)))))")
        # Many segments, so that the budget of one call does not end the job first.
        id = self.daemon.submit(self.write("loops.edn", job.replace("[{:n 1}]", "[" + "{:n 1} " * 500 + "]")))
        wait_for("the job runs", lambda: self.state_of(id) == "running")
        self.daemon.ctl("kill", id)
        self.assertEqual(self.daemon.ctl("await", id).returncode, 4)
        idle = lambda: all(p["state"] == "idle" for p in self.daemon.json("peer", "ls")["peers"])
        wait_for("every peer is idle", idle)

    def test_same_id_twice(self):
        id = str(uuid.uuid4())
        first = self.write("first.edn", chain_job("first", "[{:n 1}]"))
        self.assertEqual(self.daemon.submit(first, "--id", id), id)
        self.assertEqual(self.daemon.ctl("await", id).returncode, 0)
        self.assertEqual(self.daemon.submit(first, "--id", id), id)
        self.assertEqual(self.daemon.ctl("await", id).returncode, 0)
        other = self.daemon.ctl("submit", str(self.write("other.edn", chain_job("other", "[{:n 2}]"))), "--id", id)
        self.assertEqual(other.returncode, 6, other.stdout + other.stderr)
        self.assertIn("belongs to another job", other.stderr)
        self.assertEqual(len([j for j in self.daemon.json("job", "ls")["jobs"] if j["id"] == id]), 1)

    def test_ids_stay_idempotent_and_awaitable_after_gc(self):
        id = str(uuid.uuid4())
        job = self.write("job.edn", chain_job("job", "[{:n 1}]"))
        self.daemon.submit(job, "--id", id)
        self.assertEqual(self.daemon.ctl("await", id).returncode, 0)
        self.assertEqual(self.daemon.ctl("gc").returncode, 0)
        self.assertEqual(self.daemon.ctl("await", id).returncode, 0)
        self.assertEqual(self.daemon.submit(job, "--id", id), id)
        self.assertEqual(self.state_of(id), "completed")

    def test_unknown_id(self):
        unknown = str(uuid.uuid4())
        for command in ("await", "kill"):
            done = self.daemon.ctl(command, unknown)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn(unknown, done.stderr)

    def test_await_gives_up_in_time(self):
        id = self.daemon.submit(self.write("endless.edn", endless_job("endless")))
        self.assertEqual(self.daemon.ctl("await", id, "--timeout", "200ms").returncode, 124)
        self.assertEqual(self.state_of(id), "running")

    def test_interrupted_await_detaches(self):
        id = self.daemon.submit(self.write("endless.edn", endless_job("endless")))
        waiting = self.daemon.start_ctl("await", id)
        waiting.stderr.readline()  # it has said that the job runs
        waiting.send_signal(signal.SIGINT)
        self.assertEqual(waiting.wait(GUARD_S), 130)
        self.assertIn("onyxctl", waiting.communicate()[1])
        self.assertEqual(self.state_of(id), "running")

    def test_a_job_that_waits_says_why(self):
        job = self.write("big.edn", endless_job("big", peers=20))
        done = self.daemon.ctl("submit", str(job))
        self.assertEqual(done.returncode, 7, done.stdout + done.stderr)
        why = self.daemon.ctl("job", "why", "big")
        self.assertEqual(why.returncode, 0)
        self.assertIn("22", why.stdout)  # needed
        self.assertIn("8", why.stdout)   # there
        added = self.daemon.ctl("peer", "add", "14")
        self.assertEqual(added.returncode, 0, added.stderr)
        wait_for("it runs", lambda: self.state_of("big") == "running")

    def test_gc_while_tailing(self):
        tail = self.daemon.start_ctl("log", "tail", "-f", "-o", "json")
        for n in range(3):
            id = self.daemon.submit(self.write("job.edn", chain_job("job", f"[{{:n {n}}}]")))
            self.assertEqual(self.daemon.ctl("await", id).returncode, 0)
            self.assertEqual(self.daemon.ctl("gc").returncode, 0)
        seen = []
        while len([e for e in seen if e["fn"] == "gc"]) < 3:
            entry = json.loads(tail.stdout.readline())
            if entry["kind"] == "LogEntry":
                seen.append(entry)
        tail.terminate()
        tail.communicate()
        positions = [e["position"] for e in seen]
        self.assertEqual(positions, sorted(set(positions)))
        self.assertAlive()

    def test_two_hundred_jobs_in_a_row(self):
        job = self.write("job.edn", chain_job("row", "[{:n 1} {:n 2} {:n 3}]"))
        for _ in range(200):
            done = self.daemon.ctl("submit", "-q", str(job), "--wait")
            self.assertEqual(done.returncode, 0, done.stderr)
        jobs = self.daemon.json("job", "ls")["jobs"]
        self.assertEqual(len(jobs), 200)
        self.assertTrue(all(j["state"] == "completed" for j in jobs))

    def test_a_restarting_job_counts_its_restarts(self):
        job = chain_job("stubborn", "[{:n 1}]", "(defn f [segment] (throw (ex-info \"again\" {})))"
                        " (defn handle [event lifecycle phase e] :restart)"
                        " (def calls {:lifecycle/handle-exception handle})",
                        extra=":lifecycles [{:lifecycle/task :f :lifecycle/calls :test/calls}]")
        id = self.daemon.submit(self.write("job.edn", job))
        wait_for("it has started over", lambda: self.daemon.json("job", "status", id)["restarts"] >= 2)
        self.daemon.ctl("kill", id)
        self.assertEqual(self.daemon.ctl("await", id).returncode, 4)


if __name__ == "__main__":
    main()
