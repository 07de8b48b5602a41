"""A SQLModel session over a read door: its one connection, its one transaction, its views."""

from typing import Any

from sqlalchemy import StaticPool, create_engine
from sqlmodel import Session

from oppcli.store.doors import ReadDoor


def over(door: ReadDoor) -> Session:
    """Reads what the door sees; a statement that writes fails in the database. The door has to stay open."""
    url, more = (
        ("sqlite://", {}) if door.dialect == "sqlite" else ("postgresql+psycopg://", {"use_native_hstore": False})
    )
    given: Any = door
    engine = create_engine(url, creator=lambda: given._connection, poolclass=StaticPool, **more)
    dialect: Any = engine.dialect
    # The transaction is the door's: what would end it would take the views away.
    dialect.do_rollback = dialect.do_commit = dialect.do_close = lambda connection: None
    return Session(engine)
