"""Payments as they are typed: plans, receipts, refunds, voids; who may, who sees, what stays."""

import pytest
from begun import begun
from command_line import Answer, InProcess
from stages import STAGES, team_policy

POLICY = team_policy(
    STAGES,
    """[roles]
books = []
[scope]
see = { sales = "own", manager = "all", books = "all" }
""",
)
JULY = "2026-07-15T10:00:00+08:00"
PLAN = "payment plan D-1 --part 30%:2026-04-01 --part 60%:2026-07-01 --part rest:2026-12-31"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.env["OPP_NOW"] = JULY
    opp.env["OPP_TZ"] = "Asia/Shanghai"
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy team.toml", user="root")
    for person in ("boss --role manager", "li --role sales", "sun --role sales", "cai --role books"):
        opp.ok(f"user add {person}", user="root")
    opp.ok("lead add Plant --customer Acme --amount 927000", user="li")
    return opp


def refused(opp: InProcess, line: str, code: int, *, user: str) -> Answer:
    answer = opp(line, user=user)
    assert (line, answer.code) == (line, code), answer.err
    return answer


def listed(opp: InProcess, line: str = "payment list --deal D-1", user: str = "boss") -> list[tuple[object, ...]]:
    rows = opp.ok(f"{line} -o json", user=user).json
    return [(row["id"], row["kind"], row["on"], row["amount"], row["open"], row["late_days"]) for row in rows]


def test_an_instalment_in_another_currency_compares_at_the_rate_of_its_day(team: InProcess) -> None:
    team.ok("lead add Mill --customer Bolt --amount 20000 --currency EUR", user="li")
    for day, rate in (("2026-03-01", 8), ("2026-06-01", 9)):
        team.ok(f"rate add EUR CNY {rate} --day {day}", user="boss")
    team.ok("payment plan D-2 --part 50%:2026-04-01 --part rest:2026-12-31", user="li")
    for condition, found in (("amount = 80000", "Y-1"), ("open = 90000", "Y-2"), ("amount > 8万", "Y-2")):
        assert team.ok("payment", "list", "--ids", "-w", condition, user="boss").out.split() == [found]
    assert team.ok("export payments --ids -w 'amount < 9万'", user="root").out.split() == ["Y-1"]


def test_a_plan_is_paid_oldest_first_and_a_refund_opens_it_again(team: InProcess) -> None:
    assert "D-1 Plant: 3 instalments, CNY 927,000.00 in all" in team.ok(PLAN, user="li").out
    came = team.ok("payment received D-1 300000 --on 2026-04-10", user="boss").out
    assert "CNY 627,000.00 outstanding, CNY 534,300.00 of it overdue for 14 days" in came
    back = team.ok("payment received D-1 --on 2026-07-10 -- -50000", user="boss").out
    assert "CNY 677,000.00 outstanding, CNY 584,300.00 of it overdue for 105 days" in back
    assert listed(team) == [
        ("Y-1", "due", "2026-04-01", "278100.00", "28100.00", 105),
        ("Y-4", "received", "2026-04-10", "300000.00", None, None),
        ("Y-2", "due", "2026-07-01", "556200.00", "556200.00", 14),
        ("Y-5", "received", "2026-07-10", "-50000.00", None, None),
        ("Y-3", "due", "2026-12-31", "92700.00", "92700.00", 0),
    ]
    assert [row[0] for row in listed(team, "payment list --overdue")] == ["Y-1", "Y-2"]
    assert [row[0] for row in listed(team, "payment list --overdue --on 2026-07-01")] == []
    assert [row[0] for row in listed(team, "payment list --overdue --on 2026-07-10")] == ["Y-1", "Y-2"]
    assert listed(team, "payment list --overdue --on 2026-04-01") == []


def test_a_new_plan_voids_the_old_one_and_what_came_stays(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    team.ok("payment received D-1 927000", user="boss")
    assert "planned so already" in team.ok(PLAN, user="li").out
    said = team.ok("payment plan D-1 --part 50%:2026-08-01 --part 50%:sign+90d -m anew", user="li").out
    assert "3 of before are void" in said and "due 90 days after signing" in said
    assert [row[:2] for row in listed(team)] == [("Y-4", "received"), ("Y-5", "due"), ("Y-6", "due")]
    every = team.ok("payment list --all -o json", user="boss").json
    assert "VOIDED AT" in team.ok("payment list --all", user="boss").out
    assert "VOIDED AT" not in team.ok("payment list", user="boss").out
    assert [row["id"] for row in every if row["voided_at"]] == ["Y-1", "Y-2", "Y-3"]
    history = team.ok("deal history D-1 -o json", user="boss").json
    assert [row["action"] for row in history if row["id"] == "Y-1"] == ["create", "void"]


def test_thirds_with_a_refund_and_a_new_plan_add_up_to_the_cent(team: InProcess) -> None:
    team.ok("deal edit D-1 --set amount=5.47", user="li")
    thirds = " ".join(f"--part 33.3333%:2026-0{month}-01" for month in (4, 5))
    team.ok(f"payment plan D-1 {thirds} --part rest:2026-06-01", user="li")
    amounts = [row[3] for row in listed(team)]
    team.ok("payment received D-1 4 --on 2026-04-01", user="boss")
    team.ok("payment received D-1 --on 2026-04-02 -- -1", user="boss")
    paid = {row[0]: row[4] for row in listed(team) if row[1] == "due"}
    team.ok("payment plan D-1 --part 50%:2026-07-20 --part rest:2026-08-01 -m 客户要求", user="li")
    anew = {row[0]: row[4] for row in listed(team) if row[1] == "due"}
    assert amounts == ["1.82", "1.82", "1.83"]
    assert paid == {"Y-1": "0.00", "Y-2": "0.64", "Y-3": "1.83"}
    assert anew == {"Y-6": "0.00", "Y-7": "2.47"}


def test_parts_that_make_no_plan_are_refused_with_every_reason(team: InProcess) -> None:
    wrong = refused(team, "payment plan D-1 --part 30 --part 50%:yesterdaye", 2, user="li")
    assert wrong.err.count("--part") >= 2
    assert (
        "CNY 648,900.00 of CNY 927,000.00 is in no part"
        in refused(team, "payment plan D-1 --part 30%:2026-04-01", 7, user="li").err
    )
    team.ok("lead add Blank --customer Acme", user="li")
    assert "opp deal edit D-2 --set amount=" in refused(team, "payment plan D-2 --part rest:eom", 7, user="li").err


def test_managers_enter_receipts_or_whom_the_policy_names(team: InProcess) -> None:
    assert "boss" in refused(team, "payment received D-1 5", 4, user="li").err
    refused(team, "payment received D-1 5", 4, user="cai")
    (team.folder / "team.toml").write_text(POLICY + '[payment]\nwho = "role:books"\n', "utf-8")
    team.ok("policy apply team.toml", user="root")
    team.ok("payment received D-1 5", user="cai")
    team.ok("payment received D-1 6", user="root")
    assert "cai or an admin may" in refused(team, "payment received D-1 5", 4, user="boss").err
    assert "cai or an admin may" in refused(team, "payment void Y-1 -m x", 4, user="boss").err
    assert "who" in team.ok("policy show", user="li").out


def test_a_void_payment_counts_no_more_and_nothing_else_undoes_one(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    entered = team.ok("payment received D-1 278100 --ref 'slip 7'", user="boss").out
    assert "Undo: opp payment void Y-4 -m …" in entered
    assert "opp payment void Y-4" in refused(team, "payment void Y-4", 2, user="boss").err
    last = team.ok("log -o json", user="root").json[-1]["seq"]
    assert "payment void Y-4" in refused(team, f"undo {last}", 5, user="boss").err
    assert "overdue for 105 days" in team.ok("payment void Y-4 -m 'another deal'", user="boss").out
    assert "void already" in refused(team, "payment void Y-4 -m x", 5, user="boss").err
    assert "slip 7" in team.ok("show Y-4", user="boss").out


def test_what_is_entered_wrong_is_refused_with_all_that_is_wrong(team: InProcess) -> None:
    both = refused(team, "payment received D-1 0 --on 2026-07-16", 2, user="boss")
    assert "is 0" in both.err and "2026-07-16 is in the future" in both.err
    assert "is in EUR, not in CNY" in refused(team, "payment received D-1 'EUR 5'", 2, user="boss").err
    assert "D-1 is a deal, not a payment" in refused(team, "payment void D-1 -m x", 3, user="boss").err


def test_money_of_another_currency_is_a_bucket_of_its_own(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    assert "pays no instalment" in team.ok("payment received D-1 5 --currency EUR", user="boss").out
    assert listed(team)[0][4] == "278100.00"


def test_a_receipt_is_in_a_currency_that_there_is_however_its_letters_are_typed(team: InProcess) -> None:
    team.ok("payment plan D-1 --part rest:2026-12-31", user="li")
    assert "CNY 926,900.00 outstanding" in team.ok("payment received D-1 100 --currency cny", user="boss").out
    wrong = refused(team, "payment received D-1 0 --currency cnx", 2, user="boss").err
    assert "there is no currency CNX; did you mean CNY?" in wrong and "is 0" in wrong


def test_what_is_late_is_so_where_business_is_done_wherever_somebody_looks(team: InProcess) -> None:
    team.env |= {"OPP_NOW": "2026-07-15T22:00:00+08:00", "OPP_TZ": "Pacific/Auckland"}  # there it is the 16th
    team.ok("payment plan D-1 --part rest:2026-07-15", user="li")
    assert listed(team) == [("Y-1", "due", "2026-07-15", "927000.00", "927000.00", 0)]
    shown = team.ok("show D-1 -o json", user="boss").json
    assert [each["late_days"] for each in shown["payments"]] == [0]
    assert "received 2026-07-15" in team.ok("payment received D-1 5", user="boss").out
    assert "received 2026-07-16" in team.ok("payment received D-1 5 --on today", user="boss").out
    assert "in the future" in refused(team, "payment received D-1 5 --on tomorrow", 2, user="boss").err


def test_money_of_a_customer_without_a_deal_is_loose_and_pays_no_deal(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    team.ok("payment received C-1 5000", user="boss")
    rows = team.ok("payment list --customer C-1 -o json", user="boss").json
    assert [(row["id"], row["deal"], row["customer"]) for row in rows][-2:] == [
        ("Y-4", None, "Acme"),
        ("Y-3", "D-1", "Acme"),
    ]
    assert rows[0]["open"] == "278100.00"


def test_payments_are_seen_with_their_deal(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    team.ok("payment received D-1 5", user="boss")
    assert len(listed(team, "payment list", "li")) == 4
    assert listed(team, "payment list", "sun") == []
    refused(team, "show Y-1", 3, user="sun")
    refused(team, "payment plan D-1 --part rest:eom", 3, user="sun")


def test_payments_go_with_a_merge_and_are_none_of_a_withdrawn_deal(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    team.ok("lead add Twin --customer Acme --amount 5", user="li")
    team.ok("merge D-2 D-1", user="boss")
    assert len(listed(team, "payment list --deal D-2")) == 3
    team.ok("unmerge D-1", user="boss")
    assert len(listed(team, "payment list --deal D-1")) == 3
    team.ok("merge D-2 D-1", user="boss")
    team.ok("withdraw D-2 -m wrong", user="boss")
    assert listed(team, "payment list") == []


def test_erasing_a_customer_keeps_the_sums(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    team.ok("payment received D-1 278100 --ref 'Mr Wang 7'", user="boss")
    assert "4 payments" in team.ok("customer erase C-1 -y -m asked", user="root").out
    rows = team.ok("payment list -o json", user="root").json
    assert [(row["amount"], row["ref"]) for row in rows if row["ref"]] == [("278100.00", "(erased)")]
    assert "Mr Wang" not in team.ok("export journal -o jsonl", user="root").out
    assert team.ok("audit verify", user="root")
    assert team.ok("db check", user="root")


def test_a_won_deal_is_planned_and_paid_though_it_is_locked(team: InProcess) -> None:
    team.ok("win D-1", user="li")
    team.ok(PLAN, user="li")
    team.ok("payment received D-1 300000", user="boss")
    assert len(listed(team)) == 4


def test_the_total_of_a_quoted_deal_is_its_gross(team: InProcess) -> None:
    (team.folder / "team.toml").write_text(POLICY + '[quote]\namount = "net"\n', "utf-8")
    team.ok("policy apply team.toml", user="root")
    (team.folder / "q.csv").write_text("item,qty,price,tax\nPump,2,500,13\n", "utf-8")
    team.ok("quote set D-1 q.csv", user="li")
    assert "CNY 1,130.00 in all" in team.ok("payment plan D-1 --part 50%:2026-08-01 --part rest:eom", user="li").out
    assert [row[3] for row in listed(team)] == ["565.00", "565.00"]


MAPPING = """
kind = "payments"
system = "books"
[fields]
external_id = "no"
kind = "kind"
deal = { column = "deal", by = "id" }
customer = { column = "customer", by = "name", create = true }
on = "on"
amount = "amount"
currency = "currency"
ref = "slip"
"""
HEAD = "no,kind,deal,customer,on,amount,currency,slip\n"


def take(opp: InProcess, *rows: str, user: str = "boss", code: int = 0) -> Answer:
    (opp.folder / "p.toml").write_text(MAPPING, "utf-8")
    (opp.folder / "p.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return refused(opp, "import p.csv --mapping p.toml", code, user=user)


def test_a_file_of_payments_adds_them_and_the_same_again_changes_nothing(team: InProcess) -> None:
    rows = (
        "a,due,D-1,,2026-04-01,927000,,",
        "b,收款,D-1,Acme,2026-04-10,300000.50,,slip 7",
        "c,,,Globex,2026-05-01,5,EUR,",
    )
    assert "3 created" in take(team, *rows).out
    assert listed(team) == [
        ("Y-1", "due", "2026-04-01", "927000.00", "626999.50", 105),
        ("Y-2", "received", "2026-04-10", "300000.50", None, None),
    ]
    loose = team.ok("payment list --customer Globex -o json", user="boss").json
    assert [(row["id"], row["deal"], row["amount"], row["currency"]) for row in loose] == [("Y-3", None, "5.00", "EUR")]
    assert "3 unchanged" in take(team, *rows).out
    assert "1 created" in take(team, "d,received,D-1,,2026-04-11,-5,,").out


def test_a_row_with_another_amount_or_date_voids_and_adds(team: InProcess) -> None:
    take(team, "a,received,D-1,,2026-04-01,300,,")
    assert "1 updated" in take(team, "a,received,D-1,,2026-04-02,310,,").out
    every = team.ok("payment list --all -o json", user="boss").json
    assert [(row["id"], row["amount"], row["voided_at"] is not None) for row in every] == [
        ("Y-1", "300.00", True),
        ("Y-2", "310.00", False),
    ]
    run = team.ok("log -o json", user="root").json[-1]["seq"]
    assert "payments that a file brought stand" in refused(team, f"undo {run}", 5, user="root").err


def test_rows_that_are_no_payment_are_rejected_with_everything_that_is_wrong(team: InProcess) -> None:
    team.ok("customer add Globex", user="li")
    rows = (
        "a,due,D-1,,2026-04-01,-5,,",
        "b,received,D-1,Globex,2026-07-16,0,,",
        "c,received,,,2026-04-01,5,XXX,",
        "d,maybe,D-9,,,5,,",
        "e,received,D-1,,2026-04-01,5,,",
        "e,received,D-1,,2026-04-01,6,,",
    )
    said = take(team, *rows, code=9)
    assert "1 created" in said.out and "5 rejected" in said.out
    rejects = (team.folder / "p.csv.rejects.csv").read_text("utf-8")
    for why in (
        "an instalment is more than 0",
        "is in the future",
        "D-1 is of C-1",
        "neither due nor received",
        "there is no currency XXX",
    ):
        assert why in rejects


def test_payments_are_imported_by_who_enters_them(team: InProcess) -> None:
    take(team, "a,received,D-1,,2026-04-01,5,,", user="li", code=4)
    (team.folder / "team.toml").write_text(POLICY + '[payment]\nwho = "role:books"\n', "utf-8")
    team.ok("policy apply team.toml", user="root")
    take(team, "a,received,D-1,,2026-04-01,5,,", user="cai")
    take(team, "b,received,D-1,,2026-04-01,5,,", user="boss", code=4)


def test_an_export_of_payments_is_imported_as_it_is(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    team.ok("payment received D-1 300000 --ref 'slip 7'", user="boss")
    team.ok("payment received C-1 5", user="boss")
    team.ok("payment void Y-4 -m x", user="boss")
    out = team.ok("export payments", user="boss").out
    assert out.splitlines()[1] == "Y-1,D-1,,due,2026-04-01,278100.00,CNY,,,,2026-07-15T02:00:00Z,li,,"
    (team.folder / "own.csv").write_text(out, "utf-8")
    before = listed(team)
    assert "5 unchanged" in team.ok("import own.csv", user="boss").out
    team.ok("payment void Y-5 -m x", user="boss")
    assert "5 unchanged" in team.ok("import own.csv --kind payments", user="boss").out
    assert listed(team) == before
    assert "say which column is what" in refused(team, "import own.csv --kind prices", 2, user="boss").err
    (team.folder / "own.csv").write_text(out.replace("02:00:00Z", "02:00:01Z"), "utf-8")
    assert "4 created" in team.ok("import own.csv", user="boss").out
    assert "5 unchanged" in team.ok("import own.csv", user="boss").out


def test_who_does_not_have_amounts_neither_sees_nor_plans_them(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    (team.folder / "team.toml").write_text(
        POLICY.replace("[calendar", 'hide = { amount = ["sales"] }\n[calendar'), "utf-8"
    )
    team.ok("policy apply team.toml", user="root")
    rows = team.ok("payment list -o json", user="li").json
    assert [("amount" in row, row["open"], row["late_days"]) for row in rows] == [(False, None, None)] * 3
    assert "278100" not in "".join(team.ok(line, user="li").out for line in ("export payments", "show Y-1", "log Y-1"))
    for line in ("payment plan D-1 --part rest:eom", "deal history D-1"):
        assert "278,100" not in team(line, user="li").out
    assert "does not have the field amount" in refused(team, "payment plan D-1 --part rest:eom", 4, user="li").err


def test_what_other_deals_owe_is_told_to_who_sees_them_alone(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    team.ok("add Mine --customer Acme --amount 5", user="sun")
    names = {row["name"] for row in team.ok("fields D-2 -o json", user="sun").json}
    assert "payment.overdue" in names and "customer.overdue" not in names
    assert "has no field" in refused(team, "fields D-2 customer.overdue", 3, user="sun").err
    reading = '[type.x]\nwhen = "customer.overdue > 0"\n[[type.x.step]]\nname = "Boss"\nwho = "user:boss"\n'
    (team.folder / "team.toml").write_text(POLICY + reading, "utf-8")
    team.ok("policy apply team.toml", user="root")
    parts = [team.ok("fields D-2 customer.overdue -o json", user=who).json[0]["part"] for who in ("boss", "sun")]
    assert parts == ["D-1", "another deal"]


def test_what_a_deal_owes_is_among_its_names_though_no_condition_reads_it(team: InProcess) -> None:
    team.ok(PLAN, user="li")
    now = {row["name"]: row["value"] for row in team.ok("fields D-1 -o json", user="boss").json}
    parts = team.ok("fields D-1 payment.overdue -o json", user="li").json
    assert (now["payment.overdue"], now["customer.receivable"]) == ("834300.00", "927000.00")
    assert [(row["part"], row["more"]) for row in parts] == [
        ("Y-1", "CNY 278,100.00 due 2026-04-01"),
        ("Y-2", "CNY 556,200.00 due 2026-07-01"),
    ]
