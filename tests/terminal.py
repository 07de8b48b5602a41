"""A terminal of its own for a test: a person types behind prompts, as on a screen."""

import os
import pty
import select
import signal
import sys
import termios
import time
from collections.abc import Mapping, Sequence

PATIENCE_S = 60


class Terminal:
    """One terminal with one session leader, in which commands run one after another, like a shell's."""

    def __init__(self, environment: Mapping[str, str], folder: str) -> None:
        """The leader answers each line of words with what the command printed and its exit code."""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            shell = ["/bin/sh", "-i"]
            os.execve(shell[0], shell, {**environment, "PS1": "", "PS2": "", "PYTHONWARNINGS": "ignore"})
        self._told = ""
        self._write("stty -echo; echo rea''dy")
        self._until("ready")

    def _write(self, line: str) -> None:
        os.write(self._fd, line.encode() + b"\n")

    def _until(self, what: str) -> str:
        """What was printed up to `what`."""
        ends = time.monotonic() + PATIENCE_S
        while what not in self._told:
            ready, _, _ = select.select([self._fd], [], [], 0.2)
            if ready:
                self._told += os.read(self._fd, 65536).decode("utf-8", "replace")
            if time.monotonic() > ends:
                raise TimeoutError(f"{what!r} never came: {self._told!r}")
        found, _, self._told = self._told.partition(what)
        return found

    def __call__(self, line: str, answers: Sequence[tuple[str, str]] = ()) -> tuple[int, str]:
        """The exit code of `opp LINE` and what stood on the screen. `answers` are (prompt, what is typed behind it)."""
        self._write(f"{sys.executable} -m oppcli {line}; echo co''de=$?=")
        shown = ""
        for prompt, typed in answers:
            shown += self._until(prompt) + prompt
            self._listened()
            self._write(typed)
        shown += self._until("code=")
        code = int(self._until("="))
        return code, shown.replace("\r\n", "\n")

    def _listened(self) -> None:
        """Wait until letters are read one by one; what asks for whole lines throws away what was typed before."""
        ends = time.monotonic() + 0.2
        while termios.tcgetattr(self._fd)[3] & termios.ICANON and time.monotonic() < ends:
            time.sleep(0.005)

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)
