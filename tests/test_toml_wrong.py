"""What is no TOML is told in the program's own words, in both languages, with its place and its line."""

import pytest
from command_line import InProcess

from oppcli.speech import Voice, spoken
from oppcli.toml.reading import NotToml, parsed
from oppcli.toml.shape import quoted

NO_VALUE = "no value: a text needs quotes, true and false are in lower case"
BRACKETS = "the brackets of the list are not closed"
CASES = (
    ("a = 1\nb = CNY", 2, f"column 5: {NO_VALUE}: b = CNY"),
    ("a =", 1, f"column 4: {NO_VALUE}: a ="),
    ("a = True", 1, f"column 5: {NO_VALUE}: a = True"),
    ("a 1", 1, "column 3: an = is missing behind the key: a 1"),
    ('a = "x" b', 1, 'column 9: one thing a line: something stands behind the value: a = "x" b'),
    ("[a", 1, "column 3: the brackets of the table are not closed: [a"),
    ("[[a]", 1, "column 4: the brackets of the table are not closed: [[a]"),
    ("a = [1, 2\nb = 1", 2, f"column 1: {BRACKETS}: b = 1"),
    ("a = [10万, 50万]", 1, 'column 8: a number with a unit needs quotes: "10万": a = [10万, 50万]'),
    ("a = 50k", 1, 'column 7: a number with a unit needs quotes: "50k": a = 50k'),
    ("a = { b = 1", 1, "column 12: the braces of the table are not closed: a = { b = 1"),
    ('a = "x', 1, 'column 7: the quotes are not closed: a = "x'),
    ("a = 'x", 1, "column 7: the quotes are not closed: a = 'x"),
    ("a = 1\na = 2", 2, "column 6: this key stands there already: a = 2"),
    ("[a]\n[a]", 2, "column 3: this table stands there already: [a]"),
    ("a = 2026-02-30", 1, "column 5: there is no such day or time: a = 2026-02-30"),
    (r'a = "C:\q"', 1, r"""column 10: a \ in a text is written \\, or the text stands in '…': a = "C:\q" """.strip()),
    ('a = "x\x01"', 1, 'column 7: a character that may not stand there: a = "x\x01"'),
    ("= 1", 1, "column 1: neither a table nor a key: expected name = value: = 1"),
    ("a = " + "x" * 99, 1, f"column 5: {NO_VALUE}: a = {'x' * 55}…"),
)


def refused(text: str) -> NotToml:
    with pytest.raises(NotToml) as caught:
        parsed(text)
    return caught.value


@pytest.mark.parametrize(("text", "line", "said"), CASES, ids=[text[:12] for text, *_ in CASES])
def test_a_fault_is_told_with_its_place_and_its_line(text: str, line: int, said: str) -> None:
    wrong = refused(text)
    assert (wrong.line, wrong.message) == (line, said)


def test_no_english_is_left_in_chinese() -> None:
    told = [spoken(refused(text).message, Voice(lang="zh")) for text, *_ in CASES]
    assert [text for text in told if not text.startswith("第 ")] == []
    assert told[0] == "第 5 列：这不是一个值：文本要加引号，true、false 要小写：b = CNY"


def test_policy_mapping_and_settings_say_line_and_column_in_chinese(opp: InProcess) -> None:
    opp.env.update(OPP_LANG="zh", OPP_USER="li")
    opp.ok("init --template blank")
    (opp.folder / "p.toml").write_text("[policy]\nname = x\n", "utf-8")
    (opp.folder / "a.csv").write_text("a,b\n1,2\n", "utf-8")
    lines = ("policy check p.toml", "import a.csv --mapping p.toml")
    settings = opp.folder / "home" / "opp" / "config.toml"
    settings.parent.mkdir(parents=True)
    told = [opp(line) for line in lines]
    settings.write_text("[defaults]\nname = x\n", "utf-8")
    told.append(opp("ls", env={"XDG_CONFIG_HOME": str(settings.parents[1])}))
    wrong = "这不是一个值：文本要加引号，true、false 要小写"
    assert [wrong in answer.err for answer in told] == [True] * 3
    # Of settings the line itself is not shown: a password may stand there.
    assert ["name = x" in answer.err for answer in told] == [True, True, False]
    assert "p.toml:2: P001  第 8 列" in told[0].err
    assert "第 2 行" in told[1].err
    assert "config.toml:2 读不了：第 8 列" in told[2].err


def test_a_value_is_told_as_it_is_written_in_the_file() -> None:
    written = "{ sales = 'mine', own = [true, 5, { a = 'b' }], none = {} }"
    assert quoted(parsed(f"see = {written}")["see"]) == written
