"""The manual of importing: its files are written, its commands run, their answers compared."""

import re
from pathlib import Path
from typing import Any

import pytest
from stages import STAGES

MANUAL = Path(__file__).resolve().parents[2] / "docs/import.md"
POLICY = (
    """
[policy]
name     = "manual"
currency = "EUR"
calendar = "office"
fallback = "role:admin"
"""
    + STAGES
    + """[lost]
reasons = ["price"]
[type.discount]
title    = "Discount"
when     = "discount > 10"
needs    = ["discount"]
material = ["discount"]
[[type.discount.step]]
name = "boss"
who  = "role:admin"
[gate]
Won = ["discount"]
[calendar.office]
timezone = "Europe/Berlin"
mon_fri  = ["09:00-17:00"]
"""
)


def blocks(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^```(\S+ \S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_manual_are_what_happens(opp, opp_process, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(POLICY)
    opp.ok("init --policy policy.toml")
    told: list[tuple[str, str]] = []
    wanted: list[tuple[str, str]] = []
    for label, body in blocks(MANUAL.read_text("utf-8")):
        if label == "console run":
            for line, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
                answer = opp_process.shell(line)
                told.append((line, answer.out + answer.err))
                wanted.append((line, expected))
        else:
            (tmp_path / label.split()[1]).write_text(body, "utf-8")
    assert told == wanted
    assert len(told) == 15


def test_every_key_of_the_mapping_is_in_the_manual_and_on_the_page() -> None:
    from oppcli.files import mapping_keys as mapping

    page = MANUAL.parents[1] / "oppcli/cli/topics/import.txt"
    of: dict[str, Any] = dict(mapping.SHAPE.keys)
    tables: tuple[Any, ...] = (
        mapping.SHAPE,
        of["file"],
        of["read"],
        of["fields"].of.of,
        of["join"].of,
    )
    keys = {key for table in tables for key in table.keys}
    texts = (MANUAL.read_text("utf-8"), page.read_text("utf-8"))
    assert len(keys) > 10
    assert [sorted(key for key in keys if not re.search(rf"\b{key}\b", text)) for text in texts] == [[], []]


@pytest.mark.parametrize("kind", ["deals", "users", "requests", "visits"])
def test_every_field_that_is_special_to_imports_is_in_the_manual(kind: str) -> None:
    from oppcli.actions.imports import deal_fields, users, visits
    from oppcli.actions.imports.requests import RequestFields

    known = {"deals": deal_fields._MORE, "users": users.FIELDS, "visits": visits.FIELDS}
    names = list(RequestFields.fields) if kind == "requests" else [field.name for field in known[kind]]
    text = MANUAL.read_text("utf-8")
    assert [name for name in names if f"`{name}`" not in text] == []
