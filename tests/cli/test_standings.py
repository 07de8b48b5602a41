"""What is taken back, and what is put away."""

import json
import sqlite3
import zipfile
from contextlib import closing
from hashlib import sha256
from typing import Any

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess

ARCHIVE = """
[archive]
needs = ["file:合同", "activity:call", "product"]
after = "180 days"
"""
NOON = "2026-03-02T12:00:00+08:00"


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    made = Office(opp)
    made.deal()
    return made


def standing(office: Office, noun: str, key: int) -> str:
    with closing(sqlite3.connect(office.opp.db)) as file:
        (found,) = file.execute(f"SELECT standing FROM {noun} WHERE id = ?", (key,)).fetchone()
        return str(found)


def archiving(office: Office) -> None:
    """The policy has an [archive]."""
    path = office.opp.folder / "policy.toml"
    path.write_text(path.read_text(encoding="utf-8") + ARCHIVE, encoding="utf-8")
    office.ok("root", "policy apply policy.toml")


def test_contact_note_and_task_are_taken_back_and_given_back(office: Office) -> None:
    office.ok("li", "contact add 王总 --customer C-1")
    office.ok("li", "note D-1 电话：王总说预算已批")
    for name in ("P-1", "A-1"):
        told = office.ok("li", f"withdraw {name} -m 记错了").out
        assert f"{name} " in told
    assert (standing(office, "contact", 1), standing(office, "activity", 1)) == ("withdrawn", "withdrawn")
    office.ok("li", "restore P-1 A-1")
    assert (standing(office, "contact", 1), standing(office, "activity", 1)) == ("live", "live")


def test_what_others_rest_on_stays(office: Office) -> None:
    office.ok("li", "contact add 王总 --customer C-1")
    office.ok("li", "deal link D-1 P-1 --role 决策人")
    refused = office("li", "withdraw P-1 -m 记错了")
    customer = office("li", "withdraw C-1 -m 记错了")
    assert (refused.code, "D-1" in refused.err) == (5, True)
    assert (customer.code, "D-1" in customer.err, "P-1" in customer.err) == (5, True, True)


def test_only_who_made_it_may_within_a_day_and_later_a_manager(office: Office) -> None:
    office.ok("li", "note D-1 电话：王总说预算已批")
    assert office("gao", "withdraw A-1 -m x").code == 4
    late = office.opp("withdraw A-1 -m x", user="li", now="2026-03-20T10:00:00+08:00")
    assert (late.code, "more than 24 hours" in late.err) == (4, True)
    assert office.opp("withdraw A-1 -m x", user="wang", now="2026-03-20T10:00:00+08:00").code == 0


@pytest.mark.parametrize("line", ["note D-2 电话：我也打了", "task add 报价 --for D-2"])
def test_what_others_noted_or_asked_for_on_a_deal_keeps_its_creator_from_taking_it_back(
    office: Office, line: str
) -> None:
    office.ok("li", "add 二期 --customer C-1")
    office.ok("wang", line)
    again, back = office("li", "withdraw D-2 -m 打错"), office("li", "undo")
    assert (again.code, "wang wrote on it" in again.err) == (4, True)
    assert (back.code, "by wang" in back.err) == (5, True)
    assert standing(office, "deal", 2) == "live"
    office.ok("wang", "withdraw D-2 -m 打错")
    assert "Lies:" not in office.ok("li", "show D-2").out


def test_a_withdrawn_deal_takes_its_promises_and_requests_and_gets_neither_back(office: Office) -> None:
    office.ok("li", "deal edit D-1 --set next_step=发方案 --set next_step_on=2026-03-06")
    office.ok("li", "submit D-1 quote")
    told = office.ok("li", "withdraw D-1 -m 重复").out
    office.ok("li", "restore D-1")
    deal: dict[str, Any] = office.ok("li", "deal show D-1 -o json").json
    assert ("R-1" in told, "T-1 发方案" in told) == (True, True)
    assert (deal["next_step"], deal["requests"][0]["state"]) == (None, "cancelled")


def test_an_approved_request_keeps_a_deal(office: Office) -> None:
    office.ok("li", "submit D-1 tech")
    approvals = [office(who, "approve R-1").code for who in ("lin", "gao", "xu")]
    assert 0 in approvals
    refused = office("li", "withdraw D-1 -m 重复")
    assert (refused.code, "R-1" in refused.err) == (5, True)


def test_undo_of_an_add_takes_the_deal_back(office: Office) -> None:
    office.ok("li", "add 错的")
    office.ok("li", "undo")
    assert standing(office, "deal", 2) == "withdrawn"
    assert "D-2" not in office.ok("li", "ls --any").out


def test_only_closed_deals_are_archived_and_all_that_is_missing_is_listed(office: Office) -> None:
    archiving(office)
    opened = office("li", "deal archive D-1")
    office.ok("li", "lose D-1 --reason price")
    refused = office("li", "deal archive D-1")
    unexplained = office("li", "deal archive D-1 --waive")
    waived = office.ok("li", "deal archive D-1 --waive -m 合同在母公司").out
    assert (opened.code, refused.code, unexplained.code) == (5, 7, 2)
    assert [line.split()[0] for line in refused.err.splitlines()[1:4]] == ["file:合同", "activity:call", "product"]
    assert "waived: file:合同, activity:call, product" in waived
    assert standing(office, "deal", 1) == "archived"


def test_files_are_attached_to_a_won_deal_by_its_owner_and_what_archive_needs_is_among_them(opp: InProcess) -> None:
    opp.ok("init --template blank --lang en")
    opp.ok("user add li")
    text = opp.ok("policy show").out + '[archive]\nneeds = ["file:contract"]\n'
    for name in ("team.toml", "a.txt", "b.txt"):
        (opp.folder / name).write_text(text if name == "team.toml" else name, encoding="utf-8")
    opp.ok("policy apply team.toml")
    opp.env["OPP_USER"] = "li"
    opp.ok("add Pumps --customer Acme")
    opp.ok("win D-1")
    opp.ok("deal attach D-1 b.txt --kind offer")
    assert opp("deal archive D-1").code == 7
    opp.ok("deal attach D-1 a.txt --kind contract")
    opp.ok("deal archive D-1")


def test_no_figure_moves_and_lists_show_it_only_when_asked(office: Office) -> None:
    office.ok("li", "add 另一个 --amount 5000")
    office.ok("li", "lose D-1 --reason price")
    reads = ("report funnel -o json", "report durations -o json", "report winrate -o json", "report sources -o json")
    before = [office(user := "root", line).raw for line in reads]
    office.ok("li", "deal archive D-1")
    assert [office(user, line).raw for line in reads] == before
    lists = [office.ok("li", f"ls {flags} --ids").out.split() for flags in ("", "--archived", "--any")]
    assert lists == [["D-2"], ["D-1"], ["D-1", "D-2"]]
    assert "D-1" in office.ok("li", "show D-1").out
    office.ok("li", "restore D-1")
    assert office.ok("li", "ls --ids").out.split() == ["D-1", "D-2"]


def test_tick_puts_the_complete_away_and_tells_of_the_rest_once(office: Office) -> None:
    archiving(office)
    office.ok("li", "add 完整 --set product=MES")
    office.ok("li", "note D-2 电话：收尾")
    (office.opp.folder / "合同.txt").write_text("x", encoding="utf-8")
    office.ok("li", "deal attach D-2 合同.txt --kind 合同")
    office.ok("li", "lose D-1 D-2 --reason price")
    early = office.opp.ok("tick --no-delivery", user="root", now="2026-09-04T12:00:00+08:00").out
    told = office.opp.ok("tick --no-delivery", user="root", now="2026-09-05T12:00:00+08:00").out
    again = office.opp.ok("tick --no-delivery", user="root", now="2026-09-06T12:00:00+08:00").out
    assert "archived" not in early
    assert "D-2 完整 archived" in told
    assert "D-1 上海精密仪器 cannot be archived yet, it lacks file:合同, activity:call, product" in told
    assert "nothing was due" in again
    found = json.loads(office.opp.ok("notices list -o json", user="root").raw)
    assert [row["to"] for row in found if row["kind"] == "archive"] == ["li"]


def test_undo_takes_an_archiving_back(office: Office) -> None:
    office.ok("li", "lose D-1 --reason price")
    office.ok("li", "deal archive D-1")
    office.ok("li", "undo")
    assert standing(office, "deal", 1) == "live"


def test_taking_a_restoring_back_says_that_it_is_put_away_again(office: Office) -> None:
    office.ok("li", "lose D-1 --reason price")
    office.ok("li", "deal archive D-1")
    office.ok("li", "restore D-1")
    assert office.ok("li", "undo").out.startswith("D-1 上海精密仪器 archived\n")
    assert standing(office, "deal", 1) == "archived"


def bundled(office: Office, name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(office.opp.folder / name) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def test_a_bundle_has_all_of_a_deal_and_the_same_state_the_same_bytes(office: Office) -> None:
    (office.opp.folder / "合同.txt").write_text("甲乙双方", encoding="utf-8")
    office.ok("li", "deal attach D-1 合同.txt --kind 合同")
    office.ok("li", "note D-1 电话：王总说预算已批")
    office.ok("root", "deal assign D-1 --to gao -m 换人")
    office.ok("gao", "submit D-1 quote")
    told = office.ok("root", "export D-1 -O first.zip").out
    later = office.opp("export -O second.zip D-1", user="li", now="2026-05-01T10:00:00+08:00")
    held = bundled(office, "first.zip")
    assert ("D-1 上海精密仪器 in first.zip" in told, later.code) == (True, 0)
    assert (office.opp.folder / "first.zip").read_bytes() == (office.opp.folder / "second.zip").read_bytes()
    assert {"index.html", "data.json", "journal.jsonl", "SHA256SUMS", "deals.csv", "deal_tenures.csv"} <= held.keys()
    assert held["files/X-1 合同.txt"].decode() == "甲乙双方"
    sums = dict(line.split("  ", 1)[::-1] for line in held["SHA256SUMS"].decode().splitlines())
    assert sums == {name: sha256(data).hexdigest() for name, data in held.items() if name != "SHA256SUMS"}
    data = json.loads(held["data.json"])
    assert [row["text"] for row in data["activities"]] == ["王总说预算已批"]
    assert [(row["owner"], row["how"]) for row in data["deals"][0]["tenures"]] == [("li", "add"), ("gao", "assign")]
    assert "800000.00" in held["deals.csv"].decode()
    assert "王总说预算已批" in held["index.html"].decode()
    entries = [json.loads(line) for line in held["journal.jsonl"].splitlines()]
    assert {entry["noun"] for entry in entries} >= {"deal", "file", "activity", "customer"}


def test_a_bundle_names_files_that_are_gone_and_is_nothing_but_a_zip(office: Office) -> None:
    path = office.opp.folder / "合同.txt"
    path.write_text("x", encoding="utf-8")
    office.ok("li", "deal attach D-1 合同.txt --kind 合同")
    path.unlink()
    told = office.ok("li", "export D-1 -O a.zip").out
    other = office("li", "export D-1 -O a.csv")
    dry = office.ok("li", "export D-1 -O b.zip -n").out
    assert "not there any more, or changed: X-1 合同.txt" in told
    assert (other.code, "D-1" in dry, (office.opp.folder / "b.zip").exists()) == (2, True, False)
