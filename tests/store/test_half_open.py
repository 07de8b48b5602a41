"""What lies exactly on a bound: a month and a window begin with their first instant and end before the next one's, a
day is over with its midnight. Each look-up is asked for what lies before, on and behind its bounds, on both engines."""

from collections.abc import Iterator
from dataclasses import replace

import made
import pytest

from oppcli.model.deals import Customer, Tenure, Visit
from oppcli.model.follow import Activity, Task
from oppcli.model.payments import DUE, RECEIVED, Payment
from oppcli.model.people import Delegation
from oppcli.model.requests import APPROVED, Request
from oppcli.reads import absence, actuals, delegations, effect, overdue, papers, seats, stay_index
from oppcli.store import closing, due_tasks, lingering, owed, owning, scope, waiting
from oppcli.store.doors import WriteDoor

SINCE, UNTIL = 1_772_294_400_000, 1_774_972_800_000
"""The first instants of March and April 2026 in Shanghai."""
AROUND = (SINCE - 1, SINCE, UNTIL - 1, UNTIL)
DAY, BEFORE, BEHIND = "2026-03-15", "2026-03-14", "2026-03-16"


@pytest.fixture
def team(door: WriteDoor) -> Iterator[WriteDoor]:
    made.team(door)
    yield door


def won(door: WriteDoor, *instants: int) -> dict[int, int]:
    """A deal won at each instant: its number → when."""
    return {
        door.add(replace(made.DEAL, title=str(at), stage="赢单", closed_at=at, visits=())).id: at for at in instants
    }


def test_a_deal_won_at_the_first_instant_of_a_month_is_of_that_month_alone(team: WriteDoor) -> None:
    at = won(team, *AROUND)
    for owners in (None, ("li",)):
        found = closing.of_month(team, "2026-03-01", "2026-03-31", SINCE, UNTIL, owners)
        assert [at[row[0]] for row in found] == [SINCE, UNTIL - 1]
        found = closing.of_month(team, "2026-04-01", "2026-04-30", UNTIL, UNTIL + 1000, owners)
        assert [at[row[0]] for row in found] == [UNTIL]


def test_a_deal_expected_on_the_first_and_on_the_last_day_is_of_the_month(team: WriteDoor) -> None:
    days = ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
    on = {team.add(replace(made.DEAL, title=day, expected_close=day)).id: day for day in days}
    found = closing.of_month(team, "2026-03-01", "2026-03-31", SINCE, UNTIL, None)
    assert [on[row[0]] for row in found] == ["2026-03-01", "2026-03-31"]


def test_what_is_expected_on_the_first_or_last_day_of_a_month_is_ahead_in_it(team: WriteDoor) -> None:
    for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
        team.add(replace(made.DEAL, title=day, expected_close=day))
    for first, last, found in (("2026-03-01", "2026-03-31", 2), ("2026-03-02", "2026-03-30", 0)):
        assert len(team.rows(actuals._AHEAD, first=first, last=last)) == found


def test_what_was_closed_at_an_instant_was_not_closed_before_it(team: WriteDoor) -> None:
    at = won(team, UNTIL - 1, UNTIL, UNTIL + 1)
    for going_on, found in (((), [UNTIL - 1]), (("线索",), [UNTIL - 1]), (("赢单",), [])):
        assert [at[number] for number in closing.closed_before(team, UNTIL, going_on)] == found


def test_a_task_is_late_behind_its_day_or_instant_and_due_on_it(team: WriteDoor) -> None:
    for day in (BEFORE, DAY, BEHIND):
        team.add(Task(title=day, due_on=day, created_at=1, created_by="li"))
    for at in (SINCE - 1, SINCE, UNTIL - 1, UNTIL):
        team.add(Task(title=str(at), due_at=at, wake_at=at, created_at=1, created_by="li"))

    def titles(numbers: list[int]) -> list[str]:
        return [team.get(Task, number).title for number in numbers]

    assert titles(due_tasks.over(team, SINCE, DAY)) == [BEFORE, str(SINCE - 1)]
    assert titles(due_tasks.on(team, DAY, SINCE, UNTIL)) == [DAY, str(SINCE), str(UNTIL - 1)]
    assert titles(due_tasks.awake(team, SINCE)) == [str(SINCE - 1), str(SINCE)]
    assert due_tasks.any_over(team, SINCE, BEFORE)
    assert not due_tasks.any_over(team, SINCE - 1, BEFORE)


def test_a_delegation_holds_from_its_first_instant_to_before_its_last(team: WriteDoor) -> None:
    number = team.add(Delegation(frm="li", to="wang", starts_at=SINCE, ends_at=UNTIL)).id
    assert [bool(waiting.delegations_in_force(team, at)) for at in AROUND] == [False, True, True, False]
    assert [bool(waiting.delegations_with(team, "li", at)) for at in AROUND] == [True, True, True, False]
    spans = ((0, SINCE - 1), (0, SINCE), (UNTIL - 1, UNTIL), (UNTIL, UNTIL + 1))
    assert [bool(owning.absences(team, *span)) for span in spans] == [False, True, True, False]
    states = [team.rows(delegations._SQL.format(where=""), now=at, currency="CNY")[0][5] for at in AROUND]
    assert states == ["upcoming", "active", "active", "ended"]
    lent = [len(team.rows(absence._LENT, who="li", since=since, until=until)) for since, until in spans]
    assert lent == [0, 0, 1, 0]
    assert team.get(Delegation, number).types == ()


def test_who_decides_for_another_sees_what_that_one_is_asked_while_the_delegation_holds(door: WriteDoor) -> None:
    before = made.request(door)
    door.add(Delegation(frm="wang", to="li", starts_at=SINCE, ends_at=UNTIL))
    seen = [door.column(scope.asked("", ":me", ":now"), me="li", now=at) for at in AROUND]
    assert seen == [[], [before.id], [before.id], []]


def test_an_approval_holds_to_its_last_instant_and_a_request_wakes_at_its_time(door: WriteDoor) -> None:
    before = made.request(door)
    door.save(before, replace(before, state=APPROVED, valid_until=UNTIL, wake_at=UNTIL))
    held = [len(door.rows(papers._SEEN, type="quote", now=at)) for at in (UNTIL - 1, UNTIL, UNTIL + 1)]
    assert held == [1, 1, 0]
    assert [waiting.awake(door, at) for at in (UNTIL - 1, UNTIL)] == [[], [before.id]]


def test_what_was_decided_at_the_first_instant_of_a_time_is_of_it_and_at_its_end_of_the_next(door: WriteDoor) -> None:
    before = made.request(door)
    decided = replace(made.DECISION, at=SINCE)
    after: Request = door.save(before, replace(before, decisions=(decided,)))
    for since, until, found in ((SINCE, UNTIL, 1), (SINCE - 1, SINCE, 0), (SINCE + 1, UNTIL, 0), (SINCE, None, 1)):
        which = seats.lately(since, until)
        assert len(door.rows(which.ids, **which.given)) == found
    assert after.decisions == (decided,)


def test_a_step_is_late_behind_the_instant_at_which_it_is_due(door: WriteDoor) -> None:
    made.request(door)
    late = overdue._LATE.format(keys="")
    assert [bool(door.rows(late, now=at)) for at in (4999, 5000, 5001)] == [False, False, True]


def test_what_came_and_was_decided_at_the_first_instant_of_a_time_counts(door: WriteDoor) -> None:
    before = made.request(door)
    first, second = before.steps
    opened = replace(first, opened_at=SINCE)
    door.save(before, replace(before, steps=(opened, second), decisions=(replace(made.DECISION, at=SINCE),)))
    for at, found in ((SINCE, 1), (SINCE + 1, 0)):
        assert len(door.rows(absence._CAME, who="wang", since=at)) == found
        assert len(door.rows(absence._DECIDED, since=at)) == found


def test_what_somebody_got_at_midnight_they_got_on_that_day(team: WriteDoor) -> None:
    visits = (Visit(stage="线索", entered_at=1),)
    for at in (SINCE - 1, SINCE):
        for how in ("claim", "rule:pool"):
            given = (Tenure(owner="li", began_at=at, how=how),)
            team.add(replace(made.DEAL, title=how, visits=visits, tenures=given))
    assert owning.turns(team, "rule:pool", ["li"], SINCE)["li"].today == 1
    assert [owning.claimed_since(team, "li", at) for at in (SINCE - 1, SINCE, SINCE + 1)] == [2, 1, 0]
    mine = team.add(Customer(name="甲", key="甲"))
    team.save(mine, replace(mine, owner="wang"), action="claim")
    assert [owning.claimed_since(team, "wang", at) for at in (team.at, team.at + 1)] == [1, 0]


def test_who_came_at_the_end_of_a_window_came_after_it(team: WriteDoor) -> None:
    at = team.one("SELECT max(at) FROM journal")[0]  # type: ignore[index]
    windows = ((at, at + 1), (at - 1, at), (at - 1, at + 1))
    came = [sum(row[1] for row in team.rows(effect._PEOPLE, since=since, until=until)) for since, until in windows]
    assert came == [2, 0, 2]


@pytest.mark.parametrize(
    ("created", "entered", "noted", "protected", "idle"),
    [
        (UNTIL - 1, None, None, None, True),
        (UNTIL, None, None, None, False),
        (UNTIL, 1, None, None, False),
        (1, UNTIL - 1, None, None, True),
        (1, UNTIL, None, None, False),
        (1, None, UNTIL - 1, None, True),
        (1, None, UNTIL, None, False),
        (1, None, None, UNTIL, True),
        (1, None, None, UNTIL + 1, False),
    ],
)
def test_a_deal_is_idle_that_nobody_touched_from_an_instant_on(
    team: WriteDoor, created: int, entered: int | None, noted: int | None, protected: int | None, idle: bool
) -> None:
    whose = team.add(Customer(name="甲", key="甲", owner="li", protected_until=protected))
    visits = (Visit(stage="线索", entered_at=entered or created),)
    deal = team.add(replace(made.DEAL, customer_id=whose.id, created_at=created, visits=visits))
    if noted is not None:
        team.add(Activity(kind="call", text="x", at=noted, who="li", deal_id=deal.id, created_by="li"))
    assert bool(lingering.lingering(team, ("call",), UNTIL, UNTIL)) == idle
    over = lingering.unprotected(team, UNTIL)
    assert over == ([whose.id] if protected == UNTIL else [])
    assert bool(lingering.protected(team, "li", UNTIL)) == (protected == UNTIL + 1)


@pytest.mark.parametrize(
    ("due", "came", "overdue", "since"),
    [
        (BEFORE, None, 100, BEFORE),
        (DAY, None, 0, None),
        (BEFORE, DAY, 0, None),
        (BEFORE, BEHIND, 100, BEFORE),
    ],
)
def test_an_instalment_is_overdue_behind_its_day_and_money_counts_on_its_day(
    team: WriteDoor, due: str, came: str | None, overdue: int, since: str | None
) -> None:
    whose = team.add(Customer(name="甲", key="甲"))
    team.add(Payment(kind=DUE, customer_id=whose.id, on=due, amount=100, currency="CNY"))
    if came is not None:
        team.add(Payment(kind=RECEIVED, customer_id=whose.id, on=came, amount=100, currency="CNY"))
    ((currency, _, late, begun),) = owed.of_customer(team, whose.id, DAY, since=True)
    assert (currency, int(late), begun) == ("CNY", overdue, since)


def test_a_stay_counts_from_the_instant_at_which_it_began(team: WriteDoor) -> None:
    for number, at in enumerate((UNTIL - 2, UNTIL - 1, UNTIL, UNTIL + 1)):
        visits = (Visit(stage="谈判", entered_at=at),)
        team.add(replace(made.DEAL, title=str(number), stage="谈判", visits=visits))
    stage = team.one("SELECT id FROM stage WHERE name = '谈判'")
    stays = stay_index.Indexed(team, stage[0], UNTIL)  # type: ignore[index]
    assert (stays.ages.count, stays.older(1), stays._younger(1), stays.backwards) == (3, 1, 2, 1)
