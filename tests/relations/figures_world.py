"""A database for the figures of follow-up: people, deals, and helpers that write promises and touches as they were."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from oppcli import store
from oppcli.model.deals import Customer, Deal, Stage, Tenure, Visit
from oppcli.model.follow import Activity, Task
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.policy import read
from oppcli.reads import catalog
from oppcli.reads.table import Frame, Table
from oppcli.store.doors import WriteDoor

TEXT = """
[policy]
name = "team"
currency = "CNY"
calendar = "cn"
fallback = ["user:wang"]

[calendar.cn]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-12:00", "13:00-18:00"]

[[stage]]
name = "线索"
kind = "lead"

[[stage]]
name = "方案"
target = "16h"
rotting = "16h"
max_gap = "7 days"

[[stage]]
name = "赢单"
kind = "won"

[[stage]]
name = "输单"
kind = "lost"
"""


def at(text: str) -> int:
    """An instant of March 2026 in Shanghai: `02 09:00`."""
    day, clock = text.split()
    hour, minute = map(int, clock.split(":"))
    return int(datetime(2026, 3, int(day), hour, minute, tzinfo=UTC).timestamp() * 1000) - 8 * 3_600_000


NOW = at("16 10:00")
"""A Monday."""


@contextmanager
def written(url: str) -> Iterator[WriteDoor]:
    """The door on a database with people and stages."""
    with store.open_write(url, Stamp(actor="wang", now=at("01 09:00"), command="test")) as door:
        for login in ("wang", "li", "zhao", "chen"):
            door.add(User(login=login, name=login, manager=None if login == "wang" else "wang"))
        for place, rule in enumerate(read(TEXT).stages):
            door.add(
                Stage(
                    name=rule.name,
                    kind=rule.kind,
                    position=place,
                    target_ms=rule.target_ms,
                    rotting_ms=rule.rotting_ms,
                )
            )
        yield door


def deal(door: WriteDoor, owner: str | None = "li", created: str = "02 09:00", **more: Any) -> int:
    """A new deal in 方案; its number."""
    stage = more.pop("stage", "方案")
    made = Deal(
        title=more.pop("title", "MES"),
        stage=stage,
        owner=owner,
        created_at=at(created),
        visits=(Visit(stage=stage, entered_at=at(created)),),
        **more,
    )
    return int(door.add(made).id)


def customer(door: WriteDoor, name: str) -> int:
    return int(door.add(Customer(name=name, key=name)).id)


def touch(door: WriteDoor, deal: int | None, who: str, when: str, **more: Any) -> int:
    """A call, out unless said otherwise."""
    given: dict[str, Any] = {"kind": "call", "text": f"call {when}", "recorded_at": at(when)} | more
    return int(door.add(Activity(deal_id=deal, who=who, at=at(when), **given)).id)


def promise(door: WriteDoor, deal: int, on: str, **more: Any) -> int:
    """A follow-up for a day of March."""
    day = f"2026-03-{on}"
    given: dict[str, Any] = {"due_on": day, "title": "跟进", "kind": "follow"} | more
    return int(door.add(Task(deal_id=deal, promised_on=day, **given)).id)


def tenure(owner: str | None, began: str | None, ended: str | None = None) -> Tenure:
    return Tenure(owner=owner, began_at=began and at(began), ended_at=ended and at(ended))  # type: ignore[arg-type]


def rows(url: str, report: str, args: Mapping[str, Any] | None = None, policy: str = TEXT) -> list[dict[str, Any]]:
    """The rows of a report, each as column → value."""
    table = ran(url, report, args, policy)
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def ran(url: str, report: str, args: Mapping[str, Any] | None = None, policy: str = TEXT) -> Table:
    """A report."""
    found = catalog.read(f"report {report}")
    rules = read(policy)
    frame = Frame(now=NOW, tz="Asia/Shanghai", policy=lambda: rules, actor="wang")
    with store.open_read(url, found.standing) as door:
        table = catalog.run(found, door, args or {}, frame)
        return table._replace(rows=list(table.rows))
