"""What a person should do next: overdue first, then due today, then decisions that wait, then stale next steps."""

from typing import NamedTuple

from oppcli.model.command import command
from oppcli.store.doors import ReadDoor


class Step(NamedTuple):
    """One line: how urgent, what it is, and the command that does it."""

    rank: int
    text: str
    command: str


_SEATS = """
SELECT r.id, r.type, r.deal_id, d.title, st.due_at, st.name
FROM holder h
JOIN seat se ON se.request_id = h.request_id AND se.revision = h.revision AND se.step = h.step AND se.number = h.seat
JOIN request r ON r.id = h.request_id AND r.revision = h.revision AND r.state = 'pending'
JOIN step st ON st.request_id = h.request_id AND st.revision = h.revision AND st.position = h.step AND st.state = 'open'
JOIN deal d ON d.id = r.deal_id
WHERE h.login = :login AND se.state = 'open'
ORDER BY st.due_at, r.id
"""

_RETURNED = """
SELECT r.id, r.type, d.title FROM request r JOIN deal d ON d.id = r.deal_id
WHERE r.state = 'returned' AND r.submitted_by = :login ORDER BY r.id
"""

_DEALS = """
SELECT d.id, d.title, d.next_step, d.next_step_on, d.expected_close FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.owner = :login AND s.kind IN ('lead', 'open')
  AND (d.next_step_on <= :today OR d.expected_close < :today)
ORDER BY coalesce(d.next_step_on, d.expected_close), d.id
LIMIT 20
"""


def next_steps(door: ReadDoor, login: str, *, now: int, today: str, end_of_today: int) -> list[Step]:
    """Everything that waits for `login`, most urgent first."""
    found = []
    for key, kind, _, title, due, step in door.rows(_SEATS, login=login):
        rank, word = _urgency(due, now, end_of_today)
        found.append(Step(rank, f"{word}: {kind} for {title} ({step})", command("approve", f"R-{key}")))
    for key, kind, title in door.rows(_RETURNED, login=login):
        found.append(Step(2, f"returned to you: {kind} for {title}", command("request", "show", f"R-{key}")))
    for key, title, step, on, close in door.rows(_DEALS, login=login, today=today):
        late = on is not None and on <= today
        text = f"next step {step or ''} was due {on}" if late else f"expected close {close} has passed"
        found.append(Step(4, f"{title}: {text}", command("deal", "show", f"D-{key}")))
    return sorted(found, key=lambda each: each.rank)


def _urgency(due: int | None, now: int, end_of_today: int) -> tuple[int, str]:
    if due is None:
        return 3, "waits for you"
    if due < now:
        return 0, "overdue"
    return (1, "due today") if due < end_of_today else (3, "waits for you")
