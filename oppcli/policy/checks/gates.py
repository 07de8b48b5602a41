"""Gates: which approvals a stage asks for."""

from oppcli.model.deals import LOST
from oppcli.model.said import listed, say
from oppcli.policy.notation import many
from oppcli.policy.review import Review
from oppcli.rules.faults import titled
from oppcli.rules.gate_words import FIELD, UNKNOWN, wanted
from oppcli.words.spelling import did_you_mean


def check(review: Review) -> None:
    gates = review.doc["gate"]
    asked = {name for types in gates.values() for name in many(types)}
    if not review.doc["type"] and (asked or "type" in review.there):
        _no_type(review, asked)
        return
    for stage in gates:
        _stage(review, stage)
        for name in many(gates[stage]):
            if name not in review.doc["type"]:
                near = _needed(review, name) or did_you_mean(name, review.doc["type"])
                said = say("no type of request is called '{name}'{near}", name=name, near=near)
                review.add("P026", ("gate", stage), said, near=name)
    for name in review.doc["type"]:
        if name not in asked:
            review.add("P105", ("type", name), say("no gate asks for it: it will never stop a deal"))


def _needed(review: Review, name: str) -> str:
    """Where a field or another word of a gate stands that is asked for like an approval; nothing where it is none."""
    word = titled(name, review.kinds) or name
    kind = wanted(word, review.kinds).kind
    if kind == UNKNOWN or (kind == FIELD and word not in review.kinds):
        return ""
    return say(": what a deal needs stands in its stage, enter = ['{word}']", word=word)


def _no_type(review: Review, asked: set[str]) -> None:
    """A team that approves nothing writes neither [type] nor [gate]; one without the other is a file cut in half."""
    wanted = say(": the gates ask for {asked}", asked=listed(sorted(asked))) if asked else ""
    path = ("type",) if "type" in review.there else ("gate",)
    review.add("P011", path, say("there is no type of request{wanted}", wanted=wanted))


def _stage(review: Review, stage: str) -> None:
    if stage not in review.stages:
        near = did_you_mean(stage, review.stages)
        review.add("P025", ("gate", stage), say("unknown stage '{stage}'{near}", stage=stage, near=near))
        return
    position = review.stages.index(stage)
    kinds = [table.get("kind") for table in review.doc["stage"] if "name" in table]
    if position == 0:
        review.add("P104", ("gate", stage), say("deals begin in the first stage: nobody passes this gate"))
    elif kinds[position] == LOST:
        review.add("P104", ("gate", stage), say("a deal is lost without asking: nobody passes this gate"))
