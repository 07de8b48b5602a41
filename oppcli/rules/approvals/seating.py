"""Seats: who sits where when a step opens, and who holds an open seat after people left or a conflict arose."""

from collections.abc import Collection, Iterable

from oppcli.model.approver import role_in
from oppcli.model.journal import BLOCKED, SYSTEM
from oppcli.model.noun import replace
from oppcli.model.requests import OPEN, PENDING, Holder, Request, Seat, Step
from oppcli.model.said import listed
from oppcli.rules.approvals import telling
from oppcli.rules.approvals.counting import voters
from oppcli.rules.approvals.eligible import LENT, asked, excluded, named, still_named
from oppcli.rules.approvals.transition import Event, Transition, current, put, put_seats
from oppcli.rules.approvals.world import World
from oppcli.rules.rights import heir, superiors

WHOLE = 10_000
"""A share of one, in hundredths of a per cent."""


def seats_of(step: Step, request: Request, world: World) -> tuple[Seat, ...]:
    """The seats of a step that opens now. A seat without holders is blocked; nothing is ever approved for lack of
    people, and `at least n` never becomes a smaller n."""
    out = excluded(request, world, step)
    people = asked(step, request, world, without=out)
    if step.rule == "any":
        holders = people or substitutes(step, request, world, without=out, wanted=1)
        return (Seat(number=1, holders=holders, pool=tuple(term for term in step.who if role_in(term))),)
    own = [_flagged(holder, step, request, world) for holder in people]
    vacant = (
        _vacant_terms(step, request, world, out) if step.rule == "all" else _vacant_votes(step, own, request, world)
    )
    taken = {*out, *(holder.login for holder in people)}
    spare = substitutes(step, request, world, without=taken, wanted=len(vacant)) if vacant else ()
    # Spare people share the vacant seats; one human has one vote, so only as many seats as people can be filled.
    filled = [replace(seat, holders=spare if place < len(spare) else ()) for place, seat in enumerate(vacant)]
    return tuple(replace(seat, number=place) for place, seat in enumerate([*own, *filled], 1))


def approvals_wanted(step: Step, seats: Collection[Seat]) -> int:
    """Approvals a step needs once its seats are known: of a share ⌈share × seats⌉."""
    if step.share is not None:
        return max(1, -(-step.share * len(seats) // WHOLE))
    return len(seats) if step.rule == "all" else step.need


def substitutes(
    step: Step, request: Request, world: World, *, without: Collection[str], wanted: int
) -> tuple[Holder, ...]:
    """The step's stand-in, and where that is too few the policy's fallback as it is now."""
    found = named(step.stand_in, request, world, without=without, how="stand_in")
    if len(found) >= wanted:
        return found
    more = {*without, *(holder.login for holder in found)}
    return found + named(world.policy.fallback, request, world, without=more, how="fallback")


def _everybody(terms: Iterable[str], request: Request, world: World) -> set[str]:
    return {holder.login for holder in named(terms, request, world, without=(), how="policy")}


def _flagged(holder: Holder, step: Step, request: Request, world: World) -> Seat:
    """The seat of a person, marked where the step must have their approval or grants them a veto."""
    must = holder.login in _everybody(step.must, request, world)
    veto = holder.login in _everybody(step.veto, request, world)
    return Seat(number=0, holders=(holder,), must=must, veto=veto)


def _vacant_terms(step: Step, request: Request, world: World, out: Collection[str]) -> list[Seat]:
    """会签: a seat for each function that nobody is left to represent. A role that lost one of several people is not
    among them."""
    empty = [term for term in step.who if not asked(step, request, world, without=out, terms=(term,))]
    return [Seat(number=0, holders=()) for _ in empty]


def _vacant_votes(step: Step, own: list[Seat], request: Request, world: World) -> list[Seat]:
    """n of m: a seat for each person whose approval the step must have and who cannot sit, then up to n seats."""
    present = {holder.login for seat in own for holder in seat.holders}
    absent = [term for term in step.must if not present & _everybody((term,), request, world)]
    seats = [Seat(number=0, holders=(), must=True) for _ in absent]
    return seats + [Seat(number=0, holders=()) for _ in range(step.need - len(own) - len(seats))]


def settle(request: Request, world: World) -> Transition:
    """Every open seat with the people who may fill it now. A leaver's seat goes to the successor, else to the leaver's
    manager, else to stand-in and fallback, else it is blocked. Who loses a seat at the same time follows nobody."""
    done = Transition(request)
    if request.state != PENDING:
        return done
    for step in request.open_steps:
        lost = losing(step, request, world)
        for seat in step.seats:
            if seat.state == OPEN:
                done = done.then(_settle_seat(done.request, current(done.request, step), seat, world, lost))
    return done


def losing(step: Step, request: Request, world: World) -> frozenset[str]:
    """Who holds an open seat of the step and may not fill it any more: they get no other one of it in its place."""
    out = {*excluded(request, world, step), *voters(request, step)}
    held = ((seat, holder) for seat in step.seats if seat.state == OPEN for holder in seat.holders)
    return frozenset(holder.login for seat, holder in held if not _fit(holder, {*out, *seat.left}, world))


def stood_aside(step: Step) -> frozenset[str]:
    """Who recused themselves from a seat of the step."""
    return frozenset(login for seat in step.seats for login in seat.aside)


def _settle_seat(request: Request, step: Step, seat: Seat, world: World, lost: Collection[str]) -> Transition:
    holders = holders_now(seat, step, request, world, lost)
    if holders == seat.holders:
        return Transition(request)
    after = put(request, put_seats(step, replace(seat, holders=holders)))
    was, now = ([holder.login for holder in group] for group in (seat.holders, holders))
    event = Event("seat", SYSTEM, step.name, seat.number, was=listed(was), now=listed(now) or BLOCKED)
    new = [login for login in now if login not in was]
    told = telling.waiting(after, step, new, world) if now else telling.blocked(after, step, world)
    return Transition(after, told, (event,))


def holders_now(
    seat: Seat, step: Step, request: Request, world: World, lost: Collection[str] = ()
) -> tuple[Holder, ...]:
    """Who may fill an open seat now. A seat of 或签 follows its roles; superiors, named people and the seats of 会签
    and n of m stay with whom the step opened with, until they leave. `lost`: who loses a seat of the step now."""
    out = {*excluded(request, world, step), *voters(request, step), *seat.left}
    stay = [holder for holder in seat.holders if _fit(holder, out, world) and not _looked_up_again(holder, seat)]
    kept = [*stay, *named(seat.pool, request, world, without=out, how="policy")]
    held = {holder.login for holder in kept}
    gone = [holder.login for holder in seat.holders if holder.login not in held]
    others = {h.login for other in step.seats if other.number != seat.number for h in other.holders}
    gave = {login for other in step.seats for login in other.left}
    taken = {*out, *others, *gave, *lost}
    kept += _followers(((login, heir(login, world.users)) for login in gone), taken | held, world)
    return _in_order(seat, kept) or _in_their_place(step, seat, request, world, taken, lost)


def _in_their_place(
    step: Step, seat: Seat, request: Request, world: World, taken: Collection[str], lost: Collection[str]
) -> tuple[Holder, ...]:
    """For a seat that everybody left: substitutes that are there, else the managers of those who left, else for 或签
    whom the step names today, else substitutes."""
    spare = substitutes(step, request, world, without=taken, wanted=1)
    if {holder.login for holder in spare} & {holder.login for holder in seat.holders}:
        return spare
    left = [holder.login for holder in seat.holders if holder.login in lost]
    again = asked(step, request, world, without=taken) if step.rule == "any" else ()
    return _followers(((login, _boss(login, world, lost)) for login in left), taken, world) or again or spare


def _in_order(seat: Seat, holders: Iterable[Holder]) -> tuple[Holder, ...]:
    """Nobody twice; those who held it before as they stood, then who is new."""
    places = {holder.login: place for place, holder in enumerate(seat.holders)}
    return tuple(sorted(_distinct(holders), key=lambda holder: places.get(holder.login, len(places))))


def _looked_up_again(holder: Holder, seat: Seat) -> bool:
    """In a seat that follows roles: members of these roles, and substitutes for them."""
    return bool(seat.pool) and holder.how in LENT and (holder.how != "policy" or holder.via in seat.pool)


def _fit(holder: Holder, out: Collection[str], world: World) -> bool:
    return world.active(holder.login) and holder.login not in out and still_named(holder, world)


def _boss(login: str, world: World, lost: Collection[str]) -> str | None:
    """The manager; the way goes on past those who lose a seat at the same time."""
    return next((above for above in superiors(login, world.users) if above not in lost), None)


def _followers(pairs: Iterable[tuple[str, str | None]], out: Collection[str], world: World) -> tuple[Holder, ...]:
    return _distinct(
        Holder(login=next_one, how="successor", via=leaver)
        for leaver, next_one in pairs
        if next_one is not None and world.active(next_one) and next_one not in out
    )


def _distinct(holders: Iterable[Holder]) -> tuple[Holder, ...]:
    first: dict[str, Holder] = {}
    for holder in holders:
        first.setdefault(holder.login, holder)
    return tuple(first.values())
