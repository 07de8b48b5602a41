"""Who watches a deal or customer is told once of each event there: moved, closed, given away, noted, decided."""

from collections.abc import Collection, Mapping

from oppcli.actions.act import ASSIGNED, CLOSED, MOVED, NOTED, REOPENED, Act, Cause
from oppcli.actions.outcome import Outcome
from oppcli.actions.places import called, named
from oppcli.model.deals import Deal
from oppcli.model.follow import Watch
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.records import WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import Said, Word, say
from oppcli.store.followed import watchers

WATCHED = "watched"
"""The kind of the notices."""


def watch(act: Act, text: str, *, off: bool, ids_only: bool) -> Outcome:
    """The deal, customer or contact watched, or no more. Refused for what is not there, and for who is nobody."""
    act.require_anybody("notices watch", say("watch anything"))
    noun, thing = named(act, text, ids_only=ids_only)
    name = f"{ref(noun, thing.id)} {called(thing)}"
    known = act.door.find(Watch, login=act.by, noun=noun, key=thing.id)
    kept = next((each for each in known if each.standing != WITHDRAWN), None)
    if off == (kept is None):
        said = say("you do not watch {what}", what=name) if off else say("you watch {what} already", what=name)
        return Outcome(done=(said,), ids=(ref(noun, thing.id),))
    if kept is not None:
        act.door.save(kept, replace(kept, standing=WITHDRAWN), action="withdraw")
        return Outcome(done=(say("you watch {what} no more", what=name),), ids=(ref(noun, thing.id),))
    act.door.add(Watch(login=act.by, noun=noun, key=thing.id, created_at=act.now))
    return Outcome(done=(say("you watch {what}", what=name),), ids=(ref(noun, thing.id),))


def followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """Tell who watches of what happened; they see it in their notices, and who acts is not told of it."""
    text = _told(act, cause)
    if text is not None:
        noted = cause.activity
        number = noted.customer_id if noted is not None else None
        tell(act, cause.deal, number, text, activity=noted.id if noted else None)
    return ()


def _told(act: Act, cause: Cause) -> Said | None:
    """What watchers are told; None where nothing happened that they wait for."""
    if cause.what == NOTED:
        return _of_note(act, cause)
    deal, before = cause.deal, cause.before
    if deal is None:
        return None
    names: Mapping[str, str] = {"who": act.by, "deal": f"{ref('deal', deal.id)} {deal.title}"}
    if cause.what in (MOVED, REOPENED) and before is not None:
        return say("{who} moved {deal}: {a} → {b}", **names, a=before.stage, b=deal.stage)
    if cause.what == CLOSED:
        return say("{who} closed {deal}: {stage}", **names, stage=deal.stage)
    if cause.what == ASSIGNED or (before is not None and before.owner != deal.owner):
        return say("{who} gave {deal} to {owner}", **names, owner=deal.owner or "-")
    return None


def _of_note(act: Act, cause: Cause) -> Said | None:
    noted = cause.activity
    if noted is None:
        return None
    kind = Word("activity", noted.kind)
    where = ref("customer", noted.customer_id or 0)
    if cause.deal is not None:
        where = f"{ref('deal', cause.deal.id)} {cause.deal.title}"
    return say("{who} noted on {deal}: {kind} {text}", who=act.by, deal=where, kind=kind, text=noted.text)


def tell(
    act: Act,
    deal: Deal | None,
    customer: int | None,
    text: Said,
    *,
    activity: int | None = None,
    besides: Collection[str] = (),
) -> None:
    """A notice to each who watches the deal or its customer and sees it, but to who acts and who is told of this
    already."""
    if not act.door.watched:
        return
    of = deal.customer_id if deal is not None else customer
    about = activity or -1
    told = {*besides, *(each.to for each in act.door.written if type(each) is Notice and each.activity_id == about)}
    for login in watchers(act.door, deal.id if deal else None, of):
        person = act.people.get(login)
        if login == act.by or login in told or person is None or not person.active:
            continue
        if not _sees(act, login, deal, customer):
            continue
        act.door.add(
            Notice(
                to=login,
                kind=WATCHED,
                deal_id=deal.id if deal else None,
                customer_id=None if deal else customer,
                activity_id=activity,
                text=text,
                at=act.now,
            ),
            action="notice",
        )


def _sees(act: Act, login: str, deal: Deal | None, customer: int | None) -> bool:
    """Whether they see what it is about now, be it that they did when they began to watch."""
    if act.door.scope is None:
        return True
    from oppcli.actions.sights import sees

    word, number = ("customer", customer or 0) if deal is None else ("deal", deal.id)
    return sees(act.door, login, word, number, act.now)
