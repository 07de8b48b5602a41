"""What the columns of other programs' exports are called, in English and Chinese, by the field they fill."""

import re
import tomllib
from collections.abc import Iterator
from importlib import resources

from oppcli.model.fields import Field
from oppcli.words.names import key

CLOSED, STATUS = "closed", "status"
"""Columns that fill no field of their own: when a deal ended, and whether it did."""

NAMES: dict[str, list[str]] = tomllib.loads((resources.files(__package__) / "names.toml").read_text("utf-8"))
"""Field → names as `plain` makes them, the most telling first."""
_NOISE = ("deal", "opportunity", "opp", "record", "crm", "sales", "商机", "机会", "项目")
"""Words before a name that add nothing in a file of deals."""
_TABLE = {name: (field, rank) for field, names in NAMES.items() for rank, name in enumerate(names)}


def plain(column: str) -> str:
    """The words of a column's name: `CloseDate`, `close_date` and `Close Date` are alike."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in key(apart)).split())


def called(column: str, own: dict[str, str]) -> Iterator[tuple[str, int, bool]]:
    """The fields that a column of this name may fill: field, how far down its list the name stands, and whether it is
    that name whole. `own` has the names of the fields that the policy or the program has, plain."""
    words = plain(column)
    if words in _TABLE:
        yield (*_TABLE[words], True)
    elif words in own:
        yield own[words], 0, True
    for shorter in _shorter(column, words):
        if shorter in _TABLE:
            yield (*_TABLE[shorter], False)
        elif shorter in own:
            yield own[shorter], 0, False


def is_status(column: str) -> bool:
    """Whether a column is called as one that says won, lost or still open."""
    return any(field == STATUS for field, _, _ in called(column, {}))


def _shorter(column: str, words: str) -> Iterator[str]:
    """The name without what stands in brackets, and without a word that adds nothing in front."""
    bare = plain(re.sub(r"[(（\[].*?[)）\]]", " ", column))
    if bare and bare != words:
        yield bare
    for noise in _NOISE:
        rest = bare.removeprefix(noise).strip()
        if rest and rest != bare and (not noise.isascii() or bare[len(noise) :].startswith(" ")):
            yield rest


def own_names(fields: dict[str, Field]) -> dict[str, str]:
    """What the fields of the program and of the policy are called here: name, title, Chinese name."""
    found: dict[str, str] = {}
    for name, field in fields.items():
        for called in (name, field.title, field.zh):
            if called:
                found.setdefault(plain(called), name)
    return found
