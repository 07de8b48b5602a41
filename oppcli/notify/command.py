"""A command of the team's own: a letter or an event as JSON on its standard input, exit 0 means delivered."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.deliveries import Letter
from oppcli.model.said import say
from oppcli.notify import payloads, program


class Command:
    """Runs a program per letter. `values`: command (its words; no shell is involved)."""

    by_mail = False

    def __init__(self, values: Mapping[str, Any], timeout: float, environ: Mapping[str, str]) -> None:
        del environ
        self.words: tuple[str, ...] = values["command"]
        self.timeout = timeout

    def where(self) -> str:
        # Its arguments may hold what is nobody's business.
        return self.words[0]

    def lacks(self) -> str | None:
        from shutil import which

        return None if which(self.words[0]) else say("there is no program {word}", word=self.words[0])

    def send(self, letter: Letter) -> None:
        """Returns when the program ended with 0. Raises `Undelivered`."""
        program.run(self.words, payloads.packed(payloads.plain(letter)), self.timeout)

    def tell(self, key: str, body: Mapping[str, Any]) -> None:
        """The same of an event, which names its key itself."""
        del key
        program.run(self.words, payloads.packed({**body}), self.timeout)

    def close(self) -> None:
        """Nothing stays open."""
