"""A daemon and its command line as processes, for the system tests.

Waiting is always for a state; the limits are hang guards.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SOURCE = Path(os.environ["ONYX_SOURCE_DIR"])
BIN = Path(os.environ["ONYX_BIN_DIR"])
GUARD_S = 120


def wait_for(what, condition, guard_s=GUARD_S):
    """Asks until `condition` answers something true, which is returned."""
    end = time.monotonic() + guard_s
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} has not come within {guard_s} s")
        time.sleep(0.01)


class Daemon:
    """`onyxd` with these arguments. It is ready when the constructor returns, or, with `is_awaited=False`, when await_ready() does;
    `wrapper` is a command that runs it; `binary` is another onyxd than that of this build."""

    def __init__(self, *arguments, listen=None, wrapper=(), binary=None, is_awaited=True):
        self.directory = Path(tempfile.mkdtemp(prefix="onyx-test-"))
        self.address = listen or f"unix:{self.directory}/api.sock"
        self.log = open(self.directory / "log", "w+")
        self.process = subprocess.Popen([*wrapper, binary or BIN / "onyxd", *arguments, "--listen", self.address],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.ready = ""
        if is_awaited:
            self.await_ready()

    def await_ready(self):
        self.ready = self.process.stdout.readline().strip()
        if not self.ready.startswith("onyxd ready "):
            self.process.wait(GUARD_S)
            raise AssertionError(f"onyxd did not start: {self.ready}\n{self.log_text()}")
        self.address = re.search(r"api=([^ ,]+)", self.ready).group(1)

    def log_text(self):
        return (self.directory / "log").read_text()

    def ctl(self, *arguments, stdin=None, environment=None):
        """Runs onyxctl; gives the finished process with stdout and stderr as text."""
        return subprocess.run([BIN / "onyxctl", *arguments], input=stdin, capture_output=True, text=True,
                              timeout=GUARD_S, env={**os.environ, "ONYX_ADDR": self.address, **(environment or {})})

    def start_ctl(self, *arguments):
        return subprocess.Popen([BIN / "onyxctl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env={**os.environ, "ONYX_ADDR": self.address})

    def json(self, *arguments):
        done = self.ctl(*arguments, "-o", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def submit(self, job, *arguments):
        """Submits and gives the id."""
        done = self.ctl("submit", "-q", str(job), *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def is_alive(self):
        return self.process.poll() is None and self.ctl("version").returncode == 0

    def stop(self, with_signal=signal.SIGTERM):
        """Ends the daemon; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        code = self.process.wait(GUARD_S)
        self.process.stdout.close()
        self.log.close()
        return code

    def close(self):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


class DaemonTest(unittest.TestCase):
    """A development daemon and a directory for the test's files."""

    arguments = ("--dev",)

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="onyx-work-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.daemon = Daemon(*self.arguments)
        self.addCleanup(self.daemon.close)

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path

    def assertAlive(self):
        self.assertTrue(self.daemon.is_alive(), self.daemon.log_text())


def chain_job(name, segments, function="(defn f [segment] segment)", extra_in="", extra_f="", extra="", peers=1):
    """in → f → out on seq plugins; f is test/f."""
    return f"""{{:job-name "{name}"
 :workflow [[:in :f] [:f :out]]
 :functions [(ns test) {function}]
 :catalog [{{:onyx/name :in :onyx/plugin :onyx.plugin.seq/input :onyx/type :input :onyx/medium :seq
            :seq/sequential {segments} :onyx/n-peers 1 :onyx/batch-size 10 {extra_in}}}
           {{:onyx/name :f :onyx/type :function :onyx/fn :test/f :onyx/max-peers {peers} :onyx/batch-size 10 {extra_f}}}
           {{:onyx/name :out :onyx/plugin :onyx.plugin.seq/output :onyx/type :output :onyx/medium :seq
            :onyx/max-peers 1 :onyx/batch-size 10}}]
 {extra}
 :task-scheduler :onyx.task-scheduler/balanced}}
"""


def endless_job(name, peers=1):
    """Runs until it is killed."""
    return f"""{{:job-name "{name}"
 :workflow [[:in :f] [:f :out]]
 :functions [(ns test) (defn f [segment] (update segment :n inc))]
 :catalog [{{:onyx/name :in :onyx/plugin :onyx.plugin.generator/input :onyx/type :input :onyx/medium :generator
            :generator/counter :n :onyx/n-peers 1 :onyx/batch-size 100}}
           {{:onyx/name :f :onyx/type :function :onyx/fn :test/f :onyx/n-peers {peers} :onyx/batch-size 100}}
           {{:onyx/name :out :onyx/plugin :onyx.plugin.null/output :onyx/type :output :onyx/medium :null
            :onyx/n-peers 1 :onyx/batch-size 100}}]
 :task-scheduler :onyx.task-scheduler/balanced}}
"""


def file_job(name, source, target, extra_in="", extra_out="", function="(defn f [segment] segment)", peers=1):
    return f"""{{:job-name "{name}"
 :workflow [[:in :f] [:f :out]]
 :functions [(ns test) {function}]
 :catalog [{{:onyx/name :in :onyx/plugin :onyx.plugin.file/input :onyx/type :input :onyx/medium :file
            :file/path "{source}" :file/format :json-lines {extra_in} :onyx/n-peers 1 :onyx/batch-size 100}}
           {{:onyx/name :f :onyx/type :function :onyx/fn :test/f :onyx/min-peers 1 :onyx/max-peers {peers} :onyx/batch-size 100}}
           {{:onyx/name :out :onyx/plugin :onyx.plugin.file/output :onyx/type :output :onyx/medium :file
            :file/path "{target}" :file/format :json-lines {extra_out} :onyx/n-peers 1 :onyx/batch-size 100}}]
 :task-scheduler :onyx.task-scheduler/balanced}}
"""


def main():
    unittest.main(verbosity=2)
