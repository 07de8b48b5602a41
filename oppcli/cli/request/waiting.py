"""Asking for the state of a request until it is decided, without ever holding the database."""

import time
from collections.abc import Callable

from oppcli.actions.find import people as find_people
from oppcli.actions.requests.verbs import find
from oppcli.cli.context import Context
from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, RETURNED, Request
from oppcli.reads.request import STATUS
from oppcli.reads.table import Table
from oppcli.rules.approvals.telling import seated
from oppcli.rules.rights import acting
from oppcli.store.doors import ReadDoor
from oppcli.words import spans

PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between two looks: soon at first, then every two."""


def state_of(door: ReadDoor, text: str) -> tuple[Request, Table]:
    """The request and its state as a table of one."""
    found = find(door, text)
    people = seated(found)
    if found.state == RETURNED:
        people = acting((found.submitted_by, door.get(Deal, found.deal_id).owner), find_people(door))
    row = (ref("request", found.id), found.state, found.revision, people, found.decided_at, found.reason)
    return found, Table(STATUS, [row], single=True)


def code_of(request: Request) -> int:
    """0 approved, 10 pending or returned, 11 rejected or over."""
    if request.state == APPROVED:
        return 0
    return 10 if request.live else 11


def until_decided(
    opp: Context,
    text: str,
    timeout: str,
    look: Callable[[ReadDoor, str], tuple[Request, Table]],
    code: Callable[[Request], int],
) -> tuple[Table, int]:
    """Look again and again until the request is over or the time is up, which is that of the whole line. Refuses a
    timeout that is no span of time."""
    opp.waits = opp.waits or time.monotonic()
    end = opp.waits + spans.parse(timeout) / 1000
    for turn in range(1_000_000_000):
        with opp.read() as door:
            found, table = look(door, text)
        left = end - time.monotonic()
        if not found.live or left <= 0:
            return table, code(found)
        time.sleep(min(left, PAUSES[min(turn, len(PAUSES) - 1)]))
    raise AssertionError("a loop without end ended")
