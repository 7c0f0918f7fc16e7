"""A staged install: the unit file is valid and hardened, the configuration is accepted as far as it can be."""
import re
import subprocess

from onyx import *

BUILD = Path(os.environ["ONYX_BUILD_DIR"])


class Packaging(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = Path(tempfile.mkdtemp(prefix="onyx-stage-"))
        cls.addClassCleanup(shutil.rmtree, cls.stage, ignore_errors=True)
        subprocess.run(["cmake", "--install", BUILD, "--prefix", "/usr"], check=True, capture_output=True,
                       env={**os.environ, "DESTDIR": str(cls.stage)})

    def path_of(self, name):
        found = [p for p in self.stage.rglob(name) if p.is_file()]
        self.assertEqual(len(found), 1, f"{name} in {self.stage}: {found}")
        return found[0]

    def test_what_is_installed(self):
        for name in ("bin/onyxd", "bin/onyxctl", "bin/onyxd-warden"):
            self.assertTrue(os.access(self.path_of(name), os.X_OK))
        done = subprocess.run([self.path_of("onyxd"), "--version"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^onyxd \d+\.\d+\.\d+$")
        self.assertTrue(list(self.stage.rglob("examples/hello/job.edn")))

    def test_bash_completes_with_the_installed_script(self):
        script = self.path_of("bash-completion/completions/onyxctl")
        binaries = self.path_of("bin/onyxctl").parent

        def complete(line):
            """What bash offers at the end of the line, with the function that the script has registered."""
            code = r"""
                source "$1"
                read -ra COMP_WORDS <<<"$2"; COMP_LINE=$2 COMP_POINT=${#2} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                [[ $(complete -p onyxctl) =~ -F\ ([^ ]+) ]] && ${BASH_REMATCH[1]} onyxctl
                ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
            """
            done = subprocess.run(["bash", "--norc", "-c", code, "bash", script, line], capture_output=True, text=True, cwd=self.stage,
                                  env={"PATH": f"{binaries}:{os.environ['PATH']}", "ONYX_ADDR": f"unix:{self.stage}/none.sock"})
            self.assertEqual(done.stderr, "")
            return done.stdout.split()

        (self.stage / "subject.edn").write_text("{}")
        self.assertEqual(complete("onyxctl su"), ["submit"])
        self.assertEqual(complete("ONYX_OUTPUT=json onyxctl job su"), ["submit"])
        self.assertEqual(complete("onyxctl submit --functions sub"), ["subject.edn"])
        self.assertEqual(complete("onyxctl job ls --output=nd"), ["ndjson"])  # bash has taken what ends with =
        self.assertEqual(complete("onyxctl doc :onyx/batch-si"), ["onyx/batch-size"])
        self.assertEqual(complete("onyxctl job status "), [])  # no daemon: nothing, and no talk

    def test_the_scripts_of_other_shells_can_be_read(self):
        for shell, script in (("zsh", "site-functions/_onyxctl"), ("fish", "vendor_completions.d/onyxctl.fish")):
            path = self.path_of(script)
            with self.subTest(shell):
                if shutil.which(shell) is None:
                    self.skipTest(f"there is no {shell} here")
                done = subprocess.run([shell, "-n", path], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_unit_is_valid(self):
        unit = self.path_of("onyxd.service")
        # The staged binary stands in for the installed one, which systemd-analyze looks for.
        text = unit.read_text()
        binary = re.search(r"^ExecStart=(\S+)", text, re.M).group(1)
        staged = self.stage / "onyxd.service"
        staged.write_text(text.replace(binary, str(self.path_of("onyxd"))))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", staged], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_unit_is_hardened(self):
        unit = self.path_of("onyxd.service")
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=15", unit],
                              capture_output=True, text=True)
        exposure = re.search(r"Overall exposure level.*?: ([\d.]+)", done.stdout)
        self.assertTrue(exposure, done.stdout + done.stderr)
        self.assertLessEqual(float(exposure.group(1)), 1.5, done.stdout)
        self.assertEqual(done.returncode, 0)

    def test_the_shipped_configuration_is_valid(self):
        config = self.stage / "onyxd.edn"
        config.write_text(self.path_of("onyxd.edn").read_text().replace("127.0.0.1:2181", "127.0.0.1:1"))
        done = subprocess.run([self.path_of("onyxd"), "--config", config], capture_output=True, text=True, timeout=GUARD_S)
        self.assertNotEqual(done.returncode, 3, done.stderr)  # 3: the configuration is wrong


if __name__ == "__main__":
    main()
