"""`opp request list show status wait`: where requests are."""

from functools import partial
from typing import Annotated

import typer

from oppcli.cli.context import Context
from oppcli.cli.output import reads
from oppcli.cli.request.options import RequestRef
from oppcli.errors import UsageError
from oppcli.model.records import SHOWN
from oppcli.model.said import say
from oppcli.reads.table import Table
from oppcli.store.doors import ReadDoor

WaitingOn = Annotated[str | None, typer.Option("--waiting-on", metavar="LOGIN", help="me or a login: who may decide")]
States = Annotated[list[str] | None, typer.Option("--state", metavar="STATE", help="pending, returned, approved …")]
Types = Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="a type of the policy")]
OfDeal = Annotated[str | None, typer.Option("--deal", metavar="DEAL", help="of this deal")]
By = Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="submitted by me or a login")]


def listed(
    opp: Context,
    waiting_on: str | None = None,
    states: list[str] | None = None,
    types: list[str] | None = None,
    deal: str | None = None,
    by: str | None = None,
) -> Table:
    """The requests these filters let through."""
    from oppcli.actions import find
    from oppcli.cli.home import may_decide
    from oppcli.model.requests import STATES
    from oppcli.reads.requests import Filters, listing
    from oppcli.words.spelling import nearest

    for state in states or ():
        if state not in STATES:
            raise UsageError(
                say("no such state: {state}{nearest}", state=state, nearest=nearest(state, STATES)),
                hint=say("one of {states}", states=" ".join(STATES)),
            )
    with opp.read(SHOWN) as door:
        person, look = _login(opp, door, waiting_on), opp.look(door)
        filters = Filters(
            states=states or (),
            types=types or (),
            deal_id=find.deal(door, deal).id if deal else None,
            submitted_by=_login(opp, door, by),
            waiting_on=person,
            delegations=[item for item in look.delegations if item.to == person] if person else (),
            may=partial(may_decide, look, person or ""),
            blocked=waiting_on == "me" and _is_admin(door, person),
        )
        return listing(door, filters, now=opp.now, calendars=lambda: opp.policy(door).calendars)


def _login(opp: Context, door: ReadDoor, text: str | None) -> str | None:
    from oppcli.actions import find

    if text is None:
        return None
    return find.user(door, opp.actor if text == "me" else text, active=False).login


def _is_admin(door: ReadDoor, login: str | None) -> bool:
    from oppcli.model.people import User

    return login is not None and door.get(User, login).is_admin


@reads
def list_(
    opp: Context,
    waiting_on: WaitingOn = None,
    state: States = None,
    type_: Types = None,
    deal: OfDeal = None,
    by: By = None,
) -> Table:
    """Requests, by id; with --waiting-on by due time.

    opp request list --waiting-on me
    opp request list --state pending --deal D-142 -o json
    """
    return listed(opp, waiting_on, state, type_, deal, by)


@reads
def show(opp: Context, request: RequestRef) -> Table:
    """One request: where it stands, who holds it since when and until when, what was shown, every decision.

    opp request show R-31
    opp request show R-31 -o json | jq .steps
    """
    from oppcli.actions.requests.verbs import headline, read
    from oppcli.cli.request.lines import request_text
    from oppcli.model.requests import CANCELLED, INVALIDATED, RECALLED
    from oppcli.reads.request import one
    from oppcli.rules.approvals.seating import settle
    from oppcli.store.waiting import ended_by

    with opp.read() as door:
        found, world = read(opp.look(door), request)
        live = settle(found, world).request
        by = ended_by(door, live.id, live.state) if live.state in (RECALLED, CANCELLED, INVALIDATED) else None
        text = request_text(live, world, headline(live, world), by, speak=opp.spoken)
        return one(live, world, ended_by=by)._replace(prose=text)


@reads
def status(
    opp: Context,
    request: RequestRef,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="exit 0 approved, 10 pending or returned, 11 rejected or over")
    ] = False,
) -> tuple[Table, int]:
    """One line: the state, and whom it waits for.

    opp request status R-31 --exit-code
    """
    from oppcli.cli.request.waiting import code_of, state_of

    with opp.read() as door:
        found, table = state_of(door, request)
    return table, code_of(found) if exit_code else 0


@reads
def wait(
    opp: Context,
    request: RequestRef,
    timeout: Annotated[str, typer.Option("--timeout", metavar="SPAN", help="90s, 30m, 2h")] = "1h",
) -> tuple[Table, int]:
    """Wait until it is decided: exit 0 approved, 11 rejected or over, 10 when the time is up.

    opp request wait R-31 --timeout 2h && ./send-quote.sh
    """
    from oppcli.cli.request.waiting import code_of, span, state_of, until_decided

    return until_decided(opp, request, span(timeout), state_of, code_of)
