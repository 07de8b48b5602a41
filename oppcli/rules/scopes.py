"""Who sees what: `[scope]` of the policy, read for one person; and what is kept of it beside the policy."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from oppcli.errors import NotAllowed
from oppcli.model.command import command
from oppcli.model.people import ADMIN, User
from oppcli.model.policy import ALL, EVERYBODY, LEVELS, OWN, TEAM, Policy
from oppcli.model.said import listed, say
from oppcli.model.sight import Sight
from oppcli.rules.rights import below

WIDE_SHARE = 20
"""One in so many people: a scope of more filters all deals in place of looking up each owner's."""


def kept(policy: Policy) -> str | None:
    """What a read needs of a policy without reading it, as JSON: `[identity]` and `[scope]` with the people of roles.
    None for a policy with neither."""
    from oppcli.rules import identity

    found: dict[str, Any] = {}
    asked = identity.kept(policy)
    if asked is not None:
        found["identity"] = asked
    if policy.scoped:
        found["scope"] = {
            "see": dict(policy.see),
            "hide": {name: list(roles) for name, roles in policy.hide.items()},
            "mask": list(policy.mask),
            "export": None if policy.export is None else list(policy.export),
            "roles": {role: list(logins) for role, logins in policy.roles.items()},
        }
        if policy.facts:
            found["scope"]["facts"] = [f"customer.{name}" for name in policy.facts]
    return json.dumps(found, ensure_ascii=False, sort_keys=True) if found else None


def scope(text: str | None) -> Mapping[str, Any] | None:
    """The `[scope]` in what was kept; None where there is none."""
    found: Mapping[str, Any] | None = json.loads(text).get("scope") if text else None
    return found


def sight(scope: Mapping[str, Any], person: User, people: Iterable[tuple[str, str | None]], now: int) -> Sight:
    """What this person sees. `people` are (login, manager) of everybody, those who left included."""
    managers = dict(people)
    roles = _roles(scope, person)
    level = _level(scope, roles)
    under = below(person.login, managers)
    owners = {OWN: (person.login,), TEAM: under, ALL: tuple(managers)}[level]
    return Sight(
        login=person.login,
        now=now,
        whole=level == ALL,
        owners=owners,
        below=under,
        wide=len(owners) * WIDE_SHARE > len(managers),
        hidden=_hidden(
            (name for name, without in scope["hide"].items() if roles <= set(without)), scope.get("facts", ())
        ),
        masked=() if level == ALL else _masked(scope["mask"]),
        exports=_may_export(scope, roles),
    )


def _hidden(names: Iterable[str], facts: Iterable[str]) -> tuple[str, ...]:
    """The fields that are hidden, and what quotes tell of them; with the amount the `facts` of customers."""
    found = tuple(names)
    if not found:
        return found
    from oppcli.model.spaces import HIDDEN_WITH

    more = tuple(each for name in found for each in HIDDEN_WITH.get(name, ()))
    return (*found, *more, *(facts if "amount" in found else ()))


def _masked(names: Iterable[str]) -> tuple[str, ...]:
    """The fields that are masked: `wechat` is what a contact has as `im`, too."""
    found = tuple(names)
    return (*found, "im") if "wechat" in found and "im" not in found else found


def _roles(scope: Mapping[str, Any], person: User) -> set[str]:
    """The roles they carry, and those the policy lists them under."""
    return {*person.roles, *(role for role, logins in scope["roles"].items() if person.login in logins)}


def _level(scope: Mapping[str, Any], roles: set[str]) -> str:
    """The widest of their roles; `own` for a role that is not named."""
    if ADMIN in roles:
        return ALL
    otherwise = scope["see"].get(EVERYBODY, OWN)
    levels = [scope["see"].get(role, otherwise) for role in roles] or [otherwise]
    return str(max(levels, key=LEVELS.index))


def _may_export(scope: Mapping[str, Any], roles: set[str]) -> bool:
    return scope["export"] is None or ADMIN in roles or bool(roles & set(scope["export"]))


def require_all(sight: Sight | None, what: str) -> None:
    """Refuse `what` to who does not see everything."""
    if sight is None or sight.whole:
        return
    said = say("{login} may not {what}: it takes who sees everything", login=sight.login, what=what)
    raise NotAllowed(said, hint=say("who sees everything: {explain}", explain=command("policy", "explain")))


def require_export(sight: Sight | None, what: tuple[str, str]) -> None:
    """Refuse to take data out to who may not, and remember that it was tried: `what` is the noun of the attempt."""
    if sight is None or sight.exports:
        return
    said = say("{login} may not take data out", login=sight.login)
    refusal = NotAllowed(said, hint=say("who may: {explain}", explain=command("policy", "explain")))
    refusal.attempt = what
    raise refusal


def require_fields(sight: Sight | None, names: Iterable[str]) -> None:
    """Refuse to ask of fields they do not have."""
    if sight is not None:
        require_had(sight.login, names, sight.hidden)


def require_had(login: str, names: Iterable[str], hidden: Collection[str]) -> None:
    """Refuse (4) the same to who has all but the hidden ones, naming every field that they lack."""
    if lacking := [name for name in dict.fromkeys(names) if name in hidden]:
        said = say("{login} does not have the field {names}", login=login, names=listed(lacking))
        raise NotAllowed(said, hint=say("who has it: {explain}", explain=command("policy", "explain")))
