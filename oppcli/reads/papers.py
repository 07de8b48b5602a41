"""What lists of quotes and contracts look up beside them: whose they are, what of them was approved, and what
is another than in the version before."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from oppcli.model.requests import APPROVED
from oppcli.model.said import say
from oppcli.reads.table import Frame
from oppcli.rules.papers import Numbered, Paper, called
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed

Version = TypeVar("Version", bound=Numbered)
_CUSTOMERS = "SELECT d.id, c.name FROM deal d LEFT JOIN customer c ON c.id = d.customer_id"
_SEEN = f"""
SELECT r.deal_id, v.snapshot FROM request r JOIN revision v ON v.request_id = r.id AND v.number = r.revision
WHERE r.type = :type AND r.state = '{APPROVED}' AND (r.valid_until IS NULL OR r.valid_until >= :now)
"""


def customers(door: ReadDoor, noun: str, deal: int | None) -> dict[int, str | None]:
    """Deal with a quote, or a contract → what its customer is called; of one deal, or of all that who asks may see."""
    if deal is not None:
        return dict(door.rows(f"{_CUSTOMERS} WHERE d.id = :deal", deal=deal))
    return dict(door.rows(f"{_CUSTOMERS} WHERE d.id IN (SELECT id FROM {noun})"))


def approved(
    door: ReadDoor, fact: str, approval: str | None, frame: Frame, deal: int | None = None
) -> frozenset[tuple[int, str]]:
    """(deal, hash) of the versions that were approved and still hold, by the type that approves them: what its requests
    saw under the name of this fact; of one deal, or of all."""
    if approval is None:
        return frozenset()
    one = "" if deal is None else " AND r.deal_id = :deal"
    given = {} if deal is None else {"deal": deal}
    found = door.rows(_SEEN + one, type=approval, now=frame.now, **given)
    return frozenset((number, str(parsed(seen).get(fact))) for number, seen in found)


def against(paper: Paper[Version], version: Version, changed: Callable[[Version], Iterable[str]]) -> tuple[str, ...]:
    """What is another than in the version before, which `changed` tells; nothing of the first one."""
    before = next((each for each in reversed(paper.versions) if each.number < version.number), None)
    if before is None:
        return ()
    told, name = tuple(changed(before)), called(paper, before)
    return (say("against {version}:", version=name), *told) if told else (say("the same as {version}", version=name),)
