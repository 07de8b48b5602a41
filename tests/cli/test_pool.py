"""What goes back to the pool, what is kept from it, and how deals change hands when somebody is away or leaves."""

from typing import Any

import pytest
from begun import begun
from command_line import InProcess
from heard import heard
from pipelines import CHINESE

POLICY = (
    CHINESE
    + """
[type.quote]
needs = ["amount"]
material = ["amount"]
[[type.quote.step]]
name = "主管"
who = "user:max"
[duplicates]
cli = "warn"
rule = [{ name = "撞单", of = "deal", same = ["customer", "product"] }]
[assign]
return = [{ when = "kind == 'lead' and tier != 'A'", after = "30 days", warn = "3 days" }]
protect = { max = 1, days = 30 }
"""
)


def on(month: int, day: int, time: str = "10:00") -> str:
    return f"2026-{month:02}-{day:02}T{time}:00+08:00"


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy policy.toml", user="root", now=on(3, 1))
    for line in ("max --role manager", "li --manager max", "wes --manager max", "bot --role service"):
        opp.ok(f"user add {line}", user="root", now=on(3, 1))
    return opp


def deal(team: InProcess, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = team.ok("deal", "show", f"D-{number}", "-o", "json", user="root", now=on(12, 31)).json
    return found


def tick(team: InProcess, month: int, day: int) -> str:
    return team.ok("tick --no-delivery", user="bot", now=on(month, day)).out


def notices(team: InProcess, kind: str) -> list[tuple[str, str]]:
    found = team.ok("notices list -o json", user="root", now=on(12, 31)).json
    return [(row["to"], row["text"]) for row in found if row["kind"] == kind]


def lead(team: InProcess, *more: str, day: int = 2) -> None:
    team.ok("add", "泵站", "--customer", "无锡泵业", "--set", "tier=B", *more, user="li", now=on(3, day))


def test_a_lead_nobody_touches_goes_back_after_a_warning_with_its_stage_and_history(team: InProcess) -> None:
    """Idle since Mon 2 Mar: warned on 29 March, taken on 1 April."""
    lead(team)
    team.ok("deal edit D-1 --set next_step=发方案 --set next_step_on=2026-05-01", user="li", now=on(3, 2))
    before = tick(team, 3, 28)
    warned = tick(team, 3, 29)
    again = tick(team, 3, 31)
    taken = tick(team, 4, 1)
    assert ("nothing was due" in before, "nothing was due" in again) == (True, True)
    assert "D-1 泵站: li is warned, it goes back on Wed 1 Apr" in warned
    assert "D-1 泵站: owner li → -, idle since Mon 2 Mar" in taken
    assert (deal(team)["owner"], deal(team)["stage"], deal(team)["next_step"]) == (None, "线索", None)
    assert notices(team, "return") == [
        ("li", "D-1 泵站 goes back to the pool on Wed 1 Apr: nobody was in touch"),
        ("li", "D-1 泵站 is in the pool again: idle since Mon 2 Mar"),
    ]
    assert team.ok("ls --owner none --ids", user="wes").out.split() == ["D-1"]


def test_a_lead_without_a_tier_goes_back_where_the_rule_says_so_of_empty_ones(team: InProcess) -> None:
    team.ok("add 泵站 --customer 无锡泵业", user="li", now=on(3, 2))
    assert "nothing was due" in tick(team, 3, 29)
    path = team.folder / "policy.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("and tier != 'A'", "and (tier != 'A' or tier is empty)"), encoding="utf-8")
    team.ok("policy apply policy.toml", user="root", now=on(3, 29))
    assert "it goes back on Wed 1 Apr" in tick(team, 3, 29)


def test_after_a_gap_it_warns_first_and_takes_so_many_days_later(team: InProcess) -> None:
    lead(team)
    told = tick(team, 5, 4)
    assert ("it goes back on Thu 7 May" in told, deal(team)["owner"]) == (True, "li")
    assert "nothing was due" in tick(team, 5, 6)
    assert "owner li → -" in tick(team, 5, 7)


def test_what_a_service_notes_keeps_no_deal_from_the_pool(team: InProcess) -> None:
    lead(team)
    assert "it goes back on Wed 1 Apr" in tick(team, 3, 29)
    team.ok("note", "D-1", "call: reminded", user="bot", now=on(3, 30))
    assert "D-1 泵站: owner li → -" in tick(team, 4, 1)


def test_days_on_which_the_owner_is_away_do_not_count(team: InProcess) -> None:
    """Ten days away in March: warned on 8 April, taken on the 11th."""
    lead(team)
    team.ok("delegate add --start 2026-03-09 --end 2026-03-18", user="li", now=on(3, 8))
    assert "nothing was due" in tick(team, 4, 7)
    assert "it goes back on Sat 11 Apr" in tick(team, 4, 8)
    assert "owner li → -" in tick(team, 4, 11)


def test_a_touch_begins_anew_and_another_owner_is_warned_too(team: InProcess) -> None:
    lead(team)
    tick(team, 3, 29)
    team.ok("deal assign D-1 --to wes", user="li", now=on(3, 30))
    assert "wes is warned, it goes back on Sat 4 Apr" in tick(team, 4, 1)
    team.ok("note D-1 电话：还在看", user="wes", now=on(4, 2))
    assert "nothing was due" in tick(team, 4, 4)
    assert deal(team)["owner"] == "wes"


def test_a_live_request_a_won_deal_and_protection_keep_it(team: InProcess) -> None:
    lead(team, "--amount", "5000")
    team.ok("add 别的 --customer 上海精密 --set tier=B", user="li", now=on(3, 2))
    team.ok("add 旧单 --customer 上海精密 --set tier=A", user="li", now=on(3, 2))
    team.ok("deal win D-3", user="li", now=on(3, 3))
    team.ok("add 受保护 --customer 苏州 --set tier=B", user="li", now=on(3, 2))
    team.ok("claim C-3", user="li", now=on(3, 2))
    team.ok("submit D-1 quote", user="li", now=on(3, 2))
    team.ok("customer protect C-3", user="li", now=on(3, 20))
    told = tick(team, 4, 10)
    assert ("R-1" in told, "warned" in told) == (True, False)


def test_so_many_customers_are_protected_for_so_many_days_from_claims_of_their_deals(team: InProcess) -> None:
    lead(team)
    team.ok("add 二期 --customer 上海精密 --set tier=A", user="li", now=on(3, 2))
    team.ok("claim C-1 C-2", user="li", now=on(3, 2))
    told = team.ok("customer protect C-1", user="li", now=on(3, 2)).out
    twice = team("customer protect C-1", user="li", now=on(3, 3))
    more = team("customer protect C-2", user="li", now=on(3, 3))
    other = team("customer protect C-1 --off", user="wes", now=on(3, 3))
    assert "C-1 无锡泵业 is protected until Wed 1 Apr 00:00" in told
    assert (twice.code, more.code, other.code) == (5, 5, 4)
    assert "C-1  until Wed 1 Apr 00:00" in more.err
    team.ok("deal assign D-1 --to none", user="li", now=on(3, 3))
    refused = team("claim D-1", user="wes", now=on(3, 3))
    assert (refused.code, "protected" in refused.err, "from Wed 1 Apr 00:00" in refused.err) == (5, True, True)
    assert "C-1 无锡泵业 is no longer protected" in tick(team, 4, 1)
    assert notices(team, "protection") == [("li", "C-1 无锡泵业 is no longer protected")]
    team.ok("claim D-1", user="wes", now=on(4, 1))


def test_a_customer_that_becomes_nobodys_is_protected_no_longer(team: InProcess) -> None:
    team.ok("customer add 无锡泵业", user="li", now=on(3, 2))
    team.ok("customer protect C-1", user="li", now=on(3, 2))
    told = team.ok("customer edit C-1 --owner none", user="li", now=on(3, 3)).out
    assert "C-1 无锡泵业 is no longer protected" in told
    team.ok("undo", user="li", now=on(3, 3))
    assert team.ok("customer show C-1 -o json", user="li", now=on(3, 3)).json["protected_until"] is not None
    team.ok("customer edit C-1 --owner none", user="li", now=on(3, 3))
    team.ok("claim C-1", user="wes", now=on(3, 4))
    assert team.ok("customer show C-1 -o json", user="wes", now=on(3, 4)).json["owner"] == "wes"


def test_a_protection_is_not_got_round_by_a_twin_of_the_customer(team: InProcess) -> None:
    twins = POLICY.replace("rule = [{ name", 'rule = [{ name = "同名", of = "customer", same = ["name"] }, { name', 1)
    (team.folder / "policy.toml").write_text(twins, encoding="utf-8")
    team.ok("policy apply policy.toml", user="root", now=on(3, 1))
    team.ok("customer add 无锡泵业", user="li", now=on(3, 2))
    team.ok("customer protect C-1", user="li", now=on(3, 2))
    team.ok("customer add 无锡泵业有限公司 --owner none", user="max", now=on(3, 2))
    team.ok("add 泵 --customer C-2 --owner none", user="max", now=on(3, 2))
    refused = [team(f"claim {thing}", user="wes", now=on(3, 3)) for thing in ("C-2", "D-1")]
    assert [(each.code, "protected" in each.err, "Wed 1 Apr 00:00" in each.err) for each in refused] == [
        (5, True, True)
    ] * 2
    team.ok("claim C-2", user="li", now=on(3, 3))
    team.ok("undo", user="li", now=on(3, 3))
    team.ok("dupes keep C-1 C-2 -m '两家公司'", user="max", now=on(3, 4))
    team.ok("claim C-2 D-1", user="wes", now=on(3, 4))


def test_a_handover_is_taken_with_its_card_or_sent_back(team: InProcess) -> None:
    lead(team)
    bare = team("deal assign D-1 --to wes --handover", user="li", now=on(3, 3))
    told = team.ok("deal assign D-1 --to wes --handover -m 合同在法务", user="li", now=on(3, 3)).out
    twice = team("deal assign D-1 --to max --handover -m x", user="li", now=on(3, 3))
    assert (bare.code, twice.code, "T-1" in told, deal(team)["owner"]) == (2, 5, True, "li")
    team.ok("task decline T-1 -m 太忙", user="wes", now=on(3, 4))
    assert deal(team)["owner"] == "li"
    team.ok("deal assign D-1 --to wes --handover -m 合同在法务", user="li", now=on(3, 5))
    task = next(row for row in team.ok("export tasks -o json", user="root").json if row["id"] == "T-2")
    assert ("泵站" in task["extra"]["card"], len(task["extra"]["sha256"])) == (True, 64)
    team.ok("done T-2", user="wes", now=on(3, 6))
    assert deal(team)["owner"] == "wes"
    team.ok("undo", user="wes", now=on(3, 6))
    assert deal(team)["owner"] == "li"


def test_a_deal_that_was_won_before_its_handover_was_taken_stays_whose_it_is(team: InProcess) -> None:
    lead(team, "--amount", "5000")
    team.ok("deal assign D-1 --to wes --handover -m 合同在法务", user="li", now=on(3, 3))
    team.ok("win D-1", user="li", now=on(3, 4))
    refused = team("done T-1", user="wes", now=on(3, 5))
    assert (refused.code, "D-1 is won and locked" in refused.err, deal(team)["owner"]) == (4, True, "li")
    team.ok("task decline T-1 -m 已赢单", user="wes", now=on(3, 5))


def test_a_seller_who_leaves_on_a_friday_leaves_nothing_behind(team: InProcess) -> None:
    """Deals, customers, tasks, seats and promises go to wes; what was due on Monday is due on Monday."""
    lead(team, "--amount", "5000")
    team.ok("claim C-1", user="li", now=on(3, 3))
    team.ok("note", "D-1", "电话：预算已批 -> 2026-03-09 发方案", user="li", now=on(3, 5))
    team.ok("task add 整理样机 --to li --due 2026-03-10", user="max", now=on(3, 5))
    told = team.ok("user deactivate li --successor wes", user="root", now=on(3, 6, "17:00")).out
    assert "1 open deal of li goes to wes: D-1" in told
    assert "1 customer of li goes to wes: C-1" in told
    assert "1 open task of li goes to wes: T-2" in told
    monday = team.ok("next -o json", user="wes", now=on(3, 9)).json
    assert {(row["ref"], row["due"][:10]) for row in monday if row["due"]} == {("T-1", "2026-03-09")}
    tasks = team.ok("task list -o json", user="wes", now=on(3, 9)).json
    assert {(row["id"], row["due"], row["moves"]) for row in tasks} == {
        ("T-1", "2026-03-09", 0),
        ("T-2", "2026-03-10", 0),
    }
    customers = team.ok("export customers -o json", user="root").json
    assert [row["owner"] for row in customers] == ["wes"]


def test_without_a_successor_everything_is_named(team: InProcess) -> None:
    lead(team)
    team.ok("claim C-1", user="li", now=on(3, 3))
    team.ok("task add 整理样机 --to li", user="max", now=on(3, 5))
    told = team.ok("user deactivate li", user="root", now=on(3, 6)).out
    assert "1 customer of li waits for a new owner: C-1; opp customer edit CUSTOMER --owner LOGIN" in told
    assert "1 open task of li waits for somebody else: T-1; opp task edit TASK --to LOGIN" in told


def test_two_sellers_on_one_customer_are_told_once_and_one_of_them_hands_over(team: InProcess) -> None:
    lead(team, "--set", "product=MES")
    team.ok("add 泵站二 --customer 无锡泵业 --set product=MES", user="wes", now=on(3, 3))
    conflict = team.ok("task list -o json", user="max", now=on(3, 3)).json
    assert [(row["id"], row["kind"], row["assignee"]) for row in conflict] == [("T-1", "conflict", "max")]
    assert {to for to, _ in notices(team, "conflict")} == {"li", "wes"}
    team.ok("deal assign D-2 --to li --handover -m 同一个项目", user="wes", now=on(3, 4))
    team.ok("done T-2", user="li", now=on(3, 4))
    assert [deal(team, number)["owner"] for number in (1, 2)] == ["li", "li"]


def test_who_stands_in_sees_the_worklist_of_who_is_away(team: InProcess) -> None:
    lead(team)
    team.ok("note", "D-1", "电话：预算已批 -> 2026-03-09 发方案", user="li", now=on(3, 5))
    team.ok("delegate add --to wes --start 2026-03-09 --end 2026-03-13", user="li", now=on(3, 6))
    before = team.ok("next -o json", user="wes", now=on(3, 8)).json
    during = team.ok("next", user="wes", now=on(3, 9)).out
    assert before == []
    assert ("发方案" in during, "for li" in during) == (True, True)


def test_an_absence_is_of_everything_and_names_nobody(team: InProcess) -> None:
    told = team.ok("delegate add --end 2026-03-10", user="li", now=on(3, 2)).out
    limited = team("delegate add --end 2026-03-20 --type quote", user="wes", now=on(3, 2))
    assert ("G-1: li is away from" in told, limited.code, "--to" in limited.err) == (True, 7, True)
    assert team.ok("delegate list", user="li", now=on(3, 3)).out.count("G-1") == 1
    assert "li is no longer away" in team.ok("delegate end G-1", user="li", now=on(3, 4)).out


def test_a_lead_may_be_added_for_nobody(team: InProcess) -> None:
    team.ok("add Free --customer Nobodys --owner none", user="li")
    assert [row["title"] for row in team.ok("ls --owner none --json", user="li").json if row["title"] == "Free"] == [
        "Free"
    ]


def test_by_rule_merges_what_is_surely_one_first_counts_it_and_leaves_what_may_be(team: InProcess) -> None:
    path = team.folder / "policy.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        '{ name = "撞单", of = "deal"',
        '{ name = "同号", of = "deal", same = ["title", "product"], sure = true }, { name = "撞单", of = "deal"',
    )
    rule = 'rule = [{ name = "都", to = ["user:li", "user:wes"], by = "turn" }]\n'
    path.write_text(text.replace("[assign]\n", f"[assign]\n{rule}"), encoding="utf-8")
    team.ok("policy apply policy.toml", user="root", now=on(3, 1))
    for title, product in (("泵站", "A"), ("泵站", "A"), ("电梯", "B"), ("电梯二", "B")):
        flags = ["--customer", "无锡泵业", "--set", f"product={product}", "--owner", "li"]
        team.ok("add", title, *flags, user="li", now=on(3, 2))
    team.ok("deal assign D-1 D-2 D-3 D-4 --to none", user="max", now=on(3, 2))
    told = team.ok("deal assign --by-rule", user="max", now=on(3, 3)).out
    assert "1 pair merged that was surely one" in told
    assert "D-2 泵站 merged into D-1 泵站" in told
    assert "left, for they may be one with another: D-3, D-4; opp dupes list" in told
    assert [deal(team, number)["owner"] for number in (1, 3, 4)] == ["li", None, None]


def test_a_claim_sends_few_statements(team: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(team)
    team.ok("deal assign D-1 --to none", user="li", now=on(3, 2))
    said = heard(monkeypatch)
    team.ok("claim D-1", user="wes", now=on(3, 3))
    asked = [statement for statement in said if statement.lstrip().startswith("SELECT")]
    assert len(asked) <= 14, "\n".join(asked)


def test_what_was_withdrawn_is_refused_as_that_whosever_it_was(opp_on_both: InProcess) -> None:
    opp_on_both.ok("init --template blank --lang en")
    opp_on_both.ok("user add li")
    opp_on_both.ok("add A --customer Acme")
    opp_on_both.ok("withdraw D-1 -m mistyped")
    refused = opp_on_both("claim D-1", user="li")
    assert (refused.code, refused.err) == (5, "error: D-1 was withdrawn\nhint: opp restore D-1\n")
