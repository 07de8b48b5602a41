"""The rows of docs/policy.md, from the tables of keys."""

from typing import Any

from oppcli.policy import (
    assign_keys,
    contract_keys,
    duplicate_keys,
    fact_keys,
    follow_keys,
    hook_keys,
    keys,
    payment_keys,
    quote_keys,
    remind_keys,
    report_keys,
    request_keys,
    score_keys,
    trust_keys,
)
from oppcli.policy.kinds import Key, Keys

SECTIONS: dict[str, Keys] = {
    "`[policy]`": keys.POLICY,
    "`[[stage]]`": keys.STAGE,
    "What people do in a stage": follow_keys.STAGE,
    "`[identity]`": trust_keys.IDENTITY,
    "`[lost]`": keys.LOST,
    "`[fields.NAME]`": keys.FIELD,
    "`[sod]`": keys.SOD,
    "`[scope]`": trust_keys.SCOPE,
    "`[risk]`": trust_keys.RISK,
    "`[payment]`": payment_keys.PAYMENT,
    "`[follow]`": follow_keys.FOLLOW,
    "`deadline`": follow_keys.DEADLINE,
    "`cadence`": follow_keys.CADENCE,
    "`survey`": follow_keys.SURVEY,
    "`[duplicates]`": duplicate_keys.DUPLICATES,
    "`rule` of `[duplicates]`": duplicate_keys.RULE,
    "`[quote]`": quote_keys.QUOTE,
    "`[fact.NAME]`": fact_keys.FACT,
    "`[contract]`": contract_keys.CONTRACT,
    "`clauses` of `[contract]`": contract_keys.CLAUSE,
    "`[remind]`": remind_keys.REMIND,
    "`[kpi]`": report_keys.KPI,
    "`[win]`": report_keys.WIN,
    "`[[hook]]`": hook_keys.HOOK,
    "`[assign]`": assign_keys.ASSIGN,
    "`rule` of `[assign]`": assign_keys.RULE,
    "`person`": assign_keys.PERSON,
    "`pool`": assign_keys.POOL,
    "`return`": assign_keys.RETURN,
    "`[archive]`": assign_keys.ARCHIVE,
    "`[[score]]`": score_keys.SCORE,
    "`[[tag]]`": score_keys.TAG,
    "`[[tier]]`": score_keys.TIER,
    "`[[suggest]]`": score_keys.SUGGEST,
    "`[sheet.NAME]`": score_keys.SHEET,
    "`[priority]`": assign_keys.PRIORITY,
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
    return "\n".join([*_HEAD, *(f"| `{key.name}` | {_default(table, key)} | {key.means} |" for key in _known(table))])


def _known(table: Keys) -> tuple[Key, ...]:
    return tuple(table.keys.values())


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
