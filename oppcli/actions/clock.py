"""The journal of a machine whose clock ran ahead: back to the real time, on record, in one transaction."""

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.actions.requests.keeping import keep, seats_line
from oppcli.actions.requests.surroundings import around
from oppcli.errors import Conflict
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.journal import CLOCK
from oppcli.model.requests import Request
from oppcli.model.said import listed, say
from oppcli.rules.approvals import time
from oppcli.store import ahead
from oppcli.words.shown import iso, show_instant


def set_back(act: Act, reason: str) -> Outcome:
    """An entry `clock` at the time of the clock, though the last one is dated ahead of it. Open steps that opened later
    than now open now, with all their time; all else that is dated ahead is named, and stays.

    Refused for anybody but an admin, and where the last entry is not ahead of the clock."""
    act.require("db clock", say("set the clock of the journal"))
    door, now, last_at = act.door, act.door.stamp.now, act.door.previous_at
    if last_at <= now:
        raise Conflict(
            say("the last entry is not ahead of the clock: there is nothing to set back"),
            hint=command("log", "-L", "3"),
        )
    count = ahead.entries_ahead(door, now)
    door.set_back({"reason": reason, "entries": count, "events": [_event(act.by, last_at, now, count)]})
    opened = [_opened_now(act, key) for key in ahead.steps_ahead(door, now)]
    stays = [_named(thing) for thing in ahead.things_ahead(door, now)]
    done = say(
        "the journal goes on at {now}; its last entry was of {last}",
        now=show_instant(now, act.zone, last_at),
        last=show_instant(last_at, act.zone, now),
    )
    told = say("{n} {n:entry is|entries are} dated ahead and {n:stays|stay} so", n=count)
    return Outcome(done=(done,), details=(told, *opened, *stays))


def _event(actor: str, last_at: int, now: int, count: int) -> dict[str, object]:
    return {"verb": CLOCK, "actor": actor, "was": iso(last_at), "now": iso(now), "entries": count}


def _opened_now(act: Act, key: int) -> str:
    """The request with its open steps of later opened now; the line that says so."""
    request = act.door.get(Request, key)
    world = around(act, act.door.get(Deal, request.deal_id), requests=(request,))
    done = time.open_now(request, world)
    saved = keep(act.door, request, done, world, CLOCK)
    due = listed(world.say(step.due_at) for step in saved.open_steps if step.due_at)
    return say("{request}; open since now, due {due}", request=seats_line(saved, world), due=due)


def _named(thing: ahead.Ahead) -> str:
    return say("{thing}: {fields} ahead, and left so", thing=thing.thing, fields=listed(thing.fields))
