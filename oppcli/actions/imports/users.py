"""Rows of people: each a user, made or brought up to date."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from oppcli.actions import users
from oppcli.actions.act import Act
from oppcli.actions.imports.named_people import Newcomer, People
from oppcli.errors import OppError
from oppcli.files import kinds
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import SKIP
from oppcli.files.reading import BLANK, Columns, Convert, Problem, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, sentence
from oppcli.model.fields import Field
from oppcli.model.people import BUILT_IN_ROLES, MANAGER, User
from oppcli.model.policy import Policy
from oppcli.model.said import say
from oppcli.speech.roles import role_meant
from oppcli.words import names
from oppcli.words.invalid import Invalid
from oppcli.words.spelling import nearest


class UserFields:
    """The fields of a user: makes the conversion of a cell for each."""

    needed: tuple[str, ...] = ("name",)
    fields: Mapping[str, Field] = {
        "name": Field("name", required=True),
        "login": Field("login", "login"),
        "email": Field("email"),
        "manager": Field("manager", "person"),
        "roles": Field("roles", "roles"),
    }

    def __init__(self, policy: Policy, people: People) -> None:
        self.people = people
        self.policy, self.roles = policy, (*BUILT_IN_ROLES, *policy.roles)

    def of(self, field: Field, source: Source) -> Convert:
        match field.kind:
            case "login":
                return self.login
            case "person":
                return self.people.known_or_new if source.create else self.people.known
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
        found = tuple(role_meant(part, self.policy) for part in parts if part)
        for role in found:
            if role not in self.roles:
                raise Invalid(say("there is no role {role}{nearest}", role=role, nearest=nearest(role, self.roles)))
        return found


class UserTaker:
    """Users: new ones added, known ones (by login, e-mail or name) edited. The rules are those of `opp user`."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: UserFields) -> None:
        self.act, self.mapping = act, mapping
        self.people = to.people
        self.readers: list[tuple[str, Read]] = [
            # Whether somebody is a newcomer changes while the file is read.
            (name, columns.reader(source, partial(to.of, to.fields[name]), cached=False))
            for name, source in mapping.fields.items()
        ]

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        drafts = [self._read(line, cells) for line, cells in chunk]
        for draft in drafts:
            if draft.problems:
                continue
            try:
                self._store(draft.values, tally)
            except Invalid as wrong:
                draft.wrong("name", Problem(wrong))
            except OppError as refusal:
                draft.wrong("", sentence(refusal))
        tally.people = self.people.made
        return drafts

    def _read(self, line: int, cells: Row) -> Draft:
        draft = Draft(line, cells)
        for name, read in self.readers:
            value = read(cells)
            if type(value) is Problem:
                draft.wrong(name, value)
            elif value is not None or name == "name":
                draft.values[name] = value
        if draft.values.get("name", "") is None:
            draft.wrong("name", BLANK)
        return draft

    def _store(self, values: dict[str, Any], tally: Tally) -> None:
        email = values.get("email")
        login = values.get("login") or (email and self.people.login(email)) or self.people.login(values["name"])
        before = self.people.everyone.get(login) if login else None
        if before is not None and self.mapping.existing == SKIP:
            tally.unchanged += 1
            return
        if type(values.get("manager")) is Newcomer:
            roles = self.mapping.fields["manager"].roles or (MANAGER,)
            values["manager"] = self.people.make(values["manager"], roles)
        if before is None:
            login = login or self.people.free_login(values["name"])
            users.add(self._now(), **{**values, "login": login})
            tally.created += 1
        elif all(getattr(before, name) == value for name, value in values.items()):
            tally.unchanged += 1
            return
        else:
            users.edit(self._now(), **{**values, "login": before.login})
            tally.updated += 1
        self.people.learn(self.act.door.get(User, login or ""))

    def _now(self) -> Act:
        """Among the people that there are by this row."""
        return self.act.anew(self.act.policy)
