"""The tables about relations → their rules. Read where a policy has one of them."""

from collections.abc import Mapping
from typing import Any

Table = Mapping[str, Any]


def read(doc: Table) -> dict[str, Any]:
    """The fields of the policy that its tables about relations make."""
    found: dict[str, Any] = {}
    if "follow" in doc:
        from oppcli.policy.follow_keys import FOLLOW

        found["follow"] = FOLLOW.rule(**FOLLOW.values(doc["follow"]))
    if doc.keys() & {"assign", "archive", "priority"}:
        found |= _assigned(doc)
    if doc.keys() & {"tag", "tier", "score", "suggest", "sheet"}:
        found |= _scored(doc)
    return found


def _assigned(doc: Table) -> dict[str, Any]:
    from oppcli.policy import assign_keys as keys

    tables = {"assign": keys.ASSIGN, "archive": keys.ARCHIVE, "priority": keys.PRIORITY}
    return {name: table.rule(**table.values(doc[name])) for name, table in tables.items() if name in doc}


def _scored(doc: Table) -> dict[str, Any]:
    from oppcli.policy import score_keys as keys

    lists = {
        "tags": ("tag", keys.TAG),
        "tiers": ("tier", keys.TIER),
        "scores": ("score", keys.SCORE),
        "suggestions": ("suggest", keys.SUGGEST),
    }
    found: dict[str, Any] = {
        field: tuple(table.rule(**table.values(each)) for each in doc.get(name, []))
        for field, (name, table) in lists.items()
    }
    sheets = doc.get("sheet", {})
    found["sheets"] = {name: keys.SHEET.rule(name=name, **keys.SHEET.values(each)) for name, each in sheets.items()}
    return found
