"""Rows of people: each a user, made or brought up to date."""

from collections.abc import Iterable, Mapping

from oppcli.actions import users
from oppcli.actions.act import Act
from oppcli.actions.imports.named_people import Newcomer, People, role_named
from oppcli.actions.imports.rows import RowFields, RowTaker
from oppcli.files import kinds
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.reading import Convert
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally
from oppcli.model.fields import Field
from oppcli.model.people import MANAGER, User
from oppcli.model.policy import Policy
from oppcli.model.said import say
from oppcli.words import emails, names
from oppcli.words.invalid import Invalid

FIELDS = (
    Field("name", required=True),
    Field("login", "login"),
    Field("email"),
    Field("manager"),
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


class UserTaker(RowTaker[Draft]):
    """Users: new ones added, known ones (by login, e-mail or name) edited. The rules are those of `opp user`. Whom they
    report to is read once the others of the file are known."""

    late = "name"
    to: UserFields

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> UserFields:
        """Refused to who may not import people."""
        act.require("import people", say("import people"))
        return UserFields(act.policy, People(act.door, dict(act.people), act.me))

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """The same; what is rejected for something else says, too, that nobody is called as who leads."""
        drafts = super().take(chunk, tally)
        for draft in drafts:
            if draft.problems and not draft.is_wrong("manager"):
                self._above(draft)
        return drafts

    def read(self, draft: Draft) -> Draft:
        """The row as it is."""
        return draft

    def in_order(self, told: list[tuple[Draft, Draft]]) -> Iterable[tuple[Draft, Draft]]:
        """Who leads before whom they lead, wherever their rows stand. A loop of newcomers is refused where it ends."""
        rows: dict[str, Draft] = {}
        for draft, _ in told:
            for name in ("login", "email", "name"):
                rows.setdefault(names.person(draft.values.get(name) or ""), draft)
        ordered: dict[int, Draft] = {}
        for draft, _ in told:
            last, line = draft, {draft.line: draft}
            while (above := self._row_above(last, rows)) is not None and above.line not in ordered:
                if above.line in line:
                    last.wrong("manager", _loop(last, above))
                    break
                last = line[above.line] = above
            ordered |= reversed(line.items())
        return [(draft, draft) for draft in ordered.values() if not draft.problems]

    def _row_above(self, draft: Draft, rows: Mapping[str, Draft]) -> Draft | None:
        """The row of who leads somebody, where that is a newcomer."""
        text = draft.values.get("manager")
        if text is None or self.to.people.is_called(text):
            return None
        name, email = emails.parted(text)
        return rows.get(names.person(email or name)) or rows.get(names.person(name))

    def _above(self, draft: Draft) -> str | None:
        """Who leads them: a login, or a newcomer; None where nobody does, or, noted, where nobody is called so and the
        mapping makes none."""
        text = draft.values.get("manager")
        if text is None:
            return None
        try:
            return self.to.people.named(text, create=self.mapping.fields["manager"].create)
        except Invalid as wrong:
            draft.wrong("manager", wrong.message)
        return None

    def keep(self, told: Draft, tally: Tally) -> None:
        """Added, or edited. Refused as `opp user` is."""
        people, values = self.to.people, {name: value for name, value in told.values.items() if value is not None}
        email = values.get("email")
        login = values.get("login") or (email and people.login(email)) or people.login(values["name"])
        before = people.everyone.get(login) if login else None
        if before is not None and self.skips:
            tally.unchanged += 1
            return
        above = self._above(told)
        if told.problems:
            return
        if type(above) is Newcomer:
            above = people.make(above, self.mapping.fields["manager"].roles or (MANAGER,))
            tally.people = people.made
        if above is not None:
            values["manager"] = above
        if before is None:
            login = login or people.free_login(values["name"])
            users.add(self._now(), **{**values, "login": login})
            tally.created += 1
        elif all(getattr(before, name) == value for name, value in values.items()):
            tally.unchanged += 1
            return
        else:
            users.edit(self._now(), **{**values, "login": before.login})
            tally.updated += 1
        people.learn(self.act.door.get(User, login or ""))

    def _now(self) -> Act:
        """Among the people that there are by this row."""
        return self.act.anew(self.act.policy)


def _loop(draft: Draft, above: Draft) -> str:
    """What is said of who would be led by somebody whom they lead."""
    login, manager = (each.values.get("login") or each.values["name"] for each in (draft, above))
    if draft is above:
        return say("{login} cannot report to themselves", login=login)
    return say("{manager} reports to {login} already; the reporting line would be a loop", manager=manager, login=login)
