"""Facts that conditions read besides fields, of many deals or customers at once: how they have been dealt with."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from oppcli.model.deals import DECIDERS, WON
from oppcli.model.money import to_major
from oppcli.model.units import DAY_MS
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import ENTERED, ENTERED_BY_HAND, PERSON, last_touch
from oppcli.store.patterns import literal, literals
from oppcli.store.queries import COUNTS, LIVE_DEAL

RECENT = 30 * DAY_MS
"""How long a touch is one of the last 30 days."""
YEAR = 365 * DAY_MS
_DECIDING = ", ".join(map(literal, DECIDERS))
_DEALS = f"""
SELECT d.id, s.kind,
  (SELECT count(*) FROM activity t
   WHERE t.deal_id = d.id AND t.kind IN ({{kinds}}) AND t.at > :recent AND t.{COUNTS} AND t.{PERSON}),
  {{touched}}, {ENTERED_BY_HAND}, d.created_at, {ENTERED},
  (SELECT count(*) FROM participant p WHERE p.deal_id = d.id),
  (SELECT count(*) FROM participant p WHERE p.deal_id = d.id AND lower(p.role) IN ({_DECIDING})),
  (SELECT count(*) FROM deal o JOIN stage w ON w.id = o.stage_id
   WHERE o.customer_id = d.customer_id AND w.kind = '{WON}' AND o.{COUNTS})
FROM deal d JOIN stage s ON s.id = d.stage_id WHERE {{which}}
"""


def of_deals(door: ReadDoor, numbers: Sequence[int], kinds: Collection[str], now: int) -> dict[int, Mapping[str, Any]]:
    """By deal, the facts of `rules.relation_facts.OF_DEALS` but how complete it is; days are calendar time. `kinds` are
    those that touch."""
    which, given = door.any_of("d.id", "deals", list(numbers))
    touched = last_touch(kinds, f"t.deal_id = d.id AND t.{COUNTS}")
    sql = _DEALS.format(kinds=literals(kinds), touched=touched, which=which)
    found: dict[int, Mapping[str, Any]] = {}
    for row in door.rows(sql, deals=given, recent=now - RECENT):
        key, kind, touches, touch, by_hand, created, entered, contacts, deciders, won = row
        since = max((at for at in (touch, by_hand, created) if at is not None), default=None)
        found[key] = {
            "kind": kind,
            "touches_30d": Decimal(touches),
            "idle_days": _days(since, now),
            "days_in_stage": _days(entered, now),
            "contacts": Decimal(contacts),
            "deciders": Decimal(deciders),
            "customer_won_deals": Decimal(won),
        }
    return found


_WON_DEALS = f"""
SELECT count(*) FROM deal d JOIN stage w ON w.id = d.stage_id
WHERE d.customer_id = :customer AND w.kind = '{WON}' AND d.{COUNTS}
"""


def won_deals(door: ReadDoor, customer: int) -> int:
    """How many deals of a customer are won."""
    return int(door.rows(_WON_DEALS, customer=customer)[0][0])


_CUSTOMERS = f"""
SELECT c.id, {{touched}}, {{touched_deals}},
  (SELECT count(*) FROM deal d JOIN stage s ON s.id = d.stage_id
   WHERE d.customer_id = c.id AND {LIVE_DEAL}),
  (SELECT max(d.closed_at) FROM deal d JOIN stage s ON s.id = d.stage_id
   WHERE d.customer_id = c.id AND s.kind = '{WON}' AND d.{COUNTS}), c.created_at
FROM customer c WHERE {{which}}
"""
_WON = f"""
SELECT d.customer_id, d.amount, d.currency, d.closed_at FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE {{which}} AND s.kind = '{WON}' AND d.closed_at > :since AND d.{COUNTS}
"""


Minor = Callable[[int, str, int], int | None]
"""An amount, its currency, when it was won → minor units of the currency that is counted in; None without a rate."""


def of_customers(
    door: ReadDoor, numbers: Sequence[int], kinds: Collection[str], now: int, currency: str, minor: Minor
) -> dict[int, dict[str, Any]]:
    """By customer, the facts of `rules.relation_facts.OF_CUSTOMERS`, money in this currency."""
    which, given = door.any_of("c.id", "customers", list(numbers))
    of_deals = last_touch(kinds, f"t.deal_id IN (SELECT d.id FROM deal d WHERE d.customer_id = c.id) AND t.{COUNTS}")
    of_customer = last_touch(kinds, f"t.customer_id = c.id AND t.{COUNTS}")
    sql = _CUSTOMERS.format(touched=of_customer, touched_deals=of_deals, which=which)
    found: dict[int, dict[str, Any]] = {}
    for key, touch, of_its_deals, live, won, created in door.rows(sql, customers=given):
        since = max((at for at in (touch, of_its_deals, created) if at is not None), default=None)
        found[key] = {
            "won_amount_365": Decimal(0),
            "won_deals_365": Decimal(0),
            "days_since_won": None if won is None else Decimal((now - won) // DAY_MS),
            "live_deals": Decimal(live),
            "idle_days": _days(since, now),
        }
    which, given = door.any_of("d.customer_id", "customers", list(numbers))
    for key, amount, code, at in door.rows(_WON.format(which=which), customers=given, since=now - YEAR):
        found[key]["won_deals_365"] += 1
        if amount is not None and (counted := minor(amount, code, at)) is not None:
            found[key]["won_amount_365"] += to_major(counted, currency)
    return found


def _days(since: int | None, now: int) -> Decimal | None:
    """Calendar days since then."""
    return None if since is None else Decimal(now - since) / DAY_MS
