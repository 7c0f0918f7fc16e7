"""File jobs: formats, bad lines, missing files, a full disk, and the flights example."""
import json
import subprocess

from onyx import *


class Files(DaemonTest):
    def run_job(self, text, name="job.edn"):
        return self.daemon.ctl("submit", str(self.write(name, text)), "--wait")

    def assertKilled(self, done, *words):
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stdout + done.stderr)
        self.assertAlive()

    def hidden(self, directory=None):
        return [p.name for p in (directory or self.work).iterdir() if p.name.endswith(".part")]

    def test_the_flights_example(self):
        for name in ("late", "on-time", "early", "rejected", "unreadable"):
            (SOURCE / f"examples/flights/out/{name}.jsonl").unlink(missing_ok=True)
        done = self.daemon.ctl("submit", str(SOURCE / "examples/flights/job.edn"), "--wait")
        self.assertEqual(done.returncode, 0, done.stderr)
        flights = {}
        for name in ("late", "on-time", "early", "rejected"):
            lines = (SOURCE / f"examples/flights/out/{name}.jsonl").read_text().splitlines()
            flights[name] = [json.loads(line) for line in lines]
        source = [json.loads(line) for line in (SOURCE / "examples/flights/data/flights-20k.jsonl").open()]
        self.assertEqual(flights["rejected"], [])
        self.assertEqual(sum(len(f) for f in flights.values()), len(source))
        own = lambda f: {k: f[k] for k in ("date", "delay", "distance", "origin", "destination")}
        self.assertEqual([own(f) for f in flights["late"]], [f for f in source if f["delay"] > 15])
        self.assertEqual([own(f) for f in flights["on-time"]], [f for f in source if 0 <= f["delay"] <= 15])
        self.assertEqual([own(f) for f in flights["early"]], [f for f in source if f["delay"] < 0])
        first = flights["late"][0]
        self.assertEqual((first["hour"], first["weekday"], first["route"], first["speed-class"]),
                         (0, "Monday", "DTW-LAS", "fast"))

    def test_numbers_nesting_and_unicode_are_kept(self):
        lines = ['{"i":9223372036854775807,"d":0.1,"e":1e300,"z":-0.0,"one":1.0}',
                 '{"s":"żółć \\u00e9 🚀 \\"quoted\\" \\\\ /","deep":{"a":[1,[2,{"b":null}],true,false]}}',
                 '{"empty":{},"list":[],"text":""}']
        source = self.write("in.jsonl", "\n".join(lines) + "\n")
        target = self.work / "out.jsonl"
        self.assertEqual(self.run_job(file_job("exact", source, target)).returncode, 0)
        written = target.read_text(encoding="utf-8").splitlines()
        self.assertEqual([json.loads(line) for line in written], [json.loads(line) for line in lines])
        self.assertIn("9223372036854775807", written[0])
        self.assertIn('"one":1.0', written[0])

    def test_csv_to_edn_and_lines(self):
        source = self.write("in.csv", '\ufeffid,name,price\r\n1,"Smith, ""J""",2.5\r\n2,,\r\n3,"two\nlines",-1\r\n')
        target = self.work / "out.edn"
        job = file_job("csv", source, target, extra_in=":file/types {:id :long, :price :double}") \
            .replace(":file/format :json-lines :file/types", ":file/format :csv :file/types") \
            .replace(f':file/path "{target}" :file/format :json-lines', f':file/path "{target}" :file/format :edn-lines')
        self.assertEqual(self.run_job(job).returncode, 0)
        self.assertEqual(target.read_text().splitlines(),
                         ['{:id 1, :name "Smith, \\"J\\"", :price 2.5}', '{:id 2, :name "", :price nil}',
                          '{:id 3, :name "two\\nlines", :price -1.0}'])

    def test_a_bad_line_kills_the_job_with_its_place(self):
        source = self.write("in.jsonl", '{"n":1}\n{"n":2\n{"n":3}\n')
        self.assertKilled(self.run_job(file_job("bad", source, self.work / "out.jsonl")), f"{source}:2")
        self.assertFalse((self.work / "out.jsonl").exists())
        wait_for("nothing is left behind", lambda: not self.hidden())

    def test_bad_lines_are_skipped_and_counted(self):
        bad = ["not json", "[1]", '{"n":1,"n":2}', '{"n":9223372036854775808}', '{"n":NaN}', '{"n":1} x', '"\\ud800"',
               "[" * 100_000]
        source = self.write("in.jsonl", '{"n":1}\n' + "\n".join(bad) + '\n\n{"n":2}')
        target = self.work / "out.jsonl"
        done = self.run_job(file_job("skips", source, target, extra_in=":file/on-bad-line :skip"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(target.read_text(), '{"n":1}\n{"n":2}\n')
        task = self.daemon.json("job", "status", "skips")["tasks"][0]
        self.assertEqual(task["bad_lines"], len(bad))

    def test_bad_lines_are_set_aside(self):
        source = self.work / "in.jsonl"
        source.write_bytes(b'{"n":1}\nbroken\n{"s":"\xff"}\n{"n":2}\n')
        aside = self.work / "aside.jsonl"
        done = self.run_job(file_job("aside", source, self.work / "out.jsonl",
                                     extra_in=f':file/on-bad-line {{:to "{aside}"}}'))
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [json.loads(line) for line in aside.read_text().splitlines()]
        self.assertEqual([(r["file"], r["line"], r["offset"], r["text"]) for r in rows],
                         [(str(source), 2, 8, "broken"), (str(source), 3, 15, '{"s":"\ufffd"}')])
        self.assertTrue(all(r["reason"] for r in rows))

    def csv_job(self, name, source, target, extra_in=""):
        return file_job(name, source, target, extra_in=":file/types {:n :long, :x :double} " + extra_in) \
            .replace(f':file/path "{source}" :file/format :json-lines', f':file/path "{source}" :file/format :csv')

    def test_bad_lines_of_csv(self):
        good = b'n,x,s\r\n1,0.5,"a ""quoted"" word"\r\n'
        bad = [b"1", b"1,2,3,4", b"one,2,3", b"1,two,3", b"99999999999999999999,1,x", b'1,2,a"b', b'1,2,"a"b', b"1,2,\xff"]
        source = self.work / "in.csv"
        target = self.work / "out.jsonl"
        for number, line in enumerate(bad):
            source.write_bytes(good + line + b"\r\n2,1,b\r\n")
            with self.subTest(line):
                self.assertKilled(self.run_job(self.csv_job(f"bad-{number}", source, target)), f"{source}:3")
                self.assertFalse(target.exists())
        source.write_bytes(good + b"\n".join(bad) + b"\n2,1,b\x00\n3,,c\n4,1,\"open\nto the end")
        done = self.run_job(self.csv_job("skips", source, target, ":file/on-bad-line :skip"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([json.loads(line) for line in target.read_text().splitlines()],
                         [{"n": 1, "x": 0.5, "s": 'a "quoted" word'}, {"n": 2, "x": 1.0, "s": "b\0"}, {"n": 3, "x": None, "s": "c"}])
        self.assertEqual(self.daemon.json("job", "status", "skips")["tasks"][0]["bad_lines"], len(bad) + 1)
        for number, header in enumerate((b"n,x,n\n1,2,3\n", b"n,,x\n1,2,3\n", b"a,b\n1,2\n")):
            source.write_bytes(header)
            with self.subTest(header):
                self.assertKilled(self.run_job(self.csv_job(f"header-{number}", source, target)), f"{source}:1", "header")

    def test_a_line_without_an_end(self):
        """Longer than a line may be: passed over as one bad line, in bounded memory, and what follows is read."""
        source = self.work / "in.jsonl"
        with source.open("wb") as out:
            out.write(b'{"n":1}\n')
            for _ in range(64):
                out.write(b"x" * (1 << 20))
            out.write(b'\n{"n":2}\n' + b"\0" * (20 << 20))
        target = self.work / "out.jsonl"
        self.assertKilled(self.run_job(file_job("long", source, target)), f"{source}:2")
        done = self.run_job(file_job("skips", source, target, extra_in=":file/on-bad-line :skip"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(target.read_text(), '{"n":1}\n{"n":2}\n')
        self.assertEqual(self.daemon.json("job", "status", "skips")["tasks"][0]["bad_lines"], 2)

    def test_bad_lines_of_edn_and_plain_text(self):
        source = self.work / "in.txt"
        target = self.work / "out.jsonl"
        for format, text, count in (("edn-lines", b"{:n 1}\n{:n\n[1]\n#unknown 1\n{:a 1 :a 2}\n" + b"[" * 100_000 + b"\n\x00\n{:n 2}", 6),
                                    ("lines", b"one\n\xff\ntwo\n\xc3", 2)):
            source.write_bytes(text)
            job = file_job(format, source, target, extra_in=":file/on-bad-line :skip") \
                .replace(f':file/path "{source}" :file/format :json-lines', f':file/path "{source}" :file/format :{format}')
            done = self.run_job(job)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(target.read_text().splitlines()), 2)
            self.assertEqual(self.daemon.json("job", "status", format)["tasks"][0]["bad_lines"], count)

    def test_input_file_missing(self):
        missing = self.work / "none.jsonl"
        self.assertKilled(self.run_job(file_job("missing", missing, self.work / "out.jsonl")), str(missing), "does not exist")

    def test_globs_and_directories_are_read_in_order(self):
        (self.work / "data").mkdir()
        for n in (2, 1, 3):
            (self.work / "data" / f"part-{n}.jsonl").write_text(f'{{"n":{n}}}\n')
        for path in ("data", "data/part-*.jsonl"):
            target = self.work / "out.jsonl"
            done = self.run_job(file_job("many", path, target))  # relative to the job file
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(target.read_text(), '{"n":1}\n{"n":2}\n{"n":3}\n')
            target.unlink()

    def test_output_folder_missing_or_not_writable(self):
        source = self.write("in.jsonl", '{"n":1}\n')
        done = self.run_job(file_job("nowhere", source, self.work / "none/out.jsonl"))
        self.assertKilled(done, "none", "create it first")
        done = self.run_job(file_job("proc", source, "/proc/out.jsonl"))
        self.assertKilled(done, "/proc/out.jsonl", "cannot be written")

    def test_existing_output(self):
        source = self.write("in.jsonl", '{"n":1}\n')
        target = self.write("out.jsonl", "old\n")
        done = self.run_job(file_job("careful", source, target, extra_out=":file/if-exists :fail"))
        self.assertKilled(done, str(target), ":file/if-exists")
        self.assertEqual(target.read_text(), "old\n")
        self.assertEqual(self.run_job(file_job("bold", source, target)).returncode, 0)
        self.assertEqual(target.read_text(), '{"n":1}\n')

    def test_disk_full(self):
        mount = self.work / "small"
        mount.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount], capture_output=True).returncode:
            self.skipTest("a tmpfs cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", mount], check=True)
        source = self.write("in.jsonl", '{"text":"' + "x" * 1000 + '"}\n' * 1)
        source.write_text(source.read_text() * 2000)
        done = self.run_job(file_job("full", source, mount / "out.jsonl"))
        self.assertKilled(done, "No space left on device", str(mount / "out.jsonl"))
        wait_for("the disk is free again", lambda: not self.hidden(mount))
        bad = self.write("bad.jsonl", ("x" * 1000 + "\n") * 2000)
        done = self.run_job(file_job("aside", bad, self.work / "out.jsonl", extra_in=f':file/on-bad-line {{:to "{mount}/aside.jsonl"}}'))
        self.assertKilled(done, "No space left on device", str(mount / "aside.jsonl"))
        wait_for("the disk is free again", lambda: not self.hidden(mount))
        small = self.write("small.jsonl", '{"n":1}\n')
        self.assertEqual(self.run_job(file_job("fits", small, mount / "out.jsonl")).returncode, 0)


class Roots(DaemonTest):
    def setUp(self):
        self.allowed = Path(tempfile.mkdtemp(prefix="onyx-allowed-"))
        self.addCleanup(shutil.rmtree, self.allowed, ignore_errors=True)
        config = self.allowed / "onyxd.edn"
        config.write_text(f'{{:onyxd/file-roots ["{self.allowed}"]}}')
        self.arguments = ("--dev",)
        super().setUp()

    def test_a_development_daemon_may_use_any_file(self):
        source = self.write("in.jsonl", '{"n":1}\n')
        done = self.daemon.ctl("submit", str(self.write("job.edn", file_job("any", source, self.allowed / "o.jsonl"))), "--wait")
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    main()
