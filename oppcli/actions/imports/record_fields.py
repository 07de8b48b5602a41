"""The fields of customers, contacts, activities and tasks that a mapping may name, and how a cell becomes a value."""

from collections.abc import Callable, Mapping
from functools import partial
from zoneinfo import ZoneInfo

from oppcli.actions.imports.deal_fields import stage_named
from oppcli.actions.imports.named_people import People, role_named
from oppcli.files import kinds
from oppcli.files.mapping import Source
from oppcli.files.mapping_keys import RECORDS
from oppcli.files.reading import Convert
from oppcli.files.references import REFERENCE, REFERENCES
from oppcli.model.fields import Field
from oppcli.model.follow import ACTIVITY_KINDS, DIRECTIONS, TASK_KINDS, TASK_STATES
from oppcli.model.journal import SYSTEM
from oppcli.model.policy import Policy
from oppcli.model.said import listed, say
from oppcli.rules.fields import of_team
from oppcli.words.invalid import Invalid
from oppcli.words.named import folded
from oppcli.words.spelling import nearest

_BASE = (
    Field("external_id", is_id=True),
    Field("tags", "list"),
    Field("created_by", "person"),
)
_CREATED = Field("created_at", "instant")
_TEXTS = {"customer": "website address tax_id industry region tier", "contact": "title im"}
_SPECIAL: Mapping[str, tuple[Field, ...]] = {
    "customer": (
        Field("name", required=True),
        Field("phone", "list"),
        Field("email", "list"),
        Field("owner", "person"),
        Field("protected_until", "instant"),
        Field("quiet_until", "date"),
        _CREATED,
        *_BASE,
    ),
    "contact": (
        Field("name", required=True),
        Field("customer", REFERENCE),
        Field("phone", "list"),
        Field("email", "list"),
        Field("left_on", "date"),
        _CREATED,
        *_BASE,
    ),
    "activity": (
        Field("kind", "activity_kind"),
        Field("text"),
        Field("at", "instant", required=True),
        Field("by", "person", required=True),
        Field("deal", REFERENCE),
        Field("customer", REFERENCE),
        Field("contacts", REFERENCES),
        Field("direction", values=DIRECTIONS),
        Field("minutes", "int"),
        Field("rating", "int"),
        Field("recorded_at", "instant"),
        Field("channel"),
        Field("message_id"),
        *_BASE,
    ),
    "task": (
        Field("title", required=True),
        Field("kind", values=TASK_KINDS),
        Field("deal", REFERENCE),
        Field("customer", REFERENCE),
        Field("assignee", "person"),
        Field("role", "role"),
        Field("due_on", "date"),
        Field("due_at", "instant"),
        Field("promised_on", "date"),
        Field("promised_at", "instant"),
        Field("moves", "int"),
        Field("state", values=TASK_STATES),
        Field("origin"),
        Field("must", "stage"),
        Field("repeat"),
        Field("anchor", "date"),
        Field("skipped", "int"),
        Field("done_at", "instant"),
        Field("done_by", "person"),
        Field("reason"),
        Field("activity", REFERENCE),
        Field("late_at", "instant"),
        Field("late_by", "person"),
        _CREATED,
        *_BASE,
    ),
}
STORED = {
    "by": "who",
    "deal": "deal_id",
    "customer": "customer_id",
    "activity": "activity_id",
}
"""Fields that a record calls otherwise."""
BY_THE_PROGRAM = ("created_by", "done_by", "late_by")
"""Fields that name who did something, which may be no person."""


def known_fields(kind: str, policy: Policy) -> dict[str, Field]:
    """Every field that a mapping of these rows may name, with its kind and the policy's limits."""
    word = RECORDS[kind]
    found = {name: Field(name) for name in _TEXTS.get(word, "").split()}
    found |= {field.name: field for field in _SPECIAL[word]}
    if word not in _TEXTS:
        return found
    for name, field in of_team(word, policy).items():
        if field.own:
            found[name] = field
        elif name in found and name in policy.fields_of.get(word, {}):
            known = found[name]
            found[name] = field._replace(kind=known.kind, required=known.required or field.required)
    return found


class RecordFields:
    """The fields of records: makes the conversion of a cell for each."""

    def __init__(self, kind: str, policy: Policy, people: People, zone: ZoneInfo) -> None:
        self.policy, self.people, self.zone, self.word = policy, people, zone, RECORDS[kind]
        self.fields: Mapping[str, Field] = known_fields(kind, policy)
        self.needed = tuple(name for name, field in self.fields.items() if field.required)
        self.stages = {rule.name: rule for rule in policy.stages}
        self.told: dict[str, str] = {}
        """By column how its first cell was read that could have been meant otherwise."""

    def of(self, field: Field, source: Source) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        own: dict[str, Callable[[], Convert]] = {
            REFERENCE: lambda: str.strip,
            REFERENCES: lambda: kinds.parts,
            "person": lambda: self._person(field, source),
            "stage": lambda: lambda text: stage_named(self.stages, text).name,
            "role": lambda: lambda text: role_named(text.strip(), self.policy),
            "activity_kind": lambda: self._activity_kind,
        }
        if field.kind in own:
            return own[field.kind]()
        column = source.column or field.name

        def tell(said: str) -> None:
            self.told.setdefault(column, said)

        if field.values and not field.own:
            return partial(self._among, field)
        return kinds.converter(field, source, currency=self.policy.currency, zone=self.zone, tell=tell)

    def _person(self, field: Field, source: Source) -> Convert:
        if field.name in ("owner", "assignee"):
            return partial(self.people.owner, create=source.create)
        if field.name in BY_THE_PROGRAM:
            return partial(self._actor, source.create)
        return partial(self.people.named, create=source.create)

    def _actor(self, create: bool, text: str) -> str:
        """Somebody, or the program itself, which ends what is somebody else's by now."""
        return SYSTEM if text.strip() == SYSTEM else self.people.named(text, create=create)

    def _activity_kind(self, text: str) -> str:
        """The kind that is called so in either language, or that the team added. Refused (`Invalid`) for none."""
        follow = self.policy.follow
        called = {name: kind for kind, names in ACTIVITY_KINDS.items() for name in (kind, *names)}
        own = follow.kinds if follow else {}
        called |= {name: kind for kind, names in own.items() for name in (kind, *names)}
        found = {folded(name): kind for name, kind in called.items()}.get(folded(text))
        if found is None:
            raise Invalid(say("there is no kind {text}{nearest}", text=text, nearest=nearest(text, called)))
        return found

    @staticmethod
    def _among(field: Field, text: str) -> str:
        found = {folded(value): value for value in field.values}.get(folded(text))
        if found is None:
            raise Invalid(say("{text} is not one of {values}", text=text, values=listed(field.values)))
        return found
