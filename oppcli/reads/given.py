"""How each decision of a request was given, as the entry tells that it came with."""

import re
from collections.abc import Mapping

from oppcli.model.requests import Request
from oppcli.rules.bases import basis
from oppcli.store.doors import ReadDoor
from oppcli.store.journal import place_of
from oppcli.store.mapping import parsed
from oppcli.tuples import NamedTuple

_NUMBER = re.compile(r'[{,]"decisions\.(\d+)":\[null,')
"""A decision that an entry brings, by its number: within a text every quote has a backslash before it."""
_SQL = """
SELECT actor, channel, changes, meta FROM journal WHERE noun = 'request' AND noun_id = :key AND {place} > 0 ORDER BY seq
"""


class Given(NamedTuple):
    """How a decision came about: by which basis, and whose entry it stands in."""

    by: str
    entered_by: str


UNKNOWN = Given("", "")
"""Of a decision that no entry tells of."""
NONE_GIVEN: Mapping[int, Given] = {}


def given(door: ReadDoor, request: Request) -> Mapping[int, Given]:
    """Number of a decision → how it was given; of one that repeats another, how that one was. Asks nothing where there
    are none; without those of which the journal tells nothing."""
    if not request.decisions:
        return NONE_GIVEN
    found: dict[int, Given] = {}
    rows = door.rows(_SQL.format(place=place_of(door, "changes", '"decisions.')), key=str(request.id))
    for actor, channel, changes, meta in rows:
        how = Given(basis(parsed(meta), actor, channel), actor)
        found |= dict.fromkeys(map(int, _NUMBER.findall(changes)), how)
    repeated = {each.number: each.refers_to for each in request.decisions if each.automatic and each.refers_to}
    return found | {number: found[other] for number, other in repeated.items() if other in found}


def ended_by(door: ReadDoor, request: Request) -> tuple[str | None, Given]:
    """Who brought a request into its state, and how, as the journal tells."""
    row = door.one(
        "SELECT actor, channel, meta FROM journal WHERE noun = 'request' AND noun_id = :key AND changes LIKE :state "
        "ORDER BY seq DESC LIMIT 1",
        key=str(request.id),
        state=f'%"state":[%,"{request.state}"]%',
    )
    return (row[0], Given(basis(parsed(row[2]), row[0], row[1]), row[0])) if row else (None, UNKNOWN)
