"""Letters and channels that the tests of channels begin with."""

from contextlib import closing
from pathlib import Path
from typing import Any

from oppcli.model.deliveries import Item, Letter
from oppcli.notify.channel import Channel, carrier
from oppcli.notify.settings import check, spec
from oppcli.toml.faults import Faults

TEXT = "R-31, quote for D-142 上海精密仪器, CNY 800,000.00: 财务 waits for your decision"
LETTER = Letter(
    key="0123456789abcdef0123456789abcdef",
    login="wang",
    name="王芳",
    email="wang@example.com",
    subject="opp: 1 waiting for your decision",
    text=f"Waiting for your decision (1)\n- {TEXT}",
    items=(Item(7, "opened", "R-31", "D-142", TEXT, 1_772_442_000_000),),
    at=1_772_442_000_000,
)


def channel(environ: dict[str, str] | None = None, *, name: str = "team", **table: Any) -> Channel:
    """A channel from the table a person would write; `sender` stands for `from`."""
    if "sender" in table:
        table["from"] = table.pop("sender")
    faults = Faults("")
    check(name, table, faults)
    assert faults.found == []
    wanted = spec(name, table, Path("/nowhere"))
    return Channel(wanted, carrier(wanted, environ or {}))


def send(wanted: Channel, *letters: Letter) -> None:
    """One after the other in one run."""
    with closing(wanted):
        for letter in letters or (LETTER,):
            wanted.send(letter)
