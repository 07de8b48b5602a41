"""`opp policy tune`: the points of scores by how deals ended, as TOML that is pasted into the policy."""

import tomllib
from pathlib import Path

from command_line import InProcess
from test_probability import MAPPING, history
from test_targets import POLICY

SCORES = """
[[score]]
name = "fit"
grades = { A = 20, B = 0 }
rules = [
  { when = "source == 'fair'", points = -5, name = "a \\"fair\\"" },
  { when = "source == 'web' or amount >= 100k", points = 10 },
  { when = "touches_30d >= 1", points = 30 },
  { when = "expected_close < '2026-01-01'", points = 3 },
]
[[score]]
name = "risk"
rules = [ { when = "amount >= 100k", points = 50 } ]
"""


def test_points_follow_from_how_deals_ended_and_what_is_not_known_of_then_stays(opp: InProcess) -> None:
    Path(opp.folder, "policy.toml").write_text(POLICY + SCORES, encoding="utf-8")
    Path(opp.folder, "m.toml").write_text(MAPPING, encoding="utf-8")
    Path(opp.folder, "deals.csv").write_text(history(), encoding="utf-8")
    opp.ok("init --policy policy.toml")
    short = opp.ok("policy tune")
    assert tomllib.loads(short.out) == {}
    assert "# insufficient_history: 0 won and 0 lost deals" in short.out
    assert "note: insufficient_history: 0 won and 0 lost deals" in short.err
    opp.ok("import deals.csv --mapping m.toml")

    text = opp.ok("policy tune").out
    (found,) = tomllib.loads(text)["score"]
    assert [rule["points"] for rule in found["rules"]] == [31, -31, 30, 3]
    assert found == tomllib.loads(SCORES)["score"][0] | {"rules": found["rules"]}
    assert found["rules"][0]["name"] == 'a "fair"'
    assert "AUC on the newest deals: 0.2444 before, 0.7556 after" in text
    assert "# was -5; true: 79 won, 26 lost; else 27 won, 78 lost" in text
    rows = opp.ok("policy tune -o json").json
    assert [(row["points"], row["tuned"], row["true_won"], row["lacking"]) for row in rows] == [
        (-5, 31, 79, []),
        (10, -31, 27, []),
        (30, 30, None, ["touches_30d"]),
        (3, 3, None, ["expected_close"]),
    ]
    # What was put right after the stage was entered is not what is learnt from; and what was found out can be applied.
    opp.ok("deal edit D-1 --set source=web -m corrected")
    assert opp.ok("policy tune").out == text
    Path(opp.folder, "tuned.toml").write_text(POLICY + text, encoding="utf-8")
    assert "no errors" in opp.ok("policy check tuned.toml").out
    assert opp("policy tune --stage nowhere").code == 3
