"""Stage-entry dates of a row → the visits of a deal: only what the dates show, and the stage it is in."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from oppcli.actions.imports.reading import Problem
from oppcli.model.deals import LIVE_KINDS, Visit
from oppcli.model.policy import StageRule


class History(NamedTuple):
    """What a row says of a deal's way through the stages. Instants are milliseconds since 1970 UTC, None where the
    row does not know them."""

    stage: str
    visits: tuple[Visit, ...]
    created_at: int | None
    closed_at: int | None
    last_open_stage: str | None


class Entered(NamedTuple):
    """A stage with the date a row has for entering it."""

    at: int
    position: int
    stage: StageRule


def history(
    stage: StageRule, entered: Sequence[Entered], created_at: int | None, shown: Callable[[int], str]
) -> History | Problem:
    """The visits in the order of their dates, ending in the stage the row is in.

    A stay whose end is unknown, because the stage after it has no date, is left out: it would look as if it had not
    ended. A date after that of the stage the row is in is a `Problem`.
    """
    ends = stage.kind not in LIVE_KINDS
    dated = sorted((e.at, e.stage is stage, e.position, e.stage) for e in entered)
    last_open = None
    if ends:
        last_open = next((rule.name for _, _, _, rule in reversed(dated) if rule.kind in LIVE_KINDS), None)
    here = next((at for at, is_here, _, _ in dated if is_here), None)
    if here is not None and dated[-1][3] is not stage:
        late = dated[-1]
        return Problem(
            f"{late[3].name} was entered on {shown(late[0])}, after {stage.name} ({shown(here)}), where it is"
        )
    begun = dated[0][0] if dated else None
    if here is None:
        # The end of the last dated stay is the entry into this stage, which nobody knows.
        visits = _stays(dated) if len(dated) > 1 else []
        visits.append(Visit(id=len(visits) + 1, stage=stage.name, entered_at=None))
    else:
        visits = _stays(dated)
        visits.append(Visit(id=len(dated), stage=stage.name, entered_at=here))
    known = [at for at in (begun, created_at) if at is not None]
    return History(stage.name, tuple(visits), min(known, default=None), here if ends else None, last_open)


def _stays(dated: Sequence[tuple[int, bool, int, StageRule]]) -> list[Visit]:
    """The stays that ended: each in its stage until the next was entered."""
    return [
        Visit(id=number, stage=rule.name, entered_at=at, left_at=after[0])
        for number, ((at, _, _, rule), after) in enumerate(pairwise(dated), 1)
    ]


def tells(entered: StageRule, current: StageRule) -> bool:
    """Whether a date for entering a stage says something of a deal in `current`: a date for a stage that ends a deal
    does only where the deal is in it, since exports keep one closing date for won and lost, or a planned one."""
    return entered.kind in LIVE_KINDS or entered is current
