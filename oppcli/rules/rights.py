"""Who may do what: by role, by ownership, along the reporting line. Each rule has a sentence saying who may."""

from collections.abc import Iterable, Mapping

from oppcli.errors import NotAllowed
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.people import ADMIN, MANAGER, User
from oppcli.model.refs import ref
from oppcli.model.said import listed, say


def superiors(login: str, users: Mapping[str, User]) -> tuple[str, ...]:
    """The reporting line above `login`, nearest first. A loop in it ends where it began."""
    line: list[str] = []
    person = users.get(login)
    while person is not None and person.manager and person.manager not in (login, *line):
        line.append(person.manager)
        person = users.get(person.manager)
    return tuple(line)


def heir(login: str, users: Mapping[str, User]) -> str | None:
    """Who follows somebody who left: the successor that was named, or theirs where they left, too."""
    seen = {login}
    person = users.get(login)
    while person is not None and not person.active and person.successor and person.successor not in seen:
        seen.add(person.successor)
        person = users.get(person.successor)
    return person.login if person is not None and person.active and person.login != login else None


def acting(logins: Iterable[str | None], users: Mapping[str, User]) -> tuple[str, ...]:
    """These people, or who follows them where they left; none twice."""
    known = dict.fromkeys(login for login in logins if login and login in users)
    found = (login if users[login].active else heir(login, users) for login in known)
    return tuple(dict.fromkeys(login for login in found if login))


def may_change(deal: Deal, actor: User, users: Mapping[str, User]) -> bool:
    """Its owner, a collaborator, the owner's superiors, managers and admins; a deal nobody owns: anybody."""
    if deal.owner is None or actor.login in (deal.owner, *deal.collaborators):
        return True
    return bool({ADMIN, MANAGER} & set(actor.roles)) or actor.login in superiors(deal.owner, users)


def require_change(deal: Deal, actor: User, users: Mapping[str, User]) -> None:
    """Refuse somebody who may not change this deal, saying who may."""
    if may_change(deal, actor, users):
        return
    above = [login for login in superiors(deal.owner or "", users) if users[login].active]
    may = listed(dict.fromkeys([deal.owner or "", *deal.collaborators, *above]))
    raise NotAllowed(
        say(
            "{login} may not change {deal}: it is {owner}'s",
            login=actor.login,
            deal=ref("deal", deal.id),
            owner=deal.owner,
        ),
        hint=say(
            "{may}, a manager or an admin may; to hand it over: {assign}",
            may=may,
            assign=command("deal", "assign", ref("deal", deal.id), "--to", "LOGIN", ready=False),
        ),
    )


def require_admin(actor: User, what: str, users: Mapping[str, User]) -> None:
    """Refuse `what` to anybody but an admin."""
    require_role(actor, (ADMIN,), what, users)


def require_role(actor: User, roles: tuple[str, ...], what: str, users: Mapping[str, User]) -> None:
    """Refuse `what` to people without any of the roles, naming the people who may."""
    if set(roles) & set(actor.roles):
        return
    able = sorted(user.login for user in users.values() if user.active and set(roles) & set(user.roles))
    raise NotAllowed(
        say("{login} may not {what}", login=actor.login, what=what),
        hint=say("{roles} may: {able}", roles=listed(roles, " or "), able=listed(able) or say("nobody yet")),
    )
