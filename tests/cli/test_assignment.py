"""Whose a deal becomes: by the rules of the policy, out of the pool, and back into it."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from begun import begun
from command_line import InProcess, Process
from pipelines import CHINESE

POLICY = (
    CHINESE
    + """
[roles]
east = ["li", "wes", "zhou"]
[assign]
person.li = { capacity = 3, per_day = 2, when = "product == 'MES'" }
pool = { claim_per_day = 2, hold = "24h", cooldown = "14 days" }
[[assign.rule]]
name = "华东A"
when = "region == '华东' and tier == 'A'"
unless = "source == '渠道'"
to = ["role:east"]
by = "turn"
capacity = 40
[[assign.rule]]
name = "老客户"
when = "source == '复购'"
by = "customer"
[[assign.rule]]
name = "公海"
when = "source == '展会'"
by = "pool"
"""
)
TIERED = """[[assign.rule]]
name = "老朋友"
when = "source == '广告' and customer_won_deals >= 1 and contacts == 0 and touches_30d == 0 and completeness >= 0"
to = ["user:zhou"]
[[tier]]
name = "A"
when = "won_amount_365 > 0"
"""


def day(number: int, time: str = "10:00") -> str:
    return f"2026-03-{number:02}T{time}:00+08:00"


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy policy.toml", user="root", now=day(1))
    for line in (
        "max --role manager",
        "li --manager max",
        "wes --manager max",
        "zhou --manager max",
        "pia",
        "bot --role service",
    ):
        opp.ok(f"user add {line}", user="root", now=day(1))
    return opp


def lead(team: InProcess, title: str, *more: str, user: str = "pia", now: str = day(2), region: str = "华东") -> str:
    """The number of a new lead that no owner was named for."""
    flags = ["--set", f"region={region}", "--set", "tier=A", *more]
    return team.ok("add", title, *flags, "-q", user=user, now=now).out.strip()


def owner(team: InProcess, deal: str) -> str | None:
    found: dict[str, Any] = team.ok("deal", "show", deal, "-o", "json", user="root", now=day(31)).json
    login: str | None = found["owner"]
    return login


def tenures(team: InProcess, deal: str) -> list[tuple[Any, ...]]:
    """(Owner, how) of what is stored."""
    with closing(sqlite3.connect(team.db)) as file:
        sql = "SELECT owner, how FROM tenure WHERE deal_id = ? ORDER BY number"
        return file.execute(sql, (int(deal[2:]),)).fetchall()


def test_turns_go_round_by_whose_was_longest_ago_also_within_one_instant(team: InProcess) -> None:
    """li takes MES only, and two a day."""
    got = [owner(team, lead(team, f"线索{n}")) for n in range(5)]
    assert got == ["wes", "zhou", "wes", "zhou", "wes"]
    mes = [owner(team, lead(team, f"产线{n}", "--set", "product=MES")) for n in range(4)]
    assert mes == ["li", "zhou", "wes", "li"], "who never had one first, and then in turn"
    assert owner(team, lead(team, "产线", "--set", "product=MES")) == "zhou"
    assert owner(team, lead(team, "产线", "--set", "product=MES")) == "wes"
    assert owner(team, lead(team, "产线", "--set", "product=MES")) == "zhou", "li was given two today"


def test_who_comes_back_gets_one_turn_and_not_all_that_were_missed(team: InProcess) -> None:
    first = [owner(team, lead(team, f"线索{n}")) for n in range(2)]
    team.ok("delegate add --end 2026-03-07", user="wes", now=day(2, "11:00"))
    away = [owner(team, lead(team, f"四月{n}", now=day(4))) for n in range(3)]
    back = [owner(team, lead(team, f"九日{n}", now=day(9))) for n in range(4)]
    assert (first, away, back) == (["wes", "zhou"], ["zhou"] * 3, ["wes", "zhou", "wes", "zhou"])


def test_where_no_rule_is_true_it_stays_with_who_captured_it_and_an_owner_is_an_owner(team: InProcess) -> None:
    assert owner(team, lead(team, "西区", region="西南")) == "pia"
    named = team.ok("add 指定 --set region=华东 --set tier=A --owner li -q", user="pia", now=day(2)).out.strip()
    assert (owner(team, named), tenures(team, named)) == ("li", [])
    assert owner(team, lead(team, "服务", region="西南", user="bot")) is None


def test_the_customers_owner_gets_what_is_its_and_the_pool_rule_gives_it_to_nobody(team: InProcess) -> None:
    team.ok("add 一期 --customer 上海精密 --owner wes", user="root", now=day(2))
    again = team.ok("add 二期 --customer 上海精密 --source 复购 -q", user="pia", now=day(3)).out.strip()
    assert (owner(team, again), tenures(team, again)) == ("wes", [("wes", "rule:老客户")])
    fresh = team.ok("add 新客户 --customer 无锡泵业 --source 复购", user="pia", now=day(3)).out
    assert "nobody's yet: rule 老客户" in fresh
    fair = team.ok("add 展会 --source 展会", user="pia", now=day(3)).out
    assert "nobody's yet: rule 公海 leaves it to the pool" in fair


def test_explain_says_the_rule_and_why_not_whom(team: InProcess) -> None:
    deal = lead(team, "西区", region="西南")
    team.ok("deal", "edit", deal, "--set", "region=华东", user="pia", now=day(2))
    team.ok("user deactivate wes", user="root", now=day(2))
    team.ok("delegate add --end 2026-03-07", user="zhou", now=day(2))
    said = team.ok("deal", "assign", deal, "--by-rule", "--explain", user="max", now=day(3)).out.splitlines()
    assert said[0].startswith(f"would be: {deal} 西区 stays pia's: rule 华东A: nobody may take it (li only takes")
    assert [line.strip() for line in said if line.strip().startswith(("li", "wes", "zhou"))] == [
        "li: only takes: product == 'MES'",
        "wes: is not active",
        "zhou: is away today",
    ]


def test_by_rule_without_a_deal_takes_all_that_are_nobodys_and_only_managers_may(team: InProcess) -> None:
    first, second = (lead(team, f"线索{n}") for n in range(2))
    team.ok("deal", "assign", first, second, "--to", "none", user="max", now=day(3))
    refused = team("deal assign --by-rule", user="pia", now=day(3))
    told = team.ok("deal assign --by-rule", user="max", now=day(3)).out.splitlines()
    assert refused.code == 4
    assert [line for line in told if "by rule 华东A" in line] == [
        f"{first} 线索0: owner - → wes, by rule 华东A",
        f"{second} 线索1: owner - → zhou, by rule 华东A",
    ]


def test_unless_takes_a_deal_away_again_by_tick(team: InProcess) -> None:
    deal = lead(team, "线索")
    assert owner(team, deal) == "wes"
    team.ok("deal", "edit", deal, "--source", "渠道", user="wes", now=day(3))
    team.ok("tick --no-delivery", user="bot", now=day(3, "11:00"))
    assert owner(team, deal) is None
    assert tenures(team, deal) == [("wes", "rule:华东A"), (None, "return")]
    assert "nothing was due" in team.ok("tick --no-delivery", user="bot", now=day(3, "12:00")).out


def test_tick_gives_out_what_came_without_an_owner_and_leaves_the_pool_alone(team: InProcess) -> None:
    team.ok("user deactivate wes", user="root", now=day(1))
    team.ok("delegate add --end 2026-03-04", user="zhou", now=day(2))
    waiting = lead(team, "没有人")
    assert owner(team, waiting) is None
    given = lead(team, "退回", "--owner", "zhou")
    team.ok("deal", "assign", given, "--to", "none", user="max", now=day(3))
    assert "nothing was due" in team.ok("tick --no-delivery", user="bot", now=day(3)).out
    told = team.ok("tick --no-delivery", user="bot", now=day(6)).out
    assert f"{waiting} 没有人: owner - → zhou, by rule 华东A" in told
    assert (owner(team, waiting), owner(team, given)) == ("zhou", None)
    (notice,) = [row for row in team.ok("notices list -o json", user="root").json if row["kind"] == "assigned"]
    assert (notice["to"], notice["text"]) == ("zhou", f"{waiting} 没有人 is yours now, by rule 华东A")


def test_a_claim_is_refused_with_the_rule_and_the_instant_from_which_it_is_allowed(team: InProcess) -> None:
    deal = lead(team, "公海单", "--owner", "wes")
    team.ok("deal", "assign", deal, "--to", "none", user="wes", now=day(3))
    held = team("claim", deal, user="zhou", now=day(4, "09:00"))
    assert (held.code, "hold" in held.err, "D-1 may be claimed from Fri 6 Mar 10:00" in held.err) == (5, True, True)
    own = team("claim", deal, user="wes", now=day(6, "10:00"))
    assert (own.code, "cooldown" in own.err, "from Tue 17 Mar 00:00" in own.err) == (5, True, True)
    team.ok("claim", deal, user="zhou", now=day(6, "10:00"))
    assert tenures(team, deal) == [("wes", "add"), (None, "assign"), ("zhou", "claim")]


@pytest.mark.parametrize(
    "line",
    [
        "deal assign D-1 --to wes",
        "deal edit D-1 --owner wes",
        "deal assign D-1 --to wes --handover -m mine",
    ],
)
def test_no_way_out_of_the_pool_leads_past_its_rules_but_by_a_manager(team: InProcess, line: str) -> None:
    deal = lead(team, "公海单", "--owner", "wes")
    team.ok("deal", "assign", deal, "--to", "none", user="wes", now=day(3))
    own, friend = team(line, user="wes", now=day(6, "10:00")), team(line, user="zhou", now=day(6, "10:00"))
    assert [(told.code, "from Tue 17 Mar 00:00" in told.err) for told in (own, friend)] == [(5, True)] * 2
    team.ok(line, user="max", now=day(6, "10:00"))
    if "handover" in line:
        assert team.ok("done T-1", user="wes", now=day(6, "11:00")).code == 0
    assert tenures(team, deal)[-1] == ("wes", "assign")


def test_who_is_to_take_a_deal_over_reads_its_card_line_by_line(team: InProcess) -> None:
    deal = lead(team, "公海单", "--owner", "wes")
    team.ok("deal", "assign", deal, "--to", "zhou", "--handover", "-m", "one\ntwo", user="wes", now=day(3))
    kept = team.ok("show T-1 -o json", user="zhou", now=day(3)).json
    told = team.ok("show T-1 -o plain", user="zhou", now=day(3)).out
    card = kept["extra"]["card"].splitlines()
    assert told.splitlines()[-len(card) - 1 :] == ["the card as it was:", *(f"  {line}" for line in card)]
    assert r"\n" not in told.replace(r"one\ntwo", "")


def test_what_is_handed_over_and_given_back_meanwhile_is_the_pools(team: InProcess) -> None:
    deal = lead(team, "公海单", "--owner", "wes")
    team.ok("deal", "assign", deal, "--to", "zhou", "--handover", "-m", "x", user="wes", now=day(3))
    team.ok("deal", "assign", deal, "--to", "none", user="wes", now=day(3))
    held = team("done T-1", user="zhou", now=day(4, "09:00"))
    assert (held.code, "from Fri 6 Mar 10:00" in held.err) == (5, True)
    team.ok("done T-1", user="zhou", now=day(6, "10:00"))
    assert tenures(team, deal) == [("wes", "add"), (None, "assign"), ("zhou", "claim")]


def test_where_nobody_is_there_to_ask_it_is_said_and_nothing_is_taken_away(team: InProcess) -> None:
    path = team.folder / "policy.toml"
    text = path.read_text(encoding="utf-8").replace('east = ["li", "wes", "zhou"]', "east = []")
    path.write_text(text, encoding="utf-8")
    team.ok("policy apply policy.toml", user="root", now=day(2))
    said = team.ok("add 一 --set region=华东 --set tier=A", user="pia", now=day(2)).out
    assert "nobody's yet: rule 华东A: there is nobody in role:east" in said
    team.ok("add 二 --owner pia --set region=华东 --set tier=A", user="pia", now=day(2))
    kept = team.ok("deal assign D-2 --by-rule", user="max", now=day(2)).out
    assert (kept, owner(team, "D-2")) == ("D-2 二 stays pia's: rule 华东A: there is nobody in role:east\n", "pia")
    repeat = team.ok("add 三 --set source=复购", user="pia", now=day(2)).out
    assert "nobody's yet: rule 老客户: its customer is nobody's" in repeat


def test_claims_of_a_day_and_capacity_are_counted(team: InProcess) -> None:
    numbers = [lead(team, f"单{n}", "--owner", "wes") for n in range(4)]
    team.ok("deal", "assign", *numbers, "--to", "none", user="wes", now=day(3))
    team.ok("claim", *numbers[:2], user="pia", now=day(9))
    for line in ("claim {}", "deal assign {} --to pia"):
        third = team(line.format(numbers[2]), user="pia", now=day(9, "11:00"))
        assert (third.code, "claim_per_day" in third.err, "from Tue 10 Mar 00:00" in third.err) == (5, True, True)
    team.ok("claim", numbers[2], user="pia", now=day(10))
    for n in range(3):
        team.ok("add", f"自己{n}", "--owner", "li", user="li", now=day(9))
    full = team("claim", numbers[3], user="li", now=day(10))
    assert (full.code, "capacity  has 3 of 3 live deals" in full.err) == (5, True)


def test_a_customer_is_claimed_too_and_quiet_days_are_kept(team: InProcess) -> None:
    team.ok("customer add 上海精密 --owner none", user="root", now=day(2))
    team.ok("add 一期 --customer 上海精密 --owner wes", user="root", now=day(2))
    with closing(sqlite3.connect(team.db)) as file, file:
        file.execute("UPDATE customer SET quiet_until = '2026-03-20'")
    quiet = team("claim C-1", user="pia", now=day(9))
    assert (quiet.code, "quiet_until" in quiet.err, "from Fri 20 Mar 00:00" in quiet.err) == (5, True, True)
    told = team.ok("claim C-1", user="pia", now=day(20)).out
    assert "C-1 上海精密: owner - → pia" in told
    taken = team("claim C-1", user="wes", now=day(21))
    assert (taken.code, "C-1 is pia's since Fri 20 Mar 10:00" in taken.err) == (5, True)


def test_undo_gives_a_claim_back_as_a_whole(team: InProcess) -> None:
    deal = lead(team, "公海单", "--owner", "wes")
    team.ok("deal", "assign", deal, "--to", "none", user="wes", now=day(3))
    team.ok("claim", deal, user="pia", now=day(9))
    team.ok("undo", user="pia", now=day(9, "11:00"))
    assert (owner(team, deal), tenures(team, deal)) == (None, [("wes", "add"), (None, "assign")])
    again = team.ok("claim", deal, "-o", "json", user="zhou", now=day(9, "12:00")).json
    assert again["verb"] == "claim"


def test_a_service_claims_nothing(team: InProcess) -> None:
    deal = lead(team, "公海单", "--owner", "wes")
    team.ok("deal", "assign", deal, "--to", "none", user="wes", now=day(3))
    assert team("claim", deal, user="bot", now=day(9)).code == 4


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(team: InProcess, opp_process: Process) -> None:
    deal = lead(team, "公海单", "--owner", "wes")
    team.ok("deal", "assign", deal, "--to", "none", user="wes", now=day(3))
    people = ["pia", "zhou", "li", "max"]
    started = [opp_process.start("claim", deal, "-o", "json", user=login, now=day(9)) for login in people]
    ended = [each.communicate(timeout=60) for each in started]
    codes = sorted(each.returncode for each in started)
    winner = owner(team, deal)
    refusals = [
        json.loads(err)["error"]["message"] for each, (_, err) in zip(started, ended, strict=True) if each.returncode
    ]
    assert codes == [0, 5, 5, 5]
    assert {text.partition(" since")[0] for text in refusals} == {f"{deal} is {winner}'s"}


def test_the_list_of_the_pool_is_what_is_nobodys(team: InProcess) -> None:
    first, second = (lead(team, f"单{n}", "--owner", "wes") for n in range(2))
    team.ok("deal", "assign", first, "--to", "none", user="wes", now=day(3))
    nobodys = team.ok("ls --owner none --ids", user="pia", now=day(3)).out.split()
    somebodys = team.ok("ls --owner !none --ids", user="pia", now=day(3)).out.split()
    both = team.ok("ls --owner none,wes --ids", user="pia", now=day(3)).out.split()
    assert (nobodys, somebodys, both) == ([first], [second], [first, second])


def test_who_added_a_lead_takes_it_back_although_a_rule_gave_it_to_another(team: InProcess) -> None:
    told = team.ok("add 错的 --set region=华东 --set tier=A", user="pia", now=day(2)).out
    assert ("wes's by rule 华东A" in told, "Undo: opp undo" in told) == (True, True)
    team.ok("undo", user="pia", now=day(2, "11:00"))
    assert "D-1" not in team.ok("ls --any --ids", user="root", now=day(2)).out


def test_a_file_that_names_another_owner_goes_on_with_the_history_of_owners(team: InProcess) -> None:
    (team.folder / "m.toml").write_text(
        'system = "alt"\n[fields]\nexternal_id = "id"\ntitle = "title"\n'
        'stage = { constant = "线索" }\nowner = "owner"\n',
        encoding="utf-8",
    )
    for who in ("li", "wes"):
        (team.folder / "d.csv").write_text(f"id,title,owner\n7,旧单,{who}\n", encoding="utf-8")
        team.ok("import d.csv --mapping m.toml", user="root", now=day(3))
    assert (owner(team, "D-1"), tenures(team, "D-1")) == ("wes", [("li", "import"), ("wes", "import")])


def test_unless_takes_a_deal_away_by_rule_too_and_explain_says_which_rule_leaves_it_out(team: InProcess) -> None:
    fresh = lead(team, "渠道线索", "--source", "渠道")
    assert owner(team, fresh) == "pia", "no rule is true of it"
    deal = lead(team, "线索")
    team.ok("deal", "edit", deal, "--source", "渠道", user="wes", now=day(3))
    said = team.ok("deal", "assign", deal, "--by-rule", "--explain", user="max", now=day(3, "11:00")).out
    assert f"{deal} 线索: owner wes → -, for its rule holds no longer" in said
    assert f"{deal}: not by rule 华东A, unless source == '渠道'" in said
    team.ok("deal", "assign", deal, "--by-rule", user="max", now=day(3, "11:00"))
    assert tenures(team, deal) == [("wes", "rule:华东A"), (None, "return")]


def test_at_capture_the_rules_read_the_tier_of_the_customer_and_how_it_was_dealt_with(team: InProcess) -> None:
    rules = POLICY.replace('[[assign.rule]]\nname = "老客户"', TIERED + '[[assign.rule]]\nname = "老客户"', 1)
    (team.folder / "policy.toml").write_text(rules, encoding="utf-8")
    team.ok("policy apply policy.toml", user="root", now=day(2))
    team.ok("add 一期 --customer 上海精密 --owner wes --amount 900000", user="root", now=day(2))
    team.ok("advance D-1 --to 赢单", user="root", now=day(3))
    assert team.ok("customer show C-1 -o json", user="root", now=day(3)).json["tier"] == "A"
    second = team.ok("add 二期 --customer 上海精密 --set region=华东 -q", user="pia", now=day(4)).out.strip()
    assert owner(team, second) == "wes", "first in turn of 华东A: its customer is an A"
    again = team.ok("add 三期 --customer 上海精密 --source 广告 -q", user="pia", now=day(4)).out.strip()
    assert (owner(team, again), tenures(team, again)) == ("zhou", [("zhou", "rule:老朋友")])
    other = team.ok("add 新的 --customer 无锡泵业 --source 广告 -q", user="pia", now=day(4)).out.strip()
    assert owner(team, other) == "pia", "nothing of this customer is won"
