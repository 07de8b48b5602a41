"""Who has to do with a deal besides its owner: contacts with their part, the team, who else offers."""

from oppcli.actions import find, named_records
from oppcli.actions.act import EDITED, Act, Cause
from oppcli.actions.consequences import following
from oppcli.actions.find import require_kept
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotAllowed, NotFound, UsageError
from oppcli.model import money
from oppcli.model.calling import role_called
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Deal, Member, Participant, Rival
from oppcli.model.fields import BUILT_IN
from oppcli.model.noun import replace
from oppcli.model.people import SERVICE
from oppcli.model.refs import meant, ref
from oppcli.model.said import Said, Word, listed, say
from oppcli.rules import rivals
from oppcli.rules.fields import limit_problem
from oppcli.speech.roles import role_meant
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading
from oppcli.words.kinds import parse as parsed
from oppcli.words.spelling import nearest, not_one_of

ATTITUDES = ("for", "neutral", "against")
"""How a contact stands to a deal."""


def link(
    act: Act,
    deal: Deal,
    who: str,
    *,
    role: str | None = None,
    attitude: str | None = None,
    read: bool = False,
    note: str | None = None,
) -> Outcome:
    """A contact or a colleague beside a deal, or their part in it changed. Refused (3) for nobody, (2) for what is only
    of the other kind, (5) for who owns the deal or was withdrawn."""
    act.require_deal("deal link", deal)
    if is_contact(who):
        if read:
            raise UsageError(say("--read is for colleagues: a contact sees nothing here"))
        return _contact(act, deal, who, role, attitude, note)
    if attitude is not None:
        raise UsageError(say("--attitude is for contacts, whose references begin with P-"))
    return _member(act, deal, who, role, read, note)


def is_contact(text: str) -> bool:
    """Whether a contact's reference was typed; anybody else is a colleague."""
    found = meant(text)
    return found is not None and found[0] == "contact"


def _contact(act: Act, deal: Deal, who: str, role: str | None, attitude: str | None, note: str | None) -> Outcome:
    contact = named_records.contact(act.door, who)
    require_kept("contact", contact)
    if attitude is not None and attitude not in ATTITUDES:
        from oppcli.speech import titles
        from oppcli.words.named import understood

        attitude = understood(attitude, ATTITUDES, titles.told("attitude")) or attitude
    if attitude is not None and attitude not in ATTITUDES:
        raise UsageError(say("--attitude: {wrong}", wrong=not_one_of(attitude, ATTITUDES)))
    had = next((each for each in deal.contacts if each.contact_id == contact.id), None)
    part = had or Participant(contact_id=contact.id)
    part = replace(
        part,
        role=part.role if role is None else role.strip() or None,
        attitude=part.attitude if attitude is None else attitude,
    )
    others = tuple(each for each in deal.contacts if each.contact_id != contact.id)
    placed = tuple(part if each is had else each for each in deal.contacts) if had else (*others, part)
    told = listed(
        [
            contact.name,
            *([part.role] if part.role else []),
            *([Word("attitude", part.attitude)] if part.attitude else []),
        ]
    )
    return _saved(act, deal, replace(deal, contacts=placed), "link", ref("contact", contact.id), told, note)


def _member(act: Act, deal: Deal, who: str, role: str | None, read: bool, note: str | None) -> Outcome:
    person = find.person(act.people, who)
    if SERVICE in person.roles:
        raise NotAllowed(say("{login} is a service and has no part in deals", login=person.login))
    if person.login == deal.owner:
        raise Conflict(say("{deal} is {login}'s own", deal=ref("deal", deal.id), login=person.login))
    had = next((each for each in deal.team if each.login == person.login), None)
    kept_role = (had.role if had else None) if role is None else role_meant(role.strip(), act.policy) or None
    others = tuple(each for each in deal.team if each.login != person.login)
    # Who has neither a role nor only reads is told by the collaborators alone.
    member = (Member(login=person.login, role=kept_role, read=read),) if kept_role or read else ()
    beside = tuple(login for login in deal.collaborators if login != person.login)
    inside = deal.collaborators if person.login in deal.collaborators else (*beside, person.login)
    after = replace(deal, team=(*others, *member), collaborators=beside if read else inside)
    called = role_called(kept_role, act.policy.role_titles) if kept_role else ""
    told = listed(part for part in (person.login, called, say("only reads") if read else "") if part)
    return _saved(act, deal, after, "link", person.login, told, note)


def _saved(act: Act, deal: Deal, after: Deal, action: str, who: str, told: Said | str, note: str | None) -> Outcome:
    name = ref("deal", deal.id)
    if after == deal:
        return Outcome(done=(say("{name}: nothing to change", name=name),), ids=(name,))
    after = replace(after, updated_at=act.now)
    saved = act.door.save(deal, after, action=action, meta={"reason": note} if note else None)
    from oppcli.actions.requests import deal_changed

    done = say("{name} {title}: {who} has to do with it ({told})", name=name, title=deal.title, who=who, told=told)
    if action == "unlink":
        done = say("{name} {title}: {who} has nothing to do with it any more", name=name, title=deal.title, who=who)
    details = (*deal_changed(act, deal, saved), *following(act, Cause(EDITED, saved, deal)))
    return Outcome(done=(done,), ids=(name,), details=details)


def unlink(act: Act, deal: Deal, who: str, *, note: str | None = None) -> Outcome:
    """A contact or a colleague taken from a deal. Refused (3) for who has nothing to do with it."""
    act.require_deal("deal link", deal)
    name = ref("deal", deal.id)
    if is_contact(who):
        number = named_records.contact(act.door, who).id
        left = tuple(each for each in deal.contacts if each.contact_id != number)
        after, called = replace(deal, contacts=left), ref("contact", number)
    else:
        called = find.person(act.people, who, active=False).login
        after = replace(
            deal,
            team=tuple(each for each in deal.team if each.login != called),
            collaborators=tuple(login for login in deal.collaborators if login != called),
        )
    if after == deal:
        raise NotFound(say("{who} has nothing to do with {deal}", who=called, deal=name), hint=command("show", name))
    return _saved(act, deal, after, "unlink", called, "", note)


def rival(
    act: Act, deal: Deal, who: str, *, price: str | None, off: bool, reading: Reading, note: str | None = None
) -> Outcome:
    """Who else offers, for how much; with `off` taken away. Refused (2) for a blank and for what is no price, (3) to
    take away who is not there."""
    act.require_deal("deal rival", deal)
    called = who.strip()
    if not called:
        raise UsageError(say("a blank names no competitor"), hint=command("deal", "rival", ref("deal", deal.id), BLANK))
    had = rivals.named(deal, called)
    if off:
        if had is None:
            known = [each.name for each in deal.rivals]
            said = say("no such competitor: {name}{nearest}", name=called, nearest=nearest(called, known))
            raise NotFound(said, hint=command("show", ref("deal", deal.id)))
        after = replace(deal, rivals=tuple(each for each in deal.rivals if each is not had))
        return _rivals(act, deal, after, say("{who} offers no more", who=had.name), note)
    amount = had.price if had else None
    if price is not None:
        amount = _priced(price, reading._replace(currency=deal.currency))
    made = Rival(name=had.name if had else called, price=amount)
    others = tuple(made if each is had else each for each in deal.rivals) if had else (*deal.rivals, made)
    told = say("{who} offers, too", who=made.name)
    if amount is not None:
        told = say("{who} offers {price}", who=made.name, price=money.shown(amount, deal.currency))
    return _rivals(act, deal, replace(deal, rivals=others), told, note)


def _priced(text: str, reading: Reading) -> int | None:
    """A price as typed, held to what an amount is held to. Refused (2) for what is none."""
    try:
        amount: int | None = parsed("money", text, reading)
    except Invalid as wrong:
        raise UsageError(say("--price: {wrong}", wrong=wrong.message), hint=wrong.hint) from None
    if (why := limit_problem(BUILT_IN["amount"], amount, reading.currency)) is not None:
        raise UsageError(say("--price: {wrong}", wrong=why))
    return amount


def _rivals(act: Act, deal: Deal, after: Deal, told: Said, note: str | None) -> Outcome:
    name = ref("deal", deal.id)
    if after == deal:
        return Outcome(done=(say("{name}: nothing to change", name=name),), ids=(name,))
    act.door.save(deal, replace(after, updated_at=act.now), action="rival", meta={"reason": note} if note else None)
    return Outcome(done=(say("{name} {title}: {told}", name=name, title=deal.title, told=told),), ids=(name,))
