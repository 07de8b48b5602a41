"""What conditions about relations read besides fields: how a deal or a customer has been dealt with."""

from collections.abc import Mapping

from oppcli.model.deals import LIVE_KINDS

OF_DEALS: Mapping[str, str] = {
    "kind": "text",
    "touches_30d": "int",
    "idle_days": "number",
    "days_in_stage": "number",
    "contacts": "int",
    "deciders": "int",
    "completeness": "percent",
    "customer_won_deals": "int",
}
"""Fact → kind: the kind of its stage; touches of the last 30 days; days since the last touch, and in its stage; its
contacts, and those of them who decide; how much is filled; won deals of its customer."""
OF_CUSTOMERS: Mapping[str, str] = {
    "won_amount_365": "money",
    "won_deals_365": "int",
    "days_since_won": "int",
    "live_deals": "int",
    "idle_days": "number",
}
"""Fact → kind: what was won of it in the last 365 days, and in how many deals; days since the last win; its live deals;
days since the last touch."""
CHOICES: Mapping[str, tuple[str, ...]] = {"kind": LIVE_KINDS}
