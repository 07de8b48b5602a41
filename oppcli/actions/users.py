"""People: add, edit, deactivate. Users are never deleted."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.config.settings import ONE_LANGUAGE, known_language, known_zone, zone_hint
from oppcli.errors import Conflict, Exists, NotFound, OppError, Reason, Refused, UsageError
from oppcli.model.calling import role_called
from oppcli.model.command import command
from oppcli.model.noun import replace
from oppcli.model.people import ADMIN, BUILT_IN_ROLES, SALES, SERVICE, User
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.rules.rights import superiors
from oppcli.speech.roles import role_meant
from oppcli.words import emails, lookalikes, names
from oppcli.words.spelling import nearest

Read = TypeVar("Read")
LONGEST_ROLE = 63
"""Bytes of a role's name on PostgreSQL."""
NAMED = 10
"""So many deals are named in a line."""


def add(
    act: Act,
    login: str,
    *,
    name: str | None = None,
    roles: tuple[str, ...] = (),
    manager: str | None = None,
    email: str | None = None,
    lang: str | None = None,
    zone: str | None = None,
) -> Outcome:
    """A new person, in sales unless other roles are named. Refused for anybody but an admin, and with all that is
    wrong."""
    everyone = act.people
    act.require("user add", say("add people"))
    wrong: list[tuple[str, OppError]] = []
    _noted(wrong, "login", lambda: _new_login(everyone, login))
    called = _noted(wrong, "name", lambda: _name(name or login))
    held = _noted(wrong, "role", lambda: known_roles(roles, act.policy))
    above = _noted(wrong, "manager", lambda: _manager(everyone, manager, login))
    address = _noted(wrong, "email", lambda: _address(email))
    told_in = _noted(wrong, "lang", lambda: _language(lang))
    told_by = _noted(wrong, "zone", lambda: _zone(zone))
    _refuse(say("{login} cannot be added", login=login), wrong)
    person = User(
        login=login,
        name=called or login,
        roles=held or (SALES,),
        manager=above,
        email=address,
        lang=told_in,
        zone=told_by,
        created_at=act.now,
    )
    act.door.add(person)
    details = requests_follow(act, replace(person, active=False), person)
    return Outcome(
        done=(say("{described} added", described=described(person, act.policy.role_titles)),),
        ids=(login,),
        details=details,
    )


def _noted(wrong: list[tuple[str, OppError]], about: str, read: Callable[[], Read]) -> Read | None:
    """What `read` returns; None and a note when it refuses."""
    try:
        return read()
    except OppError as error:
        wrong.append((about, error))
        return None


def _refuse(headline: str, wrong: list[tuple[str, OppError]]) -> None:
    """One fault is raised as it is, with its own code; several together."""
    if len(wrong) == 1:
        raise wrong[0][1]
    if wrong:
        reasons = [error.reasons or (Reason(about, error.message),) for about, error in wrong]
        raise Refused(headline, reasons=tuple(reason for some in reasons for reason in some))


def _address(text: str | None) -> str | None:
    """Where notices go; nothing for a blank text. Refused for what is no e-mail address."""
    if text is None or not text.strip():
        return None
    if emails.mailbox(text) is None:
        raise UsageError(say("{text!r} is not an e-mail address", text=text))
    return text.strip()


def _language(text: str | None) -> str | None:
    """The language of somebody's letters; None for a blank text. Refused for one that there is not."""
    if not text:
        return None
    if (lang := known_language(text)) is None:
        raise UsageError(say("there is no language {value!r}", value=text), hint=ONE_LANGUAGE)
    return lang


def _zone(text: str | None) -> str | None:
    """The time zone of somebody's letters; None for a blank text. Refused for one that there is not."""
    if not text:
        return None
    if not known_zone(text):
        raise UsageError(say("there is no time zone {value!r}", value=text), hint=zone_hint(text, "--zone"))
    return text


def _new_login(everyone: dict[str, User], login: str) -> None:
    if fault := names.login_fault(login):
        raise UsageError(fault)
    if login in everyone:
        raise Exists(say("a user with login {login} exists already", login=login), hint=command("user", "show", login))
    if other := lookalikes.alike(login, everyone):
        told = say("{login} would be taken for {other}, who is a user already", login=login, other=other)
        raise Exists(told, hint=command("user", "show", other))


def _name(text: str) -> str:
    """The name without what stands around it. Refused for what is no name."""
    if fault := names.name_fault(text.strip()):
        raise UsageError(fault)
    return text.strip()


def _own_name(everyone: dict[str, User], login: str, text: str) -> str:
    """The name that somebody takes. Refused where it is another's name or login."""
    name, key = _name(text), names.person(text)
    taken = (user.login for user in everyone.values() if key in (names.person(user.name), names.person(user.login)))
    if other := next((found for found in taken if found != login), None):
        raise Exists(
            say("{name} is what {other} is called", name=name, other=other), hint=command("user", "show", other)
        )
    return name


def described(person: User, titles: Mapping[str, str]) -> str:
    """`wang (王芳), manager, reports to zhou, role wang_fang on the server`."""
    name = say(" ({name})", name=person.name) if person.name != person.login else ""
    above = say(", reports to {manager}", manager=person.manager) if person.manager else ""
    roles = listed((role_called(role, titles) for role in person.roles), " ")
    server = say(", role {role} on the server", role=person.server_role) if person.server_role else ""
    lang = say(", letters in {language}", language=Word("language", person.lang)) if person.lang else ""
    zone = say(", times of {zone}", zone=person.zone) if person.zone else ""
    told = {"login": person.login, "name": name, "roles": roles, "above": above, "server": server}
    return say("{login}{name}, {roles}{above}{server}{lang}{zone}", **told, lang=lang, zone=zone)


def known_roles(roles: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """The roles without repeats. Refused for one that neither the program nor the policy knows."""
    known = [*BUILT_IN_ROLES, *policy.roles]
    roles = tuple(role_meant(role, policy) for role in roles)
    wrong = tuple(
        Reason(
            say("role {role}", role=role),
            say("is not one of {known}{nearest}", known=listed(known), nearest=nearest(role, known)),
        )
        for role in roles
        if role not in known
    )
    if wrong:
        raise Refused(say("no such role"), reasons=wrong, hint=say("roles are named in [roles] of the policy"))
    return tuple(dict.fromkeys(roles))


def _manager(everyone: dict[str, User], manager: str | None, login: str) -> str | None:
    if not manager:
        return None
    above = find.person(everyone, manager, active=False) if find.called(everyone, manager) else None
    if login in (manager, above and above.login):
        raise Conflict(say("{login} cannot report to themselves", login=login))
    if above is None:
        raise NotFound(names.nobody(manager, everyone), hint=command("user", "add", manager))
    manager = above.login
    if not above.active:
        raise Conflict(say("{manager} was deactivated and cannot lead anybody", manager=manager))
    if login in superiors(manager, everyone):
        raise Conflict(
            say(
                "{manager} reports to {login} already; the reporting line would be a loop", manager=manager, login=login
            )
        )
    return manager


def edit(
    act: Act,
    login: str,
    *,
    name: str | None = None,
    roles: tuple[str, ...] | None = None,
    manager: str | None = None,
    email: str | None = None,
    lang: str | None = None,
    zone: str | None = None,
    server_role: str | None = None,
    answer_key: str | None = None,
) -> Outcome:
    """Change a person's name, roles, manager (empty text: nobody), mail address, language (empty text: that of the
    policy) and time zone (empty text: that of the calendar) of letters, role on the server (empty text: the login) or
    the key of answers (empty text: none). Admins only; one's own name, address, language and zone anybody, and their
    key nobody else."""
    everyone = act.people
    before = find.person(everyone, login, active=False)
    if answer_key is not None:
        from oppcli.actions import answer_keys

        answer_keys.require_own(act, before, answer_key)
    if act.by != before.login or any(given is not None for given in (roles, manager, server_role)):
        act.require("user edit", say("change {login}", login=before.login))
    own = act.by == before.login
    called = None if name is None else _own_name(everyone, before.login, name) if own else _name(name)
    after = replace(
        before,
        name=before.name if called is None else called or before.login,
        email=before.email if email is None else _address(email),
        lang=before.lang if lang is None else _language(lang),
        zone=before.zone if zone is None else _zone(zone),
        roles=before.roles if roles is None else known_roles(roles, act.policy),
        manager=before.manager if manager is None else _manager(everyone, manager, before.login),
        server_role=before.server_role if server_role is None else _server_role(everyone, server_role, before.login),
        answer_key=before.answer_key if answer_key is None else answer_key or None,
    )
    keep_an_admin(everyone, before, after)
    _own_nothing(act, before, after)
    if after == before:
        return Outcome(done=(say("{name}: nothing to change", name=before.login),), ids=(before.login,))
    act.door.save(before, after)
    details = requests_follow(act, before, after)
    if after.answer_key != before.answer_key:
        details = (*details, answer_keys.told(act, after))
    return Outcome(done=(described(after, act.policy.role_titles),), ids=(after.login,), details=details)


def _server_role(everyone: dict[str, User], text: str, login: str) -> str | None:
    """The role of the server that is somebody's; None for the one called like the login. Refused for what no role can
    be called, and for one that is another's: an entry by it would be proof for both."""
    role = text.strip()
    if role in ("", login):
        return None
    if not role.isprintable() or len(role.encode()) > LONGEST_ROLE:
        raise UsageError(say("{role!r} is not the name of a role", role=role))
    other = next((user.login for user in everyone.values() if (user.server_role or user.login) == role), login)
    if other != login:
        raise Exists(say("{role} is the role of {other}", role=role, other=other), hint=command("user", "show", other))
    return role


def reactivate(act: Act, login: str) -> Outcome:
    """Let a deactivated person act again. What was handed over stays where it is; open seats of their roles know them
    again."""
    act.require("user reactivate", say("reactivate people"))
    before = find.person(act.people, login, active=False)
    if before.active:
        return Outcome(done=(say("{login} is active", login=before.login),), ids=(before.login,))
    after = act.door.save(before, replace(before, active=True, successor=None), action="reactivate")
    details = requests_follow(act, before, after)
    return Outcome(done=(say("{login} is active again", login=before.login),), ids=(before.login,), details=details)


def keep_an_admin(everyone: dict[str, User], before: User, after: User) -> None:
    """Refuse to lose the last admin."""
    others = any(user.active and user.is_admin for user in everyone.values() if user.login != before.login)
    if before.is_admin and not others and not (after.active and after.is_admin):
        raise Conflict(
            say("{login} is the only admin", login=before.login),
            hint=say(
                "make somebody else one first: {edit}",
                edit=command("user", "edit", "LOGIN", "--role", ADMIN, ready=False),
            ),
        )


def _own_nothing(act: Act, before: User, after: User) -> None:
    """Refuse to make a service of somebody whose open deals wait for another owner."""
    if SERVICE not in after.roles or SERVICE in before.roles:
        return
    from oppcli.store import waiting

    owned = waiting.open_deals_of(act.door, before.login)
    if owned:
        raise Conflict(
            say("{login} owns deals, and a service owns nothing", login=before.login),
            reasons=tuple(Reason(ref("deal", number)) for number in owned[:NAMED]),
            hint=command("deal", "assign", "DEAL", "--to", "LOGIN", ready=False),
        )


def requests_follow(act: Act, before: User, after: User) -> tuple[str, ...]:
    """Open seats of somebody who came, left, or lost a role move in the same transaction."""
    from oppcli.actions.requests import people_changed

    return people_changed(act.anew(), before, after)
