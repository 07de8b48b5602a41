"""Checking a policy as a whole: every problem in one run, and the `Policy` when there is no error."""

import re
import tomllib
from datetime import date

from oppcli.policy import Known, Loaded, building
from oppcli.policy.checks import CHECKS
from oppcli.policy.lines import Lines
from oppcli.policy.problems import BrokenPolicy, Names, Problem, Problems
from oppcli.policy.review import Review
from oppcli.policy.shape import sound


def load(text: str, *, source: str, known: Known | None, today: date | None) -> Loaded:
    """See `oppcli.policy.load`."""
    try:
        doc = building.parse(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BrokenPolicy(source, (_not_toml(wrong, source, len(text.splitlines())),)) from None
    problems = Problems(source, Lines(text.removeprefix("\ufeff")), Names(doc))
    review = Review(sound(doc, problems), problems, known, today, has_type_table="type" in doc)
    for check in CHECKS:
        check(review)
    found = problems.sorted()
    if problems.broken:
        raise BrokenPolicy(source, found)
    return Loaded(building.build(doc, text), found)


def _not_toml(wrong: Exception, source: str, last: int) -> Problem:
    """`Expected '=' after a key in a key/value pair (at line 41, column 5)`, or `(at end of document)`."""
    match = re.fullmatch(r"(.*?)\s*\(at (?:line (\d+), column (\d+)|end of document)\)", str(wrong), re.DOTALL)
    message, line, column = (match[1], match[2], match[3]) if match else (str(wrong), None, None)
    at = f"column {column}: " if column else ""
    return Problem("P001", source, int(line) if line else last, "", f"{at}{message[:1].lower()}{message[1:]}")
