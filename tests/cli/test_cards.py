"""Cards: whatever a reference names, told by what is set of it; of a request what one may do with it now."""

import shlex

import matrix
import pytest
from approvals_office import Office
from begun import settled
from command_line import InProcess

from oppcli.model.nouns import RECORDS, Noun
from oppcli.render.screen import width


@pytest.fixture
@settled
def office(opp: InProcess) -> Office:
    """li's request R-1 of D-1, CNY 800,000.00, waits for wang."""
    made = Office(opp)
    made.deal()
    (made.opp.folder / "offer.txt").write_text("offer", encoding="utf-8")
    made.ok("li", "deal attach D-1 offer.txt --kind 报价单")
    made.ok("li", "submit D-1 quote")
    return made


def commands(office: Office, who: str, ref: str = "R-1") -> list[str]:
    """What somebody may do with a request, without who they are."""
    _, _, told = office.ok(who, f"show {ref}").out.partition("You may:\n")
    return [" ".join(word for word in shlex.split(line) if word not in ("--as", who)) for line in told.splitlines()]


def test_a_deal_is_told_by_what_is_set_in_blocks(office: Office) -> None:
    lines = office.ok("li", "show D-1").out.splitlines()
    assert lines[0].startswith("D-1 ")
    assert {"Approvals:", "Files:", "Stages:"} <= set(lines)
    assert any(line.endswith((" needs:", " needs nothing more:")) for line in lines)
    assert [line for line in lines if line.split()[:1] in (["kind"], ["channel"], ["version"], ["competitor"])] == []
    assert "version" in office.ok("li", "show D-1 -v").out
    assert any("R-1" in line and "waiting on wang" in line for line in lines)


def test_json_of_one_thing_is_an_object_and_of_several_an_array_in_order(office: Office) -> None:
    assert office.ok("li", "show D-1 -o json").json == office.ok("li", "deal show D-1 -o json").json
    several = office.ok("li", "show R-1 D-1,C-1 -o json").json
    assert [row["id"] for row in several] == ["R-1", "D-1", "C-1"]
    assert office.opp("show -", user="li", stdin=b"C-1\n").out.startswith("C-1 ")


def test_a_card_ends_before_the_next_begins(office: Office) -> None:
    shown = office.ok("li", "show C-1 X-1").out
    assert [part.strip().splitlines()[0].split()[0] for part in shown.split("\n---\n")] == ["C-1", "X-1"]


@pytest.mark.parametrize("ref", ["D-1", "C-1", "R-1", "X-1", "user:li", "stage:线索", "e3", "notice:1"])
def test_whatever_a_reference_names_has_a_card(office: Office, ref: str) -> None:
    told = office.ok("li", f"show {ref}").out
    assert len(told.splitlines()) > 2
    assert office.ok("li", f"show {ref} -o json").json != {}


@pytest.mark.parametrize("noun", RECORDS, ids=lambda noun: noun.word)
def test_what_is_not_there_is_refused_for_every_noun(office: Office, noun: object) -> None:
    word = getattr(noun, "word", "")
    assert office("li", f"show {word}:999999").code == 3


@pytest.mark.parametrize("columns", [80, 100, 160])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_but_a_command_is_longer_than_the_screen(office: Office, columns: int, lang: str) -> None:
    office.opp.env["COLUMNS"] = str(columns)
    told = office.ok("wang", f"show D-1 R-1 C-1 --lang {lang}").out.splitlines()
    assert [line for line in told if width(line) > columns and not line.strip().startswith("opp ")] == []


def test_a_request_offers_what_its_reader_may_do_now_and_nothing_else(office: Office) -> None:
    assert commands(office, "wang")[:3] == [
        "opp approve R-1 --rev 1",
        "opp reject R-1 --rev 1 -m …",
        "opp request return R-1 --rev 1 -m …",
    ]
    assert {"opp request recall R-1", "opp request nudge R-1"} <= set(commands(office, "li"))
    assert [line for line in commands(office, "li") if "approve" in line] == []
    office.ok("wang", "approve R-1")
    assert "opp approve R-1 --rev 1" not in commands(office, "wang")


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> InProcess:
    """A team in which there is something of every noun but a delivery: nothing is sent."""
    opp = InProcess(tmp_path_factory.mktemp("cards"))
    matrix.team(opp)
    opp.ok("deal attach D-1 policy.toml --kind 合同", user="li")
    opp.ok("notices watch D-1", user="li")
    opp.ok("dupes keep D-1 D-2 -m 两个项目", user="root")
    opp.ok("rate add EUR CNY 7.82", user="root")
    opp.ok("price set P-1 --list 5", user="root")
    opp.ok("fact set C-1 credit_limit=5000", user="root")
    opp.ok("cost add 展会 2026-11 5000", user="root")
    opp.ok("target set li 2026-11 won 5", user="root")
    opp.ok("forecast adjust D-1 --amount 5 -m 偏高", user="wang")
    opp.ok("points give li 5 --kind 培训 -m 讲课", user="root")
    opp.ok("forecast submit next-month --team li", user="root")
    opp.ok(f"request packet {matrix.R_ASKED} --for han -O packet.html", user="root")
    return opp


@pytest.mark.parametrize("noun", RECORDS, ids=lambda noun: noun.word)
def test_a_noun_has_a_card_in_both_languages_and_is_an_object_for_programs(everything: InProcess, noun: Noun) -> None:
    keys = everything.ok(f"export {noun.plural} --ids", user="root").out.split()
    named = [key if noun.prefix else f"{noun.word}:{key}" for key in keys[:1]]
    english, chinese = (
        [everything.ok("--lang", lang, "show", ref, user="root").out for ref in named] for lang in ("en", "zh")
    )
    objects = [everything.ok("show", ref, "-o", "json", user="root").json for ref in named]
    assert [len(card.splitlines()) > 2 for card in (*english, *chinese)] == [True] * 2 * len(named)
    assert [len(each) > 2 for each in objects] == [True] * len(named)
    assert (bool(named), english != chinese) == ((noun.word != "delivery"),) * 2
