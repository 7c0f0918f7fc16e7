"""Several daemons on one ZooKeeper, what is done to them, and what must hold then: the base of the cluster tests.

Targets (seconds within which something has to have happened) are printed as they are met or missed. They make a test fail only with
ONYX_TARGETS=strict, for a quiet machine and a release build (`tests/long.sh`); else only the hang guards do.
"""
from onyx import *
from zookeeper import Ensemble, ZooKeeper

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


class ClusterTest(unittest.TestCase):
    def open_zookeeper(self):
        return ZooKeeper()

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-work-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.zookeeper = self.open_zookeeper()
        self.addCleanup(self.zookeeper.close)
        self.daemons = []

    def tearDown(self):
        """After a failure: the logs."""
        result = self._outcome.result
        if not any(case is self for case, _ in result.failures + result.errors):
            return
        for daemon in self.alive()[:1]:
            print("--- the newest entries", daemon.ctl("log", "tail", "-n", "60").stdout, sep="\n", file=sys.stderr)
        for number, daemon in enumerate(self.daemons):
            print(f"--- log of daemon {number}", *daemon.log_text().splitlines()[-60:], sep="\n", file=sys.stderr)

    # --- doing ---

    def configuration(self, peers=5, tenancy="t", session_ms=2000, extra=""):
        """The path of a daemon's configuration."""
        path = self.work / f"onyxd-{len(self.daemons)}.edn"
        path.write_text(f'{{:onyx/tenancy-id "{tenancy}" :zookeeper/address "{self.zookeeper.address}"\n'
                        f' :onyx.peer/job-scheduler :onyx.job-scheduler/balanced :onyxd/peers {peers}\n'
                        f' :onyx.zookeeper/session-timeout-ms {session_ms} :onyxd/file-roots ["{self.work}"] {extra}}}\n')
        return path

    def start(self, count, wrappers=None, binary=None, **configuration):
        """Starts so many daemons at once, each by its command of `wrappers`, of this build or the one at `binary`; all are ready."""
        for number in range(count):
            daemon = Daemon("--config", str(self.configuration(**configuration)), is_awaited=False,
                            wrapper=wrappers[number] if wrappers else (), binary=binary)
            self.addCleanup(daemon.close)
            self.daemons.append(daemon)
        for daemon in self.daemons[-count:]:
            daemon.await_ready()
        return self.daemons[-count:]

    def suspend(self, daemon):
        daemon.process.send_signal(signal.SIGSTOP)
        self.addCleanup(daemon.process.send_signal, signal.SIGCONT)

    def resume(self, daemon):
        daemon.process.send_signal(signal.SIGCONT)

    def hold(self, seconds):
        """Lets a fault last that long."""
        time.sleep(seconds)

    def start_slow_job(self, daemon, name="slow", peers=3, count=COUNT):
        """Submits it and waits until it is under way; gives its id."""
        source = self.work / f"numbers-{count}.jsonl"
        if not source.exists():
            source.write_text("".join(f'{{"n":{n}}}\n' for n in range(count)))
        path = self.work / f"{name}.edn"
        path.write_text(slow_job(name, source, self.work / f"{name}.out", peers))
        job = daemon.submit(path)
        wait_for("the job is under way", lambda: self.is_under_way(daemon, job, count))
        return job

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path

    def trivial_job(self, name="trivial", segments=10):
        """The path of a job that is done at once."""
        return self.write(f"{name}.edn", chain_job(name, "[" + " ".join(f"{{:n {n}}}" for n in range(segments)) + "]"))

    def waiting_job(self, name):
        """The path of a job that is accepted and waits for peers that nobody has, so that it moves nothing."""
        return self.write(f"{name}.edn", chain_job(name, "[{:n 1}]", extra_f=":onyx/min-peers 900", peers=1000))

    # --- looking ---

    def status(self, daemon, job):
        return daemon.json("job", "status", job)

    def written(self, daemon, job):
        """Segments that have reached its last task."""
        return self.status(daemon, job)["tasks"][-1]["segments_in"]

    def is_under_way(self, daemon, job, count=COUNT):
        """Something has come out, and there is more to come."""
        return 0 < self.written(daemon, job) < count

    def group_of(self, daemon):
        return re.search(r"group=(\S+)", daemon.ready).group(1)

    def groups_of(self, daemon, job):
        """By task: the group of every peer."""
        return {task["name"]: task["groups"] for task in self.status(daemon, job)["tasks"]}

    def own_group(self, daemon):
        """The group that it is now; None while it is none."""
        return next((group["id"] for group in self.groups(daemon) if group["self"]), None)

    def is_elsewhere(self, daemon, job, group):
        """It runs, and no peer of the group is on it."""
        groups = sum(self.groups_of(daemon, job).values(), [])
        return bool(groups) and group not in groups

    def daemon_of(self, group):
        return next(daemon for daemon in self.daemons if self.group_of(daemon) == group)

    def has_logged(self, daemon, text):
        return text in daemon.log_text()

    def alive(self):
        return [daemon for daemon in self.daemons if daemon.process.poll() is None]

    def entries(self, daemon, since=0):
        """Of the log, from a position on."""
        return daemon.json("log", "tail", "--from", str(since), "-n", "1000000")["entries"]

    def newest(self, daemon):
        return daemon.json("replica", "show")["position"]

    def groups(self, daemon):
        return daemon.json("group", "ls")["groups"]

    def wait_for_groups(self, count, *daemons):
        def all_ready(daemon):
            groups = self.groups(daemon)
            return len(groups) == count and all(group["state"] == "ready" for group in groups)
        for daemon in daemons:
            wait_for(f"{count} groups are in the ring", lambda: all_ready(daemon))

    # --- what must hold ---

    def within(self, row, target_s, what, condition, since=None):
        """Waits for it, and says how long it took, measured from `since` (now)."""
        start = time.monotonic() if since is None else since
        answer = wait_for(what, condition)
        self.report(row, time.monotonic() - start, target_s, what)
        return answer

    def report(self, row, took, target, what, unit="s"):
        is_met = took <= target
        print(f"{row} {what}: {took:.2f} {unit}, target {target} {unit}{'' if is_met else ', MISSED'}", file=sys.stderr, flush=True)
        if os.environ.get("ONYX_TARGETS") == "strict":
            self.assertLessEqual(took, target, f"{row} {what}")

    def assertUntouched(self, job, daemons, allocation):
        """It ends without having been reallocated or started over since status() gave `allocation`."""
        for daemon in daemons:
            status = wait_for("the end is known", lambda: (s := self.status(daemon, job))["state"] == "completed" and s)
            self.assertEqual([status[key] for key in ("version", "restarts")], [allocation[key] for key in ("version", "restarts")])

    def assertCompletes(self, daemon, job, name="slow", count=COUNT):
        """With every segment once, and each with what the functions did to it."""
        done = daemon.ctl("await", job)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = [json.loads(line) for line in (self.work / f"{name}.out").read_text().splitlines()]
        self.assertEqual(sorted(line["n"] for line in lines), list(range(count)))
        self.assertTrue(all(line["f"] == 2 * line["n"] and line["g"] == 1 for line in lines))

    def assertAgree(self, *daemons):
        """What every entry did is the same for all; so are their replicas after entries all along the log, and at its end."""
        newest = min(self.newest(daemon) for daemon in daemons)
        effects = [[entry for entry in self.entries(daemon) if entry["position"] <= newest] for daemon in daemons]
        origin = max(log[0]["position"] for log in effects)
        effects = [[entry for entry in log if entry["position"] >= origin] for log in effects]
        self.assertEqual(effects, [effects[0]] * len(daemons))
        for position in range(origin, newest + 1, (newest - origin) // 10 + 1):
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
