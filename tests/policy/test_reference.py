"""docs/policy.md, against the program it describes."""

import re
from pathlib import Path

from oppcli.policy import load
from oppcli.policy.problems import CODES
from oppcli.policy.shape import KEYS
from oppcli.rules.fields import BUILT_IN

TEXT = (Path(__file__).resolve().parents[2] / "docs/policy.md").read_text(encoding="utf-8")


def test_every_code_is_explained_once():
    assert re.findall(r"^\| (P\d{3}) \|", TEXT, re.MULTILINE) == sorted(CODES)


def test_every_key_of_every_table_is_described():
    named = set(re.findall(r"`\[*([\w.]+)", TEXT)) | set(re.findall(r"`(\w+)`", TEXT))
    keys = {key for table, known in KEYS.items() for key in known if table}
    assert len(keys) > 50
    assert sorted(keys - named - {"step", "to", "after", "do"}) == []


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
