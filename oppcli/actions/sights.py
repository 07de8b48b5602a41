"""What the acting person sees, by the scope of the applied policy."""

from oppcli.actions.find import stranger
from oppcli.errors import NotAllowed
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_WORD
from oppcli.model.people import User
from oppcli.model.sight import Sight
from oppcli.rules import scopes
from oppcli.store import queries
from oppcli.store.doors import ReadDoor


def sight_of(door: ReadDoor, login: str, now: int) -> Sight | None:
    """What this person sees; None where the policy has no scope. Refused for who is no user."""
    scope = scopes.scope(door.scope)
    if scope is None:
        return None
    found = door.find(User, login=login)
    if not found:
        raise stranger(login)
    return scopes.sight(scope, found[0], queries.reporting(door), now)


def sees(door: ReadDoor, login: str, noun: str, number: int, now: int) -> bool:
    """Whether this person sees a thing, withdrawn or not; everything where the policy has no scope. Refused for who is
    no user."""
    sight = sight_of(door, login, now)
    if sight is None:
        return True
    from oppcli.store import scope

    return scope.visible(door, sight, BY_WORD[noun], number)


def told_to(door: ReadDoor, login: str, notices: list[Notice]) -> list[Notice]:
    """Notices as a letter may tell them to this person: hidden fields are named, and not what is in them."""
    sight = sight_of(door, login, door.last_at)
    if sight is None or not sight.hidden:
        return notices
    from oppcli.model.veil import Veil

    unveiled = Veil(sight.hidden, ())
    clean = [(notice, unveiled(notice.text, True) or "") for notice in notices]
    return [notice if text == str(notice.text) else replace(notice, text=text) for notice, text in clean]


def sight_of_known(door: ReadDoor, login: str, now: int) -> Sight | None:
    """What who acts sees; nothing is said here of who is no user: the verb refuses them, or takes anybody."""
    try:
        return sight_of(door, login, now)
    except NotAllowed:
        return None
