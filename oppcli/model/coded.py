"""Which fields hold codes of the program, that people read as words: the group of these, by noun and name."""

from collections.abc import Mapping

from oppcli.model.fields import BANT
from oppcli.model.nouns import Noun
from oppcli.model.said import REPEAT, WHENCE, coded, listed

_EVERYWHERE: Mapping[str, str] = {
    "state": "state",
    "standing": "standing",
    "reason": "end",
    "attitude": "attitude",
    "direction": "direction",
}
"""A reason that somebody typed is no code, and stays what it is."""
_OF: Mapping[str, Mapping[str, str]] = {
    "task": {"state": "task", "kind": "task", "origin": WHENCE, "repeat": REPEAT, "reason": ""},
    "activity": {"kind": "activity", "channel": "channel"},
    "proposal": {"state": "proposal", "noun": "noun", "source": WHENCE, "cause": WHENCE},
    "payment": {"kind": "payment"},
    "contract": {"state": "clause"},
    "match": {"state": "match", "noun": "noun"},
    "watch": {"noun": "noun"},
    "stage": {"kind": "kind", "category": "category"},
    "deal": {"kind": "kind", "category": "category", "channel": "channel", "how": WHENCE} | dict.fromkeys(BANT, "bant"),
    "request": {"channel": "channel"},
    "notice": {"kind": "notice"},
    "delivery": {"state": "delivery"},
    "judgement": {"category": "category", "reason": ""},
    "target": {"measure": "measure"},
}
"""What a noun calls otherwise, or has alone."""
_DOT = " · "
_BETWEEN = f" || '{_DOT}' || "
"""How the SQL of a title puts two columns together."""


def group(noun: str, name: str) -> str | None:
    """The group of the words that a field of a noun holds, empty for sentences of the program; None where what it holds
    is told as it is."""
    return _OF.get(noun, _EVERYWHERE).get(name, _EVERYWHERE.get(name))


def titled(noun: Noun, title: str) -> str:
    """What tells a record from another (`Noun.title`), codes within it as words: `mail · 已发送` of an activity."""
    columns = noun.title.split(_BETWEEN)
    parts = zip(columns, title.split(_DOT, len(columns) - 1), strict=True) if _DOT in title and len(columns) > 1 else ()
    told = [coded(of, part) if (of := group(noun.word, column)) is not None else part for column, part in parts]
    return listed(told, _DOT) if told else title
