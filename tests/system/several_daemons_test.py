"""Several onyxd on one real ZooKeeper: one job's peers on all of them, and whatever may happen to one of them meanwhile."""
from onyx import *
from zookeeper import ZooKeeper

FLIGHTS = SOURCE / "examples/flights"


def chained_files(name, source, target, delay="", peers=3):
    """A file through three tasks with several peers each to a file, so that a job needs more peers than one daemon has."""
    return f"""{{:job-name "{name}"
 :workflow [[:in :f] [:f :g] [:g :out]]
 :functions [(ns test) (defn f [segment] {delay} (assoc segment :f (* 2 (:n segment)))) (defn g [segment] (assoc segment :g 1))]
 :catalog [{{:onyx/name :in :onyx/plugin :onyx.plugin.file/input :onyx/type :input :onyx/medium :file
            :file/path "{source}" :file/format :json-lines :onyx/n-peers 1 :onyx/batch-size 20}}
           {{:onyx/name :f :onyx/type :function :onyx/fn :test/f :onyx/min-peers {peers} :onyx/batch-size 20}}
           {{:onyx/name :g :onyx/type :function :onyx/fn :test/g :onyx/min-peers {peers} :onyx/batch-size 20}}
           {{:onyx/name :out :onyx/plugin :onyx.plugin.file/output :onyx/type :output :onyx/medium :file
            :file/path "{target}" :file/format :json-lines :onyx/n-peers 1 :onyx/batch-size 20}}]
 :task-scheduler :onyx.task-scheduler/balanced}}
"""


# Takes some 100 µs, so that a job of a few thousand segments is still at it when something happens.
SLOWLY = "(loop [i 0] (when (< i 1500) (recur (inc i))))"
COUNT = 20_000


class SeveralDaemons(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-work-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.zookeeper = ZooKeeper()
        self.addCleanup(self.zookeeper.close)
        self.daemons = []

    # --- arranging ---

    def start(self, count, peers=3, extra=""):
        for _ in range(count):
            path = self.work / f"onyxd-{len(self.daemons)}.edn"
            path.write_text(f'{{:onyx/tenancy-id "t" :zookeeper/address "127.0.0.1:{self.zookeeper.port}"\n'
                            f' :onyx.peer/job-scheduler :onyx.job-scheduler/balanced :onyxd/peers {peers}\n'
                            f' :onyx.zookeeper/session-timeout-ms 2000 :onyxd/file-roots ["{self.work}"] {extra}}}\n')
            daemon = Daemon("--config", str(path))
            self.addCleanup(daemon.close)
            self.daemons.append(daemon)
        return self.daemons[-count:]

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path

    def numbers(self, count=COUNT):
        return self.write("numbers.jsonl", "".join(f'{{"n":{n}}}\n' for n in range(count)))

    def slow_job(self, name="slow", peers=3):
        return self.write(f"{name}.edn", chained_files(name, self.numbers(), self.work / f"{name}.out", SLOWLY, peers))

    # --- looking ---

    def groups(self, daemon):
        return daemon.json("group", "ls")["groups"]

    def group_of(self, daemon):
        return re.search(r"group=(\S+)", daemon.ready).group(1)

    def status(self, daemon, job):
        return daemon.json("job", "status", job)

    def groups_of(self, daemon, job):
        """The groups that work on it."""
        return {site for task in self.status(daemon, job)["tasks"] for site in task["sites"]}

    def is_under_way(self, daemon, job):
        """It has read something, and there is more to come."""
        reading = self.status(daemon, job)["tasks"][0]
        return 0 < reading["segments_in"] < COUNT

    def wait_until_under_way(self, daemon, job):
        wait_for("the job is under way", lambda: self.is_under_way(daemon, job))

    # --- what must hold ---

    def assertCompletes(self, daemon, job):
        done = daemon.ctl("await", job)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def assertNothingLostOrTwice(self, name="slow", count=COUNT):
        lines = [json.loads(line) for line in (self.work / f"{name}.out").read_text().splitlines()]
        self.assertEqual(sorted(line["n"] for line in lines), list(range(count)))
        self.assertTrue(all(line["f"] == 2 * line["n"] and line["g"] == 1 for line in lines))

    def assertAgree(self, daemons):
        """The replicas of all are equal once they have read the log equally far."""
        def texts():
            replicas = [daemon.json("replica", "show") for daemon in daemons]
            return replicas if len({r["as_of_position"] for r in replicas}) == 1 else None
        replicas = wait_for("all daemons are at one position", texts)
        self.assertEqual(len({json.dumps(r["replica"], sort_keys=True) for r in replicas}), 1)


if __name__ == "__main__":
    main()
