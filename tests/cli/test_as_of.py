"""`--as-of`: what is asked back is byte for byte what was printed then, whatever was written since."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Answer, InProcess
from kept import Kept
from postgres import copied, dropped
from raised import raised

from oppcli.reads.catalog import past
from oppcli.reads.exports import EXPORTS
from oppcli.reads.index import MODULES

THEN = "2026-09-10T15:30:00+08:00"
"""When the demo ends, and the reads are printed."""
NEEDS = {
    "contact show": "P-1",
    "contract show": "D-1",
    "customer show": "C-2",
    "deal history": "D-20",
    "deal recap": "D-20",
    "deal show": "D-20",
    "deal similar": "D-20",
    "export": "deals",
    "gate": "D-60",
    "mapping show": "hubspot",
    "policy check": "team.toml",
    "policy diff": "1",
    "policy replay": "team.toml",
    "policy show": "1",
    "policy simulate": "--deal D-60 --type quote",
    "proposal show": "S-1",
    "quote show": "D-1",
    "report absence": "--who me --until 2099-12-31",
    "report effect": "--policy 1 --measure won",
    "forecast whatif": "--set D-1.amount=1000",
    "request plan": "D-60 quote",
    "request show": "R-1",
    "request status": "R-1",
    "show": "D-2 C-3 R-1 T-1",
    "sql": "'select * from deals order by id'",
    "timeline": "D-20",
    "user show": "reed",
}
"""What a read has to be given."""
MORE = (
    "",
    "ls -o table",
    "ls --stage Quote -w 'amount > 50k' -c +health,+signals -o jsonl",
    "show D-20 -o table",
    "show R-1 -o json",
    "next -o table",
    "timeline D-2 -o table",
    "report wins --by owner --period this-quarter -o json",
    "report wins --by month -o table",
    "report funnel --cohort month",
    "report durations --business -o table",
    "report durations --by owner",
    "report overdue -o table",
    "report attainment --period 2026Q3 -o table",
    "report forecast --receipts",
    "report changes --since 2026-08-01 --deals -o csv",
    "report absence --who ortiz --until 2026-12-31 -o table",
    "report activity --by person,month -o csv",
    "report regret --days 300 --over 1h -o table",
    "show -o json D-1 P-1",
    "log D-20 -o table",
    "log -L 20 -o jsonl",
    "user list -o table",
    "policy explain -o table",
    "board -o table",
    *(f"export {noun}" for noun in EXPORTS),
)
"""Further lines that are compared."""


def lines(opp: InProcess) -> Iterator[str]:
    """Every read that can be asked of the past, and on a file more of some."""
    for path in sorted(MODULES):
        if past(path):
            yield f"{path} {NEEDS.get(path, '')} -o csv".replace("  ", " ")
    yield from filter(None, () if "://" in str(opp.env.get("OPP_DB")) else MORE)


@pytest.fixture(params=["sqlite", "postgresql"])
def team(request: pytest.FixtureRequest, english_demo: Kept, tmp_path: Path) -> Iterator[InProcess]:
    """The demo, once in a file and once on a server."""
    opp = InProcess(tmp_path)
    opp.env |= {"OPP_NOW": THEN, "OPP_USER": "reed", "COLUMNS": "160"}
    shutil.copy(english_demo.place / "opp.db", opp.db)
    if request.param == "sqlite":
        yield opp
        return
    server = request.getfixturevalue("pg_server")
    name = copied(server, "opp_new")
    raised(opp.db, server.format(name))
    opp.env["OPP_DB"] = server.format(name)
    yield opp
    dropped(server, name)


def printed(opp: InProcess, *more: str) -> dict[str, Answer]:
    return {line: opp(f"{line} {' '.join(more)}".strip()) for line in lines(opp)}


BEFORE = (
    ("reed", "target set kim 2026-09 won_amount 100k/120k/150k"),
    ("reed", "target set company 2026Q3 won 9 --split"),
    ("reed", "points give kim 5 --kind training -m 'showed the product'"),
    ("kim", "deal edit D-1 --set category=commit"),
    ("reed", "payment plan D-20 --part 30%:2026-09-20 --part rest:2026-12-31"),
    ("reed", "view save mine -- ls --owner kim"),
)
"""Who typed what until then, that the demo has nothing of."""


def test_what_is_asked_back_is_byte_for_byte_what_was_printed(team: InProcess) -> None:
    (team.folder / "team.toml").write_text(team.ok("policy show").out)
    for user, line in BEFORE:
        team.ok(line, user=user)
    before = printed(team)
    go_on(team)
    found = printed(team, "--as-of", THEN)
    assert {line for line in before if found[line].raw != before[line].raw} == set()
    assert {line: found[line].code for line in before} == {line: before[line].code for line in before}


SINCE = (
    ("kim", "deal edit D-1 --set amount=99000 --set solution=custom --close 2026-12-24"),
    ("kim", "deal edit D-1 --set title='Saltmarsh Ports line 2' --set source=fair"),
    ("brooks", "deal advance D-102"),
    ("brooks", "deal lose D-54 --reason price -m 'too dear'"),
    ("reed", "deal reopen D-20 -m 'they came back'"),
    ("reed", "deal assign D-8 --to okafor -m 'more time'"),
    ("reed", "deal assign D-57 --to silva"),
    ("kim", "note D-1 'called them' --next 2026-10-01 'send it'"),
    ("kim", "note D-2 'called again'"),
    ("ortiz", "request approve R-185 -m fine"),
    ("fischer", "request return R-173 -m 'say why'"),
    ("quinn", "request reject R-181 -m 'not so'"),
    ("reed", "request override R-184 -m 'he is away'"),
    ("kim", "deal edit D-94 --set budget_confirmed=yes"),
    ("kim", "request submit D-94 qualification"),
    ("reed", "merge C-32 C-15"),
    ("reed", "merge D-98 D-1"),
    ("reed", "withdraw D-103 -m mistaken"),
    ("reed", "deal archive D-12"),
    ("reed", "undo"),
    ("reed", "user add newby --name 'New One' --manager ortiz --role sales"),
    ("reed", "user edit kim --name 'Joanna Kim'"),
    ("reed", "user deactivate silva --successor brooks"),
    ("reed", "customer edit C-2 --set tier=A --set name='Mill Pond'"),
    ("reed", "contact edit P-1 --set title=boss"),
    ("reed", "lead add 'Quite new' --customer 'Some Firm' --amount 77000 --owner kim"),
    ("reed", "policy apply next.toml --rename Quote=Offer"),
    ("reed", "rate add EUR USD 1.1"),
    ("reed", "cost add website 2026-08 1000"),
    ("reed", "target set kim 2026-09 won_amount 200k"),
    ("reed", "target set kim 2026-08 won 3"),
    ("reed", "points give kim --kind training -m 'entered twice' -- -5"),
    ("reed", "deal edit D-1 --set category=best"),
    ("reed", "payment received D-20 1000 --on 2026-09-12"),
    ("reed", "payment plan D-20 --part 50%:2026-10-20 --part rest:2026-11-30"),
    ("reed", "view drop mine"),
    ("reed", "import leads.csv --mapping m.toml"),
    ("reed", "tick"),
    ("reed", "tick"),
)
"""Who typed what in the weeks after."""


MAPPING = """
system = "old"
[fields]
external_id = "id"
title = "title"
customer = { column = "customer", create = true }
owner = "owner"
amount = "amount"
stage = "stage"
[entered]
Lead = "came"
"""


def go_on(opp: InProcess) -> None:
    """Everything that a team does in the weeks after, two hours for each."""
    policy = (
        (opp.folder / "team.toml")
        .read_text()
        .replace('Quote"', 'Offer"')
        .replace('name = "Offer approval', 'name = "Q')
    )
    policy = policy.replace("[fields.budget_confirmed]", '[fields.color]\ntitle = "colour"\n[fields.budget_confirmed]')
    (opp.folder / "next.toml").write_text(policy.replace("probability = 70", "probability = 65"))
    (opp.folder / "m.toml").write_text(MAPPING)
    rows = "".join(f"{number},Old {number},Firm {number},kim,5000,Won,2026-03-0{number}\n" for number in range(1, 6))
    (opp.folder / "leads.csv").write_text("id,title,customer,owner,amount,stage,came\n" + rows)
    for step, (user, line) in enumerate(SINCE):
        now = f"2026-09-{11 + step // 5}T{9 + step % 5 * 2:02d}:00:00+08:00"
        opp.ok(line, user=user, now=now)
