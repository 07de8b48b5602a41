"""What is live on a record, so that it cannot be taken away from below."""

from collections.abc import Mapping

from oppcli.model.journal import SYSTEM
from oppcli.model.records import COUNTED
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

_LIVE = f"standing IN ({quoted(COUNTED)})"
_ON: Mapping[str, tuple[tuple[str, str], ...]] = {
    "customer": (
        ("deal", f"SELECT id, title FROM deal WHERE customer_id = :id AND {_LIVE}"),
        ("contact", f"SELECT id, name FROM contact WHERE customer_id = :id AND {_LIVE}"),
        ("activity", f"SELECT id, text FROM activity WHERE customer_id = :id AND {_LIVE}"),
        ("task", f"SELECT id, title FROM task WHERE customer_id = :id AND state = 'open' AND {_LIVE}"),
    ),
    "contact": (
        (
            "deal",
            "SELECT d.id, d.title FROM participant p JOIN deal d ON d.id = p.deal_id "
            f"WHERE p.contact_id = :id AND d.{_LIVE}",
        ),
        (
            "activity",
            "SELECT id, text FROM activity WHERE contacts <> '[]' AND "
            f"',' || substr(contacts, 2, length(contacts) - 2) || ',' LIKE :held AND {_LIVE}",
        ),
    ),
    "activity": (("task", f"SELECT id, title FROM task WHERE activity_id = :id AND {_LIVE}"),),
    "task": (),
}
"""By noun, what is looked for: of which noun, and by which statement."""


def on(door: ReadDoor, noun: str, key: int) -> list[tuple[str, int, str]]:
    """(noun, number, title) of all that is live on it."""
    found = []
    for word, sql in _ON[noun]:
        given = {"held": f"%,{key},%"} if ":held" in sql else {"id": key}
        found += [(word, number, title) for number, title in door.rows(f"{sql} ORDER BY 1", **given)]
    return found


_BESIDE = (
    ("activity", f"SELECT id, text, created_by FROM activity WHERE deal_id = :id AND {_LIVE}"),
    ("task", f"SELECT id, title, created_by FROM task WHERE deal_id = :id AND origin IS NULL AND {_LIVE}"),
    ("file", f"SELECT id, name, attached_by FROM file WHERE deal_id = :id AND {_LIVE}"),
)


def beside(door: ReadDoor, deal: int, login: str | None) -> list[tuple[str, int, str, str]]:
    """(noun, number, title, who) of the notes, tasks and files that others than this person put to a deal."""
    told = ((noun, *row) for noun, sql in _BESIDE for row in door.rows(f"{sql} ORDER BY 1", id=deal))
    return [(noun, number, title, who) for noun, number, title, who in told if who not in (login, SYSTEM)]
