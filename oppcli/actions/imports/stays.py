"""What a row knows of a deal's way through the stages, put into what is known already: what it does not name stays."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from oppcli.files.history import History, later
from oppcli.files.reading import Problem
from oppcli.model.deals import LIVE_KINDS, WON, Deal, Visit
from oppcli.model.noun import replace
from oppcli.model.policy import StageRule
from oppcli.tuples import NamedTuple


class Line(NamedTuple):
    """What the stays of one file are put in order by."""

    system: str
    """Whose file it is."""
    places: Mapping[str, int]
    """Stage → place in the pipeline, for those entered at one instant."""
    live: frozenset[str]
    """Stages that end no deal."""
    won: frozenset[str]
    """Stages of kind won: the first of them in a row ended it."""
    shown: Callable[[int], str]
    """The day of an instant, as people read it."""
    now: int


def line(stages: Iterable[StageRule], system: str, shown: Callable[[int], str], now: int) -> Line:
    """The pipeline of a policy for the stays of a file."""
    rules = list(stages)
    live = frozenset(rule.name for rule in rules if rule.kind in LIVE_KINDS)
    won = frozenset(rule.name for rule in rules if rule.kind == WON)
    return Line(system, {rule.name: place for place, rule in enumerate(rules)}, live, won, shown, now)


def joined(deal: Deal, said: History, line: Line) -> Deal | Problem:
    """The deal with the row's way put into its own. A date for a stage replaces what imports knew of that stage, and
    is ignored where people made the stay; every stay ends with the next entry; created is the earliest known.

    A move whose date the row does not know was made by now at the latest. Another stage entered after the one the row
    is in is a `Problem`."""
    fresh = _fresh(deal, said, line)
    gone = _replaced(deal, said, fresh)
    kept = [visit for visit in deal.visits if visit not in gone]
    present = _present(deal, said, fresh, line)
    others = _in_order(deal, [visit for visit in (*kept, *fresh) if visit is not present], line)
    last = others[-1] if others else None
    if present.entered_at is not None and last is not None and (last.entered_at or 0) > present.entered_at:
        return later(last.stage, last.entered_at or 0, present.stage, present.entered_at, line.shown)
    visits = _linked([*others, present])
    return replace(
        deal,
        stage=said.stage,
        visits=tuple(replace(visit, id=number) for number, visit in enumerate(visits, 1)),
        created_at=_created(deal, said, gone, kept, line),
        closed_at=_closed(deal, said, visits, line),
        last_open_stage=_last_open(deal, said, others, line),
    )


def added(deal: Deal, stays: Iterable[Visit], line: Line) -> Deal:
    """The deal with these stays besides its own; the last one moves it, where it was entered after the one it is in.
    Every stay ends with the next entry, else when its row says; one whose end nobody knows then is left out."""
    fresh = list(stays)
    *before, present = deal.visits or (Visit(stage=deal.stage, entered_at=None, system=line.system),)
    undated = present.entered_at is None and present.system is not None
    if undated and any(stay.stage == present.stage for stay in fresh):
        others = _in_order(deal, [*before, *fresh], line)  # of that stay these have the date
        present = others.pop()
    else:
        others = _in_order(deal, [*before, *fresh], line)
        if present.entered_at is not None and others and _is_later(others[-1], present, line):
            others, present = _in_order(deal, [*others[:-1], present], line), others[-1]
    return _at(deal, _linked([*others, present]), line)


def _at(deal: Deal, visits: list[Visit], line: Line) -> Deal:
    """The deal at the end of this way."""
    present, moves = visits[-1], visits[-1].stage != deal.stage
    known = [deal.created_at, *(visit.entered_at for visit in visits if visit.stage in line.live)]
    last_open = next((visit.stage for visit in reversed(visits) if visit.stage in line.live), None)
    ended = present.stage not in line.live
    return replace(
        deal,
        stage=present.stage,
        visits=tuple(replace(visit, id=number) for number, visit in enumerate(visits, 1)),
        created_at=min((at for at in known if at is not None), default=None),
        closed_at=(_end(visits, line) if ended else None) if moves or deal.closed_at is None else deal.closed_at,
        last_open_stage=last_open or deal.last_open_stage if ended else deal.last_open_stage,
    )


def _is_later(stay: Visit, present: Visit, line: Line) -> bool:
    """Whether it was entered after the present one; of two at one instant the one that the pipeline has later."""
    at, here = stay.entered_at or 0, present.entered_at or 0
    return (at, line.places.get(stay.stage, -1)) > (here, line.places.get(present.stage, -1))


def _fresh(deal: Deal, said: History, line: Line) -> list[Visit]:
    """The stays that the row has dates for and people did not make. One that another file told alike stays its."""
    known = {(visit.stage, visit.entered_at): visit.system for visit in deal.visits if visit.system is not None}
    ours = {visit.stage for visit in deal.visits if visit.system is None}
    theirs = {visit.stage for visit in deal.visits if visit.system is not None}
    return [
        Visit(stage=rule.name, entered_at=at, system=known.get((rule.name, at), line.system))
        for at, rule in said.entered
        if rule.name not in ours or rule.name in theirs or (rule.name == said.stage != deal.stage)
    ]


def _replaced(deal: Deal, said: History, fresh: list[Visit]) -> list[Visit]:
    """The stays that imports knew and the row knows better. Since when a deal is in its stage says nothing of earlier
    stays in that stage."""
    named = {visit.stage for visit in fresh}
    return [
        visit
        for place, visit in enumerate(deal.visits, 1)
        if visit.system is not None
        and visit.stage in named
        and not (said.since and visit.stage == said.stage and (deal.stage != said.stage or place < len(deal.visits)))
    ]


def _present(deal: Deal, said: History, fresh: list[Visit], line: Line) -> Visit:
    """The stay it is in: the row's where it has the date, a new one where it moved, else the one there is."""
    last = deal.visits[-1] if deal.visits else Visit(stage=deal.stage, entered_at=None, system=line.system)
    moves = said.stage != deal.stage
    if moves or last.system is not None:
        dated = next((visit for visit in reversed(fresh) if visit.stage == said.stage), None)
        if dated is not None:
            return dated
    if not moves:
        return last
    begun = max([line.now, *(visit.entered_at or 0 for visit in fresh)])
    return Visit(stage=said.stage, entered_at=begun, system=line.system)


def _in_order(deal: Deal, visits: list[Visit], line: Line) -> list[Visit]:
    """By entry; on one instant in the order of the pipeline. An undated stay comes after what ended before it."""
    ends = [-1, *(visit.left_at or -1 for visit in deal.visits)]
    floors = {id(visit): end for visit, end in zip(deal.visits, ends, strict=False)}

    def key(visit: Visit) -> tuple[int, int]:
        at = visit.entered_at
        return (floors.get(id(visit), -1) if at is None else at, line.places.get(visit.stage, -1))

    return sorted(visits, key=key)


def _linked(visits: list[Visit]) -> list[Visit]:
    """Each stay ended by the next entry. One whose end nobody knows is left out: it would look as if it went on."""
    found = []
    for visit, following in pairwise(visits):
        end = visit.left_at if following.entered_at is None else following.entered_at
        if end is not None:
            found.append(replace(visit, left_at=end))
    return [*found, replace(visits[-1], left_at=None)]


def _created(deal: Deal, said: History, gone: list[Visit], kept: list[Visit], line: Line) -> int | None:
    """The earliest instant that is known, that of an end aside. What was created with a stay that the row knows better
    is not known so."""
    known = [said.created_at, deal.created_at]
    if any(visit.entered_at == deal.created_at for visit in gone):
        known[-1:] = [visit.entered_at for visit in kept if visit.stage in line.live]
    return min((at for at in known if at is not None), default=None)


def _closed(deal: Deal, said: History, visits: list[Visit], line: Line) -> int | None:
    """When it ended: with the entry into the stage that ends it, as long as that is an import's."""
    present = visits[-1]
    if deal.stage == said.stage and (present.system is None or any(_alike(present, visit) for visit in deal.visits)):
        return deal.closed_at
    return _end(visits, line) if said.ends else None


def _alike(one: Visit, other: Visit) -> bool:
    return (one.stage, one.entered_at, one.system) == (other.stage, other.entered_at, other.system)


def _end(visits: list[Visit], line: Line) -> int | None:
    """When a deal at the end of this way ended: with the entry into the last stage, of a won one into the first of the
    won ones that follow each other there."""
    first = visits[-1]
    for visit in reversed(visits if first.stage in line.won else ()):
        if visit.stage not in line.won:
            break
        first = visit
    return first.entered_at


def _last_open(deal: Deal, said: History, others: list[Visit], line: Line) -> str | None:
    """Where it was lost or won from: as the row names it, else the latest open stage that is known."""
    if said.last_open_told:
        return said.last_open_stage
    moves = said.stage != deal.stage
    if not said.ends or (not moves and said.last_open_stage is None and deal.last_open_stage is not None):
        return deal.last_open_stage
    latest = next((visit.stage for visit in reversed(others) if visit.stage in line.live), None)
    return latest or said.last_open_stage or deal.last_open_stage


def told(before: Deal, after: Deal) -> list[list[str | int | None]]:
    """The stays that are put differently: stage, entered and left before, entered and left now. Those of one stage are
    told apart by their order; one that is not there any more has neither now."""
    old, new = _numbered(before), _numbered(after)
    return [
        [stage, *old.get((stage, number), (None, None)), *new.get((stage, number), (None, None))]
        for stage, number in dict.fromkeys((*old, *new))
        if old.get((stage, number)) != new.get((stage, number))
    ]


def _numbered(deal: Deal) -> dict[tuple[str, int], tuple[int | None, int | None]]:
    found: dict[tuple[str, int], tuple[int | None, int | None]] = {}
    for visit in deal.visits:
        number = sum(stage == visit.stage for stage, _ in found)
        found[visit.stage, number] = (visit.entered_at, visit.left_at)
    return found
