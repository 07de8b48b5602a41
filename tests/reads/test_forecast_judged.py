"""The forecast as managers judge it: a deal moves between months and categories in `adjusted` alone."""

from datetime import date
from typing import Any

import pytest
import world
from test_forecast import deal, rows, table, team, told, won

from oppcli.model.deals import Deal, Visit
from oppcli.model.judgements import Judgement
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.rates import Rate
from oppcli.store.doors import WriteDoor
from oppcli.words.periods import Period

__all__ = ["team"]
MONTHS = "month weighted adjusted"
PLAIN = [("past_due", 12_500), ("2026-11", 103_726), ("2026-12", 0), ("2027-01", 900), (None, 2_500)]


def said(door: WriteDoor, at: int = 1, by: str = "wang", **given: Any) -> Judgement:
    return door.add(Judgement(reason="x", judged_at=at, judged_by=by, **given))


def by_amount(door: WriteDoor) -> dict[int | None, Deal]:
    return {one.amount: one for one in door.find(Deal)}


def test_what_nobody_judged_has_no_column_and_what_somebody_did_adds_up_with_the_rest(team: WriteDoor) -> None:
    assert "adjusted" not in [column.name for column in table(team).columns]
    deals = by_amount(team)
    # 700.00 at 60 % in November are thought to be 500.00 in December; 900.00 omitted at 90 % to be committed.
    said(team, deal_id=deals[70_000].id, amount=50_000, currency="CNY", expected_close="2026-12-24")
    said(team, deal_id=deals[90_000].id, category="commit")
    said(team, deal_id=deals[50_000].id, category="omitted")
    said(team, owner="li", month="2026-11", change=-10_000, currency="CNY")
    assert table(team).columns[-1].name == "adjusted"
    assert told(rows(team), "month weighted") == PLAIN
    adjusted = [0, 103_726 - 42_000 - 10_000, 30_000, 900 + 81_000, 2_500]
    assert [row["adjusted"] for row in rows(team)] == adjusted
    assert table(team).last is not None and table(team).last[-1] == sum(adjusted)  # type: ignore[index]
    assert {sum(row["adjusted"] for row in rows(team, by=by)) for by in KEYS} == {sum(adjusted)}
    assert told(rows(team, by="owner"), "owner adjusted") == [("li", sum(adjusted) - 30_863), ("zhao", 30_863)]
    of_zhao: tuple[dict[str, Any], ...] = ({"owner": (["zhao"], [])}, {"owner": ([], ["li"])}, {"team": (["zhao"], [])})
    for asked in of_zhao:
        assert sum(row["adjusted"] for row in rows(team, **asked)) == 30_863, asked
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert told(rows(team, period=december), MONTHS) == [("2026-12", 0, 30_000)]
    assert "adjusted" not in [column.name for column in table(team, hidden=("amount",)).columns]
    assert "adjusted" not in [column.name for column in table(team, hidden=("category",)).columns]
    left = world.said(table(team, source=(["fair"], [])))
    assert left[-1].startswith("1 judgement of months left out")


KEYS = ("month", "owner", "manager", "region", "currency", "owner,month", "stage", "quarter")


def test_the_nearest_counts_and_what_was_said_before_a_deal_closed_ended_with_it(team: WriteDoor) -> None:
    team.add(User(login="han", name="han", manager="wang"))
    li = team.get(User, "li")
    team.save(li, replace(li, manager="han"))
    one = by_amount(team)[70_000]
    said(team, deal_id=one.id, amount=0, currency="CNY", by="wang")
    his = said(team, deal_id=one.id, amount=10_000, currency="CNY", by="han")
    said(team, deal_id=one.id, amount=99, currency="CNY", by="zhao", at=9)
    assert told(rows(team)[1:2], MONTHS) == [("2026-11", 103_726, 103_726 - 42_000 + 6_000)]
    visits = (Visit(stage="赢单", entered_at=5, left_at=6),)
    team.save(one, replace(one, visits=visits))
    assert told(rows(team)[1:2], MONTHS) == [("2026-11", 103_726, 103_726)]
    team.save(his, replace(his, judged_at=7))
    assert told(rows(team)[1:2], MONTHS) == [("2026-11", 103_726, 103_726 - 42_000 + 6_000)]
    closed = team.add(won(5_000, "2026-11-03"))
    said(team, deal_id=closed.id, amount=1, currency="CNY", at=8)
    assert told(rows(team)[1:2], MONTHS) == [("2026-11", 103_726, 103_726 - 42_000 + 6_000)]


def test_what_is_judged_in_another_currency_is_converted_or_not_added(team: WriteDoor) -> None:
    one = team.add(deal(None, "2027-03-05", currency="USD"))
    said(team, deal_id=one.id, amount=1_000, currency="USD")
    assert told(rows(team)[-2:-1], "month currency adjusted") == [("2027-03", "USD", 250)]
    team.add(Rate(base="USD", currency="CNY", day="2026-11-01", rate="7", created_at=1, created_by="li"))
    assert told(rows(team, **{"in": "CNY"})[-2:-1], "month currency adjusted") == [("2027-03", "CNY", 1_750)]


@pytest.mark.parametrize("month", ["2026-10", "2026-11"])
def test_a_month_that_is_over_brings_nothing_more(team: WriteDoor, month: str) -> None:
    said(team, owner="li", month=month, change=5, currency="CNY")
    assert [row["adjusted"] - row["weighted"] for row in rows(team)] == [0, 5 if month == "2026-11" else 0, 0, 0, 0]
