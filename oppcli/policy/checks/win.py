"""`[win]` and `[kpi]`: nothing is learnt from how deals ended, and something weighs."""

from oppcli.model.reporting import HINDSIGHT
from oppcli.model.said import say
from oppcli.policy.notation import many
from oppcli.policy.review import Review


def check(review: Review) -> None:
    for place, name in enumerate(many(review.doc["win"].get("fields", ()))):
        if name in HINDSIGHT:
            said = say("{field} tells how a deal ended or is thought to: nothing is learnt from it", field=name)
            review.add("P037", ("win", "fields", place), said, near=name)
    kpi = review.doc["kpi"]
    if kpi.get("own") == kpi.get("team") == 0:
        review.add("P037", ("kpi", "own"), say("neither the person nor the team weighs anything"))
