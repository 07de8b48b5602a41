"""Rows of people: each a user, made or brought up to date."""

from functools import partial
from typing import Any

from oppcli.actions import users
from oppcli.actions.act import Act
from oppcli.actions.imports.named_people import Newcomer, People, role_named
from oppcli.actions.imports.rows import RowFields, RowTaker
from oppcli.files import kinds
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.reading import Convert
from oppcli.files.tally import Draft, Tally
from oppcli.model.fields import Field
from oppcli.model.people import MANAGER, User
from oppcli.model.policy import Policy
from oppcli.model.said import say
from oppcli.words import names
from oppcli.words.invalid import Invalid

FIELDS = (
    Field("name", required=True),
    Field("login", "login"),
    Field("email"),
    Field("manager", "person"),
    Field("roles", "roles"),
)


class UserFields(RowFields):
    """The fields of a user: makes the conversion of a cell for each."""

    def __init__(self, policy: Policy, people: People) -> None:
        super().__init__(FIELDS)
        self.policy, self.people = policy, people

    def of(self, field: Field, source: Source) -> Convert:
        match field.kind:
            case "login":
                return self.login
            case "person":
                return partial(self.people.named, create=source.create)
            case "roles":
                return self.role_list
        return kinds.text(field)

    @staticmethod
    def login(text: str) -> str:
        """A login. Refused (`Invalid`) for a text that cannot be one."""
        if not names.is_login(text.strip()):
            raise Invalid(say("{text!r} cannot be a login", text=text))
        return text.strip()

    def role_list(self, text: str) -> tuple[str, ...]:
        """The roles that a cell names. Refused (`Invalid`) where one is not of the policy."""
        parts = (part.strip() for part in text.replace("，", ",").replace(";", ",").split(","))
        return tuple(role_named(part, self.policy) for part in parts if part)


class UserTaker(RowTaker[dict[str, Any]]):
    """Users: new ones added, known ones (by login, e-mail or name) edited. The rules are those of `opp user`."""

    late = "name"
    seldom = tuple(field.name for field in FIELDS)  # whether somebody is a newcomer changes while the file is read
    to: UserFields

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> UserFields:
        """Refused to who may not import people."""
        act.require("import people", say("import people"))
        return UserFields(act.policy, People(act.door, dict(act.people), act.me))

    def read(self, draft: Draft) -> dict[str, Any]:
        """What is said of them."""
        return {name: value for name, value in draft.values.items() if value is not None}

    def keep(self, told: dict[str, Any], tally: Tally) -> None:
        """Added, or edited. Refused as `opp user` is."""
        people = self.to.people
        email = told.get("email")
        login = told.get("login") or (email and people.login(email)) or people.login(told["name"])
        before = people.everyone.get(login) if login else None
        if before is not None and self.skips:
            tally.unchanged += 1
            return
        if type(told.get("manager")) is Newcomer:
            roles = self.mapping.fields["manager"].roles or (MANAGER,)
            told["manager"] = people.make(told["manager"], roles)
            tally.people = people.made
        if before is None:
            login = login or people.free_login(told["name"])
            users.add(self._now(), **{**told, "login": login})
            tally.created += 1
        elif all(getattr(before, name) == value for name, value in told.items()):
            tally.unchanged += 1
            return
        else:
            users.edit(self._now(), **{**told, "login": before.login})
            tally.updated += 1
        people.learn(self.act.door.get(User, login or ""))

    def _now(self) -> Act:
        """Among the people that there are by this row."""
        return self.act.anew(self.act.policy)
