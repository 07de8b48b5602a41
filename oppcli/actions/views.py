"""Saved views: a read with its flags under a name, of one person or of all."""

from collections.abc import Sequence

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotFound
from oppcli.model.approver import USER, role, role_in
from oppcli.model.command import command, written
from oppcli.model.noun import replace
from oppcli.model.records import KEPT, WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import Said, listed, say
from oppcli.model.saved import View
from oppcli.store.doors import ReadDoor
from oppcli.words.spelling import nearest


def usable(door: ReadDoor, me: str) -> dict[str, View]:
    """The views that a person may run, by name: their own, and those shared of other names."""
    found = door.find(View, standing=KEPT)
    shared = {view.name: view for view in found if view.shared}
    return shared | {view.name: view for view in found if view.owner == me}


def named(door: ReadDoor, me: str, name: str) -> View:
    """The view of this name that a person may run. Refused (3) where there is none: somebody else's private one does
    not exist for them."""
    known = usable(door, me)
    if name not in known:
        raise unknown(door, me, name)
    return known[name]


def unknown(door: ReadDoor, me: str, name: str) -> NotFound:
    """The refusal of a name that no view has: which there are, and how one is saved."""
    known = usable(door, me)
    one = name.isprintable() and not name.startswith("-") and len(name.split()) == 1
    line = command("view", "save", name if one else "NAME", "--", "ls", "--owner", "me", ready=one)
    hint = say("there are no views yet; this saves one: {save}", save=line)
    if known:
        hint = say("views there are: {names}; this saves another: {save}", names=listed(sorted(known)), save=line)
    return NotFound(say("no such view: {name}{nearest}", name=name, nearest=nearest(name, known)), hint=hint)


def save(
    act: Act, name: str, words: Sequence[str], *, shared: bool, every: str | None = None, to: Sequence[str] = ()
) -> Outcome:
    """Keep a read with its flags under a name; one's own of that name is replaced. With `every` it goes out at that
    time `to` these people, else to who saves it. Refused (5) where another's shared view has the name, and (4) to send
    it to others to who leads nobody."""
    act.require("view save", say("save views"))
    if every is not None:
        from oppcli.actions.timed_views import checked

        every = checked(act, every)
    whom = recipients(act, to) if every is not None else ()
    if set(whom) - {act.by}:
        act.require("view save other", say("send views to others"))
    kept = act.door.find(View, standing=KEPT)
    taken = next((view for view in kept if shared and view.shared and view.name == name and view.owner != act.by), None)
    if taken is not None:
        raise Conflict(say("{owner} shares a view called {name} already", owner=taken.owner, name=name))
    mine = next((view for view in kept if view.name == name and view.owner == act.by), None)
    if mine is None:
        made = View(name=name, owner=act.by, command=tuple(words), created_at=act.now)
        saved = act.door.add(replace(made, shared=shared, every=every, to=whom))
    else:
        saved = act.door.save(mine, replace(mine, command=tuple(words), shared=shared, every=every, to=whom))
    whose = say("for all") if shared else say("your own")
    line = say("view {name} saved ({whose}): {command}", name=name, whose=whose, command=written(words))
    goes = tuple[Said, ...]()
    if every is not None:
        from oppcli.actions.timed_views import begun

        goes = (begun(act, saved),)
    return Outcome(done=(line, *goes), ids=(ref("view", saved.id),), next=(command("view", "run", name),))


def recipients(act: Act, to: Sequence[str]) -> tuple[str, ...]:
    """Whom a view goes to: logins, and `role:NAME`; who acts where nobody is named. Refused for who is nobody, and for
    a role that there is none of."""
    from oppcli.actions.users import known_roles

    def one(text: str) -> str:
        if (name := role_in(text)) is not None:
            return role(known_roles((name,), act.policy)[0])
        return act.login(text.removeprefix(f"{USER}:"))

    return tuple(dict.fromkeys(one(text) for text in to)) or (act.by,)


def drop(act: Act, name: str) -> Outcome:
    """Forget a view. Refused to who is neither its owner nor an admin, and for one that there is none of."""
    found = named(act.door, act.by, name)
    act.require("view drop" if found.owner == act.by else "view drop other", say("drop views of others"))
    act.door.save(found, replace(found, standing=WITHDRAWN), action="withdraw")
    return Outcome(done=(say("view {name} dropped", name=name),), ids=(ref("view", found.id),))
