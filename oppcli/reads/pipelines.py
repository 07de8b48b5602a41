"""Which of several pipelines a read is about: the one that is named, else the first; a note counts the others."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.records import COUNTED
from oppcli.model.said import listed, say
from oppcli.reads.table import Footnote
from oppcli.reads.where import Where
from oppcli.rules.lines import named
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted


def stages(door: ReadDoor, args: Mapping[str, Any]) -> frozenset[int]:
    """The ids of the stages of the pipeline that is asked for. Refused (3) where there is none of the name."""
    rows = door.rows("SELECT id, pipeline FROM stage ORDER BY coalesce(position, 1000000), id")
    typed = args.get("pipeline")
    wanted = named(typed, [pipeline for _, pipeline in rows]) if typed else rows[0][1] if rows else None
    return frozenset(number for number, pipeline in rows if pipeline == wanted)


def within(door: ReadDoor, args: Mapping[str, Any]) -> str:
    """What holds of a `deal d` of that pipeline."""
    return f"d.stage_id IN ({', '.join(map(str, sorted(stages(door, args)))) or 'NULL'})"


def deals(door: ReadDoor, args: Mapping[str, Any]) -> frozenset[int]:
    """The ids of the deals of that pipeline."""
    return frozenset(door.column(f"SELECT d.id FROM deal d WHERE {within(door, args)}"))


def narrow(door: ReadDoor, args: Mapping[str, Any], where: Where) -> tuple[Footnote, ...]:
    """Choose the deals of that pipeline; what is told of those that pass the other filters and are in others."""
    holds = within(door, args)
    clauses = " AND ".join([*where.clauses, f"NOT {holds}", f"d.standing IN ({quoted(COUNTED)})"])
    rows = door.rows(
        f"SELECT s.pipeline, count(*) FROM deal d JOIN stage s ON s.id = d.stage_id WHERE {clauses} "
        "GROUP BY s.pipeline ORDER BY min(coalesce(s.position, 1000000))",
        **where.params,
    )
    where.clauses.append(holds)
    if not rows:
        return ()
    count = sum(number for _, number in rows)
    parts = listed(say("{name} {n}", name=name or say("the first"), n=number) for name, number in rows)
    said = say("{n:,} {n:deal|deals} in other pipelines left out ({parts}): --pipeline", n=count, parts=parts)
    return (Footnote("other_pipelines", count, said),)
