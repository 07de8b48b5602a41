"""`show`, `timeline` and `log` take a name where they take a reference: of a deal, else of a customer or a contact."""

import pytest
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """A deal of Acme, a customer without one (Globex), Ann of Globex, and two called Lee."""
    opp = opp_on_both
    opp.ok("init --template blank --lang en")
    opp.ok("add Plant --customer Acme")
    opp.ok("customer add Globex")
    opp.ok("customer add 上海精密")
    opp.ok("contact add 'Ann Moss' --customer Globex")
    opp.ok("contact add 'Lee Wu' --customer Globex")
    opp.ok("contact add 'Lee Chan' --customer Acme")
    return opp


@pytest.mark.parametrize("name", ["Globex", "GLOBEX", "glob", "Ｇlobex"])
def test_show_tells_the_only_customer_of_a_name(team: InProcess, name: str) -> None:
    assert team.ok(f"show {name} -o json").json["id"] == "C-2"
    assert team.ok(f"show {name}").out == team.ok("show C-2").out


def test_show_tells_the_only_contact_of_a_name_in_words(team: InProcess) -> None:
    assert [team.ok(f"show {words} -o json").json["id"] for words in ("'Ann Moss'", "ann", "Ann Moss")] == ["P-1"] * 3


def test_a_deal_that_holds_the_words_is_what_is_shown_as_ever(team: InProcess) -> None:
    assert (team.ok("show Acme -o json").json["id"], team.ok("show plant -o json").json["id"]) == ("D-1", "D-1")


def test_several_are_listed_with_their_references(team: InProcess) -> None:
    refused = team("show Lee")
    assert (refused.code, refused.err) == (
        5,
        "error: Lee could be several things\n  P-2  Lee Wu, Globex\n  P-3  Lee Chan, Acme\nhint: say which by its id\n",
    )
    team.ok("add Second --customer Acme")
    refused = team("show Acme")
    assert (refused.code, [line.split()[0] for line in refused.err.splitlines()[1:-1]]) == (5, ["C-1", "D-1", "D-2"])


def test_what_nothing_is_called_is_told_as_ever(team: InProcess) -> None:
    assert [team(f"{verb} nothing").err.splitlines()[0] for verb in ("show", "timeline", "log")] == [
        "error: no such deal: nothing",
        "error: no such deal: nothing",
        "error: no such user: nothing",
    ]


def test_timeline_and_log_take_names_too(team: InProcess) -> None:
    team.ok("note C-2 'call: hello'")
    assert team.ok("timeline globex -o csv").out == team.ok("timeline C-2 -o csv").out != ""
    assert team.ok("timeline Plant -o csv").out == team.ok("timeline D-1 -o csv").out
    assert team.ok("log Globex -o csv").out == team.ok("log C-2 -o csv").out
    assert team.ok("log 'Ann Moss' -o csv").out == team.ok("log P-1 -o csv").out
    assert team.ok("log wang --ids").out == team.ok("log user:wang --ids").out
    assert (team("timeline Lee").code, team("log Lee").code) == (5, 5)


def test_the_name_of_a_merged_customer_leads_to_what_stands_for_it(team: InProcess) -> None:
    team.ok("merge C-3 C-2")
    assert team.ok("show Globex -o json").json["id"] == "C-3"


def test_a_manager_is_named_as_everybody_is_by_login_name_or_address(team: InProcess) -> None:
    team.ok("user add zm --name 赵敏 --email zm@example.cn")
    assert team.ok("user add wl --name 王磊 --manager 赵敏").out.startswith("wl (王磊), sales, reports to zm added")
    assert "nothing to change" in team.ok("user edit wl --manager zm@example.cn").out
    assert "cannot report to themselves" in team("user edit zm --manager 赵敏").err
    team.ok("user add zm2 --name 赵敏")
    assert "could be several people" in team("user edit wl --manager 赵敏").err
