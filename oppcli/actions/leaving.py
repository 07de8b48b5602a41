"""Somebody leaves: what was theirs follows to whom it may, in the same transaction."""

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.actions.users import NAMED, keep_an_admin, requests_follow
from oppcli.errors import Conflict, NotAllowed
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Customer, Deal
from oppcli.model.follow import Task
from oppcli.model.noun import replace
from oppcli.model.people import SERVICE, Delegation, User
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules.rights import require_over
from oppcli.rules.tenures import LEFT


def deactivate(act: Act, login: str, *, successor: str | None = None) -> Outcome:
    """Nobody acts as this person any more. Open seats and returned requests follow at once; deals, customers and
    tasks go to the successor, else they stay and are named; delegations end. History keeps the name. By an admin or a
    superior of theirs; refused for the last admin, and for a successor who may not follow or comes too late to get
    anything."""
    everyone = act.people
    before = find.person(everyone, login, active=False)
    require_over("user deactivate", before.login, act.me, say("deactivate {login}", login=before.login), everyone)
    heir = _heir(act, before, successor) if successor else None
    if not before.active and heir is not None and heir.login != before.successor:
        raise Conflict(
            say("{login} was deactivated already, without {heir} as successor", login=before.login, heir=heir.login),
            hint=command("user", "reactivate", before.login),
        )
    if not before.active:
        return Outcome(done=(say("{login} was deactivated already", login=before.login),), ids=(before.login,))
    after = replace(before, active=False, successor=heir.login if heir else None)
    keep_an_admin(everyone, before, after)
    deals = _deals_follow(act, before.login, heir)
    saved = act.door.save(before, after, action="deactivate", meta={"successor": after.successor})
    details = (
        *deals,
        *_customers_follow(act, before.login, heir),
        *_tasks_follow(act, before.login, heir),
        *requests_follow(act, before, saved),
        *_seats_rest(act, before.login),
        *_delegations_end(act, before.login),
        *_team_left(everyone, before.login),
    )
    owner = command("deal", "list", "--owner", heir.login if heir else before.login)
    return Outcome(
        done=(say("{login} deactivated", login=before.login),), ids=(before.login,), details=details, next=(owner,)
    )


def _heir(act: Act, leaver: User, successor: str) -> User:
    """Who follows. Refused for the leaver, for who is not active or a service, and for who acts where open seats move:
    nobody gathers seats by their own hand."""
    from oppcli.store import waiting

    heir = find.person(act.people, successor)
    if heir.login == leaver.login:
        raise Conflict(say("{login} cannot succeed themselves", login=leaver.login))
    if SERVICE in heir.roles:
        raise NotAllowed(
            say("{login} is a service: it owns nothing and holds no seat", login=heir.login),
            hint=say("name a person: --successor LOGIN"),
        )
    if heir.login == act.by and leaver.active and waiting.seated(act.door, leaver.login):
        raise NotAllowed(
            say("{by} may not take the seats of {login} over", by=act.by, login=leaver.login),
            hint=say("name somebody else with --successor, or somebody else names you"),
        )
    return heir


def _deals_follow(act: Act, login: str, heir: User | None) -> tuple[str, ...]:
    """The open deals go to the successor, each with what that does to its requests; without one they are named."""
    from oppcli.store import waiting

    numbers = waiting.open_deals_of(act.door, login)
    if not numbers:
        return ()
    names = listed(ref("deal", number) for number in numbers[:NAMED])
    more = say(" and {n} more", n=len(numbers) - NAMED) if len(numbers) > NAMED else ""
    if heir is None:
        line = command("deal", "assign", "DEAL", "--to", "LOGIN", ready=False)
        text = say(
            "{n} open {n:deal|deals} of {login} {n:waits|wait} for a new owner: {deals}{more}; {line}",
            n=len(numbers),
            login=login,
            deals=names,
            more=more,
            line=line,
        )
        return (text,)
    from oppcli.actions.handing import handed

    details: list[str] = []
    for deal in act.door.find(Deal, id=numbers):
        details += handed(act, deal, heir.login, how=LEFT, why=say("{login} left", login=login))[1]
    said = say(
        "{n} open {n:deal|deals} of {login} {n:goes|go} to {heir}: {deals}{more}",
        n=len(numbers),
        login=login,
        heir=heir.login,
        deals=names,
        more=more,
    )
    return (said, *details)


def _customers_follow(act: Act, login: str, heir: User | None) -> tuple[str, ...]:
    """The customers go to the successor, with what protects them; without one they are named."""
    from oppcli.store import owning

    numbers = owning.customers_of(act.door, login)
    if not numbers:
        return ()
    told = {"n": len(numbers), "login": login, "customers": _names("customer", numbers)}
    if heir is None:
        line = command("customer", "edit", "CUSTOMER", "--owner", "LOGIN", ready=False)
        text = say("{n} {n:customer|customers} of {login} {n:waits|wait} for a new owner: {customers}", **told)
        return (say("{text}; {line}", text=text, line=line),)
    for customer in act.door.find(Customer, id=numbers):
        act.door.save(customer, replace(customer, owner=heir.login), action="assign")
    return (say("{n} {n:customer|customers} of {login} {n:goes|go} to {heir}: {customers}", heir=heir.login, **told),)


def _tasks_follow(act: Act, login: str, heir: User | None) -> tuple[str, ...]:
    """The open tasks that were given to them by name go to the successor; those of deals follow their owner. Without
    one they are named."""
    from oppcli.store import owning

    numbers = owning.tasks_of(act.door, login)
    if not numbers:
        return ()
    told = {"n": len(numbers), "login": login, "tasks": _names("task", numbers)}
    if heir is None:
        line = command("task", "edit", "TASK", "--to", "LOGIN", ready=False)
        return (
            say(
                "{n} open {n:task|tasks} of {login} {n:waits|wait} for somebody else: {tasks}; {line}",
                line=line,
                **told,
            ),
        )
    for task in act.door.find(Task, id=numbers):
        act.door.save(task, replace(task, assignee=heir.login), action="assign")
    return (say("{n} open {n:task|tasks} of {login} {n:goes|go} to {heir}: {tasks}", heir=heir.login, **told),)


def _names(noun: str, numbers: list[int]) -> str:
    """The first of them, and how many more."""
    names = listed(ref(noun, number) for number in numbers[:NAMED])
    return say("{names} and {n} more", names=names, n=len(numbers) - NAMED) if len(numbers) > NAMED else names


def _seats_rest(act: Act, login: str) -> tuple[str, ...]:
    """Open seats have moved: those that are left are of steps whose clock stands still."""
    from oppcli.store import waiting

    numbers = waiting.seated(act.door, login)
    if not numbers:
        return ()
    text = say(
        "{login} sits in {n} {n:request|requests} whose clock stands still: {requests}; who follows is found later",
        n=len(numbers),
        login=login,
        requests=_names("request", numbers),
    )
    return (text,)


def _delegations_end(act: Act, login: str) -> tuple[str, ...]:
    """Nobody decides any more for somebody who left, nor do they for anybody."""
    from oppcli.store import waiting

    numbers = waiting.delegations_with(act.door, login, act.now)
    lines = []
    for item in act.door.find(Delegation, id=numbers) if numbers else ():
        act.door.save(item, replace(item, ends_at=max(act.now, item.starts_at)), action="end")
        name = ref("delegation", item.id)
        if item.to is None:
            lines.append(say("{name} ends: {frm} was away", name=name, frm=item.frm))
            continue
        lines.append(say("{name} ends: {to} no longer decides for {frm}", name=name, to=item.to, frm=item.frm))
    return tuple(lines)


def _team_left(everyone: dict[str, User], login: str) -> tuple[str, ...]:
    """Who reports to somebody who left."""
    team = [user.login for user in everyone.values() if user.manager == login and user.active]
    if not team:
        return ()
    line = command("user", "edit", "LOGIN", "--manager", BLANK)
    names = listed(team)
    return (
        say("{names} still {n:reports|report} to {login}: {line}", names=names, n=len(team), login=login, line=line),
    )
