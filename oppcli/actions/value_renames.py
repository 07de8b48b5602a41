"""A value of a field gets another name wherever a record holds it, together with the policy that calls it so."""

from collections.abc import Iterable, Sequence
from typing import Any

from oppcli.actions.act import Act
from oppcli.errors import Reason, UsageError
from oppcli.model.fields import TEXTS, TYPED, Field
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.policy import Policy
from oppcli.model.said import Said, Word, label, say
from oppcli.rules import fields
from oppcli.store import valued
from oppcli.tuples import NamedTuple
from oppcli.words.spelling import nearest

TAGS = Field("tags", "list")


class Rename(NamedTuple):
    """Of the records of a noun: in this field this text becomes that one."""

    noun: str
    field: Field
    old: str
    new: str


def read(texts: Iterable[str], policy: Policy) -> list[Rename]:
    """`source:expo=展会`, `customer.tier:A=甲`, as renames. Refused (2) with every one that is none: no such field, no
    text, a value that the policy does not have."""
    found, wrong = list[Rename](), list[Reason]()
    for text in texts:
        one = _one(text, policy)
        (found if isinstance(one, Rename) else wrong).append(one)  # type: ignore[arg-type]
    if wrong:
        raise UsageError(
            say("the values cannot be renamed so"), reasons=tuple(wrong), hint="--rename-value source:expo=展会"
        )
    return found


def _one(text: str, policy: Policy) -> Rename | Reason:
    place, colon, pair = text.partition(":")
    old, equals, new = (part.strip() for part in pair.partition("="))
    noun, dot, name = place.strip().rpartition(".")
    noun = noun if dot else "deal"
    what = f"--rename-value {text}"
    if not (colon and equals and old and new and name) or noun not in TYPED:
        return Reason(what, say("not FIELD:OLD=NEW"))
    known = fields.of_team(noun, policy)
    field = TAGS if name == TAGS.name else known.get(fields.named(name, known))
    if field is None:
        return Reason(what, say("no such field{nearest}", nearest=nearest(name, known)))
    if field is not TAGS and (field.kind not in TEXTS or field.many or field.name in ("customer", "owner", "stage")):
        return Reason(what, say("{field} holds no text that may be renamed", field=label(field.name)))
    if problem := fields.limit_problem(field, new):
        return Reason(what, problem)
    return Rename(noun, field, old, new)


def rename(act: Act, policy: Policy, texts: Sequence[str]) -> tuple[tuple[Said, ...], list[str]]:
    """Every record that holds an old value with the new one, each with an entry: how many they were, and the words of
    `policy apply` that take it back. Refused (2) with every text that is no rename."""
    renames = read(texts, policy)
    words = _back(act, renames)
    return tuple(_renamed(act, one) for one in renames), words


def _renamed(act: Act, one: Rename) -> Said:
    numbers = valued.holding(act.door, one.noun, one.field.name, one.old, own=one.field.own)
    things: list[Any] = act.door.find(class_of(BY_WORD[one.noun]), id=numbers) if numbers else []
    pairs = [(thing, after) for thing in things if (after := _with_new(thing, one)) != thing]
    if pairs:
        meta = {"renamed": f"{one.field.name}:{one.old}={one.new}"}
        act.door.save_many(pairs, action="rename", meta=meta)
    what = Word("noun", one.noun) if len(pairs) == 1 else Word("plural", BY_WORD[one.noun].plural)
    told = {"field": label(one.field.name), "old": one.old, "new": one.new}
    return say("{field} {old} is now called {new}: {n:,} {what}", **told, n=len(pairs), what=what)


def _with_new(thing: Any, one: Rename) -> Any:
    name = one.field.name
    if one.field is TAGS:
        return replace(thing, tags=tuple(dict.fromkeys(one.new if tag == one.old else tag for tag in thing.tags)))
    if one.field.own:
        return replace(thing, extra={**thing.extra, name: one.new}) if thing.extra.get(name) == one.old else thing
    return replace(thing, **{name: one.new}) if getattr(thing, name) == one.old else thing


def _back(act: Act, renames: Sequence[Rename]) -> list[str]:
    """What takes them back on the command line; nothing where a record had one of the new names already, for it would
    get the old one then."""
    used = any(valued.holding(act.door, one.noun, one.field.name, one.new, own=one.field.own) for one in renames)
    prefix = {one: "" if one.noun == "deal" else f"{one.noun}." for one in renames}
    words = [f"{prefix[one]}{one.field.name}:{one.new}={one.old}" for one in renames]
    return [] if used else [word for text in words for word in ("--rename-value", text)]
