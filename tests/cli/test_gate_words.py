"""Gates that ask for more than fields: the refusal names each with its command."""

from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
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
""",
)


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


def test_a_gate_asks_for_a_field_of_the_customer(opp_on_both: InProcess) -> None:
    """Built in or the team's own; one that there is not is no field."""
    opp = opp_on_both
    asking = POLICY.replace('"stage:Lead"]\nleave = ["stage:Won"]', '"customer.budget", "customer.tax_id"]', 1)
    asking += '[fields.customer.budget]\ntype = "money"\n'
    (opp.folder / "wrong.toml").write_text(asking.replace("customer.tax_id", "customer.taxid"), "utf-8")
    assert "there is no 'taxid', did you mean 'tax_id'?" in opp("policy check wrong.toml").err
    late = (
        asking + '[follow]\ndeadline = [{ name = "x", from = "created", within = "24h", done = ["customer.tax_id"] }]\n'
    )
    (opp.folder / "wrong.toml").write_text(late, "utf-8")
    assert "met by what happens to the deal, not to its customer" in opp("policy check wrong.toml").err
    (opp.folder / "team.toml").write_text(asking, "utf-8")
    opp.ok("init --policy team.toml")
    opp.ok("lead add Plant --customer Acme --amount 500000")
    opp.ok("lead add Alone --amount 500000")
    refused = [opp(f"advance {deal} -o json").error["reasons"] for deal in ("D-1", "D-2")]
    assert [[(each["what"], each["fix"]) for each in reasons] for reasons in refused] == [
        [
            ("customer.budget", "opp customer edit C-1 --set budget=…"),
            ("customer.tax_id", "opp customer edit C-1 --set tax_id=…"),
        ],
        [(word, "opp deal edit D-2 --set customer=…") for word in ("customer.budget", "customer.tax_id")],
    ]
    opp.ok("customer edit C-1 --set budget=5000 --set tax_id=91310000")
    opp.ok("advance D-1")
    assert "the customer's “budget”" in opp.ok("policy explain").out


WORDS = """
[[stage]]
name = "Lead"
kind = "lead"
leave = ["file:brief", "contact:decider", "activity:visit", "touch", "survey", "task:layout", "amount >= 10万"]
tasks = [{ name = "layout" }]
[[stage]]
name = "Offer"
"""


def test_each_word_of_a_gate_is_refused_at_once_with_the_command_that_satisfies_it(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    start = POLICY.index("[[stage]]")
    end = POLICY.index('[[stage]]\nname = "Won"')
    (opp.folder / "team.toml").write_text(POLICY[:start] + WORDS + POLICY[end:], "utf-8")
    opp.ok("init --policy team.toml")
    opp.ok("lead add Plant --customer Acme --amount 5000")
    refused = opp("advance D-1 -o json")
    assert refused.code == 7
    assert {each["what"]: each["fix"] for each in refused.error["reasons"]} == {
        "file:brief": "opp deal attach D-1 FILE --kind brief",
        "contact:decider": "opp deal link D-1 P-… --role decider",
        "activity:visit": "opp note D-1 … -k visit",
        "touch": "opp note D-1 … -k call",
        "survey": "opp note D-1 … --rating 4",
        "task:layout": "opp done T-1",
        "amount >= 10万": "opp deal edit D-1 --set amount=…",
    }
    opp.ok("deal attach D-1 --link https://docs.example.com/brief --kind brief")
    opp.ok("contact add Chen --customer Acme")
    opp.ok("deal link D-1 P-1 --role decider")
    opp.ok("note D-1 'the hall' -k visit --rating 5")
    opp.ok("done T-1")
    opp.ok("deal edit D-1 --set amount=200000")
    opp.ok("advance D-1")


def test_a_link_is_evidence_that_nobody_looks_behind(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy team.toml")
    opp.ok("lead add Plant --customer Acme --amount 5000")
    line = "deal attach D-1 --link https://docs.example.com/q?v=3 --kind quote"
    assert "D-1: quote attached, https://docs.example.com/q?v=3" in opp.ok(line).out
    assert "is attached already" in opp.ok(line).out
    (row,) = opp.ok("audit files -o json").json
    assert (row["state"], row["name"]) == ("link", "https://docs.example.com/q?v=3")
    assert opp("deal attach D-1 --link quote.pdf --kind quote").code == 2
    assert opp("deal attach D-1 --kind quote").code == 2
    assert opp("deal attach D-1 team.toml --link https://a.example --kind quote").code == 2
