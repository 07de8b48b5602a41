"""Exchange rates: entered, corrected, imported; thresholds in one currency for deals in another; figures in one."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from stages import IN_CHINESE, team_policy

POLICY = team_policy(
    IN_CHINESE,
    """[type.quote]
title = "报价"
when = "amount >= 50万"
material = ["amount"]
[[type.quote.step]]
name = "主管"
who = "user:wang"
sla = "8h"

[[tag]]
name = "大单"
when = "amount >= 50万"
[[tier]]
name = "A"
when = "won_amount_365 >= 50万"
""",
    fallback="user:wang",
    hours='"09:00-17:00"',
    head='language = "zh"\n',
)


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang (admin) and li; a policy in CNY; answers in English."""
    opp = opp_on_both
    Path(opp.folder, "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy policy.toml")
    opp.ok("user add li")
    return opp


def added(team: InProcess, **deals: str) -> None:
    """Deals of li, one for each customer, with these amounts."""
    for customer, amount in deals.items():
        team.ok("add", customer, "--customer", customer, "--amount", amount, user="li")


def test_a_rate_is_entered_and_corrected_by_managers_and_admins_and_taken_back(team: InProcess) -> None:
    assert team.ok("rate add eur cny 7.82").out.splitlines()[0] == "1 EUR = CNY 7.82 since 2026-03-02"
    assert team.ok("rate add EUR CNY 7,820.50 --day 2026-01-01").out.startswith("1 EUR = CNY 7820.5 since 2026-01-01\n")
    assert team.ok("rate add EUR CNY 7.82").out == "1 EUR = CNY 7.82 since 2026-03-02, as before\n"
    corrected = team.ok("rate add EUR CNY 7.83")
    assert corrected.out.splitlines()[0] == "1 EUR = CNY 7.83 since 2026-03-02, not 7.82"
    team.ok("undo")
    assert team.ok("rate list -o csv -c base,currency,day,rate").out.splitlines()[1:] == [
        "EUR,CNY,2026-03-02,7.82",
        "EUR,CNY,2026-01-01,7820.5",
    ]
    assert team.ok("rate list --on 2026-02-01 -o csv -c day").out.splitlines()[1:] == ["2026-01-01"]
    assert team("rate add USD CNY 7", user="li").code == 4
    entries = [each for each in team.ok("export journal -o json").json if each["noun"] == "rate"]
    assert [each["changes"]["rate"] for each in entries] == [
        [None, "7.82"],
        [None, "7820.5"],
        ["7.82", "7.83"],
        ["7.83", "7.82"],
    ]


def test_the_undo_of_a_new_rate_leaves_none(team: InProcess) -> None:
    team.ok("rate add EUR CNY 7.82")
    assert team.ok("undo").out.splitlines()[0] == "no rate of EUR in CNY on 2026-03-02"
    assert team.ok("rate list -o json").json == []
    assert team.ok("rate add EUR CNY 7.9").code == 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("rate add EUR CNX 7", "error: there is no currency CNX; did you mean CNY?"),
        ("rate add EUR EUR 7", "error: a rate is of two currencies; EUR is always 1 EUR"),
        ("rate add EUR CNY 0", "error: a rate is more than 0, not 0"),
        ("rate add EUR CNY much", "error: RATE: 'much' is not a number; write 1234.50"),
    ],
)
def test_what_is_no_rate_is_refused(team: InProcess, line: str, says: str) -> None:
    refused = team(line)
    assert (refused.code, refused.err.splitlines()[0]) == (2, says)


def test_everything_that_is_wrong_with_a_rate_is_told_at_once(team: InProcess) -> None:
    refused = team("rate add EUX CNX 0")
    assert (refused.code, refused.err.count("there is no currency")) == (2, 2)
    assert "a rate is more than 0" in refused.err and "such as EUR" in refused.err


def test_one_threshold_holds_for_deals_in_every_currency_and_without_a_rate_is_never_passed(team: InProcess) -> None:
    added(team, Euro="EUR 63938.62", Less="EUR 63938.61", Yuan="CNY 500000", Pound="GBP 1")
    unknown = team("request submit D-1 quote", user="li")
    assert (unknown.code, "no rate from EUR to CNY" in unknown.err) == (7, True)
    assert "opp rate add EUR CNY …" in unknown.err
    team.ok("rate add EUR CNY 7.82")
    told = [team.ok(f"request submit D-{number} quote", user="li").out.splitlines()[0] for number in (1, 2, 3)]
    assert [line.split(":")[0] for line in told] == ["R-1 submitted", "approval not required", "R-2 submitted"]
    assert team("request submit D-4 quote", user="li").code == 7


def test_a_request_keeps_the_rate_of_its_submit(team: InProcess) -> None:
    added(team, Euro="EUR 70000")
    team.ok("rate add EUR CNY 7.82")
    team.ok("request submit D-1 quote", user="li")
    team.ok("rate add EUR CNY 7 --day 2026-03-03", now="2026-03-03T09:00:00+08:00")
    team.ok("approve R-1", now="2026-03-03T10:00:00+08:00")
    shown = team.ok("request show R-1 -o json", now="2026-03-03T10:00:00+08:00").json
    assert (shown["state"], shown["snapshot"]["rate"]) == ("approved", "7.82")


def test_an_old_rate_is_used_and_told(team: InProcess) -> None:
    added(team, Euro="EUR 70000")
    team.ok("rate add EUR CNY 7.82 --day 2026-01-15")
    answer = team.ok("request submit D-1 quote", user="li")
    assert "warning: the rate from EUR to CNY is of 2026-01-15" in answer.err


def test_conditions_of_lists_and_tags_compare_what_money_is_worth(team: InProcess) -> None:
    team.ok("rate add EUR CNY 7.82")
    added(team, Euro="EUR 100000", Yuan="CNY 100000", Pound="GBP 900000")
    assert team.ok("ls --tag 大单 -o ids").out.split() == ["D-1"]
    many = team.ok("ls -w 'amount >= 50万' -o ids")
    assert (many.out.split(), many.err) == (["D-1"], "note: 1 row without a value to compare left out\n")


def test_a_funnel_counts_each_deal_in_one_currency_and_says_what_it_could_not(team: InProcess) -> None:
    team.ok("rate add EUR CNY 7.8213")
    added(team, A="EUR 1.01", B="EUR 1.01", C="CNY 2", D="GBP 3")
    answer = team.ok("report funnel --in CNY -o csv -c stage,now,amount,currency")
    assert answer.out.splitlines()[1] == "线索,4,17.80,CNY"
    assert answer.err == "note: no rate to CNY is known: deals in GBP are counted, their money is left out\n"
    old = team.ok("report funnel --in CNY -o csv", now="2026-04-03T09:00:00Z")
    assert "note: 2 amounts counted at a rate that was more than 31 days old" in old.err


def test_the_central_banks_file_is_imported_as_it_is_and_again_nothing_is_new(team: InProcess) -> None:
    file = Path(team.folder, "eurofxref-hist.csv")
    file.write_text("Date,USD,JPY,ISK,\n2026-02-27,1.05,160.2,N/A,\n2026-02-26,1.04,,,\n", encoding="utf-8")
    assert "2 created, 0 updated, 0 unchanged" in team.ok("import eurofxref-hist.csv --kind rates").out
    assert "0 created, 0 updated, 2 unchanged" in team.ok("import eurofxref-hist.csv --kind rates").out
    file.write_text("Date,USD\n2026-02-27,1.06\n2026-02-20,x\n", encoding="utf-8")
    corrected = team("import eurofxref-hist.csv --kind rates")
    assert (corrected.code, "0 created, 1 updated, 0 unchanged, 1 rejected" in corrected.out) == (9, True)
    assert team.ok("rate list --of USD -o csv -c base,currency,day,rate").out.splitlines()[1:] == [
        "EUR,USD,2026-02-27,1.06",
        "EUR,USD,2026-02-26,1.04",
    ]


def test_a_file_with_a_row_for_each_rate_is_imported_and_says_what_stands_twice(team: InProcess) -> None:
    rows = "day,base,currency,rate\n2026-03-01,GBP,CNY,9.2\n2026-03-01,GBP,CNY,9.3\n2026-03-01,GBP,GBP,1\n"
    Path(team.folder, "long.csv").write_text(rows, encoding="utf-8")
    answer = team("import long.csv --kind rates")
    assert (answer.code, "1 created" in answer.out) == (9, True)
    rejects = Path(team.folder, "long.csv.rejects.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert ["it is on line 2 already" in rejects[0], "is always 1 GBP" in rejects[1]] == [True, True]


def test_a_file_of_other_columns_says_which_ones_it_would_need(team: InProcess) -> None:
    Path(team.folder, "other.csv").write_text("when,what\n2026-03-01,9\n", encoding="utf-8")
    refused = team("import other.csv --kind rates")
    assert refused.code == 8
    assert refused.err.splitlines()[0] == "error: other.csv has no columns day, base, currency, rate"


@pytest.mark.parametrize(("on", "tier"), [("2026-03-04", ""), ("2026-03-05", "A")])
def test_a_tier_counts_what_was_won_at_the_rate_of_its_day(team: InProcess, on: str, tier: str) -> None:
    team.ok("rate add EUR CNY 7 --day 2026-03-01")
    added(team, Euro="EUR 65000")
    team.ok("rate add EUR CNY 8 --day 2026-03-05", now="2026-03-02T18:00:00+08:00")
    team.ok("win D-1", user="li", now=f"{on}T12:00:00+08:00")
    team.ok("tick", now="2026-03-09T09:00:00+08:00")
    assert team.ok("customer list -o json").json[0]["tier"] == (tier or None)
