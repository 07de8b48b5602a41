"""People as a table."""

import json

from oppcli.reads.table import Column, Kind, Table
from oppcli.store.doors import ReadDoor

COLUMNS = (
    Column("login", Kind.REF),
    Column("name"),
    Column("roles", Kind.LIST),
    Column("manager", Kind.REF),
    Column("active", Kind.BOOL),
    Column("open_deals", Kind.COUNT),
    Column("won", Kind.COUNT),
    Column("email", wide=False),
    Column("created_at", Kind.INSTANT, wide=False),
    Column("version", Kind.COUNT, wide=False),
)

_SQL = """
SELECT u.login, u.name, u.roles, u.manager, u.active,
       coalesce(sum(CASE WHEN s.kind IN ('lead', 'open') THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN s.kind = 'won' THEN 1 ELSE 0 END), 0),
       u.email, u.created_at, u.version
FROM user_account u
LEFT JOIN deal d ON d.owner = u.login
LEFT JOIN stage s ON s.id = d.stage_id
{where}
GROUP BY u.login, u.name, u.roles, u.manager, u.active, u.email, u.created_at, u.version
ORDER BY u.login
"""


def listing(door: ReadDoor, *, login: str | None = None, everybody: bool = False) -> Table:
    """Active people (or everybody, or one) with how many deals they have open and have won."""
    if login is not None:
        rows = door.rows(_SQL.format(where="WHERE u.login = :login"), login=login)
    else:
        rows = door.rows(_SQL.format(where="" if everybody else "WHERE u.active = 1"))
    shaped = [(*row[:2], json.loads(row[2]), row[3], bool(row[4]), *row[5:]) for row in rows]
    return Table(COLUMNS, shaped, title="People", single=login is not None)
