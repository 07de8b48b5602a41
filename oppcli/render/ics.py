"""Tasks as a calendar (RFC 5545), by icalendar of the extra `ics`: a VTODO each, under a UID that it keeps for ever."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.follow import CANCELLED, DONE, OPEN, WAIVED
from oppcli.model.said import Word, say
from oppcli.model.units import EPOCH
from oppcli.render.output import Output
from oppcli.render.view import View

STATUS = {OPEN: "NEEDS-ACTION", DONE: "COMPLETED", WAIVED: "CANCELLED", CANCELLED: "CANCELLED"}


def table(view: View, out: Output) -> Iterator[str]:
    """The calendar. Refused where the library that writes it is not installed."""
    try:
        from icalendar import Calendar
    except ImportError:
        said = say("a calendar needs icalendar, which is not installed")
        raise UsageError(said, hint=say("pip install 'oppcli[ics]'")) from None
    now = _instant(view.picture.asked["now"]) if view.picture else EPOCH
    whole = Calendar()
    whole.add("prodid", "-//opp//opp//EN")
    whole.add("version", "2.0")
    names = [column.name for column in view.columns]
    for row in view.rows:
        whole.add_component(_todo(dict(zip(names, row, strict=True)), now, out))
    yield whole.to_ical().decode()


plain = table


def _todo(task: Mapping[str, Any], now: datetime, out: Output) -> Any:
    from icalendar import Todo

    todo = Todo()
    todo.add("uid", task["uid"])
    todo.add("dtstamp", now)
    todo.add("sequence", task["version"])
    todo.add("created", _instant(task["created_at"]))
    about = " · ".join(filter(None, (task["deal"], task["deal_title"], task["customer"])))
    kind = out.told(Word("task", task["kind"]))
    todo.add("summary", task["title"] or kind)
    todo.add("categories", [kind])
    todo.add("status", STATUS[task["state"]])
    if task["due_on"]:
        todo.add("due", date.fromisoformat(task["due_on"]))  # a day has no zone: VALUE=DATE
    elif task["due_at"]:
        todo.add("due", _instant(task["due_at"]))
    if task["state"] == DONE and task["done_at"]:
        todo.add("completed", _instant(task["done_at"]))
    said = "\n".join(filter(None, (about, task["who"], task["reason"] and out.told(task["reason"]))))
    if said:
        todo.add("description", said)
    return todo


def _instant(at: int) -> datetime:
    return (EPOCH + timedelta(milliseconds=at)).astimezone(UTC).replace(microsecond=0)
