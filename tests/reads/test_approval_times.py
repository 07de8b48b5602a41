"""How long approvals took and whose time it was, at the clock of 09:00-17:00 days in UTC; on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import world

from oppcli.model.deals import Deal, Visit
from oppcli.model.journal import Stamp
from oppcli.model.policy import Calendar
from oppcli.model.requests import Decision, Holder, Request, Revision, Seat, Step
from oppcli.reads import catalog
from oppcli.reads.table import Frame, Table
from oppcli.store.doors import WriteDoor
from oppcli.words.periods import Period

NINE_TO_FIVE = Calendar(name="cn", timezone="UTC", week=(((540, 1020),),) * 5 + ((), ()))
POLICY = world.POLICY._replace(calendars={"cn": NINE_TO_FIVE})
HOUR = world.HOUR


def at(text: str) -> int:
    """`09 16:00`: a day of March 2026, which has its Mondays on 2, 9, 16."""
    day, clock = text.split()
    hour, minute = map(int, clock.split(":"))
    return int(datetime(2026, 3, int(day), hour, minute, tzinfo=UTC).timestamp() * 1000)


def read(door: WriteDoor, path: str, now: str = "20 09:00", **args: Any) -> list[dict[str, Any]]:
    frame = Frame(now=at(now), tz="UTC", policy=lambda: POLICY)
    table: Table = catalog.run(catalog.read(path), door, args, frame)
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


@pytest.fixture
def desk(door: WriteDoor) -> WriteDoor:
    """A database with people and stages, without deals."""
    world.fill(door, empty=True)
    return door


class Story:
    """A request with one step and one seat, moved on from time to time."""

    def __init__(self, door: WriteDoor, submitted: str, holder: str = "wang", **deal: Any) -> None:
        self.door = door
        door.begin(Stamp(actor="li", now=at(submitted), command="test"))
        visits = (Visit(stage="谈判", entered_at=at(submitted)),)
        made = door.add(Deal(title="MES", stage="谈判", owner="li", created_at=at(submitted), visits=visits, **deal))
        seat = Seat(number=1, holders=(Holder(login=holder),))
        step = Step(
            revision=1,
            position=1,
            group=1,
            name="Manager",
            state="open",
            calendar="cn",
            sla_ms=8 * HOUR,
            opened_at=at(submitted),
            resumed_at=at(submitted),
            seats=(seat,),
        )
        asked = Revision(number=1, snapshot={}, at=at(submitted), editor="li")
        self.request: Request = door.add(
            Request(
                deal_id=made.id,
                type="quote",
                submitted_by="li",
                submitted_at=at(submitted),
                revisions=(asked,),
                steps=(step,),
            )
        )

    def then(self, when: str, **changed: Any) -> "Story":
        """The request as it is from then on; `seat` and `step` change those."""
        self.door.begin(Stamp(actor="wang", now=at(when), command="test"))
        step = replace(self.request.steps[0], **changed.pop("step", {}))
        step = replace(step, seats=(replace(step.seats[0], **changed.pop("seat", {})),))
        self.request = self.door.save(self.request, replace(self.request, steps=(step,), **changed))
        return self

    def decided(self, when: str, verdict: str, actor: str = "wang", **changed: Any) -> "Story":
        number = len(self.request.decisions) + 1
        made = Decision(
            number=number, revision=1, step=1, seat=1, actor=actor, actor_name=actor, verdict=verdict, at=at(when)
        )
        return self.then(when, decisions=(*self.request.decisions, made), **changed)

    def returned(self, when: str) -> "Story":
        # The engine keeps of the time used no more than the time there is.
        return self.decided(when, "return", state="returned", step={"resumed_at": None, "used_ms": 8 * HOUR})

    def resubmitted(self, when: str) -> "Story":
        return self.then(when, state="pending", step={"resumed_at": at(when)})

    def approved(self, when: str, actor: str = "wang", **changed: Any) -> "Story":
        ended = {"state": "approved", "closed_at": at(when)}
        return self.decided(
            when,
            "approve",
            actor,
            state="approved",
            decided_at=at(when),
            step=ended,
            seat={"state": "approved"},
            **changed,
        )


def test_business_time_beyond_the_sla_is_kept_after_a_return(desk: WriteDoor) -> None:
    Story(desk, "02 09:00").returned("05 16:00").resubmitted("06 09:00").approved("06 09:30")
    (found,) = read(desk, "report turnaround")
    assert found["median_business_hours"] == 31.5
    assert found["median_hours"] == 3 * 24 + 7 + 0.5  # returned for 17 hours
    (person,) = read(desk, "report turnaround", by="person")
    assert (person["decided"], person["p90_business_hours"]) == (2, 31.5)


def test_time_between_two_returns_is_nobody_s_wait(desk: WriteDoor) -> None:
    story = Story(desk, "02 09:00").returned("02 10:00").resubmitted("03 16:00").returned("04 09:00")
    story.resubmitted("06 09:00").approved("06 10:00")
    (person,) = read(desk, "report turnaround", by="person")
    assert person["decided"] == 3
    assert (person["median_business_hours"], person["p90_business_hours"]) == (2, 3)


def test_a_transfer_s_receiver_is_charged_from_when_the_seat_came_to_them(desk: WriteDoor) -> None:
    story = Story(desk, "02 09:00")
    story.then("04 09:00", seat={"holders": (Holder(login="zhao", how="transfer", via="wang"),)})
    story.approved("04 12:00", "zhao")
    (person,) = read(desk, "report turnaround", by="person")
    assert (person["person"], person["median_business_hours"]) == ("zhao", 3)
    (step,) = read(desk, "report turnaround")
    assert step["median_business_hours"] == 19


def test_an_override_is_no_first_pass(desk: WriteDoor) -> None:
    Story(desk, "02 09:00").approved("02 10:00")
    overridden = Decision(number=1, revision=1, step=0, seat=0, actor="root", actor_name="root", verdict="override")
    Story(desk, "02 09:00").then("02 11:00", state="approved", decided_at=at("02 11:00"), decisions=(overridden,))
    (found,) = read(desk, "report turnaround", by="type")
    assert (found["requests"], found["approved"], found["first_pass"], found["first_pass_rate"]) == (2, 2, 1, 0.5)


def test_a_yes_after_the_final_approval_is_no_second_attempt(desk: WriteDoor) -> None:
    story = Story(desk, "02 09:00").approved("02 10:00")
    more = Revision(number=2, snapshot={}, at=at("02 11:00"), editor="li", why="continued")
    story.then("02 11:00", revision=2, revisions=(*story.request.revisions, more))
    again = Story(desk, "02 09:00")
    before = Revision(number=2, snapshot={}, at=at("02 09:30"), editor="li", why="amount changed")
    again.then("02 09:30", revision=2, revisions=(*again.request.revisions, before))
    again.approved("02 10:00")
    (found,) = read(desk, "report turnaround", by="type")
    assert (found["approved"], found["first_pass"]) == (2, 1)


def test_the_seller_is_not_charged_while_the_deal_was_closed(desk: WriteDoor) -> None:
    visits = (
        Visit(stage="谈判", entered_at=at("02 09:00"), left_at=at("02 17:00")),
        Visit(stage="输单", entered_at=at("02 17:00"), left_at=at("19 09:00")),
        Visit(stage="谈判", entered_at=at("19 09:00")),
    )
    desk.add(Deal(title="back", stage="谈判", owner="li", created_at=at("02 09:00"), visits=visits))
    (found,) = read(desk, "report waiting", now="19 16:00")
    assert (found["total_hours"], found["seller_hours"], found["outside_hours"]) == (15, 15, 0)


def test_overdue_counts_the_open_steps_that_were_asked_about(desk: WriteDoor) -> None:
    due = {"due_at": at("03 09:00")}
    Story(desk, "02 09:00").then("02 09:00", step=due)
    for _ in range(3):
        Story(desk, "02 09:00", holder="zhao").then("02 09:00", step=due)
    frame = Frame(now=at("04 09:00"), tz="UTC", policy=lambda: POLICY)
    table = catalog.run(catalog.read("report overdue"), desk, {"waiting_on": (["wang"], [])}, frame)
    assert world.said(table) == ("1 overdue of 1 open step",)
    whole = catalog.run(catalog.read("report overdue"), desk, {}, frame)
    assert world.said(whole) == ("4 overdue of 4 open steps",)


@pytest.mark.parametrize(("types", "cap", "seen"), [((), None, 1), (("risk",), None, 0), ((), 1_00, 0), ((), 9_00, 1)])
def test_a_delegate_finds_what_is_late_for_whom_they_stand_in(
    desk: WriteDoor, types: tuple[str, ...], cap: int | None, seen: int
) -> None:
    from oppcli.model.people import Delegation

    Story(desk, "02 09:00").then("02 09:00", step={"due_at": at("03 09:00")}, amount=5_00, currency="CNY")
    desk.add(
        Delegation(
            frm="wang",
            to="zhao",
            starts_at=at("03 09:00"),
            ends_at=at("05 09:00"),
            types=types,
            max_amount=cap,
            created_by="wang",
            created_at=at("02 09:00"),
        )
    )
    assert len(read(desk, "report overdue", "04 09:00", waiting_on=(["zhao"], []))) == seen
    assert read(desk, "report overdue", "06 09:00", waiting_on=(["zhao"], [])) == []


def test_delay_costs_what_a_deal_was_worth_when_the_wait_began_for_each_day_of_it(
    desk: WriteDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of 800,000 for 2.5 days at 0.1 % is 1,000: what is probable later changes nothing."""
    story = Story(desk, "09 09:00", amount=800_000_00, probability=50)
    other = Story(desk, "09 09:00", amount=1_00, probability=50)
    story.approved("11 21:00")
    desk.begin(Stamp(actor="li", now=at("12 09:00"), command="test"))
    made = next(deal for deal in desk.find(Deal) if deal.id == story.request.deal_id)
    desk.save(made, replace(made, amount=5_00, probability=90))
    (first, second) = read(desk, "report waiting")
    assert (first["cost"], second["cost"]) == (None, None)
    monkeypatch.setitem(globals(), "POLICY", POLICY._replace(delay_cost=1000))
    costs = {row["deal"]: row["cost"] for row in read(desk, "report waiting")}
    assert costs == {f"D-{story.request.deal_id}": 1_000_00, f"D-{other.request.deal_id}": 1}
    for key in ("person", "step", "type", "team", "owner", "type,step", "person,month"):
        assert [(row["deals"], row["amount"], row["cost"]) for row in read(desk, "report waiting", by=key)] == [
            (2, 6_00, 1_000_01)
        ]


def test_turnaround_is_split_by_anything_and_adds_up_with_what_is_open(desk: WriteDoor) -> None:
    Story(desk, "02 09:00", source="fair").approved("02 12:00")
    Story(desk, "03 09:00", holder="zhao", source="Fair", amount=1_00).approved("04 12:00", actor="zhao")
    Story(desk, "05 09:00").returned("05 11:00")
    Story(desk, "06 09:00", source="fair")
    for key in ("step", "type", "person", "source", "owner", "month", "day", "type,person", "source,month", "amount"):
        rows = read(desk, "report turnaround", by=key)
        told = [sum(row[name] for row in rows) for name in ("decided", "approvals", "returns")]
        assert told == [3 if "person" in key else 2, 2, 1]
    (row,) = read(desk, "report turnaround")
    assert (row["open"], row["returned_share"]) == (2, 1 / 3)
    assert [(row["person"], row["open"]) for row in read(desk, "report turnaround", by="person")] == [
        ("wang", 2),
        ("zhao", 0),
    ]
    assert next(row["decided"] for row in read(desk, "report turnaround", by="source")) == 2
    (wang,) = read(desk, "report turnaround", by="person", team=(["wang"], []))
    (step,) = read(desk, "report turnaround", team=(["zhao"], []))
    assert (wang["person"], step["decided"], step["open"]) == ("wang", 1, 0)
    compared: dict[str, Any] = {
        "period": Period(date(2026, 3, 4), date(2026, 3, 4)),
        "vs": Period(date(2026, 3, 2), date(2026, 3, 2)),
    }
    (row,) = read(desk, "report turnaround", **compared)
    assert (row["decided"], row["before_decided"], row["change_median_business_hours"]) == (1, 1, 8 / 3)
    frame = Frame(now=at("20 09:00"), tz="UTC", policy=lambda: POLICY)
    table = catalog.run(catalog.read("report turnaround"), desk, compared, frame)
    places = {column.name: column.place for column in table.columns}
    assert places["late_share"] == places["before_late_share"] == places["change_late_share"]


def test_turnaround_asks_as_often_whatever_it_is_split_by(desk: WriteDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    Story(desk, "02 09:00", source="fair").approved("02 12:00")
    asked: list[str] = []
    for name in ("rows", "stream"):
        answer = getattr(desk, name)

        def counted(sql: str, /, answer: Any = answer, **params: Any) -> Any:
            asked.append(sql)
            return answer(sql, **params)

        monkeypatch.setattr(desk, name, counted)
    counts = {}
    for by in ("step", "owner", "customer", "source,month", "amount", "tag", "person", "type"):
        asked.clear()
        read(desk, "report turnaround", by=by)
        counts[by] = len(asked)
    assert counts == dict.fromkeys(counts, 5) | {"person": 6, "type": 6, "amount": 6}
