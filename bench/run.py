#!/usr/bin/env python3
"""Measures the system against limit programs of the same build, interleaved, and says which floors hold.

    bench/run.py [--build DIR] [--only W1,W2,W5b,W6,W11,W12,jobs1000,peers1000,start,submit,death,quickstart,micro] [--runs 5] [--seconds 3]

Needs a release build with -DONYX_WITH_BENCH=ON. Starts its own `onyxd --dev` on a free port and stops it again. Ratios are the
median of the ratios of neighbouring runs, so that what the machine does meanwhile meets both sides. Ends with 1 if a floor is
missed, 2 if something did not run at all."""
import argparse
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BATCHES = (20, 100, 1000)
PARTS = ("start", "submit", "death", "quickstart", "W1", "W2", "W5b", "W6", "W11", "W12", "jobs1000", "peers1000", "micro")
median = statistics.median


class Failed(Exception):
    pass


# --- the machine


def cpu_jiffies():
    fields = [int(f) for f in open("/proc/stat").readline().split()[1:9]]
    return sum(fields), sum(fields) - fields[3] - fields[4], fields[7]  # all, busy, stolen


def busy_share(seconds=2.0):
    before = cpu_jiffies()
    time.sleep(seconds)
    after = cpu_jiffies()
    return (after[1] - before[1]) / max(1, after[0] - before[0])


class Noise:
    """What others took of the CPU while we measured, in cores, and what the hypervisor stole."""

    def __init__(self):
        self.before, self.start, self.own = cpu_jiffies(), time.time(), self.own_cpu()

    @staticmethod
    def own_cpu(children=()):
        t = os.times()
        own = t.user + t.system + t.children_user + t.children_system
        for pid in children:
            with contextlib.suppress(OSError):
                fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
                own += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return own

    def text(self, children=()):
        hz, seconds, now = os.sysconf("SC_CLK_TCK"), time.time() - self.start, cpu_jiffies()
        others = (now[1] - self.before[1]) / hz - (self.own_cpu(children) - self.own)
        return (f"others took {max(0.0, others / seconds):.2f} of {os.cpu_count()} cores, "
                f"{(now[2] - self.before[2]) / hz / seconds:.2f} stolen")


# --- running things


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Daemon:
    """A development daemon of its own; `ready_s` is the time from exec to the ready line."""

    def __init__(self, bench, *flags, mode=("--dev",)):
        self.bench = bench
        self.log = tempfile.TemporaryFile()
        start = time.perf_counter()
        self.process = subprocess.Popen([bench.binary("onyxd"), *mode, "--listen", "127.0.0.1:0", *flags],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        self.ready_s = time.perf_counter() - start
        found = re.match(r"onyxd ready api=([^ ,]*) zookeeper=([^ ]*)", line)
        if not found:
            self.log.seek(0)
            raise Failed("onyxd did not start:\n" + self.log.read().decode())
        self.zookeeper = found.group(2)
        self.environment = {**os.environ, "ONYX_ADDR": found.group(1), "NO_COLOR": "1"}

    def ctl(self, *arguments):
        return run([self.bench.binary("onyxctl"), *arguments], env=self.environment)

    def submit(self, job_file):
        return self.ctl("submit", job_file, "-q").split()[0]

    def counters(self, job):
        view = json.loads(self.ctl("job", "status", job, "-o", "json"))
        if view["state"] not in ("running", "waiting"):
            raise Failed(f"job {job} is {view['state']}: {view.get('exception')}")
        return {task["name"].lstrip(":"): task for task in view["tasks"]}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()


class Report:
    def __init__(self):
        self.rows, self.missed = [], 0

    def add(self, what, ours, limit, ratio, floor, is_met):
        """`floor` is text; `is_met` None where nothing is asked."""
        verdict = "" if is_met is None else "met" if is_met else "MISSED"
        self.missed += is_met is False
        self.rows.append((what, ours, limit, ratio, floor, verdict))
        print(f"  {what}: {ours}  limit {limit}  {ratio}  {verdict}", flush=True)

    def show(self):
        head = ("what", "onyx", "limit or peer", "ratio", "floor", "")
        rows = [head, *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(6)]
        print()
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


# --- the parts


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.report = options, folder, Report()

    def binary(self, name):
        path = os.path.join(self.options.build, "bin", name)
        if not os.path.exists(path):
            raise Failed(f"{path} is missing: build with -DONYX_WITH_BENCH=ON")
        return path

    def job_file(self, name, **values):
        text = open(os.path.join(HERE, "jobs", name + ".edn")).read()
        body = text[text.index("{"):]  # the comments name the placeholders too
        for key, value in values.items():
            body = body.replace(key, str(value))
        path = os.path.join(self.folder, name + ".edn")
        with open(path, "w") as file:
            file.write(body)
        return path

    # W1, W2

    def rate_of_job(self, job_file):
        """Segments a second out of the input task, after a warm-up, by two looks at its counters."""
        with Daemon(self) as daemon:
            noise = Noise()
            job = daemon.submit(job_file)
            time.sleep(self.options.warm_up)
            start, before = time.perf_counter(), daemon.counters(job)["in"]["segments_out"]
            time.sleep(self.options.seconds)
            middle = time.perf_counter()
            after = daemon.counters(job)["in"]["segments_out"]
            end = time.perf_counter()
            # A look takes a few milliseconds; half of each belongs to the span.
            seconds = (middle + end) / 2 - start
            daemon.ctl("kill", job)
            self.last_noise = noise.text([daemon.process.pid])
        return (after - before) / seconds

    def rate_of_limit(self, mode, batch, threads):
        line = run([self.binary("limit_pipe"), mode, str(batch), str(threads), str(min(2, self.options.seconds)), "1"])
        return float(re.search(r"median\s+([\d.]+)", line).group(1)) * 1e6

    def pipeline(self, name, mode, values):
        for batch in BATCHES:
            job_file = self.job_file(name.lower(), BATCH=batch, **values)
            ours, limits, fused = [], [], []
            for _ in range(self.options.runs):
                limits.append(self.rate_of_limit(mode, batch, 0))
                ours.append(self.rate_of_job(job_file))
                fused.append(self.rate_of_limit(mode, batch, 1))
            ratio = median(a / b for a, b in zip(ours, limits))
            self.report.add(f"{name} batch {batch}", f"{median(ours) / 1e6:.2f} M seg/s",
                            f"{median(limits) / 1e6:.2f} M, a thread a stage", f"{ratio:.2f}", ">= 0.20", ratio >= 0.20)
            self.report.add(f"{name} batch {batch}", f"{median(ours) / 1e6:.2f} M seg/s",
                            f"{median(fused) / 1e6:.2f} M, one thread",
                            f"{median(a / b for a, b in zip(ours, fused)):.2f}", "", None)
            print("   ", self.last_noise)

    def w1(self):
        self.pipeline("W1", "inc", {})

    def w2(self):
        self.pipeline("W2", "expr", {"EVENTS": run([self.binary("gen_events"), "edn", "1000"])})

    # W5b

    def w5b(self):
        data, ours_out, limit_out = (os.path.join(self.folder, f) for f in ("events.jsonl", "onyx.jsonl", "limit.jsonl"))
        with open(data, "w") as file:
            subprocess.run([self.binary("gen_events"), "json", str(self.options.records)], stdout=file, check=True)
        part = os.path.join(self.folder, "part.jsonl")  # the peers are slow: they get a part of the data
        part_records = min(self.options.records, 300_000)
        with open(part, "w") as file:
            subprocess.run([self.binary("gen_events"), "json", str(part_records)], stdout=file, check=True)
        peers = {}
        if shutil.which("jq"):
            peers["jq"] = (["jq", "-c", 'select(.type != "view") | .total = .amount * 3', part], 5)
        if shutil.which("mlr"):
            peers["miller"] = (["mlr", "--ijsonl", "--ojsonl", "filter", '$type != "view"', "then", "put",
                                "$total = $amount * 3", part], 6)
        job_file = self.job_file("w5b", INPUT=data, OUTPUT=ours_out)
        ours, limits = [], []
        theirs = {name: [] for name in peers}
        outputs = {}
        with Daemon(self) as daemon:
            for _ in range(self.options.runs):
                line = run([self.binary("limit_file"), "etl", data, "1"], env={**os.environ, "OUT_FILE": limit_out})
                limits.append(float(re.search(r"([\d.]+) M rec/s", line).group(1)) * 1e6)
                start = time.perf_counter()
                daemon.ctl("submit", job_file, "--wait", "-q")
                ours.append(self.options.records / (time.perf_counter() - start))
                for name, (command, _) in peers.items():
                    outputs[name] = os.path.join(self.folder, name + ".jsonl")
                    start = time.perf_counter()
                    with open(outputs[name], "w") as file:
                        subprocess.run(command, stdout=file, check=True)
                    theirs[name].append(part_records / (time.perf_counter() - start))
        self.same(ours_out, limit_out, None)
        for path in outputs.values():
            self.same(ours_out, path, sum(1 for _ in open(path)))
        ratio = median(a / b for a, b in zip(ours, limits))
        shown = f"{median(ours) / 1e6:.2f} M rec/s"
        self.report.add("W5b", shown, f"{median(limits) / 1e6:.2f} M, one thread", f"{ratio:.2f}", ">= 0.25",
                        ratio >= 0.25)
        for name, (_, floor) in peers.items():
            ratio = median(a / b for a, b in zip(ours, theirs[name]))
            self.report.add("W5b", shown, f"{median(theirs[name]) / 1e6:.3f} M, {name}", f"{ratio:.1f}", f">= {floor}",
                            ratio >= floor)

    def same(self, ours, theirs, lines):
        """Fails unless both files hold the same objects in the same order; of ours only the first `lines`."""
        with open(ours) as a, open(theirs) as b:
            number = 0
            for number, line in enumerate(b, 1):
                own = a.readline()
                if own != line and (not own or json.loads(own) != json.loads(line)):
                    raise Failed(f"{ours} and {theirs} differ in line {number}:\n{own}{line}")
            if lines is None and a.readline():
                raise Failed(f"{ours} has more lines than {theirs}")
            if number == 0:
                raise Failed(f"{theirs} is empty")

    # W6

    def w6(self):
        """Two daemons on the in-memory ZooKeeper of the first, over TCP; what came to both outputs."""
        events = run([self.binary("gen_events"), "edn", "1000"])
        for batch in BATCHES:
            job_file = self.job_file("w6", BATCH=batch, EVENTS=events)
            ours, alone, limits = [], [], []
            for _ in range(self.options.runs):
                line = run([self.binary("limit_shuffle"), str(batch), str(min(2, self.options.seconds)), "1"])
                limits.append(float(re.search(r"median\s+([\d.]+)", line).group(1)) * 1e6)
                ours.append(self.rate_of_shuffle(job_file))
                with Daemon(self, "--peers", "4") as daemon:
                    alone.append(self.rate_of_output(daemon, daemon.submit(job_file)))
            shown = f"{median(ours) / 1e6:.2f} M seg/s"
            ratio = median(a / b for a, b in zip(ours, limits))
            self.report.add(f"W6 batch {batch}", shown, f"{median(limits) / 1e6:.2f} M, two processes", f"{ratio:.2f}",
                            ">= 0.15", ratio >= 0.15)
            ratio = median(a / b for a, b in zip(ours, alone))
            self.report.add(f"W6 batch {batch}", shown, f"{median(alone) / 1e6:.2f} M, one onyxd", f"{ratio:.2f}",
                            ">= 0.50", ratio >= 0.50)

    def rate_of_shuffle(self, job_file):
        for _ in range(20):
            rate = self.rate_of_two(job_file)
            if rate is not None:
                return rate
        raise Failed("20 times no peer of either task on either daemon")

    def rate_of_two(self, job_file):
        """None when the peers, whose ids are random, are placed so that all or nothing is remote."""
        config = os.path.join(self.folder, "w6-onyxd.edn")
        with open(config, "w") as file:
            file.write('{:onyxd/data-listen "127.0.0.1:0"}')
        with Daemon(self, "--peers", "2", "--config", config) as first:
            with open(config, "w") as file:
                file.write(f'''{{:onyxd/data-listen "127.0.0.1:0" :onyx/tenancy-id "dev" :zookeeper/address "{first.zookeeper}"
                                :onyx.peer/job-scheduler :onyx.job-scheduler/balanced}}''')
            with Daemon(self, "--peers", "2", mode=("--config", config)):
                job = first.submit(job_file)
                tasks = self.when_running(first, job)
                if any(len(set(task["groups"])) != 2 for task in tasks.values()):
                    return None
                return self.rate_of_output(first, job)

    def when_running(self, daemon, job):
        while True:
            tasks = daemon.counters(job)
            if tasks["out"]["segments_in"] > 0:
                return tasks

    def rate_of_output(self, daemon, job):
        self.when_running(daemon, job)
        time.sleep(self.options.warm_up)
        start, before = time.perf_counter(), daemon.counters(job)["out"]["segments_in"]
        time.sleep(self.options.seconds)
        middle = time.perf_counter()
        after = daemon.counters(job)["out"]["segments_in"]
        seconds = (middle + time.perf_counter()) / 2 - start
        daemon.ctl("kill", job)
        return (after - before) / seconds

    # A cluster on a real ZooKeeper

    @contextlib.contextmanager
    def zookeeper(self):
        """Debian's, as the system tests start it."""
        os.environ.setdefault("ONYX_SOURCE_DIR", ROOT)
        os.environ.setdefault("ONYX_BIN_DIR", os.path.join(self.options.build, "bin"))
        tests = os.path.join(ROOT, "tests", "system")
        if tests not in sys.path:
            sys.path.insert(0, tests)
        import zookeeper
        server = zookeeper.ZooKeeper()
        try:
            yield server
        finally:
            server.close()

    def configuration(self, server, peers, number=0):
        path = os.path.join(self.folder, f"cluster-{number}.edn")
        with open(path, "w") as file:
            file.write(f'{{:onyx/tenancy-id "bench" :zookeeper/address "{server.address}" :onyxd/peers {peers}\n'
                       ' :onyx.peer/job-scheduler :onyx.job-scheduler/balanced}')
        return ("--config", path)

    @staticmethod
    def rss_kib(pid):
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1))

    def w11(self):
        """Idle: 100 peers without a job. What a peer costs is the difference to a daemon with one."""
        memory = {}
        for peers in (1, 100):
            with self.zookeeper() as server, Daemon(self, mode=self.configuration(server, peers)) as daemon:
                pid = daemon.process.pid
                time.sleep(2)  # what starting takes is not idling
                start, before = time.perf_counter(), Noise.own_cpu((pid,)) - Noise.own_cpu()
                time.sleep(self.options.idle_seconds if peers > 1 else 1)
                cpu = (Noise.own_cpu((pid,)) - Noise.own_cpu() - before) / (time.perf_counter() - start)
                memory[peers] = self.rss_kib(pid)
        self.report.add("W11 idle, 100 peers", f"{cpu:.4f} core", "", "", "<= 0.05", cpu <= 0.05)
        self.report.add("W11 idle, 100 peers", f"{memory[100] / 1024:.1f} MiB in all", "", "", "<= 64 MiB", memory[100] <= 64 * 1024)
        each = (memory[100] - memory[1]) / 99
        self.report.add("W11 idle, 100 peers", f"{each:.1f} KiB a peer", "", "", "<= 128 KiB", each <= 128)

    @contextlib.contextmanager
    def cluster(self, count, peers):
        """So many daemons, started at once; gives them and the seconds since the first was started."""
        with self.zookeeper() as server, contextlib.ExitStack() as stack, concurrent.futures.ThreadPoolExecutor(count) as pool:
            start = time.perf_counter()
            daemons = [stack.enter_context(daemon) for daemon in
                       pool.map(lambda n: Daemon(self, mode=self.configuration(server, peers, n)), range(count))]
            yield daemons, start

    def jobs1000(self):
        """F32: 1,000 jobs at once, to five daemons."""
        with self.cluster(5, 6) as (daemons, _):
            text = run([self.binary("many_jobs"), self.job_file("at_once"), "1000", "20",
                        *(daemon.environment["ONYX_ADDR"] for daemon in daemons)])
            accepted, applied = (float(x) for x in re.search(r"accepted-s ([\d.]+) applied-s ([\d.]+)", text).groups())
            start = time.perf_counter()
            while any(job["state"] != "completed" for job in json.loads(daemons[0].ctl("job", "ls", "-o", "json"))["jobs"]):
                if time.perf_counter() - start > 600:
                    raise Failed("not all jobs complete")
            completed = applied + time.perf_counter() - start
            entries = json.loads(daemons[1].ctl("log", "tail", "--from", "0", "-n", "1000000", "-o", "json"))["entries"]
            for fn in ("submit-job", "complete-job"):
                subjects = [entry["subject"] for entry in entries if entry["fn"] == fn and not entry["rejected"]]
                if len(subjects) != 1000 or len(set(subjects)) != 1000:
                    raise Failed(f"{len(subjects)} {fn} entries of {len(set(subjects))} jobs")
        self.report.add("1,000 jobs at once, 5 daemons", f"accepted {accepted:.2f} s, all done {completed:.1f} s", "", "", "", None)
        self.report.add("1,000 jobs at once, 5 daemons", f"applied everywhere {applied:.2f} s", "", "", "<= 15 s", applied <= 15)

    def peers1000(self):
        """F33: ten daemons with a hundred peers each, started at once; from exec until the last sees all of them."""
        with self.cluster(10, 100) as (daemons, start):
            for daemon in daemons:
                while not self.has_all(daemon, groups=10, peers=1000):
                    if time.perf_counter() - start > 300:
                        raise Failed("not all peers join")
            took = time.perf_counter() - start
            position = json.loads(daemons[0].ctl("replica", "show", "-o", "json"))["position"]
            if position >= 1200:
                raise Failed(f"{position + 1} entries were written, more than 1,200")
        self.report.add("1,000 peers at once, 10 daemons", f"{took:.2f} s, {position + 1} entries", "", "", "<= 15 s", took <= 15)

    @staticmethod
    def has_all(daemon, groups, peers):
        """So many groups are in the ring, and so many peers with them."""
        of_ring = [group["state"] for group in json.loads(daemon.ctl("group", "ls", "-o", "json"))["groups"]]
        return of_ring == ["ready"] * groups and len(json.loads(daemon.ctl("peer", "ls", "-o", "json"))["peers"]) == peers

    # How long things take

    def start(self):
        times = []
        for _ in range(20):
            with Daemon(self) as daemon:
                times.append(daemon.ready_s * 1e3)
        floor = self.process_floor()
        self.report.add("onyxd --dev, exec to ready", f"{median(times):.0f} ms (max {max(times):.0f})",
                        f"{floor:.1f} ms, /bin/true", "", "< 100 ms", median(times) < 100)

    @staticmethod
    def process_floor():
        times = []
        for _ in range(20):
            start = time.perf_counter()
            subprocess.run(["/bin/true"], check=True)
            times.append((time.perf_counter() - start) * 1e3)
        return median(times)

    def death(self):
        """kill -9 of one of two daemons on a real ZooKeeper until the other's log says so. Sessions of 20 s: without the warden
        it would take that long."""
        os.environ.update(ONYX_SOURCE_DIR=ROOT, ONYX_BIN_DIR=os.path.join(self.options.build, "bin"))
        sys.path.insert(0, os.path.join(ROOT, "tests", "system"))
        import onyx
        from zookeeper import ZooKeeper

        server = ZooKeeper()
        try:
            configuration = os.path.join(self.folder, "death.edn")
            with open(configuration, "w") as f:
                f.write(f'{{:onyx/tenancy-id "death" :zookeeper/address "127.0.0.1:{server.port}" :onyxd/peers 2 '
                        ':onyx.peer/job-scheduler :onyx.job-scheduler/balanced :onyx.zookeeper/session-timeout-ms 20000}')
            other = onyx.Daemon("--config", configuration)
            took = []
            for _ in range(max(10, self.options.runs)):
                victim = onyx.Daemon("--config", configuration)
                group = re.search(r"group=(\S+)", victim.ready).group(1)
                start = time.perf_counter()
                victim.process.kill()
                onyx.wait_for("the other notices", lambda: f"pulse of group gone group={group}" in other.log_text())
                took.append((time.perf_counter() - start) * 1e3)
                onyx.wait_for("it is gone", lambda: len(other.json("group", "ls")["groups"]) == 1)
                victim.close()
            other.close()
        finally:
            server.close()
        self.report.add(f"kill -9 -> noticed, {len(took)} x", f"p50 {median(took):.0f} ms (max {max(took):.0f})", "", "", "<= 500 ms",
                        median(took) <= 500)

    def submit(self):
        """An upper bound of submit received -> first segment out, seen by a client that is connected: the submit call, the log, the
        placement, all four segments, the job's end and its notice. And the same from exec to exit of `onyxctl submit --wait`, most
        of which is the start of a process with gRPC in it."""
        hello = os.path.join(ROOT, "examples", "hello", "job.edn")
        whole = []
        with Daemon(self) as daemon:
            text = run([self.binary("submit_latency"), hello, "200", daemon.environment["ONYX_ADDR"]])
            p50, p98, _ = (float(x) for x in re.findall(r"-ms ([0-9.]+)", text))
            for _ in range(50):
                start = time.perf_counter()
                daemon.ctl("submit", hello, "--wait", "-q")
                whole.append((time.perf_counter() - start) * 1e3)
            start = time.perf_counter()
            for _ in range(20):
                run([self.binary("onyxctl"), "--help"])
            bare = (time.perf_counter() - start) / 20 * 1e3
        self.report.add("submit -> job done, 200 x hello", f"p50 {p50:.1f} ms (p98 {p98:.1f})", "", "", "< 30 ms", p50 < 30)
        self.report.add("onyxctl submit --wait, 50 x hello", f"p50 {median(whole):.1f} ms", f"{bare:.1f} ms, --help", "", "", None)

    def quickstart(self):
        flights = os.path.join(ROOT, "examples", "flights", "job.edn")
        folder = os.path.join(self.folder, "flights")
        shutil.copytree(os.path.dirname(flights), folder)
        times = []
        for _ in range(5):
            start = time.perf_counter()
            with Daemon(self) as daemon:
                daemon.ctl("submit", os.path.join(folder, "job.edn"), "--wait", "-q")
                times.append(time.perf_counter() - start)
        self.report.add("onyxd start -> flights done", f"{median(times):.2f} s (max {max(times):.2f})", "", "", "< 2 s",
                        median(times) < 2)

    # W12: the control plane at size, in process

    def w12(self):
        text = run([self.binary("replica_bench")])
        print(text)
        for kind, value in re.findall(r"^(\w+) +fold +\d+ entries +[\d.]+ ms +(\d+) entries/s", text, re.M):
            self.report.add(f"W12 (i) fold, {kind}", f"{int(value):,} entries/s", "", "", ">= 50,000/s", int(value) >= 50_000)
        for kind, keeps, places in re.findall(r"^(\w+) +pass that keeps all +([\d.]+) ms, that places all +([\d.]+)", text, re.M):
            floor = 1000 if kind in ("tags", "colocated") else 100
            self.report.add(f"W12 (ii) pass, {kind}", f"keeps {keeps} ms, places {places} ms", "", "", f"<= {floor} ms",
                            max(float(keeps), float(places)) <= floor)
        for kind, add, leave, submit in re.findall(
                r"^(\w+) +one entry, shared: add ([\d.]+) ms, leave ([\d.]+) ms, submit ([\d.]+)", text, re.M):
            worst = max(float(add), float(leave), float(submit))
            self.report.add(f"W12 (iii) one entry, {kind}", f"{worst:.3f} ms", "", "", "<= 20 ms", worst <= 20)

    def micro(self):
        text = run([self.binary("task_bench")])
        print(text)
        for word, floor in (("increment", 40), ("condition", 25)):
            for batch, value in re.findall(rf"batch +(\d+) .*{word} +(-?[\d.]+) ns", text):
                self.report.add(f"{word}, batch {batch}", f"{float(value):.1f} ns/segment", "", "", f"<= {floor} ns",
                                float(value) <= floor)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"), help="build folder (build/release)")
    parser.add_argument("--only", default=",".join(PARTS), help="some of " + ",".join(PARTS))
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs (5)")
    parser.add_argument("--seconds", type=float, default=3, help="of each measured span (3)")
    parser.add_argument("--warm-up", type=float, default=1.5, help="seconds before it (1.5)")
    parser.add_argument("--records", type=int, default=3_000_000, help="lines of the file of W5b (3000000)")
    parser.add_argument("--idle-seconds", type=float, default=60, help="that W11 watches (60)")
    options = parser.parse_args()
    parts = options.only.split(",")
    unknown = [part for part in parts if part.lower() not in [known.lower() for known in PARTS]]
    if unknown:
        parser.error(f"no part {unknown[0]}; there are {', '.join(PARTS)}")
    share = busy_share()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {socket.gethostname()}  {os.cpu_count()} cores, load "
          f"{os.getloadavg()[0]:.1f}; {share:.0%} of the CPU busy before: {'quiet' if share < 0.15 else 'BUSY, do not trust'}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        broken = 0
        noise = Noise()
        for part in parts:
            print(part, flush=True)
            try:
                getattr(bench, part.lower())()
            except Failed as failure:
                broken += 1
                print(f"  did not run: {failure}", flush=True)
        bench.report.show()
        print(f"\nover the whole run, {noise.text()}")
    return 2 if broken else 1 if bench.report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
