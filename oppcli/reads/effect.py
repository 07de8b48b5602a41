"""Whether something got better since a day or a policy: what began before and after it, followed equally long."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.deals import WON
from oppcli.model.records import COUNTED
from oppcli.model.requests import REJECTED
from oppcli.model.said import Word, listed, say
from oppcli.model.units import DAY_MS
from oppcli.reads import population
from oppcli.reads.elapsed import elapsed
from oppcli.reads.fates import FIRST_PASS, PASSED
from oppcli.reads.policies import applied, versions
from oppcli.reads.table import WHERE, Beyond, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.effect import Cohort, Entry, cohort, compared, parted
from oppcli.rules.statistics import Reach
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple
from oppcli.words.spelling import did_you_mean
from oppcli.words.zones import midnight, today

STAGE, FIRST, APPROVAL = "stage", "first_pass", "approval"
MEASURED = (WON, FIRST, APPROVAL)
WINDOW_MS, WITHIN_MS, LONGEST_MS = 90 * DAY_MS, 30 * DAY_MS, 3660 * DAY_MS
COLUMNS = ranked(
    (
        Column("measure"),
        Column("before_n", Kind.COUNT, title=say("BEGAN BEFORE")),
        Column("before", Kind.FRACTION, title=say("DONE BEFORE")),
        Column("after_n", Kind.COUNT, title=say("BEGAN AFTER")),
        Column("after", Kind.FRACTION, title=say("DONE AFTER")),
        Column("difference", Kind.FRACTION, title=say("DIFFERENCE")),
        Column("low", Kind.FRACTION, title=say("AT LEAST")),
        Column("high", Kind.FRACTION, title=say("AT MOST")),
        Column("verdict", title=say("FINDING")),
        Column("before_median", Kind.DAYS, title=say("MEDIAN BEFORE"), unit=say("d")),
        Column("after_median", Kind.DAYS, title=say("MEDIAN AFTER"), unit=say("d")),
    ),
    "measure 1, before_n after_n 3, before after 2, difference 1, low high 2, verdict 1, before_median after_median 4",
)
_ONWARDS = """
SELECT f.at, (SELECT min(n.entered_at) FROM visit n WHERE n.deal_id = f.deal_id AND n.entered_at >= f.at
              AND n.stage_id IN ({further}))
FROM (SELECT v.deal_id, min(v.entered_at) AS at FROM visit v WHERE v.stage_id = {stage}
      GROUP BY v.deal_id HAVING count(v.entered_at) = count(*)) f
JOIN deal d ON d.id = f.deal_id
"""
_WON = f"""
SELECT d.created_at, CASE WHEN s.kind = '{WON}' THEN d.closed_at END FROM deal d JOIN stage s ON s.id = d.stage_id
"""
_ASKED = """
SELECT r.submitted_at, CASE WHEN {reached} THEN r.decided_at END FROM request r JOIN deal d ON d.id = r.deal_id
"""
_PEOPLE = """
SELECT action, count(DISTINCT noun_id) FROM journal
WHERE noun = 'user' AND action IN ('create', 'deactivate') AND at >= :since AND at < :until GROUP BY action
"""
LAST_MS = midnight(date.max, "UTC")
"""No day can be told after it."""
_ASK = command("report", "effect", "--policy", "N", "--measure", "approval", ready=False)


class Asked(NamedTuple):
    """What is compared: `window` before and after an instant."""

    at: int
    window: int
    version: int | None
    """The policy's number, where it was asked by that."""

    @property
    def since(self) -> int:
        return self.at - self.window

    @property
    def until(self) -> int:
        return min(self.at + self.window, LAST_MS)


class Measure(NamedTuple):
    """What is measured: the column of the entry, the statement, and to when an entry is followed."""

    name: str
    told: str
    entry: str
    sql: str
    until: Callable[[int], int]


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per measure, in the order typed. Refused for what `_asked` and `_measure` refuse."""
    typed = tuple(dict.fromkeys(args.get("measure") or ()))
    asked = _asked(door, args, known=bool(typed))
    where, told = population.chosen(door, args, frame)
    measures = [_measure(door, args, frame, name) for name in typed]
    rows = [_row(measure, _entries(door, args, where, asked, measure), asked, frame) for measure in measures]
    notes = (_times(asked, frame), *told, *_beside(door, asked))
    return Table(COLUMNS, rows, READ.title, notes)


def _asked(door: ReadDoor, args: Mapping[str, Any], *, known: bool) -> Asked:
    """Since when, and how far around. Refused with all that is missing, for both instants, for a version there is
    not."""
    at, version = args.get("at"), args.get("policy")
    faults = []
    if (at is None) == (version is None):
        both = say("--at and --policy both say since when: give one")
        faults.append(say("since when? --at DAY or --policy N") if at is None else both)
    if not known:
        faults.append(say("what is measured? --measure stage:S, won, first_pass or approval"))
    if faults:
        raise UsageError(listed(faults, "; "), hint=_ASK)
    window = _span(args, "window") or WINDOW_MS
    if version is None:
        return Asked(int(at), window, None)  # type: ignore[arg-type]
    row = applied(door, version)
    return Asked(row[1], window, row[0])


def _span(args: Mapping[str, Any], name: str) -> int | None:
    """The milliseconds of an option; None where it is not given. Refused for none at all, and for more than ten
    years."""
    if args.get(name) is None:
        return None
    found = elapsed(args[name], f"--{name}")
    if not 0 < found <= LONGEST_MS:
        raise UsageError(say("--{name} is more than 0 and at most 3660d, not {text}", name=name, text=args[name]))
    return found


def _measure(door: ReadDoor, args: Mapping[str, Any], frame: Frame, name: str) -> Measure:
    """The measure of a name. Refused for what is none, for a stage there is not or behind which there is none."""
    within = _span(args, "within")
    word, _, stage = name.replace("：", ":").partition(":")
    if word.strip() == STAGE and stage.strip():
        return _onwards(door, args, frame, stage.strip(), within)
    if name not in MEASURED:
        near = did_you_mean(name, (*MEASURED, f"{STAGE}:"))
        raise UsageError(
            say("--measure cannot be {name}{near}", name=name, near=near),
            hint=say("stage:S, won, first_pass or approval"),
        )
    follow = WITHIN_MS if within is None else within
    told = Word("measured", name)
    if name == WON:
        return Measure(name, told, "d.created_at", _WON, lambda start: start + follow)
    ended = f"r.state IN ({PASSED}, {quoted((REJECTED,))})"
    sql = _ASKED.format(reached=FIRST_PASS if name == FIRST else ended)
    return Measure(name, told, "r.submitted_at", sql, lambda start: start + follow)


def _onwards(door: ReadDoor, args: Mapping[str, Any], frame: Frame, stage: str, within: int | None) -> Measure:
    places = population.pipeline(population.stages(door, args))
    names = [place.name for place in places]
    if stage not in names[:-1]:
        near = did_you_mean(stage, names[:-1])
        raise UsageError(
            say("no deal leaves {stage} onwards{near}", stage=stage, near=near),
            hint=say("stages: {stages}", stages=listed(names[:-1])),
        )
    at = names.index(stage)
    place, further = places[at], [each.id for each in places[at + 1 :]]
    sql = _ONWARDS.format(stage=place.id, further=quoted(further))
    if within is None and place.target_ms:
        from oppcli.rules.clock import clock

        policy, target = frame.policy(), place.target_ms
        hours = clock(policy.calendars[policy.calendar])
        return Measure(stage, f"{STAGE}:{stage}", "f.at", sql, lambda start: hours.add(start, target))
    follow = WITHIN_MS if within is None else within
    return Measure(stage, f"{STAGE}:{stage}", "f.at", sql, lambda start: start + follow)


def _entries(
    door: ReadDoor, args: Mapping[str, Any], where: Where, asked: Asked, measure: Measure
) -> tuple[list[Entry], list[Entry]]:
    where = where.copy()
    if measure.entry.startswith("r."):
        where.among("r.type", *(args.get("type") or ((), ())))
    where.within(measure.entry, asked.since, asked.until)
    rows = door.stream(f"{measure.sql} {where.sql}", **where.params)
    return parted(((start, reached) for start, reached in rows), asked.at)


def _row(measure: Measure, sides: tuple[Sequence[Entry], Sequence[Entry]], asked: Asked, frame: Frame) -> Row:
    before, after = (cohort(side, measure.until, frame.now) for side in sides)
    verdict, found = compared(before, after)
    said: str = Word("effect", verdict)
    end = max(measure.until(asked.until), asked.until)
    if end > frame.now:
        said, found = say("too early until {day}", day=today(min(end, LAST_MS), frame.tz)), None
    return (
        *(measure.told, before.n, before.share, after.n, after.share),
        *(found or (None, None, None)),
        *(said, _days(before), _days(after)),
    )


def _days(side: Cohort) -> float | None:
    """The median in days; of one that most did not reach, that it is longer."""
    found: Reach | None = side.median
    if found is None:
        return None
    return found.value / DAY_MS if found.reached else Beyond(found.value / DAY_MS)


def _times(asked: Asked, frame: Frame) -> Footnote:
    first, at, last = (today(instant, frame.tz) for instant in (asked.since, asked.at, asked.until))
    return Footnote("period", None, say("began {first} to {at}, and {at} to {last}", first=first, at=at, last=last))


def _beside(door: ReadDoor, asked: Asked) -> Iterator[Footnote]:
    """That this is no experiment, and what else changed in the time."""
    yield Footnote("no_experiment", None, say("this is no experiment: what else changed then may be why"))
    around = range(asked.since, asked.until)
    others = sorted(number for number, at, *_ in versions(door) if at in around and number != asked.version)
    if others:
        said = say(
            "{n:,} other {n:policy|policies} in that time: {numbers}", n=len(others), numbers=listed(map(str, others))
        )
        yield Footnote("other_policies", len(others), said)
    people: dict[str, int] = dict(door.rows(_PEOPLE, since=asked.since, until=asked.until))
    came, left = people.get("create", 0), people.get("deactivate", 0)
    if came or left:
        said = say("{came:,} {came:person|people} came in that time, {left:,} left", came=came, left=left)
        yield Footnote("other_people", came + left, said)


READ = Read(
    path="report effect",
    title=say("What a change did"),
    help="what began before and after a day or a policy, followed equally long: better, worse, not shown",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("at", "the day of the change", "since", metavar="DATE"),
        Param("policy", "since this version of the policy came into force: its number or hash", metavar="N"),
        Param("measure", "stage:S (left it onwards), won, first_pass, approval; several", many=True, metavar="M"),
        Param("window", "began so long before and after: 90d unless said", metavar="SPAN"),
        Param("within", "followed so long: 30d, 72h; unless said the stage's target, else 30d", metavar="SPAN"),
        *(each for each in population.FILTERS if each.name in ("owner", "team", "source", "pipeline")),
        population.OF_TYPE,
        WHERE,
    ),
    build=build,
    examples=(
        "opp report effect --policy 2 --measure approval --measure first_pass",
        "opp report effect --at 2026-09-01 --measure stage:Offer --within 14d",
        "opp report effect --at 2026-07-01 --measure won --within 60d --window 180d --csv",
    ),
)
READS = (READ,)
