"""Reading the table `[mail]`: where mails come in, and whose word on their senders counts.

Of the machine's configuration or one's own alone: a folder's file or a policy does not say whose mails decide.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oppcli.config.files import MAILBOX, told_in
from oppcli.config.machine import at_home
from oppcli.model.said import say
from oppcli.toml.shape import TEXT, Holds, Table
from oppcli.tuples import NamedTuple

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


class Mailbox(NamedTuple):
    """How mails come in."""

    maildir: Path | None = None
    """What lies in its `new` is taken by `opp tick`."""
    authserv: str | None = None
    """The name of the mail server that has to say of an answer that it is from who it says."""


def mailbox(environ: Mapping[str, str]) -> Mailbox:
    """What is said of it; of the machine before one's own. Refused (8) with every mistake of a file."""
    found: dict[str, Any] = {}
    for path, table in told_in(environ, MAILBOX, _TABLE, "away"):
        lies = {"maildir": path.parent / at_home(table["maildir"])} if "maildir" in table else {}
        found = {**table, **lies, **found}
    return Mailbox(**found)


def _is_host(value: Any) -> bool:
    return isinstance(value, str) and _HOST.fullmatch(value) is not None


_TABLE = Table({"maildir": TEXT, "authserv": Holds(say("the name of a mail server: mx.example.com"), _is_host)})
