"""A program on a terminal of its own."""
import fcntl
import pty
import select
import struct
import termios

from onyx import *

CLEAR = re.compile(r"\x1b\[(\d+)A\x1b\[J")


class Terminal:
    def __init__(self, command, directory, environment, columns=160):
        self.text = ""
        self.status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execvpe(command[0], [str(word) for word in command], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def read(self):
        """Takes what has been printed since; False at the end."""
        if not select.select([self.fd], [], [], GUARD_S)[0]:
            raise AssertionError(f"nothing more is printed after {self.text!r}")
        try:
            more = os.read(self.fd, 65_536)
        except OSError:
            more = b""
        self.text += more.decode(errors="replace").replace("\r\n", "\n")
        return bool(more)

    def read_until(self, pattern):
        while not re.search(pattern, self.text):
            if not self.read():
                raise AssertionError(f"it ended after {self.text!r}")

    def type(self, keys):
        os.write(self.fd, keys)

    def wait(self):
        """Its exit code, once it has ended and all is read."""
        while self.read():
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def lines(self):
        """What stands there in the end: without what was drawn over."""
        text = self.text
        while drawn := CLEAR.search(text):
            before = text[:drawn.start()].splitlines(keepends=True)
            text = "".join(before[:len(before) - int(drawn.group(1))]) + text[drawn.end():]
        return text.splitlines()
