"""Which customer a typed name means that nobody has just so: the only one of another spelling, and which is like it."""

from collections.abc import Iterable, Iterator

from oppcli.actions.act import Act
from oppcli.model.command import command
from oppcli.model.deals import Customer
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules.likeness import likeness, pairs
from oppcli.rules.rights import relations
from oppcli.rules.verbs import verb
from oppcli.store import alike, queries
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.firms import firm, holds_han
from oppcli.words.matching import beginning

ALIKE = 60
"""Per cent from which a customer is told of as near: two names of six characters in Han of which one is another."""
SHORTEST = {True: 2, False: 4}
"""Characters, in Han and in letters, of a name that is near to the longer one which holds it."""


class Near(NamedTuple):
    """A customer, and how alike its name is to the one that was typed: 100 for another spelling of it."""

    number: int
    name: str
    likeness: int


def near(door: ReadDoor, text: str) -> list[Near]:
    """Customers whose name is like a text and whom who asks sees, the most like it first; what was merged leads to what
    stands for it. Of thousands only those are read whose name begins alike."""
    form = firm(text)
    return _ranked(door, _scored(form, queries.customer_names(door, beginning(form)))) if form else []


def _ranked(door: ReadDoor, scored: Iterable[tuple[int, str, int]]) -> list[Near]:
    found: dict[int, Near] = {}
    for number, name, score in scored:
        stands = alike.survivor(door, "customer", number)
        if stands not in found or found[stands].likeness < score:
            found[stands] = Near(stands, name, score)
    kept = [each for each in found.values() if queries.visible(door, "customer", each.number)]
    return sorted(kept, key=lambda each: (-each.likeness, each.number))


def _scored(form: str, known: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, int]]:
    """(number, name, likeness) of those of (number, folded name, name) that are like a normal form. What has no two
    neighbouring characters in common with it is not brought into normal form, unless accents may hide them."""
    parts = pairs(form) if len(form) > 1 else (form,)
    for number, key, name in known:
        if any(part in key for part in parts) or not (key.isascii() or holds_han(key)):
            score = _likeness(form, firm(name))
            if score:
                yield number, name, score


def _likeness(form: str, its: str) -> int:
    """How alike two normal forms are; 0 where one is told of for neither that nor for holding the other whole."""
    score = likeness(form, its)
    if score >= ALIKE:
        return score
    short, long = sorted((form, its), key=len)
    return max(score, 1) if len(short) >= SHORTEST[holds_han(short)] and _within(short, long) else 0


def _within(short: str, long: str) -> bool:
    """Whether a name stands in a longer one, as words of its own; in Han there are none."""
    return short in long if holds_han(short) else f" {short} " in f" {long} "


def meant(act: Act, text: str) -> tuple[Customer | None, Near | None]:
    """The only customer of this name in another spelling, which is said; else the one most like it. Neither where the
    rules of `[duplicates]` compare names: what then becomes of a name that may be there is theirs to say."""
    rules = act.policy.duplicates.of("customer") if act.policy.duplicates else ()
    if any("name" in (*rule.same, *rule.like) for rule in rules):
        return None, None
    found = near(act.door, text)
    same = [each for each in found if each.likeness == 100]
    if len(same) != 1:
        return None, found[0] if found else None
    customer = act.door.get(Customer, same[0].number)
    name = ref("customer", customer.id)
    act.warnings.append(say("{typed} is {ref} {name}", typed=text, ref=name, name=customer.name))
    return customer, None


def told(act: Act, made: Customer, near: Near) -> None:
    """Say that a customer was made although there is one nearly of its name, and who makes one of them."""
    name, other = ref("customer", made.id), ref("customer", near.number)
    managers = not verb("merge").allows(relations(act.me, act.people))
    merge = command("merge", other, name, another=managers)
    line = {"new": name, "name": made.name, "near": other, "its": near.name, "merge": merge}
    if managers:
        act.warnings.append(say("{new} {name} is new; nearly {near} {its}: a manager may {merge}", **line))
    else:
        act.warnings.append(say("{new} {name} is new; nearly {near} {its}: {merge}", **line))
