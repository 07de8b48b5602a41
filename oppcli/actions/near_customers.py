"""Which customer a typed name means that nobody has just so: the only one of another spelling, and which is like it."""

from oppcli.actions.act import Act
from oppcli.errors import Nearly, Reason
from oppcli.model.command import command
from oppcli.model.deals import Customer
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules.likeness import nearly
from oppcli.rules.rights import relations
from oppcli.rules.verbs import verb
from oppcli.store import alike, queries
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.firms import firm
from oppcli.words.matching import beginning


class Near(NamedTuple):
    """A customer, and how alike its name is to the one that was typed: 100 for another spelling of it."""

    number: int
    name: str
    likeness: int


SHOWN = 5
"""So many are shown to choose from."""
MOST = 12
"""So many are looked up: hundreds may be called nearly so."""


def near(door: ReadDoor, text: str) -> list[Near]:
    """The customers whose name is most like a text and whom who asks sees, the most like it first; what was merged
    leads to what stands for it. Of thousands only those are read whose name begins alike."""
    form = firm(text)
    if not form:
        return []
    found: dict[int, Near] = {}
    known = nearly(form, queries.customer_names(door, beginning(form)))
    for number, name, score in sorted(known, key=lambda each: (-each[2], each[0])):
        stands = alike.survivor(door, "customer", number)
        if stands not in found and queries.visible(door, "customer", stands):
            found[stands] = Near(stands, name, score)
        if len(found) == MOST:
            break
    return sorted(found.values(), key=lambda each: (-each.likeness, each.number))


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


def require_new(act: Act, text: str) -> None:
    """Refused (`Nearly`) where customers are nearly called so: who typed it says which is meant, or that it is new."""
    found = near(act.door, text)[:SHOWN]
    if found:
        several = Nearly(
            say("there is no {name} yet; is it one of these?", name=text),
            reasons=tuple(Reason(ref("customer", each.number), each.name) for each in found),
        )
        raise several.for_(text)


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
