"""Facts of customers: names that conditions can hold, and that nothing else of a customer has."""

import unicodedata

from oppcli.model.said import say
from oppcli.model.spaces import CREDIT_LEFT, CREDIT_LIMIT, CUSTOMER, KINDS
from oppcli.policy.review import Review


def check(review: Review) -> None:
    taken = {name.partition(".")[2] for name in KINDS if name.startswith(f"{CUSTOMER}.")}
    for name, table in review.doc["fact"].items():
        path = ("fact", name)
        if not name.isidentifier() or unicodedata.normalize("NFKC", name) != name:
            said = say("'{name}' cannot be the name of a fact: one word, such as credit_limit", name=name)
            review.add("P037", path, said)
        elif name in taken or name in review.customers[0]:
            review.add("P037", path, say("a fact cannot be called {name}: customers have that already", name=name))
        if table.get("values") and table.get("type", "text") != "text":
            told = {"name": name, "kind": table["type"]}
            said = say("values: {name} holds {kind}, only text has a list of values", **told)
            review.add("P037", (*path, "values"), said)
        if name == CREDIT_LIMIT.partition(".")[2] and table.get("type", "text") != "money":
            said = say("{name} is an amount: {left} is reckoned from it", name=name, left=CREDIT_LEFT)
            review.add("P037", (*path, "type"), said)
