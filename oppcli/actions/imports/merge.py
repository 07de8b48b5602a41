"""A row against the deal it was imported as before: what the file changed is taken, what people changed here stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oppcli.actions.imports.stays import Line, joined
from oppcli.files.history import History
from oppcli.files.reading import Problem
from oppcli.model.deals import Deal
from oppcli.model.journal import Entry
from oppcli.model.noun import replace
from oppcli.model.records import ERASED
from oppcli.model.said import Said, say


@dataclass(slots=True)
class Known:
    """What the journal says of one deal: the value of each field as last imported, and what people did to it here."""

    imported: dict[str, Any] = field(default_factory=dict)
    changed_here: set[str] = field(default_factory=set)
    """Fields that people changed after the last import."""
    made_here: bool = False
    moved_here: bool = False
    """Whether the last move was made by people."""
    touched: bool = False
    """Whether people ever changed it."""

    @property
    def followed(self) -> bool:
        """Whether imports alone made and moved it, and people have not worked on it."""
        return not (self.made_here or self.moved_here or self.touched)


def known(entries: Iterable[Entry]) -> dict[str, Known]:
    """By deal number as text, from the journal entries of some deals in order."""
    found: dict[str, Known] = {}
    for entry in entries:
        changes = entry.changes
        first = entry.noun_id not in found
        state = found.setdefault(entry.noun_id, Known(made_here=entry.channel != "import"))
        if entry.channel == "import":
            state.imported.update((path, pair[1]) for path, pair in changes.items())
            state.changed_here.difference_update(changes)
            state.moved_here = state.moved_here and "stage" not in changes
        elif changes:
            state.changed_here.update(changes)
            state.moved_here = state.moved_here or ("stage" in changes and not first)
            state.touched = True
    return found


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What a row says of a deal, resolved: by field of `Deal`, its own fields, and the way through the stages."""

    values: Mapping[str, Any]
    own: Mapping[str, Any]
    """Every mapped field of the team, None where the row is blank."""
    history: History


def differs(deal: Deal, said: RowSaid, line: Line) -> bool:
    """Whether the row says anything else than the deal holds."""
    return (
        any(getattr(deal, name) != value for name, value in said.values.items())
        or any(deal.extra.get(name) != value for name, value in said.own.items())
        or _past_differs(deal, said.history, line)
    )


def _past_differs(deal: Deal, history: History, line: Line) -> bool:
    """Whether the row knows another way to where the deal is. Most rows say it word for word as before."""
    if (
        deal.stage == history.stage
        and history.created_at in (None, deal.created_at)
        and history.closed_at == deal.closed_at
        and history.last_open_stage == deal.last_open_stage
        and history.visits
        == tuple([(visit.stage, visit.entered_at, visit.left_at, visit.system) for visit in deal.visits])
    ):
        return False
    return joined(deal, history, line) != deal


def merged(deal: Deal, said: RowSaid, state: Known, line: Line) -> Deal | Problem:
    """The deal with what the file changed since it was last imported. A field that people changed here,
    and the file did not, keeps what people made of it; a deal moved both here and there is a `Problem`."""
    gone = {"customer_id"} if deal.title == ERASED else set()
    values = {
        name: value
        for name, value in said.values.items()
        if name not in gone and is_news(name, getattr(deal, name), value, state)
    }
    own = {
        name: value for name, value in said.own.items() if is_news(f"extra.{name}", deal.extra.get(name), value, state)
    }
    extra = {name: value for name, value in {**deal.extra, **own}.items() if value is not None}
    after = replace(deal, **values, extra=extra if own else deal.extra)
    history = said.history
    if history.stage == deal.stage or not (state.moved_here or state.made_here):
        return joined(after, history, line)
    if history.stage != state.imported.get("stage"):
        return Problem(moved_twice(history.stage, deal.stage, state))
    # It was moved here alone: of the stays that imports know, the row may know more.
    found = joined(after, history._replace(stage=deal.stage, since=False), line)
    return after if isinstance(found, Problem) else found


def moved_twice(there: str, here: str, state: Known) -> Said:
    """Why a row does not move a deal that people made or moved here."""
    if state.moved_here:
        return say("the file moved it to {there}, and it was moved to {here} here", there=there, here=here)
    return say("it was made here and is in {here}, and the file has it in {there}", there=there, here=here)


def is_news(path: str, ours: Any, theirs: Any, state: Known) -> bool:
    """Whether what a row says of a field is to be taken: it is another value, and not the one that the file had before
    people changed it here."""
    if ours in (theirs, ERASED):
        return False  # what was erased is not brought back by a file
    plain = (list(theirs) or None) if isinstance(theirs, tuple) else theirs
    return path not in state.changed_here or plain != state.imported.get(path)
