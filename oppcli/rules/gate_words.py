"""What a gate may ask for, in a word: a field, a file, a task, a contact, an activity, a stage, a condition."""

from collections.abc import Callable, Container, Iterable

from oppcli.model.command import BLANK, Command, command
from oppcli.model.follow import DONE, WAIVED, Activity, Task
from oppcli.model.policy import Policy
from oppcli.model.records import LIVE
from oppcli.model.requests import CONTRACT, QUOTE
from oppcli.rules import conditions
from oppcli.tuples import NamedTuple

FIELD, FILE, TASK, CONTACT, ACTIVITY, STAGE = "field", "file", "task", "contact", "activity", "stage"
TOUCH, SURVEY, CONDITION, UNKNOWN = "touch", "survey", "condition", "unknown"
CUSTOMER = "customer"
OF_CUSTOMER = f"{CUSTOMER}."
"""Before the name of a field of the deal's customer."""
NAMING = (FILE, TASK, CONTACT, ACTIVITY, STAGE)
"""Those that stand before a colon and a name."""
_SIGNS = frozenset("<>=!~()[]'\" ")
"""What a condition has and a name has not."""


class Wanted(NamedTuple):
    """One word, read."""

    kind: str
    name: str = ""
    """Of a field, file, task, contact's role, activity's kind or stage; of a condition its text."""


def wanted(word: str, fields: Container[str] = ()) -> Wanted:
    """What a word asks for; `fields` are those there are, for a team may have one called `touch`."""
    kind, colon, name = word.partition(":")
    if colon and name and kind in NAMING:
        return Wanted(kind, name)
    if _SIGNS.intersection(word):
        return Wanted(CONDITION, word)
    if word.startswith(OF_CUSTOMER):
        return Wanted(CUSTOMER, word.removeprefix(OF_CUSTOMER))
    if word in (TOUCH, SURVEY) and word not in fields:
        return Wanted(word)
    return Wanted(UNKNOWN if colon and name else FIELD, word)


def done(tasks: Iterable[Task], activities: Iterable[Activity], touches: Callable[[Activity], bool]) -> frozenset[str]:
    """The words that hold by what was done on a deal: tasks done or waived, live activities, those that are a touch, an
    answer to the survey."""
    live = [each for each in activities if each.standing == LIVE]
    ended = (f"{TASK}:{task.title}" for task in tasks if task.state in (DONE, WAIVED) and task.standing == LIVE)
    touched = [TOUCH] if any(map(touches, live)) else []
    rated = [SURVEY] if any(each.rating is not None for each in live) else []
    return frozenset((*ended, *(f"{ACTIVITY}:{each.kind}" for each in live), *touched, *rated))


def _beside(word: str, facts: Container[str]) -> tuple[str | None, str]:
    """The first of these facts that a word reads; and what people call it where they enter it."""
    if not facts:
        return None, ""
    from oppcli.model.spaces import KINDS, read_by

    found = next((name for name in sorted(read_by(word)) if name in facts), None)
    entered = found is not None and found.startswith(OF_CUSTOMER) and found not in KINDS
    return found, found.removeprefix(OF_CUSTOMER) if entered and found else ""


def scored(word: str, policy: Policy) -> bool:
    """Whether a word asks for points, which are computed and never typed."""
    read = sorted(conditions.reads(conditions.unchecked(word))) if wanted(word).kind == CONDITION else [word]
    return read[0] in {"score", *(rule.name for rule in policy.scores)}


def mended(
    deal: str, word: str, customer: str | None = None, facts: Container[str] = (), asked: Container[str] = ()
) -> Command:
    """The command that brings about what a word asks for. `customer` is the deal's, `facts` those of payments, of the
    customer and of risk that the policy knows: of these it tells how they came about, but for those that a program is
    `asked` for."""
    found = wanted(word)
    beside, fact = _beside(word, facts)
    if customer is not None and fact in asked:
        return command("fact", "fetch", customer)
    if beside is not None and (customer is not None or not beside.startswith(OF_CUSTOMER)):
        return (
            command("fact", "set", customer, f"{fact}={BLANK}")
            if fact and customer
            else command("fields", deal, beside)
        )
    if found.kind == CUSTOMER or beside is not None:
        if customer is None:
            return command("deal", "edit", deal, "--set", f"{CUSTOMER}={BLANK}")
        return command("customer", "edit", customer, "--set", f"{found.name}={BLANK}")
    if found.kind == FILE:
        return command("deal", "attach", deal, "FILE", "--kind", found.name, ready=False)
    if found.kind == TASK:
        return command("task", "add", found.name, "--for", deal)
    if found.kind == CONTACT:
        return command("deal", "link", deal, "P-…", "--role", found.name)
    if found.kind == STAGE:
        return command("deal", "advance", deal, "--to", found.name)
    if found.kind == ACTIVITY:
        return command("note", deal, BLANK, "-k", found.name)
    if found.kind == SURVEY:
        return command("note", deal, BLANK, "--rating", "4")
    if found.kind == TOUCH:
        return command("note", deal, BLANK, "-k", "call")
    read = sorted(conditions.reads(conditions.unchecked(word))) if found.kind == CONDITION else [word]
    space = read[0].partition(".")[0]
    if space in (QUOTE, CONTRACT):
        return command(space, "show", deal)
    return command("deal", "edit", deal, "--set", f"{read[0]}={BLANK}")
