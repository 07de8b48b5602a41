"""Customers without a live deal: their next contact is planned when the last deal ends, and given up with a new one."""

from command_line import InProcess
from pipelines import SMALL

POLICY = (
    SMALL
    + """
[follow]
cadence = [{ when = "always", every = "14 days", of = "customer" }]
"""
)


def open_tasks(opp: InProcess) -> list[tuple[str, str | None, str]]:
    rows = opp.ok("export tasks -o json").json
    return [(row["title"], row["due_on"], row["state"]) for row in rows]


def test_the_next_contact_is_planned_when_the_last_deal_ends(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    opp.env |= {"OPP_NOW": "2026-03-02T10:00:00+08:00", "OPP_TZ": "Asia/Shanghai"}
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy team.toml")
    opp.ok("add One --customer Acme --amount 1")
    opp.ok("add Two --customer Acme --amount 1")
    assert "next for" not in opp.ok("win D-1").out
    assert "next for C-1 Acme: follow up, Mon 16 Mar (T-1)" in opp.ok("lose D-2 --reason price").out
    assert open_tasks(opp) == [("follow up", "2026-03-16", "open")]
    opp.ok("add Three --customer Acme --amount 1")
    assert open_tasks(opp) == [("follow up", "2026-03-16", "cancelled")]
    opp.ok("lose D-3 --reason price")
    assert [state for _, _, state in open_tasks(opp)] == ["cancelled", "open"]
    # A call ends it where it is due, for it came from the cadence, and plans the next.
    opp.ok("note C-1 'call: all is well'", now="2026-03-05T10:00:00+08:00")
    assert open_tasks(opp)[1:] == [("follow up", "2026-03-16", "done"), ("follow up", "2026-03-19", "open")]
