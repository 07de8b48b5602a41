"""A lead from three channels: the list of an exhibition, a form on the web, a mail. They meet as one customer."""

import json

import pytest
from begun import begun
from command_line import InProcess

POLICY = """
[assign]
rule = [{ name = "老客户", when = "always", to = ["user:li", "user:han"], by = "customer" }]
[duplicates]
import = "flag"
mail = "flag"
rule = [{ name = "同名", of = "customer", same = ["name"] }, { name = "同电话", of = "customer", same = ["phone"] }]
"""
FAIR_CUSTOMERS = """kind = "customers"
system = "展会"
known = ["external_id", "phone"]
[fields]
external_id = "编号"
name = "公司"
phone = "电话"
website = "网址"
"""
FAIR = """system = "展会"
[fields]
external_id = "编号"
title = "需求"
customer = { column = "公司", by = "name" }
source = { constant = "展会" }
stage = { constant = "线索" }
"""
ROWS = "编号,公司,电话,网址,需求\n1,上海精密仪器有限公司,021-5888 1234,https://www.shjm.cn,MES 一期\n"
FORM = """system = "web"
[fields]
external_id = "id"
title = "need"
customer = { column = "company.name", by = "name", create = true }
source = { constant = "官网" }
stage = { constant = "线索" }
"""
FILLED = {"id": "w7", "company": {"name": "精密仪器（上海）有限公司", "phone": "+86 21 58881234"}, "need": "MES 报价"}
MAIL = """From: =?utf-8?B?546L5bel?= <wang.gong@shjm.cn>
To: sales@us.cn
Subject: =?utf-8?B?5pyJ5rKh5pyJIERlbW8/?=
Message-ID: <77@shjm.cn>
Date: Mon, 02 Mar 2026 09:30:00 +0800
Content-Type: text/plain; charset=gb2312
Content-Transfer-Encoding: 8bit

"""


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template blank --lang zh")
    for login in ("li", "han"):
        opp.ok(f"user add {login} --manager wang")
    opp.ok("user add bot --role service")
    files = {
        "team.toml": opp.ok("policy show").out + POLICY,
        "companies.toml": FAIR_CUSTOMERS,
        "fair.toml": FAIR,
        "fair.csv": ROWS,
        "form.toml": FORM,
    }
    for name, text in files.items():
        (opp.folder / name).write_text(text, "utf-8")
    (opp.folder / "asked.eml").write_bytes(MAIL.encode() + "我们想看看演示".encode("gb18030"))
    opp.ok("policy apply team.toml")
    return opp


def test_a_lead_from_three_channels_meets_as_one_customer(team: InProcess) -> None:
    # The exhibition: its customers, then what they asked for.
    team.ok("import fair.csv --mapping companies.toml", user="bot")
    team.ok("import fair.csv --mapping fair.toml", user="bot")
    # The web form: a single object from a pipe. The name is another, so it is flagged.
    form = json.dumps(FILLED, ensure_ascii=False).encode()
    said = team.ok("import - --mapping form.toml", user="bot", stdin=form)
    assert "opp dupes list customer" in said.out + said.err
    assert [row["rule"] for row in team.ok("dupes customer -o json").json] == ["同名"]
    # The mail of somebody new there: its host is the company's, so its customer is named, to be accepted.
    team.ok("mail asked.eml", user="bot")
    (proposal,) = team.ok("proposal list -o json").json
    assert (proposal["changes"]["customer"], proposal["changes"]["contact"], proposal["changes"]["title"]) == (
        *("C-1", "王工"),
        "有没有 Demo?",
    )
    team.ok("proposal accept S-1", user="wang")
    team.ok("merge C-1 C-2")
    deals = team.ok("ls --sort id -o json").json
    assert [(row["title"], row["customer"], row["source"]) for row in deals] == [
        ("MES 一期", "上海精密仪器有限公司", "展会"),
        ("MES 报价", "上海精密仪器有限公司", "官网"),
        ("有没有 Demo?", "上海精密仪器有限公司", None),
    ]
    assert [row["id"] for row in team.ok("customer list -o json").json] == ["C-1"]
    assert team.ok("dupes customer -o json").json == []
    # Each channel again: nothing comes twice, and the other spelling finds the one customer.
    team.ok("import fair.csv --mapping fair.toml", user="bot")
    team.ok("import - --mapping form.toml", user="bot", stdin=form)
    team.ok("import - --mapping form.toml", user="bot", stdin=form.replace(b"w7", b"w8"))
    assert "taken before, A-1" in team.ok("mail asked.eml", user="bot").out
    rows = team.ok("ls --sort id -o json").json
    assert [row["customer"] for row in rows] == ["上海精密仪器有限公司"] * 4
    # Somebody gets the customer; by rule its leads follow, wherever they came from.
    team.ok("customer edit C-1 --owner han", user="wang")
    team.ok("deal assign --by-rule", user="wang")
    assert {row["owner"] for row in team.ok("ls -o json").json} == {"han"}
    assert noted(team) == [("D-3", "mail", "in", "有没有 Demo?\n我们想看看演示")]
    team.ok("audit verify")


def noted(team: InProcess) -> list[tuple[str, str, str, str]]:
    rows = team.ok("activity list -o json").json
    return [(row["deal"], row["kind"], row["direction"], row["text"]) for row in rows]
