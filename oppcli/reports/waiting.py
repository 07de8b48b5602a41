"""Whose time each deal spent: the seller's, each approver's, returned for information, outside business hours."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, OPEN, REJECTED, RETURNED
from oppcli.reports import population
from oppcli.reports.hours import HOUR_MS, Hours
from oppcli.reports.population import counted
from oppcli.reports.table import Column, Frame, Kind, Param, Report, Row, Table
from oppcli.rules.waiting import Parts, Span, Wait, attribute, without
from oppcli.store.doors import ReadDoor

NOBODY = "nobody"
COLUMNS = (
    Column("deal", Kind.REF),
    Column("title"),
    Column("customer", wide=False),
    Column("owner", Kind.REF),
    Column("stage"),
    Column("total_hours", Kind.HOURS, title="TOTAL", unit="h"),
    Column("seller_hours", Kind.HOURS, title="SELLER", unit="bh"),
    Column("approval_hours", Kind.HOURS, title="APPROVERS", unit="bh"),
    Column("returned_hours", Kind.HOURS, title="RETURNED", unit="bh"),
    Column("outside_hours", Kind.HOURS, title="OUTSIDE", unit="h"),
    Column("approvers", Kind.OBJECT, title="WHO"),
)
BY_PERSON = (
    Column("person", Kind.REF),
    Column("deals", Kind.COUNT),
    Column("approval_hours", Kind.HOURS, title="HELD", unit="bh"),
)

_DEALS = """
SELECT d.id, d.title, c.name, d.owner, s.name, d.created_at, d.closed_at
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
"""
_SEATS = """
SELECT r.deal_id, p.request_id, p.revision, p.position, p.opened_at, p.closed_at, e.number, e.state, e.decided_by,
       (SELECT max(c.at) FROM decision c WHERE c.request_id = e.request_id AND c.revision = e.revision
               AND c.step = e.step AND c.seat = e.number AND c.verdict IN ('approve', 'reject'))
FROM seat e
JOIN step p ON p.request_id = e.request_id AND p.revision = e.revision AND p.position = e.step
JOIN request r ON r.id = e.request_id
WHERE p.opened_at IS NOT NULL
ORDER BY p.request_id, p.revision, p.position, e.number
"""
_HOLDERS = (
    "SELECT request_id, revision, step, seat, login FROM holder ORDER BY request_id, revision, step, seat, number"
)
_RETURNS = """
SELECT noun_id, at, changes FROM journal
WHERE noun = 'request' AND (changes LIKE :gone OR changes LIKE :back) ORDER BY seq
"""


class Seat(NamedTuple):
    """One seat of an opened step, with when it was decided."""

    deal: int
    request: int
    revision: int
    step: int
    opened: int
    closed: int | None
    number: int
    state: str
    decided_by: str | None
    decided_at: int | None


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per deal, the one that waited longest for approvals first; or per person who held approvals."""
    where = population.chosen(args)
    deals = door.rows(f"{_DEALS} {where.sql} ORDER BY d.id", **where.params)
    dated = [deal for deal in deals if deal[5] is not None]
    waits, returned = asked(door)
    worked = Hours(frame.policy).worked("") if dated else int
    found = [
        (deal, attribute(deal[5], end, waits[deal[0]], returned[deal[0]], worked))
        for deal in dated
        if (end := deal[6] if deal[6] is not None else frame.now) >= deal[5]
    ]
    notes = (population_note(len(deals), len(deals) - len(found)),)
    if args.get("by") == "person":
        return Table(BY_PERSON, by_person(parts for _, parts in found), REPORT.title, notes)
    rows = [row(deal, parts) for deal, parts in found]
    rows.sort(key=lambda row: (-row[7], int(row[0][2:])))
    return Table(COLUMNS, rows, REPORT.title, notes)


def population_note(deals: int, left_out: int) -> str:
    """Whom the figures are about."""
    note = counted(deals, "deal")
    return f"{note}; {left_out:,} without a date or not begun yet left out" if left_out else note


def row(deal: Row, parts: Parts) -> Row:
    """The line of one deal; the parts add up to the total."""
    number, title, customer, owner, stage, _, _ = deal
    people = dict(sorted(parts.holders.items(), key=lambda item: (-item[1], item[0])))
    return (
        ref("deal", number),
        title,
        customer,
        owner,
        stage,
        parts.whole / HOUR_MS,
        parts.seller / HOUR_MS,
        sum(people.values()) / HOUR_MS,
        parts.returned / HOUR_MS,
        parts.outside / HOUR_MS,
        {login: round(spent / HOUR_MS, 4) for login, spent in people.items()},
    )


def by_person(found: Iterable[Parts]) -> list[Row]:
    """Business hours that deals waited for each person, the longest first."""
    spent: dict[str, int] = defaultdict(int)
    deals: dict[str, int] = defaultdict(int)
    for parts in found:
        for login, held in parts.holders.items():
            spent[login] += held
            deals[login] += 1
    order = sorted(spent, key=lambda login: (-spent[login], login))
    return [(login, deals[login], spent[login] / HOUR_MS) for login in order]


def asked(door: ReadDoor) -> tuple[Mapping[int, list[Wait]], Mapping[int, list[Span]]]:
    """Per deal the seats that waited for somebody, and when its requests were back with the submitter."""
    returns = _returned(door)
    holders: dict[tuple[int, int, int, int], list[str]] = defaultdict(list)
    for request, revision, step, number, login in door.stream(_HOLDERS):
        holders[request, revision, step, number].append(login)
    seats = [Seat(*row) for row in door.stream(_SEATS)]
    decided = {(seat.request, seat.revision, seat.step) for seat in seats if seat.state in (APPROVED, REJECTED)}
    waits: dict[int, list[Wait]] = defaultdict(list)
    returned: dict[int, list[Span]] = defaultdict(list)
    deal_of = {seat.request: seat.deal for seat in seats}
    for request, spans in returns.items():
        if request in deal_of:
            returned[deal_of[request]] += spans
    for seat in seats:
        people = holders[(seat.request, seat.revision, seat.step, seat.number)]
        span = held(seat, (seat.request, seat.revision, seat.step) in decided)
        if span is not None:
            holder = seat.decided_by or " or ".join(people) or NOBODY
            waits[seat.deal] += [Wait(part, holder) for part in without(span, returns.get(seat.request, ()))]
    return waits, returned


def held(seat: Seat, decided: bool) -> Span | None:
    """When the seat waited: to its decision, to now while it is open, or to the end of a step that nobody decided. A
    seat that others of the step made unnecessary is charged to nobody."""
    if seat.state in (APPROVED, REJECTED) and seat.decided_at is not None:
        return Span(seat.opened, seat.decided_at)
    if seat.state == OPEN:
        return Span(seat.opened, None)
    return None if decided or seat.closed is None else Span(seat.opened, seat.closed)


def _returned(door: ReadDoor) -> dict[int, list[Span]]:
    """Per request the spans in which it was returned, as the journal tells."""
    found: dict[int, list[Span]] = defaultdict(list)
    patterns = {"gone": f'%"state":[%,"{RETURNED}"]%', "back": f'%"state":["{RETURNED}",%'}
    for key, at, changes in door.stream(_RETURNS, **patterns):
        old, new = json.loads(changes)["state"]
        spans = found[int(key)]
        if new == RETURNED:
            spans.append(Span(at, None))
        elif old == RETURNED and spans:
            spans[-1] = Span(spans[-1].start, at)
    return found


REPORT = Report(
    name="waiting",
    title="Whose time deals spent",
    columns=COLUMNS,
    params=(
        Param("by", "a row per deal, or per person who held approvals", "choice", choices=("deal", "person")),
        *population.FILTERS,
    ),
    build=build,
    examples=("opp report waiting", "opp report waiting --by person", "opp report waiting --outcome lost --csv"),
)
