"""A checked document → the `Policy`. Nothing is checked here."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.model.noun import NOTHING
from oppcli.model.policy import ALL_HOURS, Calendar, FieldRule, Policy, Sod, StageRule, StepRule, TypeRule, all_hours
from oppcli.policy import keys, notation, request_keys
from oppcli.policy.notation import many

Table = Mapping[str, Any]
REPORTS = frozenset(("kpi", "win"))
NOUNS_WITH_FIELDS = frozenset(("customer", "contact"))
"""Besides the deal: a table in `[fields.customer]` is of a customer's field, a plain key of the deal's."""
RELATIONS = frozenset(("follow", "assign", "archive", "priority", "tag", "tier", "score", "suggest", "sheet"))
"""The tables about relations, whose keys are read where a policy has one of them."""


def build(doc: Table, text: str, hash: str) -> Policy:
    """The policy of a document without faults."""
    head = keys.POLICY.values(doc["policy"])
    defaults = {"calendar": head["calendar"], **request_keys.DEFAULTS.values(doc.get("defaults", {}))}
    types = {name: _type(name, table, defaults) for name, table in doc.get("type", {}).items()}
    return Policy(
        **head,
        **(_identity(doc["identity"]) if "identity" in doc else {}),
        **keys.LOST.values(doc.get("lost", {})),
        **(_scope(doc["scope"]) if "scope" in doc else {}),
        **(_risk(doc["risk"]) if "risk" in doc else {}),
        **(_payment(doc["payment"]) if "payment" in doc else {}),
        **(_relations(doc) if RELATIONS & doc.keys() else {}),
        **(_duplicates(doc["duplicates"]) if "duplicates" in doc else {}),
        **(_quote(doc["quote"]) if "quote" in doc else {}),
        **(_facts(doc["fact"]) if "fact" in doc else {}),
        **(_contract(doc["contract"]) if "contract" in doc else {}),
        **(_remind(doc["remind"]) if "remind" in doc else {}),
        **(_reports(doc) if REPORTS & doc.keys() else {}),
        **(_hooks(doc["hook"]) if "hook" in doc else {}),
        bands=_bands(doc["bands"]) if "bands" in doc else NOTHING,
        stages=tuple(StageRule(**_stage(stage)) for stage in doc["stage"]),
        types=types,
        gates=_lists(doc.get("gate", {})),
        roles={name: notation.who(role) for name, role in doc.get("roles", {}).items()},
        role_titles={name: title for name, role in doc.get("roles", {}).items() if (title := notation.title(role))},
        **_fields(doc.get("fields", {})),
        sod=Sod(**keys.SOD.values(doc.get("sod", {}))),
        calendars=_calendars(
            doc.get("calendar", {}),
            {defaults["calendar"]} | {step.calendar for rule in types.values() for step in rule.steps},
        ),
        text=text,
        hash=hash,
    )


def _identity(table: Table) -> dict[str, Any]:
    from oppcli.policy.trust_keys import IDENTITY

    return IDENTITY.values(table)


def _scope(table: Table) -> dict[str, Any]:
    from oppcli.policy.trust_keys import SCOPE

    return {"scoped": True, **SCOPE.values(table)}


def _risk(table: Table) -> dict[str, Any]:
    from oppcli.policy.trust_keys import RISK

    return {"risks_told": (), **RISK.values(table)}


def _payment(table: Table) -> dict[str, Any]:
    from oppcli.policy.payment_keys import PAYMENT

    return PAYMENT.values(table)


def _calendars(table: Table, used: set[str]) -> dict[str, Calendar]:
    """Those of the file, and that of all hours where a step runs by it."""
    found = {name: calendar(name, each) for name, each in table.items()}
    if ALL_HOURS in used - found.keys():
        found[ALL_HOURS] = all_hours(next((each.timezone for each in found.values()), "UTC"))
    return found


def _relations(doc: Table) -> dict[str, Any]:
    from oppcli.policy.relations import read as relations

    return relations(doc)


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


def _duplicates(table: Table) -> dict[str, Any]:
    from oppcli.policy.duplicate_keys import read

    return {"duplicates": read(table)}


def _quote(table: Table) -> dict[str, Any]:
    from oppcli.policy.quote_keys import QUOTE

    return {"quote": QUOTE.rule(**QUOTE.values(table))}


def _facts(table: Table) -> dict[str, Any]:
    from oppcli.policy.fact_keys import FACT

    return {"facts": {name: FACT.rule(**FACT.values(each)) for name, each in table.items()}}


def _remind(table: Table) -> dict[str, Any]:
    from oppcli.policy.remind_keys import REMIND

    return {"remind": REMIND.rule(**REMIND.values(table))}


def _reports(doc: Table) -> dict[str, Any]:
    from oppcli.policy.report_keys import KPI, WIN

    both = {"kpi": KPI, "win": WIN}
    return {name: table.rule(**table.values(doc[name])) for name, table in both.items() if name in doc}


def _hooks(rows: Sequence[Table]) -> dict[str, Any]:
    from oppcli.policy.hook_keys import HOOK

    return {"hooks": tuple(HOOK.rule(**HOOK.values(each)) for each in rows)}


def _bands(table: Table) -> dict[str, tuple[str, ...]]:
    from oppcli.policy.report_notation import cuts

    return {name: cuts(each) for name, each in table.items()}


def _contract(table: Table) -> dict[str, Any]:
    from oppcli.policy.contract_keys import CONTRACT

    return {"contract": CONTRACT.rule(**CONTRACT.values(table))}


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
