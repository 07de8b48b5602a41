"""The applied policy and its history as tables."""

from oppcli.errors import NotFound
from oppcli.policy import Loaded
from oppcli.policy.explain import Section, prose
from oppcli.reports.table import Column, Kind, Table
from oppcli.store.doors import ReadDoor

HISTORY = (
    Column("number", Kind.COUNT),
    Column("applied_at", Kind.INSTANT),
    Column("applied_by", Kind.REF),
    Column("name"),
    Column("live_requests", Kind.COUNT),
    Column("hash", Kind.REF, wide=False),
)
SHOWN = (*HISTORY[:4], Column("hash", Kind.REF), Column("text"))
PROBLEMS = (
    Column("code", Kind.REF),
    Column("file", Kind.REF),
    Column("line", Kind.COUNT),
    Column("place"),
    Column("message"),
    Column("fix"),
)
EXPLAINED = (Column("about"), Column("sentence"))

_HISTORY_SQL = """
SELECT p.number, p.applied_at, p.applied_by, p.name,
       (SELECT count(*) FROM request r WHERE r.policy = p.hash AND r.state IN ('pending', 'returned')), p.hash
FROM policy p ORDER BY p.number DESC
"""


def history(door: ReadDoor) -> Table:
    """Every version, newest first, with the live requests that run by it."""
    return Table(HISTORY, door.rows(_HISTORY_SQL), title="Policy history")


def shown(door: ReadDoor, version: str | None = None) -> Table:
    """The text of the applied policy, or of the version with this number or beginning of a hash."""
    rows = door.rows("SELECT number, applied_at, applied_by, name, hash, text FROM policy ORDER BY number DESC")
    if version is None:
        found = rows[:1]
    elif version.isdigit() and len(version) < 10:
        found = [row for row in rows if row[0] == int(version)]
    else:
        found = [row for row in rows if row[4].startswith(version.lower())]
    if len(found) != 1:
        raise NotFound(f"there is no policy {version or ''}".rstrip(), hint="opp policy history")
    return Table(SHOWN, found, title=found[0][3], single=True, prose=found[0][5])


def checked(source: str, loaded: Loaded) -> Table:
    """The warnings of a policy without errors; people read how many there are."""
    policy, warnings = loaded
    count = f"{len(warnings)} {'warning' if len(warnings) == 1 else 'warnings'}"
    parts = f"{len(policy.stages)} stages, {len(policy.types)} types of request, {len(policy.gates)} gates"
    rows = [(each.code, each.source, each.line, each.place, each.message, each.fix) for each in warnings]
    return Table(PROBLEMS, rows, title=source, prose=f"{source}: no errors, {count}; {parts}")


def explained(sections: tuple[Section, ...]) -> Table:
    """A row per sentence; people read the text."""
    rows = [(section.about, sentence) for section in sections for sentence in section.sentences]
    return Table(EXPLAINED, rows, title=sections[0].heading, prose=prose(sections))
