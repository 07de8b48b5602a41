"""What has more lines than the screen goes through a pager: `OPP_PAGER`, `PAGER`, `less -FRX`."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from oppcli.config.machine import lent
from oppcli.render.screen import size

OTHERWISE = "less -FRX"
NONE = ("", "cat")
"""Pagers that are none."""


def pager() -> list[str]:
    """The words of the pager's command; none where there is to be none, or where it is not installed. Whom `sudo` lent
    somebody's rights has less, from which nothing else is started, and no other."""
    names = ("OPP_PAGER", "PAGER")
    named = next((os.environ[name] for name in names if name in os.environ), OTHERWISE).strip()
    if lent(os.environ) and named not in NONE:
        named = OTHERWISE
    try:
        words = shlex.split(named)
    except ValueError:  # a quote is not closed
        return []
    return words if named not in NONE and words and shutil.which(words[0]) else []


class Pages:
    """A stream to the screen: kept until it is longer than that, then the pager's, from its beginning on."""

    def __init__(self, screen: TextIO, command: list[str]) -> None:
        self._screen, self._command = screen, command
        self._size = size()
        self._kept: list[str] = []
        self._lines = 0
        self._pager: subprocess.Popen[str] | None = None
        self._gone = False
        self._heeded: Any = signal.SIG_DFL
        self.encoding = screen.encoding

    def write(self, text: str) -> int:
        """Show the text, or keep it until it is known whether a pager has to. Refuses bytes (TypeError), by which Typer
        knows a stream of texts."""
        if not isinstance(text, str):
            raise TypeError(type(text))
        if self._pager is not None:
            self._hand(text)
        else:
            self._kept.append(text)
            self._lines += sum(1 + max(len(line) - 1, 0) // self._size[0] for line in text.split("\n")[:-1])
            if self._lines >= self._size[1]:
                self._begin()
        return len(text)

    def writelines(self, texts: Iterable[str]) -> None:
        """Show each text, as long as somebody reads."""
        for text in texts:
            if self._gone:
                return
            self.write(text)

    def flush(self) -> None:
        """Nothing is shown before its time."""

    def isatty(self) -> bool:
        """It is as good as the screen itself."""
        return True

    def close(self) -> None:
        """Show what was kept, or wait until the reader is done."""
        if self._pager is None:
            self._screen.writelines(self._kept)
            self._screen.flush()
            return
        try:
            cast(TextIO, self._pager.stdin).close()
        except OSError:  # it was quit early
            self._gone = True
        self._pager.wait()
        signal.signal(signal.SIGINT, self._heeded)

    def _begin(self) -> None:
        """Start the pager on what was kept; where it cannot be started, the screen shows it all. Ctrl-C is a key of the
        pager's from here on."""
        environment = {"LESSCHARSET": "utf-8", **os.environ}
        if lent(os.environ):
            environment["LESSSECURE"] = "1"
            environment.pop("LESSOPEN", None)
        self._screen.flush()
        try:
            self._pager = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                env=environment,
                encoding=self._screen.encoding,
                errors="backslashreplace",
            )
        except OSError:
            self._lines = -sys.maxsize
            return
        self._heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
        kept, self._kept = self._kept, []
        self._hand("".join(kept))

    def _hand(self, text: str) -> None:
        try:
            cast(TextIO, cast(Any, self._pager).stdin).write(text)
        except OSError:  # it was quit early, which is no error
            self._gone = True


@contextmanager
def stdout_paged() -> Iterator[None]:
    """Whatever is printed goes through the pager, where it is that long."""
    screen = sys.stdout
    with paged(screen) as pages:
        sys.stdout = pages
        try:
            yield
        finally:
            sys.stdout = screen


@contextmanager
def paged(screen: TextIO) -> Iterator[TextIO]:
    """A stream in place of the screen; the screen itself where there is no pager."""
    command = pager()
    if not command:
        yield screen
        return
    pages = Pages(screen, command)
    try:
        yield cast(TextIO, pages)
    finally:
        pages.close()
