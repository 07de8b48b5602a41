"""docs/policy.md, against the program it describes."""

import os
import re
from importlib import import_module
from pathlib import Path

from oppcli import policy
from oppcli.model.fields import BUILT_IN
from oppcli.policy import assign_keys, follow_keys, load, request_keys, score_keys
from oppcli.policy.kinds import Keys
from oppcli.policy.problems import CODES
from oppcli.policy.reference import SECTIONS, rows

DOCS = Path(__file__).resolve().parents[2] / "docs/policy.md"
TEXT = DOCS.read_text(encoding="utf-8")
KEY_TABLE = re.compile(r"^\| key \|.*\n(?:\|.*(?:\n(?=\|))?)*", re.MULTILINE)


def test_every_code_is_explained_once():
    assert re.findall(r"^\| (P\d{3}) \|", TEXT, re.MULTILINE) == sorted(CODES)


def test_the_keys_of_every_table_are_those_of_the_program():
    written = TEXT
    for heading, table in SECTIONS.items():
        before, found, after = written.partition(f"\n### {heading}")
        if not found:
            before, found, after = written.partition(f"\n#### {heading}")
        assert found, heading
        section, rest = re.split(r"(?=\n#)", after, maxsplit=1)
        written = f"{before}{found}{KEY_TABLE.sub(lambda _, table=table: rows(table), section, count=1)}{rest}"
    if os.environ.get("GOLDEN") == "write":
        DOCS.write_text(written, encoding="utf-8")
    assert written == TEXT


def test_what_the_reference_shows_are_all_tables_of_the_file():
    inner = (
        *(request_keys.DEFAULTS, request_keys.ESCALATE, follow_keys.LEVEL, follow_keys.TASK, follow_keys.ENTRY),
        *(assign_keys.PROTECTION, score_keys.POINTS, score_keys.REACHED),
    )
    shown = {id(table) for table in (*SECTIONS.values(), *inner)}
    assert {
        id(found)
        for path in Path(policy.__file__).parent.glob("*keys.py")
        for found in vars(import_module(f"oppcli.policy.{path.stem}")).values()
        if isinstance(found, Keys)
    } - shown == set()


def test_every_built_in_field_that_people_set_is_listed():
    paragraph = TEXT[TEXT.index("Built-in fields:") :].partition("\n\n")[0]
    hidden = {"probability_reason", "external_id", "system"}
    listed = set(re.findall(r"\w+", paragraph))
    assert {name for name in BUILT_IN if not name.endswith("_evidence")} - hidden - listed == set()


def test_the_example_loads_without_a_warning():
    example = re.search(r"## A small example\n\n```toml\n(.*?)```", TEXT, re.DOTALL)
    assert example
    assert load(example[1]).warnings == ()


def test_every_condition_shown_can_be_used():
    shown = re.findall(r'^when = "(.*)"$', TEXT, re.MULTILINE)
    example = re.search(r"## A small example\n\n```toml\n(.*?)```", TEXT, re.DOTALL)
    assert example
    own = '[fields.budget_confirmed]\ntype = "bool"\n[fields.start_date]\ntype = "date"\n'
    codes = [
        problem.code
        for condition in shown
        for problem in load(example[1].replace("discount > 20 or amount >= 100_000", condition) + own).warnings
    ]
    assert len(shown) == 5
    assert codes == []
