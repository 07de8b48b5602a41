"""A replica: a server that follows another and only reads."""

import re
from collections.abc import Callable
from typing import Any

from oppcli.errors import StoreError
from oppcli.model.said import Said, say
from oppcli.store.doors import ReadDoor
from oppcli.store.locations import shown
from oppcli.tuples import NamedTuple

_HOSTS = re.compile(r"(://(?:[^@/]*@)?)([^/?]*)")
ASKED = "SELECT pg_is_in_recovery()"
_SENDER = "SELECT sender_host, sender_port FROM pg_stat_wal_receiver WHERE sender_host IS NOT NULL"
_STATE = """
SELECT pg_is_in_recovery(), EXISTS (SELECT 1 FROM pg_stat_wal_receiver WHERE pid IS NOT NULL),
  CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) END,
  CAST(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 AS bigint)
"""


class State(NamedTuple):
    """How far a replica is behind."""

    follows: bool
    """Whether it hears of the server that it follows."""
    behind: int
    """Bytes that came and are not shown yet."""
    age_ms: int | None
    """Since the newest change that is shown; None where none came since it was started."""


def state(door: ReadDoor) -> State | None:
    """None of a server that is no replica."""
    row = door.one(_STATE)
    return None if row is None or not row[0] else State(bool(row[1]), row[2] or 0, row[3])


def not_written(connection: Any, url: str) -> StoreError:
    """What a write is refused with."""
    return StoreError(say("{where} is a replica, which only reads", where=shown(url)), hint=_way(connection, url))


def not_as_of(connection: Any, url: str) -> StoreError:
    """What a read as of another time is refused with: it makes copies, and a replica makes nothing."""
    told = say("{where} is a replica, where no copy of another time can be made", where=shown(url))
    return StoreError(told, hint=_way(connection, url))


def _way(connection: Any, url: str) -> Said:
    """Where it can be done: on the server that it follows, whose address it tells a role of `pg_monitor`."""
    row = connection.execute(_SENDER).fetchone()
    if row is not None:
        return say("the server it follows: --db {there}", there=_at(url, lambda _: f"{row[0]}:{row[1]}"))
    both = _at(url, lambda here: f"PRIMARY,{here or 'REPLICA'}")
    return say("name the server it follows, or both, and the one that can is found: --db {both}", both=both)


def _at(url: str, hosts: Callable[[str], str]) -> str:
    """The address with other hosts."""
    return _HOSTS.sub(lambda found: found[1] + hosts(found[2]), shown(url), count=1)
