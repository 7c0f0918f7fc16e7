"""What a job may ask of the schedulers, through the real binaries: percentages, tags, machines, flux policies."""
from onyx import *
from zookeeper import ZooKeeper


def job(name, f="", out="", scheduler="balanced", extra="", generator="", fn=""):
    """An endless generator through f to nowhere, unless `generator` bounds it."""
    return f"""{{:job-name "{name}" {extra}
 :workflow [[:in :f] [:f :out]]
 :functions [(ns test) (defn f [segment] segment)]
 :catalog [{{:onyx/name :in :onyx/plugin :onyx.plugin.generator/input :onyx/type :input :onyx/medium :generator
            :generator/counter :n :onyx/batch-size 10 {generator}}}
           {{:onyx/name :f :onyx/type :function :onyx/fn :test/f :onyx/batch-size 10 {f}}}
           {{:onyx/name :out :onyx/type :output :onyx/batch-size 10 {out}}}]
 :task-scheduler :onyx.task-scheduler/{scheduler}}}
"""


NOWHERE = ":onyx/plugin :onyx.plugin.null/output :onyx/medium :null"


class Schedulers(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-work-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)

    def start(self, peers, scheduler="balanced", extra="", address=None):
        number = len(list(self.work.glob("onyxd-*")))
        where = f':zookeeper/address "127.0.0.1:{address}"' if address else ""
        path = self.work / f"onyxd-{number}.edn"
        path.write_text(f'{{:onyx/tenancy-id "t" {where} :onyx.peer/job-scheduler :onyx.job-scheduler/{scheduler}\n'
                        f' :onyxd/peers {peers} :onyxd/file-roots ["{self.work}"] {extra}}}\n')
        daemon = Daemon("--config", str(path), *(() if address else ("--dev",)))
        self.addCleanup(daemon.close)
        return daemon

    def write(self, name, text):
        path = self.work / f"{name}.edn"
        path.write_text(text)
        return str(path)

    def submit(self, daemon, name, text, code=0):
        done = daemon.ctl("submit", self.write(name, text))
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def peers(self, daemon, name):
        return {task["name"]: task["peers"] for task in daemon.json("job", "status", name)["tasks"]}

    # --- percentages ---

    def test_jobs_by_percentage(self):
        daemon = self.start(10, "percentage")
        self.submit(daemon, "large", job("large", out=NOWHERE, extra=":percentage 70"))
        self.submit(daemon, "small", job("small", out=NOWHERE, extra=":percentage 30"))
        self.assertEqual(self.peers(daemon, "large"), {"in": 3, "f": 2, "out": 2})
        self.assertEqual(self.peers(daemon, "small"), {"in": 1, "f": 1, "out": 1})
        self.submit(daemon, "third", job("third", out=NOWHERE, extra=":percentage 20"), code=7)
        why = daemon.json("job", "why", "third")
        self.assertEqual(why["reason"], "no-percentage")
        self.assertEqual(why["text"], "waits: it asks for 20 %, and the jobs that are served before it have 100 % of the whole")
        daemon.ctl("kill", "small")
        self.assertEqual(daemon.json("job", "why", "third")["reason"], "running")
        lacks = daemon.ctl("submit", self.write("lacks", job("lacks", out=NOWHERE)))
        self.assertEqual(lacks.returncode, 3, lacks.stdout)
        self.assertIn("error[JOB-05]", lacks.stderr)

    def test_a_percentage_that_is_too_small(self):
        daemon = self.start(10, "percentage")
        self.submit(daemon, "large", job("large", out=NOWHERE, extra=":percentage 80"))
        self.submit(daemon, "small", job("small", out=NOWHERE, extra=":percentage 20"), code=7)
        why = daemon.json("job", "why", "small")
        self.assertEqual(why["reason"], "percentage-too-small", why)

    def test_tasks_by_percentage(self):
        daemon = self.start(10)
        by_percentage = lambda a, b, c: job("p", f=f":onyx/percentage {b}", out=f"{NOWHERE} :onyx/percentage {c}",
                                            scheduler="percentage", generator=f":onyx/percentage {a}")
        self.submit(daemon, "p", by_percentage(70, 20, 10))
        self.assertEqual(self.peers(daemon, "p"), {"in": 7, "f": 2, "out": 1})
        self.assertEqual(daemon.json("job", "status", "p")["task_scheduler"], "percentage")
        over = daemon.ctl("validate", self.write("over", by_percentage(70, 20, 30)))
        self.assertEqual(over.returncode, 3, over.stdout)
        self.assertIn("they sum to 120", over.stdout)
        lacks = daemon.ctl("validate", self.write("lacks", job("l", out=NOWHERE, scheduler="percentage")))
        self.assertEqual(lacks.returncode, 3)
        self.assertEqual(lacks.stdout.count("error[DOC-02]"), 3)

    # --- grouping ---

    def test_a_kill_task_keeps_its_number_and_dies_with_its_peer(self):
        daemon = self.start(4)
        text = job("k", f=":onyx/group-by-key :n :onyx/min-peers 2 :onyx/flux-policy :kill",
                   out=NOWHERE + " :onyx/max-peers 1", generator=":onyx/max-peers 1")
        self.submit(daemon, "k", text)
        self.assertEqual(self.peers(daemon, "k"), {"in": 1, "f": 2, "out": 1})
        daemon.ctl("peer", "add", "2")
        self.assertEqual(self.peers(daemon, "k"), {"in": 1, "f": 2, "out": 1})
        of_f = next(p["id"] for p in daemon.json("peer", "ls")["peers"] if p.get("task") == "f")
        self.assertEqual(daemon.ctl("peer", "rm", of_f).returncode, 0)
        self.assertEqual(daemon.json("job", "status", "k")["state"], "killed")
        self.assertIn("flux policy", daemon.ctl("job", "why", "k").stdout)

    def test_a_recover_task_is_refilled(self):
        daemon = self.start(5)
        text = job("r", f=":onyx/group-by-key :n :onyx/n-peers 2 :onyx/flux-policy :recover",
                   out=NOWHERE + " :onyx/max-peers 1", generator=":onyx/max-peers 1")
        self.submit(daemon, "r", text)
        of_f = next(p["id"] for p in daemon.json("peer", "ls")["peers"] if p.get("task") == "f")
        daemon.ctl("peer", "rm", of_f)
        self.assertEqual(self.peers(daemon, "r"), {"in": 1, "f": 2, "out": 1})

    # --- several machines ---

    def cluster(self, *daemons):
        """One daemon each, given as (peers, extra configuration), in one ring."""
        zookeeper = ZooKeeper()
        self.addCleanup(zookeeper.close)
        started = [self.start(peers, extra=extra, address=zookeeper.port) for peers, extra in daemons]
        for daemon in started:
            def ready():
                groups = daemon.json("group", "ls")["groups"]
                return len(groups) == len(started) and all(group["state"] == "ready" for group in groups)
            wait_for("all are in the ring", ready)
        return started

    def group_of(self, daemon):
        return re.search(r"group=(\S+)", daemon.ready).group(1)

    def test_a_task_runs_where_its_tags_are(self):
        plain, gpu = self.cluster((4, ""), (1, ":onyx.peer/tags [:gpu :ssd]"))
        self.assertEqual({g["id"]: g["tags"] for g in plain.json("group", "ls")["groups"]},
                         {self.group_of(plain): [], self.group_of(gpu): [":gpu", ":ssd"]})
        tagged = lambda name, tags: job(name, f=f":onyx/required-tags {tags}", out=NOWHERE)
        self.submit(plain, "tagged", tagged("tagged", "[:gpu]"))
        tasks = {t["name"]: t["groups"] for t in plain.json("job", "status", "tagged")["tasks"]}
        self.assertEqual(tasks["f"], [self.group_of(gpu)])
        self.assertEqual(set(tasks["in"] + tasks["out"]), {self.group_of(plain)})
        self.submit(gpu, "nowhere", tagged("nowhere", "[:gpu :fpga]"), code=7)
        why = gpu.json("job", "why", "nowhere")
        self.assertEqual(why["reason"], "missing-tags")
        self.assertIn(":fpga", gpu.ctl("job", "why", "nowhere").stdout)

    def test_the_segments_of_a_colocated_job_stay_on_their_machine(self):
        one, other = self.cluster((4, ':onyxd/host "one"'), (5, ':onyxd/host "other"'))
        out = f':onyx/plugin :onyx.plugin.file/output :onyx/medium :file :file/path "{self.work}/out.jsonl" :file/format :json-lines'
        self.submit(one, "c", job("c", out=out, scheduler="colocated", generator=":generator/segments 3000"))
        # Where it was placed: it may have ended since.
        then = one.json("replica", "show", "--at", str(one.json("job", "status", "c")["position"]))["replica"]
        group_of = {id: peer["group"] for id, peer in then["peers"].items()}
        groups = {task: [group_of[peer] for peer in peers] for task, peers in then["jobs"][0]["allocation"].items()}
        for task in ("in", "f", "out"):
            self.assertEqual(set(groups[task]), {self.group_of(one), self.group_of(other)}, groups)
            self.assertEqual(len(groups[task]), 2)
        self.assertEqual({g["host"] for g in one.json("group", "ls")["groups"]}, {"one", "other"})
        self.assertEqual(other.ctl("await", "c").returncode, 0)
        # The generator's peer at slot k makes the numbers that are k modulo 2; each peer of out writes a file.
        for slot, group in enumerate(groups["out"]):
            numbers = [json.loads(line)["n"] for line in (self.work / f"out-{slot}.jsonl").read_text().splitlines()]
            made_by = groups["in"].index(group)
            self.assertEqual(sorted(numbers), list(range(made_by, 3000, 2)))

    def test_a_colocated_job_that_no_machine_holds(self):
        one, other = self.cluster((2, ':onyxd/host "one"'), (2, ':onyxd/host "other"'))
        self.submit(one, "c", job("c", out=NOWHERE, scheduler="colocated"), code=7)
        why = other.json("job", "why", "c")
        self.assertEqual(why["reason"], "no-machine", why)
        one.ctl("peer", "add", "1")
        self.assertEqual(one.json("job", "why", "c")["reason"], "running")
        self.assertEqual(self.peers(one, "c"), {"in": 1, "f": 1, "out": 1})

    def test_daemons_of_one_machine_hold_a_chunk_together(self):
        one, other = self.cluster((2, ':onyxd/host "same"'), (1, ':onyxd/host "same"'))
        self.submit(one, "c", job("c", out=NOWHERE, scheduler="colocated"))
        wait_for("segments arrive", lambda: one.json("job", "status", "c")["tasks"][-1]["segments_in"] > 1000)


if __name__ == "__main__":
    main()
