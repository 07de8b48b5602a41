"""Time: due, pauses, reminders, overdue marks, escalation, timeouts, calendars that change, missed runs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from requests_made import CN, HOUR, at, kind, later, open_people, policy, step, submitted, wall, world

from oppcli.model.approver import approver
from oppcli.model.policy import Escalation, Reminder, StepRule
from oppcli.model.requests import Request
from oppcli.rules.approvals import handover, submitting, time
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.situation import stands
from oppcli.rules.approvals.ticking import tick
from oppcli.rules.approvals.time import wake_at
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World

HALF, TWO_BEFORE = Reminder("50%", share=Decimal("0.5")), Reminder("2h before", before_ms=2 * HOUR)
TELL = Escalation(after_ms=0, to=approver("manager"), do="notify")
ADD = Escalation(after_ms=8 * HOUR, to=approver("role:ops"), do="add")
HAND_OVER = Escalation(after_ms=4 * HOUR, to=approver("role:ops"), do="reassign")


def boss(**more: Any) -> StepRule:
    return step("主管", "manager", **more)


def verbs(done: Transition) -> list[tuple[str, str | None]]:
    """What happened, and when it should have."""
    return [(event.verb, wall(event.should)) for event in done.events if event.should is not None]


@pytest.mark.parametrize(
    ("opened", "sla", "due"),
    [
        ("03-09 09:00", 8, "03-09 18:00"),
        ("03-09 10:00", 8, "03-10 10:00"),
        ("03-09 11:30", 0.5, "03-09 12:00"),
        ("03-09 12:00", 1, "03-09 14:00"),
        ("03-13 17:00", 8, "03-16 17:00"),
        ("03-13 18:00", 1, "03-16 10:00"),
        ("03-14 10:00", 16, "03-17 18:00"),
    ],
)
def test_a_step_is_due_after_its_business_hours(opened: str, sla: float, due: str) -> None:
    request = submitted(world(kind(boss(sla_ms=int(sla * HOUR))), now=opened))
    assert wall(request.open_steps[0].due_at) == due


def test_transfers_and_votes_do_not_move_due_and_a_decision_at_the_due_instant_is_on_time() -> None:
    here = world(kind(boss()))
    request = submitted(here)
    assert tick(request, later(here, "03-09 18:00")).request is request
    late = tick(request, here._replace(now=at("03-09 18:00") + 1)).request
    assert wall(late.open_steps[0].breached_at) == "03-09 18:00"


def test_reminders_fire_once_at_their_share_of_the_time_and_so_long_before_due() -> None:
    here = world(kind(boss(remind=(HALF, TWO_BEFORE))))
    request = submitted(here)
    assert tick(request, later(here, "03-09 13:59")).events == ()
    first = tick(request, later(here, "03-09 14:00"))
    assert verbs(first) == [("remind", "03-09 14:00")]
    assert [(notice.to, notice.kind) for notice in first.notices] == [("wang", "reminder")]
    second = tick(first.request, later(here, "03-09 16:00"))
    assert verbs(second) == [("remind", "03-09 16:00")]
    assert tick(second.request, later(here, "03-09 17:00")).events == ()


def test_a_reminder_after_due_goes_to_whoever_holds_the_step_then_once_in_business_hours() -> None:
    four_after = Reminder("4h after", after_ms=4 * HOUR)
    here = world(kind(boss(remind=(four_after,), escalate=(HAND_OVER._replace(after_ms=2 * HOUR),))))
    late = tick(submitted(here), later(here, "03-10 11:00")).request
    assert wall(wake_at(late, later(here, "03-10 11:00"))) == "03-10 14:00"
    assert tick(late, later(here, "03-10 13:59")).events == ()
    done = tick(late, later(here, "03-10 14:00"))
    assert verbs(done) == [("remind", "03-10 14:00")]
    assert [(notice.to, notice.kind) for notice in done.notices] == [("tang", "overdue")]
    assert tick(done.request, later(here, "03-11 14:00")).events == ()


def test_nothing_is_reminded_of_after_due_while_the_clock_is_stopped() -> None:
    here = world(kind(boss(remind=(Reminder("4h after", after_ms=4 * HOUR),))))
    returned = decide(submitted(here), later(here, "03-09 17:00"), "wang", "return", reason="x").request
    assert tick(returned, later(here, "03-16 17:00")).events == ()


def test_escalation_levels_count_business_hours_from_due() -> None:
    here = world(kind(boss(escalate=(TELL, ADD))))
    request = submitted(here)
    overdue = tick(request, later(here, "03-09 18:01"))
    assert [event.verb for event in overdue.events] == ["overdue", "escalate"]
    assert [(notice.to, notice.kind) for notice in overdue.notices] == [("zhou", "escalated")]
    assert open_people(overdue.request) == {"主管": [["wang"]]}
    assert tick(overdue.request, later(here, "03-10 17:59")).events == ()
    added = tick(overdue.request, later(here, "03-10 18:00"))
    assert open_people(added.request) == {"主管": [["wang", "tang"]]}
    assert decide(added.request, later(here, "03-11 09:00"), "tang", "approve").request.state == "approved"


def test_a_reassigned_seat_leaves_its_holder_who_may_not_decide_any_more() -> None:
    here = world(kind(boss(escalate=(HAND_OVER,))))
    late = later(here, "03-10 14:00")
    request = tick(submitted(here), late).request
    assert open_people(request) == {"主管": [["tang"]]}
    assert request.open_steps[0].breached_at == at("03-09 18:00"), "due and breach stay"
    assert tick(request, late).request is request


def test_targets_in_conflict_are_skipped_and_nobody_left_means_the_fallback() -> None:
    level = Escalation(after_ms=0, to=approver("user:li"), do="add")
    here = world(kind(boss(escalate=(level,))))
    assert open_people(tick(submitted(here), later(here, "03-10 09:00")).request) == {"主管": [["wang", "tang"]]}


def test_who_stood_aside_is_not_brought_back_by_an_escalation() -> None:
    level = Escalation(after_ms=0, to=approver("user:zhou"), do="add")
    here = world(kind(step("主管", ("manager", "manager+1"), escalate=(level,))))
    request = handover.recuse(submitted(here), here, "zhou").request
    night = later(here, "03-10 09:00")
    done = tick(request, night)
    assert open_people(done.request) == {"主管": [["wang", "tang"]]}
    assert tick(done.request, night).events == ()


def test_reassigning_several_seats_gives_each_target_one() -> None:
    level = Escalation(after_ms=0, to=approver("role:ops"), do="reassign")
    here = world(kind(step("会签", "role:finance", "all", escalate=(level,))))
    assert open_people(tick(submitted(here), later(here, "03-10 09:00")).request) == {"会签": [["tang"], ["zhao"]]}


def test_a_missed_week_fires_every_level_once_each_with_the_time_it_should_have() -> None:
    here = world(kind(boss(remind=(HALF,), escalate=(TELL, ADD))))
    done = tick(submitted(here), later(here, "03-16 09:00"))
    assert verbs(done) == [
        ("remind", "03-09 14:00"),
        ("overdue", "03-09 18:00"),
        ("escalate", "03-09 18:00"),
        ("escalate", "03-10 18:00"),
    ]
    assert [notice.to for notice in done.notices] == ["wang", "zhou", "tang"], "one combined notice per person"
    assert tick(done.request, later(here, "03-16 09:00")) == Transition(done.request)


@pytest.mark.parametrize(("what", "state"), [("return", "returned"), ("reject", "rejected")])
def test_a_timeout_returns_or_rejects_by_the_system_and_never_approves(what: str, state: str) -> None:
    here = world(kind(boss(on_timeout=what), step("总监", "manager+1")))
    done = tick(submitted(here), later(here, "03-10 09:00"))
    assert (done.request.state, done.request.reason) == (state, "timed out: 主管")
    assert done.request.decisions == ()
    assert [event.actor for event in done.events if event.verb == "timeout"] == ["system"]


def test_after_a_timeout_and_a_resubmit_the_approver_has_a_full_sla_again() -> None:
    here = world(kind(boss(on_timeout="return")))
    returned = tick(submitted(here), later(here, "03-10 09:00")).request
    again = submitting.resubmit(returned, later(here, "03-11 09:00"), "li").request
    (place,) = again.open_steps
    assert (wall(place.due_at), wall(place.breached_at)) == ("03-11 18:00", "03-09 18:00")
    assert tick(again, later(here, "03-11 17:00")).request is again
    assert tick(again, later(here, "03-11 18:01")).request.state == "returned"


def paused_and_resumed(here: World, paused: str, resumed: str) -> Request:
    request = decide(submitted(here), later(here, paused), "wang", "return", reason="?").request
    return submitting.resubmit(request, later(here, resumed), "li").request


@pytest.mark.parametrize(
    ("paused", "resumed", "due"),
    [
        ("03-09 11:00", "03-09 15:00", "03-10 12:00"),
        ("03-09 11:00", "03-13 17:00", "03-16 15:00"),
        ("03-09 18:00", "03-10 08:00", "03-10 09:00"),
        ("03-09 18:00", "03-14 12:00", "03-16 09:00"),
        ("03-09 19:00", "03-12 12:00", "03-09 18:00"),
    ],
    ids=[
        "within a day",
        "over a weekend",
        "nothing left: first business instant",
        "on a Saturday",
        "overdue keeps its due",
    ],
)
def test_a_pause_keeps_the_time_that_was_left(paused: str, resumed: str, due: str) -> None:
    (place,) = paused_and_resumed(world(kind(boss())), paused, resumed).open_steps
    assert wall(place.due_at) == due


def test_several_pauses_add_up() -> None:
    here = world(kind(boss()))
    request = paused_and_resumed(here, "03-09 11:00", "03-09 15:00")
    request = decide(request, later(here, "03-09 17:00"), "wang", "return", reason="?").request
    (place,) = request.open_steps
    assert (place.used_ms, place.remaining_ms) == (4 * HOUR, 4 * HOUR)
    (place,) = submitting.resubmit(request, later(here, "03-12 09:00"), "li").request.open_steps
    assert wall(place.due_at) == "03-12 14:00"


def test_a_reminder_waits_for_its_share_of_the_time_that_was_not_paused() -> None:
    here = world(kind(boss(remind=(HALF,))))
    request = paused_and_resumed(here, "03-09 11:00", "03-12 09:00")
    assert wall(wake_at(request, later(here, "03-12 09:00"))) == "03-12 11:00"
    assert verbs(tick(request, later(here, "03-12 11:00"))) == [("remind", "03-12 11:00")]


def test_nothing_is_overdue_while_returned() -> None:
    here = world(kind(boss(escalate=(TELL,))))
    returned = decide(submitted(here), here, "wang", "return", reason="?").request
    assert tick(returned, later(here, "03-30 09:00")).request is returned
    assert wake_at(returned, here) is None


def test_a_holiday_that_is_added_moves_open_due_times_and_a_breach_stays() -> None:
    here = world(kind(boss()))
    request = submitted(here)
    holiday = CN._replace(holidays=frozenset({date(2026, 3, 9)}))
    closed = here.policy._replace(calendars={"cn": holiday})
    moved = tick(request, later(here, "03-09 10:00", policy=closed))
    assert [(event.verb, event.was, event.now) for event in moved.events] == [
        ("due", "2026-03-09T10:00Z", "2026-03-10T10:00Z")
    ]
    late = tick(request, later(here, "03-09 19:00")).request
    assert tick(late, later(here, "03-09 20:00", policy=closed)).request is late


def test_a_holiday_week_with_a_make_up_saturday() -> None:
    days = frozenset(date(2026, 10, day) for day in range(1, 8))
    golden = CN._replace(holidays=days, workdays=frozenset({date(2026, 10, 10)}))
    here = world(policy(kind(boss(sla_ms=24 * HOUR)))._replace(calendars={"cn": golden}), now="09-30 10:00")
    assert wall(submitted(here).open_steps[0].due_at) == "10-10 10:00"


def test_wake_up_times_are_those_at_which_a_tick_has_something_to_do() -> None:
    here = world(kind(boss(remind=(HALF,), escalate=(TELL, ADD)), valid_days=1))
    request = submitted(here)
    woken: list[Any] = []
    while (moment := wake_at(request, here)) is not None and len(woken) < 9:
        asleep = tick(request, here._replace(now=moment - 1))
        assert asleep.request is request
        done = tick(request, here._replace(now=moment))
        assert done.request != request
        woken.append(wall(moment))
        request = done.request
    assert woken == ["03-09 14:00", "03-09 18:00", "03-10 18:00"]
    approved = decide(request, later(here, "03-11 09:00"), "wang", "approve").request
    assert wake_at(approved, here) == at("03-12 09:00") + 1


@pytest.mark.parametrize(
    ("zone", "start", "days", "expected"),
    [
        ("Asia/Shanghai", "2026-03-09T10:00:00+08:00", 30, "2026-04-08T10:00:00+08:00"),
        ("Europe/Berlin", "2026-03-28T10:00:00+01:00", 1, "2026-03-29T10:00:00+02:00"),
        ("Europe/Berlin", "2026-03-28T02:30:00+01:00", 1, "2026-03-29T03:00:00+02:00"),
        ("Europe/Berlin", "2026-10-24T02:30:00+02:00", 1, "2026-10-25T02:30:00+02:00"),
        ("America/New_York", "2026-03-07T02:15:00-05:00", 1, "2026-03-08T03:00:00-04:00"),
    ],
    ids=["no change", "an hour lost", "into the gap: after it", "twice: the first", "a gap elsewhere"],
)
def test_days_of_validity_end_at_the_same_local_time(zone: str, start: str, days: int, expected: str) -> None:
    moment = int(datetime.fromisoformat(start).timestamp() * 1000)
    wanted = int(datetime.fromisoformat(expected).timestamp() * 1000)
    assert time.days_later(moment, days, zone) == wanted


@pytest.mark.parametrize(("what", "state"), [("return", "returned"), ("reject", "rejected")])
def test_what_a_clock_ended_is_not_told_as_somebodys_decision(what: str, state: str) -> None:
    here = world(kind(boss(), step("财务", on_timeout=what)))
    agreed = decide(submitted(here), here, "wang", "approve", reason="好").request
    over = later(here, "03-10 09:01")
    done = tick(agreed, over).request
    since = "" if state == "returned" else " since 2026-03-10T01:01Z"
    assert stands(done, over) == f"{state}{since}: timed out: 财务"


def test_a_step_that_was_decided_late_says_so_where_no_tick_came_by() -> None:
    here = world(kind(boss()))
    late = decide(submitted(here), later(here, "03-10 09:00"), "wang", "approve").request
    assert [wall(each.breached_at) for each in late.plan] == ["03-09 18:00"]
    in_time = decide(submitted(here), later(here, "03-09 18:00"), "wang", "approve").request
    assert [each.breached_at for each in in_time.plan] == [None]
