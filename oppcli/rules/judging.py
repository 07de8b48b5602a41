"""Which judgement of the forecast counts, and whether it still does."""

from collections.abc import Iterable, Mapping, Sequence

from oppcli.model.judgements import Judgement
from oppcli.model.people import User
from oppcli.rules.rights import superiors


def nearest(told: Iterable[Judgement], owner: str | None, people: Mapping[str, User]) -> Judgement | None:
    """Of judgements of one deal, or of one month of a person, that of the manager who is nearest above its owner in the
    lines; what who is not above them said does not count, nor what is nobody's."""
    by: dict[str, Judgement] = {}
    for each in sorted(told, key=lambda one: (one.judged_at, one.id)):
        by[each.judged_by] = each
    line: Sequence[str] = superiors(owner, people) if owner is not None else ()
    return next((by[login] for login in line if login in by), None)


def holds(judged_at: int, closed_at: int | None) -> bool:
    """Whether what was said of a deal then is still of its course: not where it closed since, though it was reopened.
    `closed_at`: when it was closed last."""
    return closed_at is None or judged_at >= closed_at
