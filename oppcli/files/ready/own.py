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


def quoted(text: str) -> str:
    """The text as TOML has it, which it has as JSON does."""
    return json.dumps(text, ensure_ascii=False)
