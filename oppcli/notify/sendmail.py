"""Mail through the machine's own sendmail (or what goes by that name)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oppcli.model.deliveries import Letter
from oppcli.model.said import say
from oppcli.notify import mail, program

USUAL = "/usr/sbin/sendmail"


class Sendmail:
    """Hands mails to a program. `values`: path, from."""

    by_mail = True

    def __init__(self, values: Mapping[str, Any], timeout: float, environ: Mapping[str, str]) -> None:
        del environ
        self.path: str = values.get("path") or USUAL
        self.sender: str = values["from"]
        self.timeout = timeout

    def where(self) -> str:
        return self.path

    def lacks(self) -> str | None:
        return None if Path(self.path).is_file() else say("there is no {named}", named=self.path)

    def send(self, letter: Letter) -> None:
        """Returns when the program took the mail. Raises `Undelivered`."""
        sender, to = mail.envelope(letter, self.sender)
        given = bytes(mail.message(letter, self.sender)).replace(b"\r\n", b"\n")
        # -i: a line with a single dot does not end the mail.
        program.run([self.path, "-i", "-f", sender, "--", to], given, self.timeout)

    def close(self) -> None:
        """Nothing stays open."""
