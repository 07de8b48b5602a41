"""An export for others to count with: ids, dates, stages and dictionaries as they are, people and companies under
pseudonyms, amounts times a secret factor, every free text empty.

Pseudonymous, not anonymous: joins and ratios hold, and whoever knows one amount knows the factor.
"""

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from oppcli.errors import PolicyError
from oppcli.model.fields import MEASURES, Field, of
from oppcli.model.nouns import NOUNS
from oppcli.model.refs import ref
from oppcli.reads.table import Column, Frame, Kind, Row, Table

DIGITS = 10
"""So much of a pseudonym's HMAC is shown, in hexadecimal digits."""
PEOPLE = frozenset(
    "actor added_by applied_by attached_by by collaborators created_by decided_by editor editors frm left login "
    "manager next_editors on_behalf_of owner pool run_by submitted_by successor to".split()
)
"""Fields that hold a login, or several."""
MONEY = ("amount", "max_amount")
DICTIONARIES = frozenset(
    "action channel currency external_id kind last_open_stage noun policy roles stage state step system type types "
    "verdict version".split()
)
"""Texts that come from a list that everybody has or the policy names; ids of other systems are ids."""
OF_NOUNS: Mapping[str, frozenset[str]] = {
    "stage": frozenset(("name",)),
    "request": frozenset(("title",)),
    "delivery": frozenset(("key",)),
    "policy": frozenset(("hash",)),
}
"""The same of one noun: what a request is called stands in the policy."""
META = frozenset("run wall by version undoes erases revision from to".split())
"""What an entry's meta keeps."""
KEPT = (
    *(Kind.INSTANT, Kind.DATE, Kind.COUNT, Kind.NUMBER, Kind.FRACTION, Kind.PERCENT, Kind.BOOL),
    *(Kind.DAYS, Kind.HOURS, Kind.SECONDS),
)
NUMBERS = ("number", "int", "percent", "bool", "date", "instant")
Change = Callable[[Any, Mapping[str, Any]], Any]
"""A cell, and its whole row by name → what stands in its place."""


class Key:
    """What only its holder can make pseudonyms and the factor with."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        share = Fraction(int(self._digits("scale")[:8], 16), 2**32)
        self._factor = Fraction(1, 2) + Fraction(3, 2) * share

    def _digits(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), "sha256").hexdigest()

    def named(self, kind: str, value: str) -> str:
        """`user-` or `customer-` and the first 10 hexadecimal digits of HMAC-SHA256(key, kind + LF + value)."""
        return f"{kind}-{self._digits(f'{kind}{chr(10)}{value}')[:DIGITS]}"

    def person(self, value: Any) -> Any:
        """A login, or several; whoever is none stays nobody."""
        if isinstance(value, list | tuple):
            return type(value)(self.person(each) for each in value)
        return self.named("user", value) if isinstance(value, str) and value else value

    def rate(self, price: Decimal) -> Decimal:
        """A unit price times the factor, with four decimals."""
        return Decimal(self.scaled(int(price.scaleb(4)))).scaleb(-4)

    def scaled(self, amount: int) -> int:
        """Minor units times the factor, between 0.5 and 2; halves to the even one."""
        return round(amount * self._factor)


def redacted(table: Table, noun: str, secret: bytes, frame: Frame) -> Table:
    """The table of an export without what tells of people, companies or money. `noun` as it is exported: `deals`."""
    word = next((each.word for each in NOUNS if each.plural == noun), noun)
    key, fields = Key(secret), _fields(word, frame)
    changes = [_change(word, column, fields.get(column.name), key, fields) for column in table.columns]
    names = [column.name for column in table.columns]
    return table._replace(rows=_rows(table.rows, names, changes))


def _rows(rows: Any, names: Sequence[str], changes: Sequence[Change]) -> Iterator[Row]:
    for row in rows:
        whole = dict(zip(names, row, strict=True))
        yield tuple(
            value if value is None else change(value, whole) for value, change in zip(row, changes, strict=True)
        )


def _fields(word: str, frame: Frame) -> dict[str, Field]:
    """The noun's fields by name, a deal's with the team's own; reasons of the policy are a dictionary, too."""
    found = {field.name: field for field in of(word)} if word in {noun.word for noun in NOUNS} else {}
    if word not in ("deal", "journal"):
        return found
    try:
        policy = frame.policy()
    except PolicyError:
        return found
    from oppcli.rules.fields import fields

    found |= fields(policy)
    if policy.lost_reasons:
        found["close_reason"] = Field("close_reason", values=policy.lost_reasons)
    return found


def _change(word: str, column: Column, field: Field | None, key: Key, fields: Mapping[str, Field]) -> Change:
    name = column.name
    if word == "journal":
        told = _of_journal(name, key, fields)
        if told is not None:
            return told
    if (word, name) == ("deal", "title"):
        return lambda value, row: f"deal {row['id']}"
    if (word, name) in (("deal", "customer"), ("customer", "name")):
        return lambda value, row: key.named("customer", value)
    if name in PEOPLE:
        return lambda value, row: key.person(value)
    if field is not None and field.personal:
        return _empty
    if column.kind is Kind.MONEY or name in MONEY or (field is not None and field.kind == "money"):
        return lambda value, row: key.scaled(value)
    if MEASURES.get(word, {}).get(name) == "unit_price":
        return lambda value, row: key.rate(value)
    return _same if _stays(word, column, field) else _empty


def _stays(word: str, column: Column, field: Field | None) -> bool:
    name = column.name
    if column.kind in KEPT or name in DICTIONARIES or name in OF_NOUNS.get(word, ()) or column.words:
        return True
    if column.kind is Kind.REF or (name == "notices" and word == "delivery"):
        return True
    return field is not None and (bool(field.values) or field.kind in NUMBERS)


def _same(value: Any, row: Mapping[str, Any]) -> Any:
    return value


def _empty(value: Any, row: Mapping[str, Any]) -> Any:
    """Nothing, in the kind of what was there: a list stays a list."""
    return type(value)() if isinstance(value, list | tuple | dict) else None


def _of_journal(name: str, key: Key, fields: Mapping[str, Field]) -> Change | None:
    if name in ("prev", "hash"):  # with them and the rest one could try out what was hashed
        return _empty
    if name == "noun_id":
        return lambda value, row: key.person(value) if row["noun"] == "user" else value
    if name == "meta":
        return lambda value, row: {part: told for part, told in value.items() if part in META}
    if name == "changes":
        return lambda value, row: {
            path: [_told(path, side, row, key, fields) for side in pair] for path, pair in value.items()
        }
    return None


def _told(path: str, value: Any, row: Mapping[str, Any], key: Key, fields: Mapping[str, Field]) -> Any:
    """A value of an entry: by the name at the end of its path, what lies in it likewise."""
    name = path.rpartition(".")[2]
    if isinstance(value, dict):
        return {part: _told(f"{path}.{part}", told, row, key, fields) for part, told in value.items()}
    if name in PEOPLE:
        return key.person(value)
    if value is None or isinstance(value, bool):
        return value
    field = fields.get(name) if row["noun"] == "deal" else None
    if (row["noun"], path) == ("deal", "title"):
        return f"deal {ref('deal', row['noun_id'])}"
    if (row["noun"], path) == ("customer", "name"):
        return key.named("customer", value)
    if field is not None and field.personal:
        return None
    if isinstance(value, int):
        if MEASURES.get(row["noun"], {}).get(name) == "unit_price":
            return key.scaled(value)
        return key.scaled(value) if name in MONEY or (field is not None and field.kind == "money") else value
    known = name in DICTIONARIES or name in OF_NOUNS.get(row["noun"], ()) or (field is not None and field.values)
    dated = field is not None and field.kind == "date"
    return value if known or dated else _empty(value, row)
