"""Checking a policy as a whole: every problem in one run, and the `Policy` when there is no error."""

from datetime import date

from oppcli.policy import building
from oppcli.policy.checks import CHECKS
from oppcli.policy.kept import digest
from oppcli.policy.known import Known, Loaded
from oppcli.policy.problems import BrokenPolicy, Names, Problem, Problems
from oppcli.policy.review import Review
from oppcli.policy.shape import tables
from oppcli.policy.titles import by_names
from oppcli.toml.lines import Lines
from oppcli.toml.reading import NotToml, parsed


def load(text: str, *, source: str, known: Known | None, today: date | None) -> Loaded:
    """See `oppcli.policy.load`. Raises `BrokenPolicy` with every problem."""
    try:
        doc = parsed(text)
    except NotToml as wrong:
        raise BrokenPolicy(source, (Problem("P001", source, wrong.line, "", wrong.message),)) from None
    doc = by_names(doc, text)
    problems = Problems(source, Lines(text.removeprefix("\ufeff")), Names(doc))
    review = Review(tables(doc, problems), problems, known, today, there=doc.keys())
    for check in CHECKS:
        check(review)
    found = problems.sorted()
    if problems.broken:
        raise BrokenPolicy(source, found)
    return Loaded(building.build(doc, text, digest(text)), found)
