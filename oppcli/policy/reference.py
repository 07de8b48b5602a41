"""The rows of docs/policy.md, from the tables of keys."""

from typing import Any

from oppcli.policy import assign_keys, contract_keys, duplicate_keys, follow_keys, keys, request_keys
from oppcli.policy.building import PARTS
from oppcli.policy.kinds import Key, Keys

SECTIONS: dict[str, Keys] = {
    "`[policy]`": keys.POLICY,
    "`[[stage]]`": keys.STAGE,
    "What people do in a stage": follow_keys.STAGE,
    "`[fields.NAME]`": keys.FIELD,
    **{f"`{part.many.format(part.name)}`": part.keys for part in PARTS},
    "`deadline`": follow_keys.DEADLINE,
    "`cadence`": follow_keys.CADENCE,
    "`survey`": follow_keys.SURVEY,
    "`rule` of `[duplicates]`": duplicate_keys.RULE,
    "`clauses` of `[contract]`": contract_keys.CLAUSE,
    "`rule` of `[assign]`": assign_keys.RULE,
    "`person`": assign_keys.PERSON,
    "`pool`": assign_keys.POOL,
    "`return`": assign_keys.RETURN,
    "`[type.NAME]`": request_keys.TYPE,
    "`[[type.NAME.step]]`": request_keys.STEP,
    "`[calendar.NAME]`": keys.CALENDAR,
}
"""How a heading of the reference begins, and whose keys it shows."""
_HEAD = ("| key | default | meaning |", "|---|---|---|")
_INHERITED = {"defaults": "`[defaults]`", "type": "the type's", "policy": "the policy's"}
_NONE = {"approvers": "nobody", "fields": "nothing"}


def rows(table: Keys) -> str:
    """A row per key."""
    return "\n".join(
        [*_HEAD, *(f"| `{key.name}` | {_default(table, key)} | {key.means} |" for key in table.keys.values())]
    )


def _default(table: Keys, key: Key) -> str:
    """What stands there if nothing is said."""
    if key.required:
        return "required"
    if key.inherits or key.default:
        return key.default or _INHERITED[key.inherits]
    value: Any = table.rule._field_defaults[key.fields[0]]
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value in (None, ()) or not isinstance(value, (str, int)):
        return _NONE.get(key.kind.word, "none")
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"
