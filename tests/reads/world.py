"""A small team whose figures can be worked out by hand: seven deals, two currencies, five requests."""

from datetime import UTC, datetime
from typing import Any

from oppcli.model.approver import user
from oppcli.model.deals import Contact, Customer, Deal, Stage, Visit
from oppcli.model.follow import Activity, Task
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.policy import Calendar, Policy
from oppcli.model.quotes import Line, Price, Quote, QuoteVersion
from oppcli.model.rates import Rate
from oppcli.model.requests import Decision, Holder, Request, Revision, Seat, Step
from oppcli.model.targets import Target
from oppcli.model.units import DAY_MS
from oppcli.reads.table import Frame, Table
from oppcli.store.doors import WriteDoor

DAY = 86_400_000
NOW = int(datetime(2026, 3, 9, 10, 0, tzinfo=UTC).timestamp() * 1000)
"""A Monday, 18:00 in Shanghai."""
WORKDAY = ((540, 720), (780, 1080))
"""09:00-12:00 and 13:00-18:00."""
CALENDAR = Calendar(name="cn", timezone="Asia/Shanghai", week=(WORKDAY,) * 5 + ((), ()))
POLICY = Policy(
    name="team",
    currency="CNY",
    calendar="cn",
    fallback=(user("wang"),),
    stages=(),
    types={},
    calendars={"cn": CALENDAR},
)
STAGES = (
    Stage(name="线索", kind="lead", position=0),
    Stage(name="方案", kind="open", position=1, target_ms=40 * 3_600_000),
    Stage(name="谈判", kind="open", position=2),
    Stage(name="赢单", kind="won", position=3),
    Stage(name="输单", kind="lost", position=4),
)

HOUR = 3_600_000


def frame(now: int = NOW, tz: str = "Asia/Shanghai") -> Frame:
    """The frame of a report whose policy is the one above."""
    return Frame(now=now, tz=tz, actor="wang", policy=lambda: POLICY)


def said(table: Table) -> tuple[str, ...]:
    """What the notes of a table say."""
    return tuple(note.text for note in table.notes)


def day(text: str) -> int:
    """09:00 in Shanghai on a day of 2026, written MM-DD."""
    month, number = map(int, text.split("-"))
    return int(datetime(2026, month, number, 1, 0, tzinfo=UTC).timestamp() * 1000)


def path(*visits: tuple[str, str | None]) -> tuple[Visit, ...]:
    """(stage, day it was entered) in order; each is left when the next is entered."""
    entered = [None if at is None else day(at) for _, at in visits]
    left = [*entered[1:], None]
    return tuple(
        Visit(stage=stage, entered_at=a, left_at=b) for (stage, _), a, b in zip(visits, entered, left, strict=True)
    )


def deal(title: str, *visits: tuple[str, str | None], **more: object) -> Deal:
    """A deal that went this way, created when it entered its first stage."""
    made = path(*visits)
    last = [visit.stage for visit in made if visit.stage not in ("赢单", "输单")]
    given: dict[str, object] = {
        "owner": "li",
        "amount": 100_000_00,
        "created_at": made[0].entered_at,
        "last_open_stage": last[-1] if last and made[-1].stage in ("赢单", "输单") else None,
    }
    return Deal(title=title, stage=made[-1].stage, visits=made, **given | more)  # type: ignore[arg-type]


def deals() -> list[Deal]:
    return [
        deal("上海精密 MES", ("线索", "01-05"), ("方案", "01-12"), ("谈判", "01-19"), ("赢单", "02-02"), customer_id=1),
        deal("jumped", ("线索", "01-05"), ("谈判", "01-08"), customer_id=2),
        deal("lost in 方案", ("线索", "01-06"), ("方案", "01-13"), ("输单", "01-23"), owner="zhao"),
        deal("went back", ("方案", "02-02"), ("谈判", "02-09"), ("方案", "02-12"), owner="zhao"),
        deal("begun nobody knows when", ("线索", None), amount=None, created_at=None),
        deal("in dollars", ("线索", "02-16"), ("方案", "03-02"), currency="USD", amount=50_000_00),
        deal("=lost at once", ("线索", "02-16"), ("输单", "02-17"), source="展会"),
    ]


def seat(number: int, *logins: str, state: str = "open") -> Seat:
    return Seat(number=number, state=state, holders=tuple(Holder(login=login) for login in logins))


def request(deal_id: int, kind: str, *steps: Step, **more: object) -> Request:
    asked = Revision(number=1, snapshot={}, at=day("03-02"), editor="li")
    given: dict[str, object] = {"amount": 100_000_00, "submitted_at": day("03-02")} | more
    return Request(deal_id=deal_id, type=kind, submitted_by="li", revisions=(asked,), steps=steps, **given)  # type: ignore[arg-type]


def step(name: str, due: int | None, *seats: Seat, position: int = 1, state: str = "open", **more: object) -> Step:
    return Step(
        revision=1,
        position=position,
        group=1,
        name=name,
        state=state,
        due_at=due,
        seats=seats,
        **more,  # type: ignore[arg-type]
    )


def requests() -> list[Request]:
    friday = day("03-06") + 9 * 3_600_000
    """Closing time on Friday: half a day late now would be a working day late on Monday evening."""
    return [
        request(1, "quote", step("销售主管", friday, seat(1, "wang", "zhao"))),
        request(
            2,
            "risk",
            step("财务", day("03-05"), seat(1, "chen"), seat(2, state="approved"), together="会审", level=1),
            step("法务", day("03-09"), seat(1), position=2, together="会审"),
        ),
        request(3, "quote", step("due now", NOW, seat(1, "wang"))),
        request(4, "quote", step("paused", None, seat(1, "wang")), state="returned"),
        request(
            5, "quote", step("decided", friday, seat(1, "wang", state="approved"), state="approved"), state="approved"
        ),
        rejected(),
    ]


def rejected() -> Request:
    """D-6's quote: wang agreed within two hours, zhao said no a day late."""
    monday = day("03-02") + 9 * HOUR
    tuesday = monday + 24 * HOUR
    return request(
        6,
        "quote",
        step(
            "销售主管",
            monday + 9 * HOUR,
            seat(1, "wang", state="approved"),
            state="approved",
            opened_at=monday,
            resumed_at=monday,
            closed_at=monday + 2 * HOUR,
        ),
        step(
            "大区总监",
            tuesday,
            seat(1, "zhao", state="rejected"),
            position=2,
            state="rejected",
            opened_at=monday + 2 * HOUR,
            resumed_at=monday + 2 * HOUR,
            closed_at=tuesday + 24 * HOUR,
        ),
        state="rejected",
        decided_at=tuesday + 24 * HOUR,
        decisions=(
            Decision(number=1, revision=1, step=1, seat=1, actor="wang", actor_name="wang", at=monday + 2 * HOUR),
            Decision(
                number=2,
                revision=1,
                step=2,
                seat=1,
                actor="zhao",
                actor_name="zhao",
                verdict="reject",
                reason="价格太低",
                at=tuesday + 24 * HOUR,
            ),
        ),
    )


def follow_up() -> list[Activity | Task]:
    """Promises kept and missed, touches of two people on one customer, the same text on two deals, a survey."""

    def call(deal_id: int, who: str, at: int, **more: object) -> Activity:
        given: dict[str, object] = {"kind": "call", "text": "下周再看，预算还没有批", "recorded_at": at} | more
        return Activity(deal_id=deal_id, who=who, at=at, **given)  # type: ignore[arg-type]

    def promised(deal_id: int, on: str, **more: object) -> Task:
        given: dict[str, object] = {"kind": "follow", "title": "跟进"} | more
        return Task(deal_id=deal_id, due_on=on, promised_on=on, **given)  # type: ignore[arg-type]

    return [
        promised(2, "2026-03-02", state="done", done_at=day("03-02")),
        promised(2, "2026-03-04"),
        promised(4, "2026-03-03", state="done", done_at=day("03-05"), moves=1),
        promised(1, "2026-02-20", kind="survey", title="回访", created_at=day("02-03")),
        call(1, "li", day("02-06"), kind="survey", rating=2, text="| 交付太慢"),
        call(2, "li", day("03-02")),
        call(6, "li", day("03-03")),
        call(4, "zhao", day("03-05"), direction="in", recorded_at=day("03-16"), text="=回电"),
    ]


def prices() -> tuple[Price, ...]:
    """One thing whose price moves, one that is over, one in another currency."""
    told: dict[str, Any] = {"created_at": NOW, "created_by": "wang"}
    return (
        Price(sku="P-100", name="主轴", unit="台", list=680_000_000, floor=570_000_000, cost=410_000_000, tax=130_000,
              from_on="2026-01-01", **told),
        Price(sku="P-100", name="主轴", unit="台", list=720_000_000, tax=130_000, from_on="2026-07-01", **told),
        Price(sku="P-200", name="old", list=375, from_on="2025-01-01", to_on="2025-12-31", **told),
        Price(sku="P-300", name="dear", currency="USD", list=99_0000, from_on="2026-01-01", **told),
    )  # fmt: skip


def quote() -> Quote:
    """What the first deal is offered for: sent and replaced, in effect, and a draft."""
    listed = Line(position=1, sku="P-100", item="主轴", qty=12_000_000, unit="台", list=680_000_000, floor=570_000_000,
                  cost=410_000_000, discount=150_000, tax=130_000)  # fmt: skip
    work = Line(position=2, item="Installation", price=300_000_000, cost=180_000_000, tax=60_000)
    sent: tuple[dict[str, Any], ...] = ({"at": NOW - 5 * DAY_MS, "by": "li", "file": "Q-1.html", "sha256": "0" * 64},)
    told: dict[str, Any] = {"currency": "CNY", "opened_on": "2026-02-25", "opened_at": NOW, "opened_by": "li"}
    return Quote(
        id=1,
        deal_id=1,
        versions=(
            QuoteVersion(number=1, used_at=1, frozen_at=1, sent=sent, lines=(listed,), **told),
            QuoteVersion(number=2, used_at=2, valid_until="2026-03-27", lines=(listed, work), **told),
            QuoteVersion(number=3, terms="30 days", lines=(work,), **told),
        ),
    )


def fill(door: WriteDoor, *, empty: bool = False) -> None:
    """The team and its stages; unless `empty`, its deals and requests too."""
    for login in ("wang", "li", "zhao", "chen"):
        door.add(User(login=login, name=login))
    for stage in STAGES:
        door.add(stage)
    if empty:
        return
    for name in ("上海精密仪器", "Nordwind | GmbH"):
        door.add(Customer(name=name, key=name))
    for day, rate in (("2026-01-05", "7.82"), ("2026-03-02", "7.9")):
        door.add(Rate(base="EUR", currency="CNY", day=day, rate=rate, created_at=NOW, created_by="wang"))
    for who, amount in (("li", "1000000.00"), ("company", "2000000.00")):
        aim = Target(who=who, month="2026-03", measure="won_amount", target=amount, currency="CNY")
        door.add(replace(aim, created_at=NOW, created_by="wang"))
    for price in prices():
        door.add(price)
    door.add(Contact(name="王总", key="王总", customer_id=1, title="采购总监"))
    for made in deals():
        door.add(made)
    for asked in requests():
        door.add(asked)
    for thing in follow_up():
        door.add(thing)
    door.add(quote())
