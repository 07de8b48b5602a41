"""Whole days of a team: ten people with a policy of thirty lines, a leaver, the pool, two sellers on one customer, a
merge taken back, the nightly line of cron.

Others stand elsewhere: 24 hours, 72 hours and 7 days over a weekend and an absence in tests/cli/test_deadlines.py,
claims that are held, counted, full in tests/cli/test_assignment.py, a lead from three channels in
test_fair_form_and_mail.py.
"""

import csv
import io
from typing import Any

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "线索"
kind = "lead"
rotting = "32h"
[[stage]]
name = "方案"
rotting = "40h"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"
[follow]
deadline = [{ name = "首次联系", from = "assigned", within = "24h", calendar = "always", done = ["touch"] }]
cadence = [{ when = "always", every = "3 workdays" }]
[duplicates]
rule = [{ name = "同名", of = "customer", same = ["name"] }, { name = "撞单", of = "deal", same = ["customer"] }]
[assign]
rule = [{ name = "轮流", when = "source == '展会'", to = ["role:sales"], by = "turn" }]
pool = { claim_per_day = 2, hold = "8h", cooldown = "14 days" }
""",
    hours='"09:00-17:00"',
)
TEAM = {"root": "", "zhou": "root", "wang": "zhou", "chen": "zhou"} | {
    seller: boss for boss, sellers in {"wang": "li han lin", "chen": "gao xu pan"}.items() for seller in sellers.split()
}
"""Ten people, each with who leads them."""


def at(day: int, time: str = "10:00") -> str:
    """An instant of March 2026 where the team is; the 2nd is a Monday."""
    return f"2026-03-{day:02}T{time}:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    (opp.folder / "team.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy team.toml", user="root", now=at(1))
    for login, boss in list(TEAM.items())[1:]:
        role = "sales" if login in "li han lin gao xu pan".split() else "manager"
        opp.ok(f"user add {login} --role {role} --manager {boss}", user="root", now=at(1))
    opp.ok("user edit root --role admin", user="root", now=at(1))  # who sets it up sells nothing
    return opp


def rows(team: InProcess, line: str, user: str = "root", now: str = at(31)) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = team.ok(f"{line} -o json", user=user, now=now).json
    return found


def notices(team: InProcess, kind: str) -> list[str]:
    return [row["to"] for row in rows(team, "notices list --all") if row["kind"] == kind]


def test_the_policy_of_ten_people_has_at_most_thirty_lines_and_nothing_to_warn_of(team: InProcess) -> None:
    assert (len(TEAM), len(POLICY.strip().splitlines())) <= (10, 30)
    answer = team("policy check team.toml")
    assert (answer.code, answer.err) == (0, "")


def test_a_day_of_ten_people(team: InProcess) -> None:
    """Six leads from a fair go round; each is called in time but one, which is told; next empties as work is done."""
    for number in range(6):
        team.ok(f"add 线{number} --customer 客户{number} --source 展会 --amount 80000", user="wang", now=at(2, "09:00"))
    owners = [row["owner"] for row in rows(team, "ls --sort id")]
    assert sorted(owners) == sorted(["li", "han", "lin", "gao", "xu", "pan"])
    mornings = {login: rows(team, "next", login, at(2, "09:10")) for login in owners}
    assert {login: found[0]["kind"] for login, found in mornings.items()} == dict.fromkeys(owners, "first contact")
    for number, login in enumerate(owners[:5], 1):
        said = team.ok("note", f"D-{number}", "电话：有兴趣 -> 周三 发方案", user=login, now=at(2, "11:00")).out
        assert "首次联系 is met" in said
        assert "发方案, Wed 4 Mar" in said
    (left,) = [row for row in rows(team, "next --team zhou", "zhou", at(2, "16:00")) if row["kind"] == "first contact"]
    assert (left["deal"], left["who"]) == ("D-6", owners[5])
    late = team.ok("tick --no-delivery", user="root", now=at(3, "09:01")).out
    assert late.count("首次联系 is late") == 1
    assert notices(team, "late") == [owners[5]]
    for number, login in enumerate(owners[:5], 1):
        (due,) = [row for row in rows(team, "next", login, at(4, "09:00")) if row["kind"] == "follow-up"]
        said = team.ok("note", due["deal"], "微信：方案已发", user=login, now=at(4, "11:00")).out
        assert (due["deal"], "is done, on time" in said, "Mon 9 Mar" in said) == (f"D-{number}", True, True)
    figures = {
        row["person"]: (row["due"], row["kept"], row["missed"]) for row in rows(team, "report followup", now=at(5))
    }
    assert {login: figures[login] for login in owners} == {
        **dict.fromkeys(owners[:5], (2, 2, 0)),
        owners[5]: (1, 0, 1),
    }


def test_a_seller_leaves_on_a_friday_and_the_new_owner_has_a_first_contact_to_make(team: InProcess) -> None:
    """Friday evening: deals, customers, tasks go to han; li's untouched lead is to be contacted anew within a day."""
    team.ok("add 泵站 --customer 无锡泵业", user="li", now=at(5, "16:00"))
    team.ok("add 电梯 --customer 苏州电梯", user="li", now=at(5, "16:10"))
    team.ok("customer edit C-1 --owner li", user="wang", now=at(5, "16:20"))
    team.ok("note", "D-2", "电话：预算已批 -> 3月9日 发方案", user="li", now=at(6, "10:00"))
    team.ok("task add 整理样机 --due 2026-03-10", user="li", now=at(6, "11:00"))
    told = team.ok("user deactivate li --successor han", user="root", now=at(6, "17:30")).out
    assert "2 open deals of li go to han: D-1, D-2" in told
    assert "2 customers of li go to han: C-1, C-2" in told
    assert [row["id"] for row in rows(team, "ls --owner li")] == []
    first = [row for row in rows(team, "next", "han", at(7, "09:00")) if row["kind"] == "first contact"]
    assert [(row["deal"], row["due"]) for row in first] == [("D-1", "2026-03-07T09:30:00Z")]
    said = team.ok("note", "D-1", "电话：我是新的负责人", user="han", now=at(7, "10:00")).out
    assert "首次联系 is met" in said
    assert "新" in rows(team, "activity list --deal D-1")[0]["text"]
    (monday,) = [row for row in rows(team, "next", "han", at(9, "09:00")) if row["kind"] == "follow-up"]
    assert (monday["deal"], monday["due"][:10], "发方案" in monday["reason"]) == ("D-2", "2026-03-09", True)
    promises = {row["id"]: (row["assignee"], row["moves"]) for row in rows(team, "task list", "han", at(9))}
    assert promises["T-4"] == ("han", 0)


def test_a_claim_is_refused_with_the_instant_from_which_it_is_allowed_and_allowed_then(team: InProcess) -> None:
    team.ok("add 泵站 --customer 无锡泵业", user="li", now=at(2))
    team.ok("deal assign D-1 --to none", user="li", now=at(2, "15:00"))
    held = team("claim D-1", user="han", now=at(3, "14:59"))
    own = team("claim D-1", user="li", now=at(15, "23:59"))
    assert (held.code, "D-1 may be claimed from Tue 3 Mar 15:00" in held.err) == (5, True)
    assert (own.code, "D-1 may be claimed from Mon 16 Mar" in own.err) == (5, True)
    team.ok("claim D-1", user="han", now=at(3, "15:00"))
    team.ok("deal assign D-1 --to none", user="han", now=at(3, "16:00"))
    team.ok("claim D-1", user="li", now=at(16, "00:00"))
    assert rows(team, "ls")[0]["owner"] == "li"


ENDS = {
    "merge": ("merge D-1 D-2", "done"),
    "keep": ("dupes keep D-1 D-2 -m 两个厂区", "done"),
    "close": ("lose D-2 --reason 重复", "cancelled"),
}


@pytest.mark.parametrize("end", ENDS)
def test_two_sellers_on_one_customer_are_told_once_and_it_ends_by(team: InProcess, end: str) -> None:
    """li is led by wang, gao by chen: the nearest who leads both is zhou."""
    team.ok("add 一期 --customer 上海精密", user="li", now=at(2))
    said = team("add 一期 --customer 上海精密", user="gao", now=at(2, "11:00"))
    assert "撞单 100 %, owner li" in said.err
    (task,) = [row for row in rows(team, "task list", "zhou", at(2, "12:00")) if row["kind"] == "conflict"]
    assert (task["assignee"], task["state"]) == ("zhou", "open")
    assert [row["kind"] for row in rows(team, "next", "zhou", at(2, "12:00"))] == ["conflict"]
    team.ok("deal edit D-2 --amount 5", user="gao", now=at(2, "13:00"))
    team.ok("tick --no-delivery", user="root", now=at(2, "14:00"))
    team.ok("tick --no-delivery", user="root", now=at(2, "15:00"))
    assert sorted(notices(team, "conflict")) == ["gao", "li"]
    line, state = ENDS[end]
    team.ok(line, user="zhou", now=at(2, "16:00"))
    assert [row["state"] for row in rows(team, "export tasks") if row["kind"] == "conflict"] == [state]
    assert rows(team, "next", "zhou", at(2, "17:00")) == []
    assert rows(team, "dupes") == []
    team.ok("tick --no-delivery", user="root", now=at(3))
    assert sorted(notices(team, "conflict")) == ["gao", "li"]


def test_what_somebody_has_still_to_read_goes_with_a_merge_and_comes_back(team: InProcess) -> None:
    """It stands on the deal that was merged, and would be seen nowhere."""
    team.ok("add 一期 --customer 上海精密", user="li", now=at(2))
    team.ok("add 二期 --customer 苏州电梯", user="gao", now=at(2))
    team.ok("note", "D-2", "@li 来看看", user="gao", now=at(2, "11:00"))
    team.ok("merge D-1 D-2", user="zhou", now=at(2, "12:00"))
    mine = [(row["kind"], row["deal"]) for row in rows(team, "notices list --mine --unread", "li")]
    team.ok("unmerge D-2", user="zhou", now=at(2, "13:00"))
    back = [(row["kind"], row["deal"]) for row in rows(team, "notices list --mine --unread", "li")]
    assert (mine, back) == ([("mention", "D-1")], [("mention", "D-2")])


def test_who_may_not_take_a_customer_past_the_pool_is_told_how(team: InProcess) -> None:
    team.ok("customer add 上海精密 --owner none", user="li", now=at(2))
    answer = team("customer edit C-1 --owner li", user="li", now=at(2))
    assert (answer.code, answer.err.splitlines()[1]) == (
        4,
        "hint: a manager or an admin may; to make it yours: opp claim C-1",
    )


QUOTE = """
[type.quote]
title = "报价审批"
material = ["amount", "customer"]
[[type.quote.step]]
name = "主管"
who = ["manager"]
"""


def test_a_merge_with_live_requests_is_taken_back(team: InProcess) -> None:
    (team.folder / "team.toml").write_text(POLICY + QUOTE, encoding="utf-8")
    team.ok("policy apply team.toml", user="root", now=at(2, "09:00"))
    team.ok("add 一期 --customer 上海精密有限公司 --amount 100", user="li", now=at(2))
    team.ok("customer add 精密（上海）", user="li", now=at(2))
    team.ok("add 二期 --customer C-2 --amount 200", user="li", now=at(2))
    team.ok("submit D-1 quote", user="li", now=at(2, "11:00"))
    team.ok("submit D-2 quote", user="li", now=at(2, "11:00"))
    before = rows(team, "request list"), rows(team, "customer list --sort id"), rows(team, "report funnel")
    both = team("merge D-1 D-2", user="zhou", now=at(2, "12:00"))
    assert (both.code, "waits on both: R-1 and R-2" in both.err) == (5, True)
    team.ok("merge C-1 C-2", user="zhou", now=at(2, "12:00"))
    assert [(row["id"], row["state"]) for row in rows(team, "request list")] == [("R-1", "pending"), ("R-2", "pending")]
    assert {row["customer"] for row in rows(team, "ls")} == {"上海精密有限公司"}
    team.ok("approve R-2", user="wang", now=at(2, "13:00"))
    team.ok("unmerge C-2", user="zhou", now=at(2, "14:00"))
    assert [row["customer"] for row in rows(team, "ls --sort id")] == ["上海精密有限公司", "精密（上海）"]
    states = {row["id"]: row["state"] for row in rows(team, "request list --state pending,approved")}
    assert states == {"R-1": "pending", "R-2": "approved"}
    assert rows(team, "report funnel") == before[2]
    assert [row["name"] for row in rows(team, "customer list --sort id")] == [row["name"] for row in before[1]]
    team.ok("audit verify", user="root")


def test_the_nightly_line_tells_cron_by_its_exit_code_whether_deals_rot(team: InProcess) -> None:
    line = "report stuck --signal rotting --exit-code"
    team.ok("add 泵站 --customer 无锡泵业 --amount 80000", user="li", now=at(2, "09:00"))
    fresh = team(line, user="root", now=at(5, "17:00"))  # 32 business hours: not over yet
    assert (fresh.code, fresh.out) == (0, "")
    night = team(f"{line} --csv", user="root", now=at(6, "09:01"))
    (row,) = csv.DictReader(io.StringIO(night.out))
    assert (night.code, row["deal"], row["owner"], row["signals"]) == (10, "D-1", "li", "rotting")
    assert float(row["idle_hours"]) == pytest.approx(32.02, abs=0.01)
    team.ok("note", "D-1", "电话：还在看", user="li", now=at(6, "10:00"))
    assert team(line, user="root", now=at(6, "22:00")).code == 0
    empty = team(f"{line} --csv", user="root", now=at(6, "22:00"))
    assert (empty.code, empty.out.splitlines()[0].split(",")[0], len(empty.out.splitlines())) == (0, "deal", 1)
