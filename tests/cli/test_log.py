"""`opp log` and `opp deal history`: all of the journal, or its newest entries, and never the oldest instead."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matrix
import pytest
from begun import begun
from command_line import InProcess

from oppcli import store
from oppcli.cli.app import run
from oppcli.cli.context import Context
from oppcli.model.journal import Stamp
from oppcli.reads import journal
from oppcli.reads.table import Table
from oppcli.speech.codes import CODES
from oppcli.words.shown import iso


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    opp.ok("init --template b2b --lang zh")
    opp.ok("add A")
    opp.ok("deal edit 1 --set amount=1")
    opp.ok("deal edit 1 --set amount=2")
    return opp


def numbers(opp: InProcess, line: str) -> list[str]:
    return opp.ok(f"{line} -o tsv -c seq --no-header").out.split()


def test_a_program_gets_the_whole_journal(team: InProcess) -> None:
    for _ in range(60):
        team.ok("deal attach 1 opp.db --kind 报价单")
    assert len(numbers(team, "log")) == team.ok("audit verify --json").json["entries"] > 60


@pytest.mark.parametrize(
    "flags", ["", "D-1", "--actor wang", "--since 2026-03-01", "-w 'action == edit'", "--sort -seq"]
)
def test_a_long_journal_is_told_in_pieces_as_it_would_be_at_once(
    team: InProcess, flags: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    formats = ("csv", "tsv", "json", "jsonl", "ids", "full", "md")
    whole = [team.ok(f"log {flags} -o {each}").raw for each in formats]
    monkeypatch.setattr(journal, "PIECE", 3)
    assert [team.ok(f"log {flags} -o {each}").raw for each in formats] == whole


def test_who_reads_the_journal_slowly_keeps_nobody_from_writing_and_is_told_what_was_there(
    opp_on_both: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    opp = opp_on_both
    opp.ok("init --template b2b")
    monkeypatch.setattr(journal, "PIECE", 3)
    for name, value in opp.env.items():
        monkeypatch.setenv(name, value)
    entries, found = len(opp.ok("log --ids").out.split()), list[str]()

    def slowly(table: Table, *_: object) -> None:
        for row in table.rows:
            found.append(row[0])
            opp.ok(f"user add u{len(found)}")

    context = Context({})
    context.taker = slowly
    assert run(["log", "--csv"], context) == 0
    assert found == [f"e{number}" for number in range(1, entries + 1)]


@pytest.mark.parametrize("line", ["log", "log D-1", "deal history D-1"])
def test_a_limit_keeps_the_newest_in_order(team: InProcess, line: str) -> None:
    whole = numbers(team, line)
    assert len(whole) > 2
    assert numbers(team, f"{line} -L 2") == whole[-2:]
    assert numbers(team, f"{line} -L 0") == whole


def test_an_order_that_is_asked_for_comes_before_the_limit(team: InProcess) -> None:
    whole = numbers(team, "log")
    assert numbers(team, "log --sort seq -L 2") == whole[:2]
    assert numbers(team, "log --sort -seq -L 1") == whole[-1:]


def test_instants_and_spans_are_told_and_not_counted_in_milliseconds(team: InProcess) -> None:
    told = team.ok("log -o tsv -c what").out
    assert "target 16 h" in told
    assert "_ms" not in told


def runs(opp: InProcess) -> list[tuple[int, int]]:
    return [(int(entry["seq"][1:]), entry["meta"]["run"]) for entry in opp.ok("log --json").json]


def test_all_that_one_line_did_is_one_run_over_its_transactions_and_refusals(team: InProcess) -> None:
    team.ok("add B")
    before = runs(team)
    team("advance 1 2")
    first = before[-1][0] + 1
    after = runs(team)[len(before) :]
    assert after == [(first, first), (first + 1, first)]
    assert {run for _, run in before} < {seq for seq, _ in before}
    team.ok("deal edit 1 --set amount=4")
    assert runs(team)[-1] == (first + 2, first + 2)


def test_what_a_field_refers_to_is_told_by_its_reference_and_its_name(team: InProcess) -> None:
    team.ok("deal edit 1 --customer Acme")
    team.ok("deal edit 1 --customer Beta")
    tried = team.ok("deal edit 1 --customer Acme -n").out
    team.ok("deal edit 1 --customer ''")
    told = team.ok("log D-1 -o tsv -c what --no-header").out.splitlines()
    assert told[-3:] == ["customer C-1 Acme", "customer C-1 Acme → C-2 Beta", "customer C-2 Beta → -"]
    assert "customer C-2 → C-1" in tried


# --- what an entry says --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[InProcess, dict[str, str]]:
    """A team in which everything has happened; it is copied for each verb."""
    opp = InProcess(tmp_path_factory.mktemp("log"))
    return opp, matrix.team(opp)


@pytest.mark.parametrize("verb", matrix.LINES)
def test_no_entry_of_any_verb_says_nothing(office: tuple[InProcess, dict[str, str]], verb: str, tmp_path: Path) -> None:
    opp, given = office
    db = str(shutil.copy(opp.db, tmp_path / "opp.db"))
    who, line = matrix.allowed(verb, given)
    env = {"OPP_DB": db}
    if verb in matrix.FIRST:
        first, done = matrix.allowed(matrix.FIRST[verb], given)
        opp.ok(done, user=first, env=env)
    answer = opp(line, user=who, env=env)
    assert answer.code == matrix.NOTHING_TO_DO.get(verb, 0), answer.err
    told = opp.ok("log -L 0 -o json", user="root", env=env).json
    assert [(entry["seq"], entry["action"]) for entry in told if not entry["what"]] == []


def noted(url: str, action: str, meta: Mapping[str, Any], noun: str = "user", key: str = "wang") -> None:
    with store.open_write(url, Stamp(actor="wang", now=1_772_442_000_000, command="some line")) as door:
        door.note(action, noun, key, meta)


def whats(opp: InProcess, url: str, lang: str = "en") -> list[str]:
    out = opp.ok(f"--lang {lang} log -c what -o plain --no-header", user="wang", env={"OPP_DB": url}).out
    return [line.strip() for line in out.splitlines()]


@pytest.mark.parametrize("action", CODES["action"])
def test_an_entry_that_changes_nothing_is_told_whatever_its_action(
    opp: InProcess, sqlite_url: str, action: str
) -> None:
    noted(sqlite_url, action, {})
    assert all(whats(opp, sqlite_url)) and len(whats(opp, sqlite_url)) == 1


def test_of_whom_how_much_and_until_when_is_told_and_no_secret(opp: InProcess, db_url: str) -> None:
    secret = "5ec2e7" * 8
    export = {"filters": {"where": ["stage = Quote"], "sheet": "x"}, "columns": ["id"], "rows": 1200, "format": "csv"}
    noted(db_url, "code", {"digest": secret, "ends": 1_772_528_400_000})
    noted(db_url, "pin refused", {"what": "PIN"})
    noted(db_url, "pin refused", {"what": "code"})
    noted(db_url, "login", {"session": secret})
    noted(db_url, "lock", {"session": 4})
    noted(db_url, "export", {**export, "file": "out.csv"}, "export", "deals")
    noted(db_url, "trust", {"reason": "checked"}, "request", "7")
    noted(db_url, "refused", {"refused": "no", "reasons": []}, "deal", "1")
    assert whats(opp, db_url) == [
        "one-time code for wang, until Tue 3 Mar 17:00",
        "a wrong PIN of wang",
        "a wrong code of wang",
        "session of wang begun",
        "session of wang ended, begun by e4",
        "1,200 rows of deals as csv into out.csv; stage = Quote, sheet=x",
        "its imported approvals count",
        "tried: some line",
    ]
    assert whats(opp, db_url, "zh") == [
        "给 wang 的一次性验证码，有效至 3月3日 周二 17:00",
        "wang 的 PIN 输错",
        "wang 的验证码输错",
        "wang 在终端登录",
        "wang 的登录结束，始于 e4",
        "商机 1,200 行，格式 csv，写入 out.csv；stage = Quote、sheet=x",
        "导入的审批作数",
        "尝试：some line",
    ]


def test_an_export_is_told_with_its_file_and_how_it_was_chosen(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en")
    opp.ok("add Plant --customer Acme")
    (Path(opp.folder) / "p.toml").write_text(opp.ok("policy show").out + '\n[scope]\nsee = "own"\n', "utf-8")
    opp.ok("policy apply p.toml")
    opp.ok("export deals -w owner=wang -O deals.csv")
    entry = opp.ok("log -L 1 -o json").json[0]
    assert (entry["action"], entry["what"]) == ("export", "1 row of deals as csv into deals.csv; owner=wang")
    assert entry["meta"]["file"] == "deals.csv"


def test_people_read_of_a_hash_the_beginning_that_finds_the_policy_and_programs_the_whole(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en")
    (whole,) = [row["id"] for row in opp.ok("log -o json").json if row["noun"] == "policy"]
    people, program = (opp.ok(f"log e2 -c id -o {format_} --no-header").out.strip() for format_ in ("plain", "tsv"))
    assert (people, program, len(whole)) == (whole[:12], whole, 64)
    assert [opp.ok(f"policy show {each} -o json").json["hash"] for each in (people, whole)] == [whole, whole]
    assert [whole in opp.ok(line).out for line in ("log", f"log policy:{people}", "show e2")] == [False] * 3


# --- in the words of people ----------------------------------------------------------------------------------------


def test_instants_inside_what_are_spoken_for_people_and_iso_for_programs(team: InProcess) -> None:
    team.ok("deal edit 1 --set 折扣=1")
    team.ok("lose 1 --reason 没有预算")
    programs = team.ok("log D-1 -L 1 -o tsv -c what --no-header").out
    english, chinese = (team.ok(f"--lang {lang} log D-1 -L 1 -o plain -c what").out for lang in ("en", "zh"))
    told = team.ok("log D-1 -L 1 -o json").json[0]["changes"]["closed_at"][1]
    assert f"closed_at {iso(told)}" in programs
    assert ("closed_at " in english, "Z" in english) == (True, False)
    assert ("关闭时间 " in chinese, "月" in chinese, "Z" in chinese) == (True, True, False)


def test_types_and_fields_of_the_teams_own_are_told_by_their_titles(team: InProcess) -> None:
    text = team.ok("policy show").out.replace(
        "[fields.", '[fields.nearby]\ntype = "int"\ntitle = "门店数"\n\n[fields.', 1
    )
    (team.folder / "p.toml").write_text(text, encoding="utf-8")
    team.ok("policy apply p.toml")
    team.ok("deal edit 1 --set nearby=3")
    assert "nearby 3" in team.ok("--lang en log D-1 -L 1 -o plain -c what").out
    assert "门店数 3" in team.ok("--lang zh log D-1 -L 1 -o plain -c what").out
    team.ok("user add chen --name 陈静")
    team.ok("delegate add --to chen --end 2099-01-01 --type quote")
    assert "审批类型 报价审批" in team.ok("--lang zh log G-1 -o plain -c what").out
    assert "types quote" in team.ok("--lang en log G-1 -o plain -c what").out
