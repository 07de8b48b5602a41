"""Words of gates: what they ask for must be there, or nothing ever passes."""

from oppcli.model.follow import ACTIVITY_KINDS
from oppcli.model.said import listed, say
from oppcli.policy.relation_notation import activities
from oppcli.policy.review import Review, readable
from oppcli.rules import gate_words
from oppcli.rules.gate_words import NAMING, SURVEY, TOUCH, wanted
from oppcli.rules.relation_facts import OF_CUSTOMERS
from oppcli.toml.lines import Path
from oppcli.words.spelling import did_you_mean


def check(review: Review, path: Path, word: str) -> None:
    """One word of `enter`, `leave`, `done`, `needs`."""
    found = wanted(word, review.kinds)
    if found.kind == gate_words.FIELD:
        review.field(path, word)
    elif found.kind == gate_words.CONDITION:
        review.condition(path, word)
    elif found.kind == gate_words.CUSTOMER and "done" in path:
        said = say(
            "{key}: '{word}': a deadline is met by what happens to the deal, not to its customer", key="done", word=word
        )
        review.add("P039", path, said, near=word)
    elif found.kind == gate_words.CUSTOMER and word not in review.kinds:
        _among(review, path, word, found.name, tuple(name for name in review.customers[0] if name not in OF_CUSTOMERS))
    elif found.kind == gate_words.STAGE:
        review.stage(path, found.name)
    elif found.kind == gate_words.TASK:
        _among(review, path, word, found.name, task_names(review))
    elif found.kind == gate_words.ACTIVITY:
        _among(review, path, word, found.name, activity_kinds(review))
    elif found.kind == gate_words.UNKNOWN:
        kind = word.partition(":")[0]
        words = (*(f"{each}:…" for each in NAMING), TOUCH, SURVEY)
        near = did_you_mean(kind, NAMING)
        said = say(
            "{key}: unknown word '{word}'{near}: a field, a condition, {words}",
            key=path[-1],
            word=word,
            near=near,
            words=listed(words),
        )
        review.add("P039", path, said, near=word)


def task_names(review: Review) -> tuple[str, ...]:
    """The tasks that stages open."""
    return tuple(task["name"] for stage in review.doc["stage"] for task in stage.get("tasks", []) if "name" in task)


def activity_kinds(review: Review) -> tuple[str, ...]:
    """The kinds of activities that every team has, and this team's own."""
    return (*ACTIVITY_KINDS, *(readable(activities, review.doc["follow"].get("kinds", [])) or ()))


def _among(review: Review, path: Path, word: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        near = did_you_mean(name, known)
        said = say("{key}: '{word}': there is no '{name}'{near}", key=path[-1], word=word, name=name, near=near)
        review.add("P039", path, said, near=word)
