"""Several onyxd on one real ZooKeeper: one job's peers on all of them, and whatever may happen to one of them meanwhile."""
from cluster import *
from zookeeper import shell


class SeveralDaemons(ClusterTest):
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

    def test_peers_are_counted_by_the_group_they_belong_to(self):
        daemons = self.start(2, peers=3)
        self.wait_for_groups(2, *daemons)
        self.assertEqual(daemons[0].ctl("peer", "add", "2").stdout, "2 peers added · the group has 5 now\n")
        peer = daemons[1].json("group", "show")["peers"][0]["id"]
        self.assertEqual(daemons[1].ctl("peer", "rm", peer).stdout, f"peer {peer[:8]} left · the group has 2 now\n")

    def test_a_case_with_many_segments_loses_none_wherever_its_output_is(self):
        daemons = self.start(2, peers=2)
        self.wait_for_groups(2, *daemons)
        segments = " ".join(f"{{:n {n}}}" for n in range(3_000))
        case = self.write("many.edn", f"""{{:doc "many" :onyx/source "none" :inputs {{:in [{segments}]}} :expect {{:out [{segments}]}}
            :job {chain_job("many", "[]", "(defn f [segment] segment)").replace(":seq/sequential []", "")}}}""")
        for daemon in daemons:
            done = daemon.ctl("test", str(case), "--addr", daemon.address)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for daemon in daemons:
            self.assertEqual(daemon.json("job", "ls")["jobs"], [], "nobody lists the jobs of cases")

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

    def warden_of(self, daemon):
        """The process that closes its session when it dies."""
        children = Path(f"/proc/{daemon.process.pid}/task/{daemon.process.pid}/children").read_text().split()
        return next(int(pid) for pid in children
                    if Path(f"/proc/{pid}/comm").read_text().strip() == "onyxd-warden")

    def test_a_killed_daemon_is_missed_long_before_its_session_has_timed_out(self):
        session_s = 40
        daemons = self.start(3, session_ms=session_s * 1000)
        self.wait_for_groups(3, *daemons)
        job = self.start_slow_job(daemons[0])
        victim = self.daemon_of(self.groups_of(daemons[0], job)["f"][0])
        alive = [daemon for daemon in daemons if daemon is not victim]
        warden = self.warden_of(victim)
        at = time.monotonic()
        victim.process.kill()
        self.wait_for_groups(2, *alive)
        self.assertLess(time.monotonic() - at, session_s)
        self.assertIn("its ZooKeeper session", victim.log_text())
        self.assertCompletes(alive[0], job)
        wait_for("the warden has ended", lambda: not Path(f"/proc/{warden}").exists())

    def test_the_warden_neither_keeps_a_daemon_from_ending_nor_ends_before_it(self):
        (daemon,) = self.start(1, session_ms=40_000)
        warden = self.warden_of(daemon)
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(warden, one)
        self.assertEqual(self.warden_of(daemon), warden)
        self.assertEqual(daemon.stop(), 0)
        self.assertFalse(Path(f"/proc/{warden}").exists())

    def test_a_daemon_that_is_killed_with_its_warden_is_closed_from_its_file(self):
        runtime = self.work / "run"
        runtime.mkdir()
        (other,) = self.start(1, session_ms=40_000)
        os.environ["RUNTIME_DIRECTORY"] = str(runtime)
        self.addCleanup(os.environ.pop, "RUNTIME_DIRECTORY")
        (victim,) = self.start(1, session_ms=40_000)
        self.wait_for_groups(2, other, victim)
        tickets = runtime / "sessions"
        self.assertEqual(tickets.stat().st_mode & 0o777, 0o600)
        os.kill(self.warden_of(victim), signal.SIGKILL)
        at = time.monotonic()
        victim.process.kill()
        done = subprocess.run([BIN / "onyxd-warden", "--close", str(tickets)], capture_output=True, text=True, timeout=GUARD_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("is closed", done.stderr)
        self.wait_for_groups(1, other)
        self.assertLess(time.monotonic() - at, 40)

    def test_a_zookeeper_that_pauses_moves_nothing(self):
        daemons = self.start(3, session_ms=40_000)
        self.wait_for_groups(3, *daemons)
        job = self.start_slow_job(daemons[0])
        version = self.status(daemons[0], job)["version"]
        self.zookeeper.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.zookeeper.process.send_signal, signal.SIGCONT)
        wait_for("they suspect it", lambda: all("zookeeper session suspect" in d.log_text() for d in daemons))
        self.zookeeper.process.send_signal(signal.SIGCONT)
        self.assertCompletes(daemons[0], job)
        self.assertEqual(self.status(daemons[0], job)["version"], version)

    def test_a_daemon_that_is_cut_off_holds_still_says_so_and_goes_on(self):
        (daemon,) = self.start(1, session_ms=10_000)
        self.wait_for_groups(1, daemon)
        job = daemon.submit(self.write("endless.edn", endless_job("endless")))
        wait_for("it runs", lambda: self.written(daemon, job) > 0)
        group, version = self.group_of(daemon), self.status(daemon, job)["version"]
        self.zookeeper.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.zookeeper.process.send_signal, signal.SIGCONT)
        wait_for("it is fenced", lambda: "zookeeper session fenced" in daemon.log_text())
        why = daemon.ctl("job", "why", job).stdout
        shown = daemon.json("group", "show")
        still = self.written(daemon, job)
        self.assertEqual(self.written(daemon, job), still)
        self.zookeeper.process.send_signal(signal.SIGCONT)
        self.assertIn("The session of this daemon is fenced", why)
        self.assertEqual((shown["session"], shown["group"]["state"]), ("fenced", "fenced"))
        wait_for("it goes on", lambda: self.written(daemon, job) > still)
        wait_for("its log says so", lambda: "this daemon's peers go on" in daemon.log_text())
        self.assertEqual((self.groups(daemon)[0]["id"], self.status(daemon, job)["version"]), (group, version))

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
        newest = lambda daemon: re.findall(r"zookeeper session (\w+)", daemon.log_text())[-1:]
        self.within("F11", 1, "ZooKeeper is back, and so are the sessions", lambda: all(newest(d) == ["connected"] for d in daemons))
        self.assertCompletes(daemons[0], job)
        for daemon in daemons:
            status = wait_for("the end is known",
                              lambda: (s := self.status(daemon, job))["state"] == "completed" and s)
            self.assertEqual((status["version"], status["restarts"]), (version, 0))
            self.assertEqual({group["id"] for group in self.groups(daemon)}, {self.group_of(d) for d in daemons})

    def test_the_log_of_a_daemon_explains_every_change_in_one_line(self):
        (first,) = self.start(1)
        (second,) = self.start(1)
        self.wait_for_groups(2, first)
        job = self.start_slow_job(first)
        second.stop(signal.SIGKILL)
        self.wait_for_groups(1, first)
        (third,) = self.start(1)
        self.assertCompletes(first, job)
        self.assertEqual(first.ctl("gc").returncode, 0)
        wait_for("the log is shorter", lambda: "log truncated" in first.log_text())
        a, b, c = map(self.group_of, (first, second, third))
        lines = [line.split(" ", 2)[-1] for line in first.log_text().splitlines()]
        for change in (
                f"this group asks to join group={a} tenancy=t position=-1",
                f"group joined group={a} peers=0 position=0",
                f"peers added group={a} peers=5 position=1",
                f"this group is ready group={a} peers=5 position=1",
                f"group joins group={b} observer={a} position=2",
                f"peers announced, they wait for their group group={b} peers=5 position=N",
                f"group joined group={b} peers=5 position=N",
                f'job submitted job={job} name="slow" position=6',
                f"job starts job={job} version=6 peers=10 position=6",
                f"pulse of group is gone, its leaving is written group={b} position=N",
                f"group evicted, its pulse is gone group={b} peers=5 by={a} position=N",
                f'job waits for peers job={job} why="group {b} was evicted" position=N',
                f"group joins group={c} observer={a} position=N",
                f"group joined group={c} peers=5 position=N",
                f'job starts job={job} version=N peers=10 why="group {c} joined" position=N',
                f"job completed job={job} position=N",
                "log collected jobs=1 forgotten=0 gc=ID position=N",
                "log truncated origin=N"):
            pattern = re.escape(change).replace("=N", r"=\d+").replace("=ID", r"=\S+")
            self.assertEqual(len([line for line in lines if re.fullmatch(pattern, line)]), 1, change)
        sealed = [line for daemon in (first, third) for line in daemon.log_text().splitlines() if "job is sealed" in line]
        self.assertEqual(len(sealed), 1, sealed)
        # What was before it came is not told again.
        self.assertNotIn(f"group={b}", third.log_text())
        self.assertIn("log read up to where it was", third.log_text())

    def start_with_credentials(self, count):
        secret = self.write("auth", "onyx:secret\n")
        secret.chmod(0o600)
        daemons = self.start(count, session_ms=20_000, extra=f':onyxd/zookeeper-auth-file "{secret}"')
        self.wait_for_groups(count, *daemons)
        return daemons

    def assertHasStopped(self, daemon):
        """Its peers; the daemon is there and says why."""
        wait_for("it says so in its log", lambda: "this group has stopped; mend this and restart the daemon" in daemon.log_text())
        said = daemon.ctl("peer", "add", "1")
        self.assertEqual(said.returncode, 1, said.stdout + said.stderr)
        self.assertIn("NET-51", said.stderr)
        self.assertIn("NET-51", daemon.ctl("gc").stderr)
        self.assertNotIn("secret", daemon.log_text())
        self.assertEqual(daemon.stop(), 0)

    def test_credentials_that_are_refused_when_it_comes_back_stop_the_group(self):
        (daemon,) = self.start_with_credentials(1)
        self.zookeeper.kill()
        self.zookeeper.start("-Dzookeeper.DigestAuthenticationProvider.enabled=false")
        wait_for("it is refused", lambda: "zookeeper session dead: ZooKeeper refuses this daemon's credentials" in daemon.log_text())
        self.assertHasStopped(daemon)

    def test_an_access_list_that_is_changed_stops_the_group_that_has_to_write(self):
        first, second = self.start_with_credentials(2)
        shell(self.zookeeper.address, "addauth digest onyx:secret", "setAcl /onyx/t/log world:anyone:r")
        second.stop(signal.SIGKILL)
        self.assertHasStopped(first)

    def test_an_interrupted_drain_goes_on(self):
        first, second = self.start(2, session_ms=40_000)
        self.wait_for_groups(2, first, second)
        self.suspend(second)
        waiting = first.start_ctl("group", "drain", self.group_of(second), "--stop")
        wait_for("it is asked for", lambda: self.state_of(first, second) == "drained")
        waiting.send_signal(signal.SIGINT)
        said = waiting.communicate(timeout=GUARD_S)[1]
        self.assertEqual(waiting.returncode, 130, said)
        self.assertIn("the drain goes on", said)
        self.resume(second)
        self.assertEqual(second.process.wait(GUARD_S), 0)
        self.wait_for_groups(1, first)

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

    def state_of(self, daemon, of):
        return next((g["state"] for g in self.groups(daemon) if g["id"] == self.group_of(of)), "gone")

    def test_a_group_is_drained_from_another_daemon(self):
        daemons = self.start(3)
        first, second, third = daemons
        self.wait_for_groups(3, *daemons)
        job = self.start_slow_job(first)
        what_if = first.json("cluster", "simulate", "--lose", self.group_of(third))
        drained = first.ctl("group", "drain", self.group_of(third)[:8])
        self.assertEqual(drained.returncode, 0, drained.stderr)
        self.assertNotIn(self.group_of(third), sum(self.groups_of(first, job).values(), []))
        # As the simulation said.
        self.assertEqual({t["task"]: t["after"] for t in what_if["jobs"][0]["tasks"]},
                         {t["name"]: t["peers"] for t in self.status(first, job)["tasks"]})
        for daemon in daemons:
            wait_for("all show it", lambda: self.state_of(daemon, third) == "drained")
            group = next(g for g in self.groups(daemon) if g["id"] == self.group_of(third))
            self.assertTrue(group["version"] and group["host"] and group["position"] >= 0, group)
        self.assertEqual(third.ctl("peer", "add", "1").returncode, 1)
        self.assertCompletes(third, job)
        back = second.json("group", "undrain", self.group_of(third))
        self.assertEqual(back["peers"], 5)
        self.assertEqual(first.json("cluster", "status")["peers"]["total"], 15)
        self.assertAgree(*daemons)

    def test_a_drained_group_stays_drained_when_its_session_ends(self):
        first, second = self.start(2)
        self.wait_for_groups(2, first, second)
        self.assertEqual(first.ctl("group", "drain", self.group_of(second)).returncode, 0)
        second.process.send_signal(signal.SIGSTOP)
        wait_for("it is declared dead", lambda: self.state_of(first, second) == "gone")
        second.process.send_signal(signal.SIGCONT)
        def reborn():
            groups = [g for g in self.groups(first) if g["id"] != self.group_of(first)]
            return groups and groups[0]["state"] == "drained" and groups[0]
        group = wait_for("it is back, and drained", reborn)
        self.assertEqual(first.json("cluster", "status")["peers"]["total"], 5)
        self.assertEqual(second.json("group", "undrain", group["id"])["peers"], 5)

    def test_a_group_is_drained_and_its_daemon_ends(self):
        first, second = self.start(2)
        self.wait_for_groups(2, first, second)
        job = self.start_slow_job(first, peers=1)
        done = first.ctl("group", "drain", self.group_of(second), "--stop")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("its daemon has left the cluster and ends", done.stdout)
        self.assertEqual(second.process.wait(GUARD_S), 0)
        self.wait_for_groups(1, first)
        self.assertCompletes(first, job)

    def test_a_job_that_is_stored_and_not_in_the_log(self):
        """Whoever submits writes the job first and the entry last; in between the job is known by its node only."""
        (daemon,) = self.start(1)
        id = "00000000-0000-4000-8000-0000000000aa"
        self.assertEqual(daemon.ctl("job", "why", id).returncode, 5)
        shell(self.zookeeper.address, f"create /onyx/t/job-hash/{id} x")
        why = daemon.json("job", "why", id)
        self.assertEqual(why["reason"], "submitted")
        self.assertRegex(why["text"], r"^is stored, but no entry of the log, which is read up to \d+, submits it: ")
        self.assertEqual(why["unblock"], ["submit it again under the same id"])
        self.assertEqual(daemon.ctl("job", "status", id).returncode, 5)

    def test_a_daemon_that_does_not_answer_keeps_its_job_starting(self):
        first, second = self.start(2, peers=3, session_ms=20000)
        self.wait_for_groups(2, first, second)
        second.process.send_signal(signal.SIGSTOP)
        self.addCleanup(second.process.send_signal, signal.SIGCONT)
        job = first.submit(self.write("endless.edn", endless_job("endless", peers=4)))
        why = first.json("job", "why", job)
        second.process.send_signal(signal.SIGCONT)
        self.assertEqual(why["reason"], "starting")
        self.assertRegex(why["text"], r"^is starting: [0-3] of 6 peers run;.* group " + self.group_of(second)[:8] + " has not answered")
        wait_for("it runs", lambda: first.json("job", "why", job)["reason"] == "running")

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
