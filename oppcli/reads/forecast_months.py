"""Which months a forecast is about: that in which an open deal is expected to close, that in which a won one closed;
what is past due, and what has no date, in rows of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from oppcli.model.deals import CATEGORIES
from oppcli.model.said import say
from oppcli.reads.breakdown_gathering import Found, Times
from oppcli.reads.breakdown_keys import Key, Keys, one_value
from oppcli.reads.periods import begins, dated, local_day
from oppcli.reads.population import Place
from oppcli.reads.table import Column, Footnote, Frame
from oppcli.reads.where import Where
from oppcli.rules.forecasting import CLOSED
from oppcli.store.doors import ReadDoor
from oppcli.words.periods import MONTH, containing, label, parse_period, without_gaps
from oppcli.words.zones import midnight, today

PAST_DUE = "past_due"
WON = "s.kind = 'won'"
"""Of a deal and its `stage s`."""
CATEGORY = """CASE WHEN s.kind = 'won' THEN 'closed'
ELSE coalesce(d.category, s.category, CASE s.kind WHEN 'lead' THEN 'omitted' ELSE 'pipeline' END) END"""
"""`rules.forecasting.category`, of a deal and its `stage s` that are not lost."""
_BY_CATEGORY = Key(Column("category", words="category", rank=1), CATEGORY, one_value, (*CATEGORIES, CLOSED).index)
"""What the forecast takes a deal for: its own category, else that of its stage."""


class Months:
    """The time of one forecast."""

    def __init__(self, args: Mapping[str, Any], frame: Frame) -> None:
        """Refused for a period beside since or until."""
        found = dated(args, frame.tz)
        self._frame, self._roll = frame, bool(args.get("roll"))
        self.today = today(frame.now, frame.tz)
        self.asked = found.get("since") is not None or found.get("until") is not None
        """Whether only some months are."""
        since = found.get("since") if self.asked else midnight(self._month.first, frame.tz)
        self.times = Times("expected", since, found.get("until"), frame.tz)
        self.rolled = {"past": 0, "none": 0}
        """How many deals stand in the month that is under way though they are past due, or have no date."""

    @property
    def _month(self) -> Any:
        return containing(self.today, MONTH)

    @property
    def first(self) -> date | None:
        """The first day asked about."""
        since = self.times.since
        return None if since is None or not self.asked else today(since, self._frame.tz)

    @property
    def after(self) -> date | None:
        """The first day behind those asked about."""
        return None if self.times.until is None else today(self.times.until, self._frame.tz)

    @property
    def _rolls(self) -> bool:
        """Whether the month that is under way is among those asked about, and takes what is past due."""
        after = self.after
        return self._roll and (self.first is None or self.first <= self.today) and (after is None or self.today < after)

    def clauses(self, where: Where) -> str:
        """What holds of the deals of a forecast: open ones, those that are in none of its months counted apart
        (`outside`), and ones won in them."""
        edges = zip((">=", "<"), (self.times.since, self.times.until), strict=True)
        won = [f"d.closed_at {op} {where.name(edge)}" for op, edge in edges if edge is not None]
        late = f"d.expected_close < {where.name(self.today.isoformat())} OR d.expected_close IS NULL"
        opened = f" AND ({self._within(where)} OR {late})" if self.asked else ""
        return f"(s.kind IN ('lead', 'open'){opened}) OR ({' AND '.join([WON, *won])})"

    def outside(self, where: Where) -> str:
        """1 for an open deal that is past due, or has no date, and stands in none of the months asked about."""
        if not self.asked or self._rolls:
            return "0"
        return f"CASE WHEN {WON} OR {self._within(where)} THEN 0 ELSE 1 END"

    def late(self) -> str:
        """`past` of an open deal that is past due, `none` of one without a date."""
        day = self.today.isoformat()
        return f"CASE WHEN {WON} THEN '' WHEN d.expected_close IS NULL THEN 'none' " + (
            f"WHEN d.expected_close < '{day}' THEN 'past' ELSE '' END"
        )

    def _within(self, where: Where) -> str:
        edges = zip((">=", "<"), (self.first, self.after), strict=True)
        held = [f"d.expected_close {op} {where.name(edge.isoformat())}" for op, edge in edges if edge is not None]
        return f"coalesce({' AND '.join(held)}, FALSE)" if held else "TRUE"

    def keys(self, door: ReadDoor, where: Where, places: Sequence[Place], typed: str) -> tuple[Key, ...]:
        """The keys that rows are split by, periods among them. Refused as `Keys.read` does."""
        own = {} if "category" in self._frame.hidden else {"category": _BY_CATEGORY}
        found = Keys(door, self._frame, where, places, "expected", own).read(typed)
        return tuple(self.period(key.unit) if key.unit else key for key in found)

    def holds(self, on: str | None) -> bool:
        """Whether a day is among those asked about, or what is then in the month that is under way."""
        if not self.asked or (self._rolls and (on is None or on < self.today.isoformat())):
            return True
        first, after = self.first, self.after
        return (
            on is not None and (first is None or first.isoformat() <= on) and (after is None or on < after.isoformat())
        )

    def period(self, unit: str) -> Key:
        """Grouped by the day: as text that of the expected close, as a number that of the close."""
        begin, day = begins(self._frame.policy, unit), self.today
        here = label(day, unit, begin)

        def labels(raw: str | None) -> tuple[str | None]:
            if raw is not None and raw.isdigit():
                return (label(date.fromordinal(int(raw)), unit, begin),)
            if self._rolls and (not raw or raw < day.isoformat()):
                return (here,)
            if not raw:
                return (None,)
            return (PAST_DUE if raw < day.isoformat() else label(date.fromisoformat(raw), unit, begin),)

        def filled(known: Sequence[str]) -> list[str]:
            named = [each for each in known if each != PAST_DUE]
            past = [PAST_DUE] if len(named) < len(known) else []
            return past + without_gaps(named, *self._ends(named, unit, begin), unit, begin)

        closed = f"CAST({local_day('d.closed_at', self._frame.tz, self._frame.now)} AS TEXT)"
        sql = f"CASE WHEN {WON} THEN {closed} ELSE d.expected_close END"
        place = lambda each: "" if each == PAST_DUE else each  # noqa: E731
        return Key(Column(unit, words="forecast", rank=1), sql, labels, place, filled=filled, unit=unit)

    def _ends(self, named: Sequence[str], unit: str, begin: int) -> tuple[date, date]:
        """The first and the last day of the rows: those asked about, else from the one under way to the last known."""
        days = [parse_period(each, today=self.today, begins=begin).first for each in named]
        first = self.first or min([*days, self.today])
        return first, max([*days, self.today]) if self.after is None else date.fromordinal(self.after.toordinal() - 1)

    def begins(self, unit: str) -> int:
        """The month in which the year of these periods begins."""
        return begins(self._frame.policy, unit)

    def label_of(self, month: str, unit: str) -> str:
        """The period in which a month begins."""
        return label(date.fromisoformat(f"{month}-01"), unit, self.begins(unit))

    def edges(self) -> tuple[str, str]:
        """The first and the last month of the rows, as months are called; empty where there is no end."""
        first = self.first or (None if self.asked else self.today)
        last = None if self.after is None else date.fromordinal(self.after.toordinal() - 1)
        return label(first, MONTH) if first else "", label(last, MONTH) if last else ""

    def whole(self) -> tuple[date, date] | None:
        """The days asked about, where they are whole months from one to another."""
        if self.first is None or self.after is None or (self.first.day, self.after.day) != (1, 1):
            return None
        return self.first, date.fromordinal(self.after.toordinal() - 1)

    def told(self, found: Found) -> Iterator[Footnote]:
        """Which wins count, what was moved into the month that is under way, and what is in none of those asked
        about."""
        if not self.asked:
            yield Footnote("period", None, say("won: since {day}", day=self._month.first))
        if found.undated:
            said = say("{n:,} open {n:deal|deals} past due or without a date left out: --roll", n=found.undated)
            yield Footnote("left_out", found.undated, said)
        past, none = self.rolled["past"], self.rolled["none"]
        if self._rolls and (past or none):
            said = say(
                "{month} has {past:,} {past:deal|deals} past due and {none:,} without a date",
                month=label(self.today, MONTH),
                past=past,
                none=none,
            )
            yield Footnote("rolled", past + none, said)
