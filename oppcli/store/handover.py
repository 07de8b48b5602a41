"""What an upgrade hands over to the journal: things that lay in the row of another, and have entries from now on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from oppcli.model.follow import FOLLOW, Task
from oppcli.model.journal import Stamp
from oppcli.model.noun import replace
from oppcli.store.writing import Writing

if TYPE_CHECKING:
    from sqlalchemy import Connection

LEFT = "planned"
"""The table that a migration leaves for it."""
STAMP = Stamp(actor="system", now=0, command="db upgrade")
"""At the time of the last entry: nothing was decided since."""


def on_file(connection: Any) -> Writing:
    from oppcli.store.sqlite_writing import SqliteWriteDoor

    return SqliteWriteDoor(connection, "")


def on_server(connection: Any) -> Writing:
    from oppcli.store.server import ServerWriteDoor, plain_numbers

    plain_numbers(connection)
    return ServerWriteDoor(connection, "")


def of(connection: "Connection") -> Writing:
    """A write door within the transaction of a migration."""
    driver: Any = connection.connection.driver_connection
    return on_file(driver) if connection.dialect.name == "sqlite" else on_server(driver)


def note(connection: "Connection", stamp: Stamp, told: Callable[[Writing], object]) -> None:
    """What `told` writes, stamped so, is committed with the rest."""
    door = of(connection)
    door.begin(stamp)
    told(door)
    door.finish()


def take(door: Writing) -> None:
    """The next steps of deals become tasks. The caller commits."""
    steps = door.rows(f"SELECT deal_id, title, due_on FROM {LEFT} ORDER BY deal_id")
    if steps:
        door.begin(STAMP)
        made = Task(title="", kind=FOLLOW, created_at=door.at, created_by=STAMP.actor)
        door.add_many(
            replace(made, title=title or "", deal_id=deal, due_on=on, promised_on=on) for deal, title, on in steps
        )
    door.drop_table(LEFT)
