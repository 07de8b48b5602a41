"""Hooks: each of a name of its own, asked of what there is."""

from oppcli.model import events
from oppcli.model.said import say
from oppcli.policy.notation import many
from oppcli.policy.review import Review


def check(review: Review) -> None:
    review.names_once(("hook",), review.doc["hook"], say("there are two hooks called {name}"))
    for place, table in enumerate(review.doc["hook"]):
        path, name = ("hook", place), table.get("name", "")
        on = many(table.get("on", []))
        if not on and "on" in table:
            review.add("P062", (*path, "on"), say("the hook {name} is asked of nothing", name=name), near="on")
        for each in on:
            if not events.sound(each):
                said = say("'{name}' is no noun with a verb: deal.win, request.submit, quote.*", name=each)
                review.add("P062", (*path, "on"), said, near=each)
        if "when" in table:
            review.condition((*path, "when"), table["when"], review.deals)
