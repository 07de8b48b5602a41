"""A checked document → the `Policy`. Nothing is checked here."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from oppcli.model.noun import NOTHING
from oppcli.model.policy import ALL_HOURS, Calendar, FieldRule, Policy, StageRule, StepRule, TypeRule, all_hours
from oppcli.policy import keys, notation, request_keys
from oppcli.policy.kinds import Keys, Kind, inline, listed, named
from oppcli.policy.notation import many
from oppcli.tuples import NamedTuple

Table = Mapping[str, Any]
NOUNS_WITH_FIELDS = frozenset(("customer", "contact"))
"""Besides the deal: a table in `[fields.customer]` is of a customer's field, a plain key of the deal's."""
ONE, ROWS, NAMED = "[{}]", "[[{}]]", "[{}.NAME]"
"""How often a table may be there, as its header is written: once, again and again, once for each name."""


class Part(NamedTuple):
    """A table at the top of the file that a policy may do without."""

    name: str
    module: str
    """Where its keys are told, under its name in capitals. It is imported where a policy has the table."""
    into: str = ""
    """The field of the policy that it becomes; empty where its keys are fields of the policy themselves."""
    many: str = ONE
    there: Mapping[str, Any] = NOTHING
    """What it says by being there."""

    @property
    def keys(self) -> Keys:
        found: Keys = getattr(import_module(f"oppcli.policy.{self.module}"), self.name.upper())
        return found

    @property
    def kind(self) -> Kind:
        if self.many == NAMED:
            return named(self.keys, self.name)
        return listed(self.keys) if self.many == ROWS else inline(self.keys)

    def read(self, found: Any) -> dict[str, Any]:
        """The fields of the policy that what stands in the file makes."""
        return {self.into: self.kind.read(found)} if self.into else {**self.there, **self.keys.values(found)}


PARTS = (
    Part("identity", "trust_keys"),
    Part("lost", "keys"),
    Part("sod", "keys", "sod"),
    Part("scope", "trust_keys", there={"scoped": True}),
    Part("risk", "trust_keys", there={"risks_told": ()}),
    Part("follow", "follow_keys", "follow"),
    Part("payment", "payment_keys"),
    Part("duplicates", "duplicate_keys", "duplicates"),
    Part("quote", "quote_keys", "quote"),
    Part("fact", "fact_keys", "facts", NAMED),
    Part("contract", "contract_keys", "contract"),
    Part("remind", "remind_keys", "remind"),
    Part("kpi", "report_keys", "kpi"),
    Part("win", "report_keys", "win"),
    Part("hook", "hook_keys", "hooks", ROWS),
    Part("assign", "assign_keys", "assign"),
    Part("archive", "assign_keys", "archive"),
    Part("priority", "assign_keys", "priority"),
    Part("tag", "score_keys", "tags", ROWS),
    Part("tier", "score_keys", "tiers", ROWS),
    Part("score", "score_keys", "scores", ROWS),
    Part("suggest", "score_keys", "suggestions", ROWS),
    Part("sheet", "score_keys", "sheets", NAMED),
)


def build(doc: Table, text: str, hash: str) -> Policy:
    """The policy of a document without faults."""
    head = keys.POLICY.values(doc["policy"])
    defaults = {"calendar": head["calendar"], **request_keys.DEFAULTS.values(doc.get("defaults", {}))}
    types = {name: _type(name, table, defaults) for name, table in doc.get("type", {}).items()}
    return Policy(
        **head,
        **{field: value for part in PARTS if part.name in doc for field, value in part.read(doc[part.name]).items()},
        bands=_bands(doc["bands"]) if "bands" in doc else NOTHING,
        stages=tuple(StageRule(**_stage(stage)) for stage in doc["stage"]),
        types=types,
        gates=_lists(doc.get("gate", {})),
        roles={name: notation.who(role) for name, role in doc.get("roles", {}).items()},
        role_titles={name: title for name, role in doc.get("roles", {}).items() if (title := notation.title(role))},
        **_fields(doc.get("fields", {})),
        calendars=_calendars(
            doc.get("calendar", {}),
            {defaults["calendar"]} | {step.calendar for rule in types.values() for step in rule.steps},
        ),
        text=text,
        hash=hash,
    )


def _calendars(table: Table, used: set[str]) -> dict[str, Calendar]:
    """Those of the file, and that of all hours where a step runs by it."""
    found = {name: calendar(name, each) for name, each in table.items()}
    if ALL_HOURS in used - found.keys():
        found[ALL_HOURS] = all_hours(next((each.timezone for each in found.values()), "UTC"))
    return found


def _stage(table: Table) -> dict[str, Any]:
    """The fields of a stage's rule. What people do in it has its keys elsewhere, for most stages say nothing of it."""
    if table.keys() <= keys.STAGE.keys.keys():
        return keys.STAGE.values(table)
    from oppcli.policy.follow_keys import STAGE

    own = {name: value for name, value in table.items() if name in keys.STAGE.keys}
    more = {name: value for name, value in table.items() if name not in own}
    return keys.STAGE.values(own) | STAGE.values(more)


def _fields(table: Table) -> dict[str, Any]:
    deal, theirs = by_noun(table)
    of = {noun: {name: field_rule(name, each) for name, each in named.items()} for noun, named in theirs.items()}
    return {"fields": {name: field_rule(name, each) for name, each in deal.items()}, "fields_of": of}


def by_noun(table: Table) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What is said of a deal's fields; and by noun, what is of those of customers and contacts."""
    deal, theirs = dict(table), {}
    for noun in NOUNS_WITH_FIELDS & table.keys():
        named = {name: value for name, value in table[noun].items() if isinstance(value, dict)}
        if named:
            theirs[noun] = named
            deal[noun] = {name: value for name, value in table[noun].items() if name not in named}
            if not deal[noun]:
                del deal[noun]
    return deal, theirs


def _bands(table: Table) -> dict[str, tuple[str, ...]]:
    from oppcli.policy.report_keys import cuts

    return {name: cuts(each) for name, each in table.items()}


def _lists(table: Table) -> dict[str, tuple[str, ...]]:
    return {name: many(value) for name, value in table.items()}


def field_rule(name: str, table: Table) -> FieldRule:
    """What `[fields.NAME]` says; a field of the team's own without a type is text."""
    return FieldRule(name=name, **keys.FIELD.values(table))


def _type(name: str, table: Table, defaults: Table) -> TypeRule:
    """A type with its steps, each with what it has from the type, the defaults and the policy where it says nothing."""
    own = {key: value for key, value in table.items() if key != "step"}
    inherited = {**defaults, **({"on_reject": table["on_reject"]} if "on_reject" in table else {})}
    steps = tuple(StepRule(**{**inherited, **request_keys.STEP.values(step)}) for step in table["step"])
    return TypeRule(**{"title": name, **request_keys.TYPE.values(own)}, name=name, steps=steps)


def calendar(name: str, table: Table) -> Calendar:
    """The business hours of `[calendar.NAME]`. A day named alone beats the range it lies in."""
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    named = {key: days for key in table if (days := notation.weekdays(key))}
    for key, days in sorted(named.items(), key=lambda each: -len(each[1])):
        for day in days:
            week[day] = tuple(sorted(notation.interval(text) for text in many(table[key])))
    rest = {key: value for key, value in table.items() if key not in named}
    return Calendar(name=name, week=tuple(week), **keys.CALENDAR.values(rest))
