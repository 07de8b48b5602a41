"""Of several things that a line names each one once, whatever it is called there: an id in any spelling, a title, the
id of what was merged into it."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

from oppcli.actions import find, named_records
from oppcli.cli.context import Context
from oppcli.errors import OppError
from oppcli.model.nouns import BY_WORD, ENTRY, PREFIXES, class_of
from oppcli.model.refs import meant, named, number
from oppcli.model.said import listed, say
from oppcli.store import queries, runs
from oppcli.store.doors import ReadDoor

ANY = ("ref", "thing")
"""References of every noun, a number or words being those of a deal: each for itself, or what it stands for."""
NAMED: dict[str, Callable[..., Any]] = {
    "deal": find.deal,
    "customer": named_records.customer,
    "contact": named_records.contact,
}
"""What may be merged, and how it is found by a title or name."""


def once(opp: Context, noun: str, texts: Sequence[str], *, ids_only: bool) -> list[str]:
    """What was typed of a noun: of the texts that stand for one thing the first, and it is told which they are. What
    stands for nothing stays, to be refused."""
    found: dict[tuple[str, str], list[str]] = {}
    with opp.read() if noun in (*NAMED, "thing", "user", ENTRY.word) else nullcontext() as door:
        for text in texts:
            key = _referred(noun, text)
            found.setdefault(_stands_for(door, *key, ids_only=ids_only) if door else key, []).append(text)
    for key, typed in found.items():
        if len(typed) > 1:
            refs = listed(dict.fromkeys(typed))
            opp.say(
                say("{name} is named {n} times ({refs}) and counts once", name=named(*key), n=len(typed), refs=refs)
            )
    return [typed[0] for typed in found.values()]


def _referred(noun: str, text: str) -> tuple[str, str]:
    """Noun and number of a reference, else what was typed."""
    known = meant(text) if noun in ANY else None
    word = "deal" if noun in ANY else noun
    key = number(word, text) if word in PREFIXES else None
    return known or (word, text if key is None else str(key))


def _stands_for(door: ReadDoor, noun: str, text: str, *, ids_only: bool) -> tuple[str, str]:
    """The same of what a reference or name stands for; itself where that is nothing."""
    try:
        if noun in NAMED and text.isdecimal():
            return noun, str(find.get(door, class_of(BY_WORD[noun]), int(text)).id)
        if noun in NAMED:
            return noun, str(NAMED[noun](door, text, ids_only=ids_only).id)
        if noun == "user":
            return noun, find.user(door, text, active=False).login
        if noun == ENTRY.word and text.isdecimal() and queries.visible(door, noun, int(text)):
            return noun, str(runs.run_of(door, int(text)) or text)
    except OppError:  # the verb says why
        pass
    return noun, text
