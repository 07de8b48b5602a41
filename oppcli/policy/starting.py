"""The policies to start with: what each is for, in a line, and its text."""

from collections.abc import Mapping

from oppcli.model.said import Said, say

ABOUT: Mapping[str, Said] = {
    "b2b": say("projects: qualification, risk, quote and contract are approved, large deals by the chief executive"),
    "saas": say("a small software team: large discounts and contracts are approved"),
    "service": say("consulting and design: capacity and the margin floor are approved, renewals take a fast lane"),
    "retail": say("selling to people: three stages, quick first contact and a rhythm of calls, no approvals"),
    "blank": say("four stages, no approvals"),
}
"""By the name of the template."""
ASKED_FIRST = "b2b"
"""What is proposed to who is asked."""
UNASKED = "blank"
"""What is taken where nobody is asked."""
