"""What is owed, asked of the payments: those of one deal, and the sums of one customer over all it has."""

from oppcli.model.payments import DUE, RECEIVED
from oppcli.model.records import LIVE
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.queries import COUNTS

_OF_DEAL = """
SELECT currency, id, kind, "on", amount FROM payment WHERE deal_id = :deal AND voided_at IS NULL ORDER BY currency, id
"""


_SIGNED = f"""
SELECT v.signed_on FROM contractversion v JOIN contract c ON c.id = v.contract_id
WHERE c.id = :deal AND c.standing = '{LIVE}' AND v.signed_on IS NOT NULL ORDER BY v.number DESC LIMIT 1
"""


def signed_on(door: ReadDoor, deal: int) -> str | None:
    """The day (ISO) on which a deal's contract was signed, of several versions the last; None while none is."""
    return door.value(_SIGNED, deal=deal)


def of_deal(door: ReadDoor, deal: int) -> list[Row]:
    """(currency, id, kind, on, amount) of every payment of a deal that stands."""
    return door.rows(_OF_DEAL, deal=deal)


_CAME = "CASE WHEN came > 0 THEN came ELSE 0 END"
_SUMS = f"""
  p.currency AS currency, sum(CASE p.kind WHEN '{DUE}' THEN p.amount ELSE 0 END) AS planned,
  sum(CASE WHEN p.kind = '{DUE}' AND p."on" < :day THEN p.amount ELSE 0 END) AS fallen,
  sum(CASE WHEN p.kind = '{RECEIVED}' AND p."on" <= :day THEN p.amount ELSE 0 END) AS came
"""
_BUCKETS = f"""
WITH bucket AS (
  SELECT d.id AS deal_id, {_SUMS} FROM deal d JOIN payment p ON p.deal_id = d.id AND p.voided_at IS NULL
  WHERE d.customer_id = :customer AND d.{COUNTS} GROUP BY d.id, p.currency
  UNION ALL
  SELECT NULL, {_SUMS} FROM payment p WHERE p.customer_id = :customer AND p.voided_at IS NULL GROUP BY p.currency
)
"""
"""Each is added up in the order of an index, which has all that is asked."""
_LATE_SINCE = """
(SELECT min(u."on") FROM (
   SELECT "on", sum(amount) OVER (ORDER BY "on") AS so_far FROM payment
   WHERE {of} AND voided_at IS NULL AND currency = bucket.currency AND kind = '{due}' AND "on" < :day) AS u
 WHERE u.so_far > {came})
"""
_SINCE = f"""min(CASE WHEN fallen <= {_CAME} THEN NULL
  WHEN deal_id IS NULL THEN {_LATE_SINCE.format(of="customer_id = :customer", due=DUE, came=_CAME)}
  ELSE {_LATE_SINCE.format(of="deal_id = bucket.deal_id", due=DUE, came=_CAME)} END)"""
OF_CUSTOMER = f"""
{_BUCKETS}
SELECT currency, sum(CASE WHEN planned > {_CAME} THEN planned - {_CAME} ELSE 0 END),
  sum(CASE WHEN fallen > {_CAME} THEN fallen - {_CAME} ELSE 0 END), {{since}}
FROM bucket GROUP BY currency ORDER BY currency
"""


def of_customer(door: ReadDoor, customer: int, day: str, *, since: bool) -> list[Row]:
    """(currency, outstanding, overdue, since when the oldest of that is due) of what a customer owes on a day (ISO):
    over its deals, and over what it has without one. A surplus of one pays nothing of another (`rules.ledger`, which a
    test holds this to). `since`: whether that is asked; it takes longer than the rest."""
    return door.rows(OF_CUSTOMER.format(since=_SINCE if since else "NULL"), customer=customer, day=day)
