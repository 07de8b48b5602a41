"""Bands of numbers in reports: a number of deals each, with cuts that rise."""

from oppcli.model.said import say
from oppcli.policy.report_notation import cuts
from oppcli.policy.review import Review
from oppcli.rules.faults import NUMERIC_KINDS, field_near


def check(review: Review) -> None:
    for name, value in review.doc["bands"].items():
        path = ("bands", name)
        review.read(path, cuts, value)
        kind = review.kinds.get(name)
        if kind is None or name not in review.field_names:
            near = field_near(name, dict.fromkeys(review.field_names, ""))
            review.add("P010", path, say("unknown field '{field}'{field_near}", field=name, field_near=near), near=name)
        elif kind not in NUMERIC_KINDS:
            review.add("P037", path, say("{name} is no number, which bands are of", name=name), near=name)
