"""`opp import FILE --kind contacts --draft`: a mapping of rows that are no deals, which imports their file."""

from pathlib import Path

import pytest
from command_line import InProcess

FILES = {
    "customers": [
        "客户名称,电话,邮箱,统一社会信用代码,负责人,备注",
        "北京云帆,010-8888,a@b.cn,9111,wang,x",
        "上海精密,021-5888,c@d.cn,9112,wang,y",
    ],
    "contacts": [
        "Full Name,Company,Job Title,Mobile,WeChat",
        "Ann Lee,Acme,CFO,13800001111,ann",
        "Bo Chan,Globex,CTO,13900001111,bo",
    ],
    "activities": [
        "时间,跟进人,跟进方式,客户,内容",
        "2026-02-01 10:00,wang,电话,Acme,聊了",
        "2026-02-02 10:00,wang,拜访,Acme,去了",
    ],
    "tasks": ["任务,截止日期,负责人,商机", "发方案,2026-04-01,wang,D-1"],
}
PLACED = {
    "customers": {"name", "phone", "email", "tax_id", "owner"},
    "contacts": {"name", "customer", "title", "phone", "im"},
    "activities": {"at", "by", "kind", "customer", "text"},
    "tasks": {"external_id", "title", "due_on", "assignee", "deal"},
}


@pytest.fixture
def office(opp: InProcess) -> InProcess:
    """wang, with one deal of Acme."""
    opp.ok("init --template blank --lang en")
    opp.ok("add Plant --customer Acme")
    return opp


@pytest.mark.parametrize("kind", FILES)
def test_a_draft_places_the_columns_and_imports_the_file(office: InProcess, kind: str) -> None:
    import tomllib

    folder = Path(office.folder)
    (folder / "f.csv").write_text("\n".join(FILES[kind]) + "\n", "utf-8")
    draft = office.ok(f"import f.csv --kind {kind} --draft").out
    (folder / "m.toml").write_text(draft, "utf-8")
    found = tomllib.loads(draft)
    assert (found["kind"], set(found["fields"])) == (kind, PLACED[kind])
    rows = len(FILES[kind]) - 1
    told = office.ok("import f.csv --mapping m.toml").out.splitlines()[0]
    assert f"{rows} created, 0 updated, 0 unchanged, 0 rejected" in told
    again = office.ok("import f.csv --mapping m.toml").out.splitlines()[0]
    assert f"0 created, 0 updated, {rows} unchanged, 0 rejected" in again


def test_what_is_left_stands_below_and_what_is_needed_is_open(office: InProcess) -> None:
    (Path(office.folder) / "f.csv").write_text("Colour,Phone\nred,13800001111\nblue,13900001111\n", "utf-8")
    draft = office.ok("import f.csv --kind contacts --draft").out
    assert ('# not placed: "Colour" (2: red, blue)' in draft, 'name = { constant = "?" }' in draft) == (True, True)


def test_rows_that_have_no_draft_and_no_mapping_are_told_how_to_come_by_one(office: InProcess) -> None:
    (Path(office.folder) / "f.csv").write_text("\n".join(FILES["contacts"]), "utf-8")
    users, bare = office("import f.csv --kind users --draft"), office("import f.csv --kind contacts")
    assert (users.code, users.err) == (
        2,
        "error: no mapping of users is drafted\nhint: --kind deals or customers or contacts or activities or tasks\n",
    )
    assert (bare.code, bare.err.splitlines()[1]) == (2, "hint: opp import f.csv --kind contacts --draft")
