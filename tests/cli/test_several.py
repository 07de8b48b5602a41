"""Every verb takes several things: as arguments, in a list with commas, or `-` for those on standard input."""

import time
from typing import Any

import pytest
from approvals_office import POLICY
from begun import begun
from command_line import Answer, InProcess, Process
from desk import LOST, Desk
from test_every_command import commands

from oppcli.reads.catalog import found

SUGGESTED = '\n[[suggest]]\nto = "谈判"\nwords = ["确认报价"]\n'


@pytest.fixture
@begun
def office(opp: InProcess) -> InProcess:
    """D-1 and D-2 of li with a file each, R-1 and R-2 pending at chen."""
    (opp.folder / "team.toml").write_text(POLICY + LOST + SUGGESTED, encoding="utf-8")
    (opp.folder / "a.pdf").write_bytes(b"a")
    opp.ok("init --policy team.toml", user="root")
    for login in ("li", "wang", "chen", "tang", "zhao", "qian", "gao", "lin", "xu"):
        opp.ok("user", "add", login, user="root")
    for deal, title in (("D-1", "电梯"), ("D-2", "水泵")):
        opp.ok(f"add {title} --amount 80万", user="li")
        opp.ok(f"deal attach {deal} a.pdf --kind 合同", user="li")
        opp.ok(f"submit {deal} risk", user="li")
    opp.ok("deal edit D-1,D-2 --set discount=5 --set payment_days=30", user="li")
    for deal in ("D-1", "D-2"):
        opp.ok("note", deal, "邮件：确认报价", user="li")
    for name in ("甲", "乙"):
        opp.ok(f"customer add {name}", user="li")
        opp.ok(f"contact add {name} --customer {name}", user="li")
    return opp


TWO_OF = {"deal": ("D-1", "D-2"), "request": ("R-1", "R-2"), "user": ("li", "wang"), "ref": ("D-2", "R-1")}
TWO_OF |= {"customer": ("C-1", "C-2"), "contact": ("P-1", "P-2"), "proposal": ("S-1", "S-2"), "thing": ("D-1", "C-1")}
"""Two things of a noun, in the order in which they are read."""
BESIDES = {"request plan": " quote", "request wait": " --timeout 0s", "gate": " --to 谈判"}
EACH = {read.path: param for _, read in found() for param in read.params if param.each}
OTHERS = {"timeline": ("D-2", "D-1")}
"""Reads that not everything can be asked of."""
ABSENT = ("proposal show", "deal similar")
"""Nobody proposes anything here, and no deal is closed: other tests type them."""


def test_the_reads_of_one_thing_are_known() -> None:
    one = {
        read.path
        for _, read in found()
        for param in read.params
        if param.place and not param.each and param.name in ("deal", "request", "ref", "refs", "login", "customer")
    }
    assert one - {"show", "fields", *ONE_ALONE} == set()  # `show` takes several by itself, `fields` a noun
    assert len(EACH) > 8


@pytest.mark.parametrize("path", sorted(set(EACH) - set(ABSENT)))
def test_a_read_of_a_thing_takes_several_in_every_spelling(office: InProcess, path: str) -> None:
    first, second = OTHERS.get(path) or TWO_OF[EACH[path].each]
    rest = BESIDES.get(path, "")

    def told(refs: str, given: str = "") -> Answer:
        return office(f"{path} {refs}{rest} --json", user="li", stdin=given.encode())

    listed = told(f"{first},{second}")
    assert listed.code in (0, 10), listed.err
    assert told("-", f"{first}\n{second}\n").raw == listed.raw
    assert told("-").json == []
    if EACH[path].many:
        assert told(f"{first} {second}").raw == listed.raw
    alone = [told(first), told(second)]
    assert [told(f"{first},{first}").raw, told("-", first).raw] == [alone[0].raw] * 2
    assert listed.code == max(answer.code for answer in alone)
    ones = [answer.json if isinstance(answer.json, list) else [answer.json] for answer in alone]
    key = next(iter(listed.json[0]))
    added = [row for row in listed.json if key not in ones[0][0]]
    whose = [row[key] for row in added]
    in_turn = (lambda rows: sorted(rows, key=str)) if EACH[path].at_once else list  # those have an order of their own
    assert in_turn(whose) == ([first] * len(ones[0]) + [second] * len(ones[1]) if added else [])
    without = [{name: row[name] for name in row if name != key or not added} for row in listed.json]
    assert in_turn(without) == in_turn([row for rows in ones for row in rows])


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("gate D-2,D-1 --to 谈判 --csv", "deal,needs,state,command"),
        ("deal history D-1,D-2 --csv", "deal,seq,at,"),
        ("request plan D-1,D-2 quote --csv", "deal,"),
        ("deal show D-1,D-2 --csv", "id,title,"),
        ("request status R-1,R-2 --csv", "id,state,"),
        ("user show li,wang --csv", "login,"),
    ],
)
def test_of_several_the_first_column_says_whose_a_row_is(office: InProcess, line: str, heading: str) -> None:
    assert office.ok(line, user="li").out.startswith(heading)


@pytest.mark.parametrize("line", ["log D-1 R-1 D-2", "log D-1,R-1,D-2,D-1", "deal history D-1,D-2"])
def test_what_happened_to_several_is_told_in_order_of_time_and_cut_once(office: InProcess, line: str) -> None:
    whole = [int(row["seq"].removeprefix("e")) for row in office.ok(f"{line} --json", user="li").json]
    newest = office.ok(f"{line} -L 3 --json", user="li")
    assert (whole, len(set(whole))) == (sorted(whole), len(whole))
    assert [int(row["seq"].removeprefix("e")) for row in newest.json] == whole[-3:]
    assert len({row["id"] for row in office.ok(f"{line} --json", user="li").json}) > 1


def test_the_log_of_nothing_that_was_named_is_not_that_of_everything(office: InProcess) -> None:
    answer = office("log -", user="li", stdin=b"")
    assert (answer.code, answer.out.strip()) == (0, "")


@pytest.mark.parametrize(
    ("line", "id_", "state", "changed"),
    [
        ("deal attach D-1 team.toml --kind 报价单", "X-3", "live", "sha256"),
        ("merge C-1 C-2", "C-2", "merged", "merged_into"),
        ("deal edit D-1 --set discount=6", "D-1", "线索", "discount"),
        ("note D-1 hello --next 2027-01-05", "A-3", "live", "text"),
    ],
)
def test_what_json_names_is_what_its_state_version_and_changes_are_of(
    office: InProcess, line: str, id_: str, state: str, changed: str
) -> None:
    told = office.ok(f"{line} -o json", user="root").json
    assert (told["id"], told["state"], changed in told["changes"]) == (id_, state, True)


def test_one_thing_that_is_not_there_refuses_a_read_of_several(office: InProcess) -> None:
    answer = office("request status R-1,R-9", user="li")
    assert (answer.code, answer.out) == (3, "")


def test_the_time_that_is_waited_is_that_of_the_line_not_of_each_thing(office: InProcess) -> None:
    begun = time.monotonic()
    assert office("request wait R-1,R-2,R-1 R-2 --timeout 2s", user="li").code == 10
    assert time.monotonic() - begun < 3.6


NO_THINGS = {
    "title": "of a new deal",
    "query": "of one answer",
    "key": "of a setting",
    "shell": "whose completion is written",
    "noun": "of which a file is written",
    "topic": "words of one topic or command",
    "file": "is read or written by itself",
    "version": "is a policy, which is written as a file",
}
"""Parameters that stand first and name nothing that is kept, or not as a thing."""
ONE_ALONE = {
    "customer add": "a new name, which what is known of it belongs to",
    "contact add": "the same",
    "user add": "a new login, which names, roles and addresses belong to",
    "bundle": "one file is written",
    "request packet": "one page is written, for one person to decide with",
    "login": "one person sits at a terminal",
    "fields": "a noun, or the one thing whose fields are told",
    "policy diff": "an old one and a new one",
    "policy templates": "it is printed as a file",
    "mapping show": "it is printed as a file",
    "view run": "a line is run in its place",
    "view save": "one line is kept under it",
    "notices test": "a channel of the configuration",
    "rate add": "one pair of currencies",
    "cost add": "one source, in one time",
    "points give": "one person, for one thing",
    "forecast submit": "one month of one team",
    "forecast show": "the deals of one submission",
    "target set": "one measure of one person, in a month",
    "request met": "one condition of one request",
    "price set": "one number of the list, which its price belongs to",
    "price list": "one number of the list, or all",
    **dict.fromkeys(("fact set", "fact list", "fact fetch"), "one customer, whom it is known of"),
    **dict.fromkeys(("payment plan", "payment received"), "one deal, whose money it is"),
    **dict.fromkeys(
        ("contract add", "contract clause", "contract sign", "contract show"), "one contract, a version of it"
    ),
    **{f"quote {verb}": "one quote, a version of it" for verb in "set line edit revise use send accept show".split()},
}
"""Commands that take one thing, and why."""
FIRST = {
    line: param
    for line, command in commands()
    for param in command.params[:1]
    if param.param_type_name == "argument" and str(param.name).rstrip("_") not in NO_THINGS and line not in ONE_ALONE
}
WRITES = sorted(set(FIRST) - set(EACH) - {"show", "user pin"})
BEHIND = {
    "deal attach": "a.pdf --kind 合同",
    "deal assign": "--to wang",
    "deal edit": "--set discount=5",
    "deal lose": "--reason 价格",
    "lead reject": "--reason 价格",
    "request submit": "risk",
    "request transfer": "--to wang",
    "request add-approver": "--beside wang",
    "customer erase": "--yes",
    "customer edit": "--tier A",
    "contact edit": "--title CFO",
    "deal link": "wang",
    "task edit": "--title x",
    "deal unlink": "wang",
    "deal rival": "Globex",
}
NOBODY = {"login": ("nobody", "noone"), "name": ("none", "nothing"), "run": ("e801", "e802")}
UNKNOWN = {
    "request": ("R-801", "R-802"),
    "customer": ("C-801", "C-802"),
    "contact": ("P-801", "P-802"),
    "proposal": ("S-801", "S-802"),
    "delegation": ("801", "802"),
}


WITH_ITS_TEXT = {"note", "activity edit", "notices mute"}
"""What is said belongs to the one thing; many notes are typed with `--lines`."""
TOGETHER = {"merge": "", "dupes keep": "-m 因为", "notices read": ""}
"""What is done with several at once, not with each."""


def test_all_that_stands_first_is_one_or_more_things_or_has_a_reason() -> None:
    lines = {line for line, _ in commands()}
    assert set(ONE_ALONE) - lines == set()
    assert len(WRITES) > 25
    one = {line for line, param in FIRST.items() if param.nargs == 1} - WITH_ITS_TEXT
    assert one == {
        "deal attach",
        "deal link",
        "deal unlink",
        "deal rival",
        "request submit",
        "request plan",
        "task done",
    }  # something else stands behind it


@pytest.mark.parametrize("line", sorted(set(WRITES) - WITH_ITS_TEXT - set(TOGETHER)))
def test_a_write_takes_several_in_every_spelling(office: InProcess, line: str) -> None:
    param = FIRST[line]
    name = str(param.name).rstrip("_")
    first, second = {**NOBODY, **UNKNOWN}.get(name, ("D-801", "D-802"))
    rest = f"{BEHIND.get(line, '')} {'-m 因为' if command_of(line).explained else ''}"

    def typed(refs: str, given: str = "") -> Answer:
        return office(f"{line} {refs} {rest} -n -o json", user="root", stdin=given.encode())

    listed = typed(f"{first},{second}")
    assert [row.get("error", {}).get("code") for row in listed.json] == [3, 3], listed.err
    assert listed.code == 3
    assert typed("-", f"{first}\n{second}\n").raw == listed.raw
    if param.nargs == -1:
        assert typed(f"{first} {second}").raw == listed.raw


@pytest.mark.parametrize("line", TOGETHER)
def test_what_is_done_with_several_at_once_takes_them_in_every_spelling(office: InProcess, line: str) -> None:
    first, second = ("1", "2") if line == "notices read" else ("C-1", "C-2")

    def typed(refs: str, given: str = "") -> Answer:
        return office(f"{line} {refs} {TOGETHER[line]} -n -o json", user="root", stdin=given.encode())

    apart = typed(f"{first} {second}")
    assert apart.code == (3 if line == "notices read" else 0), apart.err
    assert typed(f"{first},{second}").raw == apart.raw
    assert typed("-", f"{first}\n{second}\n").raw == apart.raw


def command_of(path: str) -> Any:
    return next(command for line, command in commands() if line == path)


@pytest.mark.parametrize(("refs", "given"), [("li wang", b""), ("li,wang", b""), ("-", b"li\nwang\n")])
def test_codes_are_given_to_several_in_every_spelling(office: InProcess, refs: str, given: bytes) -> None:
    told = office.ok(f"user pin {refs} --code", user="root", stdin=given).out
    assert [login for login in ("li", "wang", "chen") if login in told] == ["li", "wang"]


def test_nothing_on_standard_input_is_not_everything(office: InProcess) -> None:
    lines = [
        "user pin - --code",
        "undo -",
        "customer erase - -y -m 因为",
        "view drop -",
        "merge -",
        "notices read -",
        "deal win -",
        "submit - risk",
    ]
    told = {line: office.ok(line, user="root").out.strip() for line in lines}
    assert told == dict.fromkeys(lines, "nothing to do")


def test_several_command_lines_are_undone_as_they_were_named(office: InProcess) -> None:
    office.ok("deal edit D-1 --set amount=81万", user="li")
    office.ok("deal edit D-2 --set amount=82万", user="li")
    runs = [row["run"] for row in office.ok("undo --list -L 2 -o json", user="li").json]
    assert office.ok(f"undo {','.join(runs)}", user="li").code == 0
    amounts = [row["amount"] for row in office.ok("deal show D-1,D-2 --json", user="li").json]
    assert amounts == ["800000.00", "800000.00"]


def test_views_with_a_comma_in_their_name_are_one(office: InProcess) -> None:
    for name in ("a", "b", "a,b"):
        office.ok(f"view save {name} -- ls", user="li")
    office.ok("view drop a,b", user="li")
    assert [row["name"] for row in office.ok("view list --json", user="li").json] == ["a", "b"]
    office.ok("view drop a,b", user="li")
    assert office.ok("view list --json", user="li").json == []


def test_nobody_is_erased_before_all_names_were_typed(opp: InProcess, opp_process: Process) -> None:
    desk = Desk(opp, opp_process, POLICY + LOST)
    for deal, customer in (("电梯", "江南精工"), ("水泵", "南屏陶瓷")):
        opp.ok(f"add {deal} --customer {customer}", user="li")
    answers = (("Type 江南精工", "江南精工"), ("Type 南屏陶瓷", "\x04"))
    desk.at("--as root customer erase C-1,C-2 -m 客户要求", *answers, code=130)
    kept = [row["name"] for row in opp.ok("export customers --json", user="root").json]
    assert kept == ["江南精工", "南屏陶瓷"]
    desk.at("--as root customer erase C-1,C-2 -m 客户要求", ("Type 江南精工", "江南精工"), ("Type 南屏", "南屏陶瓷"))
    desk.terminal.close()
    left = [row["name"] for row in opp.ok("export customers --json", user="root").json]
    assert [name for name in left if name in kept] == []


def test_the_type_is_asked_once_for_several_deals(opp: InProcess, opp_process: Process) -> None:
    desk = Desk(opp, opp_process, POLICY + LOST)
    opp.ok("add 电梯 --amount 80万", user="li")
    opp.ok("add 水泵 --amount 80万", user="li")
    shown = desk.at("--as li submit D-1,D-2", ("which approval for D-1, D-2?", "risk"))
    desk.terminal.close()
    assert shown.splitlines()[-1] == "without questions: opp --as li submit D-1,D-2 risk"
    assert [row["type"] for row in opp.ok("request list --json", user="li").json] == ["risk", "risk"]


def test_what_is_refused_of_several_is_said_also_where_only_ids_are_printed(office: InProcess) -> None:
    for line, code, done in (("deal edit D-1,D-9 --set source=fair", 9, "D-1"), ("restore D-1 C-1", 5, "")):
        loud, quiet = office(line, user="root"), office(f"{line} -q", user="root")
        assert (loud.code, quiet.code, quiet.out.strip()) == (code, code, done)
        told = [each for each in loud.out.splitlines() if "error: " in each]
        assert quiet.err.splitlines()[0] == told[0]
        assert quiet.err.count("error: ") == len(told)
