"""What a refusal leads to: only what would be accepted from this person, and what is missing with its choices."""

import pytest
from approvals_office import POLICY, Office
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    made = Office(opp, POLICY + '\n[lost]\nreasons = ["价格", "竞品", "无预算"]\n')
    made.deal()
    return made


def told(office: Office, who: str, line: str, code: int) -> list[str]:
    answer = office(who, line)
    assert answer.code == code, answer.err
    return answer.err.splitlines()


def test_handing_over_is_offered_to_those_who_may_alone(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    hints = {who: told(office, who, "approve R-1", 4)[-1] for who in ("li", "chen", "root")}
    assert hints == {
        "li": "hint: waiting for wang",
        "chen": "hint: waiting for wang",
        "root": "hint: waiting for wang; to hand over: opp request transfer R-1 --to LOGIN -m …",
    }


@pytest.mark.parametrize("end", ["withdraw D-1 -m twice", "lose D-1 --reason 价格"])
def test_a_request_of_a_deal_that_is_over_leads_to_no_submit(office: Office, end: str) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("li", end)
    assert told(office, "wang", "approve R-1", 5)[-1] == "hint: opp request show R-1"


@pytest.mark.parametrize(
    ("line", "told_of"),
    [
        ("gate r-1", "R-1 is a request, not a deal | opp request show R-1"),
        ("deal edit R-1 --close mon", "R-1 is a request, not a deal | opp request show R-1"),
        ("approve D-1", "D-1 is a deal, not a request | opp show D-1"),
        ("gate e3", "e3 is an entry of the journal, not a deal | opp show e3"),
        ("gate C-1", "C-1 is a customer, not a deal | opp show C-1"),
        ("ls --customer D-1", "D-1 is a deal, not a customer | opp show D-1"),
        ("show ''", "a blank names no deal | opp deal list"),
        ("lose ' ' --reason 价格", "a blank names no deal | opp deal list"),
        ("request show ''", "a blank names no request | requests are named like R-31: opp request list"),
    ],
)
def test_the_reference_of_another_noun_says_what_it_is_and_a_blank_names_nothing(
    office: Office, line: str, told_of: str
) -> None:
    office.ok("li", "submit D-1 quote")
    message, hint = told(office, "li", line, 3)
    assert f"{message.removeprefix('error: ')} | {hint.removeprefix('hint: ')}" == told_of


def test_losing_without_a_reason_lists_the_reasons_of_the_policy(office: Office) -> None:
    assert told(office, "li", "lose D-1", 2) == [
        "error: say why D-1 is lost",
        "  --reason  价格, 竞品, 无预算   opp deal lose D-1 --reason …",
    ]


def test_submitting_without_a_type_names_the_types_and_one_that_was_not_asked_for_yet(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    wanted = [
        "error: say which type of request for D-1",
        "  TYPE  quote 报价审批, risk 风控审批, tech 技术评审   opp submit D-1 risk",
    ]
    assert told(office, "li", "submit D-1", 2) == wanted
    assert told(office, "li", "request plan D-1", 2) == wanted


MAPPING = (
    '[fields]\nexternal_id = "id"\ntitle = "name"\nstage = "stage"\ncustomer = { column = "company", create = true }\n'
)


@pytest.mark.parametrize("back", ["restore D-2", "undo {run}"])
def test_what_another_is_known_by_since_is_not_given_back_and_the_other_is_named(office: Office, back: str) -> None:
    (office.opp.folder / "m.toml").write_text(f'system = "crm"\n{MAPPING}', "utf-8")
    (office.opp.folder / "f.csv").write_text("id,name,stage,company\n7,Press,线索,Acme\n", "utf-8")
    office.ok("root", "import f.csv --mapping m.toml")
    office.ok("root", "withdraw D-2 -m twice")
    run = office.ok("root", "undo --list -o json").json[0]["run"]
    office.ok("root", "import f.csv --mapping m.toml")
    assert told(office, "root", back.format(run=run), 5) == [
        "error: D-2 cannot be restored: D-3 Press has its external id 7 of crm now",
        "hint: to free it: opp withdraw D-3 -m …",
    ]


@pytest.mark.parametrize("ref", ["C-2", "D-2"])
def test_a_customer_whose_name_another_has_by_now_is_given_back_beside_it(office: Office, ref: str) -> None:
    office.ok("root", "lead add Press --customer Acme")
    office.ok("root", "withdraw D-2 -m twice")
    office.ok("root", "withdraw C-2 -m twice")
    office.ok("root", "lead add Mill --customer acme")
    office.ok("root", f"restore {ref}")
    assert told(office, "root", "customer show acme", 5)[0] == "error: acme could be several customers"
    assert [office.ok("root", f"customer show {each} -o json").json["name"] for each in ("C-2", "C-3")] == [
        "Acme",
        "acme",
    ]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("request return R-1 R-2 --rev 1 -m why", "opp --as wang request return R-1 --rev 1 -m why"),
        ("approve R-1 R-2 --rev 1", "opp --as wang approve R-1 --rev 1"),
    ],
)
def test_a_revision_of_several_leads_to_the_verdict_on_the_first(office: Office, line: str, hint: str) -> None:
    assert told(office, "root", f"--as wang {line}", 2)[-1] == f"hint: {hint}"


@pytest.mark.parametrize("line", ["deal edit D-1 --amount 5", "submit D-1 quote"])
def test_handing_over_is_told_as_its_owner_would_type_it_and_not_as_who_may_not(office: Office, line: str) -> None:
    assert told(office, "root", f"--as chen {line}", 4)[-1].endswith("opp deal assign D-1 --to LOGIN")
