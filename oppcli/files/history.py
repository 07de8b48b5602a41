"""Stage-entry dates of a row → the stays of a deal: only what the dates show, and the stage it is in."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from oppcli.files.reading import Problem
from oppcli.model.deals import LIVE_KINDS, WON
from oppcli.model.policy import StageRule
from oppcli.model.said import say
from oppcli.tuples import NamedTuple

Stay = tuple[str, int | None, int | None, str]
"""Stage, entered, left, system: the fields of a visit. The last stay of a deal has not ended."""
Entered = tuple[int, StageRule]
"""When a stage was entered."""
Shown = Callable[[int], str]


class History(NamedTuple):
    """What a row says of a deal's way through the stages. Instants are milliseconds since 1970 UTC, None where the
    row does not know them."""

    stage: str
    ends: bool
    """Whether the stage is one of kind won or lost."""
    visits: tuple[Stay, ...]
    """What a deal is made with of which nothing else is known."""
    created_at: int | None
    closed_at: int | None
    last_open_stage: str | None
    entered: Sequence[Entered] = ()
    """Every stage the row has a date for, in the order of the dates."""
    since: bool = False
    """Whether the date of the stage it is in says since when it is there (`entered_at`), and nothing of earlier stays
    in that stage."""
    last_open_told: bool = False
    """Whether the row names the last open stage, and not only its dates."""


def history(
    stage: StageRule, entered: Sequence[Entered], created_at: int | None, shown: Shown, system: str = ""
) -> History | Problem:
    """The stays in the order of their dates, ending in the stage the row is in. `entered` has the dates in the order
    of the pipeline, the stage the row is in last; `system` is whose row it is.

    A stay whose end is unknown, because the stage after it has no date, is left out: it would look as if it had not
    ended. A date after that of the stage the row is in is a `Problem`. When it was created the first date of a live
    stage tells, too; that of an end does not: the span from one to the other would be made up.
    """
    ends = stage.kind not in LIVE_KINDS
    name = stage.name
    if not entered:
        return History(name, ends, ((name, None, None, system),), created_at, None, None)
    if len(entered) > 1 and not _in_order(entered):
        here = entered[-1]
        entered = sorted(entered, key=lambda dated: dated[0])
        if here[1] is stage and entered[-1] is not here:
            return later(entered[-1][1].name, entered[-1][0], name, here[0], shown)
    at = entered[-1][0]
    known = entered[-1][1] is stage
    stays: list[Stay] = []
    if len(entered) > 1:
        stays = [(rule.name, since, after[0], system) for (since, rule), after in pairwise(entered)]
    stays.append((name, at if known else None, None, system))
    begun = next((since for since, rule in entered if rule.kind in LIVE_KINDS), None)
    if begun is not None and (created_at is None or begun < created_at):
        created_at = begun
    last_open = None
    if ends:
        live = [rule.name for _, rule in entered if rule.kind in LIVE_KINDS]
        last_open = live[-1] if live else None
    won = min((since for since, rule in entered if rule.kind == stage.kind == WON), default=at if known else None)
    return History(name, ends, tuple(stays), created_at, won if ends else None, last_open, entered)


def later(other: str, then: int, stage: str, at: int, shown: Shown) -> Problem:
    """What is wrong where another stage was entered after the one it is in."""
    return Problem(
        say(
            "{other} was entered on {then}, after {stage} ({at}), where it is",
            other=other,
            then=shown(then),
            stage=stage,
            at=shown(at),
        )
    )


def _in_order(entered: Sequence[Entered]) -> bool:
    return all(one[0] <= next_[0] for one, next_ in pairwise(entered))


def tells(entered: StageRule, current: StageRule) -> bool:
    """Whether a date for entering a stage says something of a deal in `current`: a date for a stage that ends a deal
    does only where the deal is in it, since exports keep one closing date for won and lost, or a planned one; and one
    of kind won of a deal that was won."""
    return entered.kind in LIVE_KINDS or entered is current or entered.kind == current.kind == WON
