"""The tables and keys of the file: which there are, what each may hold, which must be there.

What has the wrong shape is reported and left out, so that the checks after it can rely on what remains.
"""

from collections.abc import Mapping
from typing import Any

from oppcli.policy.lines import Path
from oppcli.policy.notation import quoted, weekdays
from oppcli.policy.problems import Problems
from oppcli.rules.spelling import did_you_mean

TEXT, TEXTS, LISTS = "text", "texts", "lists"
FLAG, WHOLE, ANY = "flag", "whole", "any"
TABLE, TABLES = "table", "tables"
_WORDS = {
    TEXT: "text in quotes",
    TEXTS: "a list of texts",
    FLAG: "true or false",
    WHOLE: "a whole number",
    TABLE: "a table",
    TABLES: "a list of tables",
    LISTS: "a list of lists of texts",
}
"""What a key may hold; `any` is read by the notation."""

KEYS: dict[str, dict[str, str]] = {
    "": {
        "policy": TABLE,
        "stage": TABLES,
        "lost": TABLE,
        "fields": TABLE,
        "roles": TABLE,
        "sod": TABLE,
        "defaults": TABLE,
        "type": TABLE,
        "gate": TABLE,
        "calendar": TABLE,
    },
    "policy": {"name": TEXT, "currency": TEXT, "calendar": TEXT, "fallback": TEXTS, "override": FLAG},
    "stage": {
        "name": TEXT,
        "kind": TEXT,
        "probability": WHOLE,
        "target": ANY,
        "rotting": ANY,
        "enter": TEXTS,
        "leave": TEXTS,
        "guide": TEXT,
        "next": TEXTS,
    },
    "lost": {"reasons": TEXTS, "detail_required": TEXTS},
    "fields": {
        "type": TEXT,
        "title": TEXT,
        "values": TEXTS,
        "required": FLAG,
        "min": ANY,
        "max": ANY,
        "pattern": TEXT,
    },
    "sod": {"submitter_may_approve": FLAG, "editor_may_approve": FLAG, "repeat": TEXT, "distinct": LISTS},
    "defaults": {"sla": ANY, "remind": TEXTS, "escalate": TABLES},
    "escalate": {"after": ANY, "to": TEXT, "do": TEXT},
    "type": {
        "title": TEXT,
        "when": TEXT,
        "needs": TEXTS,
        "material": TEXTS,
        "tolerance": TABLE,
        "valid_days": WHOLE,
        "bulk": FLAG,
        "lock": FLAG,
        "on_reject": TEXT,
        "cc": TEXTS,
        "step": TABLES,
    },
    "step": {
        "name": TEXT,
        "who": TEXTS,
        "rule": TEXT,
        "when": TEXT,
        "sla": ANY,
        "remind": TEXTS,
        "escalate": TABLES,
        "together": TEXT,
        "veto": TEXTS,
        "must": TEXTS,
        "fresh": FLAG,
        "self": TEXTS,
        "on_timeout": TEXT,
        "on_reject": TEXT,
        "calendar": TEXT,
        "cc": TEXTS,
    },
    "calendar": {"timezone": TEXT, "holidays": ANY, "workdays": ANY},
}
REQUIRED = {
    "policy": ("name", "currency", "calendar", "fallback"),
    "stage": ("name",),
    "escalate": ("after", "to", "do"),
    "calendar": ("timezone",),
}
Table = dict[str, Any]


def sound(doc: Mapping[str, Any], problems: Problems) -> Table:
    """The parts of a document that have the right shape; every other part is a problem."""
    clean = _table(doc, "", (), problems)
    return clean | {
        "policy": _table(clean.get("policy", {}), "policy", ("policy",), problems),
        "stage": [_table(stage, "stage", ("stage", n), problems) for n, stage in enumerate(clean.get("stage", []))],
        "lost": _table(clean.get("lost", {}), "lost", ("lost",), problems),
        "fields": _named(clean, "fields", problems),
        "roles": _lists(clean.get("roles", {}), ("roles",), problems),
        "sod": _table(clean.get("sod", {}), "sod", ("sod",), problems),
        "defaults": _stepping(clean.get("defaults", {}), "defaults", ("defaults",), problems),
        "type": {name: _type(table, ("type", name), problems) for name, table in _tables(clean, "type", problems)},
        "gate": _lists(clean.get("gate", {}), ("gate",), problems),
        "calendar": _named(clean, "calendar", problems),
    }


def _table(table: Mapping[str, Any], kind: str, path: Path, problems: Problems) -> Table:
    """The known keys of a table with a value of the right kind."""
    known = KEYS[kind]
    clean: Table = {}
    for key, value in table.items():
        at = (*path, key)
        expected = known.get(key)
        if expected is None and kind == "calendar" and weekdays(key):
            expected = ANY
        if expected is None:
            problems.add("P002", at, f"unknown key '{key}'{did_you_mean(key, _spellings(kind))}", near=key)
        elif not _fits(value, expected):
            problems.add("P037", at, _misfit(key, value, expected))
        else:
            clean[key] = value
    _complete(table, kind, path, problems)
    return clean


def _spellings(kind: str) -> list[str]:
    days = ["mon_fri", "mon", "tue", "wed", "thu", "fri", "sat", "sun"] if kind == "calendar" else []
    return [*KEYS[kind], *days]


def _complete(table: Mapping[str, Any], kind: str, path: Path, problems: Problems) -> None:
    for key in REQUIRED.get(kind, ()):
        if key not in table:
            problems.add("P003", path, f"missing {key}")


def _fits(value: Any, expected: str) -> bool:
    if expected == TEXT:
        return isinstance(value, str) and bool(value.strip())
    if expected == TEXTS:
        return (isinstance(value, str) and bool(value.strip())) or _is_texts(value)
    if expected == LISTS:
        return isinstance(value, list) and all(_is_texts(each) and len(each) > 1 for each in value)
    if expected == FLAG:
        return isinstance(value, bool)
    if expected == WHOLE:
        return isinstance(value, int) and not isinstance(value, bool)
    if expected == TABLE:
        return isinstance(value, dict)
    return expected == ANY or (isinstance(value, list) and all(isinstance(each, dict) for each in value))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)


def _misfit(key: str, value: Any, expected: str) -> str:
    if expected == TABLES and isinstance(value, dict):
        if key == "escalate":
            return "escalate is a list: [ { after = …, to = …, do = … } ]"
        return f"{key} is a list: write its header with two brackets, [[…{key}]]"
    if isinstance(value, str) and not value.strip():
        return f"{key} is empty"
    if isinstance(value, (list, dict)):
        return f"{key} must be {_WORDS[expected]}"
    return f"{key} = {quoted(value)} must be {_WORDS[expected]}"


def _tables(doc: Table, key: str, problems: Problems) -> list[tuple[str, Table]]:
    """The named tables of `[type.X]`, `[fields.X]`, `[calendar.X]`; anything else in there is a problem."""
    found = []
    for name, table in doc.get(key, {}).items():
        if isinstance(table, dict):
            found.append((name, table))
        else:
            problems.add("P002", (key, name), f"unknown key '{name}': give the table a name, [{key}.NAME]")
    return found


def _named(doc: Table, key: str, problems: Problems) -> Table:
    return {name: _table(table, key, (key, name), problems) for name, table in _tables(doc, key, problems)}


def _lists(table: Table, path: Path, problems: Problems) -> Table:
    """A table of lists of texts, whatever its keys: roles and gates."""
    for key, value in table.items():
        if not _fits(value, TEXTS):
            problems.add("P037", (*path, key), _misfit(key, value, TEXTS))
    return {key: value for key, value in table.items() if _fits(value, TEXTS)}


def _type(table: Table, path: Path, problems: Problems) -> Table:
    clean = _table(table, "type", path, problems)
    if "step" in clean:
        steps = enumerate(clean["step"])
        clean["step"] = [_stepping(step, "step", (*path, "step", n), problems) for n, step in steps]
    return clean


def _stepping(table: Table, kind: str, path: Path, problems: Problems) -> Table:
    """A step or the defaults of steps, with the levels of its escalation."""
    clean = _table(table, kind, path, problems)
    if "escalate" in clean:
        at = (*path, "escalate")
        clean["escalate"] = [_table(level, "escalate", at, problems) for level in clean["escalate"]]
    return clean
