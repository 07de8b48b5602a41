"""People told of what happened: a notice to each."""

from collections.abc import Iterable

from oppcli.actions.act import Act
from oppcli.model.notices import Notice
from oppcli.model.noun import replace


def tell(act: Act, people: Iterable[str | None], notice: Notice, *, myself: bool = False) -> tuple[str, ...]:
    """Write this notice, as of now, to each of these people who is active, but to who acts unless `myself`; nobody gets
    it twice. Those who get it."""
    found = (act.people[login] for login in dict.fromkeys(people) if login in act.people)
    told = tuple(one.login for one in found if one.active and (myself or one.login != act.by))
    for login in told:
        act.door.add(replace(notice, to=login, at=act.now), action="notice")
    return told
