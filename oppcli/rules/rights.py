"""What somebody is to a thing, and whether that is enough for a verb (`rules.verbs`); each refusal says who may."""

from collections.abc import Iterable, Mapping

from oppcli.errors import NotAllowed
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.people import ADMIN, MANAGER, SERVICE, User
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.rules.verbs import verb


def superiors(login: str, users: Mapping[str, User]) -> tuple[str, ...]:
    """The reporting line above `login`, nearest first. A loop in it ends where it began."""
    line: list[str] = []
    person = users.get(login)
    while person is not None and person.manager and person.manager not in (login, *line):
        line.append(person.manager)
        person = users.get(person.manager)
    return tuple(line)


def below(login: str, managers: Mapping[str, str | None]) -> tuple[str, ...]:
    """Somebody and everybody whose reporting line leads to them, nearest first, each level as in `managers` (person →
    manager); who is not among these leads nobody on. A loop ends where it began."""
    reports: dict[str | None, list[str]] = {}
    for each, manager in managers.items():
        reports.setdefault(manager, []).append(each)
    found = [login]
    known = {login}
    for above in found:
        fresh = [each for each in reports.get(above, ()) if each not in known]
        found += fresh
        known.update(fresh)
    return tuple(found)


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


ROLES = {"A": ADMIN, "M": MANAGER, "T": SERVICE}
"""The relations that a role makes. A service is nothing else besides."""


def relations(
    actor: User,
    users: Mapping[str, User],
    *,
    owner: str | None = None,
    collaborators: Iterable[str] = (),
    submitters: Iterable[str] = (),
    seated: bool = False,
) -> str:
    """The letters of `rules.verbs` that somebody active is to a thing with these people; of a person, say them as the
    owner. `seated`: whether they may fill a seat of it now."""
    if SERVICE in actor.roles:
        return "T"
    login = actor.login
    held = {
        **{letter: role in actor.roles for letter, role in ROLES.items()},
        "L": owner is not None and login in superiors(owner, users),
        "O": login == owner,
        "C": login in collaborators,
        "S": login in submitters,
        "H": seated,
        "P": True,
    }
    return "".join(letter for letter, holds in held.items() if holds)


def may_do(name: str, deal: Deal, actor: User, users: Mapping[str, User]) -> bool:
    """Whether somebody may do a verb of deals to this one."""
    held = relations(actor, users, owner=deal.owner, collaborators=deal.collaborators)
    return verb(name).allows(held, unowned=deal.owner is None)


def require_deal(name: str, deal: Deal, actor: User, users: Mapping[str, User]) -> None:
    """Refuse somebody who may not do a verb of deals to this one, saying who may."""
    if may_do(name, deal, actor, users):
        return
    what = ref("deal", deal.id)
    if deal.owner is None:
        raise NotAllowed(say("{login} may not change {deal}", login=actor.login, deal=what), hint=_nobodys(name, what))
    row = verb(name)
    above = [login for login in superiors(deal.owner, users) if users[login].active and "L" in row.may]
    beside = deal.collaborators if "C" in row.may else ()
    raise NotAllowed(
        say("{login} may not change {deal}: it is {owner}'s", login=actor.login, deal=what, owner=deal.owner),
        hint=say(
            "{may}, a manager or an admin may; to hand it over: {assign}",
            may=listed(dict.fromkeys([deal.owner, *beside, *above])),
            assign=command("deal", "assign", what, "--to", "LOGIN", ready=False, another=True),
        ),
    )


def require_of_customer(
    name: str, what: str, actor: User, users: Mapping[str, User], *, owner: str | None, beside: Iterable[str]
) -> None:
    """Refuse a verb on a customer or a contact (`what`) to who is none of those who may: its owner, who works on its
    live deals (`beside`), their managers; of what is nobody's everybody may."""
    near = tuple(beside)
    row = verb(name)
    if row.allows(relations(actor, users, owner=owner, collaborators=near), unowned=owner is None):
        return
    above = [login for login in superiors(owner, users) if users[login].active] if owner and "L" in row.may else []
    able = dict.fromkeys([*([owner] if owner else []), *(near if "C" in row.may else ()), *above])
    raise NotAllowed(
        say("{login} may not change {what}", login=actor.login, what=what)
        if owner is None
        else say("{login} may not change {deal}: it is {owner}'s", login=actor.login, deal=what, owner=owner),
        hint=say("{may}, a manager or an admin may", may=listed(able)) if able else _nobodys(name, what),
    )


def _nobodys(name: str, what: str) -> str:
    """Who may do a verb to what has no owner: people, where everybody may whom it belongs to; else managers."""
    if "P" in verb(name).unowned:
        return say("a service captures, imports and ticks; people change deals")
    return say("a manager or an admin may; to make it yours: {claim}", claim=command("claim", what))


def require_role(name: str, actor: User, what: str, users: Mapping[str, User]) -> None:
    """Refuse a verb that goes by role to anybody without one, naming the people who may; `what` is said of it."""
    row = verb(name)
    if row.allows(relations(actor, users)):
        return
    roles = [Word("role", role) for letter, role in ROLES.items() if letter in row.may]
    able = sorted(user.login for user in users.values() if user.active and row.allows(relations(user, users)))
    raise NotAllowed(
        say("{login} may not {what}", login=actor.login, what=what),
        hint=say("{roles} may: {able}", roles=listed(roles, " or "), able=listed(able) or say("nobody yet")),
    )


def not_by_agent(name: str) -> NotAllowed:
    """The refusal of a signed verb to an agent, whatever its person may."""
    return NotAllowed(
        say("an agent does not decide or hand over: {verb} here is for people", verb=name),
        hint=say("who may types it under their own name"),
    )


def require_over(name: str, person: str, actor: User, what: str, users: Mapping[str, User]) -> None:
    """Refuse a verb on a person to who may not: neither their superior nor an admin."""
    if verb(name).allows(relations(actor, users, owner=person)):
        return
    above = [login for login in superiors(person, users) if users[login].active]
    raise NotAllowed(
        say("{login} may not {what}", login=actor.login, what=what),
        hint=say("{who} may", who=listed([*above, say("an admin")], " or ")),
    )
