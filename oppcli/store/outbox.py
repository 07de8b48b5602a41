"""Look-ups of the outbox: notices that are in no digest yet, digests on their way, channels that are down."""

from collections.abc import Sequence

from oppcli.model.kept import kept
from oppcli.model.notices import NOTICE_KINDS, undone
from oppcli.model.nouns import BY_WORD
from oppcli.model.requests import OPEN, PENDING
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import decode_said
from oppcli.store.patterns import quoted

UNSENT = BY_WORD["delivery"].live


def _sorted(door: ReadDoor, sql: str) -> list[int]:
    """The ids in order. With ORDER BY, SQLite would walk the whole table by its key rather than use the small index."""
    return sorted(door.column(sql))


def notices_waiting(door: ReadDoor) -> list[int]:
    """Ids of the notices that are in no digest yet."""
    return _sorted(door, "SELECT id FROM notice WHERE queued_at IS NULL AND unsent IS NULL")


def notices_settled(door: ReadDoor) -> set[int]:
    """Of the notices that are in no digest yet, those that ask for something which was done meanwhile: the request no
    longer waits for anybody, or no longer for them, or what they were asked is answered. A person who never held a
    seat (a manager who is only told) is told while the request waits at all."""
    asking = quoted(name for name, kind in NOTICE_KINDS.items() if kind.asks)
    seated = quoted(name for name, kind in NOTICE_KINDS.items() if kind.seated)
    questions = quoted(name for name, kind in NOTICE_KINDS.items() if kind.questions)
    return set(door.column(_SETTLED.format(asking=asking, seated=seated, questions=questions)))


_SETTLED = f"""
SELECT n.id FROM notice n JOIN request r ON r.id = n.request_id
WHERE n.queued_at IS NULL AND n.unsent IS NULL
  AND n.kind IN ({{asking}})
  AND (r.state <> '{PENDING}' OR (
    n.kind IN ({{questions}})
    AND NOT EXISTS (SELECT 1 FROM question q WHERE q.request_id = r.id AND q."to" = n."to" AND q.answered_at IS NULL)
  ) OR (
    n.kind IN ({{seated}})
    AND EXISTS (SELECT 1 FROM holder h WHERE h.request_id = r.id AND h.revision = r.revision AND h.login = n."to")
    AND NOT EXISTS (
      SELECT 1 FROM holder h
      JOIN seat s ON s.request_id = h.request_id AND s.revision = h.revision AND s.step = h.step AND s.number = h.seat
      WHERE h.request_id = r.id AND h.revision = r.revision AND h.login = n."to" AND s.state = '{OPEN}')))
"""


def notices_given_up(door: ReadDoor, login: str | None = None) -> list[int]:
    """Ids of the notices that could go nowhere, to one person or to anybody; what was undone is not to go anywhere."""
    mine = "" if login is None else 'AND "to" = :login '
    params = {} if login is None else {"login": login}
    sql = f"SELECT id FROM notice WHERE unsent IS NOT NULL AND unsent NOT LIKE '{undone('%')}%'"
    return door.column(f"{sql} {mine}ORDER BY id", **params)


def told_before(door: ReadDoor, login: str, why: str) -> bool:
    """Whether a notice to this person went nowhere for this reason already."""
    sql = 'SELECT 1 FROM notice WHERE "to" = :login AND unsent IN (:why, :said) LIMIT 1'
    return door.one(sql, login=login, why=why, said=kept(why)) is not None


def due_times(door: ReadDoor, requests: Sequence[int]) -> dict[tuple[int, str], int]:
    """When the open steps of these requests are due now, by request and step; those without a time are left out."""
    if not requests:
        return {}
    names = {f"r{place}": number for place, number in enumerate(requests)}
    sql = (
        f"SELECT request_id, name, min(due_at) FROM step WHERE state = '{OPEN}' AND due_at IS NOT NULL "
        f"AND request_id IN ({', '.join(f':{name}' for name in names)}) GROUP BY request_id, name"
    )
    return {(row[0], row[1]): row[2] for row in door.rows(sql, **names)}


def deliveries_unsent(door: ReadDoor) -> list[int]:
    """Ids of the digests that are on their way, of all channels."""
    return _sorted(door, f"SELECT id FROM delivery WHERE {UNSENT}")


def delivery_untried(door: ReadDoor, channel: str, login: str) -> int | None:
    """The digest to this person that nobody has tried to send yet: more may join it."""
    return door.value(
        f'SELECT max(id) FROM delivery WHERE channel = :channel AND "to" = :login AND {UNSENT} AND attempts = 0',
        channel=channel,
        login=login,
    )


def deliveries_due(door: ReadDoor, channel: str, now: int) -> list[tuple[int, str]]:
    """(id, login) of the digests a channel may send now, for each person the oldest, those tried least first."""
    rows = door.rows(
        'SELECT id, "to" FROM delivery WHERE next_try_at <= :now AND id IN (SELECT min(id) FROM delivery '
        f'WHERE channel = :channel AND {UNSENT} GROUP BY "to") '
        "ORDER BY attempts, next_try_at, id",
        channel=channel,
        now=now,
    )
    return [(row[0], row[1]) for row in rows]


def channel_down(door: ReadDoor, channel: str) -> tuple[int, int] | None:
    """(until when it is left in peace, attempts that failed) of a channel that failed as a whole, else None."""
    row = door.one(
        f"SELECT max(next_try_at), sum(attempts) FROM delivery WHERE channel = :channel AND {UNSENT} AND down = 1",
        channel=channel,
    )
    # sum() of BIGINT is NUMERIC on PostgreSQL.
    return (row[0], int(row[1])) if row and row[0] is not None else None


def held(door: ReadDoor, channel: str) -> int:
    """How many digests of a channel are on their way."""
    sql = f"SELECT count(*) FROM delivery WHERE channel = :channel AND {UNSENT}"
    return int(door.value(sql, channel=channel) or 0)


def last_error(door: ReadDoor, channel: str) -> str | None:
    """What a channel failed of the last time."""
    said = door.value(
        f"SELECT error FROM delivery WHERE channel = :channel AND {UNSENT} "
        "AND error IS NOT NULL ORDER BY next_try_at DESC, id LIMIT 1",
        channel=channel,
    )
    return said and decode_said(said)
