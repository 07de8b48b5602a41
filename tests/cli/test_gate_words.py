"""Gates that ask for more than fields: the refusal names each with its command."""

from command_line import InProcess

POLICY = """
[policy]
name = "small"
currency = "CNY"
calendar = "office"
fallback = "role:admin"
[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
enter = ["amount >= 10万", "stage:Lead"]
leave = ["stage:Won"]
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[calendar.office]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-18:00"]
"""


def test_a_gate_asks_for_a_condition_and_for_a_stage_it_was_in(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy team.toml")
    opp.ok("lead add Plant --customer Acme --amount 5000")
    refused = opp("advance D-1 -o json")
    assert refused.code == 7
    reasons = [(each["what"], each["fix"]) for each in refused.error["reasons"]]
    assert reasons == [("amount >= 10万", "opp deal edit D-1 --set amount=…")]
    opp.ok("deal edit D-1 --set amount=100000")
    opp.ok("advance D-1")
    assert [each["what"] for each in opp("win D-1 -o json").error["reasons"]] == ["stage:Won"]
