"""A lead from three channels that meet as one customer: a list of an exhibition, a web form, and one typed by hand."""

import json
import re
from typing import Any

import pytest

POLICY = """
[duplicates]
country = "86"
cli = "warn"
rule = [
  { name = "phone", of = "customer", same = ["phone"] },
  { name = "alike", of = "customer", like = { name = 70 } },
]
"""
EXHIBITION = """system = "exhibition"
[fields]
external_id = "编号"
title = "需求"
stage = { constant = "Lead" }
source = { constant = "exhibition" }
customer = [{ column = "电话", by = "phone" }, { column = "公司", by = "name", create = true }]
"""
FORM = """system = "web"
[fields]
external_id = "id"
title = "interest"
stage = { constant = "Lead" }
source = { constant = "web" }
customer = [
  { column = "contact.phone", by = "phone" },
  { column = "contact.email", by = "domain" },
  { column = "company", by = "name", create = true },
]
"""
ASKED = [
    {"id": 7, "company": "上海精密", "interest": "MES", "contact": {"phone": "+86 21 5888 1234", "email": "li@jm.cn"}},
    {"id": 8, "company": "Acme", "interest": "ERP", "contact": {"email": "bo@acme.example"}},
]


@pytest.fixture
def house(opp: Any) -> Any:
    opp.ok("init --template b2b --lang en")
    policy = re.sub(r"(?ms)^\[duplicates\].*?^(?=\[|#)", "", opp.ok("policy show").out)
    (opp.folder / "policy.toml").write_text(policy + POLICY, "utf-8")
    opp.ok("policy apply policy.toml")
    (opp.folder / "list.csv").write_text(
        "编号,公司,电话,需求\nE1,上海精密仪器有限公司,021-5888 1234,看了MES\n", "utf-8"
    )
    (opp.folder / "list.toml").write_text(EXHIBITION, "utf-8")
    (opp.folder / "form.toml").write_text(FORM, "utf-8")
    return opp


def test_a_lead_from_three_channels_is_one_customer(house: Any) -> None:
    house.ok("import list.csv --mapping list.toml")
    answer = house.ok("import - --mapping form.toml", stdin="\n".join(map(json.dumps, ASKED)).encode())
    assert "2 created" in answer.out
    assert [each["customer"] for each in house.ok("ls --json").json] == ["上海精密仪器有限公司"] * 2 + ["Acme"]
    again = house.ok("import - --mapping form.toml", stdin=json.dumps(ASKED).encode())
    assert "0 created, 0 updated, 2 unchanged" in again.out
    typed = house.ok("add 备件 --customer 上海精密仪器设备 --source phone")
    assert "C-1" in typed.err + typed.out
    house.ok("merge C-1 C-3")
    assert [each["customer"] for each in house.ok("ls --json").json].count("上海精密仪器有限公司") == 3


def test_a_form_that_names_two_customers_is_rejected_with_both(house: Any) -> None:
    house.ok("import list.csv --mapping list.toml")
    house.ok("import - --mapping form.toml", stdin=json.dumps(ASKED[1]).encode())
    mixed = {"id": 9, "company": "Acme", "interest": "ERP", "contact": {"phone": "021 58881234"}}
    answer = house("import - --mapping form.toml --rejects bad.csv", stdin=json.dumps(mixed).encode())
    assert answer.code == 9
    assert "phone 021 58881234 is C-1, and name Acme is C-2" in (house.folder / "bad.csv").read_text("utf-8")


def test_customers_of_a_file_that_may_be_here_already_are_flagged_and_counted(house: Any) -> None:
    house.ok("add MES --customer 上海精密仪器有限公司 --source web")
    rows = "No,Firm\n1,上海精密仪器厂有限公司\n2,Acme\n"
    (house.folder / "firms.csv").write_text(rows, "utf-8")
    fields = '[fields]\nexternal_id = "No"\nname = "Firm"\n'
    (house.folder / "firms.toml").write_text(f'kind = "customers"\nsystem = "old"\n{fields}', "utf-8")
    answer = house.ok("import firms.csv --mapping firms.toml")
    assert "1 pair may be one: opp dupes list customer" in answer.err + answer.out
    assert [(each["first"], each["second"]) for each in house.ok("dupes list customer --json").json] == [("C-1", "C-2")]
