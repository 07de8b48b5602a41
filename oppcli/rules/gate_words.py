"""What a gate may ask for, in a word: a field, a file, a task, a contact, an activity, a stage, a condition."""

from collections.abc import Container

from oppcli.tuples import NamedTuple

FIELD, FILE, TASK, CONTACT, ACTIVITY, STAGE = "field", "file", "task", "contact", "activity", "stage"
TOUCH, SURVEY, CONDITION, UNKNOWN = "touch", "survey", "condition", "unknown"
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
    if word in (TOUCH, SURVEY) and word not in fields:
        return Wanted(word)
    return Wanted(UNKNOWN if colon and name else FIELD, word)
