"""Several onyxd on one real ZooKeeper: one job's peers on all of them, and whatever may happen to one of them meanwhile."""
from onyx import *
from zookeeper import ZooKeeper


COUNT = 10_000
# Takes a while, so that a job of COUNT segments is still at it when something happens.
SLOWLY = "(loop [i 0] (when (< i 15000) (recur (inc i))))"


def slow_job(name, source, target, peers):
    """A file through two tasks of several peers each to a file."""
    return f"""{{:job-name "{name}"
 :workflow [[:in :f] [:f :g] [:g :out]]
 :functions [(ns test)
             (defn f [segment] {SLOWLY} (assoc segment :f (* 2 (:n segment))))
             (defn g [segment] (assoc segment :g 1))]
 :catalog [{{:onyx/name :in :onyx/plugin :onyx.plugin.file/input :onyx/type :input :onyx/medium :file
            :file/path "{source}" :file/format :json-lines :onyx/n-peers 1 :onyx/batch-size 20}}
           {{:onyx/name :f :onyx/type :function :onyx/fn :test/f :onyx/min-peers {peers} :onyx/batch-size 20}}
           {{:onyx/name :g :onyx/type :function :onyx/fn :test/g :onyx/min-peers {peers} :onyx/batch-size 20}}
           {{:onyx/name :out :onyx/plugin :onyx.plugin.file/output :onyx/type :output :onyx/medium :file
            :file/path "{target}" :file/format :json-lines :onyx/n-peers 1 :onyx/batch-size 20}}]
 :task-scheduler :onyx.task-scheduler/balanced}}
"""


class SeveralDaemons(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-work-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.zookeeper = ZooKeeper()
        self.addCleanup(self.zookeeper.close)
        self.daemons = []

    def start(self, count, peers=5, tenancy="t", session_ms=2000, extra=""):
        for _ in range(count):
            path = self.work / f"onyxd-{len(self.daemons)}.edn"
            path.write_text(f'{{:onyx/tenancy-id "{tenancy}" :zookeeper/address "127.0.0.1:{self.zookeeper.port}"\n'
                            f' :onyx.peer/job-scheduler :onyx.job-scheduler/balanced :onyxd/peers {peers}\n'
                            f' :onyx.zookeeper/session-timeout-ms {session_ms} :onyxd/file-roots ["{self.work}"] {extra}}}\n')
            daemon = Daemon("--config", str(path))
            self.addCleanup(daemon.close)
            self.daemons.append(daemon)
        return self.daemons[-count:]

    def start_slow_job(self, daemon, name="slow", peers=3):
        """Submits it and waits until it is under way; gives its id."""
        source = self.work / "numbers.jsonl"
        if not source.exists():
            source.write_text("".join(f'{{"n":{n}}}\n' for n in range(COUNT)))
        path = self.work / f"{name}.edn"
        path.write_text(slow_job(name, source, self.work / f"{name}.out", peers))
        job = daemon.submit(path)
        wait_for("the job is under way", lambda: self.is_under_way(daemon, job))
        return job

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path

    # --- looking ---

    def status(self, daemon, job):
        return daemon.json("job", "status", job)

    def written(self, daemon, job):
        """Segments that have reached its last task."""
        return self.status(daemon, job)["tasks"][-1]["segments_in"]

    def is_under_way(self, daemon, job):
        """Something has come out, and there is more to come."""
        return 0 < self.written(daemon, job) < COUNT

    def group_of(self, daemon):
        return re.search(r"group=(\S+)", daemon.ready).group(1)

    def groups_of(self, daemon, job):
        """By task: the group of every peer."""
        return {task["name"]: task["groups"] for task in self.status(daemon, job)["tasks"]}

    def daemon_of(self, group):
        return next(daemon for daemon in self.daemons if self.group_of(daemon) == group)

    def groups(self, daemon):
        return daemon.json("group", "ls")["groups"]

    def wait_for_groups(self, count, *daemons):
        def all_ready(daemon):
            groups = self.groups(daemon)
            return len(groups) == count and all(group["state"] == "ready" for group in groups)
        for daemon in daemons:
            wait_for(f"{count} groups are in the ring", lambda: all_ready(daemon))

    # --- what must hold ---

    def assertCompletes(self, daemon, job, name="slow"):
        """With every segment once, and each with what the functions did to it."""
        done = daemon.ctl("await", job)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = [json.loads(line) for line in (self.work / f"{name}.out").read_text().splitlines()]
        self.assertEqual(sorted(line["n"] for line in lines), list(range(COUNT)))
        self.assertTrue(all(line["f"] == 2 * line["n"] and line["g"] == 1 for line in lines))

    def assertAgree(self, *daemons):
        """Their replicas are equal after every entry that all of them have read, and at the newest one."""
        newest = min(daemon.json("replica", "show")["position"] for daemon in daemons)
        for position in range(newest + 1):
            texts = {daemon.ctl("replica", "show", "--at", str(position), "-o", "edn").stdout for daemon in daemons}
            self.assertEqual(len(texts), 1, f"after entry {position}")
        def present():
            replicas = [daemon.json("replica", "show") for daemon in daemons]
            return replicas if len({replica["position"] for replica in replicas}) == 1 else None
        replicas = wait_for("all have read the log to its end", present)
        self.assertEqual(replicas, [replicas[0]] * len(replicas))

    def assertIdle(self, daemon):
        idle = lambda: all(peer["state"] == "idle" for peer in daemon.json("peer", "ls")["peers"])
        wait_for("every peer is idle", idle)

    # --- tests ---

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
        over_tcp = self.start(3, peers=3, tenancy="tcp", extra=':onyxd/data-listen "127.0.0.1:0"')
        self.assertEqual(self.flights(over_tcp[2], "tcp"), expected)
        # Nobody had peers enough to do it alone.
        for daemon in three + over_tcp:
            self.assertIn("data-plane connection open", daemon.log_text())
        for daemon in over_tcp:
            self.assertNotIn("unix:", re.search("data plane open .*", daemon.log_text()).group())

    def test_every_daemon_answers_alike(self):
        daemons = self.start(3, peers=2)
        id = daemons[0].submit(self.write("job.edn", chain_job(
            "chain", "[" + " ".join(f"{{:n {n}}}" for n in range(500)) + "]", peers=4)
            .replace(":onyx/max-peers 4", ":onyx/n-peers 4")))
        self.assertEqual(daemons[2].ctl("await", id).returncode, 0)
        for daemon in daemons:
            wait_for("the end is known", lambda: self.status(daemon, id)["state"] == "completed")
        numbers = [[(task["name"], task["segments_in"], task["segments_out"]) for task in self.status(daemon, id)["tasks"]]
                   for daemon in daemons]
        self.assertEqual(numbers, [[("in", 500, 500), ("f", 500, 500), ("out", 500, 500)]] * 3)
        outputs = [daemon.json("job", "output", id) for daemon in daemons]
        self.assertEqual(sorted(segment["n"] for segment in outputs[0]["segments"]), list(range(500)))
        self.assertEqual(outputs, [outputs[0]] * 3)
        last = [daemon.ctl("job", "output", id, "out", "--limit", "7").stdout for daemon in daemons]
        self.assertEqual(last, [last[0]] * 3)
        self.assertEqual(len(last[0].splitlines()), 7)
        lists = [daemon.json("job", "ls")["jobs"][0]["tasks"] for daemon in daemons]
        self.assertEqual([[task["segments_in"] for task in tasks] for tasks in lists], [[500] * 3] * 3)
        groups = [[{**group, "self": None} for group in self.groups(daemon)] for daemon in daemons]
        self.assertEqual(groups, [groups[0]] * 3)
        self.assertFalse([group for group in groups[0] if not group["version"] or not group["host"]])
        whys = [daemon.ctl("job", "why", id).stdout for daemon in daemons]
        self.assertEqual(whys, [whys[0]] * 3)

    def test_a_killed_daemon_loses_nothing(self):
        for victim_of in ("in", "f", "out"):
            with self.subTest(victim_of):
                daemons = self.start(4)
                self.wait_for_groups(4, *daemons)
                job = self.start_slow_job(daemons[0], victim_of)
                self.daemon_of(self.groups_of(daemons[0], job)[victim_of][0]).stop(signal.SIGKILL)
                alive = [daemon for daemon in daemons if daemon.process.poll() is None]
                self.wait_for_groups(3, *alive)
                self.assertCompletes(alive[-1], job, victim_of)
                self.assertGreater(self.status(alive[0], job)["restarts"], 0)
                self.assertAgree(*alive)
                for daemon in alive:
                    self.assertEqual(daemon.stop(), 0)

    def test_a_daemon_stopped_for_longer_than_its_session_comes_back_as_another_group(self):
        daemons = self.start(3)
        self.wait_for_groups(3, *daemons)
        job = self.start_slow_job(daemons[0])
        stopped = daemons[2]
        stopped.process.send_signal(signal.SIGSTOP)
        self.addCleanup(stopped.process.send_signal, signal.SIGCONT)
        # Whoever is asked meanwhile says whose part is missing.
        wait_for("it is missed", lambda: self.status(daemons[0], job)["silent_groups"] == [self.group_of(stopped)])
        self.wait_for_groups(2, *daemons[:2])
        self.assertNotIn(self.group_of(stopped), {group["id"] for group in self.groups(daemons[0])})
        wait_for("the others go on", lambda: self.written(daemons[1], job) > 0)
        stopped.process.send_signal(signal.SIGCONT)
        self.wait_for_groups(3, *daemons)
        self.assertNotIn(self.group_of(stopped), {group["id"] for group in self.groups(stopped)})
        self.assertCompletes(stopped, job)
        self.assertAgree(*daemons)

    def test_a_restarted_zookeeper_moves_nothing(self):
        daemons = self.start(3, session_ms=8000)
        self.wait_for_groups(3, *daemons)
        job = self.start_slow_job(daemons[0])
        version = self.status(daemons[0], job)["version"]
        self.zookeeper.kill()
        self.zookeeper.start()
        self.assertCompletes(daemons[0], job)
        for daemon in daemons:
            status = wait_for("the end is known",
                              lambda: (s := self.status(daemon, job))["state"] == "completed" and s)
            self.assertEqual((status["version"], status["restarts"]), (version, 0))
            self.assertEqual({group["id"] for group in self.groups(daemon)}, {self.group_of(d) for d in daemons})

    def test_two_jobs_at_once(self):
        daemons = self.start(3, peers=6)
        self.wait_for_groups(3, *daemons)
        jobs = {name: self.start_slow_job(daemon, name) for name, daemon in zip(("one", "two"), daemons)}
        for name, job in jobs.items():
            self.assertCompletes(daemons[2], job, name)

    def test_a_job_is_killed_on_all_daemons(self):
        daemons = self.start(3, peers=2)
        self.wait_for_groups(3, *daemons)
        job = daemons[0].submit(self.write("endless.edn", endless_job("endless", peers=4)))
        wait_for("it runs", lambda: self.written(daemons[1], job) > 1000)
        self.assertEqual(len({group for groups in self.groups_of(daemons[1], job).values() for group in groups}), 3)
        killed = daemons[2].ctl("kill", job)
        self.assertEqual(killed.returncode, 0, killed.stderr)
        for daemon in daemons:
            self.assertEqual(daemon.ctl("await", job).returncode, 4)
            self.assertIdle(daemon)
        next = daemons[1].submit(self.write("next.edn", chain_job("next", "[{:n 1}]")))
        self.assertEqual(daemons[2].ctl("await", next).returncode, 0)

    def test_daemons_come_and_go_meanwhile(self):
        first, second = self.start(2)
        self.wait_for_groups(2, first, second)
        job = self.start_slow_job(first)
        (third,) = self.start(1)
        self.wait_for_groups(3, first, second, third)
        wait_for("the third works on it", lambda: self.group_of(third) in sum(self.groups_of(third, job).values(), []))
        self.assertEqual(first.stop(), 0)
        self.wait_for_groups(2, second, third)
        self.assertCompletes(third, job)
        self.assertAgree(second, third)


if __name__ == "__main__":
    main()
