"""Who is meant by what a policy writes, `role:tech` or `manager+1`, as people read it: English as it is written,
another language in words, a role by the title that the team gave it."""

from collections.abc import Iterable, Mapping

from oppcli.model.approver import CHOSEN, FIELD, LINE, USER, approver
from oppcli.model.said import Told, Word, label, listed, say
from oppcli.model.targets import TEAM

UNTITLED: Mapping[str, str] = {}
_LINE = {0: say("manager"), 1: say("manager+1")}


def role_called(name: str, titles: Mapping[str, str] = UNTITLED) -> Word:
    """A role: its code, or the policy's title of it."""
    return Word("role", name, titles.get(name, ""))


def of_role(name: str, titles: Mapping[str, str] = UNTITLED) -> str:
    """`role:tech`: everybody of a role."""
    return say("role:{role}", role=role_called(name, titles))


def called(term: str, titles: Mapping[str, str] = UNTITLED) -> str:
    """`role:tech`, `user:chen`, `manager+1`; a login stays as it is, as does all else that is no approver."""
    try:
        one = approver(term)
    except ValueError:
        return term
    if one.kind == FIELD:
        return say("field:{field}", field=label(one.name))
    if one.kind == CHOSEN:
        return say("chosen:role:{role}", role=role_called(one.name, titles))
    if one.kind == USER:
        return say("user:{login}", login=one.name)
    if one.kind != LINE:
        return of_role(one.name, titles)
    return _LINE.get(one.above) or say("manager+{n}", n=one.above)


def every_called(terms: Iterable[str], titles: Mapping[str, str] = UNTITLED, between: str = ", ") -> str:
    """Several of them in a row."""
    return listed((called(term, titles) for term in terms), between)


def aim(who: str) -> str:
    """Whom a target is of, `company`, `team:wang` or a login, as a code of the group `whom`."""
    return Told(who, say("team:{login}", login=who.removeprefix(TEAM))) if who.startswith(TEAM) else who
