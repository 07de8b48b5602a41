"""Mappings of own exports: what `opp export deals`, `visits` and `people` wrote as CSV, by the columns there are."""

import json
from collections.abc import Iterable, Mapping, Sequence

from oppcli.files.ready import OWN

LEFT = ("id", "kind", "updated_at", "version", "closed_at", "external_id", "system", "channel", "extra", "standing")
"""Columns of deals that another field tells, or that are of their database alone."""
CREATING = ("customer", "owner", "collaborators")
VISITS = f"""kind   = "visits"
system = "{OWN}"
[fields]
deal    = "deal"
stage   = "stage"
entered = "entered_at"
left    = "left_at"
"""
PAYMENTS = f"""kind   = "payments"
system = "{OWN}"
[fields]
external_id = "id"
kind        = "kind"
deal        = {{ column = "deal", by = "id" }}
customer    = {{ column = "customer", by = "id" }}
on          = "on"
sign_days   = "sign_days"
amount      = "amount"
currency    = "currency"
ref         = "ref"
voided_at   = "voided_at"
created_at  = "created_at"
"""
RECORDS = {
    "customers": ("name phone email website address tax_id industry region tier protected_until quiet_until", ""),
    "contacts": ("name title phone email im left_on", "customer"),
    "activities": (
        "kind text at contacts direction minutes rating recorded_at channel message_id",
        "deal customer",
    ),
    "tasks": (
        "title kind role due_on due_at promised_on promised_at moves state origin must repeat anchor skipped done_at "
        "reason late_at",
        "deal customer activity",
    ),
}
"""Kind of rows → its fields that are columns of the same name, and those that name another record."""
NAMING = {"owner": "owner", "assignee": "assignee", "created_by": "created_by", "done_by": "done_by", "by": "who"}
NAMING |= {"late_by": "late_by"}
"""Fields that name people, and their columns."""
PEOPLE = """kind = "users"
[fields]
login   = "login"
name    = "name"
manager = { column = "manager", create = true }
roles   = "roles"
email   = "email"
"""


def of_deals(header: Sequence[str], fields: Iterable[str], ended: Mapping[str, Sequence[str]]) -> str:
    """The mapping of an export of deals: every column that is a field, the team's own too. `ended`: stages that end a
    deal, by kind. A probability is the stage's where nobody said why it is another."""
    known = set(fields) - set(LEFT)
    lines = [f'system = "{OWN}"', "", "[fields]", 'external_id = "id"']
    for name in header:
        if name in CREATING:
            lines.append(f"{name} = {{ column = {quoted(name)}, create = true }}")
        elif name == "probability":
            lines.append('probability = { column = "probability", when = "probability_reason" }')
        elif name in known:
            lines.append(f"{quoted(name)} = {quoted(name)}")
    if "closed_at" in header:
        lines += ["", "[entered]", *(f'{quoted(stage)} = "closed_at"' for stages in ended.values() for stage in stages)]
    return "\n".join(lines) + "\n"


def of_records(kind: str, header: Sequence[str], own: Iterable[str]) -> str:
    """The mapping of an export of customers, contacts, activities or tasks. `own`: the team's own fields."""
    plain, naming = RECORDS[kind]
    lines = [f'kind   = "{kind}"', f'system = "{OWN}"', "", "[fields]", 'external_id = "id"']
    lines += [
        f"{quoted(name)} = {quoted(name)}" for name in (*plain.split(), "created_at", "tags", *own) if name in header
    ]
    lines += [f'{name} = {{ column = "{name}_id", by = "id" }}' for name in naming.split()]
    lines += [f'{name} = "{column}"' for name, column in NAMING.items() if column in header]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """The text as TOML has it, which it has as JSON does."""
    return json.dumps(text, ensure_ascii=False)
