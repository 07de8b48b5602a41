"""`opp request list show status wait`: where requests are."""

import sys
from functools import partial
from typing import TYPE_CHECKING

from oppcli.cli.context import Context
from oppcli.errors import UsageError
from oppcli.model.people import ME, User
from oppcli.model.records import SHOWN
from oppcli.model.said import say
from oppcli.reads.table import Table
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.actions.act import Look


def listed(
    opp: Context,
    waiting_on: str | None = None,
    state: list[str] | None = None,
    type: list[str] | None = None,
    deal: str | None = None,
    submitted_by: str | None = None,
    decided_by: str | None = None,
    cc: str | None = None,
    team: str | None = None,
) -> Table:
    """The requests these filters let through. Refuses a state there is not."""
    from oppcli.cli import filters as typed
    from oppcli.cli.filters import halves, types
    from oppcli.cli.home import may_decide
    from oppcli.reads.requests import Filters, listing

    wanted, unwanted = (tuple(map(_state, texts)) for texts in halves(state or ()))
    with opp.read(SHOWN) as door:
        kinds = types(opp, door, type or ())
        person, look = _login(opp, door, waiting_on), opp.look(door)
        filters = Filters(
            states=wanted,
            not_states=unwanted,
            types=kinds[0],
            not_types=kinds[1],
            deal_id=typed.deal(opp, door, deal) if deal else None,
            submitted_by=_login(opp, door, submitted_by),
            decided_by=_login(opp, door, decided_by),
            copied_to=_login(opp, door, cc),
            owners=_team(opp, door, team),
            waiting_on=person,
            delegations=[item for item in look.delegations if item.to == person] if person else (),
            may=partial(may_decide, look, person or ""),
            terms=partial(_terms, look),
            blocked=waiting_on in ME and _is_admin(door, person),
        )
        return listing(door, filters, now=opp.now, policy=lambda: opp.policy(door))


def _terms(look: "Look", number: int) -> tuple[int, str]:
    """How many conditions of a request are open, and its state as people are told it."""
    from oppcli.actions.requests.verbs import read
    from oppcli.rules.approvals.situation import open_terms, state_told

    found = read(look, str(number))
    return open_terms(*found), state_told(*found)


def _state(text: str) -> str:
    """The state that is called so, or as a language tells it. Refused for none."""
    from oppcli.model.requests import STATES

    if text in STATES:
        return text
    from oppcli.speech.titles import told
    from oppcli.words.named import understood
    from oppcli.words.spelling import nearest

    found = understood(text, STATES, told("state"))
    if found is None:
        raise UsageError(
            say("no such state: {state}{nearest}", state=text, nearest=nearest(text, STATES)),
            hint=say("one of {states}", states=" ".join(STATES)),
        )
    return found


def _login(opp: Context, door: ReadDoor, text: str | None) -> str | None:
    from oppcli.actions import find

    if text is None:
        return None
    return (find.myself(door, opp.actor) if text in ME else find.user(door, text, active=False)).login


def _team(opp: Context, door: ReadDoor, text: str | None) -> list[str]:
    """Who is at or below this person in the lines."""
    login = _login(opp, door, text)
    if login is None:
        return []
    from oppcli.reads.users import below

    return [login, *below(door, login)]


def _is_admin(door: ReadDoor, login: str | None) -> bool:
    return login is not None and door.get(User, login).is_admin


def inbox(opp: Context, type: list[str] | None = None, deal: str | None = None) -> Table:
    """What the acting person may decide now; people are told what else of theirs is under way."""
    table = listed(opp, waiting_on="me", type=type, deal=deal)
    if not opp.screen or type or deal:
        return table
    from oppcli.reads.inbox import summed

    with opp.read(SHOWN) as door:
        return summed(door, table, opp.actor)


def show(opp: Context, request: str, brief: bool = False) -> Table:
    """The request with its people of now; people read it as a card, with what they may do now."""
    from oppcli.cli.request.pack import pack
    from oppcli.cli.request.sections import BRIEF, card
    from oppcli.reads.cards import carded

    with opp.read() as door, opp.truth(door) as true:
        look = opp.look(door)
        found = pack(look, opp.look(true) if door.hidden else look, request, brief=brief)
        if found.request.live and sys.stdout.isatty():
            from oppcli.cli.request import seen

            seen.note(opp, door, found.request.id, found.request.revision)
        return carded(found.table, card(found.request, found.headline, found.sections, BRIEF if brief else ()))


def status(opp: Context, request: str, exit_code: bool) -> tuple[Table, int]:
    """Its state, and the code for it where one was asked for."""
    from oppcli.cli.request.waiting import code_of, state_of

    with opp.read() as door:
        found, table = state_of(door, request)
    return table, code_of(found) if exit_code else 0


def wait(opp: Context, request: str, timeout: str) -> tuple[Table, int]:
    """Its state once it is decided or the time is up, and the code for it."""
    from oppcli.cli.request.waiting import code_of, state_of, until_decided

    return until_decided(opp, request, timeout, state_of, code_of)
