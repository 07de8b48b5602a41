"""Cells that name people or roles: whom a login, a printed name or an e-mail stands for, and people made on the way."""

from collections.abc import Callable

from oppcli.model.people import BUILT_IN_ROLES, SALES, SERVICE, User
from oppcli.model.policy import Policy
from oppcli.model.said import listed, say
from oppcli.rules.rights import require_role
from oppcli.speech.roles import role_meant
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.words import emails, lookalikes, names
from oppcli.words.invalid import Invalid
from oppcli.words.spelling import nearest


class Newcomer(str):
    """The name of somebody who is not a user yet and will be made one, once their row is known to be good."""

    __slots__ = ()


class People:
    """Everybody by login and by name. `made` counts the people added."""

    def __init__(self, door: WriteDoor, everyone: dict[str, User], by: User) -> None:
        self.door, self.everyone, self.by = door, everyone, by
        self.made = 0
        self._called: dict[str, list[str]] = {}
        """Logins by folded name and e-mail."""
        self._made: dict[str, str] = {}
        """Logins by what newcomers were called, until somebody comes or changes: rows go on calling them so."""
        self._taken: set[str] = set()
        """What the logins that there are would be taken for."""
        for user in everyone.values():
            self._call(user)

    def _call(self, user: User) -> None:
        self._taken |= lookalikes.keys(user.login)
        for called in _called(user):
            self._called.setdefault(called, []).append(user.login)

    def login(self, text: str) -> str | None:
        """The login of the one person with this login, name or e-mail, or with both (`Pat Doe (pat@example.com)`):
        then the e-mail decides where somebody has it or the name is of somebody with another; None for nobody. Raises
        `Invalid` for what several people are called."""
        if text in self.everyone:
            return self.everyone[text].login
        name, email = emails.parted(text)
        found = self._called.get(names.person(text)) or (email and self._called.get(names.person(email))) or []
        if not found and email not in (None, name):
            called = self._called.get(names.person(name), [])
            found = [login for login in called if self.everyone[login].email is None]
        if len(found) > 1:
            raise Invalid(say("{text} could be {found}", text=text, found=listed(sorted(found), " or ")))
        return found[0] if found else None

    def is_called(self, text: str) -> bool:
        """Whether anybody has this login, name or e-mail; or several."""
        try:
            return self.login(text.strip()) is not None
        except Invalid:
            return True

    def named(self, text: str, *, create: bool) -> str:
        """The login of the one person called so; of nobody, with `create`, a `Newcomer`. Else that raises `Invalid`."""
        login = self.login(text.strip())
        if login is None and not create:
            raise Invalid(names.nobody(text, self.everyone))
        return login or self.newcomer(text)

    def owner(self, text: str, *, create: bool) -> str:
        """The same of somebody who owns a deal or works on it (a `Newcomer` only with `create`): no service does.
        Refuses one."""
        found = self.named(text, create=create)
        if found in self.everyone and SERVICE in self.everyone[found].roles:
            raise Invalid(say("{login} is a service, which owns no deals", login=found))
        return found

    def newcomer(self, text: str) -> Newcomer:
        """Somebody to be made. Raises `Invalid` for a name no login can be made from."""
        name = names.unpadded(text.strip())
        if not names.is_login(_login(emails.parted(name)[0])) or names.name_fault(name):
            raise Invalid(say("no login can be made from {name!r}", name=name))
        return Newcomer(name)

    def make(self, name: str, roles: tuple[str, ...] = ()) -> str:
        """The login of the newcomer called so, added to the database unless an earlier row did it."""
        known = self._made.get(name) or self.login(name)
        if known is not None:
            self._made[name] = known
            return known
        require_role("user add", self.by, say("add people, and {name} is not a user", name=name), self.everyone)
        name, email = emails.parted(name)
        person = User(
            login=self.free_login(name), name=name, email=email, roles=roles or (SALES,), created_at=self.door.at
        )
        self.learn(self.door.add(person))
        self.made += 1
        return person.login

    def learn(self, person: User) -> None:
        """Know somebody from now on, or what they became."""
        before = self.everyone.get(person.login)
        for called in _called(before) if before is not None else ():
            self._called[called].remove(person.login)
        self.everyone[person.login] = person
        self._made.clear()
        self._call(person)

    def free_login(self, name: str) -> str:
        """A login made from the name that nobody has."""
        login, number = _login(name), 1
        while login in self.everyone or lookalikes.keys(login) & self._taken:
            number += 1
            login = f"{_login(name)}{number}"
        return login


def role_named(text: str, policy: Policy) -> str:
    """The role that is called so. Raises `Invalid` for one that neither the program nor the policy has."""
    role, there = role_meant(text, policy), (*BUILT_IN_ROLES, *policy.roles)
    if role not in there:
        raise Invalid(say("there is no role {role}{nearest}", role=role, nearest=nearest(role, there)))
    return role


def everybody(door: ReadDoor) -> Callable[[str], bool]:
    """Whether somebody here is called so: by login, name or e-mail, or with both."""
    users = door.find(User)
    known = {user.login for user in users} | {called for user in users for called in _called(user)}

    def is_known(text: str) -> bool:
        name, email = emails.parted(text)
        return text in known or any(names.person(each) in known for each in (text, email or name, name))

    return is_known


def _login(name: str) -> str:
    """Of a name, or of what stands before the @."""
    return names.login(name.partition("@")[0] if emails.is_email(name) else name)


def _called(user: User) -> set[str]:
    return {names.person(called) for called in (user.name, user.email) if called}
