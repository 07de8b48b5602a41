"""What happened with a customer, in one line: a call, a visit, a mail, a note; and all that follows from it."""

from collections.abc import Callable, Iterable
from datetime import date

from oppcli.actions import find
from oppcli.actions.act import NOTED, Act, Cause
from oppcli.actions.consequences import following
from oppcli.actions.outcome import Outcome
from oppcli.actions.places import Place, require_promising
from oppcli.actions.plans import require_ahead
from oppcli.errors import Conflict, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Contact, File
from oppcli.model.follow import IN, NOTE, OUT, Activity, Proposal, Task
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.refs import number, ref
from oppcli.model.said import Said, Word, listed, say
from oppcli.model.units import MINUTE_MS
from oppcli.rules.idling import kind_named, kinds
from oppcli.store.followed import Around, promised
from oppcli.tuples import NamedTuple
from oppcli.words import notes
from oppcli.words.notes import Step

LONGEST = 20_000
"""Characters of a note."""


class Noted(NamedTuple):
    """What was typed."""

    text: str
    kind: str | None = None
    next: str | None = None
    what: str | None = None
    contacts: tuple[str, ...] = ()
    at: int | None = None
    """When it happened; None for now."""
    inbound: bool = False
    minutes: int | None = None
    rating: int | None = None
    channel: str = ""
    """How it came, where that is not how the command did."""


Day = Callable[[str], date]
"""Reads a date as typed. Refuses (`UsageError`) what is none."""


def note(act: Act, place: Place, typed: Noted, day: Day, *, alone: bool = True, done: int | None = None) -> Outcome:
    """It noted, and what follows done, said in one line each; `done`: the task that is done with it. Refused without a
    text, for an instant that is not yet, a next date that is over or on a closed deal, an answer beside the scale, and
    for people and kinds there are not."""
    act.require_anybody("note", say("note anything"))
    made, step, word = _read(act, place, typed, day)
    _require_open(act, place, step)
    named = _mentioned(act, made.text)
    made = _shown(made)
    tasks, files, twin, quiet = _promised(act, made)
    kept: Activity = act.door.add(made)
    if alone and twin is not None:
        _warn(act, twin)
    if quiet is not None:
        from oppcli.actions import left_in_peace

        act.warnings += left_in_peace.noted(act, quiet, made, step)
    told = _tell(act, kept, place, named)
    lines = following(act, Cause(NOTED, place.deal, activity=kept, step=step, tasks=tasks, files=files, done=done))
    name = ref("activity", kept.id)
    line = say("{name} {kind} on {place}: {text}", name=name, kind=word, place=place.name, text=kept.text)
    return Outcome(done=(line,), ids=(name,), details=(*_led(place), *lines, *told))


def _promised(act: Act, made: Activity) -> tuple[list[Task], list[File] | None, int | None, str | None]:
    """What is open where something is noted, and all deadlines of the deal; its files, if one asks for any; what was
    noted twice within a minute; until when the customer is left in peace."""
    deadlines = act.policy.follow.deadlines if act.policy.follow and made.deal_id else ()
    files = any(word.startswith("file:") for each in deadlines for word in each.done)
    more = [*([Notice] if act.door.watched else ()), *([Proposal] if act.policy.suggestions else ())]
    nouns = (Activity, Task, *more)
    since = act.now - MINUTE_MS
    found: Around = promised(act.door, made, nouns, deadlines=bool(deadlines), files=files, since=since)
    return found.tasks, found.files if files else None, found.twin, found.quiet


def _warn(act: Act, twin: int) -> None:
    """Say that the same was noted just now: a key pressed twice, a script that ran twice."""
    told = {"activity": ref("activity", twin), "command": command("undo")}
    act.warnings.append(say("the same was noted just now as {activity}; to take this one back: {command}", **told))


def _mentioned(act: Act, text: str) -> list[User]:
    """Whom a text names; nothing is loaded for one that names nobody."""
    if "@" not in text:
        return []
    from oppcli.actions import mentions

    return mentions.named(act, text)


def _tell(act: Act, noted: Activity, place: Place, people: list[User]) -> tuple[Said, ...]:
    if not people:
        return ()
    from oppcli.actions import mentions

    return mentions.tell(act, noted, place, people)


def _read(act: Act, place: Place, typed: Noted, day: Day) -> tuple[Activity, Step | None, str]:
    """(the activity, what is to be done next, the word for its kind)."""
    kind, word, text = _kind(act, typed)
    step, text = _step(act, typed, text, day)
    if not text:
        raise UsageError(say("there is nothing to note"), hint=command("note", place.name.partition(" ")[0], BLANK))
    if len(text) > LONGEST:
        raise UsageError(say("{value:,} characters; at most {longest:,} are kept", value=len(text), longest=LONGEST))
    made = Activity(
        kind=kind,
        text=text,
        at=happened_at(act, typed.at),
        who=act.by,
        deal_id=place.deal.id if place.deal else None,
        customer_id=place.customer.id if place.customer else None,
        contacts=_contacts(act, place, typed.contacts),
        direction=IN if typed.inbound else OUT,
        minutes=typed.minutes,
        rating=_rating(act, typed.rating),
        recorded_at=act.now,
        channel=typed.channel or act.door.stamp.channel,
        created_by=act.by,
    )
    return made, step, word


def _shown(made: Activity) -> Activity:
    return replace(made, text=notes.shown(made.text)) if "\\" in made.text else made


def _kind(act: Act, typed: Noted) -> tuple[str, str, str]:
    """(kind, the word for it, the text without it)."""
    known = kinds(act.policy)
    found, word, text = notes.prefixed(typed.text, known)
    if typed.kind is not None:
        asked = kind_named(act.policy, typed.kind)
        return asked, _word(asked, typed.kind), text if found == asked else typed.text.strip()
    if found is None:
        usual = "survey" if typed.rating is not None else NOTE
        return usual, Word("activity", usual), text
    return found, _word(found, word), text


def _word(kind: str, typed: str) -> str:
    """A kind as it was typed; its code in the language of who is answered."""
    return Word("activity", kind) if typed.casefold() == kind else typed


def bare(act: Act, text: str, day: Day) -> str:
    """The text that is kept of a line as typed: without its kind and what is to be done next."""
    return notes.shown(_step(act, Noted(text), _kind(act, Noted(text))[2], day)[1])


def _step(act: Act, typed: Noted, text: str, day: Day) -> tuple[Step | None, str]:
    """(what is to be done next, the text without it). `--next` beats an arrow."""
    found = notes.arrow(text, day)
    if found.unread and typed.next is None:
        act.warnings.append(say("{text!r} does not begin with a date: the note is kept whole", text=found.unread))
    step = found.step
    if typed.next is not None or typed.what is not None:
        on = day(typed.next) if typed.next is not None else step.on if step else None
        what = typed.what if typed.what is not None else step.what if step else ""
        step = Step(on, what.strip())
    if step is not None:
        require_ahead(act, step.on)
    return step, found.text


def _require_open(act: Act, place: Place, step: Step | None) -> None:
    """Refuse to plan for a deal that is closed, and where it would be on nothing."""
    if step is None:
        return
    require_promising(place)
    if place.deal is None:
        return
    stage = act.policy.stage(place.deal.stage)
    if stage is None or stage in act.policy.pipeline:
        return
    from oppcli.rules.pipeline import over

    if over(stage.name, act.policy):
        name = ref("deal", place.deal.id)
        raise Conflict(
            say("{deal} is closed: nothing is planned for it", deal=name),
            hint=command("deal", "reopen", name, "-m", BLANK),
        )


def happened_at(act: Act, at: int | None) -> int:
    """When it happened. Refused (2) for what has not."""
    if at is not None and at > act.now:
        when = act.when(at)
        raise UsageError(say("{when} is not yet: only what happened is noted", when=when))
    return act.now if at is None else at


def _rating(act: Act, rating: int | None) -> int | None:
    """What the survey was answered with. Refused (2) beside the scale."""
    survey = act.policy.follow.survey if act.policy.follow else None
    most = survey.scale if survey else 5
    if rating is not None and not 1 <= rating <= most:
        raise UsageError(say("--rating: an answer is 1 to {most}", most=most))
    return rating


def _contacts(act: Act, place: Place, refs: tuple[str, ...]) -> tuple[int, ...]:
    """The numbers of who took part: the contact that the note is on, and those named."""
    own = (place.contact.id,) if place.contact is not None else ()
    return tuple(dict.fromkeys((*own, *contacts_named(act, refs)))) if refs else own


def contacts_named(act: Act, refs: Iterable[str]) -> tuple[int, ...]:
    """The numbers of these contacts. Refused for what is none."""
    found: list[int] = []
    for text in refs:
        known = number("contact", text)
        if known is None:
            find.of_another_noun("contact", text, command("contact", "list"))
            raise UsageError(say("--with: {text} is no contact", text=text), hint=say("say which by its id: P-4"))
        found.append(find.get(act.door, Contact, known).id)
    return tuple(dict.fromkeys(found))


def _led(place: Place) -> tuple[Said, ...]:
    """What is said where a customer or contact stands for its only deal, or has several."""
    if place.led is not None and place.deal is not None:
        return (say("{name} has one live deal: noted on {deal}", name=place.led, deal=ref("deal", place.deal.id)),)
    if place.others:
        deals = listed(ref("deal", each) for each in place.others[:5])
        return (say("live deals there: {deals}", deals=deals),)
    return ()
