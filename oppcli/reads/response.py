"""How soon somebody was in touch: with each deal that became theirs, and with each new one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.follow import OUT
from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED
from oppcli.model.relations import ASSIGNED, Deadline
from oppcli.model.said import Said, Word, say
from oppcli.model.units import HOUR_MS
from oppcli.reads import touch_rows
from oppcli.reads.hours import Hours
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Read, Row, Table, ranked
from oppcli.rules import dues, idling
from oppcli.rules.follow_figures import Tenure, Touch
from oppcli.rules.gate_words import TOUCH
from oppcli.rules.statistics import Listed, median, nearest_rank
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

LEAD = say("(lead)")
"""The row of all leads, from their creation on."""
COLUMNS = ranked(
    (
        Column("person", Kind.REF),
        Column("leads", Kind.COUNT),
        Column("answered", Kind.COUNT),
        Column("open", Kind.COUNT, title=Word("response", "OPEN")),
        Column("late", Kind.COUNT),
        Column("median_hours", Kind.HOURS, title=say("MEDIAN"), unit=say("h")),
        Column("p90_hours", Kind.HOURS, title=say("P90"), unit=say("h")),
        Column("median_business_hours", Kind.HOURS, title=say("MEDIAN WORKED"), unit=say("bh")),
        Column("handed_over", Kind.COUNT),
    ),
    "person leads median_hours late 1, answered open 2, p90_hours 3, median_business_hours handed_over 4",
)
CHART = Chart("bars", ("person",), ("median_hours",))


class Span(NamedTuple):
    """From when somebody was to be in touch, until when it was theirs, and when they were."""

    who: str
    began: int
    answered: int | None
    handed_over: bool
    late: bool


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per person, then one of all leads; the total is of people. Told are spans that began in the time asked
    for."""
    asked, policy = touch_rows.Asked(door, args, frame), frame.policy()
    spans, unknown = _spans(door, asked, policy, frame)
    worked = Hours(frame.policy).worked("") if spans else int
    of: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        of[span.who].append(span)
    leads = of.pop(LEAD, [])
    rows = [_row(who, of[who], worked) for who in sorted(of)]
    rows += [_row(LEAD, leads, worked)] if leads else []
    said = say("{n:,} {n:deal|deals}", n=len(leads))
    notes = (Footnote("population", len(leads), said), *touch_rows.left_out(unknown), *asked.notes)
    people = [span for who in sorted(of) for span in of[who]]
    total = _total(people, worked) if people else None
    return Table(COLUMNS, rows, READ.title, notes, total=total, summed=_summed(total), chart=CHART)


_DEALS = "SELECT d.id, d.owner, d.created_at FROM deal d ORDER BY d.id"


def _spans(door: ReadDoor, asked: touch_rows.Asked, policy: Policy, frame: Frame) -> tuple[list[Span], int]:
    """All spans, and of how many deals nobody knows when they began."""
    kept = touch_rows.tenures(door)
    teams = touch_rows.teams(door)
    of_deal: dict[int, list[Touch]] = defaultdict(list)
    for touch in touch_rows.touches(door, idling.touching(policy)):
        if touch.deal is not None and touch.direction == OUT:
            of_deal[touch.deal].append(touch)
    due = _Due(policy, frame)
    found, unknown = list[Span](), 0
    for deal, owner, created in door.rows(_DEALS):
        if not asked.deal(deal):
            continue
        tenures = kept.get(deal) or [Tenure(owner, created, None)]
        team, touches = teams.get(deal, frozenset()), of_deal[deal]
        spans = [span for span in _of_deal(tenures, created, touches, team, due) if asked.at(span.began)]
        unknown += created is None
        mine = [span for span in spans if span.who != LEAD and asked.person(span.who)]
        found += mine
        found += [span for span in spans if span.who == LEAD and asked.person(owner)]
    return found, unknown


def _of_deal(
    tenures: Sequence[Tenure], created: int | None, touches: Sequence[Touch], team: Collection[str], due: "_Due"
) -> Iterator[Span]:
    owners = {tenure.owner for tenure in tenures}
    if created is not None:
        first = next((touch.at for touch in touches if touch.who in team or touch.who in owners), None)
        yield Span(LEAD, created, first, False, first is None and due.late(created))
    for tenure in tenures:
        if tenure.owner is None or tenure.began is None:
            continue
        mine = (touch.at for touch in touches if touch.who == tenure.owner or touch.who in team)
        until = tenure.ended
        first = next((at for at in mine if at >= tenure.began and (until is None or at < until)), None)
        over = first is None and until is not None
        late = first is None and not over and due.late(tenure.began)
        yield Span(tenure.owner, tenure.began, first, over, late)


class _Due:
    """Until when a first contact is in time, where the policy says it."""

    def __init__(self, policy: Policy, frame: Frame) -> None:
        self._rule, self._now = _first_contact(policy), frame.now
        self._calendar = policy.hours(self._rule.calendar) if self._rule else policy.hours()

    def late(self, began: int) -> bool:
        if self._rule is None:
            return False
        return dues.late(dues.due(self._rule.within, began, self._calendar), self._now, self._calendar.timezone)


def _first_contact(policy: Policy) -> Deadline | None:
    """The deadline that the first touch after an assignment meets."""
    deadlines: tuple[Deadline, ...] = policy.follow.deadlines if policy.follow is not None else ()
    return next((each for each in deadlines if each.start == ASSIGNED and TOUCH in each.done), None)


def _row(who: str, spans: Sequence[Span], worked: Any) -> Row:
    answered = [span for span in spans if span.answered is not None]
    hours = sorted(span.answered - span.began for span in answered if span.answered is not None)
    business = Listed(worked(span.answered) - worked(span.began) for span in answered)
    handed = sum(span.handed_over for span in spans)
    middle, worked_middle = median(Listed(hours)), median(business)
    return (
        *(who, len(spans), len(answered), len(spans) - len(answered) - handed, sum(span.late for span in spans)),
        None if middle is None else middle / HOUR_MS,
        hours[nearest_rank(len(hours), 90) - 1] / HOUR_MS if hours else None,
        None if worked_middle is None else worked_middle / HOUR_MS,
        handed,
    )


def _total(spans: Sequence[Span], worked: Any) -> dict[str, Any]:
    """The figures of all people together: medians of all their spans, never of medians."""
    told = _row("", spans, worked)
    return {column.name: value for column, value in zip(COLUMNS[1:], told[1:], strict=True)}


def _summed(total: Mapping[str, Any] | None) -> tuple[Said, ...]:
    if not total:
        return ()
    said = say(
        "all together: {answered:,} of {n:,} {n:lead|leads} answered", answered=total["answered"], n=total["leads"]
    )
    if total["median_hours"] is not None:
        said = say("{said}, median {hours:,.1f} h", said=said, hours=total["median_hours"])
    return (said,)


READ = Read(
    path="report response",
    title=say("First response"),
    help="how soon somebody was in touch: the owner or team since a deal was theirs, all leads since they came",
    standing=COUNTED,
    columns=COLUMNS,
    params=touch_rows.CHOSEN,
    build=build,
    examples=("opp report response --since -1m", "opp report response --team me --csv"),
)
READS = (READ,)
