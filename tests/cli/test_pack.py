"""`opp pack`: what a meeting is about on one page, of whom one leads, since the last one."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from begun import begun
from command_line import InProcess

from oppcli.reads import catalog
from oppcli.reads.forecast_judged import judged_to
from oppcli.reads.pack import LINES, PACK
from oppcli.render.screen import width

LATER, NEXT = "2026-03-09T09:00:00+08:00", "2026-03-16T09:00:00+08:00"
STORY = (
    ("wang", "user add zhou --role manager --manager wang"),
    ("wang", "user add li --manager zhou"),
    ("wang", "user add bob --manager wang"),
    ("li", "add Plant --customer Acme --amount 60000"),
    ("li", "add Line --customer Bolt --amount 5000"),
    ("bob", "add '<b>Mill</b> 上海' --customer Cork --amount 700"),
    ("li", "deal lose D-2 --reason price"),
    ("li", "deal edit D-1 --close 2026-03-20"),
    ("li", "note D-1 'called' --next 2026-03-10 --what 'send the draft'"),
)
SCOPE = '\n[scope]\nsee = { sales = "own", manager = "team", admin = "all" }\nhide = { amount = ["sales"] }\n'


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    for user, line in STORY:
        opp.ok(line, user=user)
    return opp


class Tags(HTMLParser):
    """Which tags are open at the end, and how many tables and sections there were."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "rect", "path", "circle", "polyline", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "path", "circle", "polyline"):
            assert self.open.pop() == tag


def test_every_section_is_told_by_programs_and_by_people_in_both_languages(team: InProcess) -> None:
    told: dict[str, Any] = team.ok("pack --json", now=LATER).json
    names = [section.name for section in PACK]
    texts = {lang: team.ok(f"--lang {lang} pack", now=LATER).out for lang in ("en", "zh")}
    document = team.ok("pack -o md", now=LATER).out
    assert list(told) == ["since", "until", "team", *names]
    assert [each["what"] for each in told["changes"]] == ["opening", "new", "through", "closing"]
    assert [each["id"] for each in told["closed"]] == ["D-2"]
    assert [each["next_step"] for each in told["steps"]] == ["send the draft"]
    assert [each["owner"] for each in told["wins"]] == ["li"]
    assert {lang: len(text.splitlines()) <= LINES for lang, text in texts.items()} == {"en": True, "zh": True}
    assert ("Won and lost" in texts["en"], "赢单与输单" in texts["zh"], "Meeting pack" in texts["zh"]) == (
        True,
        True,
        False,
    )
    assert document.count("\n## ") == len(PACK)
    assert (told["since"], told["until"]) == ("2026-03-02T01:00:00Z", "2026-03-09T01:00:00Z")


def test_a_section_shows_columns_that_its_read_has() -> None:
    read = {section.name: {column.name for column in catalog.read(section.path).columns} for section in PACK}
    read["forecast"] |= {each.name for each in judged_to(())}  # where somebody judged it
    named = {section.name: {*section.columns.split(","), *filter(None, [section.sort.lstrip("-")])} for section in PACK}
    assert {name: columns - read[name] for name, columns in named.items() if columns - read[name]} == {}


def test_an_order_of_the_pack_is_not_asked_of_its_sections(team: InProcess) -> None:
    asked = [team(f"pack --sort since -o {format_}", now=LATER).code for format_ in ("table", "md", "html", "json")]
    assert asked == [0, 0, 0, 0]


def test_the_page_needs_nothing_else_and_holds_what_people_typed_as_text(team: InProcess) -> None:
    team.ok("--lang zh pack -O pack.html", now=LATER)
    page = (team.folder / "pack.html").read_text("utf-8")
    tags = Tags(page)
    assert (tags.open, tags.seen.count("section")) == ([], len(PACK))
    assert '<html lang="zh-CN">' in page
    assert ("<script" in page, "http://" in page, "https://" in page, "src=" in page) == (False,) * 4
    assert ("<b>Mill</b>" in page, "&lt;b&gt;Mill" in page) == (False, True)


def test_the_page_shows_of_each_section_what_the_table_shows(team: InProcess) -> None:
    page = team.ok("pack -o html", now=LATER).out
    closed, steps = (page.split(f"<h2>{title}", 1)[1].split("</section>", 1)[0] for title in ("Won and lost", "Next"))
    assert ("price" in closed, "CLOSE REASON" in closed.upper()) == (True, True)
    assert ("NEXT STEP ON" in steps.upper(), "STANDING" in steps.upper()) == (True, False)


def test_since_last_begins_where_the_pack_before_ended_and_a_team_has_its_own(team: InProcess) -> None:
    first = team.ok("pack --since last --json", now=LATER)
    second = team.ok("pack --since last --json", now=NEXT).json
    other = team.ok("pack --since last --team zhou --json", now=NEXT).json
    day = team.ok("pack --since 2026-03-10 --json", now=NEXT).json
    begins = [each["since"] for each in (first.json, second, other, day)]
    assert begins == ["2026-03-02T01:00:00Z", "2026-03-09T01:00:00Z", "2026-03-09T01:00:00Z", "2026-03-09T16:00:00Z"]
    assert ([each["what"] for each in second["changes"]], second["closed"]) == (["opening", "closing"], [])
    assert team("pack -O nowhere/x.html", now=NEXT).code == 2


def test_a_team_is_who_is_at_or_below_somebody(team: InProcess) -> None:
    told = team.ok("pack --team zhou --since 2026-03-02 --json", now=LATER).json
    assert (told["team"], "D-3" in json.dumps(told), "D-2" in json.dumps(told)) == ("zhou", False, True)


def test_what_is_refused(team: InProcess) -> None:
    lines = {
        "pack --since someday": 2,
        "pack --team nobody": 3,
        "pack --top x": 2,
        "pack --since-last x": 2,
        "pack -w x": 2,
    }
    assert {line: team(line).code for line in lines} == lines


def test_each_sees_what_is_theirs_and_no_hidden_amount(team: InProcess) -> None:
    team.ok("policy apply -", stdin=(team.ok("policy show 1").out + SCOPE).encode())
    seen = {
        user: team.ok("pack --since 2026-03-02 --json", user=user, now=LATER).out for user in ("bob", "zhou", "wang")
    }
    page = team.ok("pack --since 2026-03-02 -o html", user="bob", now=LATER).out
    assert {user: [name for name in ("D-1", "D-2", "D-3") if f'"{name}"' in text] for user, text in seen.items()} == {
        "bob": ["D-3"],
        "zhou": ["D-1", "D-2"],
        "wang": ["D-1", "D-2", "D-3"],
    }
    assert ("700" in seen["bob"], "700.00" in page, "700" in seen["wang"]) == (False, False, True)


def test_it_goes_out_by_itself_as_text_and_page(team: InProcess) -> None:
    team.ok("view save monday --every 'mon 08:00' --to zhou -- pack --since last", now="2026-03-06T09:00:00+08:00")
    team.ok("tick --no-delivery", now="2026-03-09T22:00:00+08:00")
    rows = [each for each in team.ok("export notices --json").json if each["kind"] == "view"]
    assert len(rows) == 1
    assert ("Changes" in rows[0]["text"], rows[0]["page"].count("<section>")) == (True, len(PACK))


def test_a_full_pack_fits_a_page_on_every_screen_and_has_as_many_rows_as_asked_for(tmp_path: Path) -> None:
    opp = InProcess(tmp_path)
    opp.ok("demo --keep kept", env={"OPP_LANG": "en"})
    opp.env |= {"OPP_DB": str(opp.folder / "kept" / "opp.db"), "OPP_USER": "reed"}
    people = [each["login"] for each in opp.ok("user list --json").json if each["open_deals"]]
    for who in ("company", *people):
        opp.ok(f"target set {who} this-month won_amount 1m")
    for columns in ("80", "100", "160"):
        lines = opp.ok("pack", env={"COLUMNS": columns}).out.splitlines()
        assert (len(lines) <= LINES, max(map(width, lines)) <= 160) == (True, True)
    two, all_ = (opp.ok(f"pack {most} --json").json for most in ("-L 2", "-L 0"))
    assert opp.ok("pack --top 2 --json").json == two
    assert (len(two["stuck"]), len(two["attainment"]), len(all_["attainment"])) == (2, 2, len(people) + 1)
    assert len(all_["stuck"]) > 5
    alone = opp.ok(f"pack --team {people[0]} --json").json
    assert {row["who"] for row in alone["attainment"]} == {people[0]}
    assert "1000000.00" in [row["target"] for row in alone["forecast"]]
    assert {row["person"] for row in alone["activity"]} <= {people[0], "(total)"}
