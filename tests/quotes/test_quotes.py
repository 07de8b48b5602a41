"""Prices and quotes as people type them: the stories of docs/quotes.md, on both engines."""

import os
import re
import sqlite3
import sys
from contextlib import closing
from subprocess import PIPE, Popen
from time import sleep

import pytest
from begun import begun
from command_line import Answer, InProcess
from stages import team_policy

from oppcli import policy, store
from oppcli.reads.paper_check import results
from oppcli.store.queries import policy_text

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
[[stage]]
name = "Talks"
enter = ["quote.margin >= 20"]
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[quote]
approval = "quote"
taxes = [13, 6]
strict = ["Q2"]
[type.quote]
needs = ["quote", "quote.margin"]
material = ["quote"]
[[type.quote.step]]
name = "Manager"
who = "user:boss"
when = "quote.below_floor > 0 or quote.margin < 35"
[gate]
Talks = ["quote"]
""",
    fallback="user:boss",
)
LINES = """sku,item,qty,unit,price,discount,tax,cost,note
P-100,,12,,,15,,,
,Installation,1,,30000,,6,18000,by us
,Rebate,1,,-3600,,13,,
"""
FIRST, LATER = "2026-03-02T09:00:00+08:00", "2026-04-03T09:00:00+08:00"


class Team:
    """boss, who sets prices and approves, and li, who sells."""

    def __init__(self, opp: InProcess, policy: str = POLICY) -> None:
        self.opp, self.now = opp, FIRST
        (opp.folder / "policy.toml").write_text(policy, encoding="utf-8")
        (opp.folder / "lines.csv").write_text(LINES, encoding="utf-8")
        self("root", "init --policy policy.toml")
        self("root", "user add boss --role manager")
        self("root", "user add li --manager boss")
        self(
            "boss", "price set P-100 --name Spindle --list 68000 --floor 57000 --cost 41000 --tax 13 --from 2026-01-01"
        )
        self("li", "add 'Line 3' --customer Acme")

    def __call__(self, who: str, line: str) -> Answer:
        return self.opp.ok(line, user=who, now=self.now)

    def no(self, who: str, line: str, code: int) -> str:
        answer = self.opp(line, user=who, now=self.now)
        assert answer.code == code, f"{line} -> {answer.code}\n{answer.err}{answer.out}"
        return answer.err

    def deal(self, *names: str) -> list[object]:
        found = self("li", "deal list --all -o json").json[0]
        return [found[name] for name in names]


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> Team:
    return Team(opp_on_both)


def test_a_quote_writes_what_it_comes_to_to_its_deal_and_nobody_else_does(team: Team) -> None:
    told = team("li", "quote set D-1 lines.csv").out
    assert "Q-1.1: 3 lines, net CNY 720,000.00, gross CNY 811,500.00, discount 14.8936 %, margin 29.1667 %" in told
    assert team.deal("amount", "discount", "margin") == ["720000.00", 14.8936, 29.1667]
    for typed in ("amount=5", "discount=1", "margin=3", "currency=EUR"):
        assert "from its quote Q-1" in team.no("li", f"deal edit D-1 --set {typed}", 5)
    team("li", "deal edit D-1 --set product=MES")


def test_ten_edits_are_one_change_and_trying_voids_nothing(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "submit D-1 quote")
    team("boss", "approve R-1")
    for off in range(16, 20):
        assert "Q-1.2" in team("li", f"quote line D-1 1 --discount {off}").out
    assert team.deal("amount") == ["720000.00"]
    assert team("li", "request list -c id,state -o json").json == [{"id": "R-1", "state": "approved"}]
    told = team("li", "quote use D-1").out
    assert "R-1 quote: approved → invalidated" in told
    assert team.deal("discount") == [18.7518]
    states = [row["state"] for row in team("li", "quote list --all -o json").json]
    assert states == ["replaced", "in_effect"]
    assert [row["version"] for row in team("li", "quote list --state replaced -o json").json] == [1]


def test_the_gate_asks_for_the_quote_its_margin_and_its_approval(team: Team) -> None:
    refused = team.no("li", "submit D-1 quote", 7)
    assert "no line" in refused and refused.count("opp quote line D-1") == 1
    team("li", "quote line D-1 --item Work --price 100 --tax 6")
    assert "quote Q2 line 1" in team.no("li", "submit D-1 quote", 7)
    assert team.no("li", "quote send D-1 Q-1.html", 7).count("quote Q2 line 1") == 1
    team("li", "quote line D-1 1 --cost 90")
    team("li", "advance D-1")
    told = team("li", "gate D-1 -o json").json
    assert [row["needs"] for row in told] == ["quote.margin >= 20", "approval quote"]
    team("li", "quote line D-1 1 --cost 60")
    assert team("li", "gate D-1 -o json").json == []


def test_a_listed_line_without_a_cost_is_mended_at_the_price_list_and_then_by_its_new_price(team: Team) -> None:
    team("boss", "price set C-1 --list 100 --tax 13")
    team("li", "quote line D-1 --sku C-1")
    assert "opp price set C-1 --cost …" in team.no("li", "submit D-1 quote", 7)
    team("boss", "price set C-1 --cost 60")
    assert "opp quote edit D-1 --reprice" in team.no("li", "submit D-1 quote", 7)
    team("li", "quote edit D-1 --reprice")
    team("li", "submit D-1 quote")


def test_only_what_was_approved_is_sent_and_what_was_accepted_never_expires(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    assert "approval quote" in team.no("li", "quote send D-1 Q-1.html", 7)
    team("li", "submit D-1 quote")
    team("boss", "approve R-1")
    team("li", "quote send D-1 Q-1.html")
    page = (team.opp.folder / "Q-1.html").read_text("utf-8")
    assert "811,500.00" in page and "57,800.00" in page
    assert not any(secret in page for secret in ("68,000", "57,000.00", "41,000", "by us", "29.1667"))
    assert "opp contact add 王工 --customer C-1" in team.no("li", "quote send D-1 again.html --to 王工", 3)
    team("li", "contact add 王工 --customer Acme")
    team("li", "contact add 王工 --customer Other")
    assert "Q-1.1 sent to P-1" in team("li", "quote send D-1 again.html --to 王工").out
    assert (team.opp.folder / "again.html").read_text("utf-8") == page
    files = team("li", "export files -o json").json
    assert [file["kind"] for file in files] == ["quote"]
    assert team("li", "quote list -o json").json[0]["state"] == "sent"
    team.now = LATER
    assert team("li", "quote list -o json").json[0]["state"] == "expired"
    assert "say why it still counts" in team.no("li", "quote accept D-1", 2)
    team("li", "quote accept D-1 --on 2026-04-01")
    assert team("li", "quote list -o json").json[0]["state"] == "accepted"
    assert "was accepted on 2026-04-01" in team.no("li", "quote accept D-1", 5)
    assert "approval" not in team("li", "gate D-1").out


def test_what_rests_on_an_expired_quote_is_neither_approved_nor_sent_nor_passes(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "submit D-1 quote")
    team.now = LATER
    assert "was valid until 2026-04-01" in team.no("boss", "approve R-1", 7)
    team.now = FIRST
    team("boss", "approve R-1")
    team.now = LATER
    assert "was valid until 2026-04-01" in team.no("li", "quote send D-1 Q.md", 7)
    assert "rests on a quote" in team("li", "gate D-1 --to Talks").out


@pytest.mark.parametrize(
    ("accepted", "state"),
    [("", "invalidated"), ("--on 2026-04-01", "approved"), ("--on 2026-04-02 -m 'called late'", "invalidated")],
)
def test_time_ends_an_approval_the_day_after_its_quote_unless_that_was_accepted_by_then(
    team: Team, accepted: str, state: str
) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "submit D-1 quote")
    team("boss", "approve R-1")
    team.now = "2026-04-01T23:59:00+08:00"
    team("root", "tick")
    assert team("li", "request show R-1 -o json").json["state"] == "approved"
    team.now = "2026-04-02T09:00:00+08:00"
    if accepted:
        team("li", f"quote accept D-1 {accepted}")
    team("root", "tick")
    shown = team("li", "request show R-1 -o json").json
    assert (shown["state"], shown["reason"]) == (state, "expired" if state == "invalidated" else None)


def test_a_price_that_moves_makes_lines_stale_and_strict_keeps_them_from_going_out(team: Team) -> None:
    strict = POLICY.replace('strict = ["Q2"]', 'strict = ["Q2", "Q4"]')
    (team.opp.folder / "strict.toml").write_text(strict, encoding="utf-8")
    team("root", "policy apply strict.toml")
    team("li", "quote set D-1 lines.csv")
    team("li", "submit D-1 quote")
    team("boss", "approve R-1")
    team("boss", "price set P-100 --list 70000 --cost 42000 --from 2026-03-01")
    assert "quote Q4 line 1" in team.no("li", "quote send D-1 Q.csv", 7)
    told = team("li", "quote edit D-1 --reprice").out
    assert "Q-1.2" in told and "P-100: list 68,000.00 → 70,000.00" in told


def test_a_version_goes_by_its_number_or_its_own_name_and_by_that_of_no_other_quote(team: Team) -> None:
    team("li", "quote line D-1 --sku P-100 --qty 1")
    assert "Q-1.1, in_effect" in team("li", "quote show Q-1 --version q-1.1").out
    for line in ("quote show D-1 --version Q-9.1", "quote show D-1 --version 2", "quote revise D-1 --from K-1.1"):
        said = team.no("li", line, 3)
        assert "Q-1 has no version" in said and "its versions are Q-1.1" in said


def test_a_price_without_a_day_begins_where_business_is_done_wherever_it_is_typed(team: Team) -> None:
    team.opp.env["OPP_TZ"], team.now = "Pacific/Auckland", "2026-03-02T22:00:00+08:00"  # there it is the 3rd
    assert "from 2026-03-02" in team("boss", "price set P-9 --list 5").out
    assert "Q-1.1: 1 line" in team("li", "quote line D-1 --sku P-9 --qty 1").out
    team("boss", "price set P-9 --list 6 --from 2026-03-03")
    assert [each["list"] for each in team("li", "price list P-9 -o json").json] == [5]
    assert "accepted on 2026-03-03" in team("li", "quote accept D-1 --on today").out


def test_a_line_without_a_price_is_refused_and_says_why(team: Team) -> None:
    team("boss", "price set P-200 --list 5 --from 2025-01-01 --to 2025-12-31")
    team("boss", "price set P-300 --list 5 --currency EUR")
    refused = {sku: team.no("li", f"quote line D-1 --sku {sku}", 7) for sku in ("P-200", "P-300", "P-400")}
    assert "has had no price since 2025-12-31" in refused["P-200"]
    assert "has a price in EUR only, not in CNY" in refused["P-300"]
    assert "is on no price list" in refused["P-400"]


def test_an_undo_takes_an_open_version_back_with_its_figures_and_no_frozen_one(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "undo")
    assert team.deal("amount", "margin") == [None, None]
    team("li", "quote set D-1 lines.csv")
    team("li", "quote line D-1 1 --discount 20")
    team("li", "undo")
    assert team.deal("amount") == ["720000.00"]
    team("li", "quote line D-1 1 --discount 18")
    run = team("li", "log quote:1 -o json").json[-1]["seq"]
    team("li", "submit D-1 quote")
    assert "was shown to somebody" in team.no("li", f"undo {run}", 5)


def test_a_new_deal_takes_over_the_lines_of_another_at_the_prices_of_today(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("boss", "price set P-100 --list 70000 --from 2026-03-01")
    told = team("li", "add 'Line 4' --from D-1 --with quote").out
    assert "P-100: list 68,000.00 → 70,000.00" in told
    rows = team("li", "export lines -o json").json
    assert [(row["quote"], row["list"]) for row in rows if row["sku"]] == [("Q-1", 68000), ("Q-2", 70000)]


def test_lines_that_were_exported_can_be_set_again(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    before = team("li", "quote show D-1 -o json").json
    (team.opp.folder / "out.csv").write_text(team("li", "export lines").out, encoding="utf-8")
    team("li", "quote set D-1 out.csv")
    assert team("li", "quote show D-1 -o json").json == before


def test_prices_come_from_a_file_once(team: Team) -> None:
    (team.opp.folder / "prices.toml").write_text(
        'kind = "prices"\nsystem = "erp"\n[fields]\nsku = "sku"\nlist = "price"\nfrom_on = "from"\n', encoding="utf-8"
    )
    (team.opp.folder / "prices.csv").write_text("sku,price,from\nA-1,12.5,2026-01-01\nA-2,13,2026-01-01\n", "utf-8")
    assert "2 created" in team("boss", "import prices.csv --mapping prices.toml").out
    assert "2 unchanged" in team("boss", "import prices.csv --mapping prices.toml").out
    assert len(team("li", "price list -o json").json) == 3


def test_db_check_finds_nothing(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "submit D-1 quote")
    team("boss", "approve R-1")
    team("li", "quote line D-1 1 --discount 16")
    team("li", "quote use D-1")
    assert all(row["ok"] for row in team("root", "db check -o json").json)


def test_a_quote_and_a_contract_that_were_rewritten_past_the_program_are_found(opp: InProcess) -> None:
    team = Team(opp, f"{POLICY}[contract]\n")
    team("li", "quote set D-1 lines.csv")
    (opp.folder / "v1.docx").write_text("agreed")
    team("li", "contract add D-1 v1.docx --amount 100")
    with closing(sqlite3.connect(opp.db)) as database, database:
        database.execute("UPDATE quoteversion SET terms = 'none'")
        database.execute("UPDATE contractversion SET amount = 99")
        database.execute("UPDATE deal SET amount = 7")
    with store.open_read(str(opp.db)) as door:
        found = {
            each.name: [str(fault) for fault in each.faults] for each in results(door, policy.read(policy_text(door)))
        }
    assert found == {
        "quotes": ["Q-1.1 does not say what its hash tells", "D-1: amount is not what Q-1.1 comes to"],
        "contracts": ["K-1.1 does not say what its hash tells"],
    }


HIDING = (
    POLICY
    + """
[scope]
see = { sales = "all", manager = "all" }
hide = { margin = ["sales"] }
"""
)


def test_who_does_not_see_margins_sees_no_cost_and_no_floor(opp_on_both: InProcess) -> None:
    team = Team(opp_on_both, HIDING)
    team("root", "user edit li --role sales")
    team("boss", "quote set D-1 lines.csv")
    reads = (
        "quote show D-1",
        "quote list",
        "price list",
        "export lines",
        "export prices",
        "log Q-1",
        "log D-1",
        "log L-1",
    )
    for read in reads:
        seen, told = team("boss", f"{read} -o json").out, team("li", f"{read} -o json").out
        assert "41000" in seen.replace(".00", "") or "29.1667" in seen or read in ("quote list", "log D-1")
        assert not any(secret in told for secret in ("41000", "410000000", "57000", "570000000", "29.1667", "18000"))
    assert "margin" not in team("li", "quote line D-1 1 --discount 16").out
    team.no("li", "quote line D-1 2 --cost 5", 4)
    assert "margin" in team.no("li", "quote set D-1 lines.csv", 4)
    assert "Q-2.1: 3 lines" in team("li", "add 'Line 4' --from D-1 --with quote").out


@pytest.mark.parametrize("field", ["amount", "discount"])
def test_no_answer_tells_a_figure_from_which_a_hidden_one_follows(opp: InProcess, field: str) -> None:
    team = Team(opp, HIDING.replace("hide = { margin =", f"hide = {{ {field} ="))
    team("root", "user edit li --role sales")
    told = team("li", "quote line D-1 --sku P-100 --qty 2").out
    assert told.splitlines()[0] == "Q-1.1: 1 line, valid until 2026-04-01"


def test_nothing_is_locked_while_lines_are_typed(opp: InProcess) -> None:
    team = Team(opp)
    words = [sys.executable, "-m", "oppcli", "quote", "set", "D-1", "-"]
    environ = os.environ | opp.env | {"OPP_USER": "li", "OPP_NOW": FIRST}
    typing = Popen(words, cwd=opp.folder, env=environ, stdin=PIPE, stdout=PIPE, text=True)
    assert typing.stdin is not None
    typing.stdin.write("sku,qty\n")
    typing.stdin.flush()
    sleep(1)  # it waits for more
    team("boss", "price set P-200 --list 5")
    out, _ = typing.communicate("P-200,3\n", timeout=30)
    assert "Q-1.1: 1 line, net CNY 15.00" in out


def test_a_quote_that_expired_is_mended_by_the_draft_there_is_and_told_once(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team.now = LATER
    refused = team.no("li", "quote send D-1 Q.html", 7)
    assert refused.count("quote Q5") == 1
    assert "opp quote edit D-1 --valid +30d" in refused
    team("li", "quote revise D-1")
    assert "opp quote use D-1" in team.no("li", "submit D-1 quote", 7)
    team("li", "quote use D-1")
    team("li", "submit D-1 quote")


def test_open_lines_at_the_prices_of_today_want_another_last_day_where_theirs_is_over(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team.now = LATER
    assert "opp quote edit D-1 --reprice --valid +30d" in team.no("li", "quote edit D-1 --reprice", 2)
    team("li", "quote edit D-1 --reprice --valid +30d")


def test_what_a_price_says_no_more_stays_where_the_list_price_stays(team: Team) -> None:
    team("boss", "price set P-100 --cost 42000 --from 2026-02-01")
    team("boss", "price set P-100 --list 70000 --from 2026-02-02")
    found = team("boss", "price list P-100 --all -o json").json
    told = [(row["from_on"], row["list"], row["floor"], row["cost"]) for row in found]
    assert told == [
        ("2026-01-01", 68000, 57000, 41000),
        ("2026-02-01", 68000, 57000, 42000),
        ("2026-02-02", 70000, None, None),
    ]


def test_neither_an_answer_in_json_nor_a_dry_run_tells_costs_to_who_does_not_see_margins(
    opp_on_both: InProcess,
) -> None:
    team = Team(opp_on_both, HIDING)
    team("root", "user edit li --role sales")
    team("boss", "quote set D-1 lines.csv")
    seen, *told = (
        team("boss", "quote revise D-1 -n -o json").out,
        team("li", "quote revise D-1 -n -o json").out,
        team("li", "quote revise D-1 -n").out,
    )
    assert "41000" in seen
    assert not any(secret in each.replace(",", "") for each in told for secret in ("41000", "57000", "18000"))


def test_a_program_is_told_which_version_changed_in_what_and_where_it_stands(team: Team) -> None:
    made = team("boss", "price set P-7 --list 5.25 --floor 4 -o json").json
    assert (made["changes"]["list"], made["changes"]["floor"]) == ([None, 5.25], [None, 4])
    first = team("li", "quote set D-1 lines.csv -o json").json
    assert (first["id"], first["state"]) == ("Q-1.1", "in_effect")
    assert first["changes"]["lines.1.list"] == [None, 68000]
    again = team("li", "quote line D-1 1 --discount 16.5 -o json").json
    assert again["changes"] == {"lines.1.discount": [15, 16.5]}
    team("li", "submit D-1 quote")
    draft = team("li", "quote edit D-1 --terms cash -o json").json
    assert (draft["id"], draft["state"], draft["changes"]["terms"]) == ("Q-1.2", "draft", [None, "cash"])
    assert team("li", "quote accept D-1 -o json").json["state"] == "accepted"


def test_the_gate_the_card_and_the_fields_of_a_deal_tell_of_its_quote(team: Team) -> None:
    team("li", "quote line D-1 --item Work --price 100 --cost 90 --tax 6")
    team("li", "advance D-1")
    assert "quote.margin is 10 %" in team("li", "gate D-1").out
    assert "Q-1.1  in_effect  net CNY 100.00, gross CNY 106.00" in team("li", "show D-1").out
    told = {row["name"]: row["value"] for row in team("li", "fields D-1 -o json").json}
    assert (told["quote.net"], told["quote.margin"], told["quote.sent"]) == ("100.00", "10", "no")


def test_the_journal_tells_what_was_sent_by_its_file_and_the_beginning_of_its_hash(team: Team) -> None:
    (team.opp.folder / "free.toml").write_text(POLICY.replace('approval = "quote"\n', ""), encoding="utf-8")
    team("root", "policy apply free.toml")
    team("li", "quote set D-1 lines.csv")
    team("li", "quote send D-1 Q.html")
    told = next(row["what"] for row in team("li", "log Q-1 -o json").json if row["action"] == "send")
    assert re.search(r"version 1 sent Q\.html [0-9a-f]{12}($|;)", told)


def test_a_figure_of_a_quote_is_told_by_its_lines_and_its_rates_of_tax(team: Team) -> None:
    assert team("li", "fields D-1 quote.net -o json").json == [
        {"part": "quote", "value": "there is none", "more": None}
    ]
    team("li", "quote set D-1 lines.csv")

    def parts(name: str) -> list[tuple[str | None, ...]]:
        return [tuple(row.values()) for row in team("li", f"fields D-1 {name} -o json").json]

    assert parts("quote.gross") == [
        ("Q-1.1", "CNY 811,500.00", None),
        ("line 1", "CNY 693,600.00", "Spindle"),
        ("line 2", "CNY 30,000.00", "Installation"),
        ("line 3", "CNY -3,600.00", "Rebate"),
        ("Tax 13 %", "CNY 89,700.00", "of CNY 690,000.00"),
        ("Tax 6 %", "CNY 1,800.00", "of CNY 30,000.00"),
    ]
    assert parts("quote.max_discount")[:2] == [("Q-1.1", "15 %", None), ("line 1", "15 %", "Spindle")]
    assert parts("quote.unlisted")[1:] == [("line 2", "CNY 30,000.00", "Installation")]
    assert parts("quote.sent") == [("Q-1.1", "no", None)]


def test_approvers_are_shown_the_lines_that_they_decide_on(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "submit D-1 quote")
    team("li", "quote line D-1 1 --discount 20")
    shown = team("boss", "request show R-1 -o json").json["quote"]
    assert shown["version"] == "Q-1.1"
    assert [(line["price"], line["discount"], line["margin"]) for line in shown["lines"]] == [
        ("57800.00", 15.0, 29.0657),
        ("30000.00", None, 40.0),
        ("-3600.00", None, None),
    ]
    assert "floor 57,000.00" in team("boss", "request show R-1").out


def test_a_deal_with_a_quote_is_merged_into_no_other_and_keeps_its_figures(team: Team) -> None:
    team("li", "add 'Line 4' --customer Acme --amount 5 --set payment_days=30")
    team("li", "quote set D-1 lines.csv")
    assert "is the quote of D-1" in team.no("boss", "merge D-2 D-1", 5)
    team("boss", "merge D-1 D-2")
    found = team("li", "deal show D-1 -o json").json
    assert (found["amount"], found["payment_days"]) == ("720000.00", 30)


def test_a_file_of_deals_does_not_say_what_their_quotes_say(team: Team) -> None:
    (team.opp.folder / "deals.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "title"\namount = "amount"\nproduct = "product"\n'
        'stage = { constant = "Lead" }\n',
        encoding="utf-8",
    )
    file = team.opp.folder / "deals.csv"
    file.write_text("id,title,amount,product\na,Big,100,x\n", encoding="utf-8")
    team("boss", "import deals.csv --mapping deals.toml")
    team("boss", "quote line D-2 --item Work --price 200 --cost 1")
    file.write_text("id,title,amount,product\na,Big,150,x\n", encoding="utf-8")
    told = team.opp("import deals.csv --mapping deals.toml", user="boss", now=team.now)
    assert "comes from the quote Q-2" in told.err
    file.write_text("id,title,amount,product\na,Big,200,y\n", encoding="utf-8")
    assert "1 updated" in team("boss", "import deals.csv --mapping deals.toml").out


def test_everything_of_a_database_takes_prices_and_quotes_along(team: Team) -> None:
    if "OPP_DB" in team.opp.env and "://" in team.opp.env["OPP_DB"]:
        pytest.skip("once is enough")
    team("li", "quote set D-1 lines.csv")
    team("root", "export all -O all.jsonl")
    lines = team("root", "export lines").out
    team.opp.env["OPP_DB"] = str(team.opp.folder / "other.db")
    team("root", "init --policy policy.toml")
    team("root", "import all.jsonl")
    assert team("root", "export lines").out == lines
    assert len(team("root", "price list -o json").json) == 1


def test_without_the_table_there_are_no_quotes(opp_on_both: InProcess) -> None:
    plain = POLICY.partition("[quote]")[0] + "[calendar.cn]" + POLICY.partition("[calendar.cn]")[2]
    team = Team(opp_on_both, plain.replace('enter = ["quote.margin >= 20"]\n', ""))
    assert "no [quote]" in team.no("li", "quote line D-1 --item x --price 5", 8)
    team("li", "deal edit D-1 --amount 5")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("quote line D-1", "nothing is said of the line"),
        ("quote line D-1 --drop", "say which line is dropped"),
        ("quote line D-1 --item x --price 5 --discount 5", "has a price and a discount"),
        ("quote line D-1 --sku P-100 --price -5", "a price below zero is a rebate"),
        ("quote line D-1 --sku P-100 --cost 5", "its cost is that of the price list"),
        ("quote line D-1 --item x --price 1.23456", "has more than 4 decimals"),
        ("quote line D-1 --item x --price 1 --qty 0", "its quantity is not above zero"),
        ("quote edit D-1", "nothing to change"),
        ("add x --with quote", "--with says what is taken over"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wrong(opp: InProcess, line: str, said: str) -> None:
    assert said in Team(opp).no("li", line, 2)


def slugs(team: Team, line: str) -> set[str]:
    """By which programs know why a line is refused."""
    told = team.opp(f"{line} -o json", user="li", now=team.now).error
    return {told.get("slug", ""), *(reason.get("slug", "") for reason in told["reasons"])} - {"", None}


def test_a_version_of_another_deal_is_the_first_one_of_a_deal_without_a_quote(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "quote edit D-1 --terms 'in 8 weeks'")
    team("li", "add 'Line 4' --customer Acme")
    assert "D-2 has no quote yet" in team.no("li", "quote revise D-2 --from 1", 5)
    assert "Q-2.1: 3 lines, net CNY 720,000.00" in team("li", "quote revise D-2 --from Q-1.1").out
    assert team("li", "quote list --state in_effect -c quote -o json").json == [{"quote": "Q-1"}, {"quote": "Q-2"}]
    assert "in 8 weeks" in team("li", "quote show D-2").out


def test_programs_know_by_slugs_why_a_quote_is_refused(team: Team) -> None:
    assert slugs(team, "quote line D-1 --sku none") == {"no_price"}
    team("li", "quote set D-1 lines.csv")
    assert slugs(team, "deal edit D-1 --amount 5") == {"from_quote"}
    assert slugs(team, "quote send D-1 Q.html") == {"not_approved"}
    team.now = LATER
    assert slugs(team, "submit D-1 quote") == {"missing", "quote_expired"}
    team.now = FIRST
    team("li", "quote line D-1 1 --price 50000")
    team("li", "submit D-1 quote")
    team.now = LATER
    told = team.opp("approve R-1 -o json", user="boss", now=team.now).error
    assert (told["slug"], told["reasons"][0]["slug"]) == ("quote_expired", "quote_expired")


def test_a_quote_is_not_sent_while_its_approvers_wait_for_something(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "submit D-1 quote")
    team("boss", "approve R-1 --condition 'credit is checked'")
    assert "credit is checked" in team.no("li", "quote send D-1 Q.html", 7)
    team("boss", "request met R-1 1 -m done")
    team("li", "quote send D-1 Q.html")


def test_what_a_policy_would_ask_is_told_also_where_it_reads_the_quote(team: Team) -> None:
    assert "quote missing" in team("li", "policy simulate --set payment_days=5").out
    team("li", "quote set D-1 lines.csv")
    assert [row["step"] for row in team("li", "request plan D-1 quote -o json").json] == ["Manager"]
    (team.opp.folder / "other.toml").write_text(POLICY.replace("< 35", "< 20"), encoding="utf-8")
    for line in (
        "policy diff other.toml",
        "policy simulate other.toml",
        "policy simulate --deal D-1",
        "policy explain",
    ):
        team("root", line)


def test_a_yes_may_rest_on_what_the_quote_comes_to_later(team: Team) -> None:
    team("li", "quote set D-1 lines.csv")
    team("li", "submit D-1 quote")
    team("boss", "approve R-1 --if 'quote.margin >= 30' --before Talks")
    team("li", "advance D-1")
    assert "quote.margin >= 30 does not hold" in team("li", "gate D-1").out
