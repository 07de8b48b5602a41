"""Parts of the sentences of a policy: numbers, names, several things in a row, which every language tells in its own
way."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from oppcli.model.codes import MAIL, PACKET
from oppcli.model.deals import LIVE_KINDS, LOST, WON
from oppcli.model.policy import ALL, OWN, TEAM, StageRule
from oppcli.model.requests import APPROVED, MOVES, PENDING, REJECTED
from oppcli.model.said import Number, Said, listed, say

ROTTING = say("Rotting after business hours without activity: {stages}.")
DO = {"notify": say("{who} is told"), "add": say("{who} may decide too"), "reassign": say("it goes to {who}")}
LINES = {0: say("the submitter's manager"), 1: say("the manager's manager")}
SEEN = {
    OWN: say("{it} see their own deals, those of nobody, and those they are asked about."),
    TEAM: say("{it} see these and the deals of everybody below them."),
    ALL: say("{it} see all deals."),
}
REST = {
    OWN: say("Everybody else sees their own deals, those of nobody, and those they are asked about; admins see all."),
    TEAM: say("Everybody else sees their own deals and those of everybody below them; admins see all."),
    ALL: say("Everybody else sees all deals."),
}
LOCKED: Mapping[str, Said] = {
    PENDING: say("its facts do not change while it is pending"),
    APPROVED: say("its facts do not change once it is approved"),
    REJECTED: say("its facts do not change once it is rejected"),
    MOVES: say("it is not moved on while it is pending or returned"),
}

AWAYS: Mapping[str, Said] = {MAIL: say("by answering the mail"), PACKET: say("with a packet")}


def number(value: Decimal) -> Number:
    """A number as people write it: `500,000`, `50万`."""
    return Number(format(value.normalize(), ",f"), value)


def both(words: Iterable[str]) -> str:
    """`a, b and c`; one alone as it is."""
    *first, last = tuple(words) or ("",)
    return say("{first} and {last}", first=listed(first), last=last) if first else last


def either(words: Iterable[str]) -> str:
    """`a, b or c`; one alone as it is."""
    *first, last = tuple(words) or ("",)
    return say("{first} or {last}", first=listed(first), last=last) if first else last


def running(sentences: Iterable[str]) -> str:
    """Sentences in one line."""
    return reduce(lambda one, more: say("{sentence} {more}", sentence=one, more=more), sentences)


def name(of: str) -> str:
    """The name of a person, a role or a value inside a sentence: Chinese puts it into quotes."""
    return say("{quoted}", quoted=of)


def line(stages: Sequence[StageRule], pipeline: str | None) -> list[str]:
    """How a deal moves along one pipeline, and how it goes on once it is won."""
    path = " → ".join(stage.name for stage in stages if stage.kind in LIVE_KINDS)
    won = [stage.name for stage in stages if stage.kind == WON]
    ends = either([*won[:1], *(stage.name for stage in stages if stage.kind == LOST)])
    found = say("A deal moves {path} and ends as {ends}.", path=path, ends=ends)
    if pipeline is not None:
        found = say("In {pipeline} a deal moves {path} and ends as {ends}.", pipeline=pipeline, path=path, ends=ends)
    after = say("After {won} it goes on: {path}.", won=won[0] if won else "", path=" → ".join(won[1:]))
    return [found, after] if won[1:] else [found]
