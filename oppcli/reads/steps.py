"""What approval steps are good for: how often they say no, how long they look, and from which amount on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from oppcli.model.records import COUNTED
from oppcli.model.requests import APPROVE, APPROVED, REDONE, REJECT, REJECTED, RETURN
from oppcli.model.said import Word, say
from oppcli.reads import population
from oppcli.reads.converting import converter, unconverted
from oppcli.reads.fates import STANDS
from oppcli.reads.hours import Hours
from oppcli.reads.periods import dated
from oppcli.reads.seats import returned
from oppcli.reads.table import WHERE, Chart, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.turnaround_figures import VERDICTS, Waits
from oppcli.rules.statistics import Listed, median
from oppcli.rules.step_verdicts import Ended, StepKey, echoes, refusals, spared, verdict
from oppcli.rules.waiting import Span
from oppcli.store.doors import ReadDoor
from oppcli.store.journal import told as told_in
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple

COLUMNS = ranked(
    (
        Column("type"),
        Column("step"),
        Column("decided", Kind.COUNT),
        Column("no", Kind.COUNT, title=say("NO")),
        Column("returned", Kind.COUNT, title=say("BACK")),
        Column("no_upper", Kind.FRACTION, title=say("NO OR BACK AT MOST")),
        Column("seconds_median", Kind.SECONDS, title=say("LOOKED")),
        Column("wait_share", Kind.FRACTION, title=say("OF THE WAIT")),
        Column("spared_above", Kind.MONEY, title=say("NO NO BELOW")),
        Column("spared", Kind.COUNT, title=say("DECIDED BELOW")),
        Column("verdict", title=say("FINDING"), words="judged"),
        Column("with", title=say("LIKE STEP")),
        Column("currency", wide=False),
    ),
    "type step 1, decided no returned 2, no_upper 3, seconds_median 4, wait_share 3, spared_above spared 4,"
    " verdict 1, with 5",
)
_DECISIONS = f"""
SELECT r.type, r.title, r.id, r.amount, r.currency, r.submitted_at, p.revision, p.position, p.name, p.calendar,
       p.opened_at, p.state, p.closed_at, c.verdict, c.at
FROM decision c
JOIN request r ON r.id = c.request_id
JOIN step p ON p.request_id = c.request_id AND p.revision = c.revision AND p.position = c.step
JOIN deal d ON d.id = r.deal_id
{{where}} c.automatic = 0 AND c.verdict IN ({quoted(VERDICTS)})
  AND {STANDS}
ORDER BY r.type, p.position, p.name, r.id, p.revision, c.number
"""
_RUNS = f"""
SELECT noun_id, at, {{run}} FROM journal WHERE noun = 'request' AND action IN ({quoted(VERDICTS)})
"""


class Given(NamedTuple):
    """A vote or return with the step that it was given in."""

    type: str
    title: str
    request: int
    amount: int | None
    currency: str
    submitted: int
    revision: int
    position: int
    step: str
    calendar: str
    opened: int | None
    state: str
    closed: int | None
    verdict: str
    at: int


class Bulk:
    """Which decisions were given for several requests by one line; asked of the journal when it is first needed."""

    def __init__(self, door: ReadDoor) -> None:
        self._door = door

    def __call__(self, end: Ended) -> bool:
        return (end.asked[0], end.at) in self._several

    @cached_property
    def _several(self) -> frozenset[tuple[int, int]]:
        """(request, time) of them."""
        runs: dict[Any, set[tuple[int, int]]] = defaultdict(set)
        for request, at, run in self._door.stream(_RUNS.format(run=told_in(self._door, "run", number=True))):
            if run is not None:
                runs[run].add((int(request), at))
        several = (given for given in runs.values() if len({request for request, _ in given}) > 1)
        return frozenset(each for given in several for each in given)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per type and step that people decided, in the order of the steps."""
    where, told = population.approvals(door, args := dated(args, frame.tz), frame)
    where.among("c.actor", *(args.get("team") or ((), ())))
    where.within("c.at", args.get("since"), args.get("until"))
    sql = _DECISIONS.format(where=f"{where.sql} AND" if where.clauses else "WHERE")
    votes = [Given._make(row) for row in door.rows(sql, **where.params)]
    steps: dict[StepKey, list[Ended]] = {}
    titles = {vote.type: vote.title for vote in votes}
    money = converter(door, frame, frame.policy().currency) if votes else None
    back = returned(door) if votes else {}
    clock = Waits(back, Hours(frame.policy).between)
    for together in _by_step(votes):
        end = ended(together, back.get(together[0].request, ()), clock)
        if end is not None and money is not None:
            last = together[-1]
            amount = None if "amount" in frame.hidden else money.minor(last.amount, last.currency, last.submitted)
            steps.setdefault((last.type, last.step), []).append(end._replace(amount=amount))
    rows = list(_rows(steps, titles, Bulk(door), money.to if money else ""))
    n = sum(map(len, steps.values()))
    notes = (Footnote("population", n, say("{n:,} decided {n:step|steps}", n=n)), *told)
    notes += tuple(unconverted(money)) if money else ()
    return Table(COLUMNS, rows, READ.title, notes, chart=Chart("bars", ("type", "step"), ("no_upper",)))


def _by_step(votes: Iterable[Given]) -> Iterator[list[Given]]:
    """The votes of each step of each revision of each request."""
    found: dict[tuple[int, int, int], list[Given]] = defaultdict(list)
    for vote in votes:
        found[vote.request, vote.revision, vote.position].append(vote)
    return iter(found.values())


def ended(votes: Sequence[Given], back: Sequence[Span], clock: Waits) -> Ended | None:
    """How one step ended that these were given in, without its amount; None where it did not by them: it goes on, was
    cancelled, ran out of time."""
    verdicts = {vote.verdict for vote in votes}
    last = max(votes, key=lambda vote: vote.at)
    redone = last.state == REDONE and any(vote.verdict == APPROVE and vote.at == vote.closed for vote in votes)
    if RETURN not in verdicts and last.state not in (APPROVED, REJECTED) and not redone:
        return None
    said = REJECT if REJECT in verdicts else RETURN if RETURN in verdicts else APPROVE
    asked = last.request, last.revision
    if last.opened is None:
        return Ended(asked, said, last.at, None, 0, None)
    on = max((span.end for span in back if span.end is not None and span.end <= last.at), default=last.opened)
    waited = clock.timed(last.request, last.calendar, last.opened, last.at, ()).business
    return Ended(asked, said, last.at, last.at - max(last.opened, on), waited, None)


def _rows(
    steps: Mapping[StepKey, Sequence[Ended]], titles: Mapping[str, str], bulk: Bulk, currency: str
) -> Iterator[Row]:
    alike = echoes(steps)
    waits: dict[str, int] = defaultdict(int)
    for (kind, _), ends in steps.items():
        waits[kind] += sum(end.waited for end in ends)
    for key, ends in steps.items():
        kind, step = key
        found, below = refusals(ends, REJECT, RETURN), spared(ends)
        looked = median(Listed(end.looked for end in ends if end.looked is not None))
        yield (
            *(Word("type", kind, titles[kind]), step, len(ends), *found),
            None if looked is None else int(looked // 1000),
            sum(end.waited for end in ends) / waits[kind] if waits[kind] else None,
            *(below or (None, None)),
            *(verdict(ends, found.upper, key in alike, bulk), alike.get(key)),
            currency if below else None,
        )


READ = Read(
    path="report steps",
    title=say("What steps are good for"),
    help="how often each step of approvals says no, how long it looks, from which amount on",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        *population.APPROVALS,
        WHERE,
        Param("period", "decided in it: 2026-11 2026Q4 last-quarter", "period", metavar="P"),
        Param("since", "decided on or after", "since"),
        Param("until", "decided before the end of this day", "until"),
    ),
    build=build,
    examples=(
        "opp report steps",
        "opp report steps --type quote --period this-year",
        "opp report steps --csv -c type,step,decided,no,returned,no_upper,verdict",
    ),
)
READS = (READ,)
