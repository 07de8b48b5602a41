"""A deal looked back on as people read it: a block for each section, and what a line of it says."""

from collections.abc import Callable, Iterable, Mapping

from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.said import Said, Word, listed, say
from oppcli.reads.cards import Block, Card
from oppcli.reads.table import Frame, Row
from oppcli.tuples import NamedTuple

FACT, STAY, WAIT, CHANGE, DECISION, OUTCOME, LIKE = SECTIONS = (
    *("fact", "stay", "wait", "change", "decision", "outcome", "like"),
)


class Told(NamedTuple):
    """One line: of which section, and what stands in it."""

    section: str
    what: str
    first: str | None = None
    last: str | None = None
    at: int | None = None
    who: str | None = None
    days: float | None = None
    target_days: float | None = None
    median_days: float | None = None
    hours: float | None = None
    reason: str | None = None

    @property
    def row(self) -> Row:
        return (Word("recap", self.section), *self[1:])


TITLES: Mapping[str, Said] = {
    OUTCOME: say("Outcome:"),
    FACT: say("Facts, first and last:"),
    STAY: say("Stages, against target and median:"),
    WAIT: say("Whose time it spent:"),
    CHANGE: say("Changes:"),
    DECISION: say("Decisions:"),
    LIKE: say("Deals like it:"),
}


def card(deal: Deal, lines: Iterable[Told], frame: Frame) -> Card:
    """How people read it: a block for each section that has something."""
    blocks: dict[str, list[tuple[str, ...]]] = {section: [] for section in SECTIONS}
    for line in lines:
        blocks[line.section].append(_SAID[line.section](line, frame))
    kept = tuple(Block(TITLES[section], tuple(rows)) for section, rows in blocks.items() if rows)
    every = frozenset(Told._fields)
    return Card(listed((ref("deal", deal.id), deal.title), " "), (), every, (), kept)


def _at(line: Told, frame: Frame) -> str:
    return "" if line.at is None else frame.show(line.at)


def _days(days: float | None) -> str:
    return "" if days is None else say("{days:,.1f} d", days=days)


def _hours(hours: float | None) -> str:
    return "" if hours is None else say("{hours:,.1f} bh", hours=hours)


def _moved(line: Told) -> str:
    if line.first == line.last:
        return line.last or ""
    return say("{old} → {new}", old=line.first or "–", new=line.last or "–")


def _said_outcome(line: Told, frame: Frame) -> tuple[str, ...]:
    return (
        line.what,
        _moved(line) if line.first else line.last or "",
        _at(line, frame),
        _days(line.days),
        line.reason or "",
    )


def _said_stay(line: Told, frame: Frame) -> tuple[str, ...]:
    target, usual = line.target_days, line.median_days
    return (
        line.what,
        _at(line, frame),
        _days(line.days),
        _hours(line.hours),
        say("target {days:,.1f} bd", days=target) if target is not None else "",
        say("median {days:,.1f} d", days=usual) if usual is not None else "",
    )


_SAID: Mapping[str, Callable[[Told, Frame], tuple[str, ...]]] = {
    OUTCOME: _said_outcome,
    FACT: lambda line, frame: (line.what, _moved(line)),
    STAY: _said_stay,
    WAIT: lambda line, frame: (line.what, line.who or "", _hours(line.hours)),
    CHANGE: lambda line, frame: (_at(line, frame), line.who or "", line.what, _moved(line)),
    DECISION: lambda line, frame: (
        *(_at(line, frame), line.who or "", line.what, line.first or "", line.last or "", line.reason or ""),
    ),
    LIKE: lambda line, frame: (*(line.what, line.first or "", line.last or "", _days(line.days), line.reason or ""),),
}
