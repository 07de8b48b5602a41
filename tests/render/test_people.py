"""Formats for people: tables that line up and fit, Markdown and a page that show text as it is."""

import re
from html.parser import HTMLParser

import pytest
from tables import COLUMNS, DUE, EMPTY, FULL, ONE

from oppcli import render
from oppcli.model.said import say
from oppcli.reads.crossing import Cross
from oppcli.reads.table import Chart, Column, Kind, Table
from oppcli.render.human import bar
from oppcli.render.output import Output
from oppcli.render.records import below
from oppcli.render.screen import width
from oppcli.speech import Voice


def written(table: Table, format: str = "table", **more: object) -> str:
    more.setdefault("terminal", "width" in more)
    return render.text(table, Output(format=format, tz="Asia/Shanghai", now=DUE, **more))  # type: ignore[arg-type]


CJK = Table(
    (Column("id", Kind.REF), Column("title", cut=True), Column("owner", Kind.REF), Column("n", Kind.COUNT)),
    [
        ("D-1", "上海精密仪器 MES 二期", "li", 1),
        ("D-2", "plain", "wang", 22_000),
        ("D-3", "👩🏽‍💻 café cafe\u0301", "张伟", 333),
        ("D-4", "한국어 か\u3099", "bo", 4),
    ],
)


def test_columns_of_wide_narrow_and_combining_letters_line_up() -> None:
    assert written(CJK).splitlines() == [
        "ID   TITLE                  OWNER       N",
        "---  ---------------------  -----  ------",
        "D-1  上海精密仪器 MES 二期  li          1",
        "D-2  plain                  wang   22,000",
        "D-3  👩🏽‍💻 café cafe\u0301           张伟      333",
        "D-4  한국어 か\u3099              bo          4",
    ]


def test_every_line_of_a_terminal_fits_and_only_text_is_shortened() -> None:
    lines = written(CJK, width=36).splitlines()
    assert max(map(width, lines)) <= 36
    assert [line.split()[0] for line in lines[2:]] == ["D-1", "D-2", "D-3", "D-4"]
    assert lines[2] == "D-1  上海精密仪器 ME…  li          1"


def test_in_a_pipe_nothing_is_shortened_or_coloured() -> None:
    table = Table(CJK.columns, [("D-1", "很长" * 200, "li", 1)])
    assert "很长" * 200 in written(table)
    assert "\x1b" not in written(table)


def test_ids_dates_and_money_are_never_shortened_however_narrow_the_terminal_is() -> None:
    text = written(FULL, width=20, columns="id,discount,amount,share,due,close,late,days")
    whole = ("D-10", "CNY 800,000.50", "Mon 9 Mar 18:00", "Fri 27 Nov", "5.5 bh", "94.3 %", "12.5 %", ">138.0")
    assert [each for each in whole if each not in text] == []


def test_people_read_amounts_with_their_currency_and_short_dates() -> None:
    first = written(FULL).splitlines()[2]
    assert "CNY 800,000.50" in first
    assert "Mon 9 Mar 18:00" in first
    assert "Fri 27 Nov" in first
    assert "2026" not in first


def test_an_amount_is_bare_where_the_currency_has_a_column() -> None:
    assert written(FULL, columns="id,amount,currency").splitlines()[2].split() == ["D-10", "800,000.50", "CNY"]


def test_the_year_is_shown_when_it_is_another_one() -> None:
    table = Table((Column("close", Kind.DATE), Column("due", Kind.INSTANT)), [("2027-01-02", DUE - 366 * 86_400_000)])
    assert written(table).splitlines()[2] == "Sat 2 Jan 2027  Sat 8 Mar 2025 18:00"


@pytest.mark.parametrize("format", ["table", "plain"])
def test_a_table_of_nothing_is_nothing_so_that_cron_sends_no_mail(format: str) -> None:
    assert written(EMPTY, format) == ""


@pytest.mark.parametrize("format", render.FORMATS)
def test_terminal_escapes_never_reach_a_terminal(format: str) -> None:
    assert "\x1b" not in written(FULL, format, width=80)


def test_plain_is_the_table_without_dashes_bars_and_colour() -> None:
    lines = written(FULL, "plain", width=40, color=True).splitlines()
    assert lines == [line for line in written(FULL).splitlines() if not line.startswith("---")]


def test_colour_is_only_in_the_heading_and_only_when_wanted() -> None:
    assert written(CJK, width=80, color=True).count("\x1b[0m") == 2
    assert "\x1b" not in written(CJK, width=80)


def test_a_bar_stands_at_the_end_of_each_row_on_a_terminal() -> None:
    table = Table((Column("stage"), Column("reached", Kind.COUNT, bar=True)), [("线索", 80), ("谈判", 30), ("赢单", 0)])
    assert written(table, width=28).splitlines()[2:] == [
        "线索        80  ████████████",
        "谈判        30  ████▌",
        "赢单         0",
    ]
    assert "█" not in written(table)


def test_the_whole_has_no_bar_and_a_figure_is_drawn_of_the_first_amount_of_a_row() -> None:
    columns = (Column("owner"), Column("won", Kind.COUNT), Column("lost", Kind.COUNT))
    chart = Chart("bars", ("owner",), ("won",))
    table = Table(columns, [("li", 4, 1), ("bo", 2, 9)], chart=chart, last=("(total)", 6, 10))
    other = table._replace(chart=chart._replace(values=("lost",)))
    lines, page = written(table, width=30).splitlines(), written(table, format="html")
    assert [line.count("█") for line in lines[2:]] == [12, 6, 0]
    assert page[page.index("<figure>") :].count("<rect") == 2
    assert ("TOTAL" in page, "TOTAL" in page[page.index("<figure>") :]) == (True, False)
    assert "█" not in written(other, width=30)
    unknown = table._replace(rows=[("li", None, 1), ("bo", None, 9)])
    assert ("<figure>" in written(unknown, format="html"), "█" in written(unknown, width=30)) == (False, False)
    drawn = Table((columns[0], columns[1]._replace(bar=True)), [("li", 4), ("bo", 2)], last=("(total)", 6))
    widths = re.findall(r'<rect width="([\d.]+)"', written(drawn, format="html"))
    assert widths == ["100.00", "50.00", "0.00"]


@pytest.mark.parametrize(("cells", "drawn"), [(0, ""), (0.01, ""), (0.13, "▏"), (1, "█"), (2.5, "██▌"), (2.99, "███")])
def test_a_bar_is_drawn_to_the_eighth(cells: float, drawn: str) -> None:
    assert bar(cells) == drawn


def test_nested_things_are_told_in_words_and_in_the_zone_of_who_reads() -> None:
    visit = {"stage": "线索", "entered_at": "2026-03-09T10:00:00Z", "left_at": None, "sure": True}
    file = {"sha256": "ab" * 32, "typed_at": "soonT…Z"}
    table = Table((Column("visits", Kind.OBJECT),), [([visit, file],)], single=True)
    assert written(table).splitlines() == [
        "visits  stage 线索, entered at Mon 9 Mar 18:00, sure yes",
        "        sha256 abababababab, typed at soonT…Z",
    ]
    changed = Table((Column("changes", Kind.OBJECT),), [({"sha256": [None, "ab" * 32]},)])
    assert written(changed, header=False).strip() == f"sha256 null; {'ab' * 32}"


def test_nested_things_are_parted_as_the_reader_parts_them() -> None:
    table = Table((Column("who", Kind.OBJECT),), [({"bob": 16.0, "cay": 1.0},)])
    said = [written(table, header=False, voice=Voice(lang=lang)).strip() for lang in ("en", "zh")]
    assert said == ["bob 16.0, cay 1.0", "bob 16.0、cay 1.0"]


def test_one_thing_shows_what_the_team_calls_a_field_in_every_language() -> None:
    columns = (Column("budget_ok", Kind.BOOL, title="Budget OK"), Column("days", Kind.COUNT, title=say("IN STAGE")))
    table = Table(columns, [(True, 4)], single=True)
    assert [line.split("  ")[0] for line in written(table, voice=Voice(lang="en")).splitlines()] == [
        "Budget OK",
        "days",
    ]
    assert [*below(columns, ("Budget OK", "IN STAGE"), ("yes", "4"), 40, "")] == ["Budget OK yes · in stage 4"]


def test_one_thing_is_a_line_per_field_that_has_a_value() -> None:
    lines = written(ONE).splitlines()
    assert lines[0] == "id        D-10"
    assert "amount    CNY 800,000.50" in lines
    assert len(lines) == len([column for column in COLUMNS if column.wide])


def unescaped(markdown: str) -> str:
    """What a reader of Markdown sees of a cell."""
    return re.sub(r"\\(.)", r"\1", markdown).replace("&lt;", "<").replace("&amp;", "&")


def test_markdown_is_a_table_whose_cells_show_text_as_it_is() -> None:
    lines = written(FULL, "md").splitlines()
    assert len(lines) == 5
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1
    title = re.split(r"(?<!\\)\|", lines[2])[2].strip()
    assert unescaped(title) == '上海精密仪器, "MES" | 二期'
    assert "<b>" not in written(FULL, "md")


def test_markdown_of_nothing_is_its_heading() -> None:
    heading, rule = written(EMPTY, "md").splitlines()
    assert heading.startswith("| ID | TITLE |")
    assert set(rule) == {"|", "-"}


def test_markdown_of_one_thing_is_field_and_value() -> None:
    assert "| ID " in written(ONE, "md")
    assert written(ONE, "md").startswith("| FIELD")


class Page(HTMLParser):
    """Tags that must be closed, what is fetched, and the text of the cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open:
            self.cells[-1] += data


def test_the_page_is_whole_fetches_nothing_and_runs_nothing() -> None:
    text = written(FULL, "html")
    page = Page(text)
    assert page.open == []
    assert ("lang", "en") in page.attributes and ("charset", "utf-8") in page.attributes
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href") or name.startswith("on")]
    assert "url(" not in text and "@import" not in text


def test_the_page_breaks_no_short_word_to_make_room_for_its_bars() -> None:
    assert "overflow-wrap: anywhere" not in written(FULL, "html")


def test_the_page_shows_text_as_it_is_and_notes_below() -> None:
    text = written(FULL, "html")
    assert '上海精密仪器, "MES" | 二期' in Page(text).cells
    assert "\\e[2J <b>&'" in Page(text).cells
    assert "<h1>Deals &lt;all&gt;</h1>" in text
    assert "<p>3 deals</p>" in text
    assert text.count("<rect ") == 3


def test_the_page_of_nothing_says_so() -> None:
    assert "Nothing to show." in written(EMPTY, "html")


def test_the_page_of_one_thing_is_field_and_value() -> None:
    assert '<th scope="row">ID</th><td dir="auto">D-10</td>' in written(ONE, "html")


@pytest.mark.parametrize(
    ("other", "lines"),
    [
        (
            "CNY",
            ["W       CNY 1.00  CNY 1,000.00  CNY 1,001.00", "TOTAL   CNY 1.00  CNY 1,000.00  CNY 1,001.00"],
        ),
        (
            "USD",
            ["W       CNY 1.00  USD 1,000.00", "TOTAL   CNY 1.00  USD 1,000.00"],
        ),
    ],
    ids=("one currency", "two"),
)
def test_amounts_of_two_keys_stand_at_the_right_where_they_are_of_one_currency(other: str, lines: list[str]) -> None:
    """Of several each has its own, and they are not added up."""
    columns = (
        Column("region"),
        Column("currency_key"),
        Column("won_amount", Kind.MONEY),
        Column("currency", wide=False),
    )
    a, b, both = (100, "CNY"), (100_000, other), (100_100, "CNY") if other == "CNY" else (None, None)
    cross = Cross(("W",), ("a", "b"), {"W": both}, {"a": a, "b": b}, (None, None))
    rows = [("W", "a", *a), ("W", "b", *b)]
    text = written(Table(columns, rows, cross=cross, last=("(total)", "", *both)))
    read = [line.rstrip() for line in text.splitlines()[2:]]
    assert [line.split() for line in read] == [line.split() for line in lines]
    ends = {tuple(found.end() for found in re.finditer(r"\d\.\d\d", line)) for line in read}
    assert len(ends) == 1
    page = written(Table(columns, rows, cross=cross, last=("(total)", "", *both)), "html")
    assert ('<td class="n">' in page) == (other == "CNY")


def test_the_whole_is_called_so_where_its_key_is_not_shown_and_another_text_is() -> None:
    columns = (Column("type"), Column("step"), Column("decided", Kind.COUNT))
    table = Table(columns, [("quote", "Finance", 3)], last=("(total)", "", 3))
    assert [line.split() for line in written(table, columns="step,decided").splitlines()[2:]] == [
        ["Finance", "3"],
        ["TOTAL", "3"],
    ]
    assert written(table, columns="step,type").splitlines()[-1].split() == ["TOTAL"]
