"""Deadlines of `[follow]`: 24 hours to the first contact, 72 to the offer, 7 days to the intention, with a weekend and
an absence inside; what is late is told once, escalated, handed on."""

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Intention"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[follow]
deadline = [
  { name = "contact", from = "assigned", within = "24h", calendar = "always", done = ["touch"], escalate = [
    { after = "0h", to = "manager", do = "notify" }, { after = "8h", to = "manager", do = "reassign" } ] },
  { name = "offer", from = "contact", within = "72h", calendar = "always", done = ["file:offer"] },
  { name = "intention", from = "created", within = "7 days", done = ["stage:Intention"] },
  { name = "decider", from = "created", within = "3 workdays", when = "amount >= 500000", stop_loss = true },
]
""",
)


def at(text: str) -> str:
    """`2026-03-06 17:00` where the team is."""
    return f"{text.replace(' ', 'T')}:00+08:00"


FRIDAY, MONDAY = "2026-03-06", "2026-03-09"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.env["OPP_TZ"] = "Asia/Shanghai"
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    (opp.folder / "offer.pdf").write_text("an offer", "utf-8")
    opp.ok("init --policy team.toml", user="root", now=at("2026-03-02 09:00"))
    for person in ("boss --role manager", "li --role sales --manager boss", "pre --role sales --manager boss"):
        opp.ok(f"user add {person}", user="root", now=at("2026-03-02 09:00"))
    return opp


def states(opp: InProcess) -> dict[str, str]:
    """Title → state of the task that was opened last for it."""
    return {row["title"]: row["state"] for row in opp.ok("export tasks -o json", user="root").json}


def tick(opp: InProcess, when: str) -> list[str]:
    return opp.ok("tick --no-delivery", user="root", now=at(when)).out.splitlines()


def told(opp: InProcess) -> list[tuple[str, str]]:
    return [(row["to"], row["text"].split(":")[0]) for row in opp.ok("notices list --all -o json", user="root").json]


def test_in_time_over_a_weekend_and_an_absence(team: InProcess) -> None:
    """The lead comes on Friday evening; its owner leaves, and who stands in calls on Saturday."""
    said = team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 17:00")).out
    assert "deadline T-1 contact: Sat 7 Mar 17:00" in said
    assert "deadline T-2 intention: Fri 13 Mar" in said
    team.ok(
        f"delegate add --from li --to pre --start {at(f'{FRIDAY} 18:00')} --end {at(f'{MONDAY} 18:00')}",
        user="li",
        now=at(f"{FRIDAY} 17:30"),
    )
    said = team.ok("note", "D-1", "call: wants an offer", user="pre", now=at("2026-03-07 11:00")).out
    assert "deadline T-1 contact is met" in said
    assert "deadline T-3 offer: Tue 10 Mar 11:00" in said
    assert tick(team, f"{MONDAY} 09:00") == ["nothing was due"]
    assert (
        "deadline T-3 offer is met"
        in team.ok("deal attach D-1 offer.pdf --kind offer", user="li", now=at("2026-03-10 10:59")).out
    )
    assert "deadline T-2 intention is met" in team.ok("advance D-1", user="li", now=at("2026-03-13 17:00")).out
    assert tick(team, "2026-03-20 09:00") == ["nothing was due"]
    assert set(states(team).values()) == {"done"}


def test_a_weekend_without_a_call_is_told_once_and_handed_on_with_the_instants_it_was_for(team: InProcess) -> None:
    team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 17:00"))
    lines = tick(team, f"{MONDAY} 09:00")
    assert lines == [
        "T-1 contact is late: it was due Sat 7 Mar 17:00",
        "T-1 contact: told to boss",
        "T-1 contact: D-1 goes to boss",
    ]
    assert tick(team, f"{MONDAY} 09:00") == ["nothing was due"]
    assert told(team) == [("li", "T-1 contact, D-1 Plant"), ("boss", "T-1 contact, D-1 Plant")] + [
        (who, "T-1 contact, D-1 Plant") for who in ("li", "boss")
    ]
    assert team.ok("deal show D-1 -o json", user="boss").json["owner"] == "boss"
    late = team.ok("sql 'SELECT mark, cycle, at FROM fired WHERE id > 0 ORDER BY at' -o json", user="root").json
    due = 1_772_874_000_000
    assert [(row["mark"], row["at"] - due) for row in late] == [
        ("escalate 1", 0),
        ("late", 1),
        ("escalate 2", 8 * 3_600_000),
    ]
    tasks = team.ok("export tasks -o json", user="root").json
    assert [(row["title"], row["state"], row["late_by"]) for row in tasks if row["title"] == "contact"] == [
        ("contact", "cancelled", "li"),
        ("contact", "open", None),
    ]


def test_the_first_contact_starts_anew_with_each_owner_until_there_was_one(team: InProcess) -> None:
    team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 09:00"))
    said = team.ok("deal assign D-1 --to pre", user="boss", now=at(f"{FRIDAY} 15:00")).out
    assert "deadline T-3 contact: Sat 7 Mar 15:00" in said
    team.ok("note", "D-1", "call: hello", user="pre", now=at(f"{FRIDAY} 16:00"))
    assert "contact" not in team.ok("deal assign D-1 --to li", user="boss", now=at(f"{FRIDAY} 17:00")).out


def test_a_note_with_a_date_is_no_first_contact_and_neither_is_a_call_of_somebody_else(team: InProcess) -> None:
    team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 09:00"))
    team.ok("note", "D-1", "hello -> mon call", user="li", now=at(f"{FRIDAY} 10:00"))
    team.ok("note", "D-1", "call: hello", user="boss", now=at(f"{FRIDAY} 11:00"))
    assert states(team)["contact"] == "open"
    team.ok("note", "D-1", "call: hello", "--at", at(f"{FRIDAY} 09:30"), user="li", now=at(f"{MONDAY} 09:00"))
    (row,) = [row for row in team.ok("export tasks -o json", user="root").json if row["title"] == "contact"]
    assert (row["state"], row["done_at"]) == ("done", "2026-03-06T01:30:00Z")


def test_a_deadline_begins_when_its_condition_comes_true_and_asks_whether_to_go_on(team: InProcess) -> None:
    team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 09:00"))
    assert "decider" not in states(team)
    said = team.ok("deal edit D-1 --set amount=600000", user="li", now=at(f"{FRIDAY} 10:00")).out
    assert "decider: Wed 11 Mar" in said
    team.ok("deal edit D-1 --set amount=100", user="li", now=at(f"{FRIDAY} 11:00"))
    assert states(team)["decider"] == "open", "a promise is not taken back by editing an amount"
    team.ok("note", "D-1", "call: hello", user="li", now=at(f"{FRIDAY} 16:00"))
    tick(team, "2026-03-12 00:00")
    (asked,) = [row for row in team.ok("notices list --all -o json", user="root").json if "decider" in row["text"]]
    assert (asked["to"], "give the deal up?" in asked["text"]) == ("li", True)


def test_closing_meets_what_it_meets_and_cancels_the_rest(team: InProcess) -> None:
    team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 09:00"))
    team.ok("lose D-1 --reason price", user="li", now=at(f"{FRIDAY} 10:00"))
    assert states(team) == {"contact": "cancelled", "intention": "cancelled"}
    team.ok("deal reopen D-1 -m again", user="boss", now=at(f"{FRIDAY} 11:00"))
    assert states(team) == {"contact": "cancelled", "intention": "cancelled"}


@pytest.mark.parametrize("ending", ["lose D-1 --reason price", "deal assign D-1 --to none", "task waive T-1 -m known"])
def test_nothing_wakes_for_a_late_deadline_that_ended_before_its_next_level(team: InProcess, ending: str) -> None:
    team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 17:00"))
    tick(team, "2026-03-07 18:00")
    team.ok(ending, user="boss", now=at("2026-03-07 19:00"))
    ended = team.ok("log T-1 -o json", user="root", now=at("2026-03-07 19:00")).json
    tick(team, "2026-03-08 09:00")
    assert team.ok("log T-1 -o json", user="root", now=at("2026-03-08 09:00")).json == ended


def test_time_does_nothing_to_a_task_of_a_withdrawn_deal_until_that_is_restored(team: InProcess) -> None:
    team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 09:00"))
    team.ok("task add legal --for D-1 --due 2026-03-09", user="li", now=at(f"{FRIDAY} 09:00"))
    team.ok("withdraw D-1 -m typo", user="li", now=at(f"{FRIDAY} 10:00"))
    assert [tick(team, f"{day} 09:30") for day in (MONDAY, "2026-03-10")] == [["nothing was due"]] * 2
    team.ok("restore D-1", user="li", now=at("2026-03-10 10:00"))
    assert tick(team, "2026-03-10 10:00") == ["T-3 legal is late: it was due Mon 9 Mar"]


def test_undo_takes_back_what_a_call_met(team: InProcess) -> None:
    team.ok("add Plant --customer Acme", user="li", now=at(f"{FRIDAY} 09:00"))
    team.ok("note", "D-1", "call: hello", user="li", now=at(f"{FRIDAY} 10:00"))
    assert states(team)["contact"] == "done"
    team.ok("undo", user="li", now=at(f"{FRIDAY} 10:01"))
    assert states(team)["contact"] == "open"


LEADS = """system = "fair"
[fields]
external_id = "id"
title = "title"
customer = { column = "customer", by = "name", create = true }
owner = "owner"
stage = { constant = "Lead" }
created_at = "created"
"""


def test_a_lead_from_a_file_has_its_deadlines_with_the_next_tick_and_history_has_none(team: InProcess) -> None:
    (team.folder / "leads.toml").write_text(LEADS, "utf-8")
    rows = "id,title,customer,owner,created\nE1,Plant,Acme,li,2026-03-05\nE2,Hall,Bolt,li,2024-01-05\n"
    (team.folder / "leads.csv").write_text(rows, "utf-8")
    team.ok("import leads.csv --mapping leads.toml", user="root", now=at("2026-03-05 12:00"))
    (line,) = tick(team, "2026-03-05 12:10")
    assert line == "D-1: deadline T-1 contact: Fri 6 Mar 00:00; deadline T-2 intention: Thu 12 Mar"
    assert tick(team, "2026-03-05 12:10") == ["nothing was due"]
    assert tick(team, "2026-03-06 00:01")[0] == "T-1 contact is late: it was due Fri 6 Mar 00:00"


def test_what_is_due_today_is_reminded_of_once_when_the_day_begins(team: InProcess) -> None:
    team.ok("task add 'weekly report' --due 2026-03-09", user="li", now=at(f"{FRIDAY} 09:00"))
    assert tick(team, f"{MONDAY} 08:50") == ["nothing was due"]
    assert tick(team, f"{MONDAY} 09:00") == ["1 task due today: reminded"]
    assert tick(team, f"{MONDAY} 09:00") == ["nothing was due"]
    assert tick(team, f"{MONDAY} 17:00") == ["nothing was due"]
    (row,) = team.ok("notices list --all -o json", user="root").json
    assert (row["to"], row["kind"], row["text"]) == ("li", "task", "T-1 weekly report: due today")


def test_a_deadline_reads_how_a_deal_has_been_dealt_with(team: InProcess) -> None:
    rules = POLICY.replace(
        'when = "amount >= 500000"', "when = \"kind == 'lead' and customer_won_deals == 0 and customer == 'Acme'\""
    )
    (team.folder / "team.toml").write_text(rules, "utf-8")
    team.ok("policy apply team.toml", user="root", now=at(f"{MONDAY} 09:00"))
    said = team.ok("add Plant --customer Acme", user="li", now=at(f"{MONDAY} 10:00")).out
    other = team.ok("add Plant2 --customer Other", user="li", now=at(f"{MONDAY} 10:00")).out
    assert ("decider" in said, "decider" in other) == (True, False)


def test_who_has_to_do_something_at_an_hour_of_today_is_reminded_as_of_any_date_of_today(team: InProcess) -> None:
    team.ok("task add call --to li --due '2026-03-09 16:00'", user="boss", now=at(f"{FRIDAY} 10:00"))
    team.ok("task add write --to li --due 2026-03-09", user="boss", now=at(f"{FRIDAY} 10:00"))
    team.ok("task add read --to li --due '2026-03-10 08:00'", user="boss", now=at(f"{FRIDAY} 10:00"))
    assert tick(team, f"{MONDAY} 09:30") == ["2 tasks due today: reminded"]


def test_what_a_service_notes_is_no_touch_and_meets_nothing(team: InProcess) -> None:
    policy = POLICY.replace(
        'from = "created", within = "7 days", done = ["stage',
        'from = "created", within = "7 days", done = ["touch", "stage',
    )
    (team.folder / "team.toml").write_text(
        policy + '[[score]]\nname = "warm"\nrules = [{ when = "touches_30d >= 1", points = 5 }]\n', "utf-8"
    )
    team.ok("policy apply team.toml", user="root", now=at(f"{FRIDAY} 09:00"))
    team.ok("user add bot --role service", user="root", now=at(f"{FRIDAY} 09:00"))
    team.ok("add A --customer Acme", user="li", now=at(f"{FRIDAY} 10:00"))
    team.ok("advance D-1", user="li", now=at(f"{FRIDAY} 10:00"))
    team.ok("note D-1 'call: by a machine'", user="bot", now=at(f"{FRIDAY} 11:00"))
    assert (states(team)["contact"], states(team)["intention"]) == ("open", "open")
    assert team.ok("deal list -c warm --csv --no-header", user="root").out == "0\n"
    team.ok("note D-1 'call: by a person'", user="li", now=at(f"{FRIDAY} 12:00"))
    assert (states(team)["contact"], states(team)["intention"]) == ("done", "done")
    assert team.ok("deal list -c warm --csv --no-header", user="root").out == "5\n"


def test_a_deadline_that_a_file_meets_is_refused_by_the_command_that_attaches_one(team: InProcess) -> None:
    team.ok("add A --customer Acme", user="li", now=at(f"{FRIDAY} 10:00"))
    team.ok("note D-1 'call: hello'", user="li", now=at(f"{FRIDAY} 11:00"))
    number = next(row["id"] for row in team.ok("export tasks -o json", user="root").json if row["title"] == "offer")
    told = team(f"done {number}", user="li", now=at(f"{FRIDAY} 11:00"))
    assert (told.code, told.err.splitlines()[1]) == (5, "hint: opp deal attach D-1 FILE --kind offer")
