"""Reminders: a list of them has an end."""

from oppcli.model.said import say
from oppcli.policy.notation import many
from oppcli.policy.review import Review
from oppcli.toml.lines import Path

MOST = 10


def check(review: Review) -> None:
    places: list[tuple[Path, object]] = [(("defaults", "remind"), review.doc["defaults"].get("remind", []))]
    for name, rule in review.doc["type"].items():
        for number, step in enumerate(rule.get("step", [])):
            places.append((("type", name, "step", number, "remind"), step.get("remind", [])))
    places += [(("remind", key), value) for key, value in review.doc["remind"].items() if key != "cc"]
    for path, value in places:
        if (n := len(many(value))) > MOST:
            review.add("P066", path, say("{key}: {n} reminders, at most {most}", key=path[-1], n=n, most=MOST))
