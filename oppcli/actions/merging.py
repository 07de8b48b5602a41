"""Several records become one: the first survives, and what pointed to the others points to it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oppcli.actions import conflicts, find, repointing
from oppcli.actions.act import EDITED, Act, Cause
from oppcli.actions.find import require_kept
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotFound, Reason, UsageError
from oppcli.model.command import command
from oppcli.model.contracts import Contract
from oppcli.model.deals import Deal
from oppcli.model.fields import called, is_instant
from oppcli.model.follow import DONE, JOINED, Activity, Match
from oppcli.model.judgements import Judgement
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.quotes import Quote
from oppcli.model.records import LIVE, MERGED, WITHDRAWN
from oppcli.model.refs import meant, ref, referred
from oppcli.model.requests import Request
from oppcli.model.said import Word, label, listed, say
from oppcli.rules import merging
from oppcli.rules.duplicates import own_kinds
from oppcli.rules.fields import of_team
from oppcli.rules.record_fields import shown, word
from oppcli.store.alike import NAMES, known, survivor

MERGE = "merge"


def merge(act: Act, refs: Sequence[str], keep: Sequence[str] = ()) -> Outcome:
    """One record of several of a noun, in one transaction; only managers. Refused (5) for what was withdrawn, and for
    deals with two live requests of a type, or of which one is closed; (2) for one thing alone, for an unknown field."""
    act.require(MERGE, say("merge records"))
    return joined(act, refs, keep)


def joined(act: Act, refs: Sequence[str], keep: Sequence[str] = ()) -> Outcome:
    """The same, whoever acts, for time merges what is surely one. Refused as a merge is, but for its right."""
    noun, things = _named(act, refs)
    first, *others = things
    if not others:
        name = ref(noun, first.id)
        if len(set(refs)) > 1:
            said = say("{refs} are one already: {name}", refs=listed(dict.fromkeys(refs)), name=name)
            raise Conflict(said, hint=command("show", name))
        raise UsageError(say("a merge needs two different records"), hint=command("dupes", "list", noun))
    wanted = _kept(act, first, noun, [thing.id for thing in things], keep)
    done, details = [], list[str]()
    for other in others:
        first, line, more = _one(act, noun, first, other, wanted.get(other.id, frozenset()))
        done.append(line)
        details += more
    names = tuple(ref(noun, other.id) for other in others)
    undo = command("unmerge", *reversed(names))
    return Outcome(done=tuple(done), ids=(ref(noun, first.id),), details=tuple(details), undo=undo)


def _named(act: Act, refs: Sequence[str]) -> tuple[str, list[Any]]:
    """The noun and its records, each once; a merged one is what stands for it."""
    found: dict[int, Any] = {}
    nouns = set()
    for text in refs:
        noun, number = reference(text)
        nouns.add(noun)
        if len(nouns) > 1:
            raise UsageError(say("records of one kind: {refs}", refs=listed(refs)))
        thing = get(act, noun, survivor(act.door, noun, number))
        require_kept(noun, thing)
        found[thing.id] = thing
    return nouns.pop(), list(found.values())


def reference(text: str) -> tuple[str, int]:
    """(noun, number) of a customer, contact or deal. Refused (3) for anything else."""
    noun, key = meant(text) or ("deal", text)
    if noun not in NAMES or not key.isdecimal():
        raise NotFound(
            say("no such customer, contact or deal: {text}", text=text),
            hint=command("customer", "list"),
        )
    return noun, int(key)


def get(act: Act, noun: str, number: int) -> Any:
    """The record, as who acts may refer to it."""
    return find.get(act.door, class_of(BY_WORD[noun]), number)


def _kept(act: Act, first: Any, noun: str, numbers: Sequence[int], keep: Sequence[str]) -> Mapping[int, frozenset[str]]:
    """Number → fields whose value of that record stays, of `phone=C-12`. Refused (2) for an unknown field, and for a
    record that is not merged."""
    known = {*merging.fields_of(first), *own_kinds(act.policy).get(noun, ())}
    found: dict[int, set[str]] = {}
    for text in keep:
        field, equals, name = text.partition("=")
        own = field in known
        where = reference(name) if equals and meant(name) else ("", 0)
        if not equals or not own or where[0] != noun or where[1] not in numbers:
            names = [ref(noun, each) for each in numbers]
            keeping = command("merge", *names, "--keep", f"{field}={names[-1]}")
            raise UsageError(
                say("--keep {text}: a field and one of these records", text=text),
                hint=keeping if own else command("fields", noun),
            )
        found.setdefault(where[1], set()).add(field)
    return {number: frozenset(fields) for number, fields in found.items()}


def _one(act: Act, noun: str, first: Any, other: Any, keep: frozenset[str]) -> tuple[Any, str, list[str]]:
    """The survivor with one other in it, the line that tells it, and the values that did not stay."""
    names = ref(noun, first.id), ref(noun, other.id)
    if noun == "deal":
        found = act.door.find(Request, deal_id=[first.id, other.id])
        if reasons := (
            *merging.deals_apart(first, other, found, act.policy),
            *_quoted(act, other),
            *_agreed(act, other),
        ):
            raise Conflict(
                say("{other} cannot be merged into {first}", other=names[1], first=names[0]), reasons=reasons
            )
    table = act.policy.duplicates
    country = table.country.lstrip("+") if table else ""
    done = merging.united(first, other, keep, derived=_derived(act, noun, first, other), country=country)
    lost = {each.field: _plain(each.lost) for each in done.lost}
    meta = {"merged": names[1], "into": names[0]}
    came = _came(act, other.id) if noun == "deal" else []
    moved = repointing.repoint(act, noun, other.id, first.id, meta)
    gone = replace(other, standing=MERGED, merged_into=first.id)
    act.door.save(other, gone, action=MERGE, meta=meta | ({"lost": lost} if lost else {}))
    after = replace(done.thing, updated_at=act.now) if noun == "deal" and done.thing != first else done.thing
    saved = act.door.save(first, after, action=MERGE, meta=meta)
    _decided(act, noun, first.id, other.id, meta)
    details: list[str] = [
        say(
            "{field} stays {stays}, not {lost}",
            field=word(noun, called(each.field), act.policy),
            stays=_shown(act, noun, first, each.field, each.stays),
            lost=_shown(act, noun, other, each.field, each.lost),
        )
        for each in done.lost
    ]
    if noun == "deal":
        from oppcli.actions.requests import deal_changed

        details += deal_changed(act, replace(other, id=first.id), saved)
        details += _course(act, came, first, saved, meta)
        details += _judged(act, other.id)
        saved = act.door.get(Deal, saved.id)
    return saved, _told(noun, names, other, first, moved, done.filled), details


def _quoted(act: Act, deal: Deal) -> tuple[Reason, ...]:
    """Why a deal with a quote goes into no other: it is that deal's, with its number."""
    if act.policy.quote is None or not act.door.find(Quote, id=deal.id, standing=LIVE):
        return ()
    return (
        Reason(ref("quote", deal.id), say("is the quote of {deal}: merge into that one", deal=ref("deal", deal.id))),
    )


def _agreed(act: Act, deal: Deal) -> tuple[Reason, ...]:
    """The same of a deal with a contract."""
    if act.policy.contract is None or not act.door.find(Contract, id=deal.id, standing=LIVE):
        return ()
    return (
        Reason(
            ref("contract", deal.id), say("is the contract of {deal}: merge into that one", deal=ref("deal", deal.id))
        ),
    )


def _derived(act: Act, noun: str, first: Any, other: Any) -> frozenset[str]:
    """The fields that the policy computes: they are what they are by what is united, and no value of anybody's."""
    policy = act.policy
    if noun == "customer":
        return frozenset(["tier"] if policy.tiers else [])
    names = {rule.name for rule in policy.scores} if noun == "deal" else set[str]()
    if noun == "deal" and _quoted(act, first):
        from oppcli.model.spaces import FROM_QUOTE

        names |= FROM_QUOTE
    if noun == "deal" and any(rule.grades for rule in policy.scores):
        names |= {"score"} if other.grade_reason is not None else {"score", "grade"}
    return frozenset(names)


def _came(act: Act, deal: int) -> list[Activity]:
    """What was done on a deal, in order of time, where that may meet a deadline of another."""
    if act.policy.follow is None or not act.policy.follow.deadlines:
        return []
    return sorted(act.door.find(Activity, deal_id=deal, standing=LIVE), key=lambda each: (each.at, each.id))


def _judged(act: Act, deal: int) -> list[str]:
    """What managers said of a deal in the forecast, which counts no more until it is a deal of its own again."""
    found = act.door.find(Judgement, deal_id=deal, standing=LIVE)
    if not found:
        return []
    from oppcli.actions.judgements import parts

    name = ref("deal", deal)
    return [
        say("{login}'s judgement of {deal} counts no more: {parts}", login=each.judged_by, deal=name, parts=parts(each))
        for each in found
    ]


def _course(act: Act, came: Sequence[Activity], was: Deal, deal: Deal, meta: Mapping[str, Any]) -> list[str]:
    """What follows for a deal from what it has of another, and from what was done on that: deadlines, what is computed
    anew."""
    lines: list[str] = []
    if act.policy.follow is not None and act.policy.follow.deadlines:
        from oppcli.actions import deadlines

        causes = [Cause(EDITED, deal, was), *(Cause(EDITED, deal, activity=noted) for noted in came)]
        lines += [line for cause in causes for line in deadlines.followed(act, cause, meta)]
    if act.policy.scores or act.policy.tags:
        from oppcli.actions.scores import computed_again

        computed_again(act, [deal])
    return lines


def _told(
    noun: str, names: tuple[str, str], other: Any, first: Any, moved: Mapping[str, int], filled: Iterable[str]
) -> str:
    """`C-12 Acme Inc merged into C-9 Acme: 3 deals, 2 contacts; filled: phone`."""
    parts: list[str] = [
        say("{n} {what}", n=count, what=Word("noun", word) if count == 1 else Word("plural", BY_WORD[word].plural))
        for word, count in moved.items()
        if count
    ]
    line = say(
        "{gone} {its} merged into {name} {called}",
        gone=names[1],
        its=getattr(other, NAMES[noun]),
        name=names[0],
        called=getattr(first, NAMES[noun]),
    )
    more: list[str] = [listed(parts)] if parts else []
    fields = listed(label(name) for name in filled)
    more += [say("filled: {fields}", fields=fields)] if fields else []
    return say("{line}: {more}", line=line, more=listed(more, "; ")) if more else line


def _plain(value: Any) -> Any:
    """A value as the journal keeps it."""
    return [str(each) for each in value] if isinstance(value, tuple) else value


def _shown(act: Act, noun: str, of: Any, field: str, value: Any) -> str:
    about = referred(field)
    if about and value:
        return ref(about.word, value)
    if value is None:
        return "-"
    if type(value) is int and is_instant(field):
        return act.when(value)
    known = of_team(noun, act.policy).get(called(field))
    if known is None or isinstance(value, tuple):
        return listed(map(str, value)) if isinstance(value, tuple) else str(value)
    return shown(known, value, getattr(of, "currency", act.policy.currency))


def _decided(act: Act, noun: str, first: int, other: int, meta: Mapping[str, Any]) -> None:
    """The match of the two is decided, its conflict over; other matches of the one that is gone are the survivor's."""
    held = known(act.door, noun, [first, other])
    pair = (min(first, other), max(first, other))
    for (one, two), (number, _) in held.items():
        match: Match = act.door.get(Match, number)
        if (one, two) == pair:
            after = replace(match, state=JOINED, decided_by=act.by, decided_at=act.now)
            act.door.save(match, after, action=MERGE, meta=meta)
            conflicts.end(act, [match], DONE, None, merged=meta)
        elif other in (one, two):
            third = one if two == other else two
            moved = min(first, third), max(first, third)
            known_already = moved in held or match.state == JOINED
            after = (
                replace(match, standing=WITHDRAWN) if known_already else replace(match, first=moved[0], second=moved[1])
            )
            act.door.save(match, after, action=MERGE, meta=meta)
