"""What a value in a condition stands for: days in any words, `me`, people, stages, types and roles that there are, ids
in any spelling, yes and no, codes in every language. What cannot be meant is refused with the nearest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.conditions import Bare
from oppcli.model.deals import KINDS as STAGE_KINDS
from oppcli.model.deals import SIGNALS
from oppcli.model.journal import SYSTEM
from oppcli.model.nouns import BY_WORD, RECORDS
from oppcli.model.people import ME
from oppcli.model.policy import Policy
from oppcli.model.refs import meant, number, ref
from oppcli.model.requests import STATES
from oppcli.model.said import label, listed, say
from oppcli.reads.redacting import PEOPLE
from oppcli.reads.table import Column, Frame, Kind
from oppcli.rules.conditions import yes_or_no
from oppcli.rules.fields import fields
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import PLAIN
from oppcli.words.quantities import Quantity

WORDS = {"kind": STAGE_KINDS, "state": STATES, "signal": SIGNALS}
"""The codes of a group of words: a column of these has no others."""
STAGES = ("stage", "last_open_stage")
DID = frozenset("actor applied_by by created_by decided_by run_by".split())
"""Who did something: it may have been time, too."""
Titles = Callable[[str], Iterable[str | None]]


class Period(NamedTuple):
    """What a day, or several, was typed for: ISO days, or milliseconds since 1970 UTC, both included."""

    first: Any
    last: Any


class Values:
    """Reads the values that one read's fields are compared with. `tell` is told how a day was read; `noun` is what the
    rows are of, whose ids may be typed as plain numbers."""

    def __init__(
        self,
        door: ReadDoor,
        columns: Mapping[str, Column],
        kinds: Mapping[str, str],
        frame: Frame,
        tell: Callable[[str | None], None],
        noun: str = "",
    ) -> None:
        self._door, self._columns, self._kinds, self._frame = door, columns, kinds, frame
        self._tell, self._noun = tell, noun
        self._policy: Policy = frame.policy()

    def stored(self, name: str, value: Any, *, part: bool = False) -> Any:
        """The value as cells of this field have it; with `part` what their text may hold. Refused (`UsageError`)."""
        kind = self._kinds[name]
        if isinstance(value, Decimal) and not part:
            self._told_thousands(value, kind)
        if kind == "bool":
            return yes_or_no(value)
        if kind == "ref" and not self._names_people(name) and not part:
            return self._id(name, value)
        if isinstance(value, Quantity):
            share = kind == "fraction" and value.unit == "%"
            return Decimal(value) / 100 if share else Decimal(value)
        if not isinstance(value, str) or part:
            return value
        return self._period(value, kind) if kind in ("date", "instant") else self._word(name, value)

    def _told_thousands(self, value: Decimal, kind: str) -> None:
        """Tell how `1.500` is read, as wherever it is typed."""
        from oppcli.words import kinds, numbers

        typed = value.typed if isinstance(value, Quantity) else format(value, "f")
        if kind in ("money", "percent", "number", "int") and numbers.like_thousands(typed):
            with suppress(Invalid):  # compared all the same, though no field could hold it
                kinds.parse(kind, typed, PLAIN._replace(currency=self._policy.currency, tell=self._tell))

    def _id(self, name: str, value: Any) -> str:
        """An id as cells have it: `D-1` of d-1, d1 and, where only deals can be meant, of 1. What is no id is left as
        it is. Refused for a number that may be the id of several things."""
        noun = BY_WORD.get(name) or BY_WORD.get(self._noun)
        if isinstance(value, Decimal):
            if noun is None or not noun.prefix or value != value.to_integral_value() or value < 0:
                raise UsageError(
                    say("{value} may be the id of several things: write it with its letter", value=format(value, "f"))
                )
            return ref(noun.word, int(value))
        found = meant(value)
        if found and found[0] in BY_WORD and BY_WORD[found[0]].prefix and ":" not in value:
            return ref(found[0], int(found[1]))
        letters = value.strip().rstrip("0123456789").casefold()
        near = next((each.word for each in RECORDS if letters and each.prefix.rstrip("-").casefold() == letters), None)
        key = number(near, value) if near else None
        return value if near is None or key is None else ref(near, key)

    def _period(self, text: str, kind: str) -> Period:
        """The day or days that were typed. Refused for what is no day."""
        from oppcli.words import shown, zones
        from oppcli.words.days import parse_date
        from oppcli.words.instants import parse_instant

        now, tz = self._frame.now, self._frame.tz
        today = zones.today(now, tz)
        if kind == "instant":
            first = parse_instant(text, now_ms=now, tz=tz, edge="start")
            after = parse_instant(text, now_ms=now, tz=tz, edge="end")
            last = max(first, after - 1)
            begins, ends = zones.today(first, tz), zones.today(last, tz)
            if begins == ends:
                self._tell(shown.echo_instant(text, first, tz, now))
            else:
                self._tell(shown.echo_days(text, begins, ends, today=today))
            return Period(first, last)
        begins, ends = (parse_date(text, today=today, edge=edge) for edge in ("start", "end"))
        self._tell(shown.echo_days(text, begins, ends, today=today))
        return Period(begins.isoformat(), ends.isoformat())

    def _word(self, name: str, text: str) -> str:
        """The text as it is stored. Refused for one that a field with a dictionary does not have, with the nearest, and
        (`Ambiguous`) for what several are called."""
        from oppcli.words.named import understood

        if text in ME and isinstance(text, Bare) and self._names_people(name):
            return self._frame.actor
        dictionary = self._dictionary(name)
        if dictionary is None:
            return self._called_now(text) if name == "customer" else text
        known, titles = dictionary
        found = understood(text, known, titles)
        if found is not None:
            return found
        from oppcli.words.spelling import did_you_mean

        typed = dict.fromkeys(word for each in known for word in (each, *titles(each)) if word)
        near = did_you_mean(text, typed) or say(", only {known}", known=listed(known))
        raise UsageError(
            say("{field} is never '{strange}'{did_you_mean}", field=label(name), strange=text, did_you_mean=near)
        )

    def _called_now(self, name: str) -> str:
        """The name of a customer, or of the one that it was merged into, which is told."""
        if self._door.one("SELECT 1 FROM customer WHERE name = :name LIMIT 1", name=name) is not None:
            return name
        now = self._frame.former(name)
        if now is None or now == name:
            return name
        self._tell(say("{name} is {now} now", name=name, now=now))
        return now

    def _names_people(self, name: str) -> bool:
        column = self._columns.get(name)
        return name in PEOPLE and column is not None and column.kind in (Kind.REF, Kind.LIST)

    def _dictionary(self, name: str) -> tuple[Sequence[str], Titles] | None:
        """What may be stored, and what else each is called; None where anything may be."""
        if name in STAGES:
            rows = self._door.rows("SELECT name FROM stage ORDER BY position, id")
            return [stage for (stage,) in rows], _untitled
        if self._names_people(name):
            people = {login: others for login, *others in self._door.rows(_PEOPLE)}
            people |= {SYSTEM: []} if name in DID else {}
            return tuple(people), lambda login: people[login]
        if name == "roles":
            return self._roles()
        codes = self._codes(name)
        return (codes, self._told(name)) if codes else None

    def _roles(self) -> tuple[Sequence[str], Titles]:
        from oppcli.speech.roles import known_roles, titles_of_roles

        return known_roles(self._policy), titles_of_roles(self._policy)

    def _codes(self, name: str) -> Sequence[str]:
        """What a field with a list of values can be, types of requests among them: also those the policy dropped."""
        column = self._columns.get(name)
        if self._is_type(name):
            used = self._door.column("SELECT DISTINCT type FROM request ORDER BY 1")
            return tuple(dict.fromkeys((*self._policy.types, *used)))
        field = fields(self._policy).get(name)
        return WORDS.get(column.words if column else "", ()) or (field.values if field else ())

    def _is_type(self, name: str) -> bool:
        """Whether it is the type of a request."""
        return name == "type" and not self._columns.keys().isdisjoint(("deal", "request"))

    def _told(self, name: str) -> Titles:
        """What the languages and the team call a code."""
        from oppcli.speech.titles import told
        from oppcli.words.yes_no import ANSWERS

        group = self._columns[name].words if name in self._columns else ""
        words, of_type = told(group) if group else _untitled, self._is_type(name)

        def titles(code: str) -> tuple[str | None, ...]:
            rule = self._policy.types.get(code) if of_type else None
            return (rule.title if rule else None, *ANSWERS.get(code, ()), *words(code))

        return titles


_PEOPLE = "SELECT login, name, email FROM user_account ORDER BY login"


def _untitled(name: str) -> tuple[str, ...]:
    return ()
