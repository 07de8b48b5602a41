"""The figures of follow-up, each by an example that is worked out by hand, on both engines."""

import figures_world as world
from figures_world import at, customer, deal, promise, ran, rows, tenure, touch, written

from oppcli.model.people import User


def test_ten_promises_of_which_three_were_missed(db_url: str) -> None:
    """7 kept, 1 a day late, 1 open, 1 moved and done by the new date: 3 of 10."""
    with written(db_url) as door:
        one = deal(door)
        for day in range(2, 9):
            promise(door, one, f"{day:02}", state="done", done_at=at(f"{day:02} 23:59"))
        promise(door, one, "10", state="done", done_at=at("11 00:00"))
        promise(door, one, "12")
        promise(door, one, "09", due_on="2026-03-13", moves=1, state="done", done_at=at("13 10:00"))
    (row,) = rows(db_url, "followup")
    assert (row["person"], row["due"], row["kept"], row["missed"], row["missed_rate"]) == ("li", 10, 7, 3, 0.3)
    assert (row["postponed"], row["deals"], row["covered"], row["coverage"]) == (1, 1, 0, 0)


def test_what_was_cancelled_before_waived_or_is_not_past_is_left_out(db_url: str) -> None:
    with written(db_url) as door:
        one = deal(door)
        promise(door, one, "10", state="cancelled", done_at=at("10 23:00"))
        promise(door, one, "10", state="cancelled", done_at=at("11 01:00"))
        promise(door, one, "10", state="waived", done_at=at("12 01:00"))
        promise(door, one, "16")
    (row,) = rows(db_url, "followup")
    assert (row["due"], row["missed"], row["covered"], row["coverage"]) == (1, 1, 1, 1)


def test_a_promise_is_of_whoever_held_it_when_it_fell_due(db_url: str) -> None:
    with written(db_url) as door:
        held = (tenure("li", "02 09:00", "11 09:00"), tenure("zhao", "11 09:00"))
        one = deal(door, "zhao", tenures=held)
        promise(door, one, "10", state="done", done_at=at("12 09:00"))
        promise(door, one, "11", state="done", done_at=at("11 10:00"))
    found = {row["person"]: (row["kept"], row["missed"], row["deals"]) for row in rows(db_url, "followup")}
    assert found == {"li": (0, 1, 0), "zhao": (1, 0, 1)}


def test_the_window_is_about_what_was_promised(db_url: str) -> None:
    with written(db_url) as door:
        one = deal(door)
        promise(door, one, "04")
        promise(door, one, "09", state="done", done_at=at("09 09:00"))
    window = {"since": at("09 00:00"), "until": at("10 00:00")}
    (row,) = rows(db_url, "followup", window)
    assert (row["due"], row["kept"]) == (1, 1)


def test_two_people_on_one_customer_within_72_hours_are_one_too_many(db_url: str) -> None:
    with written(db_url) as door:
        acme, other = customer(door, "Acme"), customer(door, "Other")
        mine, theirs = deal(door, "li", customer_id=acme), deal(door, "zhao", customer_id=acme)
        ours = deal(door, "li", customer_id=other, collaborators=("chen",))
        touch(door, mine, "li", "02 10:00")
        touch(door, theirs, "zhao", "05 10:00")
        touch(door, mine, "li", "08 11:00", direction="in")
        touch(door, theirs, "zhao", "09 10:00")
        touch(door, mine, "li", "12 10:01")
        touch(door, ours, "li", "03 10:00")
        touch(door, ours, "chen", "03 11:00")
    found = {row["person"]: (row["touches"], row["doubled"]) for row in rows(db_url, "followup")}
    assert found == {"li": (4, 0), "zhao": (2, 1), "chen": (1, 0)}


def test_the_second_of_two_counts_when_the_first_lies_before_the_time_asked_for(db_url: str) -> None:
    with written(db_url) as door:
        acme = customer(door, "Acme")
        for who, when in (("li", "03 10:00"), ("zhao", "06 10:00"), ("chen", "09 10:01")):
            touch(door, None, who, when, customer_id=acme)
    found = {row["person"]: (row["touches"], row["doubled"]) for since in ("06 10:00", "09 10:00")
             for row in rows(db_url, "followup", {"since": at(since), "until": at(since) + 1 + 60_000})}  # fmt: skip
    assert found == {"zhao": (1, 1), "chen": (1, 0)}


def test_the_median_gap_is_of_touches_on_one_deal(db_url: str) -> None:
    with written(db_url) as door:
        one, other = deal(door), deal(door)
        for when in ("02 10:00", "04 10:00", "08 10:00"):
            touch(door, one, "li", when)
        touch(door, other, "li", "03 10:00")
    (row,) = rows(db_url, "followup")
    assert row["median_gap_days"] == 3


def test_a_response_is_measured_from_when_the_deal_was_theirs(db_url: str) -> None:
    """li had D-1 for a day without a touch, zhao was in touch 3 h after it became theirs; chen never on D-2."""
    with written(db_url) as door:
        held = (tenure("li", "02 09:00", "03 09:00"), tenure("zhao", "03 09:00"))
        one = deal(door, "zhao", tenures=held)
        deal(door, "chen", "03 10:00")
        touch(door, one, "zhao", "03 12:00")
        touch(door, one, "zhao", "03 11:00", direction="in")
    found = {row["person"]: row for row in rows(db_url, "response")}
    assert list(found) == ["chen", "li", "zhao", "(lead)"]
    assert (found["zhao"]["answered"], found["zhao"]["median_hours"], found["zhao"]["p90_hours"]) == (1, 3, 3)
    assert (found["li"]["answered"], found["li"]["open"], found["li"]["handed_over"]) == (0, 0, 1)
    assert (found["chen"]["open"], found["chen"]["late"], found["chen"]["median_hours"]) == (1, 0, None)
    lead = found["(lead)"]
    assert (lead["leads"], lead["answered"], lead["median_hours"], lead["median_business_hours"]) == (2, 1, 27, 11)


def test_the_total_of_responses_is_of_all_that_people_had_and_no_sum_of_medians(db_url: str) -> None:
    """li answers after 1, 2 and 9 hours, zhao after 30: the median of all is 5.5 and not (2 + 30) / 2."""
    with written(db_url) as door:
        for who, came in (("li", "03 10:00"), ("li", "03 11:00"), ("li", "03 18:00"), ("zhao", "04 15:00")):
            touch(door, deal(door, who, "03 09:00"), who, came)
        deal(door, "chen", "03 09:00")
    table = ran(db_url, "response")
    total = table.total or {}
    figures = [total[name] for name in ("leads", "answered", "open", "median_hours", "p90_hours", "handed_over")]
    assert figures == [5, 4, 1, 5.5, 30, 0]
    assert table.summed == ("all together: 4 of 5 leads answered, median 5.5 h",)
    assert ran(db_url, "followup").summed == ("all together: 0 of 0 promises missed, 0 of 5 live deals covered",)


def test_who_is_unanswered_past_the_deadline_is_late(db_url: str) -> None:
    first = '[follow]\ndeadline = [{ name = "首次联系", from = "assigned", within = "24h", done = ["touch"] }]\n'
    with written(db_url) as door:
        deal(door, "chen", "03 10:00")
        deal(door, "chen", "16 09:30")
    found = {row["person"]: row for row in rows(db_url, "response", policy=world.TEXT + first)}
    assert (found["chen"]["open"], found["chen"]["late"]) == (2, 1)


def test_each_signal_of_a_deal_that_lies(db_url: str) -> None:
    with written(db_url) as door:
        lies = deal(door, amount=100)
        fresh = deal(door, amount=100, created="13 09:00")
        promise(door, fresh, "17")
        touched = deal(door, amount=100)
        promise(door, touched, "25")
        touch(door, touched, "li", "16 09:00")
        unknown = deal(door, amount=100)
    found = {row["deal"]: row for row in rows(db_url, "stuck")}
    assert found[f"D-{lies}"]["signals"] == ("over_target", "rotting", "unattended", "nostep")
    assert f"D-{fresh}" not in found
    assert found[f"D-{touched}"]["signals"] == ("over_target", "nostep")
    assert (found[f"D-{touched}"]["idle_hours"], found[f"D-{lies}"]["over_target_bh"]) == (1, 65)
    assert f"D-{unknown}" in found
    only = rows(db_url, "stuck", {"signal": ["rotting"]})
    assert [row["deal"] for row in only] == [f"D-{lies}", f"D-{unknown}"]


def test_a_touch_by_a_collaborator_attends_and_one_by_a_stranger_does_not(db_url: str) -> None:
    with written(db_url) as door:
        one, other = deal(door, collaborators=("chen",)), deal(door)
        touch(door, one, "chen", "15 09:00")
        touch(door, other, "chen", "15 09:00")
    found = rows(db_url, "stuck", {"signal": ["unattended"]})
    assert [row["deal"] for row in found] == [f"D-{other}"]


def test_signs_that_stand_out(db_url: str) -> None:
    with written(db_url) as door:
        deals = [deal(door) for _ in range(6)]
        same = "王总说下周再看，先不着急"
        touch(door, deals[0], "li", "02 10:00", text=same)
        twin = touch(door, deals[1], "li", "09 10:00", text=same + "了")
        for number in range(5):
            touch(door, deals[number], "zhao", f"03 10:0{number}", text=f"no {number}")
        many = [touch(door, one, "chen", "04 10:00", channel="lines", text="x") for one in deals]
        slow = touch(door, deals[5], "chen", "05 10:00", recorded_at=at("11 10:00"), text="y")
        calls = [touch(door, deals[5], "wang", f"{day} 10:00", text=f"call {day}") for day in range(12, 16)]
    found = rows(db_url, "ghosts")
    alike = [(row["activity"], row["person"]) for row in found if row["sign"] == "alike"]
    assert alike == [(f"A-{twin}", "li")]
    assert {row["person"] for row in found if row["sign"] == "batch"} == {"zhao"}
    assert sum(row["sign"] == "batch" for row in found) == 5
    assert [row["activity"] for row in found if row["sign"] == "late"] == [f"A-{slow}"]
    assert [row["activity"] for row in found if row["sign"] == "alone"] == [f"A-{calls[2]}"]
    assert len(many) == 6


def test_just_before_a_return_is_a_sign(db_url: str) -> None:
    back = '[assign]\nreturn = [{ when = "always", after = "10 days" }]\n'
    with written(db_url) as door:
        one, other, third = (deal(door) for _ in range(3))
        eve = touch(door, one, "li", "11 09:00", text="eve")
        door.add(User(login="bot", name="bot", roles=("service",)))
        touch(door, third, "bot", "11 09:00", text="a service touches nobody")
        touch(door, other, "li", "08 09:00", text="in good time")
    found = rows(db_url, "ghosts", {"sign": ["eve"]}, world.TEXT + back)
    assert [(row["activity"], row["detail"]) for row in found] == [
        (f"A-{eve}", "15 h before its deal would have been returned")
    ]


def test_what_is_missing_by_the_weights_of_a_sheet(db_url: str) -> None:
    sheet = "[sheet.record]\nfields = { amount = 3, budget = 1, source = 1 }\n[sheet.bant]\nfields = { budget = 1 }\n"
    with written(db_url) as door:
        deal(door, amount=100, extra={"budget": "unknown"})
        deal(door, extra={"budget": "no"}, owner="zhao")
    found = rows(db_url, "completeness", policy=world.TEXT + sheet)
    assert [(row["ref"], row["completeness"], row["missing"]) for row in found] == [
        ("D-2", 0.2, ("amount", "source")),
        ("D-1", 0.6, ("budget", "source")),
    ]
    of = rows(db_url, "completeness", {"sheet": "bant", "by": "owner"}, world.TEXT + sheet)
    assert [(row["owner"], row["complete"], row["completeness"]) for row in of] == [("li", 0, 0), ("zhao", 1, 1)]


def test_the_last_answer_of_a_customer_counts(db_url: str) -> None:
    survey = '[follow]\nsurvey = { from = "won", within = "14 days", low = 2 }\n'
    with written(db_url) as door:
        one, other, silent = (deal(door, stage="赢单") for _ in range(3))
        for asked in (one, other, silent):
            promise(door, asked, "10", kind="survey", created_at=at("03 09:00"))
        touch(door, one, "li", "04 09:00", kind="survey", rating=1)
        touch(door, one, "li", "05 09:00", kind="survey", rating=5)
        touch(door, other, "li", "05 09:00", kind="survey", rating=2)
    (row,) = rows(db_url, "satisfaction", policy=world.TEXT + survey)
    assert (row["asked"], row["answered"], row["mean"], row["low"]) == (3, 2, 3.5, 1)
