"""How each decision of a request was given, as the entry tells that it came with."""

import re
from collections import Counter
from collections.abc import Mapping

from oppcli.model.journal import CLAIM, DECISIONS, ROLE
from oppcli.model.requests import IMPORT, Request
from oppcli.rules import identity
from oppcli.rules.bases import basis, proven
from oppcli.store import knowing
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.mapping import parsed
from oppcli.store.patterns import place_of, quoted
from oppcli.tuples import NamedTuple

BROUGHT = '"decisions.'
"""How a decision begins that an entry brings: within a text every quote has a backslash before it."""
_NUMBER = re.compile(r'[{,] ?"decisions\.(\d+)": ?\[null,')
"""Such a decision by its number; a server puts blanks into what it took a hidden field out of."""
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
    rows = door.rows(_SQL.format(place=place_of(door, "changes", BROUGHT)), key=str(request.id))
    for actor, channel, changes, meta in rows:
        how = Given(basis(parsed(meta), actor, channel), actor)
        found |= dict.fromkeys(map(int, _NUMBER.findall(changes)), how)
    repeated = {each.number: each.refers_to for each in request.decisions if each.automatic and each.refers_to}
    return found | {number: found[other] for number, other in repeated.items() if other in found}


class Decided(NamedTuple):
    """How many decisions were given how. Of other people's programs nothing is proven: what was imported is apart."""

    proven: int
    claimed: int
    imported: int


_DECISIONS = f"""
SELECT actor, channel, meta FROM journal
WHERE noun = 'request' AND action IN ({quoted(DECISIONS)}) AND channel <> '{IMPORT}'
"""
_BROUGHT = f"""
SELECT sum((2 * length(changes) - length(replace(changes, '{{{BROUGHT}', ''))
           - length(replace(changes, ',{BROUGHT}', ''))) / {len(BROUGHT) + 1})
FROM journal WHERE noun = 'request' AND channel = '{IMPORT}'
"""


def decided(door: ReadDoor) -> Decided:
    """What the journal tells of all decisions, under the proof that the policy asks for now. What cannot be read of an
    entry proves nothing."""
    proof = identity.read(knowing.scope(door)).proof
    roles = {login: role or login for login, role in door.rows("SELECT login, server_role FROM user_account")}
    found = Counter(proven(_basis(row, roles), proof) for row in door.stream(_DECISIONS))
    return Decided(found[True], found[False], int(door.value(_BROUGHT) or 0))


def _basis(row: Row, roles: Mapping[str, str]) -> str:
    """The basis of an entry; `claim` where the role it was written by is somebody else's."""
    from oppcli.store.journal import UNSEALABLE

    actor, channel, meta = row
    try:
        about = parsed(meta)
        by = basis(about, actor, channel)
        return CLAIM if by == ROLE and about.get("role") not in (actor, roles.get(actor)) else by
    except UNSEALABLE:
        return CLAIM


def ended_by(door: ReadDoor, request: Request) -> tuple[str | None, Given]:
    """Who brought a request into its state, and how, as the journal tells."""
    row = door.one(
        "SELECT actor, channel, meta FROM journal WHERE noun = 'request' AND noun_id = :key "
        "AND (changes LIKE :state OR changes LIKE :spaced) ORDER BY seq DESC LIMIT 1",
        key=str(request.id),
        state=f'%"state":[%,"{request.state}"]%',
        spaced=f'%"state": [%, "{request.state}"]%',  # as a server writes JSON without what is hidden
    )
    return (row[0], Given(basis(parsed(row[2]), row[0], row[1]), row[0])) if row else (None, UNKNOWN)
