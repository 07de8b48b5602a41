"""What break-downs split deals by: each key as SQL over `deal d`, and what its values are called and how they stand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from oppcli.errors import UsageError
from oppcli.model.deals import KINDS as STAGE_KINDS
from oppcli.model.fields import CHINESE_TITLES, SYNONYMS, of
from oppcli.model.json_text import loads
from oppcli.model.said import heading, say
from oppcli.model.units import PERIODS
from oppcli.reads import deal_row, own
from oppcli.reads.periods import begins, local_day
from oppcli.reads.population import DATES, Place
from oppcli.reads.table import Column, Frame, Kind
from oppcli.reads.where import Where
from oppcli.rules.scopes import require_had
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.periods import label, parse_period, without_gaps

if TYPE_CHECKING:
    from oppcli.reads.translating import Term
    from oppcli.rules.bands import Bands

TAGS = "tags"
BY_NAME = {"reason": "close_reason", "tag": TAGS, "outcome": "kind"}
"""Keys that are called otherwise than their field."""
MANAGER = "manager"
PEOPLE = ("owner", MANAGER, "person", "waiting_on")
_UNFIT = ("id", "title", "next_step", "close_detail", "probability_reason", "extra", "external_id", "version")
_BANDED = {Kind.COUNT: "int", Kind.NUMBER: "number", Kind.MONEY: "money", Kind.PERCENT: "percent"}
_STORED = {field.name for field in of("deal") if not field.own} - {"renewal_of", "origin"}
"""Columns of the table itself."""
_PLAIN = (Kind.TEXT, Kind.REF, Kind.BOOL, Kind.DATE, Kind.LIST)


class Key(NamedTuple):
    """One thing that rows are split by."""

    column: Column
    sql: str
    """What is grouped by."""
    labels: Callable[[Any], Sequence[Any]]
    """A value of that → the values of the column, several for a list; None is no value."""
    place: Callable[[Any], Any] | None = None
    """Where a value stands, of keys with an order of their own; others stand by the first measure."""
    folds: bool = False
    """Whether values that differ in case and width only are one."""
    lookup: str = ""
    """What names what is grouped by, as SQL over `{}`: asked for each group, not for each deal."""
    filled: Callable[[Sequence[Any]], list[Any]] | None = None
    """All values between the first and the last of these, of keys without gaps."""
    unit: str = ""
    """Of periods."""
    several: bool = False
    """Whether one deal may have several values."""
    apart: str = ""
    """The noun that is grouped by, of which several may be called the same and are not one: `customer`."""

    @property
    def name(self) -> str:
        return self.column.name


class Keys:
    """The keys of one report: made from what was typed, for one question to the database."""

    def __init__(
        self,
        door: ReadDoor,
        frame: Frame,
        where: Where,
        places: Sequence[Place],
        on: str,
        own: Mapping[str, Key] | None = None,
        instant: str = "",
    ) -> None:
        """`own`: keys that the report has beside those of deals; `instant`: SQL for the date, where it is no deal's."""
        self._door, self._frame, self._where, self._places, self._on = door, frame, where, places, on
        self._own, self._instant = own or {}, instant
        self._columns = _fit(deal_row.COLUMNS)

    def read(self, typed: str) -> tuple[Key, ...]:
        """The keys of `owner,month`. Refused for what is none, more than two, one twice, and a field that who asks does
        not have."""
        names = names_in(typed, self._meant)
        asked = [name for name in names if name not in self._own]
        fields = {name: BY_NAME.get(name, "owner" if name == MANAGER else name) for name in asked}
        hidden = [name for name, field in fields.items() if field in self._frame.hidden]
        require_had(self._frame.actor, sorted(hidden), hidden)
        return tuple(self._own[name] if name in self._own else self._key(name, fields[name]) for name in names)

    def _meant(self, word: str) -> str:
        from oppcli.speech.titles import in_every_language
        from oppcli.words.named import understood
        from oppcli.words.spelling import nearest

        here = {name: key.column for name, key in self._own.items()}
        fixed = {**here, **dict.fromkeys(PERIODS), **dict.fromkeys(BY_NAME), MANAGER: None}
        if word in fixed or word in self._columns:
            return next((key for key, field in BY_NAME.items() if field == word and key != "outcome"), word)
        self._columns |= _fit(own.columns(own.fields(self._door)))
        known = {**fixed, **self._columns}
        known.pop(TAGS, None)  # is called as its key is

        def titles(name: str) -> tuple[str, ...]:
            column = here.get(name) or self._columns.get(name)
            others = (title for title, of in SYNONYMS.items() if of == name)
            told = in_every_language(column.heading if column else heading(name))
            return (*told, CHINESE_TITLES.get(name, ""), *others, TAGS if name == "tag" else "")

        found = understood(word, known, titles)
        if found is None:
            said = say("--by cannot be {word}{near}", word=word, near=nearest(word, known))
            raise UsageError(said, hint=say("one of {known}", known=" ".join(known)))
        return next((key for key, field in BY_NAME.items() if field == found and key != "outcome"), found)

    def _key(self, name: str, field: str) -> Key:
        if name in PERIODS:
            return self._period(name)
        if name == MANAGER:
            column = Column(MANAGER, Kind.REF, rank=1)
            lookup = "(SELECT u.manager FROM user_account u WHERE u.login = {})"
            return Key(column, "d.owner", one_value, lookup=lookup)
        if field in ("stage", "last_open_stage"):
            return self._stage(field)
        if field == "kind":
            return self._outcome(name)
        column = self._columns[field]._replace(name=name, wide=True, place=0, rank=1, unit="", cut=False)
        if field == "customer":
            lookup = "(SELECT c.name FROM customer c WHERE c.id = {})"
            return Key(column._replace(cut=True), "d.customer_id", one_value, lookup=lookup, apart="customer")
        if column.kind in (Kind.TEXT, Kind.REF) and field in _STORED:
            return Key(column, f'd."{field}"', one_value, folds=column.kind is Kind.TEXT)
        from oppcli.reads import deal_terms

        term = deal_terms.term_of(self._door, self._frame, self._where, field)
        if column.kind in _BANDED:
            return self._bands(column, term, _BANDED[column.kind])
        if column.kind is Kind.LIST:
            return Key(column._replace(kind=Kind.TEXT), term.sql, _several, folds=True, several=True)
        if column.kind is Kind.BOOL:
            return Key(column, term.sql, lambda raw: (None if raw is None else bool(raw),))
        place = str if column.kind is Kind.DATE else None
        return Key(column, term.sql, one_value, place, folds=column.kind is Kind.TEXT)

    def _period(self, unit: str) -> Key:
        """Grouped by day, which is what a period is looked up by."""
        instant, begin = self._instant or f"d.{DATES[self._on]}", begins(self._frame.policy, unit)
        dated = instant == "d.expected_close"

        def labels(raw: Any) -> tuple[str | None]:
            if raw is None or raw == "":
                return (None,)
            day = date.fromisoformat(raw) if dated else date.fromordinal(int(raw))
            return (label(day, unit, begin),)

        def filled(known: Sequence[str]) -> list[str]:
            first, last = (parse_period(each, today=date.min, begins=begin).first for each in (min(known), max(known)))
            return without_gaps(known, first, last, unit, begin)

        sql = instant if dated else local_day(instant, self._frame.tz, self._frame.now)
        column = Column(unit, Kind.REF, rank=1)
        return Key(column, sql, _remembered(labels), str, filled=filled, unit=unit)

    def _stage(self, field: str) -> Key:
        names = {place.id: place.name for place in self._places}
        order = {place.name: at for at, place in enumerate(self._places)}
        link = "d.stage_id" if field == "stage" else "d.last_open_stage_id"
        return Key(Column(field, rank=1), link, lambda raw: (names.get(raw),), lambda name: order.get(name, len(order)))

    def _outcome(self, name: str) -> Key:
        kinds = {place.id: place.kind for place in self._places}
        column = Column(name, words="kind", rank=1)
        return Key(column, "d.stage_id", lambda raw: (kinds.get(raw),), STAGE_KINDS.index)

    def _bands(self, column: Column, term: "Term", kind: str) -> Key:
        """A number in the bands that the policy cuts it into, else powers of ten."""
        field = BY_NAME.get(column.name, column.name)
        from oppcli.rules.bands import bands

        found = bands(self._frame.policy().bands.get(field, ()))
        sql = _cased(term, found, self._number(term))
        if term.elsewhere is not None:
            sql = self._money(term, found, sql)
        labels, order = found.labels, {label: at for at, label in enumerate(found.labels)}
        return Key(
            Column(column.name, title=column.title, rank=1),
            sql,
            lambda raw: (None if raw is None else labels[int(raw)],),
            order.__getitem__,
        )

    def _number(self, term: "Term") -> Callable[[Decimal], str]:
        """A cut as a parameter, in the parts that the term counts; of parts it has none the next whole one."""

        def written(cut: Decimal) -> str:
            if not term.exact:
                return self._where.name(float(cut) if self._door.dialect == "sqlite" else cut)
            return self._where.name(int(-(-cut * term.scale // 1)))

        return written

    def _money(self, term: "Term", found: "Bands", cased: str) -> str:
        """In the policy's currency the cuts decide; a deal in another one lies where its worth there does."""
        assert term.elsewhere is not None
        among: dict[int, list[int]] = {}
        for key, minor in term.elsewhere.values():
            among.setdefault(found.place(Decimal(minor) / term.scale), []).append(key)
        parts = [f"WHEN {term.if_} THEN {cased}"]
        for place in sorted(among):
            holds = self._where.any_of(self._door, term.elsewhere.key, among[place])
            parts.append(f"WHEN {holds} THEN {place}")
        return f"CASE {' '.join(parts)} END"


def names_in(typed: str, meant: Callable[[str], str]) -> list[str]:
    """What one or two keys are called. Refused (`UsageError`) for more, and one twice."""
    names = [meant(word.strip()) for word in typed.replace("，", ",").split(",")]
    if len(names) > 2 or len(set(names)) < len(names):
        hint = say("--by {example}", example="owner,month")
        raise UsageError(say("--by takes one key, or two that differ: {typed}", typed=typed), hint=hint)
    return names


def _fit(columns: Iterable[Column]) -> dict[str, Column]:
    """Those that deals can be split by: no names of one deal, no instants."""
    fit = (each for each in columns if each.kind in (*_BANDED, *_PLAIN) and each.name not in _UNFIT)
    return {column.name: column for column in fit}


def one_value(raw: Any) -> tuple[Any]:
    """The labels of what is called as it is stored; an empty text is no value."""
    return (None if raw == "" else raw,)


def _several(raw: str | None) -> Sequence[Any]:
    """The texts of a list as JSON."""
    return tuple(loads(raw)) or (None,) if raw else (None,)


def _remembered(labels: Callable[[Any], tuple[str | None]]) -> Callable[[Any], tuple[str | None]]:
    known: dict[Any, tuple[str | None]] = {}

    def found(raw: Any) -> tuple[str | None]:
        if raw not in known:
            known[raw] = labels(raw)
        return known[raw]

    return found


def _cased(term: "Term", found: "Bands", written: Callable[[Decimal], str]) -> str:
    """The place of the band in which a number lies; nothing where there is no number."""
    cuts = " ".join(f"WHEN {term.sql} < {written(cut)} THEN {place}" for place, cut in enumerate(found.cuts))
    return f"CASE WHEN {term.sql} IS NULL THEN NULL {cuts} ELSE {len(found.cuts)} END"
