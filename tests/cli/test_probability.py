"""How likely deals are won, as a report: learnt from what closed, by values as they stood on entering the stage."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from test_targets import POLICY

MAPPING = """
system = "old"
[fields]
external_id = "id"
title = "id"
stage = "stage"
source = "source"
created_at = "made"
[entered]
"方案" = "open"
"赢单" = "won"
"输单" = "lost"
"""


def history() -> str:
    """300 deals that closed day by day: of those from the fair three in four were won, of the others one in four."""
    lines = ["id,stage,source,made,open,won,lost"]
    for at in range(300):
        source = ("fair", "web")[at % 2]
        won = at % 8 in (0, 2, 4, 1) if at % 16 < 8 else at % 8 in (0, 2, 6, 3)
        day = f"2025-{1 + at // 28:02d}-{1 + at % 28:02d}"
        closed = f"{day},{day},{day if won else ''},{'' if won else day}"
        lines.append(f"d{at},{'赢单' if won else '输单'},{source},{closed}")
    return "\n".join(lines) + "\n"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    Path(opp.folder, "policy.toml").write_text(POLICY, encoding="utf-8")
    Path(opp.folder, "m.toml").write_text(MAPPING, encoding="utf-8")
    Path(opp.folder, "deals.csv").write_text(history(), encoding="utf-8")
    opp.ok("init --policy policy.toml")
    return opp


def test_what_was_predicted_stands_beside_what_came_true(team: InProcess) -> None:
    short = team.ok("report probability -o json")
    assert (short.json, "insufficient_history: 0 won and 0 lost" in short.err) == ([], True)
    team.ok("import deals.csv --mapping m.toml")
    answer = team.ok("report probability -o json")
    rows = answer.json
    assert [(row["tenth"], row["deals"]) for row in rows] == [(3, 45), (8, 45)]
    assert [row["low"] <= row["predicted"] <= row["high"] for row in rows] == [True, True]
    assert "300 deals came by import" in answer.err
    by_source = team.ok("report probability --by source -o json").json
    assert [(row["source"], row["deals"], row["brier_own"]) for row in by_source] == [
        ("fair", 45, 0.7556),
        ("web", 45, 0.2444),
    ]
    assert all(row["brier_model"] < row["brier_base"] for row in by_source)
    # A source that was corrected after the stage was entered is not what is learnt from.
    team.ok("deal edit D-1 --set source=web -m 更正")
    assert team.ok("report probability -o json").json == rows


def test_a_forecast_is_weighted_by_what_closed_deals_say_and_nothing_else_of_it_changes(team: InProcess) -> None:
    for source in ("fair", "web"):
        team.ok(f"add x --amount 1000.01 --close 2099-01-31 --source {source}")
    team.ok("add y --amount 5 --close 2099-01-31 --source fair")
    team.ok("advance D-1,D-2 --to 方案")
    line = "report forecast --by source --probability model -o json"
    short = team.ok(line)
    assert [row["weighted"] for row in short.json] == [None, None]
    assert "insufficient_history: 0 won and 0 lost deals reached 方案" in short.err
    assert "2 deals not weighted" in short.err
    team.ok("import deals.csv --mapping m.toml")
    own, model = team.ok("report forecast --by source -o json").json, team.ok(line).json
    weights = {row.pop("source"): row.pop("weighted") for row in model}
    assert 700 < float(weights["fair"]) < 800 and 200 < float(weights["web"]) < 300
    assert [{**row, "weighted": None} for row in own] == [
        {"source": row["source"], **rest, "weighted": None} for row, rest in zip(own, model, strict=True)
    ]
    assert "74 %" in (card := team.ok("show D-1 -v").out) or "75 %" in card, card
    assert "as likely" in card and "as likely" not in team.ok("show D-1").out
    months = team.ok("report forecast --probability model --period 2099-01 -o json").json
    assert [float(row["weighted"]) for row in months] == [float(weights["fair"]) + float(weights["web"])]
    assert team("report forecast --probability model --receipts").code == 2


def test_the_figure_shown_then_is_that_of_the_stage_as_it_stood_then(team: InProcess) -> None:
    team.ok("import deals.csv --mapping m.toml")
    line = "report probability --by source -o json"
    before = team.ok(line).json
    assert [row["brier_own"] for row in before] == [0.7556, 0.2444]
    later = POLICY.replace('name = "方案"', 'name = "方案"\nprobability = 90')
    Path(team.folder, "policy.toml").write_text(later, encoding="utf-8")
    team.ok("policy apply policy.toml --now 2026-05-09T09:00:00+08:00")
    assert team.ok(f"{line} --now 2026-05-10T09:00:00+08:00").json == before


def test_a_lost_deal_of_which_only_the_last_stage_is_told_has_reached_it(opp: InProcess) -> None:
    Path(opp.folder, "policy.toml").write_text(POLICY, encoding="utf-8")
    lines = ["id,stage,last,closed"]
    for at in range(120):
        won = at % 2 == 0
        lines.append(f"d{at},{'赢单,' if won else '输单,方案'},2025-{1 + at // 28:02d}-{1 + at % 28:02d}")
    Path(opp.folder, "ends.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping = (
        MAPPING[: MAPPING.index("source =")]
        + 'last_open_stage = "last"\n[entered]\n"赢单" = "closed"\n"输单" = "closed"\n'
    )
    Path(opp.folder, "ends.toml").write_text(mapping, encoding="utf-8")
    opp.ok("init --policy policy.toml")
    opp.ok("import ends.csv --mapping ends.toml")
    told = opp("report probability -o json")
    assert "insufficient_history" not in told.err
    assert sum(row["deals"] for row in told.json) == 36
