"""Who did something in a log: users by login, and those who are none by the role and the name that the log prints."""

from oppcli.actions.imports.named_people import Newcomer, People
from oppcli.files.course import Event
from oppcli.model.approver import role
from oppcli.tuples import NamedTuple

UNKNOWN = "unknown"
"""What a role is called that the log does not tell."""


class Printed(str):
    """The name of somebody who is no user, as the log has it."""

    __slots__ = ()


class Actor(NamedTuple):
    """Who a decision is by. `login` is a login, or `role:NAME` where the person is no user."""

    login: str
    name: str


class Actors:
    """The actors of events. People are made only where the mapping asks for it."""

    def __init__(self, people: People, roles: tuple[str, ...], *, with_roles: bool) -> None:
        """`roles`: of people who are made. `with_roles`: the log tells roles, so that a blank one is unknown."""
        self.people, self.roles, self.with_roles = people, roles, with_roles

    def known_or_printed(self, text: str) -> str:
        """The login of the one person called so, or the name as it is printed."""
        return self.people.login(text.strip()) or Printed(text.strip())

    def of(self, event: Event) -> Actor:
        """Who did it."""
        person = event.person
        if type(person) is Newcomer:
            person = self.people.make(person, self.roles)
        if person is not None and type(person) is not Printed:
            return Actor(person, self.people.everyone[person].name)
        if event.role is None and not self.with_roles:
            return Actor(person or UNKNOWN, person or UNKNOWN)
        name = event.role or UNKNOWN
        return Actor(role(name), person or name)
