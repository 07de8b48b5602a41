"""A row against the deal it was imported as before: what the file changed is taken, what people changed here stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from oppcli.files.history import History, Stay
from oppcli.files.reading import Problem
from oppcli.model.deals import Deal, Visit
from oppcli.model.journal import Entry


@dataclass(slots=True)
class Known:
    """What the journal says of one deal: the value of each field as last imported, and the fields people changed after
    that."""

    imported: dict[str, Any] = field(default_factory=dict)
    changed_here: set[str] = field(default_factory=set)
    moved_here: bool = False


def known(entries: Iterable[Entry]) -> dict[str, Known]:
    """By deal number as text, from the journal entries of some deals in order."""
    found: dict[str, Known] = {}
    for entry in entries:
        changes = entry.changes
        state = found.setdefault(entry.noun_id, Known())
        moves = any(path == "stage" or path.startswith("visits.") for path in changes)
        if entry.channel == "import":
            state.imported.update((path, pair[1]) for path, pair in changes.items())
            state.changed_here.difference_update(changes)
            state.moved_here = state.moved_here and not moves
        else:
            state.changed_here.update(changes)
            state.moved_here = state.moved_here or moves
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of a deal, resolved: by field of `Deal`, its own fields, and the way through the stages."""

    values: Mapping[str, Any]
    own: Mapping[str, Any]
    """Every mapped field of the team, None where the row is blank."""
    history: History


def differs(deal: Deal, said: Said) -> bool:
    """Whether the row says anything else than the deal holds."""
    return (
        any(getattr(deal, name) != value for name, value in said.values.items())
        or any(deal.extra.get(name) != value for name, value in said.own.items())
        or _past_differs(deal, said.history)
    )


def _past_differs(deal: Deal, history: History) -> bool:
    """Whether the row knows another way to where the deal is. A row without the date of its stage knows nothing of it
    that a deal in this stage, with a date, does not."""
    known = bool(deal.visits) and deal.visits[-1].entered_at is not None
    if known and deal.stage == history.stage and history.visits[-1][1] is None:
        return False
    created_at = None if history.created_at is None else deal.created_at
    past = History(deal.stage, history.ends, _stays(deal), created_at, deal.closed_at, deal.last_open_stage)
    return past != history


def _stays(deal: Deal) -> tuple[Stay, ...]:
    return tuple((visit.stage, visit.entered_at, visit.left_at) for visit in deal.visits)


def merged(deal: Deal, said: Said, state: Known, now: int) -> Deal | Problem:
    """The deal with what the file changed since it was last imported. A field that people changed here,
    and the file did not, keeps what people made of it; a deal moved both here and there is a `Problem`."""
    values = {name: value for name, value in said.values.items() if _changed(name, getattr(deal, name), value, state)}
    own = {
        name: value for name, value in said.own.items() if _changed(f"extra.{name}", deal.extra.get(name), value, state)
    }
    extra = {name: value for name, value in {**deal.extra, **own}.items() if value is not None}
    after = replace(deal, **values, extra=extra if own else deal.extra)
    if not _past_differs(deal, said.history):
        return after
    if not state.moved_here:
        return _moved(after, said.history, now)
    if said.history.stage in (deal.stage, state.imported.get("stage")):
        return after
    return Problem(f"the file moved it to {said.history.stage}, and it was moved to {deal.stage} here")


def _changed(path: str, ours: Any, theirs: Any, state: Known) -> bool:
    if ours == theirs:
        return False
    plain = (list(theirs) or None) if isinstance(theirs, tuple) else theirs
    return path not in state.changed_here or plain != state.imported.get(path)


def _moved(deal: Deal, history: History, now: int) -> Deal:
    """The deal with the file's history. A move whose date the file does not know was made by now at the latest: the
    stay before it is kept, and ends now."""
    stays, closed_at, last_open = history.visits, history.closed_at, history.last_open_stage
    if history.stage != deal.stage and stays[-1][1] is None:
        *earlier, (stage, entered_at, _) = _stays(deal) or ((deal.stage, None, None),)
        stays = (*earlier, (stage, entered_at, now), (history.stage, now, None))
        if history.ends:
            closed_at = now
            last_open = last_open or deal.last_open_stage or deal.stage
    return replace(
        deal,
        stage=history.stage,
        visits=tuple(
            Visit(id=number, stage=stage, entered_at=since, left_at=until)
            for number, (stage, since, until) in enumerate(stays, 1)
        ),
        created_at=deal.created_at if history.created_at is None else history.created_at,
        closed_at=closed_at,
        last_open_stage=last_open,
    )
