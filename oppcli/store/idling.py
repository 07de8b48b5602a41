"""SQL about when somebody last had to do with a deal: its last touch, and its entry into the stage it is in."""

from collections.abc import Collection

from oppcli.store.patterns import literals

ENTERED = "(SELECT max(v.entered_at) FROM visit v WHERE v.deal_id = d.id AND v.left_at IS NULL)"
"""When `deal d` entered its stage, whoever knows it."""
ENTERED_BY_HAND = (
    "(SELECT max(v.entered_at) FROM visit v WHERE v.deal_id = d.id AND v.left_at IS NULL AND v.system IS NULL)"
)
"""The same, where a person moved it: an import is nobody's touch."""


ATTENDED = """EXISTS (SELECT 1 FROM activity a WHERE a.deal_id = d.id AND a.at >= :attended AND a.kind IN ({kinds})
AND (a.who = d.owner OR replace(d.collaborators, '"' || a.who || '"', '') <> d.collaborators))"""
"""Whether owner or team touched `deal d` since then; `kinds` as `literals` makes them."""


PERSON = "who NOT IN (SELECT login FROM user_account WHERE roles LIKE '%\"service\"%')"
"""Whether an activity is a person's: what a service notes touches nobody."""


def last_touch(kinds: Collection[str], of: str = "t.deal_id = d.id") -> str:
    """When `deal d` was last touched by a person, by activities of these kinds: a look into an index, never at a row.
    `of` says which activities `t` are meant."""
    return f"(SELECT max(t.at) FROM activity t WHERE {of} AND t.kind IN ({literals(kinds)}) AND t.{PERSON})"
