"""Every command of the tree, found by looking: reads in every format on a full and an empty database, writes dry."""

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from command_line import InProcess
from kept import NOW, Kept

from oppcli.cli.app import root
from oppcli.cli.tree import SHORTCUTS

FORMATS = ("table", "plain", "csv", "tsv", "json", "jsonl", "md", "html", "ids", "full")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def commands() -> Iterator[tuple[str, Any]]:
    """(what is typed, command) of the whole tree, shortcuts left out."""
    tree = root()
    for name in tree.list_commands(None):
        command = tree.get_command(None, name)
        if name not in SHORTCUTS and hasattr(command, "list_commands"):
            yield from ((f"{name} {verb}", command.get_command(None, verb)) for verb in command.list_commands(None))
        elif name not in SHORTCUTS:
            yield name, command


def with_flag(flag: str) -> list[str]:
    return [line for line, command in commands() if any(flag in param.opts for param in command.params)]


READS = [
    line
    for line in with_flag("--no-header")
    if line not in ("proposal show", "contact show", "quote show", "contract show", "forecast show")
]
"""But for what the demo has none of: stories type that (tests/relations)."""
WRITES = [line for line in with_flag("--dry-run") if line not in ("proposal accept", "proposal decline")]

# ---------- reads ----------

ARGUMENTS = {
    # What a read needs to have something to show; the braces are filled from the demo.
    "deal show": "{deal}",
    "deal recap": "{deal}",
    "deal similar": "{deal}",
    "customer show": "{customer}",
    "show": "{deal}",
    "deal history": "{deal}",
    "gate": "{deal}",
    "request plan": "{planned} quote",
    "request show": "{late}",
    "request status": "{late}",
    "request wait": "{over}",
    "db diff": "{folder}/try.db",
    "policy check": "{folder}/team.toml",
    "policy diff": "{folder}/team.toml",
    "policy replay": "{folder}/team.toml",
    "export": "deals",
    "user show": "wang",
    "mapping show": "hubspot",
    "sql": "'select * from deals'",
    "log": "{deal}",
    "timeline": "{deal}",
    "report absence": "--who me --until 2099-12-31",
    "report effect": "--policy 1 --measure approval",
    "forecast whatif": "--set D-1.amount=1000",
}
NAMELESS = {"gate", "policy explain"}
"""Reads whose rows have no id of their own: `-o ids` prints their first column, which may hold spaces."""


def test_there_are_reads_and_writes():
    """Otherwise the tables below would test nothing."""
    assert len(READS) > 25
    assert len(WRITES) > 35
    assert set(READS) & set(WRITES) == set()
    assert set(ARGUMENTS) - set(READS) == set()


@pytest.fixture(scope="module")
def named(chinese: Kept) -> dict[str, str]:
    """Things of the demo by what they are like."""
    (late, deal) = chinese.rows(
        "SELECT 'R-' || r.id, 'D-' || r.deal_id FROM request r JOIN step s ON s.request_id = r.id"
        " WHERE r.state = 'pending' AND s.state = 'open' AND r.type = 'qualification' ORDER BY s.due_at LIMIT 1"
    )[0]
    ((over,),) = chinese.rows("SELECT 'R-' || id FROM request WHERE state = 'approved' ORDER BY id LIMIT 1")
    ((planned,),) = chinese.rows(
        "SELECT 'D-' || max(d.id) FROM deal d JOIN stage s ON s.id = d.stage_id"
        " WHERE s.kind = 'open' AND d.id IN (SELECT deal_id FROM request WHERE type = 'quote' AND state = 'approved')"
    )
    ((customer,),) = chinese.rows("SELECT 'C-' || min(id) FROM customer")
    (chinese.opp.folder / "team.toml").write_text(chinese.opp.ok("policy show").out, encoding="utf-8")
    if not (chinese.opp.folder / "try.db").exists():
        chinese.opp.ok(f"db backup {chinese.opp.folder / 'try.db'} --sandbox", user="sun")
    chinese.opp.ok(f"--db {chinese.opp.folder / 'try.db'} deal edit {deal} --set amount=4321", user="sun")
    return {
        "late": late,
        "deal": deal,
        "over": over,
        "planned": planned,
        "customer": customer,
        "folder": str(chinese.opp.folder),
    }


OMITTING = frozenset(("report cycle", "report effect", "report probability"))
"""What their figures leave out is told beside them in every format."""


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("line", READS)
def test_every_read_parses_in_every_format_and_leaves_the_database_alone(chinese, named, line, format_):
    before = digest(chinese.opp.db)
    answer = chinese.opp(f"{line} {ARGUMENTS.get(line, '').format(**named)} -o {format_}", user="sun")
    assert answer.code in ((0, 1) if line == "doctor" else (0,)), answer.err
    omitted = line in OMITTING and all(each.startswith("note: ") for each in answer.err.splitlines())
    assert answer.err == "" or omitted
    text = answer.raw.decode("utf-8")
    check = is_wall if (line, format_) == ("board", "html") else CHECKS[format_]
    check(text.replace(" ", "_") if line in NAMELESS and format_ == "ids" else text)
    assert digest(chinese.opp.db) == before


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> InProcess:
    """A database in which nothing happened yet."""
    made = InProcess(tmp_path_factory.mktemp("nothing"))
    made.ok("init --template b2b --lang zh")
    return made


EMPTY = ["lead list", "deal list", "request list", "inbox", "delegate list", "notices list", "report overdue"]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("line", [*EMPTY, "export deals", "export visits", "export requests"])
def test_a_list_of_nothing_is_a_valid_list_and_no_error(nothing, line, format_):
    answer = nothing(f"{line} -o {format_}")
    assert (answer.code, answer.err) == (0, "")
    text = answer.raw.decode("utf-8")
    CHECKS[format_](text)
    if format_ == "json":
        assert json.loads(text) == []
    if format_ in ("jsonl", "ids", "table", "plain"):
        assert text == "" or len(text.split("\n")) <= 3
    if format_ in ("csv", "tsv"):
        assert text.count("\n") == 1


@pytest.mark.parametrize("line", EMPTY)
def test_a_machine_format_has_the_same_columns_whether_there_are_rows_or_not(nothing, chinese, line):
    headings = [opp.ok(f"{line} --csv", user=user).out.split("\n")[0] for opp, user in _both(nothing, chinese)]
    assert headings[0] == headings[1]


def _both(nothing: InProcess, chinese: Kept) -> list[tuple[InProcess, str]]:
    return [(nothing, "wang"), (chinese.opp, "wang")]


@pytest.mark.parametrize("line", [line for line in READS if line not in ARGUMENTS])
def test_a_read_of_an_empty_database_is_no_error(nothing, line):
    answer = nothing(f"{line} --json")
    assert answer.code in ((0, 1) if line == "doctor" else (0,)), answer.err
    assert isinstance(answer.json, list | dict)


def is_json(text: str) -> None:
    assert isinstance(json.loads(text), list | dict)
    assert text.endswith("\n")


def is_jsonl(text: str) -> None:
    lines = text.split("\n")
    assert lines.pop() == ""
    assert all(isinstance(json.loads(line), dict) for line in lines)


def is_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert rows
    assert len({len(row) for row in rows}) == 1
    assert len(set(rows[0])) == len(rows[0])
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in rows[0])


def is_tsv(text: str) -> None:
    lines = text.split("\n")
    assert lines.pop() == ""
    assert lines
    assert len({line.count("\t") for line in lines}) == 1


def is_markdown(text: str) -> None:
    """One table, or several, each below a heading of its own."""
    tables = [
        [line for line in part.split("\n") if line.startswith("|")]
        for part in re.split(r"(?m)^## ", text)
        if "\n|" in f"\n{part}"
    ]
    assert tables
    for lines in tables:
        assert len(lines) >= 2
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1
        assert re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", lines[1])


def is_html(text: str) -> None:
    assert "table" in elements(text)


def is_wall(text: str) -> None:
    """The board: one page, a grid of CSS and no table, no script, loaded again each minute."""
    assert elements(text) & {"table", "script"} == set()
    assert "display: grid" in text.replace("display:grid", "display: grid")
    assert '<meta http-equiv="refresh" content="60">' in text


def elements(text: str) -> set[str]:
    """Those of a page of HTML that needs nothing from elsewhere and ends what it begins."""
    assert text.lower().startswith("<!doctype html>")
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)
    page = Balanced()
    page.feed(text)
    page.close()
    assert page.open == []
    return page.seen


class Balanced(HTMLParser):
    """Every element that begins ends, in order."""

    VOID = frozenset("meta link br hr img input col".split())

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def is_ids(text: str) -> None:
    lines = text.split("\n")
    assert lines.pop() == ""
    assert all(line and not re.search(r"\s", line) for line in lines)


def is_for_people(text: str) -> None:
    assert CONTROL.findall(text) == []


def is_full(text: str) -> None:
    found = json.loads(text)
    assert list(found) == ["title", "asked", "columns", "rows", "total", "notes"]
    names = [column["name"] for column in found["columns"]]
    assert [row for row in found["rows"] if list(row) != names] == []


CHECKS = {
    "full": is_full,
    "json": is_json,
    "jsonl": is_jsonl,
    "csv": is_csv,
    "tsv": is_tsv,
    "md": is_markdown,
    "html": is_html,
    "ids": is_ids,
    "table": is_for_people,
    "plain": is_for_people,
}

# ---------- writes ----------

LINES = {
    # Who types it, what, and how it ends for real: dry, it must end the same way.
    "init": ("wang", "--db {folder}/new.db init", 0),
    "lead add": ("li", "lead add 新线索 --customer 新客户 --amount 3万", 0),
    "lead qualify": ("li", "lead qualify {small}", 0),
    "lead reject": ("li", "lead reject {small} --reason 无预算", 0),
    "deal edit": ("li", "deal edit {small} --set amount=9000", 0),
    "deal advance": ("li", "deal advance {small} --to 方案", 0),
    "deal win": ("li", "deal win {ready}", 0),
    "deal lose": ("li", "deal lose {big} --reason 价格 -m 太贵", 0),
    "deal reopen": ("wang", "deal reopen {lost} -m 客户重新立项", 0),
    "deal assign": ("wang", "deal assign {big} --to liu", 0),
    "deal attach": ("li", "deal attach {big} {file} --kind 照片", 0),
    "deal link": ("li", "deal link {big} {contact} --role 决策人", 0),
    "deal unlink": ("li", "deal unlink {small} {contact}", 0),
    "deal rival": ("li", "deal rival {big} Globex --price 48万", 0),
    "deal archive": ("wang", "deal archive {lost}", 0),
    "customer protect": ("wang", "customer protect {firm}", 8),
    "bundle": ("li", "bundle {big} -O {folder}/big.zip", 0),
    "claim": ("liu", "claim {pooled}", 0),
    "note": ("li", "note {big} '电话：预算已批'", 0),
    "mail": ("li", "mail {folder}/asked.eml", 0),
    "activity edit": ("li", "activity edit {noted} --text 改过的", 0),
    "task add": ("li", "task add 准备材料 --for {big} --due +3d", 0),
    "task done": ("li", "task done {task}", 0),
    "task edit": ("li", "task edit {task} --due +5d", 0),
    "task decline": ("li", "task decline {given} -m 没空", 0),
    "task waive": ("wang", "task waive {task} -m 不需要", 0),
    "task cancel": ("li", "task cancel {task}", 0),
    "customer add": ("li", "customer add 全新公司 --phone 13800001111", 0),
    "customer edit": ("li", "customer edit {firm} --industry 机械", 0),
    "contact add": ("li", "contact add 赵工 --customer 江南精工", 0),
    "contact edit": ("li", "contact edit {contact} --title 总监", 0),
    "merge": ("wang", "merge {firm} {twin}", 0),
    "unmerge": ("wang", "unmerge {joined}", 0),
    "dupes keep": ("wang", "dupes keep {firm} {twin} -m 两家", 0),
    "request submit": ("li", "request submit {big} risk", 0),
    "request approve": ("wang", "request approve {pending}", 0),
    "request reject": ("wang", "request reject {pending} -m 太贵", 0),
    "request return": ("wang", "request return {pending} -m 补材料", 0),
    "request resubmit": ("li", "request resubmit {returned}", 0),
    "request recall": ("li", "request recall {pending}", 0),
    "request met": ("li", "request met {agreed} 1 -m 收到了", 0),
    # No type of this policy may be decided away.
    "request packet": ("wang", "request packet {pending} -O {folder}/packet.html", 4),
    "request ask": ("wang", "request ask {pending} -m 账期多久？", 0),
    "request reply": ("li", "request reply {asked} -m 三十天", 0),
    "request nudge": ("li", "request nudge {pending}", 0),
    "request transfer": ("wang", "request transfer {pending} --to zhou -m 出差", 0),
    "request add-approver": ("wang", "request add-approver {pending} --after zhou", 0),
    "request withdraw": ("lin", "request withdraw {voted}", 0),
    "request recuse": ("wang", "request recuse {pending} -m 亲戚", 0),
    "request cancel": ("tang", "request cancel {pending} -m 重复", 0),
    "request revoke": ("tang", "request revoke {approved} -m 弄错了", 0),
    "request rebase": ("tang", "request rebase {pending} -m 新制度", 0),
    "request override": ("tang", "request override {pending} -m 紧急", 0),
    "delegate add": ("zhou", "delegate add --to wang --end +5d", 0),
    "delegate end": ("wang", "delegate end {delegation}", 0),
    "undo": ("li", "undo {edit}", 0),
    "withdraw": ("wang", "withdraw {small} -m 重复", 0),
    "restore": ("wang", "restore {small}", 5),
    "tick": ("tang", "--now 2026-09-18T10:00:00+08:00 tick", 0),
    "notices watch": ("li", "notices watch {big}", 0),
    "notices read": ("li", "notices read", 0),
    "notices mute": ("li", "notices mute cc", 0),
    "policy apply": ("tang", "policy apply {folder}/new.toml", 0),
    "import": ("tang", "import {folder}/leads.csv --mapping {folder}/mapping.toml", 0),
    "mapping drop": ("tang", "mapping drop older", 0),
    "rate add": ("tang", "rate add EUR CNY 7.82", 0),
    "cost add": ("tang", "cost add 展会 2026-09 5000", 0),
    "target set": ("tang", "target set li 2026-09 won 5", 0),
    "points give": ("tang", "points give li 5 --kind 培训 -m 讲了新产品", 0),
    "forecast adjust": ("wang", "forecast adjust {big} --amount 5万 -m 偏高", 0),
    "forecast submit": ("tang", "forecast submit next-month --team li", 0),
    "price set": ("tang", "price set P-1 --list 5", 0),
    "contract add": ("li", "contract add {offered} {folder}/合同.txt --amount 1000", 0),
    "contract clause": ("lin", "contract clause {offered} 付款 --ok", 0),
    "contract sign": ("li", "contract sign {offered} {folder}/合同.txt", 0),
    "fact set": ("tang", "fact set {firm} credit_limit=5000", 0),
    "fact fetch": ("tang", "fact fetch {firm}", 0),
    "quote set": ("li", "quote set {offered} {folder}/lines.csv", 0),
    "quote line": ("li", "quote line {offered} --item 培训 --price 5", 0),
    "quote edit": ("li", "quote edit {offered} --terms 现款", 0),
    "quote revise": ("li", "quote revise {offered} --from 1", 0),
    "quote use": ("li", "quote use {offered}", 0),
    "quote send": ("li", "quote send {offered} 报价单.html", 0),
    "quote accept": ("li", "quote accept {offered}", 0),
    "payment plan": ("li", "payment plan {big} --part 30%:2026-12-01 --part rest:2027-01-01", 0),
    "payment received": ("tang", "payment received {big} 5000", 0),
    "payment void": ("tang", "payment void {paid} -m 记错", 0),
    "view save": ("li", "view save mine ls", 0),
    "view drop": ("li", "view drop kept", 0),
    "user add": ("tang", "user add neu --role finance", 0),
    "user edit": ("tang", "user edit li --name 李小娜", 0),
    "user deactivate": ("tang", "user deactivate zhao --successor chen", 0),
    "user reactivate": ("tang", "user reactivate xie", 0),
    "user pin": ("li", "user pin --new-file {folder}/new.pin", 0),
    "customer erase": ("tang", "customer erase C-1 -m asked -y", 0),
    "db backup": ("tang", "db backup {folder}/copy.db", 0),
    "db restore": ("tang", "db restore {folder}/backup.db -y", 0),
    "config set": ("tang", "config set date.order dmy", 0),
    "config unset": ("tang", "config unset wait", 0),
}
NOTHING_TO_DO = {
    # There is nothing to send here, nothing to upgrade, and the clock is right: dry or not, no file changes.
    "notices send": ("tang", "notices send", 0),
    "notices retry": ("tang", "notices retry", 0),
    "db upgrade": ("tang", "db upgrade", 0),
    "db clock": ("tang", "db clock -m x", 5),
    # There is no terminal to be known in, or to edit in.
    "login": ("li", "login", 2),
    "lock": ("li", "lock", 0),
    "policy edit": ("tang", "policy edit", 2),
}


MAPPING = """
kind   = "deals"
system = "old"
[fields]
external_id = "id"
title       = "name"
stage       = { constant = "线索" }
"""


def test_every_write_has_its_line():
    assert set(WRITES) - set(LINES) - set(NOTHING_TO_DO) == set()


@pytest.fixture(scope="module")
def desk(chinese: Kept, tmp_path_factory: pytest.TempPathFactory) -> tuple[InProcess, dict[str, str]]:
    """A copy of the demo with something on it for every verb, and the names of those things."""
    opp = InProcess(tmp_path_factory.mktemp("desk"))
    opp.db.write_bytes(chinese.opp.db.read_bytes())
    opp.env |= {"OPP_NOW": NOW}
    folder = opp.folder
    file = folder / "报价单.txt"
    file.write_text("80 万", encoding="utf-8")
    names = {"folder": str(folder), "file": str(file)}

    def ready(amount: str, solution: str = "标准") -> str:
        values = {"tier": "A", "solution": solution, "budget_confirmed": "是", "payment_days": "30", "discount": "5"}
        sets = [word for name, value in (values | {"margin": "30"}).items() for word in ("--set", f"{name}={value}")]
        deal = opp.ok("-q", "add", "新项目", "--customer", "江南精工", "--amount", amount, *sets, user="li").out.strip()
        opp.ok("deal", "attach", deal, str(file), "--kind", "报价单", user="li")
        opp.ok("deal", "attach", deal, str(file), "--kind", "合同", user="li")
        return deal

    def asked(deal: str, kind: str, *deciders: str, verdict: str = "approve") -> str:
        request = opp.ok("-q", "submit", deal, kind, user="li").out.strip()
        for login in deciders:
            opp.ok("request", verdict, request, "-m", "好", user=login)
        return request

    names["small"], names["big"] = ready("5万"), ready("80万")
    told = opp.ok("deal", "edit", names["small"], "--set", "region=华东", user="li").out
    names["edit"] = told.split()[-1]
    names["ready"] = ready("5万")
    asked(names["ready"], "contract", "qian", "chen")
    opp.ok("advance", names["ready"], "--to", "签约", user="li")
    names["lost"] = ready("5万")
    opp.ok("lose", names["lost"], "--reason", "价格", user="li")
    names["pending"] = asked(ready("30万"), "qualification")
    names["returned"] = asked(ready("30万"), "qualification", "wang", verdict="return")
    names["approved"] = asked(ready("30万"), "qualification", "wang")
    names["agreed"] = asked(ready("30万"), "qualification")
    opp.ok("approve", names["agreed"], "--condition", "书面确认", user="wang")
    names["asked"] = asked(ready("30万"), "qualification")
    opp.ok("request", "ask", names["asked"], "-m", "账期多久？", user="wang")
    names["voted"] = asked(ready("30万", "定制"), "quote", "wang", "lin")
    opp.ok("delegate add --to zhou --end +3d", user="wang")
    names["delegation"] = opp.ok("delegate list --ids", user="wang").out.split()[-1]
    names |= _about(opp, names)
    names["paid"] = opp.ok(f"-q payment received {names['big']} 10", user="tang").out.strip()
    names["offered"] = _offered(opp)
    policy = opp.ok("policy show").out
    (folder / "new.toml").write_text(policy.replace('sla      = "8h"', 'sla      = "6h"'), encoding="utf-8")
    (folder / "new.pin").write_text("correct horse battery\n", encoding="utf-8")
    (folder / "new.pin").chmod(0o600)
    (folder / "asked.eml").write_text("From: kim@example.com\nSubject: 问价\n\n多少钱？", encoding="utf-8")
    (folder / "leads.csv").write_text("id,name\n1,一号\n", encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "older.csv").write_text("id,name\n9,九号\n", encoding="utf-8")
    (folder / "older.toml").write_text(MAPPING.replace('"old"', '"older"'), encoding="utf-8")
    opp.ok(f"import {folder}/older.csv --mapping {folder}/older.toml", user="tang")
    opp.ok(f"db backup {folder}/backup.db", user="tang")
    opp.ok("user add last-minute", user="tang")
    opp.ok("config set wait 5", user="tang")
    settings = opp.folder / "home" / "config" / "opp" / "config.toml"
    words = json.dumps([sys.executable, "-c", f"print({ANSWER!r})"])
    settings.write_text(f"{settings.read_text('utf-8')}\n[adapter.credit]\ncommand = {words}\n", encoding="utf-8")
    opp.ok("view save kept -- ls", user="li")
    return opp, names


ADDED = """
[quote]
[contract]
clauses = [{ name = "付款", who = "user:lin" }]
[fact.credit_limit]
type = "money"
source = "credit"
"""
ANSWER = '{"facts": {"credit_limit": {"value": "5000.00", "currency": "CNY", "as_of": "2026-09-01"}}}'


def _offered(opp: InProcess) -> str:
    """A deal with a contract, a quote in effect and a draft of the next."""
    (opp.folder / "quoting.toml").write_text(opp.ok("policy show").out + ADDED, encoding="utf-8")
    (opp.folder / "合同.txt").write_text("合同", encoding="utf-8")
    opp.ok("policy apply quoting.toml", user="tang")
    (opp.folder / "lines.csv").write_text("品名,数量,单价\n培训,2,800\n", encoding="utf-8")
    deal = opp.ok("-q add 报价项目 --customer 江南精工", user="li").out.strip()
    opp.ok(f"contract add {deal} 合同.txt", user="li")
    opp.ok(f"quote line {deal} --item 咨询 --price 900", user="li")
    opp.ok(f"quote revise {deal}", user="li")
    opp.ok(f"quote line {deal} 1 --price 800", user="li")
    return deal


def _about(opp: InProcess, names: dict[str, str]) -> dict[str, str]:
    """Customers, people and promises for the verbs about them."""

    def made(line: str, user: str = "li") -> str:
        return opp.ok(f"-q {line}", user=user).out.split()[-1]

    found = {name: made(f"customer add {name}公司") for name in ("firm", "twin", "joined")}
    opp.ok(f"merge {found['firm']} {found['joined']}", user="wang")
    found["contact"] = made(f"contact add 王总 --customer {found['firm']}")
    opp.ok(f"deal link {names['small']} {found['contact']}", user="li")
    found["noted"] = made(f"note {names['big']} 电话：问价格")
    found["task"] = made(f"task add 准备样品 --for {names['big']} --due +2d")
    found["given"] = made(f"task add 补报表 --for {names['big']} --to li", user="wang")
    found["pooled"] = made("add 无主线索 --customer 江南精工")
    opp.ok(f"deal assign {found['pooled']} --to none", user="wang")
    return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def restored(desk: tuple[InProcess, dict[str, str]]) -> Iterator[tuple[InProcess, dict[str, str]]]:
    """The desk, with every file put back afterwards."""
    opp, names = desk
    before = contents(opp.folder)
    yield opp, names
    for path in contents(opp.folder).keys() - before.keys():
        Path(path).unlink()
    for path, content in before.items():
        Path(path).write_bytes(content)


@pytest.mark.parametrize("name", LINES)
def test_a_dry_run_leaves_every_file_as_it_was_and_the_real_one_does_not(restored, name):
    opp, names = restored
    user, line, code = LINES[name]
    line = line.format(**names)
    before = contents(opp.folder)
    dry = opp(f"{line} --dry-run", user=user)
    assert (dry.code, contents(opp.folder) == before) == (code, True), dry.err
    real = opp(line, user=user)
    assert real.code == code, real.err
    assert "Nothing was written" not in real.err
    if code == 0:
        assert name == "import" or dry.out.startswith("would be: ")  # of a file it tells rows, stays and a check
        assert dry.err.rstrip("\n").endswith("Nothing was written.")
        assert contents(opp.folder) != before
    else:
        assert real.err == dry.err


KEYS = "verb id state version changes follows notes undo text next error dry_run".split()


@pytest.mark.parametrize("name", LINES)
def test_a_write_answers_with_one_object_where_json_is_asked_for(restored, name):
    opp, names = restored
    user, line, code = LINES[name]
    answers = [opp(f"{line.format(**names)} -o json {more}", user=user) for more in ("-n", "")]
    assert [answer.code for answer in answers] == [code, code]
    if code:
        assert [list(json.loads(answer.err)) for answer in answers] == [["error"]] * 2
        return
    assert [answer.err for answer in answers] == ["", ""]
    dry, real = (json.loads(answer.out) for answer in answers)
    assert [list(dry), list(real)] == [KEYS, KEYS]
    assert (dry["dry_run"], dry["undo"], real["dry_run"], real["error"]) == (True, None, False, None)
    assert (dry["text"] != "", real["text"] != "") == (True, True)
    assert dry["verb"] in (real["verb"], None)  # a file that is not read yet, a database that is not there


@pytest.mark.parametrize("name", NOTHING_TO_DO)
def test_a_write_with_nothing_to_do_changes_nothing(restored, name):
    opp, _ = restored
    user, line, code = NOTHING_TO_DO[name]
    before = contents(opp.folder)
    assert opp(f"{line} --dry-run", user=user).code == code
    assert opp(line, user=user).code == code
    assert contents(opp.folder) == before


def test_a_refused_write_changes_nothing_but_remembers_that_it_was_tried(restored):
    opp, names = restored
    deals = opp.ok("deal list --json").raw
    answer = opp("advance", names["big"], "--to", "谈判", user="li")
    newest = max(opp.ok("log --json").json, key=lambda entry: int(entry["seq"][1:]))
    assert answer.code == 7
    assert (newest["actor"], newest["action"], newest["id"]) == ("li", "refused", names["big"])
    assert opp.ok("deal list --json").raw == deals


# ---------- help ----------


@pytest.mark.parametrize("line", ["", *(line for line, _ in commands())])
def test_every_command_has_help_with_an_example(opp, line):
    answer = opp(f"{line} --help")
    short = opp(f"{line} -h")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Usage: opp")
    assert short.out == answer.out
    assert CONTROL.findall(answer.out) == []
    assert re.search(r"^ +opp .+", answer.out, re.MULTILINE) or line == ""


@pytest.mark.parametrize("line", [line for line, _ in commands()])
def test_a_usage_line_has_nothing_that_is_not_typed(opp, line):
    assert not re.search("[{}]", opp(f"{line} -h").out.partition("\n\n")[0])
