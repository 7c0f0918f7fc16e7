"""What README.md and docs/ show is what the binaries print: every `$ command` of theirs is run, and its output compared but for ids,
times and addresses. A shown line that ends in … stands for any that begins so, one of … alone for any number of lines."""
from onyx import *
from terminal import Terminal

PAGES = [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md"))]


def shown(page):
    """The commands of a page, in order: [(command, [line])]."""
    commands = []
    for line in page.read_text().splitlines():
        if line.startswith("    $ "):
            commands.append((line[6:], []))
        elif commands and line.startswith("    "):
            commands[-1][1].append(line[4:])
        elif commands and line:  # prose ends it
            commands.append((None, []))
    return [one for one in commands if one[0] is not None]


def plain(line):
    """Without what differs from run to run."""
    for pattern, word in ((r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"), (r"\b[0-9a-f]{8}\b", "ID"),
                          (r"\b\d+(\.\d+)? m?s\b", "TIME"), (r"\d\d:\d\d:\d\d", "CLOCK"), (r"log entry \d+", "log entry N"), (r"127\.0\.0\.1:\d+", "ADDRESS"),
                          (r"unix:\S+\.sock", "SOCKET"), (r"  +", "  ")):
        line = re.sub(pattern, word, line)
    return line.rstrip()


def is_as_shown(shown_lines, lines):
    if not shown_lines or not lines:
        return not lines and all(line == "…" for line in shown_lines)
    first, *rest = shown_lines
    if first == "…":
        return is_as_shown(rest, lines) or is_as_shown(shown_lines, lines[1:])
    return (lines[0].startswith(first[:-1]) if first.endswith("…") else lines[0] == first) and is_as_shown(rest, lines[1:])


class Docs(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-docs-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        shutil.copytree(SOURCE / "examples", self.work / "examples")

    def start(self, *arguments):
        self.daemon = Daemon("--dev", *arguments)
        self.addCleanup(self.daemon.close)

    def on_terminal(self, command):
        """What a terminal shows in the end."""
        terminal = Terminal(["bash", "-c", command], self.work, {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "TERM": "xterm",
                                                                 "NO_COLOR": "1", "ONYX_ADDR": self.daemon.address})
        terminal.wait()
        return terminal.lines()

    def compare(self, command, expected, found):
        found = [line for line in found if line.strip()]
        if not is_as_shown([plain(line) for line in expected], [plain(line) for line in found]):
            self.fail("\n".join(["", f"$ {command}", "shown:", *expected, "printed:", *found]))

    def run_shown(self, page, commands, names=()):
        """Runs those commands of the page, in their order; `names` says what stands for an id that is shown."""
        wanted = [one for one in shown(page) if one[0] in commands]
        self.assertEqual([command for command, _ in wanted], list(commands), page)
        for command, expected in wanted:
            with self.subTest(command):
                for name, real in dict(names).items():
                    command = command.replace(name, real)
                self.compare(command, expected, self.on_terminal(command))

    def test_the_five_minutes_of_the_readme(self):
        page = SOURCE / "README.md"
        (start, ready), *rest = shown(page)
        self.assertEqual(start, "build/release/bin/onyxd --dev")
        self.start()
        self.compare(start, ready, [self.daemon.ready])
        job = (self.work / "examples/flights/job.edn").read_text().replace(":onyx/fn :flights/parse", ":onyx/fn :flights/prase")
        (self.work / "job.edn").write_text(job)
        self.run_shown(page, [command for command, _ in rest])

    def test_the_page_of_the_command_line(self):
        page = SOURCE / "docs/cli.md"
        self.start("--peers", "4")
        clicks = self.daemon.submit(self.write("clicks.edn", endless_job("clicks")))
        self.write("second.edn", endless_job("billing"))
        group = self.daemon.json("group", "show")["group"]["id"][:8]
        drain, why, undrain = "onyxctl group drain 3d1556dd", "onyxctl job why clicks", "onyxctl group undrain 3d1556dd"
        simulate, diff = "onyxctl cluster simulate --add-peers 2 --submit second.edn", "onyxctl replica diff 3 4"
        self.assertEqual([command for command, _ in shown(page)], [diff, simulate, drain, why, undrain, "onyxctl test cases"])
        self.run_shown(page, [simulate])
        self.assertEqual(self.daemon.ctl("submit", str(self.work / "second.edn")).returncode, 7)
        self.daemon.ctl("kill", clicks)
        self.run_shown(page, [diff])
        self.daemon.ctl("kill", "billing")
        self.daemon.submit(self.work / "clicks.edn")
        self.run_shown(page, [drain, why, undrain], {"3d1556dd": group})

    def test_the_page_of_the_command_line_cases(self):
        self.start()
        cases = self.work / "cases"
        cases.mkdir()
        for name in ("numbers", "string-functions"):
            shutil.copy(SOURCE / f"tests/conformance/onyx/functions/{name}.edn", cases)
        job = chain_job("count", "[]", "(defn f [segment] [])").replace(":seq/sequential []", "").strip().splitlines()
        (cases / "count.edn").write_text("\n".join(['{:doc "a word is counted once" :onyx/source "none" :job', *job,
                                                    ' :inputs {:in [{:word "a"}]}', ' :expect {:out [{:word "a" :n 1}]}}']))
        self.run_shown(SOURCE / "docs/cli.md", ["onyxctl test cases"])

    def test_the_page_of_the_function_language(self):
        self.start()
        (self.work / "src").mkdir()
        self.write("src/my_app.clj", "(ns my.app)\n\n(defn bump [segment]\n  (upate segment :n inc))\n")
        self.write("job.edn", chain_job("bump", "[]", "(defn f [segment] segment)").replace(":onyx/fn :test/f", ":onyx/fn :my.app/bump"))
        self.run_shown(SOURCE / "docs/function-language.md", ["onyxctl validate job.edn --functions src/my_app.clj"])

    def test_the_job_of_the_job_model_runs(self):
        self.start()
        job = re.search(r"```clojure\n(\{:workflow.*?)```", (SOURCE / "docs/job-model.md").read_text(), re.S).group(1)
        self.write("job.edn", job)
        self.write("clicks.json", '{"n":1}\n')
        self.assertEqual(self.daemon.ctl("validate", str(self.work / "job.edn")).returncode, 0)
        done = self.daemon.ctl("submit", str(self.work / "job.edn"), "--wait")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((self.work / "parsed.csv").read_text(), "n\n2\n")

    def test_no_page_shows_what_nobody_runs(self):
        run_here = {SOURCE / "README.md", SOURCE / "docs/cli.md", SOURCE / "docs/function-language.md"}
        self.assertEqual([page for page in PAGES if page not in run_here and shown(page)], [])

    def write(self, name, text):
        (self.work / name).write_text(text)
        return self.work / name


if __name__ == "__main__":
    main()
