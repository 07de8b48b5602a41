"""What there is to choose from, of other things than deals: requests, customers, delegations, views, mappings.

As in `picking`, what is offered was read through the door of whoever is asked.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from oppcli.cli import adding, ask, picking
from oppcli.cli.ask import Option
from oppcli.cli.picking import MOST
from oppcli.config import SETTINGS
from oppcli.model.people import Delegation, User
from oppcli.model.records import SHOWN
from oppcli.model.refs import number, ref
from oppcli.model.requests import APPROVED, PENDING, RETURNED
from oppcli.model.said import Said, listed, say

if TYPE_CHECKING:
    from oppcli.cli.context import Context

LIVE = (PENDING, RETURNED)
STATES = {"resubmit": (RETURNED,), "revoke": (APPROVED,), "show": (), "status": (), "wait": ()}
"""In which states a request can be for a verb; in none: in any. Else it is still to be decided."""


def request(opp: "Context") -> str:
    """The reference of a request: one of those that the verb may be for, or another that was typed."""
    from oppcli.cli.request.reading import listed as requests

    states = STATES.get(_verb(opp), LIVE)
    table = requests(opp, state=list(states))
    places = [[column.name for column in table.columns].index(name) for name in ("id", "type", "deal", "title")]
    rows = [[row[place] for place in places] for row in table.rows][:MOST]
    return _one(opp, say("which request?"), (Option(row[0], listed(row[1:], " ")) for row in rows))


def _verb(opp: "Context") -> str:
    return str(opp.line.command.path).rpartition(" ")[2] if opp.line is not None else ""


def _one(opp: "Context", question: Said, options: Iterable[Option]) -> str:
    """One of these, or what else was typed; only that where there are none."""
    offered = list(options)
    return ask.choice(opp, question, offered, free=True) if offered else ask.text(opp, question, needed=True)


def customer(opp: "Context") -> str:
    """The name or number of a customer that is there; near ones are shown."""
    typed = ask.text(opp, say("which customer? its name, or C-9"), needed=True)
    while True:
        found, near = (typed, list[str]()) if number("customer", typed) else adding.known_customer(opp, typed)
        if found:
            return found
        typed = _one(opp, say("no such customer: {text}; which one", text=typed), map(Option, near))


def inactive(opp: "Context") -> str:
    """The login of somebody who was deactivated."""
    with opp.read(SHOWN) as door:
        left = sorted((user for user in door.find(User) if not user.active), key=lambda user: user.login)
    return _one(opp, say("who?"), map(picking.known_as, left))


def delegation(opp: "Context") -> str:
    """One that runs or will: one's own; to an admin all."""
    with opp.read(SHOWN) as door:
        me = opp.look(door).me
        running = [each for each in door.find(Delegation) if each.ends_at > opp.now]
    found = [each for each in running if me.is_admin or me.login in (each.frm, each.to)]
    shown = (Option(ref("delegation", each.id), f"{each.frm} → {each.to}") for each in found)
    return _one(opp, say("which delegation?"), shown)


def views(opp: "Context") -> list[Option]:
    """The views that one may run, with their lines."""
    from oppcli.actions.views import usable

    with opp.read(SHOWN) as door:
        known = usable(door, opp.look(door).me.login)
    return [Option(name, " ".join(view.command)) for name, view in sorted(known.items())]


def mappings(opp: "Context") -> list[Option]:
    """The mappings that are kept."""
    from oppcli.actions.mappings import kept

    with opp.read(SHOWN) as door:
        return [Option(each.name) for each in kept(door)]


def all_mappings(opp: "Context") -> list[Option]:
    """Those, and the ready ones."""
    from oppcli.files import ready

    known = mappings(opp)
    return [*known, *(Option(name) for name in ready.names() if name not in {each.value for each in known})]


def channels(opp: "Context") -> list[Option]:
    """The channels of the configuration."""
    import os

    from oppcli import notify

    return [Option(each.name) for each in notify.channels(os.environ)]


def exports(opp: "Context") -> list[Option]:
    """What can be exported."""
    from oppcli.reads.exports import ALL, EXPORTS

    return [Option(name) for name in (ALL, *EXPORTS)]


def shells(opp: "Context") -> list[Option]:
    """Those there is a completion for, as the command names them."""
    named = (param.metavar for param in opp.line.command.params if param.name == "shell") if opp.line else ()
    return [Option(name) for metavar in named for name in metavar.split("|")]


def settings(opp: "Context") -> list[Option]:
    """The settings, with what they are."""
    return [Option(each.key, each.doc) for each in SETTINGS]


def one_of(question: Said, options: "Callable[[Context], list[Option]]") -> "Callable[[Context], str]":
    """What asks for one of these."""
    return lambda opp: _one(opp, question, options(opp))
