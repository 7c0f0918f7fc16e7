"""Bad input: a clear error, exit code 3, nothing written, and the daemon stays up."""
import subprocess

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

    def assertAllRefused(self, rows):
        """`rows`: a text or bytes, and what its error says. Looks at what must not have changed once, after them."""
        for text, *words in rows:
            path = self.work / "job.edn"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            done = self.daemon.ctl("submit", str(path))
            with self.subTest(text[:80]):
                self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
                for word in words:
                    self.assertIn(word, done.stderr)
        self.assertEqual(self.daemon.json("job", "ls")["jobs"], [])
        self.assertEqual(len(self.daemon.json("log", "tail", "--from", "0")["entries"]), 2)
        self.assertAlive()

    def test_edn(self):
        self.assertAllRefused((
            ("", "job.edn:1:1"),
            ("{:workflow [[:in", "job.edn:1"),
            ("{:a 1}}", "job.edn:1:7"),
            ("{:a [1 2}", "job.edn:1:9"),
            ("{:a}", "job.edn:1:2"),
            ("{:a 1} {:b 2}", "job.edn:1:8"),
            ("[" * 1_000_000, "job.edn:1:513", "nest"),
            ("#_" * 1_000_000, "job.edn:1"),
            ("{:a 1 :a 2}", "job.edn:1:7"),
            ("#{1 1}", "job.edn:1"),
            ('{:a "\x00"', "job.edn:1"),
            (b"{:a \"\xff\xfe\"}", "job.edn:1:6", "UTF-8"),
            (b"\xef\xbb\xbf{}", "job.edn:1:1", "byte order mark"),
            ('{:a "\\ud800"}', "job.edn:1"),
            (":", "job.edn:1:1"), ("::a", "job.edn:1:1"), ("a/", "job.edn:1:1"), ("1/0", "job.edn:1:1"),
            ("1" * 100_000, "job.edn:1:1", "4096"),
            ("1e999999999", "job.edn:1:1"),
            ("#foo 1", "job.edn:1:1", "#foo"), ("#{:a [1] [1]}", "job.edn:1:10"), ("##Foo", "job.edn:1:1"),
            ('#inst "2024-13-01"', "job.edn:1:7"),
            ('#uuid "1"', "job.edn:1:7"),
            ('"' + "x" * (17 << 20) + '"', "16"),
            ("nil", "job.edn:1:1"), ("[1]", "job.edn:1:1"), ("4", "job.edn:1:1")))

    def test_files_that_never_end(self):
        """What comes after the longest document is not read."""
        huge = self.work / "huge.edn"
        with huge.open("wb") as out:
            out.truncate(1 << 30)
        hello = str(SOURCE / "examples/hello/job.edn")
        for words in (("submit", "/dev/zero"), ("validate", str(huge)), ("test", str(huge)), ("submit", hello, "--functions", "/dev/zero")):
            done = self.daemon.ctl(*words)
            self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
            self.assertIn("error[EDN-21]", done.stderr)
        with open("/dev/zero") as endless:
            done = subprocess.run([BIN / "onyxctl", "submit", "-", "--addr", self.daemon.address], stdin=endless, capture_output=True,
                                  text=True, timeout=GUARD_S)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("stdin is longer than", done.stderr)
        self.assertEqual(self.daemon.json("job", "ls")["jobs"], [])
        self.assertAlive()

    def test_errors_say_where_to_the_byte(self):
        done = self.daemon.ctl("validate", "-o", "json", str(self.write("job.edn", "{:ä 1\n :b [1 2}")))
        self.assertEqual(done.returncode, 3)
        (error,) = json.loads(done.stdout)["findings"]
        self.assertEqual((error["line"], error["col"], error["offset"]), (2, 9, 15))

    def test_hostile_keys(self):
        """Many keys, alike in all but their ends, and values nested to the limit, cost no more than their length."""
        keys = " ".join(f":{'k' * 40}{i} {i}" for i in range(100_000))
        # Keys that a weak hash puts into one place: multiples of a power of two.
        numbers = " ".join(f"{i << 32} 0" for i in range(100_000))
        for text in ("{" + numbers + "}", "#{" + " ".join(str(i << 40) for i in range(100_000)) + "}"):
            self.assertAllRefused(((text, "job.edn:1"),))
        self.assertAllRefused((("{" + keys + "}", "job.edn:1"), ("[" * 500 + "]" * 500, "job.edn:1:1")))

    def test_job_map(self):
        job = chain_job("map", "[{:n 1}]")
        long = "n" * 2_000
        edit = lambda old, new: job.replace(old, new, 1)
        task = "{:onyx/name :f :onyx/type :function :onyx/fn :test/f :onyx/max-peers 1 :onyx/batch-size 10 }"
        self.assertIn(task, job)
        of_task = lambda old, new: job.replace(task, task.replace(old, new))
        part = lambda text: job.replace(" :task-scheduler", f" {text}\n :task-scheduler")
        window = ("{:window/id :w :window/task :f :window/type :sliding :window/window-key :t :window/range [5 :minutes] "
                  ":window/slide [1 :minute] :window/aggregation :onyx.windowing.aggregation/count}")
        self.assertAllRefused((
            (edit("[:f :out]", "[:f :in] [:f :out]"), "WF-", ":in"),
            (edit("[:f :out]", "[:f :g] [:g :f] [:f :out]"), "WF-"),
            (edit("[:f :out]", "[:f :f] [:f :out]"), "WF-"),
            (edit("[:f :out]", "[:f :outt]"), ":outt", ":out"),
            (edit("[[:in :f] [:f :out]]", "[]"), ":workflow"),
            (edit("[[:in :f] [:f :out]]", "{:in :f}"), ":workflow"),
            (edit("[[:in :f] [:f :out]]", "[[:in]]"), ":workflow"),
            (job.replace(task, task + task), ":f", "CAT-"),
            (job.replace(task, ""), ":f"),
            (of_task(":onyx/name :f ", ""), ":onyx/name"),
            (of_task(":onyx/type :function", ":onyx/type :functon"), ":functon", ":function"),
            (of_task(":onyx/batch-size 10", ':onyx/batch-size "10"'), ":onyx/batch-size"),
            (of_task(":onyx/batch-size 10", ":onyx/batch-size 9999999999999999999"), "job.edn"),
            (of_task(":onyx/max-peers 1", ":onyx/min-peers 3 :onyx/max-peers 2"), ":onyx/min-peers"),
            (of_task(":onyx/max-peers 1", ":onyx/n-peers 0"), ":onyx/n-peers"),
            (of_task(":onyx/max-peers 1", ":onyx/n-peers -1"), ":onyx/n-peers"),
            (of_task(":onyx/max-peers 1", ":onyx/n-peers 2 :onyx/min-peers 1"), ":onyx/n-peers"),
            (of_task(":onyx/max-peers 1", ":onyx/required-tags :gpu"), ":onyx/required-tags"),
            (of_task(":onyx/max-peers 1", ":onyx/max-pears 1"), ":onyx/max-pears", ":onyx/max-peers"),
            (of_task(":onyx/fn :test/f", ":onyx/fn :tset/f"), ":tset/f", ":test/f"),
            (of_task(":onyx/fn :test/f", ":onyx/fn f"), ":onyx/fn"),
            (of_task(":onyx/fn :test/f", ":onyx/fn :test/f :onyx/group-by-key :n"), ":onyx/flux-policy"),
            (edit("onyx.plugin.seq/input", "onyx.plugin.sek/input"), ":onyx.plugin.sek/input", ":onyx.plugin.seq/input"),
            (edit(":onyx/medium :seq", ""), ":onyx/medium"),
            (part(f":windows [{window}]"), ":windows"),
            (part(":windows [" + window.replace("[5 :minutes]", "[0 :minutes]") + "]"), ":window"),
            (part(":windows [" + window.replace("sliding", "slidng") + "]"), ":window"),
            (part(":windows [" + window.replace("aggregation/count", "aggregation/cuont") + "]"), ":window"),
            (part(":triggers [{:trigger/window-id :none}]"), ":trigger"),
            (part(":resume-point {:in {:input {:mode :resume}}}"), ":resume-point"),
            (part(":flow-conditions [{:flow/from :f :flow/to [:none] :flow/predicate :test/f}]"), ":none"),
            (part(":flow-conditions [{:flow/from :f :flow/to [:out] :flow/predicate :test/none}]"), ":test/none"),
            (part(":lifecycles [{:lifecycle/task :g :lifecycle/calls :test/f}]"), ":g"),
            (part(":percentage 101"), ":percentage"),
            (edit('"map"', f'"{long}"'), "JOB-04", "1024"),
            (of_task(":onyx/name :f ", f":onyx/name :{long} "), "CAT-01", "1024"),
            (part(f":windows [{window.replace('[1 :minute]', '[10 :minutes]')}]"), ":windows"),
            (part(':metadata {:job-id "x"}'), ":job-id"),
            (edit(":task-scheduler :onyx.task-scheduler/balanced", ":task-scheduler :onyx.task-scheduler/balancd"),
             ":onyx.task-scheduler/balancd", ":onyx.task-scheduler/balanced"),
            (part(":catalogue []"), ":catalogue", ":catalog")))

    def test_ten_thousand_tasks(self):
        """A job that large waits for its peers and can be killed."""
        names = [f":t{i}" for i in range(10_000)]
        path = [":in", *names, ":out"]
        entries = "".join(f"{{:onyx/name {n} :onyx/type :function :onyx/fn :test/f :onyx/batch-size 10}}" for n in names)
        job = chain_job("tasks", "[{:n 1}]").replace("[[:in :f] [:f :out]]", "[" + "".join(
            f"[{a} {b}]" for a, b in zip(path, path[1:])) + "]").replace("{:onyx/name :f ", entries + "{:onyx/name :f ", 1)
        done = self.daemon.ctl("submit", str(self.write("job.edn", job.replace("[:t9999 :out]", "[:t9999 :f] [:f :out]"))))
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertIn("10003", self.daemon.ctl("job", "why", "tasks").stdout)
        self.assertEqual(self.daemon.ctl("kill", "tasks").returncode, 0)
        self.assertEqual(self.daemon.ctl("submit", str(self.write("hello.edn", chain_job("hello", "[{:n 1}]"))), "--wait").returncode, 0)

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
        self.assertAllRefused([(chain_job("bad", "[]", f"(defn f [segment] {body})"), "job.edn:3:", *words) for body, *words in (
            ("(eval segment)", "eval"),
            ("(swap! state inc)", "swap!"),
            ("(updat segment :n inc)", "updat", "update"),
            ('(System/exit 0)', "System/exit"),
            ('(.getClass segment)', ".getClass"),
            ('(Thread. f)', "Thread."),
            ('(new Thread)', "new"),
            ('(slurp "/etc/passwd")', "slurp"),
            ('(require (quote [clojure.java.io]))', "require"),
            ('(defmacro m [] 1)', "defmacro"),
            ('(let [a] a)', "let"),
            ('(if)', "if"),
            ('(recur)', "recur"),
            ('(re-pattern "(")', "re-pattern"))])

    def test_function_files(self):
        job = self.write("job.edn", chain_job("files", "[]").replace(":test/f", ":more/f"))
        for text, word in (("(ns more) (defn f [s] (eval s))", "more.clj:1:"), ("(ns more) (defn f [s]", "more.clj:1:"),
                           ("(" * 1_000_000, "more.clj:1:"), ("\x00", "more.clj:1:"), ("@a", "more.clj:1:")):
            done = self.daemon.ctl("submit", str(job), "--functions", str(self.write("more.clj", text)))
            self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
            self.assertIn(word, done.stderr)
        self.assertEqual(self.daemon.json("job", "ls")["jobs"], [])
        self.assertAlive()

    def test_what_this_version_lacks_is_named(self):
        job = chain_job("windows", "[{:n 1}]", extra=""":windows [{:window/id :w :window/task :f :window/type :global
            :window/aggregation :onyx.windowing.aggregation/count}]""")
        self.assertRefused(job, ":windows", "lacks")

    def test_limits_kill_the_job_not_the_daemon(self):
        for name, function, word in (
                ("steps", "(defn f [segment] (loop [] (recur)))", "steps"),
                ("depth", "(defn f [segment] (f segment))", "depth"),
                ("bytes", "(defn f [segment] (loop [s \"x\"] (recur (str s s))))", "bytes"),
                ("length", "(defn f [segment] {:n (count (range))})", ""),
                ("lazy", "(defn f [segment] {:n (range)})", "length"),
                ("nesting", "(defn f [segment] {:n (reduce (fn [a _] [a]) [] (range 2000))})", "nest"),
                ("caught", "(defn f [segment] (try (loop [] (recur)) (catch Throwable e segment)))", "steps"),
                ("giant", "(defn f [segment] {:s (apply str (repeat 900000 \"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"))})", "bytes")):
            done = self.daemon.ctl("submit", str(self.write("job.edn", chain_job(name, "[{:n 1}]", function))), "--wait")
            self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
            self.assertIn(word, done.stderr + done.stdout)
            self.assertAlive()

    def test_a_hostile_regex_takes_linear_time(self):
        function = '(defn f [segment] {:m (re-find (re-pattern "(a+)+(a|aa)*b") (apply str (repeat 100000 "a")))})'
        done = self.daemon.ctl("submit", str(self.write("job.edn", chain_job("regex", "[{:n 1}]", function))), "--wait")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.daemon.json("job", "output", "regex", "out")["segments"], [{"m": None}])

    @unittest.skipIf(os.getuid() != 0, "only root can be somebody else")
    def test_a_socket_is_not_for_everybody(self):
        directory = Path(tempfile.mkdtemp(prefix="onyx-open-"))
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        directory.chmod(0o755)
        program = shutil.copy(BIN / "onyxctl", directory)
        address = f"unix:{directory}/api.sock"
        daemon = Daemon("--dev", listen=address)
        self.addCleanup(daemon.close)
        done = subprocess.run([program, "job", "ls", "--addr", address], capture_output=True, text=True, timeout=GUARD_S,
                              user=65534, group=65534, extra_groups=[])
        self.assertEqual(done.returncode, 9, done.stdout + done.stderr)
        self.assertIn("error[NET-49]", done.stderr)
        self.assertEqual(daemon.ctl("job", "ls").returncode, 0)

    def test_words_that_are_no_text(self):
        """Nothing that is not UTF-8 leaves onyxctl."""
        before = self.daemon.json("log", "tail", "--from", "0")
        for words in ((b"kill", b"\xc3("), (b"kill", b"x", b"--reason", b"\xff"), (b"submit", b"\xff.edn"), (b"job", b"output", b"\xed\xa0\x80")):
            done = subprocess.run([bytes(BIN / "onyxctl"), *words, b"--addr", self.daemon.address.encode()], capture_output=True,
                                  text=True, timeout=GUARD_S)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn("error[CLI-08]", done.stderr)
        self.assertEqual(self.daemon.json("log", "tail", "--from", "0"), before)

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


class Configuration(unittest.TestCase):
    """onyxd with a configuration or flags that are wrong says what and where, and does not start."""
    REQUIRED = '{:onyx/tenancy-id "t" :zookeeper/address "127.0.0.1:1" :onyx.peer/job-scheduler :onyx.job-scheduler/balanced\n '

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-work-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.config = self.work / "onyxd.edn"

    def assertRefused(self, code, arguments, *words):
        done = subprocess.run([BIN / "onyxd", *arguments], capture_output=True, text=True, timeout=GUARD_S)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        for word in words:
            self.assertIn(word, done.stderr)

    def test_what_is_written(self):
        for text, *words in (
                ("", "onyxd.edn:1:1"),
                ("{", "onyxd.edn:1"),
                ("[]", "map"),
                ("{}", ":onyx/tenancy-id", ":zookeeper/address", ":onyx.peer/job-scheduler"),
                (self.REQUIRED + ":onyxd/peers 999999999999}", "onyxd.edn:2:", "10000"),
                (self.REQUIRED + ":onyxd/pears 4}", "onyxd.edn:2:2", ":onyxd/peers"),
                (self.REQUIRED + ":onyx.peer/hartbeat-ms 4}", "onyxd.edn:2:2", ":onyx.peer/heartbeat-ms"),
                (self.REQUIRED + ':onyx.peer/heartbeat-ms "250ms"}', "onyxd.edn:2:", ":onyx.peer/heartbeat-ms"),
                (self.REQUIRED + ":onyx.peer/heartbeat-ms 0.25}", "onyxd.edn:2:", ":onyx.peer/heartbeat-ms"),
                (self.REQUIRED + ":onyx.zookeeper/session-timeout-ms -1}", "onyxd.edn:2:"),
                (self.REQUIRED + ":onyxd/peers 4 :onyxd/peers 5}", "onyxd.edn:2:17"),
                (self.REQUIRED + ":onyxd/log-level :loud}", "onyxd.edn:2:", ":loud"),
                (self.REQUIRED + ':onyxd/listen ["0.0.0.0:7400"]}', "0.0.0.0:7400"),
                (self.REQUIRED.replace('"t"', '"a/b"') + "}", ":onyx/tenancy-id"),
                (self.REQUIRED.replace("/balanced", "/balancd") + "}", ":onyx.job-scheduler/balanced")):
            self.config.write_text(text)
            with self.subTest(text):
                self.assertRefused(3 if "0.0.0.0" not in text else 1, ["--config", str(self.config)], *words)

    def test_a_file_that_cannot_be_trusted_or_read(self):
        self.config.write_text("{}")
        self.config.chmod(0o666)
        self.assertRefused(3, ["--dev", "--config", str(self.config)], str(self.config), "anybody", "chmod o-w")
        self.assertRefused(3, ["--dev", "--config", str(self.work)], str(self.work), "directory")
        self.assertRefused(3, ["--dev", "--config", "/dev/zero"], "/dev/zero", "longer than")
        self.assertRefused(3, ["--dev", "--config", str(self.work / "none")], "No such file")

    def test_flags(self):
        for arguments, *words in (
                ([], "--dev"),
                (["--nonsense"], "--nonsense"),
                (["--dev", "surplus"],),
                (["--dev", "--peers"], "--peers"),
                (["--dev", "--peers", "many"], "--peers"),
                (["--dev", "--peers", "-1"], "--peers"),
                (["--dev", "--peers", "0"], "--peers"),
                (["--dev", "--peers", "10001"], "--peers"),
                (["--dev", "--peers", "99999999999999999999"], "--peers"),
                (["--dev", "--log-level", "loud"], "--log-level", "debug"),
                (["--dev", "--config"], "--config")):
            with self.subTest(arguments):
                self.assertRefused(2, arguments, "onyxd --help", *words)
        for address in ("", "nonsense", "0.0.0.0:0", "127.0.0.1:99999", "127.0.0.1:x", "unix:", "unix:relative", "unix:/" + "x" * 200):
            with self.subTest(address):
                self.assertRefused(1 if address in ("nonsense", "0.0.0.0:0") else 3, ["--dev", "--listen", address], f"{address}`"[5 if "x" * 200 in address else 0:])



if __name__ == "__main__":
    main()
