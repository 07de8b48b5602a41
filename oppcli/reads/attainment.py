"""How far people, teams and the company are from their targets: a row for each target of a period."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.calling import aim
from oppcli.model.records import COUNTED
from oppcli.model.said import WHOM, Said, Word, coded, listed, say
from oppcli.model.targets import COMPANY, OF_MONEY, TARGET_MEASURES, TEAM, WON_AMOUNT
from oppcli.model.units import Met
from oppcli.reads import population
from oppcli.reads.actuals import Actuals, Whose
from oppcli.reads.converting import unconverted
from oppcli.reads.periods import begins
from oppcli.reads.table import Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.targets import MEASURE, WHO, Of, of_months, whose
from oppcli.rules.attainment import Days, dual, figures, share, working_days
from oppcli.rules.forecasting import coverage
from oppcli.rules.rights import below
from oppcli.rules.targets import Sum, months_of, spelt
from oppcli.store import queries
from oppcli.store.doors import ReadDoor
from oppcli.words.periods import MONTH, Period, containing
from oppcli.words.zones import today

DUAL = Column("dual", Kind.FRACTION, rank=3)
COLUMNS = ranked(
    (
        Column("who", Kind.REF, title=say("OF WHOM"), words=WHOM),
        Column("measure", words="measure"),
        Column("period"),
        Column("actual", Kind.MONEY, counts=True),
        Column("target", Kind.MONEY, title=say("TARGET"), counts=True),
        Column("attained", Kind.FRACTION, bar=True),
        Column("gap", Kind.MONEY, counts=True),
        Column("stretch_attained", Kind.FRACTION, title=say("OF STRETCH")),
        Column("top_attained", Kind.FRACTION, title=say("OF TOP")),
        Column("days_left", Kind.COUNT, title=say("DAYS LEFT")),
        Column("per_day", Kind.MONEY, title=say("PER DAY"), counts=True),
        Column("pace", Kind.FRACTION),
        Column("coverage", Kind.FRACTION, title=say("COVERED")),
        Column("parts", Kind.MONEY, counts=True),
        Column("currency"),
    ),
    "who measure 1, period 3, actual target attained 1, gap 2, stretch_attained top_attained 4, days_left per_day 2,"
    " pace 2, coverage 3, parts 4",
)
NAMED = 5
"""So many of what is left out are named."""
_WEIGHED = frozenset(("amount", "probability", "category"))
"""Fields without which nobody knows what is open."""


class Attained:
    """The targets of one period and what they are compared with."""

    def __init__(self, door: ReadDoor, frame: Frame, period: Period) -> None:
        self.frame, self.months = frame, months_of(period)
        self.period = spelt(self.months, begins(frame.policy, "quarter"))
        self.sums = of_months(door, self.months)
        self.actuals = Actuals(door, frame, period)
        self._span = period
        self.managers = dict(queries.reporting(door))
        """Of everybody, who left among them: what they won was won."""
        self.whole = door.sight is None or door.sight.whole
        """Whether who asks sees everything, so that the figures of the company are those."""

    @cached_property
    def days(self) -> Days:
        """The working days of the period, by the calendar of the policy."""
        return working_days(self.frame.policy().hours(), self._span, self.frame.now)

    def row(self, of: Of) -> Row:
        """The figures of one target."""
        who, measure = of
        target = self.sums[of]
        actual = self._actual(of)
        found = figures(actual, target, self.days)
        return (
            *(aim(who), measure, self.period, actual, target.target, _float(found.attained), found.gap),
            *(_float(found.stretch_attained), _float(found.top_attained), self.days.left, found.per_day),
            *(_float(found.pace), self._coverage(of, actual), self._parts(of), target.currency),
        )

    def dual(self, of: Of) -> float | None:
        """What a person and their team attained of one measure, weighed together; the team is the one they lead, else
        that of the nearest superior with a target. None of teams and the company."""
        who, measure = of
        if who == COMPANY or who.startswith(TEAM):
            return None
        team = next((each for each in self._teams(who) if (each, measure) in self.sums), None)
        if team is None:
            return None
        shares = [share(self._actual((each, measure)), self.sums[each, measure].target) for each in (who, team)]
        return _float(dual(self.frame.policy().kpi, *shares))

    def _teams(self, login: str) -> Iterator[str]:
        seen = set[str]()
        person: str | None = login
        while person and person not in seen:
            yield TEAM + person
            seen.add(person)
            person = self.managers.get(person)

    def _actual(self, of: Of) -> int | None:
        who, measure = of
        if who == COMPANY and not self.whole:
            return None
        return self.actuals.of(measure, self._whose(who), self.sums[of].currency)

    def _whose(self, who: str) -> Whose:
        if who == COMPANY:
            return None
        return {*below(who.removeprefix(TEAM), self.managers)} if who.startswith(TEAM) else {who}

    def _coverage(self, of: Of, actual: int | None) -> float | None:
        """The weighted open amount as a part of what is lacking."""
        who, measure = of
        target = self.sums[of]
        if measure != WON_AMOUNT or actual is None or target.currency is None or _WEIGHED & {*self.frame.hidden}:
            return None
        found = coverage(self.actuals.weighted(self._whose(who), target.currency), target.target, actual)
        return Met("inf") if isinstance(found, bool) else _float(found)

    def _parts(self, of: Of) -> int | None:
        """The sum of the targets of who reports to them directly, each that of their team where there is one; of the
        company those of who reports to nobody. None where there are none, or in other currencies."""
        who, measure = of
        above = None if who == COMPANY else who.removeprefix(TEAM)
        reports = [login for login, manager in self.managers.items() if manager == above]
        sums = [self.sums.get((TEAM + each, measure)) or self.sums.get((each, measure)) for each in reports]
        found = [each for each in sums if each is not None and each.target is not None]
        if not found or {each.currency for each in found} != {self.sums[of].currency}:
            return None
        return sum(each.target for each in found if each.target is not None)


def _float(exact: Any) -> float | None:
    return None if exact is None else float(exact)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each target of the period, the company first, then teams, then people; with `[kpi]` in the policy also
    what each and their team attained together. Refused (2) for a period that is not of whole months."""
    period = args.get("period") or containing(today(frame.now, frame.tz), MONTH)
    if not months_of(period):
        raise UsageError(
            say("targets are of months: {first} to {last} is none", first=period.first, last=period.last),
            hint=say("--period 2026-11, 2026Q4 or 2026"),
        )
    found, asked = Attained(door, frame, period), {**args, "who": whose(door, args, frame)}
    chosen = [of for of in sorted(found.sums, key=_place) if _asked(of, asked, frame)]
    rows, columns = [found.row(of) for of in chosen], COLUMNS
    if chosen and frame.policy().kpi is not None:
        columns = (*COLUMNS, DUAL)
        rows = [(*row, found.dual(of)) for row, of in zip(rows, chosen, strict=True)]
    return Table(columns, rows, READ.title, notes=tuple(_notes(found, chosen)))


def _place(of: Of) -> tuple[int, str, int]:
    who, measure = of
    return (0 if who == COMPANY else 1 if who.startswith(TEAM) else 2), who, TARGET_MEASURES.index(measure)


def _asked(of: Of, args: Mapping[str, Any], frame: Frame) -> bool:
    who, measure = of
    if measure in OF_MONEY and "amount" in frame.hidden:
        return False
    wanted, team = args.get("who") or (), (args.get("team") or ((), ()))[0]
    if team and (who == COMPANY or who.removeprefix(TEAM) not in team):
        return False
    return (not wanted or who in wanted) and args.get("measure") in (None, measure)


def _notes(found: Attained, chosen: list[Of]) -> Iterator[Footnote]:
    """Targets without a sum, and why; what the figures of the company take; money without a rate."""
    lacking = [of for of in chosen if found.sums[of].missing]
    if lacking:
        names = listed(_named(of, found.sums[of]) for of in lacking[:NAMED])
        said = say("{n} {n:target|targets} without a sum, for a month has none: {names}", n=len(lacking), names=names)
        yield Footnote("left_out", len(lacking), said)
    mixed = [of for of in chosen if found.sums[of].target is None and not found.sums[of].missing]
    if mixed:
        said = say("{n} {n:target|targets} without a sum, in several currencies", n=len(mixed))
        yield Footnote("left_out", len(mixed), said)
    if not found.whole and any(who == COMPANY for who, _ in chosen):
        yield Footnote("left_out", None, say("what the company attained is told to who sees all deals"))
    for by in found.actuals.converters.values():
        yield from unconverted(by)


def _named(of: Of, target: Sum) -> Said:
    who, measure = of
    told = {"who": coded(WHOM, aim(who)), "measure": Word("measure", measure), "months": listed(target.missing)}
    return say("{who} {measure} ({months})", **told)


READ = Read(
    path="report attainment",
    title=say("Attainment"),
    help="How far people, teams and the company are from their targets, and how much of it a working day",
    columns=COLUMNS,
    standing=COUNTED,
    build=build,
    params=(
        Param("period", "months, summed up: 2026-11 2026Q4 2026; default this month", "period", metavar="P"),
        WHO,
        population.TEAM._replace(help="of who is at or below this person in the lines; me, a login or a name"),
        MEASURE,
    ),
    examples=("opp report attainment", "opp report attainment --period this-quarter --who company --csv"),
)
READS = (READ,)
