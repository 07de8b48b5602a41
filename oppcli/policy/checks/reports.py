"""Reports: bands of numbers of deals, with cuts that rise; nothing is learnt from how deals ended; something weighs."""

from oppcli.model.reporting import HINDSIGHT
from oppcli.model.said import say
from oppcli.policy.notation import many
from oppcli.policy.report_keys import cuts
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
    for place, name in enumerate(many(review.doc["win"].get("fields", ()))):
        if name in HINDSIGHT:
            said = say("{field} tells how a deal ended or is thought to: nothing is learnt from it", field=name)
            review.add("P037", ("win", "fields", place), said, near=name)
    kpi = review.doc["kpi"]
    if kpi.get("own") == kpi.get("team") == 0:
        review.add("P037", ("kpi", "own"), say("neither the person nor the team weighs anything"))
