"""The maven_crm data as deals, read straight from its CSV: the figures of reports are known for it."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from oppcli.model.deals import Deal, Stage, Visit
from oppcli.model.people import User
from oppcli.store.doors import WriteDoor

FOLDER = Path(__file__).resolve().parents[2] / "../shared/data/maven_crm"
STAGES = (
    Stage(name="Prospecting", kind="lead", position=0),
    Stage(name="Engaging", kind="open", position=1),
    Stage(name="Won", kind="won", position=2),
    Stage(name="Lost", kind="lost", position=3),
)


def instant(text: str) -> int | None:
    """The first instant of a day in UTC; None for no day."""
    return (
        int(datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC).timestamp() * 1000) if text else None
    )


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of its files; skips the test where the data is not beside this checkout."""
    if not FOLDER.is_dir():
        pytest.skip("the maven_crm data is not beside this checkout")
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def teams() -> dict[str, tuple[str, str]]:
    """Agent → (manager, regional office)."""
    return {row["sales_agent"]: (row["manager"], row["regional_office"]) for row in rows("sales_teams.csv")}


def deals() -> Iterator[Deal]:
    """One per row. A deal that engaged begins there: its days as a prospect are not in the file."""
    offices = teams()
    for row in rows("sales_pipeline.csv"):
        engaged, closed, stage = instant(row["engage_date"]), instant(row["close_date"]), row["deal_stage"]
        visits = [] if stage == "Prospecting" else [Visit(stage="Engaging", entered_at=engaged, left_at=closed)]
        if stage != "Engaging":
            visits.append(Visit(stage=stage, entered_at=closed))
        yield Deal(
            title=row["opportunity_id"],
            stage=stage,
            owner=row["sales_agent"],
            region=offices[row["sales_agent"]][1],
            product=row["product"],
            amount=int(row["close_value"]) * 100 if row["close_value"] else None,
            currency="USD",
            created_at=engaged,
            closed_at=closed,
            last_open_stage="Engaging" if closed else None,
            visits=tuple(visits),
        )


def fill(door: WriteDoor) -> None:
    """The stages, the agents and the 8,800 deals."""
    found = list(deals())
    for stage in STAGES:
        door.add(stage)
    managers = {agent: manager for agent, (manager, _) in teams().items()}
    for name in sorted({*managers.values()}):
        door.add(User(login=name, name=name))
    for name in sorted({deal.owner or "" for deal in found}):
        door.add(User(login=name, name=name, manager=managers[name]))
    door.add_many(found)
